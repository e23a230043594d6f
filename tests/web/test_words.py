import pytest
from samples import make_document, make_finding, make_review

from corpus.model import Attribution, EvidenceGrade, Kind, Level, Stance
from web.words import (
    ATTRIBUTIONS,
    GRADES,
    KINDS,
    LEVELS,
    STANCES,
    counted,
    how_coded,
    review_type_words,
    score_band,
    short_title,
)


def test_every_value_has_its_words_and_every_stance_its_own_symbol() -> None:
    assert set(STANCES) == set(Stance)
    assert set(KINDS) == set(Kind)
    assert set(GRADES) == set(EvidenceGrade)
    assert set(LEVELS) == set(Level)
    assert set(ATTRIBUTIONS) == set(Attribution)
    assert len({words.symbol for words in STANCES.values()}) == len(STANCES)


@pytest.mark.parametrize(
    ("score", "words"),
    [(0.95, "high score"), (0.8, "high score"), (0.6, "middling score"), (0.1, "low score")],
)
def test_a_score_is_told_in_bands(score: float, words: str) -> None:
    assert score_band(score) == words


def test_a_coders_finding_has_no_score() -> None:
    _, passages = make_document(["One passage."])
    finding = make_finding(passages[0], coder="coder-a", score=None)
    assert how_coded(finding) == "coded by hand"


def test_a_title_with_the_childs_published_name_shortens_to_the_name() -> None:
    review = make_review("x", title="Report on Ann Example", case_names=("Ann Example",))
    assert short_title(review) == "Ann Example"


def test_a_name_that_somebody_joined_to_a_pseudonym_never_stands_alone() -> None:
    review = make_review(
        "x",
        title="Serious case review: Child N (Ann Example)",
        case_names=("Ann Example",),
        identity_link="court",
    )
    assert short_title(review) == "Child N (Ann Example)"


def test_a_name_that_the_title_lacks_is_not_put_in_its_place() -> None:
    review = make_review("x", title="Child N", case_names=("Ann Example",))
    assert short_title(review) == "Child N"


def test_a_long_title_is_clipped_between_words() -> None:
    short = short_title(make_review("x", title="Report of the committee " * 10))
    assert len(short) <= 81
    assert short.endswith("the committee Report…")


def test_words_for_types_and_numbers() -> None:
    assert review_type_words("other") == "Other report"
    assert review_type_words("public inquiry") == "Public inquiry"
    assert counted(1, "review") == "1 review"
    assert counted(1200, "review") == "1,200 reviews"
