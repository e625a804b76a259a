"""Every setting, typed: the environment goes before .env, and .env before settings.toml.

Read by `bot` alone, which hands values down; imports nothing of the rooms.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from settings.platforms import Mail, Telegram, WhatsApp
from settings.sources import (
    PREFIX,
    SettingsError,
    TomlFile,
    Variables,
    credentials,
    dotenv_variables,
    is_secret,
    keys_of,
    variable_of,
)
from settings.tables import (
    Announcements,
    Board,
    Community,
    Limits,
    Logs,
    Moderation,
    Retention,
    Staff,
    Storage,
    Translation,
    Web,
    Webinars,
)
from settings.values import is_loopback, parts_of, secret

__all__ = [
    "KEYS",
    "SECRETS",
    "SHIPPED",
    "Setting",
    "Settings",
    "SettingsError",
    "listing",
    "load",
    "variable_of",
]

PUBLIC_API = "https://api.telegram.org"
PUBLIC_TWILIO = "https://api.twilio.com"
SHIPPED = Path(__file__).parent.with_name("settings.toml")


class Settings(BaseSettings):
    """All of settings.toml, with the environment over it."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter="__",
    )

    keyring: Path
    master_key: Annotated[SecretStr | None, secret(pattern=r"\S+", meaning="must be one word")] = (
        None
    )
    telegram: Telegram
    whatsapp: WhatsApp
    mail: Mail
    storage: Storage
    web: Web
    community: Community
    limits: Limits
    staff: Staff
    webinars: Webinars
    moderation: Moderation
    board: Board
    translation: Translation
    announcements: Announcements
    logs: Logs
    retention: Retention

    @model_validator(mode="after")
    def _a_webhook_can_be_reached_and_told_apart(self) -> Settings:
        if self.telegram.mode == "webhook":
            own_server = self.telegram.api_url != PUBLIC_API
            # A Bot API server of one's own brings updates over plain http, too.
            if not own_server and not self.web.public_url.startswith("https://"):
                raise ValueError("Webhooks need web.public_url, an address with https://.")
            if not self.web.public_url and not self.web.port:
                raise ValueError("Webhooks need web.public_url or a web.port that is not 0.")
            if self.telegram.webhook_secret is None:
                raise ValueError(f"Webhooks need {variable_of('telegram.webhook_secret')}.")
        return self

    @model_validator(mode="after")
    def _twilio_can_reach_us_and_be_told_apart(self) -> Settings:
        if self.whatsapp.account_sid:
            if self.whatsapp.auth_token is None:
                raise ValueError(f"WhatsApp needs {variable_of('whatsapp.auth_token')}.")
            # What Twilio signs holds the address that it was told to call.
            own_server = self.whatsapp.api_url != PUBLIC_TWILIO
            if not own_server and not self.web.public_url.startswith("https://"):
                raise ValueError("WhatsApp needs web.public_url, an address with https://.")
            if not self.web.public_url and not self.web.port:
                raise ValueError("WhatsApp needs web.public_url or a web.port that is not 0.")
        return self

    @model_validator(mode="after")
    def _links_in_mails_lead_somewhere(self) -> Settings:
        smtp = self.mail.smtp_url
        if smtp is not None:
            own_server = is_loopback(parts_of(smtp.get_secret_value()).hostname or "")
            if not own_server and not self.web.public_url.startswith("https://"):
                raise ValueError("Mail needs web.public_url, an address with https://.")
        return self

    @model_validator(mode="after")
    def _it_is_known_whom_an_answer_has_reached(self) -> Settings:
        if self.moderation.translation_hours > 24 * self.retention.delivery_days:
            raise ValueError(
                "moderation.translation_hours must not be longer than retention.delivery_days."
            )
        return self

    @model_validator(mode="after")
    def _who_takes_the_database_does_not_get_the_keys(self) -> Settings:
        url = self.storage.url.get_secret_value()
        if url.startswith("sqlite:///"):
            rows = Path(url.removeprefix("sqlite:///")).resolve().parent
            if self.keyring.resolve().is_relative_to(rows):
                raise ValueError("keyring must lie apart from the database, in another folder.")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Those that `load` was told to read, instead of this process's own environment."""
        return init_settings()["sources"]

    @classmethod
    def _settings_log_debug(cls, states: dict[str, dict[str, Any]]) -> None:
        """Nothing: PYDANTIC_SETTINGS_DEBUG would have every secret logged."""


# --- reading them -------------------------------------------------------------------------------

KEYS: Mapping[str, Any] = dict(keys_of(Settings))
SECRETS = frozenset(key for key, kind in KEYS.items() if is_secret(kind))


def load(
    toml: Path = Path("settings.toml"),
    env: Mapping[str, str] | None = None,
    dotenv: Path | None = Path(".env"),
) -> Settings:
    """All settings, checked; a file that leaves some out gets the shipped ones.

    Raises SettingsError.
    """
    environment = os.environ if env is None else env
    variables = (
        Variables(Settings, environment),
        Variables(Settings, credentials(environment.get("CREDENTIALS_DIRECTORY"))),
        Variables(Settings, dotenv_variables(Settings, dotenv)),
    )
    files = (TomlFile(Settings, toml), TomlFile(Settings, SHIPPED))
    try:
        return Settings.model_validate({"sources": (*variables, *files)})
    except ValidationError as wrong:
        # Not chained: what pydantic knows of the value must not be printed.
        sentence = _sentence(wrong, {name for source in variables for name in source.names})
    raise SettingsError(sentence)


def _sentence(wrong: ValidationError, given: set[str]) -> str:
    """The first thing that is wrong, without the value that is."""
    first = wrong.errors(include_url=False, include_input=False)[0]
    message = str(first.get("ctx", {}).get("error", first["msg"]))
    where = ".".join(str(part) for part in first["loc"])
    if not where:
        return message
    key = next((known for known in KEYS if f"{where}.".startswith(f"{known}.")), where)
    if first["type"] == "missing":
        return f"{key} is missing; put its line back into settings.toml."
    source = variable_of(key)
    if key not in SECRETS and source not in given:
        source = "settings.toml"
    return f"{where} {message[0].lower()}{message[1:]}; put it right in {source}."


# --- writing them down --------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """One line of the table of settings, as README shows it."""

    key: str
    variable: str
    default: object
    """None for a secret: it has none."""
    comment: str


def listing(toml: Path = SHIPPED) -> tuple[Setting, ...]:
    """Every setting that the file names, with its default and its line of comment."""
    values, table, comment, found = TomlFile(Settings, toml).toml_data, "", "", list[Setting]()
    for line in toml.read_text("utf-8").splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            table = header[1] + "."
        elif named := re.match(r"# (\w+) is a secret:|(\w+) = ", line):
            key = table + (named[1] or named[2])
            default = None if named[1] else _at(values, key)
            found.append(Setting(key, variable_of(key), default, comment))
        elif line.startswith("# "):
            comment = line[2:]
    return tuple(found)


def _at(values: Mapping[str, Any], key: str) -> Any:
    found: Any = values
    for name in key.split("."):
        found = found[name]
    return found
