import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.pdf_layout import lay_out
from ingest.extract.pdf_page import Box, Line, Page

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
