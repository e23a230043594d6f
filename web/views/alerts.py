"""Pages of alerts: the feed of a search, asking to follow it, confirming and leaving."""

from typing import cast

from flask import Blueprint, Flask, Response, current_app, render_template, request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from werkzeug.datastructures import MultiDict

from corpus.alerts import AlertNotFoundError, confirm, leave, subscription_of
from corpus.errors import InvalidInputError
from corpus.ids import short_digest
from corpus.sightings import newest_sighting, observe
from web.alerts.digests import utc_now
from web.alerts.feed import MEDIA_TYPE, feed_bytes, matches_of
from web.alerts.search import read_search, title_or_not
from web.alerts.signup import (
    A_CALLER_AN_HOUR,
    CallerLimiter,
    TooManySignUpsError,
    require_own_form,
    sign_up,
)
from web.current import current_library
from web.search_form import PARAMETERS
from web.site import site_address

alerts = Blueprint("alerts", __name__)

FEEDS_A_MINUTE = 60
"""Feeds that one caller may have made, where the API has a limit; 304 costs nothing."""

_SIGN_UPS = "throughline_sign_ups"
_FEEDS = "throughline_feeds"


def add_alerts(app: Flask) -> None:
    """Serve feeds and the pages of alerts."""
    app.extensions[_SIGN_UPS] = CallerLimiter(RateLimitItemPerHour(A_CALLER_AN_HOUR))
    app.extensions[_FEEDS] = CallerLimiter(RateLimitItemPerMinute(FEEDS_A_MINUTE))
    app.register_blueprint(alerts)


@alerts.after_request
def keep_to_themselves(response: Response) -> Response:
    """Keep pages with a personal link out of caches and search engines."""
    response.headers["X-Robots-Tag"] = "noindex"
    if request.endpoint != "alerts.feed":
        response.headers["Cache-Control"] = "no-store"
    return response


@alerts.get("/search.atom")
def feed() -> Response:
    """Answer a search as an Atom feed."""
    library = current_library()
    _require_plain(request.args)
    search = read_search(library, request.args)
    site = site_address()
    observe(library.store, now=utc_now())
    seen = newest_sighting(library.store)
    etag = short_digest(library.store.revision, seen, search.search_id, site)
    if request.if_none_match.contains_weak(etag) and not request.if_none_match.star_tag:
        response = Response(status=304)
    elif library.settings.api_requests_per_minute and not _allowed(_FEEDS):
        sentence = "You asked for many feeds within a minute. Wait a minute, and try again."
        page = render_template("alert_refused.html", sentence=sentence)
        return Response(page, status=429, headers={"Retry-After": "60"})
    else:
        found = matches_of(library, search, now=utc_now())
        response = Response(
            feed_bytes(library, search, found, site=site),
            content_type=f"{MEDIA_TYPE}; charset=utf-8",
        )
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    return response


@alerts.post("/alerts")
def ask() -> tuple[str, int]:
    """Mail a link to confirm; the answer is the same for every address."""
    library = current_library()
    require_own_form(request)
    search = read_search(library, request.form)
    try:
        if not _allowed(_SIGN_UPS):
            raise TooManySignUpsError
        sign_up(library, search, request.form.get("email", ""), now=utc_now())
    except TooManySignUpsError as error:
        return render_template("alert_refused.html", sentence=str(error)), 429
    return render_template("alert_asked.html", search=search), 200


@alerts.get("/alerts/confirm/<token>")
def confirm_page(token: str) -> str:
    """Show a button: programs that open the links of mails must not confirm anything."""
    return _page("confirm", token)


@alerts.post("/alerts/confirm/<token>")
def confirm_now(token: str) -> str:
    """Begin to follow."""
    library = current_library()
    require_own_form(request)
    observe(library.store, now=utc_now())
    subscription = confirm(library.store, token, now=utc_now())
    search = read_search(library, subscription.search)
    return render_template("alert_confirmed.html", search=search)


@alerts.get("/alerts/leave/<token>")
def leave_page(token: str) -> str:
    """Show a button, for whoever follows the link instead of their mail program's."""
    return _page("leave", token)


@alerts.post("/alerts/leave/<token>")
def leave_now(token: str) -> str:
    """Stop, also for a mail program's one click (RFC 8058); a second time is no failure."""
    library = current_library()
    try:
        leave(library.store, token)
    except AlertNotFoundError:
        current_app.logger.info("a link for leaving was used again")
    return render_template("alert_left.html")


def _require_plain(arguments: MultiDict[str, str]) -> None:
    # Whoever mistypes a filter would follow everything for years and never see why.
    wrong = sorted({*arguments} - PARAMETERS - {"page"})
    twice = sorted(name for name, values in arguments.lists() if len(values) > 1)
    if wrong or twice:
        raise InvalidInputError(
            f"A feed cannot be asked for {', '.join(wrong or twice)}"
            f"{'' if wrong else ' more than once'}. It takes {', '.join(sorted(PARAMETERS))}."
        )


def _allowed(name: str) -> bool:
    limiter = cast("CallerLimiter", current_app.extensions[name])
    return limiter.allows(request.remote_addr or "")


def _page(purpose: str, token: str) -> str:
    library = current_library()
    asked = subscription_of(library.store, token, "confirm" if purpose == "confirm" else "leave")
    title = title_or_not(library, asked.search)
    return render_template(f"alert_{purpose}.html", title=title, token=token)
