"""Places that people type and that the Unicode locale data has no time zone for."""

from __future__ import annotations

# Where the community's friends live, near ones first.
COMMON = (
    "Europe/Istanbul",
    "Asia/Amman",
    "Asia/Beirut",
    "Africa/Cairo",
    "Asia/Dubai",
    "Europe/Rome",
    "Europe/Berlin",
    "Europe/Stockholm",
    "Europe/London",
    "America/New_York",
)

# Large cities that are no zone's city, and other spellings of those that are.
# fmt: off
ALIASES = {
    "Africa/Algiers": "Oran, Constantine, وهران, قسنطينة, الجزائر العاصمة",
    "Africa/Cairo": "Alexandria, Giza, Al Qahirah, الإسكندرية, الجيزة, مصر",
    "Africa/Casablanca": "Rabat, Marrakesh, Marrakech, Fez, Tangier, الرباط, مراكش, فاس, طنجة",
    "Africa/Khartoum": "Omdurman, أم درمان",
    "Africa/Tripoli": "Benghazi, بنغازي",
    "Africa/Tunis": "Sfax, Sousse, صفاقس, سوسة",
    "America/Chicago": "Houston, Dallas, Austin, San Antonio, Nashville, Minneapolis, Milwaukee, "
        "St Louis, New Orleans, Kansas City, هيوستن, دالاس, أوستن, ناشفيل, مينيابوليس",
    "America/Denver": "Salt Lake City, Albuquerque, دنفر",
    "America/Detroit": "Dearborn, Sterling Heights, ديربورن, ستيرلنغ هايتس",
    "America/Edmonton": "Calgary, كالغاري, كالجاري",
    "America/Los_Angeles": "LA, San Francisco, San Diego, El Cajon, San Jose, Seattle, Portland, "
        "Sacramento, Las Vegas, لوس انجلوس, لوس أنجليس, سان فرانسيسكو, سان دييغو, سياتل",
    "America/New_York": "NYC, NY, Washington, Washington DC, Boston, Philadelphia, Miami, "
        "Atlanta, Baltimore, Pittsburgh, Buffalo, واشنطن, بوسطن, فيلادلفيا, ميامي, أتلانتا, "
        "نيو يورك",
    "America/Phoenix": "Tucson, فينيكس",
    "America/Toronto": "Montreal, Ottawa, Mississauga, Quebec, "
        "مونتريال, أوتاوا, كيبيك",
    "America/Vancouver": "Burnaby, فانكوفر",
    "Asia/Aden": "Sanaa, Sana'a, Taiz, صنعاء, تعز",
    "Asia/Amman": "Zarqa, Irbid, Aqaba, عمان, الزرقاء, إربد, العقبة",
    "Asia/Beirut": "Sidon, Tyre, Zahle, صيدا, صور, زحلة",
    "Asia/Bahrain": "Manama, المنامة",
    "Asia/Damascus": "Aleppo, Homs, Latakia, Hama, Qamishli, Sham, حلب, حمص, اللاذقية, حماة, "
        "القامشلي, الشام",
    "Asia/Dubai": "Abu Dhabi, Sharjah, Ajman, أبوظبي, أبو ظبي, الشارقة, عجمان",
    "Asia/Hebron": "Ramallah, Bethlehem, Nablus, Jenin, رام الله, بيت لحم, نابلس, جنين",
    "Asia/Jerusalem": "Al Quds, Haifa, Nazareth, حيفا, الناصرة, يافا",
    "Asia/Karachi": "Islamabad, Lahore, إسلام آباد, لاهور",
    "Asia/Kolkata": "Delhi, New Delhi, Mumbai, Bangalore, Hyderabad, Chennai, دلهي, نيودلهي, "
        "مومباي",
    "Asia/Kuala_Lumpur": "KL, كوالا لمبور",
    "Asia/Kuwait": "Kuwait City, مدينة الكويت",
    "Asia/Muscat": "Salalah, صلالة",
    "Asia/Qatar": "Doha, الدوحة",
    "Asia/Riyadh": "Jeddah, Jiddah, Mecca, Makkah, Medina, Dammam, جدة, مكة, المدينة المنورة, "
        "الدمام",
    "Asia/Shanghai": "Beijing, Guangzhou, Shenzhen, بكين, غوانغجو, شنجن",
    "Asia/Tehran": "Mashhad, Isfahan, Tabriz, Qom, Shiraz, Ahvaz, Kermanshah, مشهد, أصفهان, "
        "تبريز, قم, شيراز, الأهواز, كرمنشاه",
    "Asia/Tokyo": "Osaka, Kyoto, أوساكا",
    "Australia/Melbourne": "Geelong, Shepparton",
    "Australia/Sydney": "Canberra, Wollongong, كانبرا",
    "Europe/Amsterdam": "Rotterdam, The Hague, Den Haag, Utrecht, Eindhoven, Groningen, روتردام, "
        "لاهاي, أوترخت, آيندهوفن",
    "Europe/Athens": "Thessaloniki, Salonica, سالونيك",
    "Europe/Berlin": "Munich, München, Muenchen, Hamburg, Cologne, Köln, Koeln, Frankfurt, "
        "Stuttgart, Düsseldorf, Duesseldorf, Leipzig, Dresden, Dortmund, Essen, Bremen, Hannover, "
        "Hanover, Nuremberg, Nürnberg, Bonn, Bielefeld, Augsburg, ميونخ, ميونيخ, هامبورغ, "
        "هامبورج, كولن, كولونيا, فرانكفورت, شتوتغارت, دوسلدورف, لايبزغ, دريسدن, دورتموند, إيسن, "
        "بريمن, هانوفر, نورنبرغ, بون",
    "Europe/Brussels": "Antwerp, Antwerpen, Ghent, Gent, Liege, Liège, بروكسيل, أنتويرب, غنت",
    "Europe/Copenhagen": "Aarhus, Odense, Aalborg, آرهوس, أودنسه, كوبنهاجن",
    "Europe/Dublin": "Cork, Galway, كورك",
    "Europe/Helsinki": "Tampere, Turku, Espoo, Vantaa, Oulu, تامبيري, توركو, إسبو",
    "Europe/Istanbul": "Ankara, Izmir, İzmir, Antalya, Bursa, Konya, Adana, Gaziantep, Mersin, "
        "Samsun, Diyarbakir, Eskisehir, Sakarya, Stanbul, اسطنبول, إستنبول, أنقرة, إزمير, "
        "أنطاليا, بورصة, قونية, أضنة, غازي عنتاب, مرسين, سامسون, ديار بكر, سكاريا",
    "Europe/Kyiv": "Kiev, Kharkiv, Odesa, Lviv, كييف",
    "Europe/Lisbon": "Porto, بورتو",
    "Europe/London": "Manchester, Birmingham, Leeds, Liverpool, Sheffield, Bristol, Glasgow, "
        "Edinburgh, Cardiff, Newcastle, Nottingham, Leicester, Oxford, Cambridge, Belfast, "
        "مانشستر, برمنغهام, بيرمنغهام, ليدز, ليفربول, شيفيلد, بريستول, غلاسكو, إدنبرة, كارديف, "
        "نيوكاسل, أكسفورد, كامبردج, بلفاست",
    "Europe/Madrid": "Barcelona, Valencia, Seville, Sevilla, Bilbao, Malaga, برشلونة, فالنسيا, "
        "إشبيلية, مالقة",
    "Europe/Moscow": "Saint Petersburg, St Petersburg, سانت بطرسبرغ",
    "Europe/Oslo": "Bergen, Trondheim, Stavanger, بيرغن",
    "Europe/Paris": "Lyon, Marseille, Marseilles, Toulouse, Nice, Lille, Strasbourg, Nantes, "
        "Bordeaux, ليون, مارسيليا, تولوز, نيس, ليل, ستراسبورغ, نانت, بوردو",
    "Europe/Rome": "Roma, Milan, Milano, Turin, Torino, Naples, Napoli, Bologna, Florence, "
        "Firenze, Genoa, Genova, Venice, Venezia, Palermo, Bari, Padova, Padua, Verona, Trieste, "
        "Perugia, Pisa, Brescia, Catania, ميلان, ميلانو, تورينو, نابولي, بولونيا, فلورنسا, "
        "جنوة, البندقية, باليرمو, باري, بادوفا, فيرونا, بيزا",
    "Europe/Stockholm": "Malmö, Malmoe, Göteborg, Goeteborg, Gothenburg, Uppsala, Södertälje, "
        "Västerås, Örebro, Linköping, Norrköping, Helsingborg, Jönköping, Eskilstuna, Lund, "
        "Umeå, مالمو, مالمه, غوتنبرغ, يوتوبوري, جوتنبرج, أوبسالا, سودرتاليا, سودرتيليا, "
        "فيستروس, أوربرو, لينشوبينغ, نورشوبينغ, هلسنبوري, ستوكهولم",
    "Europe/Vienna": "Wien, Graz, Linz, Salzburg, Innsbruck, غراتس, لينتس, سالزبورغ",
    "Europe/Warsaw": "Krakow, Kraków, Gdansk, Wroclaw, كراكوف",
    "Europe/Zurich": "Geneva, Genève, Basel, Bern, Lausanne, Zürich, Lugano, جنيف, بازل, برن, "
        "لوزان, زيورخ",
    "Pacific/Auckland": "Wellington, Christchurch, ولينغتون",
}

