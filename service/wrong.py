"""What `bot.py check` ends with where something that is set up does not work."""

from __future__ import annotations


class Wrong(Exception):
    """What is wrong, and what to do, in one sentence."""
