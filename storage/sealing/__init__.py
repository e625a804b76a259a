"""What tells who somebody is, sealed; and the keys that open it."""
