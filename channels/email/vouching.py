"""Whether a mail is from whom it says: anybody may write anybody's address into one.

Our own mail server looks, and writes what it found on top (`Authentication-Results`,
https://www.rfc-editor.org/rfc/rfc8601). What proves who sent a mail proves nothing of the address
that is shown, unless both are of one domain (https://www.rfc-editor.org/rfc/rfc7489#section-3.1).
A forger can write such a line as well; so the server that is believed has to be named, and takes
away whatever else came in under its name (RFC 8601, section 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from channels.email.structured import plain

_MEANS_MORE = re.compile(r"[\s;=\\]")
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)")
_SHOWS = {
    "spf": re.compile(r"\bsmtp\.mail(?:from)?\s*=\s*\"?([^\s\";]+)"),
    "dkim": re.compile(r"\bheader\.[di]\s*=\s*\"?([^\s\";]+)"),
    "dmarc": re.compile(r"\bheader\.from\s*=\s*\"?([^\s\";]+)"),
}


@dataclass(frozen=True, slots=True)
class Vouching:
    """Whose word counts on who wrote a mail."""

    server: str = ""
    """What our own mail server calls itself in its lines; "" where that is not known."""
    trusts: bool = False
    """It refuses mails in a forged name by itself: what came in is from whom it says."""

    def doubts(self, found: Sequence[str], account: str) -> bool:
        """Whether nobody whom we believe has found that it is this account's.

        `found` are the lines of servers as they stand in the mail, the last server's first.
        """
        domain = account.rpartition("@")[2].lower()
        results = list(self._results(found))
        if any((method, result) == ("dmarc", "fail") for method, result, _ in results):
            return True
        passed = any(
            result == "pass" and (aligned(shown, domain) if shown else method == "dmarc")
            for method, result, shown in results
        )
        return not passed if results else not self.trusts

    def _results(self, found: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Each method, what it came to, and of whom; of our own server alone."""
        first = server_of(found)
        believed = first == self.server if self.server else self.trusts
        for line in map(_parts, found if believed else ()):
            if _server(line) != first:
                continue
            for item in line:
                if result := _RESULT.match(item):
                    shown = _SHOWS[result[1]].search(item)
                    yield result[1], result[2], shown[1] if shown else ""


def server_of(found: Sequence[str]) -> str:
    """What the server calls itself that wrote the first of these lines; "" where it does not."""
    return _server(_parts(found[0])) if found else ""


def aligned(shown: str, domain: str) -> bool:
    """Whether this address or domain is of one hand with that domain."""
    shown = shown.rpartition("@")[2].rstrip(".")
    longer, shorter = sorted((shown, domain), key=len, reverse=True)
    return "." in shorter and (longer == shorter or longer.endswith(f".{shorter}"))


def _parts(line: str) -> list[str]:
    """What a line says, piece by piece; without its comments, which may say anything.

    What is quoted is one word: a forger may have chosen it, as the sender on the envelope.
    """
    return plain(line.lower(), _word, quotes_in_comments=True).split(";")


def _word(sign: str) -> str:
    return "" if sign == '"' else _MEANS_MORE.sub("_", sign)


def _server(parts: Sequence[str]) -> str:
    """Who wrote this line; not everybody says so."""
    first = parts[0].split()
    return "" if not first or "=" in parts[0] else first[0]
