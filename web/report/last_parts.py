"""The last parts of the report: what moved, what is held, how it was made, what was counted."""

from collections.abc import Iterator

from corpus.snapshots.changes import CAUSES
from web.report.beside import measured_blocks
from web.report.blocks import Block, Heading, Listing, Row, Run, Table, plain
from web.report.model import AnnualReport, ReviewFacts
from web.report.theme_tables import Numbering, agreement
from web.words import counted

FIGURE_WORDS = {
    "machine": "machine",
    "human_checked": "human-checked",
    "standing": "standing",
}
CAUSE_WORDS = {
    "removed_documents": "Removed documents",
    "new_documents": "New documents",
    "codebook": "Codebook",
    "model": "Model",
    "human_corrections": "Human corrections",
}
_OF = {
    "nation": "Nation",
    "type": "Type of review",
    "publisher": "Publisher",
    "kind": "Kind of document",
}


def change_part(report: AnnualReport, numbering: Numbering) -> Iterator[Block]:
    """What moved since the snapshot before, split by cause."""
    change = report.change
    yield Heading("What changed since the last snapshot", 1, "changes")
    yield plain(change.sentence)
    if change.since is None:
        return
    yield plain(
        "Each figure’s change is split by what caused it, one thing exchanged after another in "
        "the order of the columns, and the parts add up to the change. The standing figure takes "
        "a person’s judgement where there is one, else the machine’s finding."
    )
    for scope in dict.fromkeys((str(report.year), *(move.scope for move in change.moves))):
        moves = [move for move in change.moves if move.scope == scope]
        if not moves:
            yield plain(f"No figure of {scope} differs.")
            continue
        yield Table(
            number=numbering.next(),
            caption=f"Figures of {scope} that moved since {change.since}",
            columns=(
                "Theme",
                "Figure",
                "Before",
                "Now",
                "Change",
                *(CAUSE_WORDS[cause] for cause in CAUSES),
            ),
            rows=tuple(
                Row(
                    head=Run(move.label),
                    cells=(
                        FIGURE_WORDS[move.figure],
                        str(move.before),
                        str(move.after),
                        signed(move.after - move.before),
                        *(signed(move.parts[cause]) for cause in CAUSES),
                    ),
                )
                for move in moves
            ),
            wide=True,
            weights=(30, 11, 8, 8, 8, 12, 12, 10, 8, 12),
        )


def signed(number: int) -> str:
    """A change with its sign, and a true minus; nought has none."""
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def coverage_part(report: AnnualReport, numbering: Numbering) -> Iterator[Block]:
    """What the figures rest on, and what is missing."""
    held, year = report.held, report.year
    yield Heading("What is held, and what is missing", 1, "coverage")
    yield Listing(tuple((Run(note),) for note in report.notes))
    yield Table(
        number=numbering.next(),
        caption=f"Reviews and documents held of {year}",
        columns=("Held", "By", "Reviews counted", "Documents of publishers’ own"),
        rows=tuple(
            Row(
                head=Run(tally.value),
                cells=(_OF[tally.of], _number(tally.reviews), _number(tally.documents)),
            )
            for tally in held.tallies
        ),
        notes=(
            "A restatement of ours is nobody’s document and counts under its own kind alone.",
            f"Of no review, such as news: {held.mentions} of {year}. Mentions are in no figure.",
        ),
    )
    yield from _missing(held.missing, year)
    yield plain(_held_back(report))
    if not held.withdrawals:
        yield plain("No document has been withdrawn.")
        return
    yield Table(
        number=numbering.next(),
        caption="What was withdrawn; a tombstone keeps no year, so these are of all years",
        columns=("When", "Of", "Documents", "Why"),
        rows=tuple(
            Row(
                head=Run(line.day),
                cells=(line.publishers, str(line.documents), line.reason),
            )
            for line in held.withdrawals
        ),
        wordy=True,
        weights=(16, 28, 12, 44),
    )


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _missing(missing: tuple[ReviewFacts, ...], year: int) -> Iterator[Block]:
    if not missing:
        yield plain(f"Every review of {year} on the register has usable text here.")
        return
    yield plain(
        f"{counted(len(missing), 'review')} of {year} on the register "
        f"{'has' if len(missing) == 1 else 'have'} no usable text here, and "
        f"{'is' if len(missing) == 1 else 'are'} in no figure:"
    )
    yield Listing(tuple((Run(one.title, one.link), Run(f", {one.published}")) for one in missing))


def _held_back(report: AnnualReport) -> str:
    number = report.held.held_back
    if number is None:
        return "How many documents were held back when the snapshot was published is not recorded."
    return (
        f"Held back, because a rule found them tampered with or not to be what they say: "
        f"{counted(number, 'document')} dated {report.year}. They are never counted or shown."
    )


def method_part(report: AnnualReport, numbering: Numbering, site: str) -> Iterator[Block]:
    """How the figures came about, and how far machine and people agree."""
    method, period = report.method, report.period
    yield Heading("How the figures are made", 1, "method")
    yield Listing(tuple((Run(rule),) for rule in method.rules))
    yield plain(
        "The machine count is of the reviews that the machine read whole, by its confident "
        "findings alone. The human-checked count is of the reviews of which people judged every "
        "passage that counts. The corrected estimate adds to the machine’s share what the checked "
        "reviews show it to miss or to invent, each weighted by its chance of being drawn; it is "
        "refused under 30 checked reviews, under 10 that have the theme, and wherever the "
        "interval would not hold what it promises. Where it was nearly refused, its interval "
        "reaches further down: a theme that seldom passes is shown when chance found much of it."
    )
    yield plain(_versions(report))
    both = sum(one.checked and one.machine_read for one in report.reviews)
    yield plain(
        f"How well the tagger reads can be seen on the {counted(both, 'review')} of {period.name} "
        "that both the machine and people read whole. Where only digests were checked, this says "
        "how it reads digests."
    )
    if both:
        caption = f"Machine and people on the same reviews, {period.name}"
        yield agreement(numbering.next(), caption, report, site)
    yield from measured_blocks(report, numbering, site)
    if method.limits:
        yield plain(f"Known limits of the tagger. {method.limits}", "note")
    yield plain(
        "Every figure can be followed to its passages: in the workbook and the CSV tables each "
        "figure has a reference, and the table of passages lists, under that reference, the "
        "passages whose reviews re-count to it."
    )


def _versions(report: AnnualReport) -> str:
    method = report.method
    taggers = method.taggers
    read = f"Codebook {method.codebook_version}. "
    if not taggers:
        return f"{read}No machine has read these reviews yet."
    read += f"The passages were read by tagger {', '.join(taggers)}."
    if len(taggers) > 1:
        read += " Passages read by different versions compare less well."
    others = [one for one in method.coding_codebooks if one != method.codebook_version]
    if others:
        read += f" Some judgements were made by an earlier codebook: {', '.join(others)}."
    return read


def reviews_part(report: AnnualReport, numbering: Numbering) -> Iterator[Block]:
    """The reviews that the year's figures count."""
    year = report.year
    yield Heading("The reviews counted", 1, "reviews")
    yield Table(
        number=numbering.next(),
        caption=f"Reviews published in {year} that the figures count",
        columns=("Review", "Published", "Nation", "Type", "Held as", "Checked whole"),
        rows=tuple(
            Row(
                head=Run(one.title, one.link),
                cells=(
                    one.published,
                    one.nation,
                    one.review_type,
                    one.held_as,
                    "yes" if one.checked else "no",
                ),
            )
            for one in report.reviews
            if one.year == year
        ),
        wordy=True,
        weights=(40, 14, 12, 18, 9, 9),
    )
