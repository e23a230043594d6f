"""The dataset card: a README that an academic reads before using a package."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.snapshots.coverage import Coverage, DecadeHeld
from corpus.snapshots.manifest import Manifest
from corpus.snapshots.tables import TABLES

TITLE = "Throughline: what safeguarding reviews found about information sharing"
_MOST_PUBLISHERS = 40

_TIERS = {
    "A": "open licence: the whole passage",
    "B": "its owner's: at most 50 words of a passage",
    "C": "press: at most 25 words of a passage",
    "D": "permission needed: no words",
    "X": "never shown: no words",
}


@dataclass(frozen=True, kw_only=True)
class Description:
    """What the describing files say besides what the manifest seals."""

    created_at: dt.datetime
    tool_version: str
    contact: str
    """Where to ask for a correction or withdrawal; empty where none is set."""
    coverage: Coverage


def card_text(manifest: Manifest, said: Description) -> str:
    """Write the card in Markdown, with the header that dataset hubs read."""
    parts = (
        _header(manifest),
        _opening(manifest, said),
        _tables(manifest),
        _collected(manifest, said.coverage),
        _covered(said.coverage),
        _GAPS,
        _licences(said.coverage),
        _people(said),
        _checking(manifest),
    )
    return "\n".join(parts)


def cite(manifest: Manifest, year: int) -> str:
    """Name a package for a footnote."""
    return (
        f"Throughline maintainers ({year}). {TITLE}. Snapshot {manifest.snapshot} [data set]. "
        f"SHA-256 of its manifest: {manifest.sha256}."
    )


def _header(manifest: Manifest) -> str:
    configs = [
        line
        for table in TABLES
        for line in (f"- config_name: {table.name}", f"  data_files: {table.name}.parquet")
    ]
    return "\n".join(
        [
            "---",
            f'pretty_name: "{TITLE}"',
            "license: other",
            "license_name: cc-by-4.0-and-publishers-own",
            "license_link: README.md",
            "language:",
            "- en",
            "task_categories:",
            "- text-classification",
            "- text-retrieval",
            "size_categories:",
            f"- {_size(manifest.tables['passages'].rows)}",
            "tags:",
            "- safeguarding",
            "- serious-case-reviews",
            "- information-sharing",
            "configs:",
            *configs,
            "---",
            "",
        ]
    )


def _opening(manifest: Manifest, said: Description) -> str:
    return f"""# {TITLE}

Snapshot `{manifest.snapshot}`, published {said.created_at.day} {said.created_at:%B %Y}.

Published reviews of the deaths of, and serious harm to, children in the United Kingdom: which
failures of information sharing they found, passage by passage, from 1973 on. The passages
describe abuse and neglect. Each passage is coded by a machine, and some by people, with a
codebook that is part of this package.

**Cite as:** {cite(manifest, said.created_at.year)}
"""


def _tables(manifest: Manifest) -> str:
    rows = [
        f"| `{table.name}` | {manifest.tables[table.name].rows:,} | {table.title} |"
        for table in TABLES
    ]
    return "\n".join(
        [
            "## What is in it",
            "",
            "Every table stands twice, as CSV and as Parquet: the same rows in the same order.",
            "`datapackage.json` says what each column is. In CSV, a text that a spreadsheet could",
            "run as a formula begins with an apostrophe; Parquet has it without.",
            "",
            "| Table | Rows | |",
            "| --- | ---: | --- |",
            *rows,
            "",
            "`captures.csv` says when each document was captured, and from which bytes.",
            "",
        ]
    )


def _collected(manifest: Manifest, held: Coverage) -> str:
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in held.kinds) or "none"
    return f"""## How it was collected and coded

Documents come from publishers' own sites and from files given to Throughline; each is kept as
it was captured, its text extracted and cut into passages (numbered paragraphs, bullets, news
paragraphs). Held, by kind: {kinds}.

A *digest* is Throughline's restatement of what a page said about a review: its words are ours,
never a quotation, and `whose_words` says so.

{_read_by(manifest)} People judged {held.judged_passages:,} passages
(names of coders: {held.coders:,}); the newest judgement of a passage stands before the machine.

