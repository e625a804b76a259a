"""Requests that look like Twilio's and are not, and a line that carries very many of them."""

from __future__ import annotations

import asyncio
import base64
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import parse_qsl, quote, urlencode

from tests.platforms.twilio import SIGNATURE

FORM = "application/x-www-form-urlencoded"
LARGEST = 256 * 1024

Sign = Callable[[str, Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it goes over the line."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def raw(self) -> bytes:
        """The bytes of it."""
        headers = {"Content-Type": FORM, **self.headers, "Content-Length": str(len(self.body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {self.path} HTTP/1.1\r\nHost: bot\r\n{lines}\r\n".encode() + self.body


@dataclass
class Forger:
    """Makes requests that were never signed so, out of one that was.

    `other` signs with a token that is not the account's.
    """

    address: str
    """Where the bot is reached, without a path."""
    path: str
    form: dict[str, str]
    sign: Sign
    other: Sign
    chance: Random

    def genuine(self) -> Request:
        """The one that was signed."""
        signature = self.sign(self.address + self.path, self.form)
        return Request(self.path, urlencode(self.form).encode(), {SIGNATURE: signature})

    def forged(self) -> Request:
        """One that was not, each time another."""
        return self.chance.choice((self._signature, self._place, self._field, self._body))()

    def _signature(self) -> Request:
        """The form is right, and the signature is not."""
        true = self.genuine()
        signature, chance = true.headers[SIGNATURE], self.chance
        at = chance.randrange(len(signature) - 1)
        other = chance.choice([each for each in "ABCabc123+/" if each != signature[at]])
        wrong = chance.choice(
            (
                None,
                "",
                signature[:-1],
                signature + "=",
                f"{signature},{signature}",
                signature[:at] + other + signature[at + 1 :],
                signature.swapcase(),
                base64.b64encode(chance.randbytes(20)).decode(),
                base64.b64encode(chance.randbytes(32)).decode(),
                self.other(self.address + self.path, self.form),
                self.sign(self.address + self.path, {}),
            )
        )
        return replace(true, headers={} if wrong is None else {SIGNATURE: wrong})

    def _place(self) -> Request:
        """It was signed for somewhere else."""
        elsewhere = self.chance.choice(
            (
                self.address.replace("http", "https", 1) + self.path,
                f"http://evil.example{self.path}",
                self.address,
                f"{self.address}{self.path}/",
                f"{self.address}{self.path}?d={self.chance.randrange(10**6)}",
                f"{self.address}/{self.chance.randrange(10**6)}",
            )
        )
        true = self.genuine()
        if self.chance.random() < 0.5:
            return replace(true, headers={SIGNATURE: self.sign(elsewhere, self.form)})
        return replace(true, path=f"{self.path}?d={self.chance.randrange(10**6)}")

    def _field(self) -> Request:
        """A field is another, or there is one more or less."""
        pairs, chance = list(self.form.items()), self.chance
        at = chance.randrange(len(pairs))
        name, value = pairs[at]
        more = f"x{chance.randrange(10**6)}"
        changed = chance.choice(
            (
                [*pairs[:at], *pairs[at + 1 :]],
                [*pairs[:at], (name, value + more), *pairs[at + 1 :]],
                [*pairs[:at], (name + more, value), *pairs[at + 1 :]],
                [*pairs[:at], (name, value.swapcase() + more), *pairs[at + 1 :]],
                [*pairs, (more, "")],
                [*pairs, (name, more)],
                [(name, more), *pairs],
                # What is signed runs names and values together.
                [*pairs[:at], (name[:-1], name[-1] + value), *pairs[at + 1 :]],
                [*pairs[:at], (name + value, ""), *pairs[at + 1 :]] if value else [],
                [*pairs, pairs[at]],
                [(each, value.strip()) for each, value in pairs if value],
            )
        )
        return replace(self.genuine(), body=urlencode(changed).encode())

    def _body(self) -> Request:
        """The body is no form, or spelt so that it reads otherwise."""
        true, chance = self.genuine(), self.chance
        at = chance.randrange(len(true.body))
        body = chance.choice(
            (
                b"",
                b"{}",
                true.body[:at] + b"&=&" + true.body[at:],
                true.body + b"&Body=%",
                true.body + b"&" + bytes([0xD8]) + b"=x",
                quote(true.body.decode()).encode(),
                true.body + b"&x=" + b"y" * (LARGEST if chance.random() < 0.02 else 9),
            )
        )
        return replace(true, body=body)


def differs(forged: Request, true: Request) -> bool:
    """Whether this is not the same request, only spelt in another way."""
    same = (forged.path, forged.headers) == (true.path, true.headers)
    return not same or _pairs(forged.body) != _pairs(true.body)


def _pairs(body: bytes) -> list[tuple[str, str]] | bytes:
    try:
        return sorted(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
    except ValueError:
        return body


async def posted(port: int, requests: Iterable[Request], lines: int = 8) -> Counter[int]:
    """Send them all over so many connections; how often each status was answered."""
    waiting, answers = iter(requests), Counter[int]()

    async def carry() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for request in waiting:
                writer.write(request.raw())
                status, closes = await _answer(reader)
                answers[status] += 1
                if closes:
                    writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
        finally:
            writer.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(lines):
            group.create_task(carry())
    return answers


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or b"0"))
    return int(head.split(b" ", 2)[1]), b"connection: close" in head
