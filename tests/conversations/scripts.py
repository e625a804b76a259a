"""The conversations that everybody must be able to have, on any channel and in both languages."""

from __future__ import annotations

import tomllib

from dialogue.words import Localised, Text
from service import EXAMPLE
from storage.community.people import Profile
from tests.conversations.steps import Greet, Pick, Say, Script, See, Start, Step, Switch, Tap
from tests.conversations.understood import Asked, Understood

QUESTION = "كيف نحمي العاملين في الأسواق؟ 🌱"
SERIES = {told["id"]: told for told in tomllib.loads(EXAMPLE.read_text("utf-8"))["webinars"]}


def tap(name: str) -> Tap:
    """The button with this name in the catalogues."""
    return Tap(Text(f"btn-{name}"))


def title(webinar: str) -> Localised:
    """A webinar's title, which is also what its buttons say."""
    return Localised(SERIES[webinar]["title"])


VIRUS, WORK, WELLBEING = title("coronavirus"), title("work-and-democracy"), title("wellbeing")
TOPIC, ACCESS = (Localised(asked["prompt"]) for asked in SERIES["work-and-democracy"]["questions"])
DEMOCRACY = Localised(SERIES["work-and-democracy"]["questions"][0]["choices"][2]["label"])

AGREED: tuple[Step, ...] = (
    Start(),
    See("greeting"),
    Greet(),
    See("notice-heading"),
    tap("read-more"),
    See("notice-adults"),
    tap("agree"),
    See("agreed"),
)

REGISTERING: tuple[Step, ...] = (
    tap("register"),
    See("ask-nick"),
    Say("نور Nour"),
    See("ask-gov"),
    Tap(Text("governorate-BA")),
    See("ask-webinars"),
    Pick((VIRUS, WORK)),
    See(TOPIC),
    Tap(DEMOCRACY),
    See(ACCESS),
    tap("skip"),
    See("ask-question-too"),
    Say(QUESTION),
    See("ask-for"),
    Tap(VIRUS),
    See("ask-kind"),
    tap("question"),
    See("ask-as"),
    tap("anon"),
    See("summary-registration"),
    tap("confirm"),
    See("saved"),
    See("question-received"),
)

REGISTERED = Understood(
    profile=Profile(nickname="نور Nour", governorate="BA"),
    registrations=(
        ("coronavirus", ()),
        ("work-and-democracy", (("access", None), ("first-topic", "democracy"))),
    ),
    questions=(Asked(QUESTION, "coronavirus"),),
)

REGISTRATION = Script("a whole registration with a question", AGREED + REGISTERING, REGISTERED)

ONLY_READING = Script(
    "reading without agreeing",
    (
        Start(),
        Greet(),
        tap("no-thanks"),
        See("declined"),
        Say("/webinars"),
        See("programme"),
        Say("/help"),
        See("help-before"),
        Say("/stop"),
        See("nothing-is-kept"),
        Say("What about the hospitals?"),
        See("not-kept-yet"),
    ),
    None,
)

MISTAKES = Script(
    "mistakes, back, skip, and a change in the summary",
    (
        *AGREED,
        tap("register"),
        Say("a nickname that is much longer than anybody could wish for"),
        See("reject-nickname"),
        See("ask-nick"),
        Say("Nour"),
        Say("Atlantis"),
        See("reject-gov"),
        tap("back"),
        See("ask-nick"),
        See("answer-so-far"),
        Say("Nur"),
        See("ask-gov"),
        Tap(Text("governorate-out")),
        See("ask-zone"),
        Say("Xyzzy"),
        See("reject-zone"),
        Say("روما"),
        See("ask-webinars"),
        tap("done"),
        See("reject-pick-one"),
        Say("the one about whales"),
        See("reject-not-a-choice"),
        Pick((Text("btn-all-future"),)),
        See("ask-extra"),
        tap("skip"),
        Say("larger type"),
        See("ask-question-too"),
        tap("skip"),
        See("summary-registration"),
        tap("edit"),
        See("edit-which"),
        Tap(Text("title-gov")),
        See("ask-gov"),
        Say("Mosul"),
        See("summary-registration"),
        tap("confirm"),
        See("saved"),
    ),
    Understood(
        profile=Profile(nickname="Nur", governorate="NI"),
        all_future=True,
        registrations=(
            ("coronavirus", ()),
            ("work-and-democracy", (("access", "larger type"), ("first-topic", None))),
            ("wellbeing", ()),
            ("rivers", ()),
        ),
    ),
)

