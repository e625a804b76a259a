"""By which a mail is known that a machine wrote, and whose answer nobody waits for."""

from __future__ import annotations

import re
from email.message import Message

from channels.email.headers import header, headers

_SAY_MACHINE = frozenset(
    {
        *("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-loop"),
        *("x-auto-response-suppress", "x-failed-recipients", "x-auto-reply-to"),
        *("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list"),
        *("feedback-id", "x-mailing-list", "x-campaign", "x-vacation", "x-cron-env"),
    }
)
_PRECEDENCES = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_REPORTS = frozenset(
    {
        *("multipart/report", "message/delivery-status", "message/disposition-notification"),
        *("message/feedback-report", "text/calendar", "application/pkcs7-mime"),
    }
)
_MACHINES = re.compile(
    r"(mailer-?daemon|postmaster|no-?reply|do-?not-?reply|donotreply|not-?reply|bounces?|auto-?reply"
    r"|mail-?delivery|notifications?|mdaemon|daemon|root|nobody|abuse)([-+._=].*)?@",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"\s*(automatic reply|auto(matic)?[ -]?(response|reply)|autoreply|out of (the )?office|ooo\b"
    r"|undeliver(able|ed)|delivery (status|failure|has failed)|mail delivery|returned mail"
    r"|failure notice|delivery notification|read:|accepted:|declined:|tentative:"
    r"|automatische antwort|abwesenheit|réponse automatique|risposta automatica"
    r"|رد تلقائي|رد آلي|الرد التلقائي|الرد الآلي|خارج المكتب|تعذر (تسليم|توصيل|إرسال)"
    r"|لم يتم تسليم|فشل (تسليم|إرسال)|إشعار حالة التسليم|غير قابل للتسليم|تم القبول:|تم الرفض:)",
    re.IGNORECASE,
)


def is_automatic(message: Message, account: str, subject: str) -> bool:
    """Whether no human being waits for an answer (https://www.rfc-editor.org/rfc/rfc3834)."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"}:
        return True
    if any(each.strip() == "<>" for each in headers(message, "Return-Path")):
        return True
    if header(message, "Precedence").lower() in _PRECEDENCES:
        return True
    if any(name.lower() in _SAY_MACHINE for name in message.keys()):  # noqa: SIM118 - not a dict
        return True
    if message.get_content_type() in _REPORTS:
        return True
    return bool(_MACHINES.match(account) or _SUBJECTS.match(subject))
