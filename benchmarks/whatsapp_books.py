"""What our bot is given before a trial on WhatsApp: settings, people, an announcement."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.account import Account
from benchmarks.parties import ROOT, environment
from benchmarks.phones import ACCOUNT, PUBLIC, SENDER, TOKEN, phone, user
from storage import Storage
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.community.people import Arrival, Consent

FEW = 1_000
"""People who are written down in one transaction."""
HEAD_START = timedelta(seconds=6)
"""The broadcast begins so long after it was written down: by then the bot runs."""
OPEN = timedelta(hours=24)


def settings(account: Account, port: int, home: Path, per_second: int) -> dict[str, str]:
    """What every bot is told; only what is named here differs from this process."""
    common = environment("webhook", account.url, port, home).items()
    return {
        **{name: value for name, value in common if not name.startswith("TADAMUN_TELEGRAM")},
        "PUBLIC": PUBLIC,
        "ACCOUNT": ACCOUNT,
        "TOKEN": TOKEN,
        "SENDER": SENDER,
        "CAP": str(per_second),
        "TADAMUN_WEB__PUBLIC_URL": PUBLIC,
        "TADAMUN_WHATSAPP__ACCOUNT_SID": ACCOUNT,
        "TADAMUN_WHATSAPP__AUTH_TOKEN": TOKEN,
        "TADAMUN_WHATSAPP__SENDER": SENDER.removeprefix("whatsapp:"),
        "TADAMUN_WHATSAPP__API_URL": account.url,
        "TADAMUN_WHATSAPP__CONTENT_API_URL": account.url,
        "TADAMUN_WHATSAPP__MESSAGES_PER_SECOND": str(per_second),
    }


def import_example(env: Mapping[str, str]) -> None:
    """Puts the example series in."""
    command = [sys.executable, "bot.py", "import", "examples/icssi.toml"]
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


async def fill(
    env: Mapping[str, str], guide: int, people: Sequence[int], *, announcements: bool
) -> None:
    """Writes people down who agreed to what the guide agreed to; all of their windows are open."""
    async with await _storage(env) as storage:
        async with storage.reading() as tx:
            address = await tx.people.find("whatsapp", phone(guide))
            assert address, "the guide has not agreed"
            given = (await tx.people.consents(address.person))[-1]
            known = await tx.people.get(address.person)
        assert known, "the guide has not agreed"
        async with storage.transaction() as tx:
            await tx.people.update(replace(known, announcements=False), _now())
        consent = Consent(given.version, given.hash, given.language)
        for start in range(0, len(people), FEW):
            async with storage.transaction() as tx:
                for person in people[start : start + FEW]:
                    now = _now()
                    arrival = Arrival("whatsapp", user(person), "1", phone(person), now + OPEN)
                    _, known = await tx.people.welcome(arrival, "ar", consent, now)
                    if not announcements:
                        await tx.people.update(replace(known, announcements=False), now)


async def announce(env: Mapping[str, str], mark: str) -> int:
    """Writes a broadcast down, to all who want announcements; returns its id."""
    content = {"texts": {"ar": mark, "en": mark}, "webinar": None, "posters": {}}
    async with await _storage(env) as storage, storage.transaction() as tx:
        put = await tx.broadcasts.put(
            Kind.ANNOUNCEMENT,
            Rule("all"),
            content,
            _now(),
            phase=Phase.HELD,
            starts_at=_now() + HEAD_START,
        )
    return put.id


async def arrived(env: Mapping[str, str], broadcast: int) -> int:
    """How many have it, by what was told of each."""
    async with await _storage(env) as storage, storage.reading() as tx:
        counts = await tx.recipients.counts(broadcast)
        return counts.of("delivered")


async def _storage(env: Mapping[str, str]) -> Storage:
    url, keyring = env["TADAMUN_STORAGE__URL"], Path(env["TADAMUN_KEYRING"])
    return await Storage.open(url, keyring, None, _now)


def _now() -> datetime:
    return datetime.now(UTC)
