"""Pages as they are seen: reading order, tables, numbers, and what no reader can see."""

import pytest
from printed_pages import (
    FULL,
    LEFT,
    RIGHT,
    SEEN,
    UNSEEN,
    Draw,
    bulleted,
    columned,
    footnotes_and_marks,
    hidden_words,
    numbers_in_a_margin,
    printed,
    recommendations,
    sideways,
    text_box,
    three_columns,
    turned_table,
    two_columns,
    unruled_table,
    watermark,
    white_on_dark,
)

from ingest.extract.pdf import HIDDEN_TEXT, extract_pdf
from ingest.extracted import BlockKind

BOX = "Guidance then in force said that letters need an answer."
ANSWER = "The surgery should answer every letter from a school within {} days and keep the answer."


def texts(*pages: Draw) -> list[str]:
    return [block.text for block in extract_pdf(printed(*pages)).blocks]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (two_columns, ["Letters nobody opened", FULL, LEFT, RIGHT, f"Once more: {FULL}"]),
        (three_columns, [LEFT, RIGHT, FULL]),
        (text_box, [LEFT, BOX, RIGHT]),
        (sideways, [LEFT, RIGHT]),
        (turned_table, [LEFT, RIGHT]),
        (watermark, [LEFT]),
        (white_on_dark, ["What the district should do", f"{SEEN} {LEFT}"]),
    ],
)
def test_p2_a_page_is_read_in_the_order_in_which_people_read_it(
    page: Draw, expected: list[str]
) -> None:
    assert texts(page) == expected


def test_a_page_of_another_shape_does_not_change_how_paragraphs_end() -> None:
    blocks = extract_pdf(printed(turned_table, numbers_in_a_margin)).blocks
    assert [(b.paragraph, b.page, b.text) for b in blocks if b.page == 2] == [
        ("4.71", 2, LEFT),
        ("4.72", 2, RIGHT),
        ("6-10", 2, FULL),
        ("6-10 – 6-26", 2, LEFT),
    ]


def test_bullets_and_letters_part_a_list_and_broken_words_are_whole() -> None:
    blocks = extract_pdf(printed(bulleted)).blocks
    assert [(b.kind.value, b.paragraph, b.text) for b in blocks] == [
        ("paragraph", None, "The review found that:"),
        ("paragraph", "a", "nobody rang the surgery when the letter came back"),
        ("paragraph", "b", FULL),
        ("item", None, SEEN),
        ("item", None, RIGHT),
        (
            "paragraph",
            "5.3",
            "On 3rd March the co-ordinator wrote about short- and long-term multi-agency plans.",
        ),
    ]


def test_a_footnotes_mark_is_not_glued_to_its_word_and_the_note_comes_last() -> None:
    extracted = extract_pdf(printed(footnotes_and_marks))
    assert [(block.kind.value, block.text) for block in extracted.blocks] == [
        (
            "paragraph",
            "The letters were counted by the audit office and then filed without an answer.",
        ),
        ("paragraph", LEFT),
        ("footnote", "12 Audit office (2019) Letters and answers, page 4."),
    ]
    assert extracted.dropped == {"footnote-mark": 1}


def test_each_recommendation_of_a_table_is_one_row_with_its_number() -> None:
    rows = [["No", "Recommendation", "Agency"]]
    rows += [[f"{n}.", f"{ANSWER.format(n)} {LEFT}", "Surgery and school"] for n in range(1, 12)]
    blocks = extract_pdf(recommendations(rows, [40, 330, 100])).blocks
    assert [b.text for b in blocks if b.kind is BlockKind.HEADING] == ["Recommendations"]
    heads = [(b.page, b.text) for b in blocks if b.kind is BlockKind.TABLE_HEAD]
    assert heads == [(page, "No | Recommendation | Agency") for page in (1, 2)]
    assert [(b.paragraph, b.text) for b in blocks if b.kind is BlockKind.ROW] == [
        (str(n), f"{ANSWER.format(n)} {LEFT} | Surgery and school") for n in range(1, 12)
    ]


def test_a_table_without_ruling_is_read_row_by_row() -> None:
    blocks = extract_pdf(printed(unruled_table)).blocks
    assert [(b.kind.value, b.paragraph, b.text) for b in blocks] == [
        ("table-head", None, "No | Recommendation | Lead | By when"),
        *(("row", str(n), f"{FULL} | Police and schools | May 2022") for n in range(1, 5)),
    ]


def test_p6_words_that_nobody_can_see_are_left_out_counted_and_flagged() -> None:
    extracted = extract_pdf(printed(hidden_words))
    assert [block.text for block in extracted.blocks] == [SEEN, "The aunt, █ had telephoned."]
    assert extracted.dropped == {"hidden-text": 4 * len(UNSEEN.split()) + 2}
    assert extracted.marks == (HIDDEN_TEXT,)
    assert extract_pdf(printed(white_on_dark)).marks == ()


def test_a_paragraph_that_runs_from_one_page_of_columns_to_the_next_is_one() -> None:
    told = [f"{number}. {LEFT} {RIGHT}" for number in range(1, 13)]
    blocks = extract_pdf(printed(*columned(told))).blocks
    assert [block.text for block in blocks] == [f"{LEFT} {RIGHT}"] * 12
    assert {block.page for block in blocks} == {1, 2}