COUNTRIES = {
    "AE": "UAE, Emirates, الإمارات",
    "AU": "Oz",
    "BA": "Bosnia, البوسنة",
    "CD": "DR Congo, DRC",
    "CZ": "Czech Republic, Czech, جمهورية التشيك",
    "DE": "Deutschland, المانيا",
    "GB": "UK, GB, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, بريطانيا, "
        "بريطانيا العظمى, إنجلترا, إنكلترا, انجلترا, اسكتلندا, ويلز",
    "GR": "اليونان",
    "IN": "الهند",
    "IR": "إيران",
    "IT": "Italia, إيطاليا",
    "JO": "Jordan, الأردن",
    "KR": "South Korea, Korea, كوريا, كوريا الجنوبية",
    "KW": "Kuwait, الكويت",
    "LB": "Lebanon, لبنان",
    "NL": "Holland, The Netherlands, هولندا",
    "PS": "Palestine, West Bank, Gaza, فلسطين, الضفة الغربية, غزة",
    "RU": "Russian Federation, روسيا",
    "SA": "KSA, Saudi, السعودية",
    "SE": "Sverige, السويد",
    "SY": "سورية, سوريا",
    "TR": "Turkey, Türkiye, تركيا, تركية",
    "US": "USA, US, U.S.A., U.S., America, United States of America, the States, أمريكا, أميركا, "
        "الولايات المتحدة الأمريكية, الولايات المتحدة الأميركية",
}
# fmt: on

# The zone that most people of a country live in, where it has several.
MOST_PEOPLE = (
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver",
    "America/Phoenix", "America/Anchorage", "Pacific/Honolulu",
    "America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg",
    "America/Halifax", "America/Regina", "America/St_Johns",
    "Australia/Sydney", "Australia/Brisbane", "Australia/Perth", "Australia/Adelaide",
    "Australia/Darwin",
    "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Europe/Samara",
    "America/Sao_Paulo", "America/Mexico_City", "America/Tijuana", "America/Santiago",
    "America/Argentina/Buenos_Aires", "America/Guayaquil",
    "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Almaty", "Asia/Tashkent",
    "Asia/Shanghai", "Asia/Kuala_Lumpur", "Asia/Ulaanbaatar", "Asia/Hebron",
    "Europe/Madrid", "Europe/Lisbon", "Europe/Berlin", "Europe/Kyiv", "Asia/Nicosia",
    "Africa/Kinshasa", "Pacific/Auckland", "Pacific/Port_Moresby", "Pacific/Tahiti",
)  # fmt: skip
