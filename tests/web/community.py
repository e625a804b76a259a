"""A board with a real database behind it, and people who ask, moderate and speak."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx

from dialogue.stages import Stage
from dialogue.words import Localised, Text
from storage import Storage, Transaction
from storage.asking.moderation import Handled
from storage.community.boards import Place, Seat
from storage.community.people import Arrival, Consent
from storage.roles import Role
from storage.series.webinars import Series, Webinar
from tests.codes import App, asks, let_in
from tests.web.standin import Site, running_site, spoken
from web.app import WebParts
from web.board.parts import BoardParts
from web.board.ways import Sheet

WEBINAR = "corona-iraq"
OTHER = "corona-work"
TITLE = {
    "ar": "كورونا في العراق: الانتشار والاحتواء",
    "en": "Corona in Iraq: spread and containment",
}
CONSENT = Consent("1", "0123abcd", "ar")
REASONS = (("!topic", Text("btn-reason-topic")), ("!time", Text("btn-reason-time")))


class Clock:
    """A clock that goes when the test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 3, 16, 20, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Community:
    """A site with boards, and what a test needs of what is behind them."""

    site: Site
    storage: Storage
    clock: Clock
    told: list[int] = field(default_factory=list[int])
    """Of which questions the askers were told something."""
    moves: list[None] = field(default_factory=list[None])
    people: dict[str, int] = field(default_factory=dict[str, int])
    answers: list[int] = field(default_factory=list[int])
    """Which of them were given an answer."""
    revealed: list[tuple[int, Role, str]] = field(default_factory=list[tuple[int, Role, str]])
    """What the owners were told: whose asker was looked up, by which role, and why."""
    links: dict[str, int] = field(default_factory=dict[str, int])
    """Whom each link is for."""
    apps: defaultdict[int, App] = field(default_factory=lambda: defaultdict(App))
    """The authenticator app on everybody's phone."""

    async def person(self, account: str, language: str = "en") -> int:
        """Somebody who agreed to the notice, the same for the same account."""
        if account in self.people:
            return self.people[account]
        async with self.storage.transaction() as tx:
            _, person = await tx.people.welcome(
                Arrival("telegram", account, "1"), language, CONSENT, self.clock()
            )
        self.people[account] = person.id
        return person.id

    async def staff(self, role: Role, account: str = "staff", language: str = "en") -> int:
        """Somebody whose powers have begun."""
        person = await self.person(account, language)
        async with self.storage.transaction() as tx:
            invitation = await tx.staff.invite(role, None, self.clock())
            await tx.staff.redeem(invitation.token, person, self.clock())
            await tx.staff.activate(person)
        return person

    async def link(self, person: int, seat: Seat = Seat.DESK, webinar: str = WEBINAR) -> str:
        """Where this person's link leads."""
        async with self.storage.transaction() as tx:
            token = await tx.boards.link(person, seat, webinar, self.clock())
        self.links[token] = person
        return f"/board/open/{token}"

    def app_of(self, link: str) -> App:
        """The authenticator app of whom this link is for."""
        return self.apps[self.links[link.rpartition("/")[2]]]

    async def ask(
        self, words: str, *, language: str = "en", stage: Stage = Stage.RECEIVED, by: str = "asker",
        webinar: str = WEBINAR,
    ) -> Handled:  # fmt: skip
        """A question that has come this far."""
        (asked,) = await self.ask_many([words], language=language, by=by, webinar=webinar)
        return await self.bring(asked, stage)

    async def ask_many(
        self, words: Sequence[str], *, language: str = "en", by: str = "asker",
        webinar: str = WEBINAR,
    ) -> list[int]:  # fmt: skip
        """Questions that have just come in."""
        person = await self.person(by)
        async with self.storage.transaction() as tx:
            return [
                (
                    await tx.questions.add(
                        person, webinar, "question", each, True, language, None, self.clock()
                    )
                ).id
                for each in words
            ]

    async def bring(self, question: int, stage: Stage, staff: int = 1) -> Handled:
        """Have it come this far, as a moderator would."""
        async with self.storage.transaction() as tx:
            for step in WAYS_TO[stage]:
                if step is Stage.IN_REVIEW:
                    await tx.moderation.claim(question, staff, self.clock())
                else:
                    assert await tx.moderation.move(question, staff, step, self.clock())
            found = await tx.moderation.get(question)
        assert found is not None
        return found

    async def stage_of(self, question: int) -> Stage:
        """How far it is."""
        async with self.storage.reading() as tx:
            found = await tx.moderation.get(question)
        assert found is not None
        return found.stage


