"""Every setting, typed: the environment goes before .env, and .env before settings.toml.

Read by `bot` alone, which hands values down; imports nothing of ours. Read without
pydantic-settings, which cannot take an environment as a value and names no nearest key.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeGuard, get_origin
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

SHIPPED = Path(__file__).with_name("settings.toml")
PREFIX = "TADAMUN_"

Values = dict[str, Any]


class SettingsError(Exception):
    """One plain sentence that says what to put right; never a secret value."""


# --- what a value must be -----------------------------------------------------------------------


def _secret(*, pattern: str, meaning: str) -> BeforeValidator:
    def check(value: object) -> object:
        if value == "":  # As the untouched lines of .env.example have it.
            return None
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ValueError(meaning)
        return value

    return BeforeValidator(check)


def _parts(value: str) -> SplitResult:
    """An address in its parts, all empty if it is none: urlsplit's own errors repeat the value."""
    try:
        parts = urlsplit(value)
        _ = parts.hostname, parts.port
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    return parts


def _address(value: str) -> str:
    parts = _parts(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a whole address that starts with https:// or http://")
    return value.rstrip("/")


def _origin(value: str) -> str:
    if not value:
        return value
    if any(_parts(_address(value))[2:]):
        raise ValueError("must be an address without a path, such as https://tadamun.example.org")
    return _address(value)


def _proxy(value: SecretStr) -> SecretStr:
    if value.get_secret_value():
        _address(value.get_secret_value())
    return value


def _database(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"(sqlite:///|postgresql://).+", value.get_secret_value()):
        raise ValueError("must be sqlite:///path or postgresql://user@host/name")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, LookupError, OSError) as unknown:
        raise ValueError("must be a zone of the IANA list, such as Asia/Baghdad") from unknown
    return value


Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[str, AfterValidator(_origin)]
Proxy = Annotated[SecretStr, AfterValidator(_proxy)]
Database = Annotated[SecretStr, AfterValidator(_database)]
Zone = Annotated[str, AfterValidator(_zone)]
Line = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Wording = Mapping[str, Line]
"""The same words in each language, by its code."""


# --- the tables ---------------------------------------------------------------------------------


class Table(BaseModel):
    """One table of settings.toml; settled once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Telegram(Table):
    """The bot on Telegram; off without a token."""

    token: Annotated[
        SecretStr | None,
        _secret(pattern=r"\d+:[\w-]+", meaning="must look like 123456:ABC…, as @BotFather gave it"),
    ] = None
    api_url: Address
    proxy: Proxy
    mode: Literal["polling", "webhook"]
    webhook_secret: Annotated[
        SecretStr | None,
        _secret(pattern=r"[A-Za-z0-9_-]{32,256}", meaning="must be 32 to 256 of A-Z a-z 0-9 _ -"),
    ] = None
    messages_per_second: Count


class Storage(Table):
    """Where everything is kept."""

    url: Database


class Web(Table):
    """The web server; always on."""

    host: Line
    port: Annotated[int, Field(ge=0, le=65535)]
    public_url: Origin
    metrics_token: Annotated[
        SecretStr | None, _secret(pattern=r".{16,}", meaning="must have at least 16 characters")
    ] = None

    @property
    def address(self) -> str:
        """What people type to get here."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"


class Community(Table):
    """Who this is for."""

    name: Wording
    partners: tuple[Wording, ...]
    languages: Annotated[tuple[Line, ...], Field(min_length=1)]
    contact: Line
    time_zone: Zone

    @model_validator(mode="after")
    def _speaks_its_languages(self) -> Community:
        for language in self.languages:
            if any(language not in words for words in (self.name, *self.partners)):
                raise ValueError(f"name and each of partners need their words in {language!r}")
        return self


class Limits(Table):
    """How much one person may say."""

    messages_per_minute: Count
    questions_per_ten_minutes: Count
    question_length: Annotated[int, Field(ge=1, le=3000)]
    nickname_length: Annotated[int, Field(ge=1, le=200)]


