"""Templates made by the command line, when no bot is running."""

from __future__ import annotations

from typing import Any

from channels import FAULTS
from delivery import Clock
from locales import Languages
from service import given
from settings import Settings
from storage import Storage


async def submit_templates(settings: Settings, storage: Storage, clock: Clock) -> dict[str, Any]:
    """`lines` that say what Twilio holds now, or an `error`. Raises Unavailable."""
    # Here, since its library takes memory that nobody else has a use for.
    from service.templates import lay_down
    from service.whatsapp import line_to

    told = settings.community
    languages = Languages.load(told.languages, told.time_zone)
    house = given.house(settings, languages, given.Told(lambda: settings.web.address))
    api = line_to(settings)
    try:
        return {"lines": (await lay_down(storage, api, house, clock.now())).lines}
    except FAULTS as fault:
        return {"error": f"Twilio: {fault}"}
    finally:
        await api.close()
