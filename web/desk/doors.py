"""The desk's door: whether it is open, who may pass, and signing in and out."""

import json
import re
from typing import cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from werkzeug.datastructures import MultiDict

from corpus.coders import Coder, check_password, desk_is_open, set_password
from corpus.coding_items import CodingItem, get_item
from corpus.codings import keep_draft
from corpus.errors import InvalidInputError, ThroughlineError
from web.alerts.signup import CallerLimiter, require_own_form
from web.current import current_library
from web.desk.code_form import form_contents, read_form
from web.desk.sessions import (
    LARGEST_ID,
    coder_here,
    csrf,
    sign_in_browser,
    sign_out_browser,
    this_coder,
    utc_now,
)

A_CALLER_A_MINUTE = 10
"""Attempts to sign in from one address."""
A_NAME_AN_HOUR = 30
"""Wrong passwords for one name, from wherever: what guessing from many addresses is held to."""

CARRYING = frozenset({"desk.item_save", "desk.difference_save"})
"""Forms whose contents outlive the session they were opened in."""

_CALLERS, _NAMES = "throughline_sign_ins", "throughline_sign_in_names"
_FREE = frozenset({"desk.sign_in_page", "desk.sign_in"})
_SAFE = re.compile(r"/desk(?:/[a-z0-9-]+)*/?(?:\?[a-z0-9=&_-]*)?")


def add_limits(app: Flask) -> None:
    """Limit how often anyone may try to sign in; counted in memory, and nobody is kept."""
    app.extensions[_CALLERS] = CallerLimiter(RateLimitItemPerMinute(A_CALLER_A_MINUTE))
    app.extensions[_NAMES] = CallerLimiter(RateLimitItemPerHour(A_NAME_AN_HOUR))


def add_doors(desk: Blueprint) -> None:
    """Guard every page of the desk, and add the pages by which one comes in."""
    desk.before_request(_guard)
    desk.after_request(_keep_to_themselves)
    desk.get("/sign-in")(sign_in_page)
    desk.post("/sign-in")(sign_in)
    desk.post("/sign-out")(sign_out)
    desk.get("/password")(password_page)
    desk.post("/password")(password_change)


def sign_in_page() -> ResponseReturnValue:
    """Ask for name and password."""
    if coder_here():
        return redirect(safe_next(request.args.get("next")))
    return _sign_in_form(next_=request.args.get("next", ""))


def sign_in() -> ResponseReturnValue:
    """Sign in; the answer is the same for a name that nobody has and a wrong password."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    next_, carried = request.form.get("next", ""), request.form.get("carried", "")
    if g.form_is_old:
        sentence = "This page had been open for long. Please sign in once more."
        return _sign_in_form(sentence, next_=next_, carried=carried, status=400)
    if not _limiter(_CALLERS).allows(request.remote_addr or "") or _guessed(name):
        page = _sign_in_form(
            "Too many attempts. Wait a few minutes, then try again.",
            next_=next_,
            carried=carried,
            status=429,
        )
        page.headers["Retry-After"] = "60"
        return page
    coder = check_password(current_library().store, name, password)
    if coder is None:
        _limiter(_NAMES).allows(name.strip().casefold())
        sentence = "Name or password is not right."
        return _sign_in_form(sentence, next_=next_, carried=carried, status=403)
    sign_in_browser(coder)
    _unpack(coder, carried)
    return redirect(safe_next(next_), 303)


def sign_out() -> ResponseReturnValue:
    """End the session."""
    sign_out_browser()
    return redirect(url_for("desk.sign_in_page"), 303)


def password_page() -> str:
    """Ask for a new password."""
    return render_template("desk/password.html", coder=this_coder(), problem="")


def password_change() -> ResponseReturnValue:
    """Change one's own password; every other browser is signed out."""
    store, coder = current_library().store, this_coder()
    new = request.form.get("new", "")
    try:
        if not _limiter(_CALLERS).allows(request.remote_addr or ""):
            raise InvalidInputError("Too many attempts. Wait a few minutes, then try again.")
        if check_password(store, coder.name, request.form.get("old", "")) is None:
            raise InvalidInputError("The present password is not right.")
        if new != request.form.get("again", ""):
            raise InvalidInputError("The two new passwords differ.")
        set_password(store, coder.name, new)
    except InvalidInputError as error:
        page = render_template("desk/password.html", coder=coder, problem=str(error))
        return page, 400
    sign_in_browser(coder)
    flash("Your password is changed, and every other browser is signed out.")
    return redirect(url_for("desk.queue_page"), 303)


