"""How a chat speaks: questions one by one, lists, menus, what a platform can show."""
