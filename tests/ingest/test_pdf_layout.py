import re

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.extract.pdf_layout import lay_out
from ingest.extract.pdf_page import Box, Line, Page, strip_running_lines
from ingest.extracted import BlockKind

PLACES = st.integers(0, 60).map(lambda n: 10.0 * n)
RULES = st.one_of(
    st.tuples(PLACES, PLACES, PLACES).map(lambda t: (t[0], t[1], t[0] + t[2], t[1])),
    st.tuples(PLACES, PLACES, PLACES).map(lambda t: (t[0], t[1], t[0], t[1] + t[2])),
)
BOXES = st.tuples(PLACES, PLACES, PLACES, PLACES).map(
    lambda t: (t[0], t[1], t[0] + t[2] + 60, t[1] + t[3] + 25)
)
LINES = st.lists(
    st.tuples(PLACES, PLACES, st.integers(1, 8), st.sampled_from([7.0, 10.0, 10.0, 14.0])),
    max_size=60,
)


# Rules that make two tables which do not touch, and of which one lies over the other.
_OVERLYING: list[Box] = [
    (0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 20.0, 0.0),
    (0.0, 20.0, 0.0, 20.0),
    (0.0, 20.0, 40.0, 20.0),
    (10.0, 0.0, 10.0, 10.0),
    (30.0, 0.0, 30.0, 20.0),
]


@example([([(0.0, 0.0, 1, 7.0)], _OVERLYING, [])])
@given(
    st.lists(
        st.tuples(LINES, st.lists(RULES, max_size=20), st.lists(BOXES, max_size=4)), max_size=3
    )
)
def test_every_word_of_every_page_is_in_the_blocks_exactly_once(
    drawn: list[tuple[list[tuple[float, float, int, float]], list[Box], list[Box]]],
) -> None:
    words: list[str] = []
    pages = []
    for number, (places, rules, boxes) in enumerate(drawn, start=1):
        lines = []
        for x, y, count, size in places:
            made = [f"q{len(words) + n}q" for n in range(count)]
            words += made
            text = " ".join(made)
            lines.append(Line(text, x, x + 0.5 * size * len(text), y, size, bold=False))
        pages.append(Page(number, 600, 800, tuple(lines), tuple(rules), tuple(boxes)))
    found = " ".join(block.text for block in lay_out(pages)).replace("|", " ").split()
    # What stands in one place is set as one word, on the page as here.
    assert sorted(part for word in found for part in word.replace("qq", "q q").split()) == sorted(
        words
    )


def test_pages_made_to_cost_much_are_read_down_as_they_stand() -> None:
    lines = tuple(
        Line(f"word{n}", 30.0 * (n % 20), 30.0 * (n % 20) + 25, 800 - n / 20, 10, bold=False)
        for n in range(8000)
    )
    rules = tuple((float(n % 600), n / 10, n % 600 + 20.0, n / 10) for n in range(8000))
    boxes = tuple((n / 20, 0.0, n / 20 + 100, 500.0) for n in range(8000))
    blocks = lay_out([Page(1, 600, 800, lines, rules, boxes)])
    found = [word for block in blocks for word in re.findall(r"word\d+?(?=word|\b)", block.text)]
    assert sorted(found) == sorted(line.text for line in lines)


def test_rows_numbered_as_the_pages_are_keep_their_numbers() -> None:
    words = "the surgery should answer every letter from a"
    pages = [
        Page(
            number,
            600,
            800,
            (
                Line(str(number + 2), 40, 46, 80, 10, bold=False),
                Line(f"{words} {place} school", 70, 400, 80, 10, bold=False),
                Line(f"and keep the {place} answer", 70, 300, 66, 10, bold=False),
                Line(f"{words} clinic in the {place}", 70, 400, 52, 10, bold=False),
                Line(str(number), 300, 306, 30, 8, bold=False),
            ),
        )
        for number, place in ((1, "northern"), (2, "southern"))
    ]
    kept, stripped = strip_running_lines(pages)
    assert stripped == 2
    assert [page.lines[0].text for page in kept] == ["3", "4"]


def test_a_boxs_heading_does_not_name_what_follows_the_box() -> None:
    lines = (
        Line("What happened", 40, 200, 760, 16, bold=True),
        Line("Learning point", 360, 500, 720, 10, bold=True),
        Line("Letters need an answer within a week.", 360, 540, 706, 10, bold=False),
        Line("The school knew of it and told nobody else.", 40, 330, 720, 10, bold=False),
        Line("The surgery did not know of it until the very end.", 40, 330, 640, 10, bold=False),
        Line("The police did not know of it until the very end.", 40, 330, 600, 10, bold=False),
    )
    page = Page(1, 600, 800, lines, boxes=((350.0, 695.0, 550.0, 740.0),))
    headings = [block.text for block in lay_out([page]) if block.kind is BlockKind.HEADING]
    assert headings == ["What happened"]
