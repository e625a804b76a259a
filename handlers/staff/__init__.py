"""What the team does beside webinars and questions: who is in it, outages, the way to the board."""
