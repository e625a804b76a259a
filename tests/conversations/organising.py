"""What organisers do and what readers see, as steps that the stories of the post office share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dialogue.words import Localised, Text
from tests.conversations.scripts import tap
from tests.conversations.steps import Pick, Say, See, Step, Tap

WEDNESDAY = datetime(2026, 3, 25, 8, tzinfo=UTC)
STARTS = datetime(2026, 4, 3, 16, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
UNDO = timedelta(seconds=61)

TITLE = Localised({"ar": "كيف نعتني بحيّنا", "en": "Looking after our neighbourhood"})
LINK = "https://meet.example.org/our-room"
PASSCODE = "2580"

LANGUAGE = {code: Text(f"language-{code}") for code in ("ar", "en")}

CREATING: tuple[Step, ...] = (
    Say("/new"),
    tap("new-webinar"),
    See("ask-w-title"),
    Say(TITLE.by_language["ar"]),
    Say(TITLE.by_language["en"]),
    See("ask-w-at"),
    Say("الجمعة 3 نيسان الساعة 7 مساءً"),
    See("moment-right"),
    tap("moment-right"),
    See("ask-w-length"),
    Say("ساعة ونصف"),
    See("ask-w-held"),
    Pick((LANGUAGE["ar"],)),
    See("ask-w-into"),
    Pick((LANGUAGE["en"],)),
    See("ask-w-about"),
    Say("نلتقي ونتحدث عمّا يمكن أن نفعله معًا."),
    Say("We meet and talk about what we can do together."),
    See("ask-w-speakers"),
    Say("د. هدى سلمان - طبيبة في البصرة"),
    Say("Dr Huda Salman - a doctor in Basra"),
    See("ask-w-link"),
    Say(LINK),
    See("ask-w-phone"),
    tap("skip"),
    See("ask-w-passcode"),
    Say("٢٥٨٠"),
    See("ask-w-approval"),
    Tap(Text("btn-approval-no")),
    tap("rest-later"),
    See("summary-webinar"),
    tap("confirm"),
    See("webinar-saved"),
)

PUBLISHING: tuple[Step, ...] = (
    Tap(Text("btn-seen-in", {"language": LANGUAGE["en"]})),
    See("webinar-seen-as"),
    Tap(Text("btn-seen-in", {"language": LANGUAGE["ar"]})),
    See("webinar-seen-as"),
    See(TITLE),
    tap("to-webinar"),
    tap("publish"),
    See("webinar-published"),
    See("staff-links"),
)

ANNOUNCED = {
    "ar": "لقاء مفتوح يوم الجمعة. أهلًا بالجميع!",
    "en": "An open meeting on Friday. All are welcome!",
}

WRITING: tuple[Step, ...] = (
    tap("announce-webinar"),
    See("ask-announce-text"),
    Say(ANNOUNCED["ar"]),
    Say(ANNOUNCED["en"]),
    See("announce-draft"),
)

MOVING: tuple[Step, ...] = (
    Say("/new"),
    Tap(TITLE),
    tap("move"),
    See("ask-move-at"),
    Say("السبت ٤ نيسان الساعة ٧ مساءً"),
    See("moment-right"),
    tap("moment-right"),
    See("move-sure"),
    See("told-how-many"),
    tap("do-move"),
    See("held-move"),
)

CANCELLING: tuple[Step, ...] = (
    Say("/new"),
    Tap(TITLE),
    tap("cancel-webinar"),
    See("cancel-sure"),
    See("told-how-many"),
    tap("do-cancel"),
    See("held-cancel"),
)
