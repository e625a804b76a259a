"""The governorates of Iraq: their order on buttons, and the many ways in which they are typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dialogue.fold import fold


@dataclass(frozen=True, slots=True)
class Governorate:
    """One governorate; the names shown on buttons are the catalogues' `governorate-<code>`."""

    code: str
    english: str
    arabic: str
    others: tuple[str, ...]
    """Its capital and large towns, former and Kurdish names, other spellings."""


# The four first are the most populous, in this order; the Central Statistical Organization's
# projection by governorate (https://cosit.gov.iq/AAS13/population/pop%2812%29.htm) has Baghdad,
# Nineveh, Basrah, Sulaymaniyah, then Dhi Qar.
LARGEST = ("BG", "NI", "BA", "SU")


def _governorate(code: str, english: str, arabic: str, others: str) -> Governorate:
    return Governorate(code, english, arabic, tuple(name.strip() for name in others.split(",")))


# fmt: off
GOVERNORATES = (
    _governorate("BG", "Baghdad", "بغداد",
        "Bagdad, Baghdad city, Sadr City, Kadhimiya, Adhamiyah, Karrada, بغداد العاصمة, مدينة "
        "الصدر, الكاظمية, الأعظمية, الكرادة, الكرخ, الرصافة, أبو غريب, بەغدا, بەغداد"),
    _governorate("NI", "Nineveh", "نينوى",
        "Ninewa, Ninawa, Nineva, Niniveh, Ninive, Nainawa, Mosul, Al Mosul, Mossul, Musul, "
        "Sinjar, Shingal, Tal Afar, Tel Afar, Qaraqosh, Bakhdida, Hamdaniya, Bashiqa, نينوا, "
        "الموصل, موصل, سنجار, شنكال, تلعفر, قرقوش, بغديدا, الحمدانية, بعشيقة, سهل نينوى, نەینەوا, "
        "مووسڵ"),
    _governorate("BA", "Al Basrah", "البصرة",
        "Basra, Al Basra, Basrah, Albasrah, Bassora, Bassorah, Busra, Zubair, Al Zubayr, Abu Al "
        "Khaseeb, Umm Qasr, Qurna, البصره, بصرة, الزبير, أبو الخصيب, أم قصر, القرنة, الفاو, بەسرە"),
    _governorate("SU", "Sulaymaniyah", "السليمانية",
        "Sulaimaniyah, Sulaimani, Sulaymaniya, Sulaimaniya, Suleimaniya, Suleymaniyah, "
        "Sulaimania, Slemani, Silemani, Suli, Suly, Al Sulaymaniyah, As Sulaymaniyah, Ranya, "
        "Kalar, Chamchamal, سليمانية, رانية, كلار, جمجمال, سلێمانی, سلیمانی"),
    _governorate("AN", "Al Anbar", "الأنبار",
        "Anbar, Alanbar, Ramadi, Al Ramadi, Ar Ramadi, Fallujah, Falluja, Haditha, Hit, Al Qaim, "
        "Rutba, انبار, الرمادي, رمادي, الفلوجة, حديثة, هيت, القائم, الرطبة, الدليم, ئەنبار"),
    _governorate("BB", "Babil", "بابل",
        "Babel, Babylon, Babilon, Babylonia, Hilla, Hillah, Al Hillah, Al Hilla, الحلة, حلة, "
        "المسيب, المحاويل, الهاشمية"),
    _governorate("DA", "Duhok", "دهوك",
        "Dohuk, Dahuk, Dihok, Duhuk, Zakho, Amedi, Amadiya, Akre, زاخو, العمادية, عقرة, سميل, "
        "دهۆک, زاخۆ, ئامێدی, ئاکرێ"),
    _governorate("DI", "Diyala", "ديالى",
        "Dyala, Diala, Baquba, Baqubah, Ba'quba, Khanaqin, Muqdadiyah, ديالا, بعقوبة, خانقين, "
        "المقدادية, مندلي, دیالە, خانەقین"),
    _governorate("DQ", "Dhi Qar", "ذي قار",
        "Thi Qar, Dhiqar, Thiqar, Theqar, Zi Qar, Ziqar, Nasiriyah, Nasiriya, Nassiriya, "
        "Nasriya, An Nasiriyah, Al Nasiriyah, Suq Al Shuyukh, Chibayish, ذيقار, ذى قار, "
        "الناصرية, ناصرية, سوق الشيوخ, الشطرة, الرفاعي, الجبايش"),
    _governorate("AR", "Erbil", "أربيل",
        "Arbil, Irbil, Arbeel, Hewler, Hawler, Hewlêr, Ankawa, Soran, Koya, Shaqlawa, اربيل, "
        "هولير, عنكاوا, عينكاوا, سوران, كويسنجق, شقلاوة, هەولێر, عەنکاوە, کۆیە"),
    _governorate("HA", "Halabja", "حلبجة",
        "Halabjah, Halabcha, Helebce, Halebja, حلبجا, هەڵەبجە"),
    _governorate("KA", "Karbala", "كربلاء",
        "Kerbala, Karbalaa, Kerbela, Karbela, كربلا, كربلاء المقدسة, الهندية, عين التمر, کەربەلا"),
    _governorate("KI", "Kirkuk", "كركوك",
        "Kerkuk, Karkuk, Kirkuk city, Tamim, Al Tamim, At Tamim, Taamim, Hawija, Hawijah, "
        "التأميم, الحويجة, داقوق, کەرکووک, کەرکوک"),
    _governorate("MA", "Maysan", "ميسان",
        "Missan, Misan, Maisan, Mesan, Amara, Amarah, Al Amarah, Al Amara, Al Majar, العمارة, "
        "عمارة, المجر الكبير, قلعة صالح"),
    _governorate("MU", "Al Muthanna", "المثنى",
        "Muthanna, Muthana, Mothanna, Al Muthana, Samawah, Samawa, As Samawah, Al Samawah, "
        "مثنى, السماوة, سماوة, الرميثة, الخضر"),
    _governorate("NA", "An Najaf", "النجف",
        "Najaf, Al Najaf, Nejef, Nadjaf, Kufa, Al Kufa, نجف, النجف الأشرف, الكوفة, كوفة, المشخاب"),
    _governorate("QA", "Al Qadisiyyah", "القادسية",
        "Qadisiyah, Qadisiya, Qadissiya, Al Qadisiyah, Al Qadisiya, Diwaniyah, Diwaniya, Al "
        "Diwaniyah, Ad Diwaniyah, Al Diwaniya, قادسية, الديوانية, ديوانية, الشامية, عفك"),
    _governorate("SD", "Salah ad Din", "صلاح الدين",
        "Salah Al Din, Salahuddin, Salahaddin, Salahadin, Saladin, Salah Aldin, Salah Eddin, "
        "Tikrit, Tikreet, Samarra, Baiji, Balad, Tuz Khurmatu, تكريت, سامراء, بيجي, بلد, الدجيل, "
        "طوز خورماتو, الطوز, الشرقاط, سەلاحەددین, تکریت"),
    _governorate("WA", "Wasit", "واسط",
        "Wassit, Waset, Kut, Al Kut, Kout, Al Kout, Numaniyah, الكوت, كوت, النعمانية, الصويرة, "
        "العزيزية, الحي, بدرة"),
)
# fmt: on