The machine makes mistakes: `score` is calibrated, `confident` is the cut that counts use, and a
count from machine codes alone is biased. `figures` holds the counts by machine and by people
side by side.
"""


def _read_by(manifest: Manifest) -> str:
    if not manifest.tables["findings"].rows:
        return f"No machine has coded it yet; the codebook is `{manifest.codebook_version}`."
    return (
        f"The machine's findings were made with codebook `{manifest.codebook_version}`,\n"
        f"tagger `{manifest.tagger_version}` and encoder {manifest.model} (SHA-256 of its "
        f"weights\n`{manifest.model_sha256}`)."
    )


def _covered(held: Coverage) -> str:
    rows = [
        f"| {_decade(each)} | {each.reviews:,} | {each.with_own_text:,} |" for each in held.decades
    ]
    return "\n".join(
        [
            "## Coverage by decade",
            "",
            "Reviews on the register by decade of publication, and those whose own text is held;",
            "the others are known through a digest, or by their title alone.",
            "",
            "| Decade | Reviews | Own text held |",
            "| --- | ---: | ---: |",
            *rows,
            "",
        ]
    )


_GAPS = """## Known gaps

- Most reviews are not here. Rapid reviews are not published at all, many reviews are taken
  down after a year, and few from before 2010 were ever put on the web. A rise in counts over
  time is a rise in what is held, not in failure, and says nothing of how a council performs.
- Counts here cannot equal those of the national Panel, which sees unpublished reviews.
- That a theme is absent from a digest does not mean that the review lacks it: many pages
  behind digests were seen in part.
- How many children a review is about is not recorded.
- English text only is coded; passages in other languages are marked in `untagged`.
- Dates are as precise as their publishers gave them: a year may be all that is known.
"""


def _licences(held: Coverage) -> str:
    shown = held.publishers[:_MOST_PUBLISHERS]
    rows = [
        f"| {_cell(each.publisher) or 'not known'} | {each.licence_tier} | {each.documents:,} |"
        for each in shown
    ]
    left = len(held.publishers) - len(shown)
    more = [f"| and {left:,} more: see `documents` | | |"] if left else []
    tiers = [f"- **{tier}**: {words}" for tier, words in _TIERS.items()]
    return "\n".join(
        [
            "## Sources and licences",
            "",
            "Throughline's own words, codes and figures: Creative Commons Attribution 4.0.",
            "Publishers' words stay their owners'. `licence_tier` says how much of each passage",
            "is in this package; `text_cut` says where it goes on, and offsets and hashes let you",
            "find the whole in the publisher's own copy:",
            "",
            *tiers,
            "",
            "| Publisher | Tier | Documents |",
            "| --- | --- | ---: |",
            *rows,
            *more,
            "",
        ]
    )


def _people(said: Description) -> str:
    route = (
        f"Write to {said.contact}"
        if said.contact
        else "Write to whoever gave you this package (its keeper has set no address)"
    )
    withdrawn = said.coverage.withdrawn_documents
    before = (
        f"\n{withdrawn:,} documents had been withdrawn before this was made." if withdrawn else ""
    )
    return f"""## Personal data

The reviews were published, and speak of real children and families. Throughline names no
perpetrator, living relative or front-line worker in its own words, and joins no published
pseudonym to a name: `identity_link` says who did, where a court, the publisher or the national
press had. Where the publisher kept a child anonymous, no name is given. Coders appear by the
names of their accounts. Do not use this data to identify anyone, and do not publish lists of
named children.

## Withdrawal and corrections

{route}
with the id of the document or passage and what is wrong. Withdrawn documents leave every later
snapshot, and the held files of earlier ones: then `redactions.json` stands beside this file and
says which documents are lacking, since when and why. The package keeps its id. If you keep a
copy, ask for the snapshot's redactions now and then and apply them to it.{before}
"""


def _checking(manifest: Manifest) -> str:
    return f"""## Checking that nothing has changed

The id of this package is the SHA-256 of `manifest.json`:

    {manifest.sha256}

`sha256sum --check SHA256SUMS` checks the files. `throughline snapshot verify FOLDER` also checks
every row against the manifest. A row's hash is the SHA-256 of its CSV cells as a JSON array
(UTF-8, no spaces); a table's is the SHA-256 of its rows' hashes, 32 bytes each, in order, those
of withdrawn rows taken from `redactions.json`.
"""


def _decade(each: DecadeHeld) -> str:
    return "no date" if each.decade is None else f"{each.decade}s"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _size(rows: int) -> str:
    bounds: Iterable[tuple[int, str]] = (
        (1_000, "n<1K"),
        (10_000, "1K<n<10K"),
        (100_000, "10K<n<100K"),
        (1_000_000, "100K<n<1M"),
    )
    return next((name for bound, name in bounds if rows < bound), "1M<n<10M")
