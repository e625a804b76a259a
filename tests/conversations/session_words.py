"""Thirty questions as people ask them around one session, in both languages, and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialogue.words import Localised

Way = Literal["registering", "before", "mail", "live", "heard"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, and what interpreters make of it."""

    by: str
    way: Way
    language: str
    words: str
    other: str
    """The same in the other language."""

    def said_in(self, language: str) -> str:
        """The words as a reader of this language gets them."""
        return self.words if language == self.language else self.other


TITLE = Localised({"ar": "كيف نحمي أنفسنا ومن حولنا", "en": "Keeping ourselves and others safe"})

MASKS = Asked(
    *("nour", "registering", "ar", "هل تحمي الكمامات القماشية من العدوى؟"),
    "Do cloth masks protect against infection?",
)
MASKS_AGAIN = Asked(
    *("ali", "before", "ar", "هل تحمينا الكمامات القماشية من العدوى حقًا؟"),
    "Do cloth masks really protect us from infection?",
)
MASKS_ABROAD = Asked(
    *("anna", "registering", "en", "Do cloth masks protect us from infection?"),
    "هل تحمينا الكمامات القماشية من العدوى؟",
)
MASKS_BY_MAIL = Asked(
    *("omar", "mail", "en", "Do masks made of cloth protect us from infection at all?"),
    "هل تحمينا كمامات القماش من العدوى أصلًا؟",
)
WAGES = Asked(
    *("zainab", "registering", "ar", "هل تُدفع الأجور في أثناء حظر التجوال؟"),
    "Are wages paid during the curfew?",
)
SCHOOLS = Asked(
    *("marco", "registering", "en", "When is it safe to open schools again?"),
    "متى يكون فتح المدارس من جديد آمنًا؟",
)
VACCINES = Asked(
    *("layla", "mail", "ar", "متى تصل اللقاحات إلى القرى البعيدة؟"),
    "When will vaccines reach the villages far away?",
)
FOOTBALL = Asked(
    *("ali", "registering", "ar", "من سيفوز بكأس العالم؟"), "Who will win the world cup?"
)
LIZARDS = Asked(
    *("omar", "mail", "en", "Are the lizards behind all of this?"), "هل السحالي وراء كل هذا؟"
)
GECKOS = Asked(
    *("sara", "registering", "ar", "هل تنقل السحالي في البيوت المرض؟"),
    "Do lizards in our houses carry the disease?",
)
RIGHTS = Asked(
    *("zainab", "before", "ar", "ما حقوق العاملات في البيوت الآن؟"),
    "What rights do domestic workers have now?",
)
FLAGGED = (LIZARDS, GECKOS)
LISTED = "lizard*\nسحالي\n"
"""The community's list of words: some have had enough of reading this."""

