"""Whether a request is Twilio's: only what it signed, for the address that it was told to call."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import random
import tracemalloc
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp import LARGEST_BODY, Form, Signed, TooLarge, form_in
from channels.whatsapp.forms import form_of
from tests.platforms.twilio import TOKEN, TwilioServer

PUBLIC = "https://bot.example.org"
FORM: Form = [
    ("MessageSid", "SM0123456789abcdef0123456789abcdef"),
    ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
    ("From", "whatsapp:+9647701234567"),
    ("To", "whatsapp:+14155238886"),
    ("Body", " ما هي التضامن؟ 👋\n"),
    ("NumMedia", "0"),
    ("FromZip", ""),
    ("ProfileName", "Anna & Co = +1"),
    ("ExternalUserId", "whatsapp:IQ.abc123"),
]
BODY = urlencode(FORM).encode()

SIGNED = Signed(TOKEN, PUBLIC)


def signature(url: str, form: Form, token: str = TOKEN) -> str:
    """As https://www.twilio.com/docs/usage/security has it."""
    words = url + "".join(name + value for name, value in sorted(form))
    made = hmac.new(token.encode(), words.encode(), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


GENUINE = signature(f"{PUBLIC}/whatsapp", FORM)


def test_what_twilio_signed_is_genuine_blank_fields_and_all() -> None:
    assert SIGNED.genuine("/whatsapp", FORM, GENUINE)


def test_twilios_own_library_signs_alike() -> None:
    signed = TwilioServer().webhooks.sign(f"{PUBLIC}/whatsapp", dict(FORM))
    assert signed == GENUINE


def test_the_order_in_which_fields_come_does_not_matter() -> None:
    assert SIGNED.genuine("/whatsapp", list(reversed(FORM)), GENUINE)


@pytest.mark.parametrize("url", [f"{PUBLIC}/", PUBLIC, "https://bot.example.org:443"])
def test_an_address_may_be_signed_with_and_without_its_usual_port(url: str) -> None:
    signed = Signed(TOKEN, url)
    for place in ("https://bot.example.org/whatsapp", "https://bot.example.org:443/whatsapp"):
        assert signed.genuine("/whatsapp", FORM, signature(place, FORM))


def test_another_port_belongs_to_the_address() -> None:
    signed = Signed(TOKEN, "http://127.0.0.1:8000")
    given = signature("http://127.0.0.1:8000/whatsapp", FORM)
    assert signed.genuine("/whatsapp", FORM, given)
    assert not Signed(TOKEN, "http://127.0.0.1:8001").genuine("/whatsapp", FORM, given)


def test_the_query_is_signed_too() -> None:
    given = signature(f"{PUBLIC}/whatsapp/status?d=1a", FORM)
    assert SIGNED.genuine("/whatsapp/status?d=1a", FORM, given)
    for path in ("/whatsapp/status", "/whatsapp/status?d=1b", "/whatsapp/status?d=1a&e=1"):
        assert not SIGNED.genuine(path, FORM, given)


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("http://bot.example.org/whatsapp", TOKEN),
        ("https://evil.example.org/whatsapp", TOKEN),
        (f"{PUBLIC}/whatsapp/", TOKEN),
        (f"{PUBLIC}/whatsapp", TOKEN[:-1] + "0"),
        (f"{PUBLIC}/whatsapp", ""),
    ],
)
def test_what_was_signed_for_another_place_or_by_another_is_not(url: str, token: str) -> None:
    assert not SIGNED.genuine("/whatsapp", FORM, signature(url, FORM, token))


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_nothing_is_genuine(token: str | None) -> None:
    assert not Signed(token, PUBLIC).genuine("/whatsapp", FORM, signature(PUBLIC, FORM, ""))


@pytest.mark.parametrize("given", [None, "", " ", GENUINE[:-1], GENUINE + "=", f" {GENUINE}", "ä"])
def test_no_signature_or_a_broken_one_is_refused(given: str | None) -> None:
    assert not SIGNED.genuine("/whatsapp", FORM, given)


