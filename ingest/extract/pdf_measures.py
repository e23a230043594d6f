"""What is ordinary in a PDF's lines: their size, their distance, and how far they reach."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.extract.pdf_page import Line, Page
from ingest.extract.pdf_tables import Row

_Format = tuple[int, int]
_Edges = tuple[float, float]


@dataclass(frozen=True)
class Measures:
    """What is ordinary in this document, in points."""

    body_size: float
    leading: float
    bold_body: bool
    edges: Mapping[_Format, _Edges]
    """Where lines begin and end on undivided pages of each format."""
    alone: Mapping[int, _Edges]
    """By page number: the column that a page fills alone, as the last of many does."""

    def column(self, line: Line, page: Page) -> _Edges:
        """Give the edges that a line could reach."""
        return (
            line.column
            or self.alone.get(page.number)
            or self.edges.get(_format(page), (0.0, page.width))
        )


def measure(ordered: Sequence[tuple[Page, list[Line | Row]]]) -> Measures:
    """Measure a document's lines, page by page in reading order."""
    sizes: Counter[float] = Counter()
    bold = total = 0
    for line in (line for page, _ in ordered for line in page.lines):
        sizes[round(line.size, 1)] += len(line.text)
        bold += len(line.text) if line.bold else 0
        total += len(line.text)
    body_size = sizes.most_common(1)[0][0] if sizes else 10.0
    gaps = sorted(
        gap
        for _, things in ordered
        for above, below in pairwise(thing for thing in things if isinstance(thing, Line))
        if 0.9 * body_size < (gap := above.baseline - below.baseline) < 4 * body_size
    )
    return Measures(
        body_size=body_size,
        leading=gaps[len(gaps) // 5] if gaps else 1.2 * body_size,
        bold_body=bold > total / 2,
        edges=_find_edges(ordered, body_size),
        alone=_find_lone_columns(ordered, body_size),
    )


def _find_edges(
    ordered: Sequence[tuple[Page, list[Line | Row]]], body_size: float
) -> dict[_Format, _Edges]:
    lines: defaultdict[_Format, list[Line]] = defaultdict(list)
    for page, things in ordered:
        for thing in things:
            if isinstance(thing, Line) and abs(thing.size - body_size) < 0.6 and not thing.column:
                lines[_format(page)].append(thing)
    edges = {}
    for form, body in lines.items():
        rights = sorted(line.right for line in body)
        lefts = sorted(line.left for line in body)
        edges[form] = (lefts[len(lefts) // 20], rights[int(len(rights) * 0.95)])
    return edges


def _find_lone_columns(
    ordered: Sequence[tuple[Page, list[Line | Row]]], body_size: float
) -> dict[int, _Edges]:
    """Find pages without columns whose every line stands where other pages have one."""
    columns: defaultdict[_Format, set[_Edges]] = defaultdict(set)
    for page, things in ordered:
        columns[_format(page)] |= {
            thing.column for thing in things if isinstance(thing, Line) and thing.column
        }
    found = {}
    for page, things in ordered:
        lines = [thing for thing in things if isinstance(thing, Line)]
        if not lines or len(lines) < len(things) or any(line.column for line in lines):
            continue
        left = min(line.left for line in lines) + body_size
        right = max(line.right for line in lines) - body_size
        around = [c for c in columns[_format(page)] if c[0] <= left and right <= c[1]]
        if around:
            found[page.number] = min(around, key=lambda column: column[1] - column[0])
    return found


def _format(page: Page) -> _Format:
    return round(page.width), round(page.height)
