"""One message to many: for whom it is, its rows, and the reminders that become broadcasts."""
