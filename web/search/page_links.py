"""Links to the pages of a list and to its orders."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from web.search.looking import LookForm

_NEAR_PAGES = 2
"""Pages linked on either side of the one shown."""
_SORTS = {
    "relevance": "Best first",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "review": "By review",
}


@dataclass(frozen=True, kw_only=True)
class PageLink:
    """One page of a list, or one order of it."""

    label: str
    chosen: bool
    arguments: Mapping[str, str]


def sort_links(
    arguments: Mapping[str, str], look: LookForm, tab: str, *, ranked: bool
) -> tuple[PageLink, ...]:
    """Link the orders that a list can be put in; relevance only where it is ranked."""
    chosen = look.sort or ("relevance" if ranked else "oldest")
    return tuple(
        PageLink(
            label=label,
            chosen=name == chosen,
            arguments={**arguments, **replace(look, sort=name, tab=tab).arguments()},
        )
        for name, label in _SORTS.items()
        if ranked or name != "relevance"
    )


def to_page(kept: Mapping[str, str], mark: str, page: int) -> Mapping[str, str]:
    """Query parameters of a page; ``mark`` names the state that the list was made in."""
    return {**kept, "page": str(page), "at": mark} if page > 1 else kept


def page_links(kept: Mapping[str, str], mark: str, page: int, pages: int) -> tuple[PageLink, ...]:
    """Link the first page, the last and those around the one shown; none of a single one."""
    if pages == 1:
        return ()
    near = range(page - _NEAR_PAGES, page + _NEAR_PAGES + 1)
    shown = sorted({1, pages, *(one for one in near if 1 <= one <= pages)})
    return tuple(
        PageLink(label=str(one), chosen=one == page, arguments=to_page(kept, mark, one))
        for one in shown
    )
