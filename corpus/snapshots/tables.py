"""Which tables a package has, and what each of their columns is."""

from dataclasses import dataclass

from corpus.export_files import FileColumn as Column


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of a package: a CSV file and a Parquet file with the same rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that together name a row, none of them ever empty; none where there are none."""
    refers: tuple[tuple[str, str], ...] = ()
    """Columns with the table that each points to, by a column of the same name."""

    def place_of(self, column: str) -> int | None:
        """Where a column stands; ``None`` where the table has none of this name."""
        names = [each.name for each in self.columns]
        return names.index(column) if column in names else None


_PASSAGE = Column("passage_id", description="Permanent; p and 16 characters.")
_DOCUMENT = Column("document_id", description="Permanent; a new text is a new document.")
_REVIEW = Column("review_id", description="The review that the document is about or of.")
_CODE = (
    Column("theme", description="Id of a theme in the codebook."),
    Column("top_theme", description="The top theme it rolls up to; empty for a retired theme."),
    Column("stance", description="How the passage treats the theme."),
    Column("level", description="case or system."),
    Column("attribution", description="own-voice, reported or claim."),
)

REVIEWS = Table(
    name="reviews",
    title="Published reviews on the register, with or without text held here.",
    columns=(
        Column("review_id", description="Permanent slug."),
        Column("case_id", description="Shared by reviews of the same events."),
        Column("title"),
        Column("review_type"),
        Column("nation"),
        Column("place"),
        Column("publisher"),
        Column("author"),
        Column("published", description="ISO 8601 date of any precision: year, month or day."),
        Column("incident", description="When what it examines happened; as precise as known."),
        Column("child_age"),
        Column("also_known_as", "list", "Names; none where the publisher withheld them."),
        Column("identity_link", description="Who joined a published pseudonym to a name."),
        Column("reference"),
        Column("report_url"),
        Column("agencies", "list"),
        Column("cautions", "list", "Facts in dispute, and wording to take care with."),
        Column("summary", description="Throughline's own words, never the review's."),
        Column("figures", "list", "Numbers that the review published, each in its own unit."),
        Column("sources", "list"),
    ),
    key=("review_id",),
)

DOCUMENTS = Table(
    name="documents",
    title="Documents held, in their newest version: what is known of each, without its text.",
    columns=(
        _DOCUMENT,
        _REVIEW,
        Column("kind", description="digest is Throughline's restatement, never a quotation."),
        Column("title"),
        Column("raw_title", description="The title as served, where a rule cleaned it."),
        Column("title_rule"),
        Column("publisher"),
        Column("author"),
        Column("published", description="ISO 8601 date of any precision."),
        Column("published_from", description="Where the date came from."),
        Column("incident"),
        Column("incident_from"),
        Column("review_type", description="As its publisher calls it."),
        Column("partnership"),
        Column("nation"),
        Column("page_count", "whole"),
        Column("url"),
        Column("licence_tier", description="A open licence, B owner's, C press, D, X not shown."),
        Column("text_sha256", description="Of the whole text in UTF-8; offsets index that text."),
        Column("text_chars", "whole", "Length of the whole text in characters."),
        Column("passages", "whole", "How many passages it has."),
        Column("marks", "list", "What a reader should know, such as teaser-only."),
        Column("skipped_blocks", "object", "Blocks that are no passages, counted by kind."),
    ),
    key=("document_id",),
    refers=(("review_id", "reviews"),),
)

PASSAGES = Table(
    name="passages",
    title="Passages in reading order, each with as much text as its licence tier allows.",
    columns=(
        _PASSAGE,
        _DOCUMENT,
        _REVIEW,
        Column("kind"),
        Column("published"),
        Column("position", "whole", "Reading order in its document, from 0."),
        Column("start_char", "whole", "Offset in the document's text; half-open."),
        Column("end_char", "whole"),
        Column("text_sha256", description="Of the whole passage in UTF-8."),
        Column("text", description="An exact beginning of the passage."),
        Column("text_cut", "flag", "Whether the passage goes on where its text ends here."),
        Column("whose_words", description="throughline or publisher."),
        Column("heading"),
        Column("paragraph", description="The printed number."),
        Column("page", "whole"),
        Column("evidence_grade", description="Digests: the kind of page restated from."),
        Column("source_url"),
        Column("licence_tier"),
        Column("tagger_version", description="What read it; empty where nothing has."),
        Column("untagged", description="Why the tagger declined it."),
    ),
    key=("passage_id",),
    refers=(("document_id", "documents"), ("review_id", "reviews")),
)

FINDINGS = Table(
    name="findings",
    title="What the machine found, also where a person has judged the passage since.",
    columns=(
        _PASSAGE,
        _DOCUMENT,
        _REVIEW,
        *_CODE,
        Column("score", "number", "Calibrated, 0 to 1, rounded to four places."),
        Column("confident", "flag", "Shown and counted; the others are possible only."),
        Column("standing", "flag", "Whether it stands: nobody has judged the passage."),
        Column("evidence", "list", "Pairs of half-open offsets into the whole passage."),
        Column("support", "list", "Ids of cues and rules that it rests on."),
        Column("tagger_version"),
    ),
    key=("passage_id", "theme", "stance", "level"),
    refers=(("passage_id", "passages"),),
)

JUDGEMENTS = Table(
    name="judgements",
    title="What people decided: a row a code, and one row without a code for “no theme here”.",
    columns=(
        _PASSAGE,
        _DOCUMENT,
        _REVIEW,
        Column("judgement", "whole", "Judgements of this passage in order, from 1."),
        Column(
            "standing",
            "flag",
            "Whether it stands for the whole passage: its newest adjudication or, without one, "
            "its newest judgement.",
        ),
        Column("adjudication", "flag", "Whether it decides between other judgements."),
        Column("coder", description="The coder's name in Throughline."),
        Column("judged_at", description="ISO 8601, UTC."),
        Column("codebook_version"),
        Column("judged_tagger_version", description="What the machine said, if it was shown."),
        *_CODE,
        Column("reforms", "list"),
    ),
    key=(),
    refers=(("passage_id", "passages"),),
)

CODEBOOK = Table(
    name="codebook",
    title="The themes as they were defined when this was coded; retired ones redirect.",
    columns=(
        Column("theme", description="Permanent id."),
        Column("sort", description="top, theme, residual, counter or retired."),
        Column("top_theme"),
        Column("label"),
        Column("definition"),
        Column("include", "list"),
        Column("exclude", "list"),
        Column("also_called", "list"),
        Column("cues", "list"),
        Column("replaced_by", description="The successor of a retired theme."),
    ),
    key=("theme",),
)

FIGURES = Table(
    name="figures",
    title="Reviews that find each theme failing, over all years; compare snapshots by these.",
    columns=(
        Column("key", description="A theme, a top theme, or any-theme."),
        Column("by", description="total, top-theme or theme."),
        Column("machine", "whole", "By the machine's confident findings."),
        Column("human_checked", "whole", "By people, of reviews of which all was judged."),
        Column("standing", "whole", "By the newest judgement or, without one, the machine."),
    ),
    key=("key",),
)

TABLES = (REVIEWS, DOCUMENTS, PASSAGES, FINDINGS, JUDGEMENTS, CODEBOOK, FIGURES)
"""In the order in which descriptions list them."""
