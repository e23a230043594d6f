"""The nouns of Throughline, as frozen values (meanings: docs/glossary.md)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.dates import PartialDate
from corpus.ids import CaptureId, DocumentId, PassageId, ReviewId


class Kind(StrEnum):
    """What sort of document this is; it decides whose voice a passage speaks in."""

    REVIEW = "review"
    BRIEFING = "briefing"
    NEWS = "news"
    GUIDANCE = "guidance"
    ACADEMIC = "academic"
    HISTORIC = "historic"
    OTHER = "other"
    DIGEST = "digest"
    """Throughline's own restatement of a review: never the review's words."""


class Stance(StrEnum):
    """How a passage treats one theme (codebook, section 6)."""

    FAILING = "failing-found"
    GOOD_PRACTICE = "good-practice-found"
    CHANGE_PROPOSED = "change-proposed"
    BACKGROUND = "background"
    NEGATED = "negated-or-hypothetical"


class Level(StrEnum):
    """One child's case, or arrangements beyond it (codebook, section 7)."""

    CASE = "case"
    SYSTEM = "system"


class Attribution(StrEnum):
    """Who says so: the review itself, a report of a named review, or someone's claim."""

    OWN_VOICE = "own-voice"
    REPORTED = "reported"
    CLAIM = "claim"


class LicenceTier(StrEnum):
    """What may be stored and shown of a document (docs/sources.md)."""

    OPEN = "A"
    OWNER = "B"
    PRESS = "C"
    PERMISSION = "D"
    NEVER = "X"


class EvidenceGrade(StrEnum):
    """What kind of page a catalogue finding was restated from."""

    OFFICIAL = "official"
    PARTNERSHIP = "partnership"
    RESEARCH = "research"
    TRADE_PRESS = "trade-press"
    PRESS = "press"
    SECONDARY = "secondary"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number that a review published, in its own unit; units are never mixed."""

    statement: str
    value: str
    unit: str
    period: str | None
    source_url: str


@dataclass(frozen=True, kw_only=True)
class Review:
    """A published inquiry, case review or overview, whatever documents we hold of it."""

    review_id: ReviewId
    case_id: str
    """Reviews of the same events share it, where their publishers say that they do."""
    title: str
    review_type: str
    nation: str
    place: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: PartialDate | None = None
    incident: PartialDate | None = None
    child_age: str | None = None
    case_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    identity_link: str | None = None
    """Who joined a published pseudonym to a name; ``None`` where nothing was joined."""
    reference: str | None = None
    report_url: str | None = None
    agencies: tuple[str, ...] = ()
    summary: str = ""
    cautions: tuple[str, ...] = ()
    """Sentences a reader must see: facts in dispute, wording to take care with."""
    sources: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Bytes as they were published or given to us, with when and from where."""

    capture_id: CaptureId
    address: str
    """Where the bytes came from: an address, or the name of a file."""
    captured_at: dt.datetime
    media_type: str
    """Decided from the bytes, not from what the address or server claims."""
    size_bytes: int
    warc_path: str
    """The WARC file that holds them, relative to the data directory."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Text extracted from one capture, or a digest of a review that ships with us.

    ``identity`` is the same for every version of a document (its canonical address,
    feed guid or catalogue id); ``document_id`` also depends on the text, so a new text
    is a new document and the old one stays, marked as superseded.
    """

    document_id: DocumentId
    identity: str
    kind: Kind
    title: str
    text: str
    text_sha256: str
    licence_tier: LicenceTier
    captured_at: dt.datetime
    url: str | None = None
    """As the store hands it out, without a name that the review's publisher withheld."""
    publisher: str | None = None
    author: str | None = None
    published: PartialDate | None = None
    published_from: str | None = None
    """Where the publication date came from, such as ``feed item`` or ``first page``."""
    incident: PartialDate | None = None
    """When what it examines happened, where it or its publisher states one date for that."""
    incident_from: str | None = None
    review_type: str | None = None
    """As its publisher calls it, such as ``child practice review``."""
    partnership: str | None = None
    """The safeguarding partnership or board that commissioned it."""
    nation: str | None = None
    page_count: int | None = None
    """How many pages the file has; ``None`` for what has no pages."""
    review_id: ReviewId | None = None
    capture_id: CaptureId | None = None
    raw_title: str | None = None
    """The title as served, where a rule cleaned it."""
    title_rule: str | None = None
    """The id of the rule that cleaned the title."""
    marks: tuple[str, ...] = ()
    """What a reader should know, such as ``channel-tampered``."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """How many blocks of each kind were not passages: captions, promo boxes and so on."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A numbered paragraph, bullet or news paragraph: the unit we search and label.

    ``document.text[start_char:end_char] == text``, always.
    """

    passage_id: PassageId
    document_id: DocumentId
    position: int
    """Reading order within the document, from 0."""
    start_char: int
    end_char: int
    text: str
    heading: str | None = None
    paragraph: str | None = None
    """The paragraph's printed number, such as ``4.12``."""
    page: int | None = None
    """The page it begins on, from 1, where the document has pages."""
    evidence_grade: EvidenceGrade | None = None
    """Digests only: what kind of page this finding was restated from."""
    source_url: str | None = None
    """Digests only: that page's address."""
    names_withheld: bool = False
    """Whether its text has a name that its review's publisher withheld: then it is not shown.
    Said by the store as it hands the passage out, never kept."""


@dataclass(frozen=True, order=True)
class Span:
    """Half-open character offsets into a passage's text."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Code:
    """A theme with its stance, level and attribution: what a coder writes down."""

    theme: str
    stance: Stance
    level: Level
    attribution: Attribution


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One passage–theme pair, as the machine or a coder sees it."""

    passage_id: PassageId
    code: Code
    confident: bool
    """Shown and counted by default; the others are *possible*, shown on request."""
    score: float | None = None
    """The machine's calibrated score, 0 to 1; ``None`` for a coder's finding."""
    evidence: tuple[Span, ...] = ()
    support: tuple[str, ...] = ()
    """What it rests on: ids of cues and of stance rules."""
    coder: str | None = None
    """Who coded it by hand; ``None`` for the machine."""
    tagger_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A person's coding of one passage; never overwritten, only followed by another.

    No codes is a judgement too: the coder read the passage and found no theme in it.
    """

    passage_id: PassageId
    coder: str
    judged_at: dt.datetime
    codebook_version: str
    codes: tuple[Code, ...]
    reforms: tuple[str, ...] = ()
    """Slugs of the reform facet (codebook, section 5)."""
    tagger_version: str | None = None
    """What the machine said at the time, where the coder saw it."""
    note: str = ""
