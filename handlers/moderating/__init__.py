"""What moderators do with questions on the phone: one at a time, claimed, a button for each way.

No screen here shows who asked: a question comes with a token for its asker that holds for one
webinar, and with a nickname only where its asker chose so.
"""