class Retention(Table):
    """How long what is kept is kept."""

    webinar_days: Count
    delivery_days: Count
    quarantine_hours: Count
    subscriber_days: Count
    mailbox_days: Count
    backup_days: Count
    block_days: Count


class Settings(Table):
    """All of settings.toml, with the environment over it."""

    keyring: Path
    master_key: Annotated[SecretStr | None, _secret(pattern=r"\S+", meaning="must be one word")] = (
        None
    )
    telegram: Telegram
    storage: Storage
    web: Web
    community: Community
    limits: Limits
    retention: Retention

    @model_validator(mode="after")
    def _a_webhook_can_be_reached_and_told_apart(self) -> Settings:
        if self.telegram.mode == "webhook":
            if not self.web.public_url.startswith("https://"):
                raise ValueError("Webhooks need web.public_url, an address with https://.")
            if self.telegram.webhook_secret is None:
                raise ValueError(f"Webhooks need {variable_of('telegram.webhook_secret')}.")
        return self

    @model_validator(mode="after")
    def _who_takes_the_database_does_not_get_the_keys(self) -> Settings:
        url = self.storage.url.get_secret_value()
        if url.startswith("sqlite:///"):
            rows = Path(url.removeprefix("sqlite:///")).resolve().parent
            if self.keyring.resolve().is_relative_to(rows):
                raise ValueError("keyring must lie apart from the database, in another folder.")
        return self


# --- their names --------------------------------------------------------------------------------


