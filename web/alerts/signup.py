"""Asking to follow a search by e-mail: checked, limited and confirmed by a mailed link."""

import datetime as dt
from email.errors import HeaderParseError
from email.headerregistry import Address
from urllib.parse import urlsplit

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.wrappers import Request

from corpus.alerts import ask_to_follow, count_asked_since, remove
from corpus.errors import InvalidInputError
from web.alerts.mail import confirm_mail
from web.alerts.post import open_post
from web.alerts.search import FollowedSearch
from web.holdings import Library

A_CALLER_AN_HOUR = 5
EVERYBODY_AN_HOUR = 100
"""Links mailed an hour, whoever asks: what a flood from many addresses is held to."""
LONGEST_ADDRESS = 254


class TooManySignUpsError(InvalidInputError):
    """Too many links were asked for within an hour: try again later, or use the feed."""

    code = "too-many-sign-ups"

    def __init__(self) -> None:
        """Say what can be done instead."""
        super().__init__(
            "Too many links were asked for just now. Try again in an hour, or follow the search "
            "with its Atom feed."
        )


class ForeignFormError(InvalidInputError):
    """The form was sent from another site's page."""

    code = "foreign-form"

    def __init__(self) -> None:
        """Name the cure."""
        super().__init__("This form was sent from another site. Open the search page and send it.")


class CallerLimiter:
    """Counts who asks how often: in memory, so that no caller's address is ever kept."""

    def __init__(self, limit: RateLimitItem) -> None:
        """Start with nobody counted."""
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._limit = limit

    def allows(self, caller: str) -> bool:
        """Count one more asking; whether it is within the limit."""
        return self._window.hit(self._limit, caller)

    def would_allow(self, caller: str) -> bool:
        """Whether one more asking would be within the limit; counts nothing."""
        return self._window.test(self._limit, caller)


def sign_up(library: Library, search: FollowedSearch, address: str, *, now: dt.datetime) -> None:
    """Mail a link to confirm; whether the address follows this search already stays untold.

    Raises:
        InvalidInputError: this cannot be an e-mail address, or nothing is asked for.
        TooManySignUpsError: too many links were asked for, by everybody.
        MailRefusedError: the mail server is not there; nothing was kept.
    """
    if search.form.is_empty:
        raise InvalidInputError("Search for something first: words, a theme or any filter.")
    checked = checked_address(address)
    if count_asked_since(library.store, now - dt.timedelta(hours=1)) >= EVERYBODY_AN_HOUR:
        raise TooManySignUpsError
    with open_post(library.settings) as post:
        asked = ask_to_follow(library.store, checked, search.arguments, now=now)
        if asked is None:
            return
        subscription, token = asked
        try:
            post.send(confirm_mail(library.settings, checked, search, token, now=now))
        except Exception:
            remove(library.store, subscription.subscription_id)
            raise


def checked_address(text: str) -> str:
    """Take a text as an e-mail address, its host in lower case.

    Raises:
        InvalidInputError: it cannot be one.
    """
    text = text.strip()
    problem = InvalidInputError("That is not an e-mail address: write one like name@example.org.")
    if not text.isascii() or not text.isprintable() or len(text) > LONGEST_ADDRESS:
        raise problem
    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise problem from error
    if not address.username or "." not in address.domain:
        raise problem
    return f"{text.rpartition('@')[0]}@{address.domain.lower()}"


def require_own_form(request: Request) -> None:
    """Refuse a form that another site's page sends in a reader's name.

    Browsers say where a form comes from; what says nothing is no browser, and a program can
    send anything by itself. There is no session that could be abused.

    Raises:
        ForeignFormError: it comes from elsewhere.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None and fetched_from not in {"same-origin", "none"}:
        raise ForeignFormError
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise ForeignFormError
