"""Addresses of the web in somebody's words."""

from __future__ import annotations

import pytest

from dialogue.hosts import not_to_press, spelt_out


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("no address at all", "no address at all"),
        ("see https://example.org/a?b", "see https://example.org/a?b"),
        ("https://аdmin.example/x", "https://xn--dmin-43d.example/x"),
        ("WWW.аdmin.example", "WWW.xn--dmin-43d.example"),
        ("https://t.me@еvil.example", "https://t.me@xn--vil-qdd.example"),
        ("http://аа..example", "http://\\u0430\\u0430..example"),
    ],
)
def test_a_host_that_looks_like_another_is_spelt_out(written: str, shown: str) -> None:
    assert spelt_out(written) == shown


@pytest.mark.parametrize("scheme", ["http:", "https:", "HTTPS:"])
def test_an_address_does_not_lead_anywhere(scheme: str) -> None:
    assert not_to_press(f"see {scheme}//evil.example/") == f"see {scheme} //evil.example/"
    assert not_to_press("no//address https:/ either") == "no//address https:/ either"
