"""The person who talks through a form."""

from __future__ import annotations

import json
from collections.abc import Callable

from dialogue import moves
from dialogue import talk as talks
from dialogue.form import Answer, Answers, Form, Rejected, result
from dialogue.talk import Talk
from tests.dialogue.forms import ANSWERED, FIRST


class Chat:
    """Somebody at a form. The talk goes through JSON before every move, as between two processes.

    Every move returns the chat, so that they read as a sentence. A refusal is kept in `refused`,
    and what it offers is shown, as the handlers do it.
    """

    def __init__(self, form: Form, answers: Answers | None = None) -> None:
        self.form = form
        self.talk = talks.begin(form, 7, answers)
        self.refused: str | None = None

    @property
    def asked(self) -> str | None:
        """The key of the question in front."""
        return self.talk.asked

    @property
    def answers(self) -> Answers:
        """Everything that was ever answered and not replaced."""
        return self.talk.answers

    @property
    def result(self) -> dict[str, Answer]:
        """What would be kept if they confirmed now."""
        return result(self.form, self.talk.answers)

    @property
    def shown(self) -> tuple[str, ...]:
        """The values of the choices in front, as they are numbered."""
        question = talks.asked_question(self.form, self.talk)
        shown = talks.shown_choices(question, self.talk) if question else ()
        return tuple(one.value for one in shown)

    @property
    def finished(self) -> bool:
        """Whether the summary is in front."""
        return talks.finished(self.form, self.talk)

    def says(self, *texts: str) -> Chat:
        """Type these texts, one message each."""
        for raw in texts:
            self._try(lambda talk, raw=raw: moves.say(self.form, talk, raw), raw)
        return self

    def presses(self, key: str, *values: str) -> Chat:
        """Press these buttons of one question."""
        for value in values:
            self._try(lambda talk, value=value: moves.press(self.form, talk, key, value))
        return self

    def is_done(self) -> Chat:
        """Press "done"."""
        return self._try(lambda talk: moves.done(self.form, talk))

    def skips(self, key: str | None = None) -> Chat:
        """Skip what is asked, or press the "skip" of another question."""
        return self._try(lambda talk: moves.skip(self.form, talk, key))

    def goes_back(self) -> Chat:
        """Press "back"."""
        return self._try(lambda talk: moves.back(self.form, talk))

    def edits(self, key: str) -> Chat:
        """Choose one answer of the summary to change."""
        return self._try(lambda talk: moves.edit(self.form, talk, key))

    def meets(self, form: Form) -> Chat:
        """Go on after a release that asks another form; nothing is shown before they write."""
        self.form = form
        return self

    def is_prompted(self) -> Chat:
        """See what is asked now once more."""
        return self._try(lambda talk: talks.today(self.form, talk))

    def _try(self, move: Callable[[Talk], Talk], raw: str | None = None) -> Chat:
        talk = Talk.from_json(json.loads(json.dumps(self.talk.to_json())))
        assert talk == self.talk
        self.refused = None
        try:
            self.talk = move(talk)
        except Rejected as rejected:
            self.refused = rejected.reason.key
            # A button that is refused leaves what was offered for a text as it was.
            self.talk = talk if raw is None else moves.offering(talk, rejected, raw)
        return self


def at_summary() -> Chat:
    """Somebody who has the summary of the first form in front of them."""
    return Chat(FIRST, ANSWERED)
