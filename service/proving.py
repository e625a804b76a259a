"""Sends the mails that prove an address, soon after somebody gave it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from channels import LATER, Gone, Refused, Unsure
from channels.email import CHANNEL
from delivery import Clock, Duty, PostOffice
from dialogue.words import Act, Button, Lane, Reply, text
from locales import Languages
from storage import Storage, Unavailable
from storage.community.proofs import Proof

LOOK_EVERY = 1.0
"""Seconds: somebody waits for the mail in front of the screen."""
AGAIN_AFTER = 30.0
"""Seconds until a mail is tried again that the server did not take; others wait for none."""
LONGEST = 1800.0
"""Seconds between two tries, each of which comes twice as late as the one before."""

log = logging.getLogger("tadamun.mail")


@dataclass(frozen=True, slots=True)
class _Held:
    """A mail that the server did not take."""

    wait: float
    until: float
    """By the monotonic clock."""


class Proving:
    """Makes each link as its mail is sent, so that nothing is kept by which it could be used."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        languages: Languages,
        community: Mapping[str, str],
        address: Callable[[], str],
        office: Callable[[], PostOffice],
    ) -> None:
        """`community` is its name by language, `address` where people reach us."""
        self._storage = storage
        self._clock = clock
        self._languages = languages
        self._community = community
        self._address = address
        self._office = office
        self._held: dict[int, _Held] = {}

    async def run(self, duty: Duty) -> None:
        """Send what waits, as long as this process serves mail, until cancelled."""
        while True:
            await duty.on.wait()
            try:
                async with self._storage.transaction() as tx:
                    await tx.proofs.recover()
                while duty.on.is_set():
                    await self._send_waiting()
                    await self._clock.wait(duty.off, LOOK_EVERY)
            except Unavailable:
                await self._clock.wait(duty.off, AGAIN_AFTER)

    async def _send_waiting(self) -> None:
        now = self._clock.monotonic()
        self._held = {id: held for id, held in self._held.items() if now < held.until + LONGEST}
        resting = [id for id, held in self._held.items() if now < held.until]
        async with self._storage.reading() as tx:
            waiting = await tx.proofs.waiting(self._clock.now(), skip=resting)
        for proof in waiting:
            await self._send(proof)

    async def _send(self, proof: Proof) -> None:
        async with self._storage.transaction() as tx:
            token = await tx.proofs.begin(proof.id, self._clock.now())
        if token is None:
            return
        left = await self._left(proof, token)
        async with self._storage.transaction() as tx:
            if left is None:
                await tx.proofs.again(proof.id)
            elif left and not proof.taken:
                await tx.proofs.sent(proof.id)
            else:
                await tx.proofs.end(proof.id)
        if left is None:
            held = self._held.get(proof.id, _Held(AGAIN_AFTER / 2, 0.0))
            wait = min(LONGEST, 2 * held.wait)
            self._held[proof.id] = _Held(wait, self._clock.monotonic() + wait)

    async def _left(self, proof: Proof, token: str) -> bool | None:
        """Whether the mail has left, or perhaps has; None when it is to be tried again."""
        language = proof.language
        reply = self._taken(language) if proof.taken else self._asking(language, token)
        message = self._languages.voice(language).render(reply)
        try:
            await self._office().say(CHANNEL, proof.account, Act.SEND, None, message, Lane.REPLY)
        except (Gone, Refused):
            return False
        except Unsure:
            return True  # If it arrived, this link has to be the one that counts.
        except LATER as fault:
            log.warning("a mail that proves an address did not leave: %s", type(fault).__name__)
            return None
        return True

    def _asking(self, language: str, token: str) -> Reply:
        link = f"{self._address()}/mail/{token}?lang={language}"
        why = text("mail-proof-why", name=self._community.get(language, ""))
        return Reply((text("mail-proof"), why), ((Button(text("btn-mail-proof"), url=link),),))

    def _taken(self, language: str) -> Reply:
        why = text("mail-taken-why", name=self._community.get(language, ""))
        return Reply((text("mail-taken"), why))
