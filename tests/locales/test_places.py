"""Cities, countries and governorates, as people type them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.fold import fold
from dialogue.words import Text
from locales import Languages, governorates, zones


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Rome", "Europe/Rome"),
        ("روما", "Europe/Rome"),
        ("roma", "Europe/Rome"),
        ("Rome, Italy", "Europe/Rome"),
        ("milano", "Europe/Rome"),
        ("تورينو", "Europe/Rome"),
        ("Malmö", "Europe/Stockholm"),
        ("malmo", "Europe/Stockholm"),
        ("GÖTEBORG", "Europe/Stockholm"),
        ("ستوكهولم - السويد", "Europe/Stockholm"),
        ("ميونخ", "Europe/Berlin"),
        ("Köln", "Europe/Berlin"),
        ("Manchester", "Europe/London"),
        ("برمنغهام", "Europe/London"),
        ("أنقرة", "Europe/Istanbul"),
        ("İZMİR", "Europe/Istanbul"),
        ("Diyarbakır", "Europe/Istanbul"),
        ("عمان", "Asia/Amman"),
        ("دوحة", "Asia/Qatar"),
        ("Los Angeles", "America/Los_Angeles"),
        ("Dearborn", "America/Detroit"),
        ("new york usa", "America/New_York"),
        ("Washington, D.C.", "America/New_York"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Kolkata", "Asia/Kolkata"),
        ("كييف", "Europe/Kyiv"),
        ("الموصل", "Asia/Baghdad"),
        ("Basra", "Asia/Baghdad"),
        ("stockh", "Europe/Stockholm"),
    ],
)
def test_a_city_is_found_by_its_name_in_either_language(typed: str, zone: str) -> None:
    assert zones.find(typed) == (zone,)


@pytest.mark.parametrize("typed", ["", "x", "rom", "?", "مرحبا", "{7*7}", "a " * 500, "\ud83d"])
def test_what_is_no_city_finds_none(typed: str) -> None:
    assert zones.find(typed) == ()


def test_a_beginning_that_fits_several_cities_finds_them_all() -> None:
    assert set(zones.find("sant")) >= {"America/Santiago", "America/Santo_Domingo"}


@given(st.text(max_size=40))
def test_whatever_is_typed_finds_only_real_zones(typed: str) -> None:
    assert all(zones.valid(zone) for zone in zones.find(typed))
    code = zones.country(typed)
    assert code is None or zones.zones_of(code)


def test_common_cities_are_real_and_named_in_both_languages() -> None:
    assert 8 <= len(zones.common_cities()) <= 12
    for zone in zones.common_cities():
        assert zones.valid(zone)
        assert fold(zones.city_name(zone, "en")).isascii()
        assert "\u0600" <= zones.city_name(zone, "ar")[0] <= "\u06ff"
        assert zones.find(zones.city_name(zone, "ar")) == (zone,)
        assert zones.find(zones.city_name(zone, "en")) == (zone,)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("UK", "GB"),
        ("England", "GB"),
        ("بريطانيا", "GB"),
        ("إنكلترا", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("أمريكا", "US"),
        ("أميركا", "US"),
        ("الولايات المتحدة", "US"),
        ("Sweden", "SE"),
        ("السويد", "SE"),
        ("سويد", "SE"),
        ("de", "DE"),
        ("ألمانيا", "DE"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Turkiye", "TR"),
        ("الامارات", "AE"),
        ("السعودية", "SA"),
        ("فلسطين", "PS"),
        ("سورية", "SY"),
        ("Cote d'Ivoire", "CI"),
        ("العراق", "IQ"),
        ("zz", None),
        ("001", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_is_found_by_name_alias_or_code(typed: str, code: str | None) -> None:
    assert zones.country(typed) == code


def test_every_country_is_found_by_its_own_name() -> None:
    for code in (
        "IT",
        "SE",
        "DE",
        "NL",
        "NO",
        "DK",
        "FI",
        "FR",
        "ES",
        "CA",
        "AU",
        "JO",
        "LB",
        "EG",
    ):
        for language in ("ar", "en"):
            assert zones.country(zones.territory_name(code, language)) == code


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("IQ", ("Asia/Baghdad",)),
        ("DE", ("Europe/Berlin",)),
        ("GB", ("Europe/London",)),
        ("ES", ("Europe/Madrid", "Atlantic/Canary")),
        ("US", ("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver")),
        ("AU", ("Australia/Sydney", "Australia/Brisbane", "Australia/Perth")),
        ("XX", ()),
    ],
)
def test_a_country_has_a_zone_for_each_of_its_clocks(code: str, first: tuple[str, ...]) -> None:
    found = zones.zones_of(code)
    assert found[: len(first)] == first
    assert len(found) == len(first) or len(first) > 2


def test_names_fall_back_on_what_is_known() -> None:
    assert zones.city_name("Etc/GMT+3", "en") == "GMT+3"
    assert zones.territory_name("XX", "en") == "XX"
    assert not zones.valid("Asia/Bagdad")
    assert not zones.valid("/etc/passwd")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("الناصرية", "DQ"),
        ("الموصل", "NI"),
        ("موصل", "NI"),
        ("Mosul", "NI"),
        ("الديوانية", "QA"),
        ("هولير", "AR"),
        ("هەولێر", "AR"),
        ("Hewlêr", "AR"),
        ("Hewler", "AR"),
        ("اربيل", "AR"),
        ("slemani", "SU"),
        ("سلێمانی", "SU"),
        ("Basra", "BA"),
        ("البصره", "BA"),
        ("محافظة البصرة", "BA"),
        ("Kirkuk governorate", "KI"),
        ("مدينة الصدر", "BG"),
        ("بغداد، العراق", "BG"),
        ("کەرکووک", "KI"),
        ("التأميم", "KI"),
        ("الأنبار", "AN"),
        ("fallujah", "AN"),
        ("Salahaddin", "SD"),
        ("ذي قار", "DQ"),
        ("Thi-Qar", "DQ"),
        ("كربلا", "KA"),
        ("ba'quba", "DI"),
        ("روما", None),
        ("", None),
        ("governorate", None),
    ],
)
def test_a_governorate_is_found_by_any_of_its_names(typed: str, code: str | None) -> None:
    assert governorates.find(typed) == code


def test_no_alias_means_two_governorates() -> None:
    meant = Counter(
        fold(name)
        for place in governorates.GOVERNORATES
        for name in {fold(name) for name in governorates.aliases(place.code)}
    )
    assert [name for name, times in meant.items() if times > 1] == []


def test_the_buttons_name_all_nineteen_as_they_are_found() -> None:
    languages = Languages.load(("ar", "en"), "Asia/Baghdad")
    for place in governorates.GOVERNORATES:
        label = Text(f"governorate-{place.code}")
        assert languages.names(label) == {fold(place.arabic), fold(place.english)}
        assert {governorates.find(name) for name in languages.names(label)} == {place.code}
    assert len(governorates.GOVERNORATES) == 19


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_four_largest_come_first_then_the_alphabet(language: str) -> None:
    codes = governorates.sorted_codes(language)
    assert sorted(codes) == sorted(place.code for place in governorates.GOVERNORATES)
    assert codes[:4] == governorates.LARGEST
    assert codes[4] == ("AR" if language == "ar" else "AN")
    assert codes[-1] == "WA"
