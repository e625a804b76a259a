"""Notes what became of each letter, and sees to those behind it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from channels import LATER, Barred, Busy, Exhausted, Gone, Lists, Moved, Refused, Unsure
from delivery.alarm import Alarm
from delivery.desk import Desk
from delivery.judging import judge
from delivery.learnt import NOTHING, Learnt
from delivery.letters import Letter
from delivery.retries import asks_before_it_goes_again
from delivery.settling import Ending
from delivery.verdicts import Again, Verdict
from storage.outbox import Delivery, Settlement, State

PAUSES_OF_A_SAID = 3
LONGEST_PAUSE_OF_A_SAID = 30.0
"""Seconds; whoever waits for an answer cannot wait for ever."""
LONGEST_BAR = 60.0

log = logging.getLogger(__name__)


class Books:
    """Turns what the platform answered into endings, pauses and further tries."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._alarm = Alarm(log, desk.clock.monotonic)
        self._bars = 0

    def note(self, letter: Letter, outcome: str | Exception) -> None:
        """This letter was in flight, and this came back: the platform's id, or an error."""
        pause = self._pause_after(outcome)
        if letter.delivery is None:
            self._answer(letter, outcome)
        elif isinstance(outcome, str):
            self._sent(letter, letter.delivery, outcome)
        else:
            self._judge(letter, letter.delivery, outcome, pause)
        if isinstance(outcome, Exhausted):
            self._alarm.sound(
                "ALERT: the platform takes no more than replies, so broadcasts wait",
                self._desk.channel.name,
            )
            self.hush(outcome.seconds)
        if pause > 0:
            self.pause(pause)

    def pause(self, seconds: float) -> None:
        """Nothing leaves for so long."""
        desk = self._desk
        desk.pace.pause(desk.clock.monotonic() + seconds)
        self.hand_back(desk.lanes.drop_all(), desk.clock.now() + timedelta(seconds=seconds))

    def hush(self, seconds: float) -> None:
        """Nothing but replies is taken out of the outbox for so long."""
        desk = self._desk
        desk.hush.until = max(desk.hush.until, desk.clock.monotonic() + seconds)
        self.hand_back(desk.lanes.drop_broadcasts(), desk.clock.now())

    def end(self, letter: Letter, delivery: Delivery, verdict: Verdict) -> None:
        """Notes the verdict; those behind follow, or go back with it, or are spared."""
        self._write(letter, delivery, verdict)
        if verdict.state is State.QUEUED and verdict.due is not None and not verdict.alone:
            self.hand_back(self._desk.lanes.drop(letter.account), verdict.due)
        elif verdict.learnt.gone:
            spared = Verdict(State.SUPPRESSED, reason="gone")
            for behind in self._desk.lanes.drop(letter.account):
                if behind.delivery is not None:
                    self._write(behind, behind.delivery, spared)
                else:
                    self._desk.lanes.put(behind)
        self._desk.lanes.done(letter.account)

    def hand_back(self, letters: Sequence[Letter], due: datetime) -> None:
        """Rows that have not started go back into the outbox; whoever waits keeps waiting."""
        for letter in letters:
            if letter.delivery is None:
                self._desk.lanes.put(letter)
            else:
                self._write(letter, letter.delivery, Verdict(State.QUEUED, due=due))

    def _sent(self, letter: Letter, delivery: Delivery, platform_id: str) -> None:
        """The platform took it, as nearly always: the shortest way."""
        self._desk.counts.ended(State.SENT)
        settlement = Settlement(
            delivery.id,
            State.SENT,
            platform_id,
            attempts=delivery.attempts,
            keep_words=self._may_be_refused_yet(delivery),
        )
        learnt = self._learnt(letter, NOTHING)
        self._desk.settling.add(Ending(settlement, delivery.address, learnt))
        self._desk.lanes.done(letter.account)

    def _judge(self, letter: Letter, delivery: Delivery, error: Exception, pause: float) -> None:
        clock = self._desk.clock
        wait = self._desk.channel.limits.reconcile_seconds
        verdict = judge(letter, delivery, error, clock.now(), pause, clock.chance(), wait)
        if isinstance(verdict, Again):
            self._repeat(letter, verdict)
            return
        if verdict.state is State.QUEUED and self._has_begun(delivery):
            # Whoever sends the rest may be another process, which has to be told that by the list.
            verdict = replace(verdict, ambiguous=True)
        if verdict.unfit:
            self._alarm.sound(
                "ALERT: what a message says is refused, and its broadcast pauses",
                self._desk.channel.name,
            )
        if verdict.reason == "error":
            # The class alone: the error's own words may hold what somebody wrote.
            self._alarm.sound("ALERT: a message failed three times", type(error).__name__)
        self.end(letter, delivery, verdict)
        if verdict.unfit:
            # Others of the same broadcast may be among those at hand.
            self.hand_back(self._desk.lanes.drop_broadcasts(), clock.now())

    def _has_begun(self, delivery: Delivery) -> bool:
        """Whether parts of it are there, and the platform can be asked which."""
        channel = self._desk.channel
        asks = channel.limits.reconcile_seconds is not None and asks_before_it_goes_again(delivery)
        return asks and isinstance(channel, Lists) and channel.has_begun(delivery.id)

    def _repeat(self, letter: Letter, again: Again) -> None:
        letter.act, letter.target = again.act, again.target
        letter.shut, letter.plain = letter.shut or again.shut, letter.plain or again.plain
        if again.account == letter.account:
            self._desk.lanes.put_back(letter)
            return
        self._desk.lanes.done(letter.account)
        letter.account, letter.moved = again.account, True
        self._desk.lanes.put(letter)

    def _answer(self, letter: Letter, outcome: str | Exception) -> None:
        answer = letter.answer
        if answer is None or answer.done():
            self._desk.lanes.done(letter.account)
        elif isinstance(outcome, str):
            answer.set_result(outcome)
            self._desk.lanes.done(letter.account)
        elif self._worth_waiting(letter, outcome):
            letter.pauses += 1
            self._desk.lanes.put_back(letter)
        elif isinstance(outcome, Moved) and not letter.moved:
            self._repeat(letter, Again(letter.act, letter.target, outcome.account))
        else:
            answer.set_exception(self._expected(outcome))
            self._desk.lanes.done(letter.account)

    def _worth_waiting(self, letter: Letter, outcome: Exception) -> bool:
        return (
            isinstance(outcome, Busy)
            and outcome.seconds <= LONGEST_PAUSE_OF_A_SAID
            and letter.pauses < PAUSES_OF_A_SAID
        )

    def _write(self, letter: Letter, delivery: Delivery, verdict: Verdict) -> None:
        self._desk.counts.ended(verdict.state)
        if verdict.state is State.QUEUED:
            self._desk.backlog.returning(delivery.address)
        settlement = Settlement(
            delivery.id,
            verdict.state,
            platform_id=verdict.platform_id,
            reason=verdict.reason,
            due=verdict.due,
            ambiguous=verdict.ambiguous,
            attempts=delivery.attempts,
        )
        learnt = self._learnt(letter, verdict.learnt)
        bulk = delivery.bulk
        pauses = bulk.broadcast if verdict.unfit and bulk is not None else None
        elsewhere = bulk is not None and verdict.elsewhere
        ending = Ending(settlement, delivery.address, learnt, pauses, elsewhere)
        self._desk.settling.add(ending)

    def _learnt(self, letter: Letter, learnt: Learnt) -> Learnt:
        """With what was found out before the letter went once more."""
        if letter.moved:
            learnt = replace(learnt, account=letter.account)
        if letter.shut:
            learnt = replace(learnt, shut=letter.open_until or self._desk.clock.now())
        return learnt

    def _may_be_refused_yet(self, delivery: Delivery) -> bool:
        """Whether what the platform has taken now may have to go once more with the same words."""
        tells = self._desk.channel.limits.reconcile_seconds is not None
        return tells and delivery.bulk is None and asks_before_it_goes_again(delivery)

    def _pause_after(self, outcome: str | Exception) -> float:
        """Seconds for which the whole sender must be silent now."""
        counts = self._desk.counts
        counts.connected = isinstance(outcome, str | Refused)
        match outcome:
            case Busy():
                counts.busy += 1
                return max(outcome.seconds, 0.0)
            case Barred():
                counts.barred += 1
                self._bars += 1
                self._alarm.sound(
                    "ALERT: our credentials are refused, so messages wait", self._desk.channel.name
                )
                return min(LONGEST_BAR, 2.0 ** min(self._bars, 10))
            case Unsure():
                return 0.0
            case _:
                self._bars = 0
                return 0.0

    def _expected(self, error: Exception) -> Exception:
        """This error, if a channel may raise it; a fault of our own counts as a refusal."""
        if isinstance(error, (Gone, Moved, Refused, *LATER)):
            return error
        self._alarm.sound("ALERT: a message before consent failed", type(error).__name__)
        refused = Refused("The message could not be made.")
        refused.__cause__ = error
        return refused
