"""One connection to the mail server, opened when it is needed and kept open."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPNotSupported,
    SMTPReadTimeoutError,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from channels import Barred, Busy, Unreachable, Unsure
from channels.email import certificates
from channels.email.faults import PAUSE, Step, fault_of
from channels.email.relay import Cipher, Relay

T = TypeVar("T")
CONNECT_SECONDS = 20.0
ANSWER_SECONDS = 60.0
"""For an answer to a command; RFC 5321 (4.5.3.2) has servers take five minutes at most, and few do.
"""
DATA_SECONDS = 300.0
"""For the last answer: who gives up before it may have the mail delivered twice."""
_NO_CIPHER = "The mail server offers no cipher (STARTTLS), so it is told nothing."


class Connection:
    """Hands mails over, one at a time, each on the same line as the one before."""

    def __init__(self, relay: Relay, *, tls: ssl.SSLContext | None = None) -> None:
        """`tls` is what certificates are checked by; None is what this machine trusts."""
        # The library logs what it is told, and that names people.
        logging.getLogger("aiosmtplib").setLevel(logging.CRITICAL)
        self._relay = relay
        self._tls = tls
        self._line: SMTP | None = None
        self._turn = asyncio.Lock()
        self.let_in = False
        """Whether the server let us in when we called last."""

    async def hand_over(self, sender: str, recipient: str, mail: bytes) -> None:
        """Returns once the server has taken the mail.

        Raises Barred, Busy, Gone, Refused, Resting, Unreachable or Unsure.
        """
        async with self._turn:
            line = await self._begun(sender)
            try:
                await _answered(Step.RCPT, lambda: line.rcpt(recipient, timeout=ANSWER_SECONDS))
                await self._given(line, mail)
            except BaseException as error:
                await self._tidy(line, error)
                raise

    async def check(self) -> None:
        """Returns once the server has let us in; raises Barred or Unreachable."""
        async with self._turn:
            await self._open()

    async def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None and line.is_connected:
            with suppress(SMTPException, OSError, TimeoutError):
                await line.quit(timeout=2.0)
            line.close()

    async def _begun(self, sender: str) -> SMTP:
        """The line, on which the server has agreed that we write."""
        if self._line is not None and self._line.is_connected:
            line = self._line
            # Servers hang up on who is silent for minutes: then there is no harm in calling again.
            with suppress(SMTPServerDisconnected, SMTPReadTimeoutError):
                await self._announced(line, sender)
                return line
        line = await self._open()
        try:
            await self._announced(line, sender)
        except (SMTPServerDisconnected, SMTPReadTimeoutError) as lost:
            raise Unreachable("The mail server hung up.") from lost
        return line

    async def _announced(self, line: SMTP, sender: str) -> None:
        try:
            await line.mail(sender, timeout=ANSWER_SECONDS)
        except SMTPResponseException as refused:
            await self._tidy(line, refused)
            raise fault_of(Step.MAIL, refused.code, refused.message) from None

    async def _open(self) -> SMTP:
        if self._line is not None:
            self._line.close()
        self._line = None
        line = self._unopened()
        try:
            await line.connect()
        except BaseException as error:
            line.close()
            self.let_in = False
            fault = _not_let_in(error)
            if fault is None:
                raise
            raise fault from None
        self._line, self.let_in = line, True
        return line

    def _unopened(self) -> SMTP:
        relay = self._relay
        ciphered = relay.cipher is not Cipher.NONE
        return SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.user,
            password=relay.password,
            # The machine's own name is nobody's business.
            local_hostname="localhost",
            timeout=CONNECT_SECONDS,
            use_tls=relay.cipher is Cipher.TLS,
            start_tls=relay.cipher is Cipher.STARTTLS,
            tls_context=self._tls if ciphered else None,
        )

    async def _given(self, line: SMTP, mail: bytes) -> None:
        try:
            await line.data(mail, timeout=DATA_SECONDS)
        except SMTPResponseException as refused:
            raise fault_of(Step.DATA, refused.code, refused.message) from None
        except (SMTPException, OSError, TimeoutError) as lost:
            raise Unsure("The mail server did not say whether it took the mail.") from lost

    async def _tidy(self, line: SMTP, error: BaseException) -> None:
        """The next mail begins anew: on this line if the server still listens."""
        if isinstance(error, Busy | Unsure | Unreachable | asyncio.CancelledError):
            line.close()
            self._line = None
        else:
            try:
                await line.rset(timeout=ANSWER_SECONDS)
            except (SMTPException, OSError, TimeoutError):
                line.close()
                self._line = None


async def _answered(step: Step, command: Callable[[], Awaitable[T]]) -> T:
    try:
        return await command()
    except SMTPResponseException as refused:
        raise fault_of(step, refused.code, refused.message) from None
    except (SMTPException, OSError, TimeoutError) as lost:
        raise Unreachable("The mail server hung up.") from lost


def _not_let_in(error: BaseException) -> Exception | None:
    """What it means that no connection came about; None for what is no answer of the network."""
    if isinstance(error, SMTPAuthenticationError) and error.code >= 500:
        return Barred(f"The mail server refuses user or password ({error.code}).")
    if (wrong := certificates.fault_behind(error)) is not None:
        return Barred(certificates.sentence(wrong))
    if isinstance(error, SMTPNotSupported):
        return Barred(_NO_CIPHER)
    if isinstance(error, SMTPConnectResponseError) and 400 <= error.code < 500:
        return Busy(PAUSE)
    if isinstance(error, SMTPException) and "STARTTLS" in str(error):
        return Barred(_NO_CIPHER)
    if isinstance(error, SMTPException | OSError | TimeoutError):
        return Unreachable(f"The mail server cannot be reached ({type(error).__name__}).")
    return None
