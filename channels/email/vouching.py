"""Whether a mail is from whom it says: anybody may write anybody's address into one.

Our own mail server looks, and writes what it found on top (`Authentication-Results`,
https://www.rfc-editor.org/rfc/rfc8601). What proves who sent a mail proves nothing of the address
that is shown, unless both are of one domain (https://www.rfc-editor.org/rfc/rfc7489#section-3.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_NESTED = 5
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)")
_SHOWS = {
    "spf": re.compile(r"\bsmtp\.mail(?:from)?\s*=\s*\"?([^\s\";]+)"),
    "dkim": re.compile(r"\bheader\.[di]\s*=\s*\"?([^\s\";]+)"),
    "dmarc": re.compile(r"\bheader\.from\s*=\s*\"?([^\s\";]+)"),
}


def is_doubtful(found: Sequence[str], account: str) -> bool:
    """Whether our own server, whose line is the first, did not find that it is this account's.

    False as well where it looks at nothing of the kind, as such servers do that have no line.
    """
    domain = account.rpartition("@")[2].lower()
    results = list(_results(found))
    if ("dmarc", "fail") in ((method, result) for method, result, _ in results):
        return True
    passed = any(
        result == "pass" and (aligned(shown, domain) if shown else method == "dmarc")
        for method, result, shown in results
    )
    return bool(results) and not passed


def aligned(shown: str, domain: str) -> bool:
    """Whether this address or domain is of one hand with that domain."""
    shown = shown.rpartition("@")[2].rstrip(".")
    longer, shorter = sorted((shown, domain), key=len, reverse=True)
    return "." in shorter and (longer == shorter or longer.endswith(f".{shorter}"))


def _results(found: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Each method, what it came to, and of whom; of the server that wrote the first line alone."""
    lines = [_plain(line).split(";") for line in found]
    for line in lines:
        if _server(line) != _server(lines[0]):
            continue
        for item in line:
            if result := _RESULT.match(item):
                shown = _SHOWS[result[1]].search(item)
                yield result[1], result[2], shown[1] if shown else ""


def _plain(line: str) -> str:
    """Without its comments, which may say anything."""
    for _ in range(_NESTED):
        line = _COMMENT.sub(" ", line)
    return line.lower()


def _server(line: Sequence[str]) -> str:
    """Who wrote this line; not everybody says so."""
    first = line[0].split()
    return "" if not first or "=" in line[0] else first[0]
