"""Shares by period, and recommendations beside what was found after them."""

import pytest
from samples import make_code, make_document, make_finding, make_review

from corpus.dates import PartialDate
from corpus.found_again import found_again
from corpus.ids import ReviewId
from corpus.model import Attribution, Code, Stance
from corpus.recurrence import DatedReview, recurrence
from corpus.shares import share_of, shares_by_period
from corpus.store import Store

PROPOSED = make_code(stance=Stance.CHANGE_PROPOSED)


def held(*dates: str | None) -> list[DatedReview]:
    return [
        DatedReview(review=make_review(f"r{number}", date), date=PartialDate.parse_optional(date))
        for number, date in enumerate(dates)
    ]


def test_a_period_without_a_review_is_a_gap_and_not_nothing_found() -> None:
    periods = shares_by_period(held("1974", "1979-05", "1992"), {"r1"}, span=10)
    assert [(p.words, p.share.n, p.share.denominator) for p in periods] == [
        ("1970s", 1, 2),
        ("1980s", 0, 0),
        ("1990s", 0, 1),
    ]
    assert periods[1].share.share is None
    assert periods[1].share.interval is None
    assert periods[0].share.review_ids == ("r1",)


def test_a_period_of_five_years_is_named_by_its_ends_and_undated_reviews_are_in_none() -> None:
    (period,) = shares_by_period(held("2015", "2019", None), {"r0", "r2"}, span=5)
    assert (period.words, period.share.n, period.share.denominator) == ("2015 to 2019", 1, 2)
    assert shares_by_period(held(None), {"r0"}, span=10) == ()


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe (1998), table I, case 81 of 263, method 3.
    share = share_of(held(*["2000"] * 263), {f"r{n}" for n in range(81)})
    assert share.interval == pytest.approx((0.2553, 0.3662), abs=5e-5)


def add(store: Store, review_id: str, published: str | None, *codes: Code) -> None:
    store.add_review(make_review(review_id, published))
    document, passages = make_document(
        [f"Passage {number} of {review_id}." for number in range(max(1, len(codes)))],
        identity=review_id,
        review_id=ReviewId(review_id),
    )
    store.add_document(document, passages)
    found = {p.passage_id: [make_finding(p, c)] for p, c in zip(passages, codes, strict=False)}
    found = found or {passages[0].passage_id: []}
    store.put_findings(found, tagger_version="t1")


def test_a_recommendation_stands_with_every_later_failing_and_the_years_between(
    store: Store,
) -> None:
    add(store, "before", "1974", make_code())
    add(store, "asked", "1988-06", PROPOSED, make_code())
    add(store, "same-year", "1988-09", make_code())
    add(store, "later", "2003", make_code())
    add(store, "silent", "2004")
    add(store, "undated", None, make_code())
    found = recurrence(store)
    (asked,) = found_again(found.entries, found.held)
    assert asked.review.review_id == "asked"
    assert [(later.review.review_id, later.years) for later in asked.later] == [
        ("same-year", 0),
        ("later", 15),
    ]
    assert asked.held_after == 3


def test_a_claim_that_something_should_change_is_no_recommendation(store: Store) -> None:
    claim = make_code(stance=Stance.CHANGE_PROPOSED, attribution=Attribution.CLAIM)
    add(store, "claimed", "1988", claim)
    add(store, "later", "2003", make_code())
    found = recurrence(store)
    assert found_again(found.entries, found.held) == ()
