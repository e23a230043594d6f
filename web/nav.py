"""The links of the page head: which there are, and where the reader stands."""

from dataclasses import dataclass
from typing import Literal

from flask import current_app, request, url_for

_LINKS = (
    ("Search", "portal.search_page"),
    ("Reviews", "portal.reviews_page"),
    ("Themes", "portal.themes_page"),
    ("Recurrence", "portal.matrix_page"),
    ("Compare", "portal.compare_page"),
    ("Counts", "figures.counts_page"),
    ("Sources", "portal.sources_page"),
    ("Method", "portal.method_page"),
    ("About", "portal.about_page"),
)
"""Label and endpoint; a page that an application does not have is left out."""


@dataclass(frozen=True, kw_only=True)
class NavLink:
    """One link of the page head."""

    label: str
    href: str
    current: Literal["", "page", "true"]
    """Whether this is the page itself, or a page under it."""


def nav_links() -> list[NavLink]:
    """List the pages that this application has, in order."""
    return [
        NavLink(label=label, href=url_for(endpoint), current=_current(endpoint))
        for label, endpoint in _LINKS
        if endpoint in current_app.view_functions
    ]


def _current(endpoint: str) -> Literal["", "page", "true"]:
    if request.endpoint == endpoint:
        return "page"
    return "true" if request.path.startswith(f"{url_for(endpoint)}/") else ""
