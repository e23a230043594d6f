from collections.abc import Mapping
from typing import Any

import pytest

from corpus.catalogue import load_catalogue
from corpus.children import STATEMENT, children_stated


def stated(age: str | None, *names: str, **figures: int) -> int | None:
    return children_stated(
        age=age,
        case_names=names,
        figures=[{"statement": statement, "value": str(n)} for statement, n in figures.items()],
    )


@pytest.mark.parametrize(
    "age", ["2", "13 weeks", "1 year", "newborn", "about 15 months (date not certain)"]
)
def test_one_age_is_one_child(age: str) -> None:
    assert stated(age) == stated(age, "A name") == 1


@pytest.mark.parametrize(
    "age", [None, "", "5 to 13 years", "8-15", "under 18", "6 years (one); 16 months (other)"]
)
def test_ranges_and_several_ages_state_no_number(age: str | None) -> None:
    assert stated(age) is None


def test_two_names_of_one_age_state_no_number() -> None:
    assert stated("10", "One", "Another") is None


def test_a_figure_with_its_source_comes_before_an_age() -> None:
    own: Mapping[str, Any] = {"statement": STATEMENT, "value": "6"}
    others = {"statement": "Children concerned", "value": "602"}
    assert children_stated(age="4", case_names=(), figures=[others, own]) == 6
    # An overview's figure is of the children of the reviews that it read.
    assert children_stated(age=None, case_names=(), figures=[others]) is None


def test_every_number_of_the_catalogue_is_whole_and_names_its_page() -> None:
    figures = [
        figure
        for entry in load_catalogue()
        for figure in entry.review.figures
        if figure.statement == STATEMENT
    ]
    assert len(figures) == 10
    assert all(int(figure.value) > 1 and figure.source_url for figure in figures)
