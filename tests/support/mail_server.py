"""A mail server on loopback that keeps what it is handed, and can refuse or break off."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """What the server was handed, in order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        """What it says to the next mails' data; they are kept only with 250."""
        self.hang_up_after_taking = False
        """Take a mail and break the connection before saying so."""
        self.port = _free_port()

    async def handle_DATA(self, smtp: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        if self.hang_up_after_taking:
            smtp.transport.abort()
        return self.answer

    @property
    def settings(self) -> dict[str, Any]:
        """What makes mail go here."""
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": "none",
            "mail_from": "alerts@throughline.example.org",
            "public_url": "https://throughline.example.org/",
        }


@contextmanager
def open_mail_server() -> Iterator[MailServer]:
    """Serve until the block ends."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """A mail's text, or its HTML."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
