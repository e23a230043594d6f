import html
import re

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from web.highlight import highlight

SPANS = st.lists(
    st.tuples(st.integers(-5, 60), st.integers(-5, 60)).map(lambda pair: Span(*pair)), max_size=6
)


def test_a_span_becomes_one_mark() -> None:
    marked = highlight("nobody was told", matched=[Span(7, 10)])
    assert marked == 'nobody <mark class="matched">was</mark> told'


def test_overlapping_spans_of_one_sort_become_one_mark() -> None:
    marked = highlight("abcdef", matched=[Span(2, 5), Span(0, 3)])
    assert marked == '<mark class="matched">abcde</mark>f'


def test_where_the_sorts_overlap_the_shared_part_has_both_classes() -> None:
    marked = highlight("abcd", matched=[Span(0, 3)], evidence=[Span(2, 4)])
    assert marked == (
        '<mark class="matched">ab</mark><mark class="matched evidence">c</mark>'
        '<mark class="evidence">d</mark>'
    )


def test_text_is_escaped_inside_and_outside_marks() -> None:
    marked = highlight("<b>&</b>", matched=[Span(0, 3)])
    assert marked == '<mark class="matched">&lt;b&gt;</mark>&amp;&lt;/b&gt;'


@given(st.text(max_size=60), SPANS, SPANS)
def test_taking_the_marks_away_gives_the_text_back(
    text: str, matched: list[Span], evidence: list[Span]
) -> None:
    marked = str(highlight(text, matched=matched, evidence=evidence))
    bare = re.sub(r'</?mark(?: class="[a-z ]+")?>', "", marked)
    assert "<" not in bare
    # html.unescape reads &#0; and the like; escape() writes only these five.
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'")):
        bare = bare.replace(entity, char)
    assert bare.replace("&amp;", "&") == text


@given(st.text(max_size=60), SPANS, SPANS)
def test_marks_open_and_close_in_turn_and_never_nest(
    text: str, matched: list[Span], evidence: list[Span]
) -> None:
    marked = str(highlight(text, matched=matched, evidence=evidence))
    tags = re.findall(r"<(/?)mark", marked)
    assert tags == ["", "/"] * (len(tags) // 2)


@given(st.text(alphabet="ab<&", min_size=1, max_size=40), SPANS)
def test_every_character_of_a_span_is_marked_and_no_other(text: str, spans: list[Span]) -> None:
    marked = str(highlight(text, matched=spans))
    inside = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", marked))
    covered = {index for span in spans for index in range(max(span.start, 0), span.end)}
    assert html.unescape(inside) == "".join(c for i, c in enumerate(text) if i in covered)


def test_the_nearest_sentence_is_marked_around_the_matched_words() -> None:
    marked = highlight("One. Two rang.", matched=[Span(5, 8)], nearest=[Span(5, 14)])
    assert marked == (
        'One. <mark class="matched nearest">Two</mark><mark class="nearest"> rang.</mark>'
    )
