"""Who is signed in at the desk: a cookie that is sent to the desk alone, and its key."""

import datetime as dt
import os
import secrets
from pathlib import Path
from typing import cast

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, current_user, login_user
from flask_wtf import CSRFProtect

from corpus.coders import (
    SIGNED_IN_FOR,
    Coder,
    begin_sign_in,
    desk_is_open,
    end_sign_in,
    signed_in,
)
from corpus.errors import StorageError
from web.current import current_library, library_of

DESK = "/desk"
"""Every address of the desk begins with it."""

LARGEST_ID = 2**31 - 1
"""Of a number in an address: larger ones fit no database, and are nobody's."""

KEY_FILE = "secret.key"

csrf = CSRFProtect()


class DeskUser:
    """A coder in one browser, as Flask-Login wants it."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, coder: Coder, token: str) -> None:
        """Take the account, and the token of this browser's session."""
        self.coder = coder
        self.token = token

    def get_id(self) -> str:
        """What the cookie holds: a token, so that a session can be ended from here."""
        return self.token


class DeskSessions(SecureCookieSessionInterface):
    """Sessions of the desk alone: no other page sets, reads or varies by a cookie."""

    def open_session(
        self,
        app: Flask,
        request: Request,
    ) -> SecureCookieSession | None:
        """Read the cookie, with the key of the data directory."""
        if not _is_of_desk(request.path):
            return self.session_class()
        library = library_of(app)
        if app.secret_key is None and desk_is_open(library.store):
            app.secret_key = load_secret_key(library.settings.data_dir)
        return super().open_session(app, request) or self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, where this is a page of the desk, and keep that out of caches.

        Here and not after each view: an address that no view has carries the cookie too.
        """
        if _is_of_desk(request.path) and app.secret_key is not None:
            super().save_session(app, session, response)
            response.headers["Cache-Control"] = "no-store"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether browsers may send the cookie over https alone."""
        public = library_of(app).settings.public_url
        return request.is_secure or public.startswith("https://")


def add_sessions(app: Flask) -> None:
    """Give the desk sessions, sign-in and tokens against forged forms."""
    app.config.update(
        SESSION_COOKIE_NAME="throughline_desk",
        SESSION_COOKIE_PATH=DESK,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        # The desk's own check runs first, so that a form whose session ended is not lost.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a token ends with its session
        # Some browsers never say whence they come. Origin and Sec-Fetch-Site are checked, and
        # the token is.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = DeskSessions()
    csrf.init_app(app)
    manager = LoginManager()
    # Without the context processor: it would look for a session on every page.
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load_user)


def sign_in_browser(coder: Coder) -> None:
    """Begin a session; nothing of one before it is kept."""
    session.clear()
    token = begin_sign_in(current_library().store, coder, now=utc_now())
    login_user(DeskUser(coder, token))
    session.permanent = True


def sign_out_browser() -> None:
    """End this browser's session, here and in its cookie."""
    user = current_user._get_current_object()
    if isinstance(user, DeskUser):
        end_sign_in(current_library().store, user.token)
    session.clear()


def coder_here() -> Coder | None:
    """Who sent this request; ``None`` where nobody is signed in."""
    user = current_user._get_current_object()
    return user.coder if isinstance(user, DeskUser) else None


def this_coder() -> Coder:
    """Who sent this request; only after the desk has checked that somebody is signed in."""
    return cast("DeskUser", current_user).coder


def utc_now() -> dt.datetime:
    """The moment, with its zone."""
    return dt.datetime.now(dt.UTC)


def load_secret_key(data_dir: Path) -> str:
    """Read the key that cookies are signed with, making it where there is none.

    Made by one process however many start at once; only the owner can read it.

    Raises:
        StorageError: it cannot be made or read.
    """
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"The key for sign-ins, {path}, cannot be made or read ({error}). Delete it or mend "
            "its permissions; everybody then signs in anew."
        ) from error


def _make_key(path: Path) -> None:
    aside = path.with_name(f".{KEY_FILE}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        # Fails where another process was first: then its key is everybody's.
        path.hardlink_to(aside)
    except FileExistsError:
        return
    finally:
        aside.unlink(missing_ok=True)


def _load_user(token: str) -> DeskUser | None:
    coder = signed_in(current_library().store, token, now=utc_now())
    return DeskUser(coder, token) if coder else None


def _is_of_desk(path: str) -> bool:
    return path == DESK or path.startswith(f"{DESK}/")
