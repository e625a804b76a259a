"""People and their accounts: how they come, join, register, help, and are forgotten."""
