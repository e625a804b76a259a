"""Webinars by chat: the organisers' side of the programme.

`typed` reads what a form takes, `questions` are the form, `answers` leads from answers to a webinar
and back, `new`, `editing`, `joining` and `moving` are the conversations, `screen` is where they all
lead, `registrations` is about who comes.
"""
