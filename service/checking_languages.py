"""Whether what helps with other languages works: the translator, and the model of meanings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import permutations

from channels import FAULTS
from service.wrong import Wrong
from settings import Settings


async def check(settings: Settings) -> AsyncIterator[str]:
    """A line about each; raises Wrong at the first that does not work."""
    yield await _translator(settings)
    yield await _across(settings)


async def _translator(settings: Settings) -> str:
    url, key = settings.translation.url, settings.translation.api_key
    if not url:
        return "translation: off (no server)"
    # Here, since nobody else needs it.
    from channels.translating import Translator

    translator = Translator(url, key.get_secret_value() if key else None)
    try:
        known = await translator.pairs()
    except FAULTS as fault:
        raise Wrong(f"translation: {fault} See to translation.url and the network.") from None
    finally:
        await translator.close()
    codes = settings.community.languages
    wanted = permutations(codes, 2)
    missing = [f"{one} to {other}" for one, other in wanted if (one, other) not in known]
    if missing:
        raise Wrong(
            f"translation: the server does not translate {', '.join(missing)}; have it load these"
            " languages, or empty translation.url."
        )
    return f"translation: fine, drafts between {', '.join(codes)}"


async def _across(settings: Settings) -> str:
    if not settings.moderation.across_languages:
        return "questions across languages: off"
    # Here, for the same reason.
    from locales.likeness.model import E5

    try:
        await asyncio.to_thread(E5)
    except (ImportError, OSError, RuntimeError) as error:
        raise Wrong(
            f"questions across languages: the model cannot be loaded ({type(error).__name__}); run"
            " `make across` once more, or switch moderation.across_languages off."
        ) from None
    return "questions across languages: fine, the model is installed and runs"
