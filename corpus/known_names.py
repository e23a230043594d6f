"""Which names of a review may be shown."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from corpus.model import Review

ANONYMOUS = "anonymous"
"""What an identity link says where the publisher kept the child anonymous."""


def is_anonymous(review: Review) -> bool:
    """Say whether the publisher kept the child anonymous: then no name is ever shown."""
    return says_anonymous(review.identity_link)


def says_anonymous(identity_link: str | None) -> bool:
    """Say the same of what a review's record has about who joined a name to it."""
    return identity_link is not None and ANONYMOUS in identity_link


def shown_names(review: Review) -> tuple[str, ...]:
    """Names that a review is known by; none where its publisher kept the child anonymous."""
    if is_anonymous(review):
        return ()
    names = dict.fromkeys((*review.case_names, *review.aliases))
    return tuple(name for name in names if name != review.title)


def shown_address(address: str | None, review: Review | None) -> str | None:
    """An address as it may stand beside a review: cut where it has a name that was withheld."""
    if not address or review is None or not is_anonymous(review):
        return address
    return without_names(address, (*review.case_names, *review.aliases))


def without_names(address: str, names: Iterable[str]) -> str:
    """Cut a web address that carries a withheld name down to its site.

    News pages have the name in their last part, and a link next to the pseudonym joins the
    two. Any word of a name counts, of three letters or more: a cut too many costs a click.
    """
    words = {word for name in names for word in re.findall(r"\w{3,}", name.casefold())}
    parts = urlsplit(address)
    after_host = unquote(address.partition(parts.netloc)[2]).casefold()
    if not any(word in after_host for word in words):
        return address
    return f"{parts.scheme}://{parts.netloc}/"
