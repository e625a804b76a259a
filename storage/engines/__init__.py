"""The two database engines behind one port: how statements reach SQLite and PostgreSQL."""
