"""The parts that several pages share: chips, passages, sources and links to reviews."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from corpus.dates import PartialDate
from corpus.errors import ThemeNotFoundError
from corpus.licence import SHOWN_WORDS, shown_words, why_withheld
from corpus.model import Document, Finding, Kind, Passage, Review, Span
from corpus.sites import site_name
from nlp.codebook import Codebook
from web.highlight import highlight
from web.words import (
    DIGEST_LABEL,
    GRADES,
    KINDS,
    STANCES,
    StanceWords,
    how_coded,
    review_type_words,
    short_title,
)

NO_DATE = "date not known"


@dataclass(frozen=True, kw_only=True)
class SourceLink:
    """A page elsewhere, by its site's name: addresses may carry names that we do not show."""

    name: str
    href: str | None
    """``None`` where the address is not http or https: then the name is plain text."""


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One finding in a few words: theme, stance, and who coded it."""

    theme_id: str | None
    """``None`` where the codebook no longer has the theme: then there is no page to link to."""
    theme_label: str
    stance: StanceWords
    how: str


@dataclass(frozen=True, kw_only=True)
class ReviewLink:
    """A review in a line."""

    review_id: str
    title: str
    short: str
    date: str
    year: int | None
    review_type: str
    nation: str
    place: str | None


@dataclass(frozen=True, kw_only=True)
class PassageView:
    """A passage as far as its licence lets us show it, with whose words it is."""

    passage_id: str
    text: Markup
    """Empty where nothing may be shown."""
    cut: bool
    cut_note: str
    """Why words are left out; empty when none are."""
    is_digest: bool
    voice: str
    """Whose words these are."""
    where: str
    """Paragraph and page, such as ``paragraph 4.12, page 3``; empty when unnumbered."""
    heading: str | None
    grade: str | None
    """Digests only: what kind of page this was restated from."""
    source: SourceLink | None
    chips: tuple[Chip, ...]
    evidence_cut: bool
    """Whether words that a tag rests on lie beyond the extract."""


def source_link(address: str | None) -> SourceLink | None:
    """Name the site behind an address; link it only if it is http or https.

    No address gives no link.
    """
    if not address:
        return None
    try:
        parts = urlsplit(address)
        safe = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # such as an unclosed bracket in the host
        safe = False
    if not safe:
        return SourceLink(name="a source without a web address", href=None)
    return SourceLink(name=site_name(address), href=address)


def source_links(addresses: Iterable[str]) -> tuple[SourceLink, ...]:
    """Name several sites, in the order given."""
    links = (source_link(address) for address in addresses)
    return tuple(link for link in links if link is not None)


def date_words(date: PartialDate | None) -> str:
    """Write a date as a British reader expects it, or say that it is not known."""
    return date.words if date else NO_DATE


def day_words(moment: dt.datetime) -> str:
    """Write the day of a moment, in UTC."""
    return PartialDate.from_date(moment.date()).words


def review_link(review: Review) -> ReviewLink:
    """Put a review in a line."""
    return ReviewLink(
        review_id=review.review_id,
        title=review.title,
        short=short_title(review),
        date=date_words(review.published),
        year=review.published.year if review.published else None,
        review_type=review_type_words(review.review_type),
        nation=review.nation,
        place=review.place,
    )


def theme_label(codebook: Codebook, theme_id: str) -> str:
    """Find a theme's label; an id that the codebook no longer has stays as it is."""
    try:
        return codebook.entry(theme_id).label
    except ThemeNotFoundError:
        return theme_id


def chip(finding: Finding, codebook: Codebook) -> Chip:
    """Put one finding in a few words."""
    theme_id = finding.code.theme
    return Chip(
        theme_id=theme_id if theme_id in codebook.rollup else None,
        theme_label=theme_label(codebook, theme_id),
        stance=STANCES[finding.code.stance],
        how=how_coded(finding),
    )


def voice_of(document: Document) -> str:
    """Say whose words a document's passages are."""
    if document.kind is Kind.DIGEST:
        return DIGEST_LABEL
    who = document.publisher or (site_name(document.url) if document.url else None)
    kind = KINDS[document.kind]
    return f"{kind}: words of {who}" if who else f"{kind}: words of the document"


def passage_view(
    passage: Passage,
    document: Document,
    findings: Sequence[Finding],
    codebook: Codebook,
    *,
    matched: Sequence[Span] = (),
    nearest: Sequence[Span] = (),
) -> PassageView:
    """Show a passage within its licence, with its findings and marked words.

    Args:
        passage: the passage.
        document: the document it belongs to: its licence and voice.
        findings: the findings to show, in order; their evidence is marked.
        codebook: for the themes' labels.
        matched: words that matched a search, as offsets into the passage.
        nearest: its sentence nearest to a search in meaning; empty for none.
    """
    text, cut = shown_words(passage, document.licence_tier, document.marks)
    evidence = [span for finding in findings for span in finding.evidence]
    digest = document.kind is Kind.DIGEST
    return PassageView(
        passage_id=passage.passage_id,
        text=highlight(text, matched=matched, evidence=evidence, nearest=nearest),
        cut=cut,
        cut_note=_cut_note(passage, document) if cut else "",
        is_digest=digest,
        voice=voice_of(document),
        where=_where(passage, digest=digest),
        heading=passage.heading,
        grade=GRADES[passage.evidence_grade] if passage.evidence_grade else None,
        source=source_link(passage.source_url or document.url),
        chips=tuple(chip(finding, codebook) for finding in findings),
        evidence_cut=any(span.end > len(text) for span in evidence),
    )


def decade_words(year: int | None) -> str:
    """Name the decade of a year: ``1970s``, or ``No date``."""
    return f"{year // 10 * 10}s" if year is not None else "No date"


def by_id(reviews: Iterable[Review]) -> Mapping[str, Review]:
    """Index reviews by id, keeping their order."""
    return {review.review_id: review for review in reviews}


def _where(passage: Passage, *, digest: bool) -> str:
    parts = []
    if passage.paragraph:
        # A digest's numbers are ours, not those of the review's paragraphs.
        parts.append(f"{'finding' if digest else 'paragraph'} {passage.paragraph}")
    if passage.page is not None:
        parts.append(f"page {passage.page}")
    return ", ".join(parts)


def _cut_note(passage: Passage, document: Document) -> str:
    why = why_withheld(passage, document.marks)
    if why:
        return f"Withheld: {why}."
    limit = SHOWN_WORDS[document.licence_tier]
    if not limit:
        return "The licence of this document does not let us show its text."
    return f"Cut to {limit} words: the rest belongs to its publisher."
