"""The post office: everything the bot says leaves by this one door, at the platform's pace.

Imports channels, storage, locales and dialogue; never handlers or web.
"""