def safe_next(address: str | None) -> str:
    """Where to go after signing in: an address of the desk, whatever was asked for."""
    if address and _SAFE.fullmatch(address):
        return address
    return url_for("desk.queue_page")


def _guard() -> ResponseReturnValue | None:
    g.form_is_old = False
    if not desk_is_open(current_library().store):
        return Response(render_template("desk/off.html"))
    if request.method == "POST":
        require_own_form(request)
        try:
            csrf.protect()
        except CSRFError:
            g.form_is_old = True
    if request.endpoint in _FREE:
        return None
    if coder_here() is None:
        return _send_to_sign_in()
    if g.form_is_old and request.endpoint not in CARRYING:
        return Response(render_template("desk/old_form.html", coder=this_coder()), status=400)
    return None


def _send_to_sign_in() -> ResponseReturnValue:
    """Ask to sign in, and take along what was typed into a form that can be carried."""
    if request.method == "GET":
        return redirect(url_for("desk.sign_in_page", next=request.full_path.rstrip("?")))
    carried = ""
    if request.endpoint in CARRYING:
        contents = form_contents(read_form(request.form))
        item_id = (request.view_args or {})["item_id"]
        carried = json.dumps({"item_id": item_id, "contents": contents})
    sentence = "Your session had ended. Sign in again: what you typed comes with you."
    return _sign_in_form(
        sentence if carried else "Your session had ended. Sign in again.",
        next_=request.path if carried else "",
        carried=carried,
        status=401,
    )


def _unpack(coder: Coder, carried: str) -> None:
    """Keep what came along as a draft, where it can be one; anybody can send anything."""
    if not carried:
        return
    try:
        packed = json.loads(carried)
        item_id, contents = int(packed["item_id"]), packed["contents"]
        form = read_form(_as_sent(contents))
        store = current_library().store
        # On a shared machine somebody else may sign in after one: a draft is its owner's.
        if item_id > LARGEST_ID or not _may_write(coder, get_item(store, item_id)):
            return
        keep_draft(store, item_id, coder.coder_id, form_contents(form), at=utc_now())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ThroughlineError):
        current_app.logger.info("what came along with a sign-in could not be kept")


def _may_write(coder: Coder, item: CodingItem) -> bool:
    return coder.is_lead or coder.name in item.coders


def _as_sent(contents: dict[str, object]) -> MultiDict[str, str]:
    sent: MultiDict[str, str] = MultiDict({"note": str(contents["note"])})
    for number, row in enumerate(cast("list[dict[str, object]]", contents["rows"])):
        for name, value in row.items():
            text = ("1" if value else "") if name == "possible" else str(value)
            sent[f"{name}-{number}"] = text
    sent.setlist("reform", [str(each) for each in cast("list[object]", contents["reforms"])])
    return sent


def _sign_in_form(
    sentence: str = "", *, next_: str = "", carried: str = "", status: int = 200
) -> Response:
    page = render_template("desk/sign_in.html", sentence=sentence, next=next_, carried=carried)
    return Response(page, status=status)


def _limiter(name: str) -> CallerLimiter:
    return cast("CallerLimiter", current_app.extensions[name])


def _guessed(name: str) -> bool:
    return not _limiter(_NAMES).would_allow(name.strip().casefold())


def _keep_to_themselves(response: Response) -> Response:
    """Keep the desk out of caches and search engines."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
