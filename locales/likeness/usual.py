"""What a model of meanings is measured by: usual questions, and Iraqi words as they are written.

Some texts are near everything to such a model. How near a question is to these, which ask what is
asked anywhere, tells how much its being near another one says.
"""

from __future__ import annotations

ARABIC = """
ما الذي يمكن أن يفعله الناس بأنفسهم حيال ذلك؟
متى تُنشر نتائج هذه الدراسة، وأين يمكن قراءتها؟
لماذا لا تُطبَّق القرارات التي صدرت قبل سنوات؟
كم يكلف ذلك، ومن يتحمل التكاليف؟
إلى أي جهة أتوجه إذا احتجت إلى المساعدة؟
كيف أشرح هذا لجيراني وهم لا يصدقونه؟
هل تعمل المنظمات الدولية معكم في هذا المشروع؟
ما حقوقي إذا طلب مني المدير العمل في يوم العطلة؟
هل من الآمن أن أكتب رأيي على مواقع التواصل؟
ما دور العشائر في حل الخلافات؟
كيف أعرف أن الخبر الذي وصلني صحيح؟
هل تزداد العواصف والفيضانات بسبب تغير المناخ؟
ما الفحوص التي تحتاجها المرأة بعد سن الأربعين؟
لماذا ترتفع أسعار الخضار والخبز كل شهر؟
كيف يمكن للشباب أن يؤثروا في القوانين الجديدة؟
هل توجد دورات تدريبية للخريجين العاطلين عن العمل؟
ما الأوراق المطلوبة للسفر إلى الخارج؟
كيف نحافظ على الأنهار والأهوار للأجيال القادمة؟
من يراقب الشركات التي تأخذ العقود الحكومية؟
ماذا أفعل إذا هددني أحد بسبب عملي؟
هل يمكن الوثوق بالمحاكم في مثل هذه القضايا؟
كيف أساعد طفلي على التركيز في دروسه؟
هل تتكرر هذه الندوات في مدن أخرى؟
ما الفرق بين هذا القانون والقانون القديم؟
"""
ENGLISH = """
What can people do about it by themselves?
When will the results of this study be published, and where can we read them?
Why are decisions from years ago not being carried out?
How much does it cost, and who bears the costs?
Which office do I turn to if I need help?
How do I explain this to my neighbours, who do not believe it?
Do international organisations work with you on this project?
What are my rights if my manager wants me to work on a holiday?
Is it safe to write my opinion on social media?
What is the role of the tribes in settling disputes?
How do I know that a piece of news that reached me is true?
Are storms and floods increasing because of climate change?
Which check-ups does a woman need after forty?
Why do the prices of vegetables and bread rise every month?
How can young people influence new laws?
Are there training courses for unemployed graduates?
Which papers are needed to travel abroad?
How do we preserve the rivers and marshes for the next generations?
Who watches the companies that get government contracts?
What do I do if somebody threatens me because of my work?
Can the courts be trusted in such cases?
How do I help my child to concentrate on lessons?
Will these webinars be repeated in other cities?
What is the difference between this law and the old one?
"""
WRITTEN = """
كيف: شلون اشلون
لماذا: ليش لويش
أين: وين
من أين: منين
متى: يمته شوكت
كم: شكد شقد
بكم: بيش
ما: شنو شنهو شنهي شني
من: منو
هل يوجد: اكو أكو
لا يوجد: ماكو
الآن: هسه هسة
أو: لو
الذي: اللي الي
هكذا: هيج
كثيرا: هواي هواية
ماء: ماي مي
الماء: الماي المي
نحن: احنا
عندنا: عدنا
مجانا: ببلاش بلاش
"""
"""What is said after a colon, as a model knows it from what people have written."""
