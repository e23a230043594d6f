"""Web addresses: which can be kept, and when two are one."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_[ce]id|ref|source)", re.IGNORECASE)


def canonical_address(url: str | None) -> str | None:
    """Write an address in its one form: https, no ``www.``, no fragment, no tracking.

    Returns:
        ``None`` for what is not the address of a page: another scheme than http, no host,
        or a user name in it.
    """
    try:
        parts = urlsplit((url or "").strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return None
    host = parts.hostname.rstrip(".").removeprefix("www.")
    if port not in (None, 80, 443):
        host += f":{port}"
    kept = [pair for pair in parse_qsl(parts.query) if not is_tracking(pair[0])]
    return urlunsplit(("https", host, parts.path.rstrip("/"), urlencode(kept), ""))


def is_tracking(name: str) -> bool:
    """Say whether a parameter of an address only tells where its reader came from."""
    return bool(_TRACKING.fullmatch(name))
