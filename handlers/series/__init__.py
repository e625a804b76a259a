"""The programme as people see it, and the way in."""
