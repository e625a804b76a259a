"""The only home of SQL: everything that is kept, sealed, on either engine.

Imports dialogue and nothing else of ours; never channels, never locales.
"""
