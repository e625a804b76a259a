"""Messages on their way: what one is, where it goes, and what became of it."""
