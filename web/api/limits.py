"""How often one address may ask: counted in this process, told in every answer."""

from typing import cast

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix

from corpus.settings import Settings
from web.errors import API_PREFIX, WINDOW_SECONDS, seconds_left

_POLICY = "reading"


def add_limits(app: Flask, settings: Settings) -> None:
    """Limit what is read under ``/api/``; portal pages and health checks stay free.

    The caller is the address that the connection comes from. What X-Forwarded-For says is
    believed only as far as ``settings.trusted_proxies`` says that proxies of ours wrote it;
    else anyone could be anyone. Counts are kept in memory, a process each.
    """
    if settings.trusted_proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # as Flask's documentation has it
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri="memory://",
        application_limits=[f"{settings.api_requests_per_minute} per minute"],
        application_limits_exempt_when=_is_free,
        enabled=settings.api_requests_per_minute > 0,
    )
    app.extensions["throughline_limiter"] = limiter
    app.after_request(_tell)


def _is_free() -> bool:
    return not request.path.startswith(API_PREFIX)


def _tell(response: Response) -> Response:
    limiter = cast("Limiter", current_app.extensions["throughline_limiter"])
    limit = limiter.current_limit
    if limit is not None and not _is_free():
        seconds = seconds_left(limit.reset_at)
        quota = limit.limit.amount
        response.headers["RateLimit-Policy"] = f'"{_POLICY}";q={quota};w={WINDOW_SECONDS}'
        response.headers["RateLimit"] = f'"{_POLICY}";r={max(0, limit.remaining)};t={seconds}'
    return response
