"""Every word for people, in their language: catalogues, dates, numbers, plurals and direction.

Imports dialogue and nothing else of ours; never channels, never storage.
"""

from locales.languages import Languages
from locales.voice import Voice

__all__ = ["Languages", "Voice"]
