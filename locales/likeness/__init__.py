"""Which questions ask the same, as far as their words tell; `across` two alphabets, their meaning.

Pure, and imported only where it is needed, since the stems take a library.
"""
