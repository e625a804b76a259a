"""Which questions ask the same, as far as their words tell; never across two languages.

Pure, and imported only where it is needed, since the stems take a library.
"""