def _fields(table: type[Table], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every key below this table, with dots, and its type."""
    for name, field in table.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Table):
            yield from _fields(inner, f"{above}{name}.")
        else:
            yield above + name, inner


KEYS: Mapping[str, Any] = dict(_fields(Settings))
SECRETS = frozenset(key for key, kind in KEYS.items() if kind == SecretStr | None)
URLS = ("storage.url", "telegram.proxy", "telegram.api_url", "web.public_url")
"""Settings that may hide a password in an address."""


def variable_of(key: str) -> str:
    """`telegram.token` as the environment has it."""
    return PREFIX + key.replace(".", "__").upper()


VARIABLES: Mapping[str, str] = {variable_of(key): key for key in KEYS}


def _nearest(name: str, names: Mapping[str, object]) -> str:
    return difflib.get_close_matches(name, names, n=1, cutoff=0)[0]


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
    values, table, comment, found = _read_toml(toml), "", "", list[Setting]()
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


# --- reading them -------------------------------------------------------------------------------


def load(
    toml: Path = Path("settings.toml"),
    env: Mapping[str, str] | None = None,
    dotenv: Path | None = Path(".env"),
) -> Settings:
    """All settings, checked; a file that leaves some out gets the shipped ones.

    Raises SettingsError.
    """
    environment = os.environ if env is None else env
    given = {
        **_from_dotenv(dotenv),
        **_from_credentials(environment.get("CREDENTIALS_DIRECTORY")),
        **environment,
    }
    written = _read_toml(toml)
    _refuse_strangers(written, toml)
    values = _over(_read_toml(SHIPPED), written)
    for variable, text in given.items():
        if variable.startswith(PREFIX):
            values = _over(values, _from_variable(variable, text))
    try:
        return Settings.model_validate(values)
    except ValidationError as wrong:
        # Not chained: what pydantic knows of the value must not be printed.
        sentence = _sentence(wrong, given)
    raise SettingsError(sentence)


def _read_toml(path: Path) -> Values:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        problem = f"There is no {path} here; start Tadamun from its own folder."
    except OSError as unreadable:
        problem = f"{path} cannot be read: {unreadable.strerror}."
    except UnicodeDecodeError:
        problem = f"{path} is not in UTF-8; save it as UTF-8."
    except tomllib.TOMLDecodeError as wrong:
        problem = f"{path} is not TOML: {wrong}."
    raise SettingsError(problem)


def _refuse_strangers(values: Values, path: Path, above: str = "") -> None:
    """Unknown keys, and secrets that lie in the file."""
    for name, value in values.items():
        key = above + name
        is_table = any(known.startswith(key + ".") for known in KEYS)
        if key in SECRETS:
            raise SettingsError(
                f"{key} is a secret: take it out of {path} and put it into .env "
                f"as {variable_of(key)}; change it if others have seen the file."
            )
        if key in URLS and isinstance(value, str) and _carries_password(value):
            raise SettingsError(
                f"{key} carries a password: take it out of {path} and put it into .env "
                f"as {variable_of(key)}; change it if others have seen the file."
            )
        if is_table and _is_values(value):
            _refuse_strangers(value, path, key + ".")
        elif is_table:
            raise SettingsError(f"{key} is a table: write [{key}] in {path}.")
        elif key not in KEYS:
            raise SettingsError(
                f"{key} in {path} is no setting; the nearest is {_nearest(key, KEYS)}."
            )


def _carries_password(address: str) -> bool:
    parts = _parts(address)
    return parts.password is not None or "password" in parts.query


def _is_values(value: object) -> TypeGuard[Values]:
    return isinstance(value, dict)


def _from_dotenv(path: Path | None) -> Mapping[str, str]:
    if path is None or not path.exists():
        return {}
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"Others may read {path}, which holds secrets: chmod 600 {path}")
    if _is_tracked(path):
        raise SettingsError(
            f"git keeps {path}, which holds secrets: git rm --cached {path}, and change them."
        )
    try:
        read = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        read = None
    if read is None:
        raise SettingsError(f"{path} cannot be read; save it as UTF-8 text of your own.")
    return {name: value or "" for name, value in read.items()}


def _is_tracked(path: Path) -> bool:
    git = shutil.which("git")
    if git is None:
        return False
    folder = path.absolute().parent
    asked = [git, "-C", str(folder), "ls-files", "--error-unmatch", "--", path.name]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _from_credentials(folder: str | None) -> Mapping[str, str]:
    """What systemd hands over as LoadCredential=TADAMUN_…:

    https://systemd.io/CREDENTIALS/
    """
    if folder is None:
        return {}
    try:
        return {
            file.name: file.read_text("utf-8").strip()
            for file in sorted(Path(folder).iterdir())
            if file.name.startswith(PREFIX)
        }
    except (OSError, UnicodeDecodeError):
        problem = f"The credentials in {folder} cannot be read; check LoadCredential=."
    raise SettingsError(problem)


def _from_variable(variable: str, text: str) -> Values:
    """One variable as a nested table; `TADAMUN_COMMUNITY__NAME__AR` reaches into a wording."""
    whole, _, language = variable.rpartition("__")
    value: Any
    if variable in VARIABLES:
        key, value = VARIABLES[variable], text
        if get_origin(KEYS[key]) in {tuple, Mapping}:
            value = _structured(variable, text)
    elif whole in VARIABLES and get_origin(KEYS[VARIABLES[whole]]) is Mapping:
        key, value = f"{VARIABLES[whole]}.{language.lower()}", text
    else:
        nearest = _nearest(variable, VARIABLES)
        raise SettingsError(f"{variable} is no setting; the nearest is {nearest}.")
    for name in reversed(key.split(".")):
        value = {name: value}
    return value


def _structured(variable: str, text: str) -> Any:
    """A list or a table from JSON; a list of words may be written `ar,en`."""
    if not text.lstrip().startswith(("[", "{")):
        return [word.strip() for word in text.split(",") if word.strip()]
    try:
        return json.loads(text)
    except ValueError:
        problem = f"{variable} must be JSON, or words with commas between them."
    raise SettingsError(problem)


def _over(below: Values, above: Values) -> Values:
    """Both, table by table; what is above wins."""
    merged = dict(below)
    for name, value in above.items():
        under = merged.get(name)
        merged[name] = _over(under, value) if _is_values(under) and _is_values(value) else value
    return merged


def _at(values: Values, key: str) -> Any:
    found: Any = values
    for name in key.split("."):
        found = found[name]
    return found


def _sentence(wrong: ValidationError, given: Mapping[str, str]) -> str:
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
