"""The pages that links in mails lead to: an address is proved, mail is stopped.

No page says whether an address is known, and looking at one changes nothing: programs that look
for harm in mails open every link.
"""
