"""Sealing, indexes, and the file of keys."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import StorageError, Unavailable, Unreadable, WrongKey
from storage.sealing.keyring import MASTER_FILE, Keyring
from storage.sealing.vault import HEAD, STEP, Field, Vault
from tests.storage.conftest import MASTER

HERE = Field("people", "profile", 7)
ALWAYS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""However slow the machine is."""


@pytest.fixture
def vault(keyring: Path) -> Vault:
    return Vault(Keyring.make(keyring, MASTER, os.urandom), os.urandom)


def reopened(keyring: Path, master: str | None = MASTER) -> Vault:
    return Vault(Keyring.load(keyring, master, os.urandom), os.urandom)


@pytest.fixture(scope="session")
def one_vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    path = tmp_path_factory.mktemp("keys") / "keyring.json"
    return Vault(Keyring.make(path, MASTER, os.urandom), os.urandom)


@ALWAYS
@given(text=st.text(alphabet=st.characters(exclude_categories=())))
def test_whatever_is_sealed_opens_again(one_vault: Vault, text: str) -> None:
    sealed = one_vault.seal(text, HERE)
    assert one_vault.open(sealed, HERE) == text
    assert (len(sealed) - HEAD - 16) % STEP == 0


@ALWAYS
@given(content=st.binary())
def test_whatever_bytes_are_sealed_open_again(one_vault: Vault, content: bytes) -> None:
    assert one_vault.open_bytes(one_vault.seal_bytes(content, HERE), HERE) == content


def test_sizes_tell_only_steps(vault: Vault) -> None:
    assert len(vault.seal("", HERE)) == len(vault.seal("x" * 60, HERE))
    assert len(vault.seal("x" * 61, HERE)) == len(vault.seal("", HERE)) + STEP


def test_the_same_text_never_looks_the_same(vault: Vault) -> None:
    assert vault.seal("x", HERE) != vault.seal("x", HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Field("people", "profile", 8),
        Field("people", "profile", "seven"),
        Field("people", "state", 7),
        Field("talks", "profile", 7),
    ],
)
def test_a_sealed_field_opens_nowhere_else(vault: Vault, elsewhere: Field) -> None:
    sealed = vault.seal("x", HERE)
    with pytest.raises(Unreadable):
        vault.open(sealed, elsewhere)


def test_an_altered_field_does_not_open(vault: Vault) -> None:
    sealed = vault.seal("سؤال", HERE)
    for at in range(len(sealed)):
        altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Unreadable):
            vault.open(altered, HERE)
    for end in range(len(sealed)):
        with pytest.raises(Unreadable):
            vault.open(sealed[:end], HERE)


def test_an_index_depends_on_every_part_and_where_it_ends(vault: Vault) -> None:
    parts = [("a", "b"), ("ab", ""), ("", "ab"), ("a", "b", ""), ("a|1:b",)]
    indexes = [vault.index("x", *part) for part in parts] + [vault.index("y", "a", "b")]
    assert len(set(indexes)) == len(indexes)
    assert {len(index) for index in indexes} == {22}
    assert vault.index("x", "a", "b") == indexes[0]


def test_keys_survive_a_restart(vault: Vault, keyring: Path) -> None:
    sealed = vault.seal_for("one", "x", HERE)
    again = reopened(keyring)
    assert again.open(sealed, HERE) == "x"
    assert again.index("address", "1") == vault.index("address", "1")


def test_a_key_that_another_process_made_is_found(vault: Vault, keyring: Path) -> None:
    other = reopened(keyring)
    sealed = other.seal_for("one", "x", HERE)
    assert vault.open(sealed, HERE) == "x"
    assert other.open(vault.seal_for("one", "y", HERE), HERE) == "y"


def test_a_destroyed_key_opens_nothing_here_or_after_a_restart(vault: Vault, keyring: Path) -> None:
    one, two = vault.seal_for("one", "x", HERE), vault.seal_for("two", "y", HERE)
    before = keyring.read_text()
    vault.destroy_key("one")
    for each in (vault, reopened(keyring)):
        with pytest.raises(Unreadable):
            each.open(one, HERE)
        assert each.open(two, HERE) == "y"
    assert "webinar:one" in before
    assert "webinar:one" not in keyring.read_text()


def test_a_key_that_cannot_be_written_is_never_used(vault: Vault, keyring: Path) -> None:
    before, (soft, hard) = keyring.read_text(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        for _ in range(2):
            with pytest.raises(Unavailable):
                vault.seal_for("one", "x", HERE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert keyring.read_text() == before
    assert reopened(keyring).open(vault.seal_for("one", "x", HERE), HERE) == "x"


def test_the_keyring_alone_gives_no_key(vault: Vault, keyring: Path) -> None:
    vault.make_key("one")
    with pytest.raises(WrongKey):
        reopened(keyring, MASTER + "!")


def test_keys_cannot_be_exchanged_in_the_file(vault: Vault, keyring: Path) -> None:
    vault.make_key("one")
    keyring.write_text(keyring.read_text().replace("webinar:one", "webinar:two"))
    with pytest.raises(WrongKey):
        reopened(keyring)


def test_a_short_master_key_is_refused(keyring: Path) -> None:
    with pytest.raises(WrongKey, match="at least 32"):
        Keyring.make(keyring, "short", os.urandom)
    assert not keyring.exists()


def test_without_a_master_key_one_is_made_beside_the_keyring(keyring: Path) -> None:
    Keyring.make(keyring, None, os.urandom)
    reopened(keyring, None)
    for file in (keyring, keyring.with_name(MASTER_FILE)):
        assert file.stat().st_mode & 0o777 == 0o600
    assert keyring.parent.stat().st_mode & 0o077 == 0
    keyring.with_name(MASTER_FILE).unlink()
    with pytest.raises(WrongKey, match="missing"):
        reopened(keyring, None)


@pytest.mark.parametrize("name", [MASTER_FILE, "keyring.json"])
def test_a_file_of_secrets_that_others_may_read_is_refused(keyring: Path, name: str) -> None:
    Keyring.make(keyring, None, os.urandom)
    keyring.with_name(name).chmod(0o640)
    with pytest.raises(StorageError, match="chmod 600"):
        reopened(keyring, None)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"keys": [{}]}', '{"keys": 5}'])
def test_a_damaged_keyring_is_said_to_be_damaged(vault: Vault, keyring: Path, content: str) -> None:
    keyring.write_text(content)
    with pytest.raises(StorageError, match="damaged"):
        reopened(keyring)


def test_nobody_prints_a_secret(vault: Vault, keyring: Path) -> None:
    key = Keyring.load(keyring, MASTER, os.urandom).need("webinar:one")
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)
