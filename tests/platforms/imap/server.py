"""The server: it knows what a careful client says, and notes whatever else it hears in `faults`."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.platforms.imap.words import arguments, numbers_in
from tests.ports import free_port

USER, PASSWORD, FOLDER = "webinars", 's3cr"t', "INBOX"
ABLE = ("IMAP4rev1", "IDLE", "UIDPLUS", "AUTH=PLAIN")
LARGEST_PIECE = 256 * 1024


@dataclass(slots=True)
class Kept:
    """A mail in the mailbox."""

    uid: int
    raw: bytes
    at: datetime
    flags: set[str] = field(default_factory=set[str])


class ImapServer:
    """One mailbox and all who are connected to it."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, able: tuple[str, ...] = ABLE) -> None:
        self._tls = tls
        self._able = able
        self._server: asyncio.Server | None = None
        self._visits: set[Visit] = set()
        self.port = 0
        self.validity = 1000
        self.next_uid = 1
        self.mails: dict[int, Kept] = {}
        self.faults: list[str] = []
        """What no client should say; a test ends with none."""
        self.heard: list[str] = []
        """Every command, without what is secret."""
        self.lets_in = True
        self.stirred = asyncio.Event()
        self.before: Callable[[str], None] = lambda command: None
        """Is told each command before it is carried out."""
        self.arrived: str | None = None
        """What is said of when mails arrived, in place of the truth."""

    @property
    def url(self) -> str:
        """As the settings take it."""
        scheme = "imaps" if self._tls else "imap+plain"
        return f"{scheme}://{USER}:s3cr%22t@127.0.0.1:{self.port}/{FOLDER}"

    async def __aenter__(self) -> ImapServer:
        await self.come_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_away()

    async def come_back(self) -> None:
        """Listen, on the same port as before."""
        self.port = self.port or free_port()
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, ssl=self._tls, limit=2**20
        )

    async def go_away(self) -> None:
        """Hang up on everybody, and let nobody in."""
        if self._server is not None:
            self._server.close()
            self.hang_up()
            await self._server.wait_closed()

    def hang_up(self) -> None:
        """Cut every line that is open."""
        for visit in list(self._visits):
            visit.cut()

    def deliver(self, raw: bytes, at: datetime | None = None) -> int:
        """A mail arrives; its number."""
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.mails[uid] = Kept(uid, raw, at or datetime.now(UTC))
        for visit in self._visits:
            visit.tell()
        return uid

    def renumber(self) -> None:
        """All mails get other numbers, as after the mailbox was moved."""
        self.validity += 1
        kept = sorted(self.mails.values(), key=lambda mail: -mail.uid)
        self.mails = {}
        for uid, mail in enumerate(kept, start=1):
            mail.uid = uid
            self.mails[uid] = mail
        self.next_uid = len(kept) + 1
        self.hang_up()

    async def hears(self, command: str, count: int = 1) -> None:
        """Returns once it was asked for this so many times, from now on."""
        wanted = sum(each.startswith(command) for each in self.heard) + count
        while sum(each.startswith(command) for each in self.heard) < wanted:
            self.stirred.clear()
            await self.stirred.wait()

    async def is_watched(self) -> None:
        """Returns once somebody waits for new mail; at once, if somebody does already."""
        while not any(visit.idles for visit in self._visits):
            self.stirred.clear()
            await self.stirred.wait()

    @property
    def able(self) -> str:
        return " ".join(self._able)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = Visit(self, reader, writer)
        self._visits.add(visit)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                await visit.run()
        finally:
            self._visits.discard(visit)
            visit.cut()


