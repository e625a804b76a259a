"""The pure heart: what comes in, what goes out, and the conversation between the two.

Imports nothing of ours and does no I/O.
"""
