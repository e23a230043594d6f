"""Handing mails to the mail server, and telling what it refused from what is in doubt."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from ipaddress import ip_address

from corpus.errors import SourceError
from corpus.settings import Settings
from web.alerts.mail import MailSettingsError, require_mail

TIMEOUT_SECONDS = 20
_SECURITY = ("starttls", "tls", "none")


class MailRefusedError(SourceError):
    """The mail server was not reached or refused; what was to be sent certainly was not."""

    code = "mail-refused"


class MailInDoubtError(SourceError):
    """The connection to the mail server broke while it had a mail: it may have taken it."""

    code = "mail-in-doubt"


class Post:
    """An open connection to the mail server."""

    def __init__(self, server: smtplib.SMTP) -> None:
        """Take a server that is ready for mail."""
        self._server = server

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            MailRefusedError: it was not taken.
            MailInDoubtError: it may have been.
        """
        try:
            # A connection that broke between two mails has taken nothing of the next.
            self._server.noop()
        except (smtplib.SMTPException, OSError) as error:
            raise MailRefusedError("The mail server is no longer there.") from error
        try:
            self._server.send_message(message)
        except (
            smtplib.SMTPRecipientsRefused,
            smtplib.SMTPSenderRefused,
            smtplib.SMTPDataError,
            smtplib.SMTPHeloError,
            smtplib.SMTPNotSupportedError,
        ) as error:
            raise MailRefusedError("The mail server refused a mail.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailInDoubtError(
                "The connection to the mail server broke while it had a mail."
            ) from error


@contextmanager
def open_post(settings: Settings) -> Iterator[Post]:
    """Connect to the mail server of the settings, log in and leave it tidily.

    Raises:
        MailSettingsError: the settings do not fit together.
        MailRefusedError: the server was not reached, or refused us.
    """
    require_mail(settings)
    _check_security(settings)
    try:
        server = _connected(settings)
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefusedError(
            f"The mail server {settings.smtp_host}:{settings.smtp_port} cannot be used: {error}. "
            "Nothing was sent."
        ) from error
    try:
        yield Post(server)
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _check_security(settings: Settings) -> None:
    if settings.smtp_security not in _SECURITY:
        raise MailSettingsError(
            f"The setting smtp_security should be one of {', '.join(_SECURITY)}."
        )
    if settings.smtp_security == "none" and settings.smtp_user and not _is_here(settings.smtp_host):
        raise MailSettingsError(
            "With smtp_security = none the password would be sent in the clear: use starttls or "
            "tls, or a mail server on this machine."
        )


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server
