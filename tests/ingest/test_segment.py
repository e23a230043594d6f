from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Kind
from ingest.characters import count_words, tidy
from ingest.extract.markup import make_block
from ingest.extract.txt import extract_txt
from ingest.extracted import Block, BlockKind
from ingest.segment import LONG_WORDS, SPLIT_WORDS, segment_blocks, split_long

WORDS = st.text(
    st.sampled_from("abc DEF.?!;:“”’0123456789-–•\n\t\u00a0\u00ad\u202eé安"),
    min_size=0,
    max_size=400,
)


@given(st.lists(st.tuples(WORDS, st.sampled_from(list(BlockKind))), max_size=12))
def test_every_passage_is_a_tidy_slice_in_reading_order(parts: list[tuple[str, BlockKind]]) -> None:
    blocks = [make_block(tidy(text), kind) for text, kind in parts if tidy(text)]
    segmented = segment_blocks(blocks, Kind.REVIEW)
    end = 0
    for segment in segmented.segments:
        text = segmented.text[segment.start_char : segment.end_char]
        assert text == tidy(text) != ""
        assert segment.start_char >= end
        end = segment.end_char


@given(st.lists(st.sampled_from(["one", "Two.", "three;", "Mr.", "No.", "“Four.”"]), min_size=1))
def test_split_pieces_cover_every_word_in_order(words: list[str]) -> None:
    text = " ".join(words * 40)
    pieces = [text[start:end] for start, end in split_long(text)]
    assert " ".join(pieces).split() == text.split()


def test_a_long_paragraph_is_split_at_sentence_ends() -> None:
    sentence = "Mr. Reed wrote to the surgery at No. 4 and had no answer from Dr. Moss (see p. 3). "
    text = (sentence * 20).strip()
    pieces = [text[start:end] for start, end in split_long(text)]
    assert count_words(text) > LONG_WORDS
    assert all(count_words(piece) <= SPLIT_WORDS for piece in pieces)
    assert all(piece.startswith("Mr. Reed") and piece.endswith("3).") for piece in pieces)


def test_a_paragraph_of_ordinary_length_stays_whole() -> None:
    text = "The school wrote to the surgery. " * 30
    assert split_long(text.strip()) == [(0, len(text.strip()))]


def test_numbers_stand_in_the_text_but_not_in_the_passage() -> None:
    blocks = [
        Block(text="What was known", kind=BlockKind.HEADING, level=1),
        Block(text="The surgery knew of the letter.", paragraph="4.12", page=9),
    ]
    segmented = segment_blocks(blocks, Kind.REVIEW)
    assert segmented.text == "What was known\n\n4.12 The surgery knew of the letter."
    (segment,) = segmented.segments
    assert (segment.heading, segment.paragraph, segment.page) == ("What was known", "4.12", 9)
    assert segmented.text[segment.start_char :] == "The surgery knew of the letter."


def test_a_caption_set_as_a_heading_names_nothing() -> None:
    blocks = [
        Block(text="Letters", kind=BlockKind.HEADING, level=2),
        Block(text="Photo by R Ivers", kind=BlockKind.HEADING, level=2),
        Block(text="Nobody opened the letters that came."),
    ]
    segmented = segment_blocks(blocks, Kind.NEWS)
    assert [segment.heading for segment in segmented.segments] == ["Letters"]
    assert "Ivers" not in segmented.text


def test_plain_text_of_a_typist_is_joined_and_its_items_parted() -> None:
    extracted = extract_txt(
        "REPORT OF THE PANEL\r\n\r\n12 March 2021\r\n\r\n1.1 The school wrote to the\r\nsurgery in"
        " May.\r\n1.2 No answer came\r\nbefore June.\r\n\r\n• nobody rang\r\n• nobody wrote\r\n"
    )
    assert extracted.raw_title == "REPORT OF THE PANEL"
    assert str(extracted.published) == "2021-03-12"
    assert [(b.paragraph, b.kind.value, b.text) for b in extracted.blocks[2:]] == [
        ("1.1", "paragraph", "The school wrote to the surgery in May."),
        ("1.2", "paragraph", "No answer came before June."),
        (None, "item", "nobody rang"),
        (None, "item", "nobody wrote"),
    ]
