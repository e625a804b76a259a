"""The words in which people type days and times, and the one wording that each is read as."""

from __future__ import annotations

# Names are compared folded, so one spelling stands for all that differ by marks and hamza. The
# Arabic article and the letters written onto a word (و ب ل) are tried without, too.

# Levantine and Iraqi, Egyptian and Gulf, Maghrebi, Kurdish in Arabic script, English.
# fmt: off
MONTHS = (
    "كانون الثاني, كانون ثاني, كانون 2, ك 2, يناير, جانفي, کانوونی دووەم, january, jan",
    "شباط, فبراير, فيفري, شوبات, february, feb",
    "آذار, مارس, ئازار, march, mar",
    "نيسان, أبريل, إبريل, أفريل, نیسان, april, apr",
    "أيار, مايس, مايو, ماي, ئایار, may",
    "حزيران, يونيو, يونيه, جوان, حوزەیران, june, jun",
    "تموز, يوليو, يوليه, جويلية, يوليوز, تەمووز, تەممووز, july, jul",
    "آب, أغسطس, أوت, غشت, ئاب, august, aug",
    "أيلول, سبتمبر, شتنبر, ئەیلوول, september, sept, sep",
    "تشرين الأول, تشرين اول, تشرين 1, ت 1, أكتوبر, تشرینی یەکەم, october, oct",
    "تشرين الثاني, تشرين ثاني, تشرين 2, ت 2, نوفمبر, نونبر, تشرینی دووەم, november, nov",
    "كانون الأول, كانون اول, كانون 1, ك 1, ديسمبر, دجنبر, کانوونی یەکەم, december, dec",
)

# Monday first, as Python counts them. Without the article, أحد and اثنين are numbers, too.
WEEKDAYS = (
    "الاثنين, الاتنين, دووشەممە, دوشەممە, monday, mon",
    "الثلاثاء, ثلاثاء, التلاتاء, سێشەممە, tuesday, tues, tue",
    "الأربعاء, أربعاء, چوارشەممە, wednesday, weds, wed",
    "الخميس, خميس, پێنجشەممە, thursday, thurs, thur, thu",
    "الجمعة, جمعة, هەینی, friday, fri",
    "السبت, سبت, شەممە, saturday, sat",
    "الأحد, أحد, یەکشەممە, sunday, sun",
)

# A number word counts as `w7`, an ordinal as `w7 th`, and the feminine ordinals, which in Arabic
# are the hours of a clock, as `at w7`.
NUMBERS = {
    1: "واحد, واحدة, وحدة, one", 2: "اثنان, اثنين, ثنتين, تنتين, اثنتين, two",
    3: "ثلاث, ثلاثة, تلاتة, three", 4: "أربع, أربعة, four", 5: "خمس, خمسة, five",
    6: "ست, ستة, six", 7: "سبع, سبعة, seven", 8: "ثمان, ثماني, ثمانية, ثمنية, تمنية, eight",
    9: "تسع, تسعة, nine", 10: "عشر, عشرة, ten", 11: "حداعش, احداعش, دعش, إحدى عشرة, eleven",
    12: "اثنا عشر, اثني عشر, اثنتا عشرة, اثنتي عشرة, اطنعش, طنعش, ثنعش, اثنعش, twelve",
    13: "ثلطعش, تلطعش, thirteen", 14: "أربعطعش, fourteen", 15: "خمسطعش, خمستعش, fifteen",
    16: "سطعش, sixteen", 17: "سبعطعش, seventeen", 18: "ثمنطعش, eighteen",
    19: "تسعطعش, nineteen", 20: "عشرون, عشرين, twenty", 30: "ثلاثون, ثلاثين, تلاتين, thirty",
    40: "أربعون, أربعين, forty", 50: "خمسون, خمسين, fifty", 60: "ستون, ستين, sixty",
    70: "سبعون, سبعين, seventy", 80: "ثمانون, ثمانين, eighty", 90: "تسعون, تسعين, ninety",
}
ORDINALS = {
    1: "الأول, أول, الحادي, first", 2: "الثاني, second", 3: "الثالث, third", 4: "الرابع, fourth",
    5: "الخامس, fifth", 6: "السادس, sixth", 7: "السابع, seventh", 8: "الثامن, eighth",
    9: "التاسع, ninth", 10: "العاشر, tenth", 11: "eleventh", 12: "twelfth", 13: "thirteenth",
    14: "fourteenth", 15: "fifteenth", 16: "sixteenth", 17: "seventeenth", 18: "eighteenth",
    19: "nineteenth", 20: "twentieth", 30: "thirtieth",
}
HOURS = {
    1: "الواحدة, الأولى, الحادية", 2: "الثانية", 3: "الثالثة", 4: "الرابعة", 5: "الخامسة",
    6: "السادسة", 7: "السابعة", 8: "الثامنة", 9: "التاسعة", 10: "العاشرة",
}

