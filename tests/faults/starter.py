"""Starts `bot.py` quickly, as often as a test kills it: everything is imported once, then forked.

Its argument is the number of a socket. On it comes a JSON object (`folder`, `arguments`,
`variables`) with the two ends to write output to; back goes the process's id. An object with
`wait` gets that process's exit code, negative for the signal that ended it.
"""

from __future__ import annotations

import json
import os
import runpy
import socket
import sys
from pathlib import Path
from typing import Any

BOT = Path(__file__).parents[2] / "bot.py"


def serve(asking: socket.socket) -> None:
    """Start and wait until nobody asks any more."""
    while True:
        line, outputs, *_ = socket.recv_fds(asking, 65536, 2)
        if not line:
            return
        asked = json.loads(line)
        if "wait" in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
        else:
            answer = os.fork()
            if not answer:
                asking.close()
                become(asked, *outputs)
        for output in outputs:
            os.close(output)
        asking.send(str(answer).encode())


def become(asked: dict[str, Any], output: int, errors: int) -> None:
    """Be `bot.py` from here on, as if it had been started from the command line."""
    for opened, number in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (errors, 2)):
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(asked["variables"])
    os.chdir(asked["folder"])
    sys.argv = [str(BOT), *asked["arguments"]]
    runpy.run_path(str(BOT), run_name="__main__")
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, str(BOT.parent))
    import bot as bot  # all that it imports is there when it starts

    serve(socket.socket(fileno=int(sys.argv[1])))