class Visit:
    """One connection."""

    def __init__(
        self, server: ImapServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._state = "greeted"
        self.idles = False
        self._known = 0
        """The next number, when this visitor looked last."""

    def cut(self) -> None:
        self._writer.transport.abort()

    def tell(self) -> None:
        """Say how many mails there are, to whoever waits for it and does not know."""
        if self.idles and self._server.next_uid != self._known:
            self._known = self._server.next_uid
            self._say(f"* {len(self._server.mails)} EXISTS")

    async def run(self) -> None:
        self._say(f"* OK [CAPABILITY {self._server.able}] ready")
        while line := await self._reader.readline():
            await self._one(line.decode("utf-8", "replace").rstrip("\r\n"))
            await self._writer.drain()
            if self._state == "out":
                return

    def _say(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")

    async def _one(self, line: str) -> None:
        tag, _, rest = line.partition(" ")
        name, _, said = rest.partition(" ")
        name = name.upper()
        if name == "UID":
            sub, _, said = said.partition(" ")
            name = f"UID {sub.upper()}"
        heard = name if name in {"LOGIN", "AUTHENTICATE"} else f"{name} {said}".strip()
        self._server.before(heard)
        self._server.heard.append(heard)
        self._server.stirred.set()
        handler = getattr(self, f"_{name.lower().replace(' ', '_')}", None)
        needs = {"LOGIN": "greeted", "AUTHENTICATE": "greeted", "SELECT": "known"}
        if handler is None:
            self._wrong(tag, heard)
            return
        if name not in {"CAPABILITY", "NOOP", "LOGOUT"} and self._state != needs.get(name, "open"):
            self._wrong(tag, f"{heard} while {self._state}")
            return
        await handler(tag, said)

    def _wrong(self, tag: str, heard: str) -> None:
        self._server.faults.append(heard)
        self._say(f"{tag} BAD what is this")

    async def _capability(self, tag: str, _: str) -> None:
        self._say(f"* CAPABILITY {self._server.able}")
        self._say(f"{tag} OK done")

    async def _noop(self, tag: str, _: str) -> None:
        self._say(f"{tag} OK done")

    async def _logout(self, tag: str, _: str) -> None:
        self._state = "out"
        self._say("* BYE until next time")
        self._say(f"{tag} OK done")

    async def _login(self, tag: str, said: str) -> None:
        self._let_in(tag, arguments(said) == [USER, PASSWORD])

    async def _authenticate(self, tag: str, said: str) -> None:
        self._say("+ ")
        answer = base64.b64decode((await self._reader.readline()).strip()).decode().split("\0")
        self._let_in(tag, said == "PLAIN" and answer == ["", USER, PASSWORD])

    def _let_in(self, tag: str, fits: bool) -> None:
        if fits and self._server.lets_in:
            self._state = "known"
            self._say(f"{tag} OK welcome")
        else:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] who are you")

    async def _select(self, tag: str, said: str) -> None:
        if arguments(said) != [FOLDER]:
            self._say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self._state = "open"
        server = self._server
        self._say(f"* {len(server.mails)} EXISTS")
        self._say("* 0 RECENT")
        self._say(r"* FLAGS (\Seen \Deleted)")
        self._say(f"* OK [UIDVALIDITY {server.validity}] as ever")
        self._say(f"* OK [UIDNEXT {server.next_uid}] the next")
        self._say(f"{tag} OK [READ-WRITE] open")
        self._known = server.next_uid

    async def _uid_search(self, tag: str, said: str) -> None:
        found = re.fullmatch(r"(?:UID (\S+))? ?(?:(BEFORE|SINCE) (\S+))?|(ALL)", said)
        if found is None:
            self._wrong(tag, f"UID SEARCH {said}")
            return
        uids, order, day, _ = found.groups()
        if not order:
            self._known = self._server.next_uid
        wanted = numbers_in(uids or "1:*", list(self._server.mails))
        if day:
            date = datetime.strptime(day, "%d-%b-%Y").replace(tzinfo=UTC).date()
            wanted = [
                uid
                for uid in wanted
                if (self._server.mails[uid].at.date() < date) == (order == "BEFORE")
            ]
        self._say(" ".join(["* SEARCH", *map(str, wanted)]))
        self._say(f"{tag} OK done")

    async def _uid_fetch(self, tag: str, said: str) -> None:
        found = re.fullmatch(r"(\d+) \(UID INTERNALDATE BODY\.PEEK\[\]<0\.(\d+)>\)", said)
        if found is None or int(found[2]) > LARGEST_PIECE:
            self._wrong(tag, f"UID FETCH {said}")
            return
        mail = self._server.mails.get(int(found[1]))
        if mail is not None:
            piece = mail.raw[: int(found[2])]
            place = sorted(self._server.mails).index(mail.uid) + 1
            at = mail.at.astimezone(UTC).strftime("%d-%b-%Y %H:%M:%S +0000")
            at = self._server.arrived or at
            before = f'* {place} FETCH (UID {mail.uid} INTERNALDATE "{at}" BODY[]<0> '
            self._writer.write(f"{before}{{{len(piece)}}}\r\n".encode() + piece + b")\r\n")
        self._say(f"{tag} OK done")

    async def _uid_store(self, tag: str, said: str) -> None:
        found = re.fullmatch(r"(\S+) \+FLAGS\.SILENT \((\\Deleted)\)", said)
        if found is None:
            self._wrong(tag, f"UID STORE {said}")
            return
        for uid in numbers_in(found[1], list(self._server.mails)):
            self._server.mails[uid].flags.add(found[2])
        self._say(f"{tag} OK done")

    async def _uid_expunge(self, tag: str, said: str) -> None:
        if "UIDPLUS" not in self._server.able:
            self._wrong(tag, "UID EXPUNGE")
            return
        self._erase(numbers_in(said, list(self._server.mails)))
        self._say(f"{tag} OK done")

    async def _expunge(self, tag: str, _: str) -> None:
        self._erase(list(self._server.mails))
        self._say(f"{tag} OK done")

    def _erase(self, uids: list[int]) -> None:
        for uid in uids:
            if r"\Deleted" in self._server.mails[uid].flags:
                place = sorted(self._server.mails).index(uid) + 1
                del self._server.mails[uid]
                self._say(f"* {place} EXPUNGE")

    async def _idle(self, tag: str, _: str) -> None:
        if "IDLE" not in self._server.able:
            self._wrong(tag, "IDLE")
            return
        self._say("+ idling")
        self.idles = True
        self.tell()
        await self._writer.drain()
        done = await self._reader.readline()
        self.idles = False
        if done and done.strip() != b"DONE":
            self._wrong(tag, "no DONE")
            return
        self._say(f"{tag} OK done")
