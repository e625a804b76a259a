"""Where settings stand: settings.toml, variables of the environment, .env, systemd credentials.

Each is a source for pydantic-settings that is told where to look, and refuses what it does not
know with one plain sentence before pydantic sees any of it.
"""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard, get_origin

from pydantic import BaseModel, SecretStr
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    TomlConfigSettingsSource,
)

from settings.values import parts_of

PREFIX = "TADAMUN_"
URLS = frozenset(
    {
        *("storage.url", "telegram.proxy", "telegram.api_url", "web.public_url"),
        *("whatsapp.api_url", "whatsapp.content_api_url"),
    }
)
"""Settings that may hide a password in an address."""


class SettingsError(Exception):
    """One plain sentence that says what to put right; never a secret value."""


# --- their names --------------------------------------------------------------------------------


def keys_of(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of this model, with dots, and its type."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys_of(inner, f"{above}{name}.")
        else:
            yield above + name, inner


def is_secret(kind: object) -> bool:
    """Whether settings of this type may not stand in a file that others read."""
    return kind == SecretStr | None


def variable_of(key: str) -> str:
    """`telegram.token` as the environment has it."""
    return PREFIX + key.replace(".", "__").upper()


def _nearest(name: str, names: Iterable[str]) -> str:
    return difflib.get_close_matches(name, list(names), n=1, cutoff=0)[0]


# --- files --------------------------------------------------------------------------------------


class TomlFile(TomlConfigSettingsSource):
    """A settings.toml; raises SettingsError if it cannot be read or holds what it must not."""

    def __init__(self, of: type[BaseSettings], path: Path) -> None:
        problem = ""
        try:
            with path.open("rb"):  # Without this a file that is missing counts as an empty one.
                super().__init__(of, path)
        except FileNotFoundError:
            problem = f"There is no {path} here; start Tadamun from its own folder."
        except OSError as unreadable:
            problem = f"{path} cannot be read: {unreadable.strerror}."
        except UnicodeDecodeError:
            problem = f"{path} is not in UTF-8; save it as UTF-8."
        except tomllib.TOMLDecodeError as wrong:
            problem = f"{path} is not TOML: {wrong}."
        if problem:
            raise SettingsError(problem)
        self._path = path
        self._keys = dict(keys_of(of))
        self._refuse_strangers(self.toml_data)

    def _refuse_strangers(self, values: Mapping[str, Any], above: str = "") -> None:
        for name, value in values.items():
            key = above + name
            if any(known.startswith(f"{key}.") for known in self._keys):
                if not _is_table(value):
                    raise SettingsError(f"{key} is a table: write [{key}] in {self._path}.")
                self._refuse_strangers(value, f"{key}.")
            elif key not in self._keys:
                nearest = _nearest(key, self._keys)
                raise SettingsError(
                    f"{key} in {self._path} is no setting; the nearest is {nearest}."
                )
            elif is_secret(self._keys[key]):
                self._refuse_secret(key, "is a secret")
            elif key in URLS and isinstance(value, str) and _carries_password(value):
                self._refuse_secret(key, "carries a password")

    def _refuse_secret(self, key: str, why: str) -> None:
        raise SettingsError(
            f"{key} {why}: take it out of {self._path} and put it into .env "
            f"as {variable_of(key)}; change it if others have seen the file."
        )


def _is_table(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, dict)


def _carries_password(address: str) -> bool:
    parts = parts_of(address)
    return parts.password is not None or "password" in parts.query


# --- variables ----------------------------------------------------------------------------------


class Variables(EnvSettingsSource):
    """Ours among these variables; raises SettingsError for one that is no setting."""

    def __init__(self, of: type[BaseSettings], variables: Mapping[str, str]) -> None:
        super().__init__(of)
        known = {variable_of(key): kind for key, kind in keys_of(of)}
        # Sorted, so that TADAMUN_COMMUNITY__NAME comes before TADAMUN_COMMUNITY__NAME__AR,
        # which reaches into it.
        self.names = tuple(sorted(name for name in variables if name.startswith(PREFIX)))
        self.env_vars = {
            name.lower(): _as_the_library_reads_it(name, variables[name], known)
            for name in self.names
        }


def _as_the_library_reads_it(variable: str, text: str, known: Mapping[str, Any]) -> str:
    whole, _, _language = variable.rpartition("__")
    if get_origin(known.get(whole)) is Mapping:
        return text
    if variable not in known:
        nearest = _nearest(variable, known)
        raise SettingsError(f"{variable} is no setting; the nearest is {nearest}.")
    return _json(variable, text) if get_origin(known[variable]) in {tuple, Mapping} else text


def _json(variable: str, text: str) -> str:
    """A list or a table, checked to be JSON; a list of words may be written `ar,en`."""
    if not text.lstrip().startswith(("[", "{")):
        return json.dumps([word.strip() for word in text.split(",") if word.strip()])
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        problem = f"{variable} must be JSON, or words with commas between them."
    raise SettingsError(problem)


def dotenv_variables(of: type[BaseSettings], path: Path | None) -> Mapping[str, str]:
    """What .env holds, letter by letter; nothing if there is none.

    Raises SettingsError, also if others or git could read its secrets.
    """
    if path is None or not path.exists():
        return {}
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"Others may read {path}, which holds secrets: chmod 600 {path}")
    if _is_tracked(path):
        raise SettingsError(
            f"git keeps {path}, which holds secrets: git rm --cached {path}, and change them."
        )
    try:
        text = path.read_text("utf-8")
        read = DotEnvSettingsSource(of, env_file=path, case_sensitive=True).env_vars
    except (OSError, UnicodeDecodeError):
        text, read = "", None
    if read is None:
        raise SettingsError(f"{path} cannot be read; save it as UTF-8 text of your own.")
    # The library would fill in ${…} from elsewhere, and so bend a password that has these signs.
    if any("${" in line for line in text.splitlines() if not line.lstrip().startswith("#")):
        raise SettingsError(f"{path} must hold each value itself: nothing is filled in for ${{…}}.")
    return {name: value or "" for name, value in read.items()}


def _is_tracked(path: Path) -> bool:
    git = shutil.which("git")
    if git is None:
        return False
    folder = path.absolute().parent
    asked = [git, "-C", str(folder), "ls-files", "--error-unmatch", "--", path.name]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def credentials(folder: str | None) -> Mapping[str, str]:
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
