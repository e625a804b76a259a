"""The words by which a commit tells the other processes what is new; nothing personal in them."""

from __future__ import annotations

OUTBOX = "outbox"
"""A message waits that somebody must send."""
ERASURES = "erasures"
"""Messages are to be taken away from a platform."""
LETTERS = "letters"
"""There are letters for some pages of the web chat; their shelf follows after a space."""
PROOFS = "proofs"
"""A mail is to be sent that proves an address."""
BROADCASTS = "broadcasts"
"""A broadcast is in another phase, or will begin at another time."""