def test_a_field_that_comes_once_more_is_refused_although_its_signature_would_hold() -> None:
    """What the validator signs holds each pair once."""
    assert not SIGNED.genuine("/whatsapp", [*FORM, FORM[0]], GENUINE)
    several = [*FORM, ("From", "whatsapp:+9647709999999")]
    assert not SIGNED.genuine("/whatsapp", several, GENUINE)


def test_half_of_a_surrogate_pair_is_refused() -> None:
    assert not SIGNED.genuine("/whatsapp", [("Body", "\ud83d")], GENUINE)


def test_a_form_is_read_with_its_blank_fields_and_its_spaces() -> None:
    assert form_in(urlencode(FORM).encode()) == FORM
    assert form_in(b"") == []


@pytest.mark.parametrize(
    "body",
    [b"\xff", b"a=%ff", b"a=%d9", b"a", b"a&b=1", "ä=1".encode(), b"a=1&" * 600 + b"a=1"],
)
def test_what_is_no_form_of_twilios_is_none(body: bytes) -> None:
    assert form_in(body) is None


def test_a_body_that_is_too_large_is_not_looked_into() -> None:
    with pytest.raises(TooLarge):
        form_in(b"a" * (LARGEST_BODY + 1))
    assert form_in(b"a=" + b"b" * (LARGEST_BODY - 2)) is not None


# --- mutations ------------------------------------------------------------------------------------

Request = tuple[str, Form, str]


def _elsewhere(random: random.Random, text: str) -> str:
    """The text with one character changed, added or taken away."""
    at = random.randrange(len(text) + 1)
    way = random.randrange(3)
    if way == 0 or at == len(text):
        return text[:at] + random.choice("aZ09+/= \0\né") + text[at:]
    if way == 1:
        return text[:at] + text[at + 1 :]
    return text[:at] + chr((ord(text[at]) + random.randrange(1, 90)) % 0xD000) + text[at + 1 :]


def _signature(random: random.Random) -> Request:
    return "/whatsapp", FORM, _elsewhere(random, GENUINE)


def _path(random: random.Random) -> Request:
    return _elsewhere(random, "/whatsapp"), FORM, GENUINE


def _value(random: random.Random) -> Request:
    form = list(FORM)
    at = random.randrange(len(form))
    form[at] = (form[at][0], _elsewhere(random, form[at][1]))
    return "/whatsapp", form, GENUINE


def _name(random: random.Random) -> Request:
    form = list(FORM)
    at = random.randrange(len(form))
    form[at] = (_elsewhere(random, form[at][0]), form[at][1])
    return "/whatsapp", form, GENUINE


def _dropped(random: random.Random) -> Request:
    form = list(FORM)
    # A blank one, too: its name is signed.
    del form[random.randrange(len(form))]
    return "/whatsapp", form, GENUINE


def _added(random: random.Random) -> Request:
    name = random.choice(["ButtonPayload", "From", "Body", "MediaUrl0", "X"])
    value = random.choice(["", "go:forget", "http://169.254.169.254/", "whatsapp:+9647700000000"])
    return "/whatsapp", [*FORM, (name, value)], GENUINE


def _twice(random: random.Random) -> Request:
    return "/whatsapp", [*FORM, random.choice(FORM)], GENUINE


def _shifted(random: random.Random) -> Request:
    """What a name gives to its value, or takes from it, is signed alike."""
    form = list(FORM)
    at = random.randrange(len(form))
    name, value = form[at]
    both, cut = name + value, len(name) + random.choice([-3, -2, -1, 1, 2, 3])
    form[at] = (both[:cut], both[cut:])
    return "/whatsapp", form, GENUINE


def _bytes(random: random.Random) -> Request:
    """The body as it goes over the wire, with two neighbours swapped or one changed."""
    body = bytearray(BODY)
    at = random.randrange(len(body) - 1)
    if random.randrange(2):
        body[at], body[at + 1] = body[at + 1], body[at]
    else:
        body[at] = random.randrange(256)
    form = form_in(bytes(body))
    return "/whatsapp", FORM if form is None else form, GENUINE


def _unsigned(random: random.Random) -> Request:
    return "/whatsapp", FORM, ""


