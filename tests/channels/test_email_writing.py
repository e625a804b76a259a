"""What a message looks like as a mail, and that nothing in it can become a header."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from icalendar import Calendar

from channels.email import (
    Desk,
    Posters,
    Sheet,
    Thread,
    Threads,
    Words,
    addressed,
    holds,
    mailed,
    written,
)
from channels.email.calendars import calendar
from channels.email.posters import LARGEST
from dialogue.words import File, Message, MessageButton, MessageMeeting
from tests.hostile import HOSTILE
from tests.pictures import jpeg, png, webp

AT = datetime(2026, 4, 3, 16, 20, tzinfo=UTC)
DESK = Desk(
    sender="تضامن <webinars@example.org>",
    words={
        "en": Words(
            *("Answer in the chat", "You gave us this address.", "Stop e-mail", "A message"),
            'The "poster"',
        ),
        "ar": Words(
            "الرد في المحادثة", "قدّمتم لنا هذا العنوان.", "إيقاف البريد", "رسالة", "الملصق"
        ),
    },
    chat=lambda: "https://tadamun.example.org/chat",
    stop=lambda account: "https://tadamun.example.org/mail/stop/sealed",
    key=b"a key for tests",
)
REMINDER = "Tomorrow at 18:00: Corona\n\nThe way in: https://meet.example.org/a?b=1&c=2."


def read(sheet: Sheet) -> EmailMessage:
    """The mail as a program reads it that gets its bytes."""
    return message_from_bytes(mailed(sheet, DESK)[1], policy=default)


def sheet(text: str, language: str = "en", **more: object) -> Sheet:
    return Sheet("nour@example.org", Message(text, language=language, **more), AT, delivery=7)  # type: ignore[arg-type]


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_first_line_is_the_subject_and_links_can_be_pressed():
    mail = read(sheet(REMINDER))
    assert mail["Subject"] == "Tomorrow at 18:00: Corona"
    link = '<a href="https://meet.example.org/a?b=1&amp;c=2">'
    assert link in part(mail, "html")
    assert "https://meet.example.org/a?b=1&c=2.\n" in part(mail, "plain")


@pytest.mark.parametrize(("language", "way"), [("ar", "rtl"), ("en", "ltr")])
def test_a_mail_runs_in_the_direction_of_its_language(language: str, way: str):
    mail = read(sheet("غدًا: كورونا" if language == "ar" else "Tomorrow", language))
    assert f'<html lang="{language}" dir="{way}">' in part(mail, "html")
    assert mail["Content-Language"] == language


def test_a_mail_in_two_languages_has_each_paragraph_in_its_own_direction():
    html = part(read(sheet("\u2067سؤال\u2069 said in English\n\nقيل بالعربية", "ar")), "html")
    assert [line[:12] for line in html.split("\n") if line.startswith("<p")][:2] == [
        '<p dir="ltr"',
        '<p dir="rtl"',
    ]


def test_a_long_first_line_is_cut_in_the_subject_alone():
    mail = read(sheet("word " * 100))
    assert len(mail["Subject"]) <= 90
    assert mail["Subject"].endswith("…")
    assert "word " * 99 in part(mail, "plain")


def test_a_message_without_words_has_a_subject():
    assert read(sheet(""))["Subject"] == "A message"


def test_programs_are_told_that_nobody_wrote_it_and_how_it_ends():
    mail = read(sheet(REMINDER))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://tadamun.example.org/mail/stop/sealed>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Stop e-mail: https://tadamun.example.org/mail/stop/sealed" in part(mail, "plain")


def test_what_programs_look_for_stands_on_one_line_however_long_it_is():
    link, id = f"https://tadamun.example.org/mail/stop/{'Az-_' * 40}", f"<{'a.b' * 90}@b.example>"

    def stop(_account: str) -> str:
        return link

    desk = replace(DESK, stop=stop)
    raw = written(replace(sheet("x"), thread=Thread(id, "x")), desk).as_bytes()
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    assert f"\r\nIn-Reply-To: {id}\r\n".encode() in raw


def test_a_mail_that_names_itself_oddly_is_answered_all_the_same():
    for odd in ("", "no-brackets", "<علي@b.example>", f"<{'a' * 2000}>"):
        mail = read(replace(sheet("x"), thread=Thread(odd, "x")))
        assert mail["In-Reply-To"] is None
        assert mail["Subject"] == "Re: x"


def test_a_stranger_is_sent_no_words_that_somebody_wrote_in_their_name():
    thread = Thread("<1@evil.example>", "You have won: evil.example")
    mail = read(replace(sheet(REMINDER), delivery=None, thread=thread))
    assert "won" not in str(mail)
    assert mail["Subject"] == "Tomorrow at 18:00: Corona"
    assert mail["In-Reply-To"] == "<1@evil.example>"
    # Nor is anybody whose mail another one may have written.
    mail = read(replace(sheet(REMINDER), thread=replace(thread, subject=None)))
    assert mail["Subject"] == "Tomorrow at 18:00: Corona"


def test_what_proves_an_address_has_nothing_to_stop():
    mail = read(replace(sheet(REMINDER), delivery=None))
    assert mail["List-Unsubscribe"] is None
    assert "/mail/stop" not in part(mail, "plain")


def test_one_row_is_one_mail_however_often_it_is_written():
    first, again = read(sheet(REMINDER)), read(replace(sheet(REMINDER), at=AT.replace(hour=20)))
    other = read(replace(sheet(REMINDER), delivery=8))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{32}\.[0-9a-f]{32}@example\.org>", first["Message-ID"])


def test_only_whoever_got_a_mail_of_ours_can_name_it():
    got = str(read(sheet(REMINDER))["Message-ID"])
    assert holds(DESK.key, "nour@example.org", got)
    assert not holds(DESK.key, "another@example.net", got)
    assert not holds(b"another key", "nour@example.org", got)
    for made_up in ("", "<@example.org>", "<a.b@example.org>", got.replace(".", ".0", 1), got[1:]):
        assert not holds(DESK.key, "nour@example.org", made_up)
    halves = re.fullmatch(r"<(\w+)\.(\w+)@example\.org>", got)
    assert halves is not None
    assert not holds(DESK.key, "nour@example.org", f"<{'0' * 32}.{halves[2]}@example.org>")


def test_what_answers_a_mail_stands_with_it():
    thread = Thread("<their-id@example.org>", "سؤال")
    mail = read(replace(sheet("Received."), thread=thread))
    assert mail["In-Reply-To"] == mail["References"] == "<their-id@example.org>"
    assert mail["Subject"] == "Re: سؤال"
    assert mail["Auto-Submitted"] == "auto-replied"


def test_buttons_with_links_are_links_and_all_others_lead_to_the_chat():
    rows = (
        (MessageButton("The page", url="https://example.org/page"),),
        (MessageButton("Yes", "go:yes"), MessageButton("No", "go:no")),
    )
    mail = read(sheet("Well?", rows=rows))
    assert "The page: https://example.org/page" in part(mail, "plain")
    assert "Answer in the chat: https://tadamun.example.org/chat" in part(mail, "plain")
    assert "go:yes" not in mail.as_string()
    assert '<a href="https://example.org/page">The page</a>' in part(mail, "html")


def test_a_file_comes_with_it():
    (attached,) = read(sheet("Here.", file=File("data.json", b"{}"))).iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("data.json", b"{}")


def test_a_date_comes_as_calendars_read_it():
    starts = datetime(2026, 4, 3, 16, tzinfo=UTC)
    title = "\u2068كورونا\u2069; what, we\r\nBEGIN:VALARM know " + "and more " * 20
    dates = (
        MessageMeeting("corona-1", title, starts, 90, 2),
        MessageMeeting("corona-2", "Women and law", starts, 60, 3, cancelled=True),
    )
    (attached,) = read(sheet(REMINDER, meetings=dates)).iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    read_by_a_calendar = Calendar.from_ical(attached.get_content())
    assert str(read_by_a_calendar["METHOD"]) == "PUBLISH"
    first, second = read_by_a_calendar.events
    assert (first.start, first.end) == (starts, starts + timedelta(minutes=90))
    assert str(first["UID"]) == "corona-1.webinars@example.org"
    assert str(first["SUMMARY"]).startswith("كورونا; what, we BEGIN:VALARM know and more")
    assert (first["SEQUENCE"], str(first["STATUS"])) == (2, "CONFIRMED")
    assert (second["SEQUENCE"], str(second["STATUS"])) == (3, "CANCELLED")
    assert [each.name for each in read_by_a_calendar.subcomponents] == ["VEVENT", "VEVENT"]
    assert first.subcomponents == []


def test_dates_of_two_communities_are_two_wherever_their_mail_comes_from():
    date = MessageMeeting("corona-1", "Corona", datetime(2026, 4, 3, 16, tzinfo=UTC), 90, 1)

    def uid(sender: str) -> str:
        made = calendar([date], sender, AT)
        (event,) = Calendar.from_ical(made).events
        return str(event["UID"])

    # Half the world has its mail from one server, and every series has a first webinar.
    assert uid("one@mail.example") != uid("another@mail.example")
    assert uid("one@mail.example") == uid("one@mail.example")


async def pictured(content: bytes, file: File | None = None) -> Sheet:
    """A mail that is to show this picture."""

    async def kept(hash: str) -> bytes | None:
        return content

    return replace(sheet(REMINDER, file=file), poster=await Posters(kept).find("a poster"))


@pytest.mark.parametrize("content", [png(), jpeg(), webp(), png(640, 360) + bytes(100_000)])
async def test_a_poster_comes_inside_the_mail(content: bytes):
    mail = read(await pictured(content))
    page = mail.get_body(("related", "html"))
    assert page is not None
    assert page.get_content_type() == "multipart/related"
    (shown,) = page.iter_attachments()
    assert shown.get_content() == content
    assert shown.get_content_disposition() == "inline"
    (source,) = re.findall(
        r'<img src="cid:([^"]+)" alt="The &quot;poster&quot;"', part(mail, "html")
    )
    assert shown["Content-ID"] == f"<{source}>"
    assert "<img" not in part(mail, "html").replace('<img src="cid:', "")


async def test_who_reads_words_alone_loses_nothing_with_a_poster():
    with_it, without = read(await pictured(png())), read(sheet(REMINDER))
    assert part(with_it, "plain") == part(without, "plain")
    assert [each.get_content_type() for each in with_it.iter_parts()] == [
        "text/plain",
        "multipart/related",
    ]


async def test_a_poster_and_a_file_are_told_apart():
    mail = read(await pictured(png(), file=File("data.json", b"{}")))
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "data.json"
    pictures = [each for each in mail.walk() if each.get_content_maintype() == "image"]
    assert [each.get_content() for each in pictures] == [png()]


async def test_a_poster_that_is_too_large_or_none_stays_away():
    for content in (png() + bytes(LARGEST), b"no picture"):
        made = await pictured(content)
        assert made.poster is None
        assert "<img" not in part(read(made), "html")


@pytest.mark.parametrize(
    "words",
    [
        "علي\r\nBcc: x@y.example",
        "علي\nBcc: x@y.example",
        "علي\rBcc: x@y.example",
        "علي\u2028Bcc: x@y.example",
        "علي\x85Bcc: x@y.example",
        "علي\x0bBcc: x@y.example",
    ],
)
def test_no_words_become_a_header(words: str):
    thread = Thread(f"<a@b.example>{words}", words)
    for made in (sheet(words), replace(sheet("x"), thread=thread)):
        mail = read(made)
        assert mail["Bcc"] is None
        assert set(mail.keys()) <= HEADERS


def test_no_name_of_the_community_becomes_a_header():
    assert addressed("علي\r\nBcc: x@y <webinars@example.org>").display_name.count("\n") == 0


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_text_is_shown_and_does_nothing(words: str):
    mail = read(sheet(words))
    assert set(mail.keys()) <= HEADERS
    page = part(mail, "html")
    assert "<img" not in page
    assert "<script" not in page
    assert re.findall(r'<a href="(?!https?://)', page) == []


def test_which_mail_is_answered_is_forgotten_soon():
    threads = Threads()
    thread = Thread("<a@b.example>", "x")
    threads.note("nour@example.org", thread, AT)
    assert threads.find("nour@example.org", AT.replace(minute=29)) == thread
    assert threads.find("nour@example.org", AT.replace(minute=31)) is None
    assert threads.find("anna@example.org", AT) is None


HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("Content-Language", "In-Reply-To", "References", "List-Unsubscribe"),
    *("List-Unsubscribe-Post", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
}
