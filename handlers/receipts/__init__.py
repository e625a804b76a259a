"""What becomes of a question, told to whoever waits for it: askers, moderators, interpreters."""
