"""What comes by mail: whose it is, what they want, and what a stranger may do."""
