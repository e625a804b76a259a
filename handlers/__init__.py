"""What the bot says and does, the same on every platform.

Handlers take a turn and return replies; they send nothing and wait for nothing but the database.
May import everything below (delivery, storage, locales, dialogue), never web, bot or settings.
One room for what each kind of people does; what all of them have at hand lies beside the rooms.
"""
