"""A table of counts as flat rows: a figure a row, and the passages behind each."""

from collections.abc import Collection, Iterator, Mapping

from corpus.count_table import CountTable, GroupCount, PlainFigure
from corpus.licence import shown_words
from corpus.model import Document, Passage
from corpus.store import Store
from web.counting import (
    CountsQuestion,
    cell_figures,
    cells_asked,
    notes_of,
    row_label,
)
from web.holdings import Library
from web.shapes import whose_words
from web.spreadsheet import Sheet, Value

FIGURE_COLUMNS = (
    "theme",
    "label",
    "level",
    "period",
    "figure",
    "n",
    "denominator",
    "estimate",
    "ci_low",
    "ci_high",
    "method",
    "n_human_checked",
    "n_digest_only",
    "n_children",
    "n_children_stated",
    "refused",
    "snapshot",
)
PASSAGE_COLUMNS = (
    "theme",
    "level",
    "figure",
    "review_id",
    "review",
    "passage_id",
    "paragraph",
    "page",
    "text",
    "text_cut",
    "whose_words",
    "source_url",
)

Row = dict[str, Value]

_AT_A_TIME = 5000
"""SQLite takes some 32,000 values in one query."""


def figure_rows(table: CountTable, library: Library, question: CountsQuestion) -> Iterator[Row]:
    """Three rows a cell, then a row a year for its plain figures; a year without any is empty."""
    snapshot = library.snapshot
    held = table.coverage.reviews_held
    period = f"{table.coverage.from_year}-{table.coverage.to_year}"
    for row in table.rows:
        for name, cell in cells_asked(row, question.level):
            known: Row = {
                "theme": row.group.key,
                "label": row_label(row.group, library.codebook),
                "level": name,
                "snapshot": snapshot,
            }
            for figure, shape in cell_figures(cell, held=held, snapshot=snapshot).items():
                refused = shape.get("refused")
                numbers = {column: shape.get(column) for column in FIGURE_COLUMNS[5:15]}
                yield (
                    known
                    | {"period": period, "figure": figure}
                    | numbers
                    | {"refused": refused["reason"] if refused else None}
                )
            for year in cell.years:
                of_year: Row = {
                    "period": str(year.year),
                    "n_human_checked": year.n_human_checked,
                }
                machine: Row = {"n": year.machine, "denominator": year.n_read}
                human: Row = {"n": year.human, "denominator": year.n_human_checked}
                yield known | of_year | {"figure": "machine"} | machine
                yield known | of_year | {"figure": "human_checked"} | human


def passage_rows(table: CountTable, library: Library, question: CountsQuestion) -> Iterator[Row]:
    """A row a passage and plain figure: what each ``n`` re-counts to, by distinct review."""
    wanted = {p for row in table.rows for _, _, f in _plain(row, question) for p in f.passage_ids}
    passages, documents = _read(library.store, wanted)
    reviews = {str(review.review_id): review for review in library.store.iter_reviews()}
    for row in table.rows:
        for level, name, figure in _plain(row, question):
            for passage_id in figure.passage_ids:
                passage = passages[passage_id]
                document = documents[passage.document_id]
                review = reviews.get(document.review_id or "")
                text, cut = shown_words(passage, document.licence_tier, document.marks)
                yield {
                    "theme": row.group.key,
                    "level": level,
                    "figure": name,
                    "review_id": document.review_id,
                    "review": review.title if review else None,
                    "passage_id": passage_id,
                    "paragraph": passage.paragraph,
                    "page": passage.page,
                    "text": text,
                    "text_cut": "yes" if cut else "no",
                    "whose_words": whose_words(document),
                    "source_url": passage.source_url or document.url,
                }


def _read(
    store: Store, passage_ids: Collection[str]
) -> tuple[Mapping[str, Passage], Mapping[str, Document]]:
    """Read passages and their documents, by id."""
    wanted = sorted(passage_ids)
    passages: dict[str, Passage] = {}
    documents: dict[str, Document] = {}
    for first in range(0, len(wanted), _AT_A_TIME):
        found = store.get_passages(wanted[first : first + _AT_A_TIME])
        passages |= {str(each.passage_id): each for each in found}
        documents |= store.get_documents({str(each.document_id) for each in found})
    return passages, documents


def count_sheets(table: CountTable, library: Library, question: CountsQuestion) -> list[Sheet]:
    """A workbook's sheets: figures, the passages behind them, and what to know of both."""
    notes = [*notes_of(table, library), f"Snapshot {library.snapshot}."]
    return [
        Sheet(
            title="figures",
            columns=FIGURE_COLUMNS,
            rows=list(figure_rows(table, library, question)),
        ),
        Sheet(
            title="passages",
            columns=PASSAGE_COLUMNS,
            rows=list(passage_rows(table, library, question)),
        ),
        Sheet(title="notes", columns=("note",), rows=[{"note": note} for note in notes]),
    ]


def _plain(row: GroupCount, question: CountsQuestion) -> Iterator[tuple[str, str, PlainFigure]]:
    for level, cell in cells_asked(row, question.level):
        yield level, "machine", cell.machine
        yield level, "human_checked", cell.human