WAYS_TO: dict[Stage, tuple[Stage, ...]] = {
    Stage.RECEIVED: (),
    Stage.IN_REVIEW: (Stage.IN_REVIEW,),
    Stage.APPROVED: (Stage.IN_REVIEW, Stage.APPROVED),
    Stage.QUEUED: (Stage.IN_REVIEW, Stage.APPROVED, Stage.QUEUED),
    Stage.LIVE: (Stage.IN_REVIEW, Stage.APPROVED, Stage.QUEUED, Stage.LIVE),
    Stage.ANSWERED: (Stage.IN_REVIEW, Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.ANSWERED),
    Stage.FOLLOW_UP: (Stage.IN_REVIEW, Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP),
    Stage.DECLINED: (Stage.IN_REVIEW, Stage.DECLINED),
}


@asynccontextmanager
async def running_community(
    folder: Path,
    *,
    heartbeat: float = 20.0,
    public_url: str | None = None,
    port: int = 0,
    codes: Sequence[Seat] = (Seat.DESK,),
    reveals: int = 10,
) -> AsyncGenerator[Community]:
    """A community with two webinars, whose site answers on a loopback port."""
    clock = Clock()
    async with await Storage.open(
        f"sqlite:///{folder / 'data' / 'tadamun.db'}",
        folder / "keys" / "keyring.json",
        "a master key that is only for tests",
        clock,
    ) as storage:
        async with storage.transaction() as tx:
            await tx.webinars.put_series(
                Series("icssi", Localised({"en": "Series"}), Localised({"en": "About"}))
            )
            for id in (WEBINAR, OTHER):
                await tx.webinars.put(
                    Webinar(
                        id=id,
                        series="icssi",
                        starts_at=clock() + timedelta(minutes=10),
                        minutes=90,
                        state="published",
                        title=Localised(TITLE),
                        description=Localised({"en": "Text"}),
                    )
                )
        told: list[int] = []
        answers: list[int] = []
        moves: list[None] = []

        async def tell(tx: Transaction, place: Place, questions: Sequence[int]) -> None:
            told.extend(questions)

        async def tell_answer(tx: Transaction, place: Place, questions: Sequence[int]) -> None:
            answers.extend(questions)

        reveals_told: list[tuple[int, Role, str]] = []

        async def tell_owners(tx: Transaction, asked: Handled, role: Role, reason: str) -> None:
            reveals_told.append((asked.id, role, reason))

        board = BoardParts(
            storage,
            lambda code, said: spoken().voice(code, None).say(said),
            tell,
            tell_answer,
            lambda: moves.append(None),
            REASONS,
            1000,
            codes,
            tell_owners,
            reveals,
        )

        def with_boards(parts: WebParts) -> WebParts:
            return replace(
                parts, board=board, now=clock, heartbeat=heartbeat, public_url=public_url
            )

        async with running_site(with_boards, port=port) as site:
            yield Community(
                *(site, storage, clock, told, moves), answers=answers, revealed=reveals_told
            )


class Member:
    """Somebody of the staff, whose browser knows forms and cookies but no scripts."""

    def __init__(self, client: httpx.AsyncClient, community: Community) -> None:
        self.client = client
        self.community = community
        self.page = ""

    async def enter(self, link: str) -> httpx.Response:
        """Press the button behind the link, type the code if it is asked for, and look at what
        follows."""
        answer = await self.client.post(link, follow_redirects=True)
        if asks(answer.text):
            app, now = self.community.app_of(link), self.community.clock()
            answer = await let_in(self.client, answer, app, now)
        self.page = answer.text
        return answer

    async def open(self, path: str = f"/board/{WEBINAR}") -> httpx.Response:
        """Look at a page."""
        answer = await self.client.get(path, follow_redirects=True)
        self.page = answer.text
        return answer

    @property
    def token(self) -> str:
        """What the page's forms carry."""
        found = re.search(r'name="token" value="([^"]*)"', self.page)
        assert found, "The page has no form."
        return found[1]

    def button(self, question: int, to: Stage | Sheet | str) -> str:
        """What the button carries that brings this question there, or opens this sheet."""
        found = re.search(rf'value="({to}\.{question}\.[0-9a-f]+)"', self.page)
        assert found, f"No button brings {question} to {to}."
        return unescape(found[1])

    async def press(self, question: int, to: Stage | Sheet, **fields: str) -> httpx.Response:
        """Press a button as the script does."""
        return await self.post("act", do=self.button(question, to), **fields)

    async def opens(self, question: int, sheet: Sheet) -> str:
        """Have a sheet opened, as the script does; what it shows."""
        answer = await self.press(question, sheet)
        assert answer.status_code == 200, answer.text
        return answer.json()["sheet"]

    async def post(self, way: str, **fields: str) -> httpx.Response:
        """Send a form of the page as the script does, each time under another number."""
        return await self.client.post(
            f"/board/{WEBINAR}/{way}",
            data={"token": self.token, "once": secrets.token_hex(16), **fields},
            headers={"Accept": "application/json"},
        )
