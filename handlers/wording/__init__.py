"""What goes to many people in what the post office asks for: one reader at a time."""