CHANGED_MIND = Script(
    "cancelling, and stopping everything",
    (
        *AGREED,
        tap("register"),
        Say("Nour"),
        tap("cancel"),
        See("cancelled"),
        tap("stop"),
        See("stopped"),
        tap("resume"),
        See("resumed"),
        tap("register"),
        See("ask-nick"),
        Say("توقف"),
        See("stopped"),
    ),
    Understood(announcements=False, reminders=False, stopped=True),
)

LANGUAGE = Script(
    "another language in the middle of registering",
    (
        *AGREED,
        tap("register"),
        Say("Nour"),
        Say("/language"),
        See("ask-language"),
        Switch(),
        See("language-changed"),
        See("ask-gov"),
        Tap(Text("governorate-AR")),
        See("ask-webinars"),
        Pick((WELLBEING,)),
        See("ask-question-too"),
        tap("skip"),
        tap("confirm"),
        See("saved"),
    ),
    Understood(
        profile=Profile(nickname="Nour", governorate="AR"),
        registrations=(("wellbeing", ()),),
    ),
    switched=True,
)

ASKING = Script(
    "asking, changing it, withdrawing it",
    (
        *AGREED,
        Say("/ask"),
        See("ask-question"),
        Say(QUESTION),
        Tap(Text("btn-series")),
        tap("idea"),
        See("summary-question"),
        tap("confirm"),
        See("idea-received"),
        Say("And the schools?"),
        See("unasked"),
        tap("send-as-question"),
        See("ask-for"),
        Tap(WORK),
        tap("question"),
        tap("confirm"),
        See("question-received"),
        Say("/questions"),
        See("state-received"),
        Tap("And the schools?"),
        See("question-about"),
        tap("rewrite"),
        See("ask-rewrite"),
        Say("And the kindergartens?"),
        See("question-rewritten"),
        Say("/questions"),
        Tap(QUESTION),
        tap("withdraw"),
        See("question-withdrawn"),
    ),
    Understood(
        questions=(
            Asked(QUESTION, kind="idea", state="withdrawn"),
            Asked("And the kindergartens?", "work-and-democracy"),
        )
    ),
)

SETTINGS = Script(
    "settings, and one's own clock",
    (
        *AGREED,
        tap("settings"),
        See("setting-zone"),
        tap("zone"),
        See("ask-zone"),
        Say("برلين"),
        See("setting-changed"),
        tap("announcements-off"),
        See("setting-announcements-off"),
        tap("text_only-on"),
        See("setting-text_only-on"),
        tap("menu"),
        See("menu"),
    ),
    Understood(profile=Profile(zone="Europe/Berlin"), announcements=False, text_only=True),
)

FORGOTTEN = Script(
    "seeing what is kept, and having it erased",
    (
        *AGREED,
        *REGISTERING,
        Say("/mydata"),
        See("mydata"),
        See("mydata-nickname"),
        tap("mydata-file"),
        See("mydata-file", on_whatsapp="stays-here"),
        Say("/forget"),
        See("forget"),
        tap("forget-really"),
        See("forget-sure"),
        tap("forget-now"),
        See("forgotten"),
    ),
    None,
)

SCRIPTS = (
    REGISTRATION,
    ONLY_READING,
    MISTAKES,
    CHANGED_MIND,
    LANGUAGE,
    ASKING,
    SETTINGS,
    FORGOTTEN,
)
