"""Which publication dates can be believed."""

import datetime as dt

from corpus.dates import PartialDate

EARLIEST_YEAR = 1945
"""The Curtis Committee sat in 1945; an earlier date is a mistake of some machine."""
_TOLERANCE = dt.timedelta(days=2)
_EPOCH = PartialDate(1970, 1, 1)
"""What a computer writes where it was given no date."""


def is_plausible(date: PartialDate, *, now: dt.datetime) -> bool:
    """Say whether a document can have been published then: since 1945, not in the future.

    The first day of 1970 is no date but the lack of one. Two days of grace cover time zones
    and pages that are dated ahead.
    """
    latest = PartialDate.from_date((now + _TOLERANCE).date())
    return date.year >= EARLIEST_YEAR and date <= latest and date != _EPOCH
