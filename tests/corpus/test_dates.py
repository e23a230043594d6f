import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "words", "precision"),
    [
        ("2003", "2003", "year"),
        ("2003-01", "January 2003", "month"),
        ("2003-01-28", "28 January 2003", "day"),
    ],
)
def test_a_date_keeps_its_precision(text: str, words: str, precision: str) -> None:
    date = PartialDate.parse(text)
    assert (str(date), date.words, date.precision) == (text, words, precision)


@pytest.mark.parametrize(
    "text",
    ["", "03", "2003-13", "2003-00", "2003-01-00", "2003-02-30", "28 January 2003", "2003-1"],
)
def test_a_date_that_cannot_be_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(repr(text))):
        PartialDate.parse(text)


def test_dates_order_by_their_earliest_day_the_vaguer_first() -> None:
    texts = ["2003-01-28", "2002-12-31", "2003", "2003-01"]
    ordered = [str(date) for date in sorted(map(PartialDate.parse, texts))]
    assert ordered == ["2002-12-31", "2003", "2003-01", "2003-01-28"]


@given(st.dates())
def test_writing_a_date_and_reading_it_back_changes_nothing(date: dt.date) -> None:
    assert PartialDate.parse(str(PartialDate.from_date(date))) == PartialDate.from_date(date)


def test_missing_stays_missing() -> None:
    assert PartialDate.parse_optional(None) is None
