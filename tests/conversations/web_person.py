"""A person in the web chat: their browser sends forms, keeps cookies, and may run scripts."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from tests.conversations.people import Key, Rest, key_in
from tests.conversations.web_page import Bubble, Page
from web.security import Visitor


class WebPerson:
    """Somebody with the page open."""

    channel = "web"

    def __init__(self, address: str, rest: Rest, hint: str, *, scripted: bool = False) -> None:
        self.browser = httpx.AsyncClient(
            base_url=address,
            timeout=30,
            # A line that had rested may be closed at the very moment at which it is used again.
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=True,
            headers={"Accept-Language": hint, "Origin": address, "Sec-Fetch-Site": "same-origin"},
        )
        self.bubbles: dict[int, Bubble] = {}
        self.rest = rest
        self._scripted = scripted
        self._fields: dict[str, str] = {}
        self._sent = 0

    @property
    def account(self) -> str:
        return Visitor(self.browser.cookies["tadamun"], new=False).account

    @property
    def last(self) -> Bubble:
        """The last message of the bot."""
        return self.bubbles[max(self.bubbles)]

    @property
    def text(self) -> str:
        return self.last.text

    @property
    def keys(self) -> Sequence[Key]:
        return self.last.keys

    @property
    def texts(self) -> list[str]:
        return [self.bubbles[number].text for number in sorted(self.bubbles)]

    @property
    def pictured(self) -> bool:
        return self.last.photo is not None

    async def starts(self, webinar: str | None) -> None:
        self.rest.begins()
        await self.looks("/chat" if webinar is None else f"/chat?w={webinar}")
        await self.rest.ends(self)
        await self.looks()

    async def looks(self, path: str = "/chat") -> None:
        """Load the page anew."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer
        page = Page(answer.text)
        self.bubbles = {bubble.id: bubble for bubble in page.bubbles}
        self._fields = page.fields

    async def listens(self) -> None:
        """Wait for something new, and look at it."""
        after = {"after": self._fields["seen"]}
        async with self.browser.stream("GET", "/chat/events", params=after) as events:
            async for line in events.aiter_lines():
                if line == "event: letter":
                    break
        await self.looks()

    async def says(self, words: str) -> None:
        await self.sends(text=words)

    async def presses(self, label: str) -> None:
        await self.sends(press=self.find(label))

    def find(self, label: str) -> str:
        """What the newest button with this label carries."""
        for number in sorted(self.bubbles, reverse=True):
            key = key_in(self.bubbles[number].keys, label)
            if key is not None:
                assert key.value is not None, f"{label} only opens a link"
                return key.value
        raise AssertionError(f"no button {label!r}; the last ones are {self.keys}")

    async def sends(self, times: int = 1, **fields: str) -> None:
        """Submit the form, so many times over when the line is bad."""
        self.rest.begins()
        self._sent += 1
        form = {**self._fields, **fields}
        if self._scripted:
            form["id"] = f"scripted-{self._sent:08}"
        headers = {"Accept": "application/json"} if self._scripted else {}
        for _ in range(times):
            answer = await self.browser.post("/chat", data=form, headers=headers)
            assert answer.status_code in (200, 202), answer
        await self.rest.ends(self)
        await (self._fetches() if self._scripted else self.looks())

    async def sends_picture(self, content: bytes) -> None:
        self.rest.begins()
        self._sent += 1
        form = {**self._fields, **({"id": f"scripted-{self._sent:08}"} if self._scripted else {})}
        headers = {"Accept": "application/json"} if self._scripted else {}
        file = {"picture": ("poster.png", content, "image/png")}
        answer = await self.browser.post("/chat/picture", data=form, files=file, headers=headers)
        assert answer.status_code in (200, 202), answer
        await self.rest.ends(self)
        await (self._fetches() if self._scripted else self.looks())

    async def _fetches(self) -> None:
        """Carry out on the page what is new, as the script does."""
        seen = int(self._fields["seen"])
        answer = await self.browser.get("/chat/messages", params={"after": seen})
        news = answer.json()
        for letter in news["letters"]:
            self._carries_out(letter)
            seen = max(seen, letter["n"])
        for number in [n for n in self.bubbles if n <= news["erased"]]:
            del self.bubbles[number]
        self._fields |= {"seen": str(seen), "token": news["token"]}

    def _carries_out(self, letter: dict[str, object]) -> None:
        number = int(str(letter["id"]))
        match letter["act"]:
            case "send" | "edit":
                (self.bubbles[number],) = Page(str(letter["html"])).bubbles
            case "strip" if number in self.bubbles:
                self.bubbles[number].keys.clear()
            case "delete":
                self.bubbles.pop(number, None)
            case _:
                pass

    async def leaves(self) -> None:
        """Close the browser."""
        await self.browser.aclose()
