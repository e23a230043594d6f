"""The passages behind one figure: by review, so that a reader can count them again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.count_rows import Evidence, human_evidence, machine_evidence
from corpus.count_table import GroupCount, PlainFigure
from corpus.counts import count_reviews
from corpus.errors import quoted
from corpus.model import Level
from nlp.codebook import Codebook
from web.comparing import ROLL_UP, roll_up
from web.counting import CountsQuestion, cells_asked, counted, row_label
from web.holdings import Library
from web.parameters import ParameterError
from web.views.count_figures import LEVEL_WORDS
from web.views.counts import question_arguments, read_question
from web.views.parts import PassageView, ReviewLink, passage_view, review_link, theme_label
from web.words import counted as in_number

PER_PAGE = 50
FIGURES = {
    "machine": "found by the machine",
    "human_checked": "found by people, in the reviews that they checked whole",
}


@dataclass(frozen=True, kw_only=True)
class CountedPassage:
    """One passage, and what of the count it holds."""

    passage: PassageView
    themes: tuple[str, ...]
    """Labels of the themes that it finds failing, with their level."""


@dataclass(frozen=True, kw_only=True)
class CountedReview:
    """One review of the count: it counts once, however many passages it has."""

    review: ReviewLink
    passages: tuple[CountedPassage, ...]


@dataclass(frozen=True, kw_only=True)
class CountedPassagesPage:
    """What ``counted_passages.html`` shows."""

    label: str
    level: str
    figure: str
    heading: str
    """Such as ``42 of 147 reviews, in 64 passages``."""
    asked: Mapping[str, str]
    """Query parameters of the table that it is a cell of."""
    reviews: tuple[CountedReview, ...]
    first: int
    """The place of the first review shown, from 1."""
    page: int
    pages: int
    previous: Mapping[str, str] | None
    following: Mapping[str, str] | None
    snapshot: str


def build(library: Library, arguments: Mapping[str, str]) -> CountedPassagesPage:
    """Show a page of the reviews that a figure counts, in order of publication.

    Raises:
        ParameterError: a parameter cannot be used; each is named.
    """
    problems: list[str] = []
    # A cell's level is no filter: the table has every level beside it.
    filters = {name: value for name, value in arguments.items() if name != "level"}
    question = read_question(library, filters, problems)
    if problems:
        raise ParameterError([("counts", " ".join(problems))])
    label, row, level, figure_name, figure = _cell(library, question, arguments)
    page, pages = _page(arguments, figure.n)
    evidence = _evidence(library, row, level, figure, figure_name)
    own = {
        **question_arguments(question),
        "theme": row.group.key,
        "level": level,
        "figure": figure_name,
    }
    return CountedPassagesPage(
        label=label,
        level=LEVEL_WORDS[level],
        figure=FIGURES[figure_name],
        heading=f"{figure.n} of {in_number(figure.denominator, 'review')}, "
        f"in {in_number(len(figure.passage_ids), 'passage')}",
        asked=question_arguments(question),
        reviews=_reviews(library, figure, evidence, page),
        first=(page - 1) * PER_PAGE + 1,
        page=page,
        pages=pages,
        previous={**own, "page": str(page - 1)} if page > 1 else None,
        following={**own, "page": str(page + 1)} if page < pages else None,
        snapshot=library.snapshot,
    )


def _cell(
    library: Library, question: CountsQuestion, arguments: Mapping[str, str]
) -> tuple[str, GroupCount, str, str, PlainFigure]:
    figure, level = arguments.get("figure", ""), arguments.get("level", "either")
    label, row = _row(library, question, arguments.get("theme", ""))
    cells = dict(cells_asked(row, None))
    if level not in cells:
        raise ParameterError([("level", f"{quoted(level)} is none of {', '.join(cells)}")])
    if figure not in FIGURES:
        raise ParameterError([("figure", f"{quoted(figure)} is none of {', '.join(FIGURES)}")])
    cell = cells[level]
    return label, row, level, figure, cell.machine if figure == "machine" else cell.human


def _row(library: Library, question: CountsQuestion, theme: str) -> tuple[str, GroupCount]:
    if theme.startswith(ROLL_UP):
        reported, group = roll_up(library.codebook, theme)
        row = count_reviews(library.store, [group], question.count_question()).rows[0]
        return f"Nearest to “{reported.reported}” ({reported.publication})", row
    # A theme's row is in one of the two tables.
    asked = question.model_copy(update={"by": _by(library.codebook, theme)})
    rows = {row.group.key: row for row in counted(library, asked).rows}
    if theme not in rows:
        raise ParameterError([("theme", f"{quoted(theme)} is no row of counts")])
    return row_label(rows[theme].group, library.codebook), rows[theme]


def _by(codebook: Codebook, theme: str) -> str:
    return "theme" if theme in codebook.rollup else "top-theme"


def _evidence(
    library: Library, row: GroupCount, level: str, figure: PlainFigure, figure_name: str
) -> Mapping[str, list[Evidence]]:
    """Passage → the finds in it that this figure rests on."""
    read = machine_evidence if figure_name == "machine" else human_evidence
    wanted, themes = set(figure.passage_ids), set(row.group.themes)
    found: dict[str, list[Evidence]] = {}
    for item in read(library.store):
        if item.passage_id in wanted and item.theme in themes and level in {"either", item.level}:
            found.setdefault(item.passage_id, []).append(item)
    return found


def _page(arguments: Mapping[str, str], n_reviews: int) -> tuple[int, int]:
    pages = max(1, -(-n_reviews // PER_PAGE))
    text = arguments.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= page <= pages:
        raise ParameterError([("page", f"{quoted(text)} is no page from 1 to {pages}")])
    return page, pages


def _reviews(
    library: Library, figure: PlainFigure, evidence: Mapping[str, list[Evidence]], page: int
) -> tuple[CountedReview, ...]:
    wanted = set(figure.review_ids)
    # The store gives reviews in order of publication.
    counted_ones = [each for each in library.store.iter_reviews() if each.review_id in wanted]
    shown = counted_ones[(page - 1) * PER_PAGE : page * PER_PAGE]
    in_page = {review.review_id for review in shown}
    passages = _passages(
        library, {key: items for key, items in evidence.items() if items[0].review_id in in_page}
    )
    return tuple(
        CountedReview(review=review_link(review), passages=tuple(passages[review.review_id]))
        for review in shown
    )


def _passages(
    library: Library, evidence: Mapping[str, list[Evidence]]
) -> Mapping[str, list[CountedPassage]]:
    """Review → its passages in reading order, with two queries for all of them."""
    passages = sorted(
        library.store.get_passages(list(evidence)),
        key=lambda passage: (passage.document_id, passage.position),
    )
    documents = library.store.get_documents({passage.document_id for passage in passages})
    found: dict[str, list[CountedPassage]] = {}
    for passage in passages:
        items = evidence[passage.passage_id]
        one = CountedPassage(
            passage=passage_view(passage, documents[passage.document_id], (), library.codebook),
            themes=_labels(items, library.codebook),
        )
        found.setdefault(items[0].review_id, []).append(one)
    return found


def _labels(items: Iterable[Evidence], codebook: Codebook) -> tuple[str, ...]:
    words = {Level.CASE: "in one case", Level.SYSTEM: "beyond one case"}
    return tuple(f"{theme_label(codebook, item.theme)}, {words[item.level]}" for item in items)
