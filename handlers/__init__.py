"""What the bot says and does, on every platform alike: one file per subject.

Imports delivery, channels, storage, locales and dialogue; never web, and never a platform.
"""