def _of_another(random: random.Random) -> Request:
    token = f"{random.getrandbits(128):032x}"
    return "/whatsapp", FORM, signature(f"{PUBLIC}/whatsapp", FORM, token)


MUTANTS: tuple[Callable[[random.Random], Request], ...] = (
    *(_signature, _path, _value, _name, _dropped, _added, _twice, _unsigned, _of_another),
    *(_shifted, _bytes),
)


def mutants(count: int, seed: int = 1) -> Iterator[Request]:
    """So many requests that are like a genuine one and are not; each says something else."""
    chance = random.Random(seed)
    while count:
        path, form, given = chance.choice(MUTANTS)(chance)
        if (path, sorted(form), given) != ("/whatsapp", sorted(FORM), GENUINE):
            count -= 1
            yield path, form, given


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_of_mutated_requests_none_is_genuine(count: int) -> None:
    accepted = [each for each in mutants(count) if SIGNED.genuine(*each)]
    assert accepted == []


def test_telling_forgeries_apart_takes_no_memory_that_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR)  # the test itself would keep the warnings
    list(map(lambda each: SIGNED.genuine(*each), mutants(200)))
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for each in mutants(1_000, seed=2):
        SIGNED.genuine(*each)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 64 * 1024


def test_a_suspicion_is_logged_without_what_the_field_holds(
    caplog: pytest.LogCaptureFixture,
) -> None:
    form = [field for field in FORM if field[0] != "ProfileName"] + [("ProfileNameAn", "na")]
    given = signature(f"{PUBLIC}/whatsapp", form)
    assert not SIGNED.genuine("/whatsapp", form, given)
    assert "ProfileName" in caplog.text
    assert "ProfileNameA" not in caplog.text


def test_a_new_field_beside_the_known_ones_is_let_pass() -> None:
    new = {"BodyLanguage": "ar", "Verse": "1", "MediaUrl0": "https://x.org/1", "Channel": "w"}
    new |= {"Error": "", "Message": "", "Type": "text", "SenderAddress": "", "Button": "1"}
    form = [*FORM, *new.items()]
    assert SIGNED.genuine("/whatsapp", form, signature(f"{PUBLIC}/whatsapp", form))


@given(st.lists(st.tuples(st.text(min_size=1, max_size=9), st.text(max_size=9)), max_size=5))
def test_whatever_comes_is_refused_without_an_error(form: list[tuple[str, str]]) -> None:
    assert not SIGNED.genuine("/whatsapp", form, GENUINE)


@given(st.binary(max_size=200))
def test_whatever_the_body_is_it_is_a_form_or_none(body: bytes) -> None:
    form = form_in(body)
    assert form is None or all(name is not None for name, _ in form)


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_a_form_is_read_as_it_was_written(form: list[tuple[str, str]]) -> None:
    assert form_in(urlencode(form).encode()) == form


@given(st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.lists(st.text())))
def test_what_we_tell_is_written_as_the_standard_library_writes_it(
    fields: dict[str, object],
) -> None:
    expected = urlencode(fields, doseq=True, errors="replace", quote_via=quote)
    # It alone spares the slash.
    assert form_of(fields) == expected.replace("/", "%2F").encode()


def test_half_of_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert form_of({"Body": "a\ud83d b"}) == b"Body=a%3F%20b"


@given(st.binary(max_size=60).map(lambda each: each.replace(b"&", b"").replace(b"=", b"")))
def test_a_value_is_read_as_the_standard_library_reads_it(raw: bytes) -> None:
    try:
        expected = parse_qsl(b"a=" + raw, keep_blank_values=True, errors="strict")
        read = None if not raw.isascii() else [(n.decode(), v.decode()) for n, v in expected]
    except ValueError:
        read = None
    assert form_in(b"a=" + raw) == read


def test_names_that_are_none_of_twilios_are_refused() -> None:
    for name in ("", "Body ", "Bo\0dy", "ä", quote_plus("a b")):
        form = [(name, "1")]
        assert not SIGNED.genuine("/whatsapp", form, signature(f"{PUBLIC}/whatsapp", form))
