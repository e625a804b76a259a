"""What the settings say, in the words of the rooms that are given it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from channels.telegram import Access, ProfileTexts
from dialogue.words import Localised, Text
from handlers.commands import LISTED
from handlers.house import Community, House, Rules
from handlers.receiving.routes import CONVERSATIONS
from locales import Languages
from locales.flagging import WordList
from settings import Settings
from storage.retention import Retention
from storage.series.webinars import Programme


@dataclass(frozen=True, slots=True)
class Told:
    """What only the running process knows."""

    web_address: Callable[[], str]
    telegram_name: Callable[[], str | None] = lambda: None
    uploader: Callable[[str], str | None] = lambda channel: None
    mail_link: Callable[[str, str], str] = lambda page, words: ""


def community(settings: Settings) -> Community:
    """Who runs this bot."""
    told = settings.community
    partners = tuple(Localised(dict(partner)) for partner in told.partners)
    return Community(Localised(dict(told.name)), partners, told.contact, told.time_zone)


def rules(settings: Settings) -> Rules:
    """The numbers that handlers keep to, and the notice names."""
    limits, retention = settings.limits, settings.retention
    webinars, announcements, staff = settings.webinars, settings.announcements, settings.staff
    return Rules(
        messages_per_minute=limits.messages_per_minute,
        questions_per_window=limits.questions_per_ten_minutes,
        question_length=limits.question_length,
        nickname_length=limits.nickname_length,
        mail_is_set_up=settings.mail.on,
        mails_per_second=settings.mail.messages_per_second,
        mailbox_days=settings.mail.delete_days if settings.mail.imap_url else None,
        proofs_per_day=limits.proofs_per_day,
        retention_days=retention.webinar_days,
        subscriber_days=retention.subscriber_days,
        backup_days=retention.backup_days,
        way_in_minutes=webinars.way_in_minutes,
        reminders=webinars.reminders,
        undo=timedelta(seconds=announcements.undo_seconds),
        second_person_above=announcements.second_person_above,
        wait=timedelta(minutes=announcements.wait_minutes),
        messages_per_second=settings.telegram.messages_per_second,
        whatsapp_per_second=settings.whatsapp.messages_per_second,
        first_messages_per_day=settings.whatsapp.first_messages_per_day,
        translator=settings.translation.elsewhere,
        translation=timedelta(hours=settings.moderation.translation_hours),
        digest_before=timedelta(hours=settings.moderation.digest_hours),
        digest_after=timedelta(hours=settings.moderation.summary_hours),
        reveals_per_day=settings.board.reveals_per_day,
        invitations_last=timedelta(minutes=staff.invite_minutes),
        invitation_tries=staff.invite_tries_per_hour,
    )


def house(settings: Settings, languages: Languages, told: Told) -> House:
    """All that is the same for every turn; its programme is still to be read."""
    return House(
        languages=languages,
        community=community(settings),
        rules=rules(settings),
        programme=Programme(-1),
        conversations=CONVERSATIONS,
        random_token=lambda: secrets.token_urlsafe(6),
        telegram_name=told.telegram_name,
        web_address=told.web_address,
        whatsapp_number=_number_on_whatsapp(settings),
        uploader=told.uploader,
        mail_link=told.mail_link,
        words=words(settings),
    )


def words(settings: Settings) -> WordList:
    """The community's list of words; an empty one where there is none."""
    path = settings.moderation.words
    return WordList(Path(path).read_text("utf-8-sig").splitlines() if path else ())


def _number_on_whatsapp(settings: Settings) -> str | None:
    """The digits of the number that writes there, for links that lead to it."""
    whatsapp = settings.whatsapp
    digits = "".join(filter(str.isdigit, whatsapp.sender))
    return digits if whatsapp.account_sid and digits else None


def retention(settings: Settings) -> Retention:
    """For how long what is kept."""
    told = settings.retention
    return Retention(
        after_webinar=timedelta(days=told.webinar_days),
        subscribers=timedelta(days=told.subscriber_days),
        work=timedelta(days=told.delivery_days),
        quarantine=timedelta(hours=told.quarantine_hours),
        letters=timedelta(days=told.mailbox_days),
        audit=timedelta(days=told.audit_days),
        backups=timedelta(days=told.backup_days),
    )


def access(settings: Settings) -> Access | None:
    """Which bot on Telegram, and how its updates come in; None when it is not set up."""
    telegram, web = settings.telegram, settings.web
    if telegram.token is None:
        return None
    secret = telegram.webhook_secret
    return Access(
        token=telegram.token.get_secret_value(),
        server=telegram.api_url,
        proxy=telegram.proxy.get_secret_value() or None,
        per_second=telegram.messages_per_second,
        webhook_url=f"{web.address}/telegram" if telegram.mode == "webhook" else None,
        webhook_secret=secret.get_secret_value() if secret else None,
    )


def profile(languages: Languages) -> ProfileTexts:
    """The platform's own menu and description, in every language."""

    def said(code: str, key: str) -> str:
        return languages.voice(code).say(Text(key))

    codes = languages.codes
    return ProfileTexts(
        commands={
            code: [(name, said(code, f"command-{name}")) for name in LISTED] for code in codes
        },
        descriptions={code: said(code, "bot-description") for code in codes},
        short_descriptions={code: said(code, "bot-short-description") for code in codes},
    )
