"""/announce: from the first word of an announcement to the report of what became of it.

`content` says what an announcement holds, `drafting` asks for it, `screen` shows where one stands,
`confirming` and `agreeing` let it go, `running` holds it up, `afterwards` makes a new one of it,
`recalling` takes it back.
"""
