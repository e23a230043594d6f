"""British dates: every form that publishers were seen to use, and what is refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import PartialDate
from ingest.dates import find_dates, read_date, read_period


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Fri, 24 Jan 2025 14:26:15 +0000", "2025-01-24"),
        ("24 January 2025", "2025-01-24"),
        ("Friday 24th January, 2025", "2025-01-24"),
        ("18/09/2024", "2024-09-18"),
        ("04/05/2024", "2024-05-04"),
        ("25.09.13", "2013-09-25"),
        ("31.03.16", "2016-03-31"),
        ("7-4-1974", "1974-04-07"),
        ("1/2/45", "1945-02-01"),
        ("1/2/44", "2044-02-01"),
        ("02 Sept 2025", "2025-09-02"),
        ("2 Sept. 2025", "2025-09-02"),
        ("28 NOV 2012", "2012-11-28"),
        ("15 th July 2014", "2014-07-15"),
        ("3\nrd March 2016", "2016-03-03"),
        ("Last updated: 02 Sept 2025", "2025-09-02"),
        ("Published: Monday 3 March 2025 at 9:30am", "2025-03-03"),
        ("9.30am, 3 March 2025", "2025-03-03"),
        ("January 24, 2025", "2025-01-24"),
        ("4 Gorffennaf 2023", "2023-07-04"),
        ("March 2025", "2025-03"),
        ("2019-03", "2019-03"),
        ("2003", "2003"),
        ("6/7 January 1973", "1973-01"),
        ("30 January – 2 February 2021", "2021"),
        ("January to March 2021", "2021"),
        ("7 April 2021 and 9 April 2021", "2021-04"),
        ("2025-06-30T23:30:00Z", "2025-07-01"),
        ("2025-07-01T00:30:00+01:00", "2025-07-01"),
        ("2025-01-24T00:00:00", "2025-01-24"),
    ],
)
def test_a_date_keeps_the_precision_it_was_written_with(written: str, iso: str) -> None:
    assert read_date(written) == PartialDate.parse(iso)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "the 2019 annual report",
        "31 February 2024",
        "29/02/2023",
        "04/13/2024",
        "00/01/2024",
        "9 March 2021 to 2 March 2021",
        "2011-12",
        "2024/23",
        "2022/23",
        "Reporting year 2025",
        "12 January",
        "1 2 2024",
        "0000",
        "0001-01-01T00:00:00+12:00",
    ],
)
def test_what_is_no_one_date_is_refused_and_not_guessed(written: str) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2022/23", "2022", "2023"),
        ("2011/12", "2011", "2012"),
        ("1999–00", "1999", "2000"),
        ("2023 to 2024", "2023", "2024"),
        ("Reporting year 2025", "2024-04", "2025-03"),
        ("6/7 January 1973", "1973-01-06", "1973-01-07"),
        ("30 December 2020 to 2 January 2021", "2020-12-30", "2021-01-02"),
    ],
)
def test_a_range_keeps_both_its_ends(written: str, first: str, last: str) -> None:
    period = read_period(written)
    assert period is not None
    assert (str(period.first), str(period.last)) == (first, last)


def test_dates_are_found_in_running_text_with_their_places() -> None:
    text = "Died on 3rd March 2016; see 1.2.3 and pages 4/5. Agreed 31.02.17, issued May 2018."
    found = find_dates(text)
    assert [(one.written, str(one.date)) for one in found] == [
        ("3rd March 2016", "2016-03-03"),
        ("31.02.17", "None"),
        ("May 2018", "2018-05"),
    ]
    assert all(text[one.start_char : one.end_char] == one.written for one in found)


@given(st.dates(min_value=dt.date(1945, 1, 1), max_value=dt.date(9999, 12, 31)))
def test_every_day_is_read_back_from_how_it_is_written(day: dt.date) -> None:
    date = PartialDate.from_date(day)
    for written in (date.words, str(date), day.strftime("%d/%m/%Y"), day.strftime("%d.%m.%Y")):
        assert read_date(written) == date


@given(st.text(alphabet="0123456789/.-– JanuaryMayto:+TZ\n", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_period(text)
    find_dates(text)
