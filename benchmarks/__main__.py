"""`make bench`, first part: echo bots with two libraries, and this bot, side by side."""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from benchmarks.core import apart
from benchmarks.crowd import Unanswered
from benchmarks.parties import PARTIES, ROOT, Ended, Party, environment
from benchmarks.report import DOCUMENT, Results, conditions, table, write
from benchmarks.trial import Measured, Plan, measure

MODES = ("polling", "webhook")


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--only", nargs="*", choices=PARTIES, default=list(PARTIES))
    parser.add_argument("--mode", nargs="*", choices=MODES, default=list(MODES))
    parser.add_argument("--write", action="store_true", help=f"also into {DOCUMENT.name}")
    asked = parser.parse_args()
    results = apart(lambda core: _run(asked, core))
    told = conditions(asked.rounds, asked.people, datetime.now().astimezone())
    print(f"{told}\n\n{table(results)}")
    if asked.write:
        write("turns", f"{told}\n\n{table(results)}")


async def _run(asked: argparse.Namespace, bot_core: int) -> Results:
    results: Results = {}
    plan = Plan(bot_core, people=asked.people, calm_people=min(500, asked.people))
    for number in range(asked.rounds):
        for mode in asked.mode:
            for name in asked.only:
                party = PARTIES[name]
                found = await _measured_once(party, mode, plan)
                results.setdefault((mode, party.name), []).append(found)
                gc.collect()
                print(f"round {number + 1}, {mode}, {party.name}: {found}", file=sys.stderr)
    return results


async def _measured_once(party: Party, mode: str, plan: Plan) -> Measured:
    with tempfile.TemporaryDirectory(prefix="tadamun-bench-") as folder:
        home = Path(folder)
        if party.durable:
            _import_example(home)
        try:
            return await measure(party, mode, home, plan)
        except (Unanswered, Ended, TimeoutError):
            print((home / "log").read_text()[-4000:], file=sys.stderr)
            raise


def _import_example(home: Path) -> None:
    env = environment("polling", "http://127.0.0.1:9", 9, home)
    command = [sys.executable, "bot.py", "import", "examples/icssi.toml"]
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
