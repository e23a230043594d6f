"""Parts of a review's page: its findings by theme, where its texts are from, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from corpus.failings import speaks_for_itself
from corpus.ids import DocumentId, PassageId
from corpus.licence import SHOWN_WORDS
from corpus.model import Document, Finding, Kind, LicenceTier, Passage, Stance
from corpus.review_history import ReviewHistory, Version
from nlp.codebook import Codebook
from web.views.parts import SourceLink, day_words, source_link, theme_label
from web.words import STANCES, StanceWords, counted


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one finding stands, such as ``paragraph 4.12, page 3``."""

    passage_id: str
    words: str
    is_here: bool
    """Whether the passage is on this page; else its own page is linked."""


@dataclass(frozen=True, kw_only=True)
class ThemeLine:
    """One theme and stance with every place, in reading order."""

    theme_id: str | None
    """``None`` where the codebook no longer has the theme."""
    label: str
    stance: StanceWords
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where one document's text comes from."""

    document_id: str
    title: str
    is_digest: bool
    licence: str
    source: SourceLink | None
    """Where its bytes came from; ``None`` where they were given as a file, or none are held."""
    captured: str
    size: str
    sha256: str
    """Of the bytes; of the text where no bytes are held."""
    sha256_of: str


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """One thing that happened, with its day."""

    day: str
    what: str


@dataclass(frozen=True, kw_only=True)
class EchoChoice:
    """A failing of this review whose echoes can be shown."""

    passage_id: str
    label: str
    is_open: bool


def theme_lines(
    passages: Sequence[Passage],
    findings: Mapping[PassageId, Sequence[Finding]],
    codebook: Codebook,
    *,
    here: frozenset[str],
    digests: frozenset[str],
) -> tuple[ThemeLine, ...]:
    """List themes in codebook order, stances in pages' order; passages are in reading order.

    Args:
        passages: a review's, in reading order.
        findings: passage → its confident findings.
        codebook: for labels and order.
        here: passages that are on the page.
        digests: ids of documents whose numbers are ours.
    """
    places: dict[tuple[str, Stance], dict[str, Place]] = {}
    for passage in passages:
        place = Place(
            passage_id=passage.passage_id,
            words=place_words(passage, digest=passage.document_id in digests),
            is_here=passage.passage_id in here,
        )
        for finding in findings.get(passage.passage_id, ()):
            key = finding.code.theme, finding.code.stance
            places.setdefault(key, {})[passage.passage_id] = place
    order = {theme.theme_id: number for number, theme in enumerate(codebook.themes)}
    stances = {stance: number for number, stance in enumerate(STANCES)}
    found = sorted(places, key=lambda key: (order.get(key[0], len(order)), stances[key[1]]))
    return tuple(
        ThemeLine(
            theme_id=theme if theme in order else None,
            label=theme_label(codebook, theme),
            stance=STANCES[stance],
            places=tuple(places[theme, stance].values()),
        )
        for theme, stance in found
    )


def place_words(passage: Passage, *, digest: bool) -> str:
    """Say where a passage stands, by its printed number where it has one."""
    if passage.paragraph:
        where = f"{'finding' if digest else 'paragraph'} {passage.paragraph}"
    else:
        where = f"passage {passage.position + 1}"
    return f"{where}, page {passage.page}" if passage.page is not None else where


def echo_choices(
    passages: Sequence[Passage],
    findings: Mapping[PassageId, Sequence[Finding]],
    kinds: Mapping[DocumentId, Kind],
    codebook: Codebook,
    *,
    asked: str,
) -> tuple[EchoChoice, ...]:
    """List the failings that a review found in its own voice; the first is open unless asked.

    Args:
        passages: the review's, in reading order.
        findings: passage → its confident findings.
        kinds: document → its kind.
        codebook: for labels.
        asked: the passage whose echoes are asked for; may be none of these.
    """
    failing = {
        passage.passage_id: place_words(
            passage, digest=kinds[passage.document_id] is Kind.DIGEST
        ).capitalize()
        + f": {', '.join(dict.fromkeys(themes))}"
        for passage in passages
        if (
            themes := [
                theme_label(codebook, finding.code.theme)
                for finding in findings.get(passage.passage_id, ())
                if speaks_for_itself(finding, kinds[passage.document_id])
            ]
        )
    }
    opened = asked if asked in failing else next(iter(failing), "")
    return tuple(
        EchoChoice(passage_id=passage_id, label=label, is_open=passage_id == opened)
        for passage_id, label in failing.items()
    )


TIERS: Mapping[LicenceTier, str] = MappingProxyType(
    {
        LicenceTier.OPEN: "Open licence: shown in full",
        LicenceTier.OWNER: f"Its publisher’s own: at most {SHOWN_WORDS[LicenceTier.OWNER]} words "
        "of a passage are shown",
        LicenceTier.PRESS: f"Press: at most {SHOWN_WORDS[LicenceTier.PRESS]} words of a passage "
        "are shown",
        LicenceTier.PERMISSION: "No text is shown without permission",
        LicenceTier.NEVER: "No text may be shown",
    }
)
"""What may be shown of a document, by its licence."""


def licence_words(document: Document) -> str:
    """Say in a sentence what may be shown of a document."""
    if document.kind is Kind.DIGEST:
        return "Throughline’s own words, shown in full"
    return TIERS[document.licence_tier]


def provenance(
    documents: Sequence[Document], versions: Sequence[Version]
) -> tuple[Provenance, ...]:
    """Say of each current document where it is from, when it was captured, and its hash."""
    by_id = {version.document_id: version for version in versions}
    known = (one for one in documents if one.document_id in by_id)
    return tuple(_provenance(one, by_id[one.document_id]) for one in known)


def _provenance(document: Document, version: Version) -> Provenance:
    captured = version.captured_at or version.taken_in
    link = source_link(version.address)
    return Provenance(
        document_id=document.document_id,
        title=document.title,
        is_digest=document.kind is Kind.DIGEST,
        licence=licence_words(document),
        source=link if link and link.href else None,
        captured=day_words(captured),
        size=f"{version.media_type}, {counted(version.size_bytes, 'byte')}"
        if version.size_bytes
        else "",
        sha256=version.capture_id or version.text_sha256,
        sha256_of="file" if version.capture_id else "text",
    )


def history_lines(history: ReviewHistory) -> tuple[HistoryLine, ...]:
    """Tell versions, the last judgement and withdrawals, oldest first."""
    numbers: dict[str, int] = {}
    found = []
    for version in history.versions:
        number = numbers[version.identity] = numbers.get(version.identity, 0) + 1
        what = "Taken in" if number == 1 else f"Version {number} taken in: its text had changed"
        old = "" if version.is_current else " (since replaced)"
        found.append((version.taken_in, f"{what}: {version.title}{old}"))
    judged = history.judged
    if judged.last_at:
        words = f"Last read by a coder: {counted(judged.judgements, 'judgement')} so far"
        found.append((judged.last_at, words))
    found += [
        (each.at, f"Withdrawn: {counted(each.documents, 'document')}. {each.reason}")
        for each in history.withdrawals
    ]
    found.sort(key=lambda item: item[0])
    return tuple(HistoryLine(day=day_words(at), what=what) for at, what in found)


def read_words(history: ReviewHistory) -> str:
    """Say how far people have read a review."""
    judged = history.judged
    if not judged.judgements:
        return f"No person has judged any of its {counted(judged.passages, 'passage')} here."
    return (
        f"{judged.read} of {counted(judged.passages, 'passage')} read by "
        f"{counted(judged.coders, 'coder')}, {counted(judged.judgements, 'judgement')} in all."
    )
