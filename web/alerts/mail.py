"""The mails of alerts: a link to confirm, and digests; plain text with the same as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.deliveries import BrokenOff
from corpus.errors import InvalidInputError
from corpus.settings import Settings
from web.alerts.entries import Entry
from web.alerts.feed import FeedAddresses
from web.alerts.search import FollowedSearch
from web.words import counted

if TYPE_CHECKING:
    import datetime as dt

    from jinja2 import Environment

DIGEST_ENTRIES = 50
"""The most that one mail lists; what is over is counted and linked."""
SUBJECT_CHARS = 70
UNCONFIRMED_CHARS = 120
"""The most of a search that goes to an address whose owner may not have asked: a search for a
whole letter would else be a way to send it."""


class MailSettingsError(InvalidInputError):
    """The settings of mail are incomplete or do not fit together."""

    code = "mail-settings"


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry with its absolute address."""

    entry: Entry
    href: str


def mail_is_on(settings: Settings) -> bool:
    """Whether readers may follow by e-mail: server, sender and public address are set."""
    return bool(settings.smtp_host and settings.mail_from and settings.public_url)


def require_mail(settings: Settings) -> None:
    """Refuse settings that no mail can be sent with.

    Raises:
        MailSettingsError: naming what is missing or wrong.
    """
    missing = [
        name for name in ("smtp_host", "mail_from", "public_url") if not getattr(settings, name)
    ]
    if missing:
        raise MailSettingsError(f"Mail needs the settings {', '.join(missing)}: see settings.md.")
    if urlsplit(settings.public_url).scheme not in {"http", "https"}:
        raise MailSettingsError("The setting public_url should begin with https:// or http://.")


def site_of(settings: Settings) -> str:
    """The portal's public address, without a slash at the end."""
    return settings.public_url.rstrip("/")


def confirm_mail(
    settings: Settings, address: str, search: FollowedSearch, token: str, *, now: "dt.datetime"
) -> EmailMessage:
    """Ask an address whether it wants to follow a search."""
    values = {
        "title": _short(search.title, UNCONFIRMED_CHARS),
        "confirm_url": f"{site_of(settings)}/alerts/confirm/{token}",
        "site": site_of(settings),
    }
    subject = "Throughline: please confirm that you want to follow a search"
    return _mail(settings, address, subject, template="confirm", values=values, now=now)


def digest_mail(
    settings: Settings,
    address: str,
    search: FollowedSearch,
    found: Sequence[Entry],
    token: str,
    *,
    total: int,
    lost: Sequence[BrokenOff],
    now: "dt.datetime",
) -> EmailMessage:
    """Tell of new matches, with a way to stop that takes one click (RFC 8058)."""
    addresses = FeedAddresses(site=site_of(settings))
    leave = f"{site_of(settings)}/alerts/leave/{token}"
    links = [Link(entry=entry, href=addresses.entry(entry)) for entry in found]
    values = {
        "title": search.title,
        "count": counted(total, "document"),
        "new": [link for link in links if link.entry.change == "document"],
        "changed": [link for link in links if link.entry.change != "document"],
        "more": total - len(found),
        "lost": lost,
        "search_url": addresses.search(search),
        "leave_url": leave,
        "site": site_of(settings),
    }
    subject = f"Throughline: {counted(total, 'new match', 'new matches')} for {search.title}"
    message = _mail(
        settings, address, _short(subject, SUBJECT_CHARS), template="digest", values=values, now=now
    )
    message["List-Unsubscribe"] = f"<{leave}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Id"] = f"Throughline alerts <alerts.{_host(settings)}>"
    return message


def _mail(
    settings: Settings,
    address: str,
    subject: str,
    *,
    template: str,
    values: Mapping[str, object],
    now: "dt.datetime",
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Throughline <{settings.mail_from}>"
    message["To"] = address
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=_host(settings))
    # Holiday notices and other machines should not answer.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_templates().get_template(f"{template}.txt").render(values))
    html = _templates().get_template(f"{template}.html").render(values)
    message.add_alternative(html, subtype="html")
    return message


def _host(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or "localhost"


def _short(text: str, longest: int) -> str:
    text = "".join(char if char.isprintable() else " " for char in text)
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


@cache
def _templates() -> "Environment":
    # Imported here: only what sends mail needs it, and the shell sends without a web application.
    from jinja2 import Environment, PackageLoader, select_autoescape  # noqa: PLC0415

    return Environment(
        loader=PackageLoader("web", "templates/mail"),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
