from collections.abc import Sequence

import pytest
from samples import CAPTURED_AT, make_code, make_document, make_finding, make_review

from corpus.count_table import DateAxis
from corpus.dates import PartialDate
from corpus.ids import PassageId, ReviewId
from corpus.model import Attribution, Code, Finding, Kind, Stance
from corpus.recurrence import recurrence
from corpus.store import Store

THEME = "not-shared-between-agencies"
PROPOSED = make_code(stance=Stance.CHANGE_PROPOSED)


def add(
    store: Store,
    review_id: str,
    published: str | None,
    codes: Sequence[Code],
    *,
    kind: Kind = Kind.REVIEW,
) -> None:
    """Hold a review whose one report has one passage a code, or an untagged one."""
    store.add_review(make_review(review_id, published))
    texts = [f"Passage {number} of {review_id}." for number in range(max(1, len(codes)))]
    document, passages = make_document(
        texts, identity=review_id, kind=kind, review_id=ReviewId(review_id)
    )
    store.add_document(document, passages)
    found: dict[PassageId, list[Finding]] = {passage.passage_id: [] for passage in passages}
    for passage, code in zip(passages, codes, strict=False):
        found[passage.passage_id] = [make_finding(passage, code)]
    store.put_findings(found, tagger_version="t1")


def test_reviews_come_in_date_order_with_the_years_between(store: Store) -> None:
    add(store, "third", "2009-03", [make_code()])
    add(store, "first", "1974", [make_code()])
    add(store, "second", "2003-01-28", [make_code()])

    found = recurrence(store, themes=[THEME])
    rows = [(e.review.review_id, e.years_since_previous) for e in found.entries]
    assert rows == [("first", None), ("second", 29), ("third", 6)]
    assert found.first_held is found.entries[0]


def test_what_was_recommended_between_two_failings_stands_with_the_later(store: Store) -> None:
    add(store, "first", "1974", [make_code(), PROPOSED])
    add(store, "between", "1988", [PROPOSED])
    add(store, "later", "2003", [make_code()])

    by_id = {str(e.review.review_id): e for e in recurrence(store, themes=[THEME]).entries}
    proposed = [item.review.review_id for item in by_id["later"].recommended_between]
    assert proposed == ["first", "between"]
    assert by_id["later"].years_since_previous == 29
    assert not by_id["between"].found_failing


def test_a_claim_or_a_proposal_is_no_failing(store: Store) -> None:
    add(store, "claimed", "1990", [make_code(attribution=Attribution.CLAIM)])
    add(store, "proposed", "1991", [PROPOSED])

    found = recurrence(store, themes=[THEME])
    assert [entry.found_failing for entry in found.entries] == [False, False]
    assert found.first_held is None


def test_news_never_adds_to_a_recurrence(store: Store) -> None:
    add(store, "in-the-news", "1990", [make_code()], kind=Kind.NEWS)
    assert recurrence(store, themes=[THEME]).entries == ()


def test_undated_reviews_come_last_and_have_no_gap(store: Store) -> None:
    add(store, "undated", None, [make_code()])
    add(store, "dated", "2001", [make_code()])

    entries = recurrence(store, themes=[THEME]).entries
    assert [(e.review.review_id, e.years_since_previous) for e in entries] == [
        ("dated", None),
        ("undated", None),
    ]


def test_coverage_counts_reviews_held_whether_or_not_they_found_it(store: Store) -> None:
    add(store, "a", "1974", [make_code()])
    add(store, "b", "1979", [])
    add(store, "c", "2003", [make_code("shared-too-late")])
    store.add_review(make_review("without-text", "2004"))

    coverage = recurrence(store, themes=[THEME]).coverage
    rows = [(c.decade, c.reviews_held, c.reviews_failing) for c in coverage]
    assert rows == [(1970, 2, 1), (2000, 1, 0)]


@pytest.mark.parametrize("themes", [None, []])
def test_without_themes_every_theme_is_followed(store: Store, themes: list[str] | None) -> None:
    add(store, "a", "1974", [make_code("shared-too-late"), make_code("siloed-decisions")])
    (entry,) = recurrence(store, themes=themes).entries
    assert len(entry.evidence) == 2


def test_possible_findings_do_not_recur(store: Store) -> None:
    store.add_review(make_review("a", "1974"))
    document, (passage,) = make_document(["Perhaps."], review_id=ReviewId("a"))
    store.add_document(document, [passage])
    unsure = make_finding(passage, confident=False, score=0.1)
    store.put_findings({passage.passage_id: [unsure]}, tagger_version="t1")
    assert recurrence(store).entries == ()


def test_by_the_clock_of_the_incident_order_and_gaps_are_those_of_what_happened(
    store: Store,
) -> None:
    for review_id, published, incident in (
        ("slow", "2010", "1980"),
        ("swift", "2001", "2000"),
        ("unknown", "1995", None),
    ):
        add(store, review_id, published, [make_code()])
        store.add_review(
            make_review(review_id, published, incident=PartialDate.parse_optional(incident))
        )
    found = recurrence(store, themes=[THEME], clock=DateAxis.INCIDENT)
    assert [(e.review.review_id, e.years_since_previous) for e in found.entries] == [
        ("slow", None),
        ("swift", 20),
        ("unknown", None),
    ]
    assert [period.decade for period in found.coverage] == [1980, 2000, None]


def test_by_the_clock_of_the_capture_every_review_with_text_has_a_date(store: Store) -> None:
    add(store, "undated", None, [make_code()])
    store.add_review(make_review("no-text", "2001"))
    found = recurrence(store, themes=[THEME], clock=DateAxis.CAPTURE)
    assert [str(item.date) for item in found.held] == [str(CAPTURED_AT.date())]
