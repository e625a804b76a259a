"""A mail server that keeps one mailbox, on the loopback, speaking IMAP."""

from tests.platforms.imap.server import FOLDER, PASSWORD, USER, ImapServer, Kept

__all__ = ["FOLDER", "PASSWORD", "USER", "ImapServer", "Kept"]
