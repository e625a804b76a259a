"""What the experts get: before a session what people ask, and afterwards what became of it.

Nothing here could hold who asked: it begins with `storage.asking.listed`, which hands nothing of it
out.
"""