QUESTIONS: tuple[Asked, ...] = (
    *(MASKS, MASKS_AGAIN, MASKS_ABROAD, MASKS_BY_MAIL, WAGES, SCHOOLS, VACCINES),
    *(FOOTBALL, LIZARDS, GECKOS),
    Asked(
        *("nour", "before", "ar", "كيف نغسل أيدينا حين ينقطع الماء؟"),
        "How do we wash our hands when the water is cut off?",
    ),
    RIGHTS,
    Asked(
        *("ali", "before", "ar", "هل يكفي الأوكسجين في مستشفيات البصرة؟"),
        "Is there enough oxygen in the hospitals of Basra?",
    ),
    Asked(
        *("anna", "before", "en", "How can people abroad help the hospitals?"),
        "كيف يمكن لمن في الخارج مساعدة المستشفيات؟",
    ),
    Asked(
        *("anna", "before", "en", "Which news about the virus can be trusted?"),
        "أي أخبار عن الفيروس يمكن الوثوق بها؟",
    ),
    Asked(
        *("marco", "before", "en", "What did the nurses in Milan learn in March?"),
        "ماذا تعلّم طاقم التمريض في ميلانو في آذار؟",
    ),
    Asked(
        *("marco", "before", "en", "Who decides on the curfew, and who watches them?"),
        "من يقرر حظر التجوال، ومن يراقبهم؟",
    ),
    Asked(
        *("layla", "mail", "ar", "أين نجد طبيبًا يردّ على الهاتف؟"),
        "Where do we find a doctor who answers the phone?",
    ),
    Asked(
        *("layla", "mail", "ar", "كيف نعتني بكبار السن دون زيارتهم؟"),
        "How do we care for the elderly without visiting them?",
    ),
    Asked(
        *("omar", "mail", "en", "May we meet outdoors in small groups?"),
        "هل يجوز اللقاء في الهواء الطلق بأعداد صغيرة؟",
    ),
    Asked(
        *("nour", "live", "ar", "ما العلامات التي تستدعي المستشفى؟"),
        "Which signs mean going to hospital?",
    ),
    Asked(
        *("zainab", "live", "ar", "هل تصيب العدوى الإنسان مرتين؟"),
        "Can one be infected twice?",
    ),
    Asked(
        *("ali", "live", "ar", "كم يبقى الفيروس على الأسطح؟"),
        "How long does the virus stay on surfaces?",
    ),
    Asked(
        *("anna", "live", "en", "Is it true that heat kills the virus?"),
        "هل صحيح أن الحرارة تقتل الفيروس؟",
    ),
    Asked(
        *("marco", "live", "en", "What about people in camps and prisons?"),
        "ماذا عن الناس في المخيمات والسجون؟",
    ),
    Asked(*("sara", "live", "ar", "هل الرضاعة آمنة للأطفال؟"), "Is breastfeeding safe for babies?"),
    Asked(
        *("", "heard", "ar", "هل الفحص مجاني في كل المحافظات؟"),
        "Is testing free in all governorates?",
    ),
    Asked(
        *("", "heard", "en", "Could you say more about ventilation?"),
        "هل يمكن قول المزيد عن التهوية؟",
    ),
    Asked(*("", "heard", "ar", "ما رأيكم في العلاج بالأعشاب؟"), "What do you think of herbs?"),
    Asked(
        *("", "heard", "en", "How do volunteers protect themselves?"),
        "كيف يحمي المتطوعون أنفسهم؟",
    ),
)

ON_MASKS = {
    "en": "Yes: two layers, close to the face, and washed every day.",
    "ar": "نعم: طبقتان، قريبتان من الوجه، مع الغسل كل يوم.",
}
"""The guest expert writes it on the board, in English."""
ON_WAGES = {
    "ar": "القانون يُبقي الأجر كاملًا، والنقابة تساعد.",
    "en": "By law wages stay whole, and the union helps.",
}
"""The moderators write it on the phone, in Arabic, for whoever asked."""
ON_SCHOOLS = {
    "en": "When there are few cases nearby, and windows that open.",
    "ar": "حين تقل الإصابات في الجوار، وتُفتح النوافذ.",
}
"""The moderators write it on the board, in English, for all who registered."""
ON_RIGHTS = {
    "en": "The same as anybody: wages, rest, and a day off each week.",
    "ar": "الحقوق نفسها التي للجميع: أجر وراحة ويوم عطلة كل أسبوع.",
}
"""The guest expert writes it by mail, in English, in reply to the digest."""
NOT_ASKED = "It is not about people's health."


def asked(way: Way, by: str | None = None) -> list[Asked]:
    """What was asked in this way, by one of them or by all."""
    return [each for each in QUESTIONS if each.way == way and by in (None, each.by)]


def translations() -> dict[str, str]:
    """What an interpreter makes of each text."""
    told = {each.words: each.other for each in QUESTIONS}
    told |= {each["en"]: each["ar"] for each in (ON_MASKS, ON_SCHOOLS, ON_RIGHTS)}
    return told | {ON_WAGES["ar"]: ON_WAGES["en"]}
