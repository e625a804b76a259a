"""Ports for whatever a test starts, stops, and starts again where it was."""

from __future__ import annotations

import os
import socket
from collections import deque
from itertools import count

PORTS = count(os.getpid() * 997)
"""Each process that tests begins elsewhere among them."""

KEPT = 100
KEPT_FREE: deque[socket.socket] = deque()


def free_port() -> int:
    """A port that nobody has, and that nobody else who asks here gets until 100 more are given.

    Nor does the system give it to anybody: it hands out higher ones
    (`net.ipv4.ip_local_port_range`).
    """
    if len(KEPT_FREE) == KEPT:
        KEPT_FREE.popleft().close()
    for number in PORTS:
        port, keeping = 10_000 + number % 20_000, socket.socket()
        try:
            # Not yet SO_REUSEADDR: so it is refused what somebody else keeps in this way.
            keeping.bind(("127.0.0.1", port))
        except OSError:
            keeping.close()
            continue
        # From now on it is no hindrance to a server, as long as it listens to nobody itself.
        keeping.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        KEPT_FREE.append(keeping)
        return port
    raise AssertionError("PORTS has no end.")
