"""Mails as real programs write them, and what is read of each: the corpus under `mails/`.

In `people` stand those that somebody wrote, each beside the words that are theirs; in `machines`
those that nobody waits for an answer to; in `hostile` those that cannot be answered.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.email.html import to_text
from channels.email.reading import LONGEST, Known, Mail, Unreadable, read, vouching_server
from channels.email.vouching import Vouching
from tests.hostile import HOSTILE

OURS = "webinars@example.org"
AT = datetime(2020, 4, 3, 10, tzinfo=UTC)
CORPUS = Path(__file__).with_name("mails")


BY_NAME, BY_ITSELF = Vouching("mx.example.org"), Vouching(trusts=True)


def _read(raw: bytes, ours: str = OURS, vouching: Vouching = BY_NAME) -> Mail:
    return read(raw, AT, Known(ours, _is_ours, vouching))


def _is_ours(account: str, id: str) -> bool:
    return account == "layla@example.net" and id.endswith("@example.org>")


def _doubtful(vouching: Vouching, *found: str) -> bool:
    lines = "".join(f"Authentication-Results: {each}\r\n" for each in found)
    return _read(_mail(lines), vouching=vouching).doubtful


def _account(raw: bytes) -> str | None:
    """Whose mail this is, as far as that can be read."""
    try:
        return _read(raw, vouching=BY_ITSELF).account
    except Unreadable as error:
        return error.account


def _mails(kind: str) -> list[str]:
    return sorted(path.stem for path in (CORPUS / kind).glob("*.eml"))


def _raw(kind: str, name: str) -> bytes:
    return (CORPUS / kind / f"{name}.eml").read_bytes()


def _mail(headers: str = "", words: str = "Why?") -> bytes:
    return f"From: layla@example.net\r\nTo: {OURS}\r\n{headers}\r\n{words}\r\n".encode()


@pytest.mark.parametrize("name", _mails("people"))
def test_of_a_mail_the_words_are_read_that_its_sender_wrote(name: str) -> None:
    expected = (CORPUS / "people" / f"{name}.txt").read_text("utf-8").strip()
    mail = _read(_raw("people", name))
    assert (mail.text, mail.automatic) == (expected, False)
    assert mail.account == "layla@example.net"


@pytest.mark.parametrize("name", _mails("machines"))
def test_a_machine_is_known_as_one_and_none_of_its_words_are_kept(name: str) -> None:
    mail = _read(_raw("machines", name))
    assert (mail.automatic, mail.text) == (True, "")


@pytest.mark.parametrize("name", _mails("hostile"))
def test_what_nobody_could_be_answered_to_is_refused_with_one_error(name: str) -> None:
    with pytest.raises(Unreadable):
        _read(_raw("hostile", name))


def test_the_corpus_is_as_large_as_it_is_said_to_be() -> None:
    assert len(_mails("people")) >= 40
    assert len(_mails("machines")) >= 15


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_nobody_sends_by_mistake_is_read_as_words(number: int) -> None:
    words = HOSTILE[number].encode("utf-8", "surrogatepass")
    raw = b"From: layla@example.net\nSubject: " + words[:500] + b"\n\nWhy? " + words
    mail = _read(raw)
    assert mail.account == "layla@example.net"
    assert mail.text.startswith("Why?")
    as_page = raw.replace(b"\n\n", b"\nContent-Type: text/html; charset=utf-8\n\n", 1)
    assert "<img" not in _read(as_page).text
    assert "\n" not in mail.subject


def test_a_mail_cut_anywhere_is_read_or_refused() -> None:
    raw = _raw("people", "picture-attached")
    for end in range(0, len(raw), 7):
        try:
            mail = _read(raw[:end])
        except Unreadable:
            continue
        assert mail.account == "layla@example.net"


def test_a_reply_to_a_mail_of_ours_names_the_latest_of_them() -> None:
    mail = _read(
        _mail(
            "In-Reply-To: <b@example.org>\r\n"
            "References: <a@example.org> <b@example.org> <c@elsewhere.example>\r\n"
        )
    )
    assert mail.reply_to_ours == "<b@example.org>"
    assert _read(_mail("In-Reply-To: <c@elsewhere.example>\r\n")).reply_to_ours is None


@pytest.mark.parametrize(
    ("headers", "aim"),
    [
        ("Delivered-To: webinars+w-corona-1@example.org\r\n", "w-corona-1"),
        ("Cc: Tadamun <Webinars+W-Corona-1@Example.org>\r\n", "w-corona-1"),
        ("Cc: webinars+w-corona-1@elsewhere.example\r\n", None),
        ("Cc: others+w-corona-1@example.org\r\n", None),
        ("Cc: webinars+anything@example.org\r\n", None),
    ],
)
def test_the_address_that_it_was_written_to_names_the_webinar(
    headers: str, aim: str | None
) -> None:
    assert _read(_mail(headers)).aim == aim


@pytest.mark.parametrize(
    ("found", "doubtful"),
    [
        ("dmarc=fail; spf=pass smtp.mailfrom=layla@example.net", True),
        ("spf=fail smtp.mailfrom=x", True),
        ("spf=fail; dkim=pass; dmarc=pass", False),
        ("spf=pass (layla.net: x) smtp.mailfrom=layla@example.net", False),
        ("spf=pass smtp.mailfrom=mail.example.net; dkim=none; dmarc=none", False),
        ("spf=none; dkim=pass header.i=@example.net header.s=a", False),
        ("spf=none; dkim=pass header.d=Example.NET; dmarc=none", False),
        # A forger proves as well who they are, and that they are not whom they name.
        ("spf=pass smtp.mailfrom=a@evil.example; dkim=none", True),
        ("spf=fail; dkim=pass header.d=evil.example", True),
        ("dkim=pass header.d=evil.example; dkim=fail header.d=example.net", True),
        ("dkim=pass header.d=notexample.net", True),
        ("dkim=pass header.d=net", True),
        ("spf=pass (smtp.mailfrom=layla@example.net) smtp.mailfrom=x@evil", True),
        ("spf=softfail smtp.mailfrom=layla@example.net; dmarc=none", True),
        ("dkim=temperror; spf=temperror", True),
    ],
)
def test_a_sender_whom_our_own_server_does_not_vouch_for_is_doubtful(
    found: str, doubtful: bool
) -> None:
    assert _doubtful(BY_NAME, f"mx.example.org; {found}") is doubtful
    assert _doubtful(BY_NAME, f"MX.example.org 1; {found}") is doubtful
    # Who refuses forged mails may say as well what it found, and calls itself anything.
    assert _doubtful(BY_ITSELF, f"mail.example.org; {found}") is doubtful
    assert _doubtful(BY_ITSELF, found) is doubtful


@pytest.mark.parametrize("found", [(), ("mx.example.org; none",), ("mx.example.org; auth=pass",)])
def test_where_nobody_says_who_wrote_a_mail_it_is_doubtful_unless_the_server_is_trusted(
    found: tuple[str, ...],
) -> None:
    assert _doubtful(BY_NAME, *found)
    assert _doubtful(Vouching(), *found)
    assert not _doubtful(BY_ITSELF, *found)


def test_a_line_that_a_forger_wrote_is_believed_of_nobody() -> None:
    forged = "mx.forger.example; dmarc=pass header.from=example.net"
    assert _doubtful(BY_NAME, forged)
    # As long as nobody has said what the server is called, any line may be a forger's.
    assert _doubtful(Vouching(), forged)
    assert _doubtful(Vouching(), forged.replace("forger.example", "example.org"))
    # Our own server's line stands above whatever came with the mail.
    assert _doubtful(BY_NAME, forged, "mx.example.org; dmarc=pass header.from=example.net")


@pytest.mark.parametrize(
    "sender",
    [
        "=?utf-8?q?layla=40example.net=2C_=22?= <forger@forger.example>",
        "=?utf-8?q?layla=40example.net?=",
        "forger@forger.example (a (b) <layla@example.net>)",
        '(x") <forger@forger.example> ("y) <layla@example.net>',
        "forger@forger.example, <layla@example.net>",
        "<layla@example.net>, forger@forger.example",
        '"<layla@example.net>" <forger@forger.example>',
        '"layla@example.net"',
        '""layla@example.net <forger@forger.example>',
        '"a\\"" <forger@forger.example>, "<layla@example.net>" <forger@forger.example>',
    ],
)
def test_nobody_is_read_as_the_sender_but_whom_every_server_sees_there(sender: str) -> None:
    raw = _mail().replace(b"layla@example.net", sender.encode())
    assert _account(raw) in (None, "forger@forger.example")


@pytest.mark.parametrize(
    "sender",
    [
        "layla@example.net",
        "Layla <layla@example.net>",
        "layla@example.net <layla@example.net>",
        "layla@example.net (Layla (or so))",
        'Layla "the, nurse" O. <Layla@Example.net>',
        "=?utf-8?b?2YTZitmE2Yk=?= <layla@example.net>",
        "ليلى <layla@example.net>",
        "Nasser, Layla <layla@example.net>",
    ],
)
def test_a_sender_is_read_however_programs_write_them(sender: str) -> None:
    raw = _mail().replace(b"layla@example.net", sender.encode())
    assert _read(raw).account == "layla@example.net"


@pytest.mark.parametrize(
    "envelope",
    [
        # The envelope is the forger's to choose, and our own server repeats it.
        '"; dkim=pass header.d=example.net ;"@forger.example',
        '"example.net"@forger.example',
        '"x\\"; dkim=pass header.d=example.net ;"@forger.example',
        '"); dkim=pass header.d=example.net ;("@forger.example',
        "=?utf-8?q?x=3B=20dkim=3Dpass=20header.d=3Dexample.net=20?=@forger.example",
        "=?utf-8?b?OyBka2ltPXBhc3MgaGVhZGVyLmQ9ZXhhbXBsZS5uZXQg?=@forger.example",
    ],
)
def test_a_forger_adds_nothing_to_the_line_of_our_own_server(envelope: str) -> None:
    assert _doubtful(BY_NAME, f"mx.example.org; spf=pass smtp.mailfrom={envelope}")
    assert _doubtful(BY_NAME, f"mx.example.org; spf=pass (of {envelope}) smtp.mailfrom={envelope}")
    # What our server finds besides counts as before.
    found = f"mx.example.org; spf=none smtp.mailfrom={envelope}; dkim=pass header.d=example.net"
    assert not _doubtful(BY_NAME, found)


def test_a_comment_says_nothing_even_if_it_is_never_closed() -> None:
    assert _doubtful(BY_NAME, "mx.example.org; spf=none (a (b) c; dkim=pass header.d=example.net")
    assert _doubtful(BY_NAME, 'mx.example.org; spf=none x="a; dkim=pass header.d=example.net')
    passed = "dkim=pass header.d=example.net"
    assert not _doubtful(BY_NAME, f'mx.example.org; spf=none (he said: "a" \\) b); {passed}')


def test_the_server_that_says_who_wrote_a_mail_can_be_told() -> None:
    found = "Authentication-Results: MX.Example.org 1; spf=none\r\n"
    assert vouching_server(_mail(found)) == "mx.example.org"
    assert vouching_server(_mail("Authentication-Results: spf=none\r\n")) == ""
    assert vouching_server(_mail()) == ""
    assert vouching_server(b"\xff\x00") == ""
    # It is shown on a terminal, where a forger's signs would do something.
    for name in ("\x1b[2Jmx.example.org", "mx.example.org\u202e", "ندوة", "m" * 300):
        assert vouching_server(_mail(f"Authentication-Results: {name}; spf=none\r\n")) == ""


def test_of_what_is_found_of_a_sender_only_our_own_server_is_believed() -> None:
    ours = "Authentication-Results: mx.example.org; spf=none\r\n"
    # What stands further down was there when the mail came, and may be the forger's own.
    below = "Authentication-Results: mx.forger.example; dmarc=pass\r\n"
    assert _read(_mail(ours + below)).doubtful
    # Some servers write a line for each thing that they look at.
    more = "Authentication-Results: mx.example.org; dkim=pass header.d=example.net\r\n"
    assert not _read(_mail(ours + more)).doubtful
    fails = "Authentication-Results: mx.example.org; dmarc=fail\r\n"
    assert _read(_mail(ours + more + fails)).doubtful


def test_no_header_hides_within_another() -> None:
    # To servers a lone CR is a sign like any other: they see no such line, and take none away.
    ours = "Authentication-Results: mx.example.org; spf=none\r\n"
    for hidden in ("Subject: Masks\r", "Subject: Masks\r \r"):
        line = "Authentication-Results: mx.example.org; dkim=pass header.d=example.net\r\n"
        assert _read(_mail(ours + hidden + line)).doubtful
    assert _read(_mail("Subject: Masks\rCc: webinars+w-corona-1@example.org\r\n")).aim is None
    # Below the headers it is one of many ends of a line.
    assert _read(_mail(words="Why?\rAnd how?")).text == "Why?\nAnd how?"


def test_whoever_answers_a_mail_that_they_alone_have_is_not_doubtful() -> None:
    fails = "Authentication-Results: mx.example.org; dmarc=fail\r\n"
    assert not _read(_mail(fails + "In-Reply-To: <b@example.org>\r\n")).doubtful
    assert _read(_mail(fails + "In-Reply-To: <b@elsewhere.example>\r\n")).doubtful


def test_the_same_mail_has_the_same_id_and_another_has_another() -> None:
    first, again = _read(_mail("Message-ID: <1@x>\r\n")), _read(_mail("Message-ID: <1@x>\r\n", "?"))
    assert first.id == again.id != _read(_mail("Message-ID: <2@x>\r\n")).id
    assert _read(_mail(words="one")).id != _read(_mail(words="two")).id


def test_nothing_is_read_beyond_a_quarter_of_a_megabyte() -> None:
    mail = _read(_mail(words="a\r\n" + "b" * (2 * LONGEST)))
    assert len(mail.text) < LONGEST


A_MOMENT = 5
"""Seconds of the processor, many times what it takes on a slow machine: whatever grows with the
square of a mail's length takes longer still, wherever it runs."""


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", '<a "', "<!--", "<blockquote>", "<style>", "<b \"<b>' ", "&#", " \n", "</"],
)
def test_markup_of_any_kind_is_read_in_a_moment(piece: str) -> None:
    began = time.process_time()
    to_text(piece * (LONGEST // len(piece)))
    assert time.process_time() - began < A_MOMENT


@pytest.mark.parametrize(
    "piece", ["On 1 ", "> ", "في 1 ", "From: a\n", ">\n", "a:\n", "--\n", "=?utf-8?B?"]
)
def test_plain_text_of_any_kind_is_read_in_a_moment(piece: str) -> None:
    began = time.process_time()
    _read(_mail(f"Subject: {piece.strip() * 300}\r\n", piece * (LONGEST // len(piece) // 2)))
    assert time.process_time() - began < A_MOMENT


@pytest.mark.parametrize(
    "line",
    ["From{}x", "From: a\nSent{}x", "a b <a@b.example>{}1:", "on 1 Nov <a@b.example>{}1:"],
)
def test_a_gap_in_a_line_is_read_in_a_moment_however_wide_it_is(line: str) -> None:
    began = time.process_time()
    _read(_mail(words=f"Why?\n{line.format(' ' * (LONGEST // 4))}"))
    assert time.process_time() - began < A_MOMENT


def _nested(times: int) -> str:
    part = "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n"
    return "".join(part.format(number) for number in range(times))


@pytest.mark.parametrize(
    "raw",
    [
        "Content-Type: text/plain" + ";" * LONGEST,
        "Content-Type: multipart/mixed\r\n" + " ; a=\r\n" * (LONGEST // 8),
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        "content-disposition: inline" + "; a*0=b" * (LONGEST // 8),
        _nested(500) + "\r\nx" * (LONGEST // 4),
    ],
    ids=["semicolons", "folded", "within", "nested"],
)
def test_what_takes_ever_longer_to_take_apart_is_not_taken_apart(raw: str) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable) as refused:
        _read(f"From: layla@example.net\r\n{raw}\r\n\r\nWhy?".encode()[:LONGEST])
    assert refused.value.account == "layla@example.net"
    assert time.process_time() - began < A_MOMENT


def test_a_mail_of_many_parts_is_read_all_the_same() -> None:
    raw = f"From: layla@example.net\r\n{_nested(20)}\r\nWhy?"
    assert _read(raw.encode()).text == "Why?"


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "raw-unicode-escape"])
def test_a_charset_that_no_mail_is_written_in_is_none(charset: str) -> None:
    began = time.process_time()
    kind = f"Content-Type: text/plain; charset={charset}\r\n"
    mail = _read(_mail(kind, "Why \\u0041?" + "a" * (LONGEST - 1000)))
    assert mail.text.startswith("Why \\u0041?")
    assert time.process_time() - began < A_MOMENT