def sorted_codes(language: str) -> tuple[str, ...]:
    """All codes as the buttons stand: the four largest first, then by that language's alphabet."""

    def place(governorate: Governorate) -> tuple[int, str]:
        if governorate.code in LARGEST:
            return LARGEST.index(governorate.code), ""
        if language == "ar":
            # Arabic lists leave the article out of account.
            return len(LARGEST), fold(governorate.arabic).removeprefix("ال")
        return len(LARGEST), governorate.english.casefold()

    return tuple(governorate.code for governorate in sorted(GOVERNORATES, key=place))


@cache
def aliases(code: str) -> tuple[str, ...]:
    """All names of a governorate, the ones on the buttons first; raises KeyError."""
    found = {place.code: place for place in GOVERNORATES}[code]
    return (found.english, found.arabic, *found.others)


def find(text: str) -> str | None:
    """The code of the governorate that a person typed, in any of its names; None if it is none."""
    typed = fold(text)
    bare = typed
    for lead in _LEADS:
        bare = bare.removeprefix(lead)
    for trail in _TRAILS:
        bare = bare.removesuffix(trail)
    return _codes().get(typed) or _codes().get(bare)


# What people write around the name: "governorate of …", "… city".
_LEADS = tuple(
    f"{fold(word)} " for word in ("محافظة", "مدينة", "قضاء", "پارێزگای", "governorate of")
)
_TRAILS = tuple(f" {fold(word)}" for word in ("governorate", "province", "city", "iraq", "العراق"))


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for governorate in GOVERNORATES:
        for name in aliases(governorate.code):
            codes[fold(name)] = governorate.code
    return codes
