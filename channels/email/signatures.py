"""What stands under somebody's words in a mail: a signature, the closing with a name under it, and
the lines by which phones advertise themselves.

A name that is not there is a name that nobody on the staff reads.
"""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.fold import fold

_BEGINS_OF_ADVERTISEMENTS = tuple(
    fold(line)
    for line in (
        *("sent from my", "sent from mail", "sent from yahoo", "sent from outlook", "sent from a"),
        *("sent via", "sent with proton", "sent using", "get outlook for", "sent from samsung"),
        *("sent from gmail", "von meinem", "gesendet von", "envoyé de", "enviado desde"),
        *("أُرسلت من", "أرسل من", "تم الإرسال من", "تم إرسالها من", "مُرسلة من", "مُرسل من"),
        *("أُرسل من هاتفي", "الحصول على outlook", "احصل على outlook", "تنزيل outlook"),
        *("مرسلة من", "من هاتفي", "تم الإرسال باستخدام", "أُرسلت بواسطة", "تم الإرسال بواسطة"),
    )
)
_LONGEST_ADVERTISEMENT = 90
_CLOSINGS = frozenset(
    fold(line)
    for line in (
        *("regards", "best regards", "kind regards", "warm regards", "with best regards", "best"),
        *("many thanks", "thanks", "thank you", "thanks in advance", "thank you in advance"),
        *("sincerely", "yours sincerely", "yours", "cheers", "all the best", "best wishes"),
        *("in solidarity", "with solidarity", "solidarity", "yours truly", "respectfully"),
        *("kind regards and thanks", "thanks and regards", "thanks and best regards"),
        *("مع التحية", "مع التحيات", "مع تحياتي", "مع خالص التحية", "تحياتي", "تحياتي لكم"),
        *("مع أطيب التحيات", "أطيب التحيات", "مع فائق الاحترام", "مع الاحترام", "مع احترامي"),
        *("مع التقدير", "مع خالص التقدير", "مع فائق التقدير والاحترام", "مع الشكر", "وشكرا"),
        *("مع الشكر والتقدير", "شكرا", "شكرا لكم", "شكرا جزيلا", "وشكرا لكم", "وشكرا جزيلا"),
        *("مع خالص الشكر", "ودمتم", "دمتم", "تقبلوا تحياتي", "وتقبلوا تحياتي", "تحيات", "تحية"),
        *("وتفضلوا بقبول فائق الاحترام", "وتفضلوا بقبول الاحترام", "تضامنا", "مع التضامن"),
    )
)
_LINES_UNDER_CLOSING = 8
_LONGEST_UNDER_CLOSING = 80


def without_signature(lines: Sequence[str]) -> list[str]:
    """These lines as far as somebody wrote them to be read."""
    kept = list(lines)
    for at, line in enumerate(kept):
        if line in {"-- ", "--"} and any(each.strip() for each in kept[:at]):
            kept = kept[:at]
            break
    kept = _without_advertisement(kept)
    return _without_advertisement(_without_closing(kept))


def _without_advertisement(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept:
        last = kept[-1].strip()
        if last and not (
            len(last) <= _LONGEST_ADVERTISEMENT and fold(last).startswith(_BEGINS_OF_ADVERTISEMENTS)
        ):
            return kept
        kept.pop()
    return kept


def _without_closing(lines: list[str]) -> list[str]:
    last = len(lines) - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    for at in range(last, max(0, last - _LINES_UNDER_CLOSING), -1):
        if fold(lines[at]) in _CLOSINGS:
            return lines[:at]
        if len(lines[at]) > _LONGEST_UNDER_CLOSING:
            break
    return lines
