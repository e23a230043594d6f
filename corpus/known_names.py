"""Which names of a review may be shown, and all that is handed out without the others."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from corpus.model import Document, Passage, Review

ANONYMOUS = "anonymous"
"""What an identity link says where the publisher kept the child anonymous."""

NAME_WITHHELD = "[name withheld]"
"""What stands in a title or heading where a withheld name was."""

_WORD = re.compile(r"[^\W_]{3,}")


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


def withheld_words(review: Review) -> frozenset[str]:
    """Words of the names that a review's publisher withheld, folded; none where it did not.

    Of three letters or more, and without those of the title that it published itself.
    """
    if not is_anonymous(review):
        return frozenset()
    title = review.title.casefold()
    names = (*review.case_names, *review.aliases)
    words = {
        word
        for name in names
        if name.casefold() not in title
        for word in _WORD.findall(name.casefold())
    }
    return frozenset(words - set(_WORD.findall(title)))


def shown_review(review: Review) -> Review:
    """A review's record with its addresses as they may be shown; the names stay for comparing."""
    words = withheld_words(review)
    if not words:
        return review
    sources = (shown_address(address, words) for address in review.sources)
    return replace(
        review,
        report_url=shown_address(review.report_url, words),
        sources=tuple(dict.fromkeys(address for address in sources if address)),
        figures=tuple(
            replace(figure, source_url=shown_address(figure.source_url, words) or "")
            for figure in review.figures
        ),
    )


def shown_address(address: str | None, words: Iterable[str]) -> str | None:
    """An address as it may stand beside a review that withholds these words.

    News pages have the name in their last part, and a link next to the pseudonym joins the
    two. An address with any of the words is cut to its site: a cut too many costs a click.

    Returns:
        The address, its site, or ``None`` where the site's own name has one of the words.
    """
    if not address:
        return address
    said = unquote(address).casefold()
    if not any(word in said for word in words):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:  # such as an unclosed bracket in the host
        return None
    # Without who signs in where: that part of an address can hold anything.
    host = parts.netloc.rpartition("@")[2]
    if not host or any(word in unquote(host).casefold() for word in words):
        return None
    return f"{parts.scheme}://{host}/"


class WithheldNames:
    """The names that publishers kept anonymous, cut out of all that the store hands out."""

    def __init__(
        self,
        reviews: Iterable[Review],
        review_of: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Gather them.

        Args:
            reviews: the register, or those of it that are anonymous.
            review_of: document id → review id, of every document under one of these.
        """
        anonymous = list(filter(is_anonymous, reviews))
        self._of = {str(review.review_id): withheld_words(review) for review in anonymous}
        self._review_of = review_of
        # One word may be anybody's; two together are the name wherever they stand.
        self._whole = frozenset(
            name
            for review in anonymous
            for name in map(_folded, (*review.case_names, *review.aliases))
            if " " in name and name not in review.title.casefold()
        )

    def words(self, review_id: str | None) -> frozenset[str]:
        """The words that must not stand beside a review; none for most."""
        return self._of.get(review_id or "", frozenset())

    def names(self, text: str, review_id: str | None) -> bool:
        """Whether a text of a review has a name that must not stand in it.

        Of the review's own children any word of a name counts, of others the whole name.
        """
        folded = _folded(text)
        return self.names_own(text, review_id) or any(name in folded for name in self._whole)

    def names_own(self, text: str, review_id: str | None) -> bool:
        """Whether a text of a review has any word of the names that the review withholds."""
        own = self.words(review_id)
        return bool(own) and not own.isdisjoint(_WORD.findall(text.casefold()))

    def cut(self, text: str, review_id: str | None) -> str:
        """A title, a heading or what is searched, with each name replaced."""
        if not self.names_own(text, review_id):
            return text
        one = rf"(?:{'|'.join(sorted(map(re.escape, self.words(review_id))))})"
        return re.sub(
            rf"(?i)(?<![^\W_]){one}(?![^\W_])(?:[\s_-]+{one}(?![^\W_]))*", NAME_WITHHELD, text
        )

    def address(self, address: str | None, review_id: str | None) -> str | None:
        """An address as it may stand beside a review."""
        return shown_address(address, self.words(review_id))

    def document(self, document: Document) -> Document:
        """A document's record as it may be shown; its text stays whole."""
        review_id = document.review_id
        if not self.words(review_id):
            return document
        raw_title = document.raw_title
        return replace(
            document,
            title=self.cut(document.title, review_id),
            raw_title=raw_title and self.cut(raw_title, review_id),
            url=self.address(document.url, review_id),
        )

    def passage(self, passage: Passage) -> Passage:
        """A passage as it may be shown: its text stays whole, and says whether it names."""
        review_id = self._review_of.get(passage.document_id)
        if not self.words(review_id):
            return passage
        return replace(
            passage,
            heading=passage.heading and self.cut(passage.heading, review_id),
            source_url=self.address(passage.source_url, review_id),
            names_withheld=self.names_own(passage.text, review_id),
        )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
