"""Which links of a page are followed, in which form, and which are left alone and why."""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from ingest.addresses import canonical_address, is_tracking
from ingest.source import Source
from ingest.spiders.listing import PassedOver

COMMENTS = "comments are never read"
PRINT_VIEW = "is another view of a page that has an address of its own"
SHORT_LINK = "is a short link to a page that has an address of its own"
OWN_FEED = "is a feed, not a document"
NO_ADDRESS = "is no web address"
LOGIN = "leads to a login, a basket or a form"

_INVISIBLE = re.compile(r"[\x00-\x20\x7f]+")
_COMMENT_PATH = re.compile(r"/(?:comments?(?:/|$)|comment-page-\d+)", re.IGNORECASE)
_COMMENT_MARK = re.compile(r"comments?|respond|disqus_thread|comment-\d+", re.IGNORECASE)
_OTHER_VIEW = re.compile(r"/(?:print|amp|embed)/?$", re.IGNORECASE)
_VIEW_PARAMETER = re.compile(r"(?:print|amp|replytocom|share)", re.IGNORECASE)
_LOGIN_PATH = re.compile(
    r"/(?:wp-(?:login|admin|json)\b|log-?in\b|sign-?in\b|user/|account\b|basket\b)", re.IGNORECASE
)
_SHORT = re.compile(r"(?:^|&)(?:p|page_id)=\d+(?:&|$)")
_PORTS = {"http": 80, "https": 443}


@dataclass
class Links:
    """The links of one page: each address once, in the page's order.

    ``short_links`` keeps ``?p=123``, for publishers that list nothing else.
    """

    source: Source
    base: str
    short_links: bool = False
    passed_over: list[PassedOver] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def accept(self, href: object) -> str | None:
        """Resolve a link and say whether it is gone to; anything but a text is no link.

        Returns:
            The absolute address to fetch, without its fragment, tracking parameters, empty
            port or the dot after its host; ``None`` for a link that was accepted before,
            for a place on the same page, and for one that is passed over.
        """
        href = _INVISIBLE.sub("", href) if isinstance(href, str) else ""
        if not href or (href.startswith("#") and not _COMMENT_MARK.fullmatch(href[1:])):
            return None
        try:
            parts = _split(urljoin(self.base, href))
        except ValueError:
            parts = None
        address = _write(parts) if parts else href
        reason = self._refusal(parts)
        # An article's link to its comments must not stand in the way of the article itself.
        key = reason or "", canonical_address(address) or address
        if key in self._seen:
            return None
        self._seen.add(key)
        if reason:
            mark = f"#{parts.fragment}" if parts and reason == COMMENTS and parts.fragment else ""
            self.passed_over.append(PassedOver(address=_shown(address) + mark, reason=reason))
            return None
        return address

    def pass_over(self, address: str, reason: str) -> None:
        """Leave alone an address that was accepted, for a reason of the spider's own."""
        self.passed_over.append(PassedOver(address=address, reason=reason))

    def _refusal(self, parts: SplitResult | None) -> str | None:
        if parts is None or parts.scheme not in _PORTS or parts.username is not None:
            return NO_ADDRESS
        if not self._is_allowed(parts):
            return f"the host {parts.hostname} is not on the source's list"
        reason = _reason_by_path(parts)
        if reason is None and _SHORT.search(parts.query) and not self.short_links:
            return SHORT_LINK
        return reason

    def _is_allowed(self, parts: SplitResult) -> bool:
        here = urlsplit(self.base)
        if parts.hostname not in self.source.hosts:
            return False
        # Another port is another program, which nobody has looked at.
        return parts.port in (None, _PORTS[parts.scheme]) or parts.port == here.port


def urljoin_safely(base: str, href: str) -> str:
    """Resolve a link; the base itself where the two make no address that can be read."""
    try:
        joined = urljoin(base, href)
        urlsplit(joined)
    except ValueError:
        return base
    return joined


def last_part(address: str) -> str:
    """Give the last part of an address's path, decoded: the name of a file."""
    return unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2])


def with_parameter(address: str, name: str, value: str) -> str:
    """Set one parameter of an address, leaving the others as they are written."""
    parts = urlsplit(address)
    kept = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] != name]
    return urlunsplit(parts._replace(query="&".join([*kept, f"{name}={value}"]), fragment=""))


def _reason_by_path(parts: SplitResult) -> str | None:
    names = [pair.partition("=")[0] for pair in parts.query.split("&")]
    if _COMMENT_PATH.search(parts.path) or _COMMENT_MARK.fullmatch(parts.fragment):
        return COMMENTS
    if _OTHER_VIEW.search(parts.path) or any(map(_VIEW_PARAMETER.fullmatch, names)):
        return PRINT_VIEW
    if parts.path.rstrip("/").endswith("/feed"):
        return OWN_FEED
    return LOGIN if _LOGIN_PATH.search(parts.path) else None


def _split(address: str) -> SplitResult | None:
    """Split an address and write its host in one form; ``None`` where it has none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return parts._replace(netloc="", query="") if parts.scheme else None
    host = parts.hostname.rstrip(".")
    user = "@" if parts.username is not None else ""
    port_part = "" if port in (None, _PORTS.get(parts.scheme)) else f":{port}"
    return parts._replace(netloc=f"{user}{host}{port_part}", path=parts.path or "/")


def _write(parts: SplitResult) -> str:
    pairs = [pair for pair in parts.query.split("&") if not is_tracking(pair.partition("=")[0])]
    return urlunsplit(parts._replace(query="&".join(pairs), fragment=""))


def _shown(address: str) -> str:
    """Show no person's e-mail address or telephone number, and no data written into a link."""
    scheme, sign, rest = address.partition(":")
    return address[:500] if rest.startswith("//") or not sign else f"{scheme}:…"