WORDS = {
    # Parts of the day
    "am": "am, ص",
    "pm": "pm, م",
    "morning": "صباحا, صباح, الصبح, صبح, ضحى, قبل الظهر, morning, in the morning, in the am",
    "noon": "ظهرا, ظهر, الظهيرة, عند الظهر, noon, midday, at noon, at midday",
    "afternoon": "بعد الظهر, بعد الظهيرة, عصرا, عصر, afternoon, in the afternoon",
    "evening": "مساء, مسا, مساءا, المسا, المغرب, مغربا, العشاء, العشا, evening, in the evening",
    "night": "ليلا, ليل, بالليل, night, at night, in the night",
    "dawn": "فجرا, فجر, الفجر, at dawn",
    "midnight": "منتصف الليل, نصف الليل, نص الليل, منتصف ليل, midnight, at midnight",
    "night eve": "ليلة",
    # Days told from today
    "yesterday": "أمس, البارحة, مبارح, yesterday",
    "today": "اليوم, هاليوم, هذا اليوم, today",
    "today night": "الليلة, هالليلة, هذه الليلة, tonight",
    "today morning": "هذا الصباح, this morning",
    "today afternoon": "this afternoon",
    "today evening": "هذا المساء, this evening",
    "tomorrow": "غد, غدا, الغد, باجر, باچر, باكر, بكرة, بكرا, tomorrow, tmrw, tmr, tomorow, "
        "tommorow",
    "overmorrow": "بعد غد, بعد الغد, بعد غدا, عقب غد, بعد بكرة, بعد باجر, بعد باچر, عقب باجر, "
        "عقب باچر, عكب باجر, عكب باچر, عگب باجر, عگب باچر, ورا باجر, ورا باچر, "
        "day after tomorrow, after tomorrow",
    # Which of several
    "coming": "القادم, القادمة, قادم, الجاي, الجاية, جاي, اللي جاي, اللي جاية, المقبل, المقبلة, "
        "coming, this coming",
    "this": "هذا, هذه, هاي, الجاري, الحالي, this",
    "next": "next, التالي, التالية",
    "in": "بعد, عقب, عگب, عكب, ورا, in, after",
    "later": "from now, from today, later, من الآن, من اليوم",
    # Units; the dual is two of them
    "minute": "دقيقة, دقائق, دقايق, د, minute, minutes, min, mins",
    "hour": "ساعة, ساعات, س, hour, hours, hr, hrs",
    "day": "يوم, أيام, day, days",
    "week": "أسبوع, أسابيع, week, weeks",
    "month": "شهر, أشهر, شهور, month, months",
    "year": "سنة, عام, سنوات, year, years",
    "2 minute": "دقيقتان, دقيقتين",
    "2 hour": "ساعتان, ساعتين",
    "2 day": "يومان, يومين",
    "2 week": "أسبوعان, أسبوعين, fortnight",
    "2 month": "شهران, شهرين",
    "2 year": "سنتان, سنتين, عامين",
    # Clocks
    "at": "الساعة, والساعة, عالساعة, at, o clock, oclock",
    "half": "نصف, نص, half",
    "quarter": "ربع, ربعا, quarter",
    "third": "ثلث, ثلثا",
    "3 quarter": "ثلاثة أرباع, three quarters",
    "and": "و, and",
    "less": "إلا",
    "past": "past",
    "to": "to, till",
    "th": "th",
    "h": "h",
    # Places, of which the clock is meant
    "utc": "utc, gmt, z, غرينتش, غرينيتش, جرينتش, جرينيتش, greenwich, التوقيت العالمي, العالمي",
    "?morocco": "بتوقيت المغرب, توقيت المغرب",
    # What says nothing about the time
    "": "في, من, على, عند, ب, ل, الـ, بتاريخ, تاريخ, الموافق, المصادف, تمام, بتمام, موعد, "
        "الموعد, مدينة, توقيت, بتوقيت, التوقيت, بالتوقيت, محلي, المحلي, إن شاء الله, انشاء الله, "
        "انشالله, ميلادي, ميلادية, a, an, the, on, of, for, time, local, date, is, t, please, "
        "inshallah, insha allah, sharp, exactly, s",
}
# fmt: on

ABBREVIATIONS = {
    "cet": ("Europe/Berlin", 1),
    "cest": ("Europe/Berlin", 2),
    "eet": ("Europe/Athens", 2),
    "eest": ("Europe/Athens", 3),
    "bst": ("Europe/London", 1),
    "msk": ("Europe/Moscow", 3),
    "est": ("America/New_York", -5),
    "edt": ("America/New_York", -4),
    "pst": ("America/Los_Angeles", -8),
    "pdt": ("America/Los_Angeles", -7),
}
"""The zone in which each abbreviation is in use, and the hours before UTC that it says."""
