"""A mail server that takes what it is told to take, over real SMTP."""

from tests.platforms.smtp.certificate import Certificate, certificate
from tests.platforms.smtp.server import LOST, PASSWORD, USER, Received, SmtpServer

__all__ = ["LOST", "PASSWORD", "USER", "Certificate", "Received", "SmtpServer", "certificate"]
