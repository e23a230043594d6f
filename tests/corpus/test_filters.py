from dataclasses import replace

import pytest
from samples import make_code, make_document, make_finding, make_review

from corpus.dates import PartialDate
from corpus.filters import PassageFilter, select_passage_ids
from corpus.ids import ReviewId
from corpus.model import EvidenceGrade, Kind, Level, Passage, Stance
from corpus.store import Store


@pytest.fixture
def held(store: Store) -> dict[str, Passage]:
    """A Welsh review of 2015 and an undated news story, one passage tagged in each."""
    store.add_review(make_review("child-w-2015", "2015-03", nation="Wales"))
    report, (failing, plain) = make_document(
        ["The letter was not sent.", "She was four."],
        identity="report",
        review_id=ReviewId("child-w-2015"),
        published=PartialDate.parse("2015-03"),
    )
    story, (wish, doubt) = make_document(
        ["Letters should be sent.", "It may have been late."],
        identity="story",
        kind=Kind.NEWS,
        published=None,
    )
    store.add_document(report, [failing, plain])
    store.add_document(story, [wish, doubt])
    wished = make_code(stance=Stance.CHANGE_PROPOSED, level=Level.SYSTEM)
    late = make_code("shared-too-late")
    store.put_findings(
        {
            failing.passage_id: [make_finding(failing)],
            plain.passage_id: [],
            wish.passage_id: [make_finding(wish, wished)],
            doubt.passage_id: [make_finding(doubt, late, confident=False, score=0.2)],
        },
        tagger_version="t1",
    )
    return {"failing": failing, "plain": plain, "wish": wish, "doubt": doubt}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (PassageFilter(), ["failing", "plain", "wish", "doubt"]),
        (PassageFilter(themes=("not-shared-between-agencies",)), ["failing", "wish"]),
        (PassageFilter(stances=(Stance.FAILING,)), ["failing"]),
        (PassageFilter(levels=(Level.SYSTEM,)), ["wish"]),
        (PassageFilter(kinds=(Kind.NEWS,)), ["wish", "doubt"]),
        (PassageFilter(nation="Wales"), ["failing", "plain"]),
        (PassageFilter(review_id="child-w-2015"), ["failing", "plain"]),
        (PassageFilter(from_year=2015, to_year=2015), ["failing", "plain"]),
        (PassageFilter(from_year=2016), []),
        (PassageFilter(themes=("shared-too-late",)), []),
        (PassageFilter(themes=("shared-too-late",), include_possible=True), ["doubt"]),
        (PassageFilter(themes=("no-such-theme",)), []),
    ],
)
def test_a_filter_lists_what_passes_in_date_order(
    store: Store, held: dict[str, Passage], wanted: PassageFilter, expected: list[str]
) -> None:
    assert select_passage_ids(store, wanted) == [held[name].passage_id for name in expected]


def test_a_grade_passes_only_digest_passages_restated_from_such_a_page(store: Store) -> None:
    document, passages = make_document(["From a council.", "From a paper."], kind=Kind.DIGEST)
    graded = [
        replace(passage, evidence_grade=grade)
        for passage, grade in zip(
            passages, (EvidenceGrade.OFFICIAL, EvidenceGrade.PRESS), strict=True
        )
    ]
    store.add_document(document, graded)
    wanted = PassageFilter(grades=(EvidenceGrade.OFFICIAL,))
    assert select_passage_ids(store, wanted) == [passages[0].passage_id]


def test_theme_and_stance_must_hold_of_one_finding(store: Store) -> None:
    document, (passage,) = make_document(["Not sent; consent should be asked less."])
    store.add_document(document, [passage])
    consent = make_code("consent-treated-as-required", Stance.CHANGE_PROPOSED)
    findings = [make_finding(passage), make_finding(passage, consent)]
    store.put_findings({passage.passage_id: findings}, tagger_version="t1")

    wanted = PassageFilter(themes=("consent-treated-as-required",), stances=(Stance.FAILING,))
    assert select_passage_ids(store, wanted) == []


def test_older_versions_pass_no_filter(store: Store) -> None:
    for text in ("It was said once.", "It was said twice."):
        document, passages = make_document([text])
        store.add_document(document, passages)
    assert select_passage_ids(store, PassageFilter()) == [passages[0].passage_id]


def test_only_the_empty_filter_says_that_it_is_empty() -> None:
    assert PassageFilter().is_empty
    assert PassageFilter(include_possible=True).is_empty
    assert not PassageFilter(to_year=2000).is_empty
    assert replace(PassageFilter(nation="Wales"), nation=None).is_empty
