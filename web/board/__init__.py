"""The board of a webinar: a desk for moderators, and a stage for the experts and the screen.

It shows questions and nothing of who asked them: no nickname, no token, no count of strikes.
"""
