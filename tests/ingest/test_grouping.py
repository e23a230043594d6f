"""One review, many documents: what is joined, what never is, and who has the last word."""

import datetime as dt
from pathlib import Path

import pytest
from admitting import admit_texts, report_texts, review_of
from analysed_stores import analyse_store
from samples import make_document, make_finding, make_review

from corpus.count_table import ThemeGroup
from corpus.counts import count_reviews
from corpus.errors import InvalidInputError
from corpus.groups import merge, show, split
from corpus.model import Kind
from corpus.store import Store
from ingest.naming import possible_names
from ingest.shingles import compare, shingle, sign

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
PLACE = "Northmoor Safeguarding Children Partnership"
REPORT = report_texts("amber")


def _pair(store: Store) -> tuple[str | None, str | None]:
    _, first = admit_texts(store, REPORT, "https://example.org/a.pdf", title="Overview report")
    _, second = admit_texts(
        store, [*REPORT, "Printed by the repository."], "https://example.org/b", title="A copy"
    )
    return review_of(store, first), review_of(store, second)


def test_a_copy_elsewhere_is_the_same_review_with_the_share_it_rests_on(store: Store) -> None:
    first, second = _pair(store)
    assert first == second
    assert first is not None
    members = show(store, first).members
    reasons = {member.document.title: member.decisions[0] for member in members}
    assert reasons["Overview report"].action == "started"
    joined = reasons["A copy"]
    assert (joined.rule, joined.action, joined.decided_by) == ("GRP-002", "joined", None)
    assert joined.evidence["containment"] == 1.0


def test_a_summary_joins_its_report_by_subject_place_and_date(store: Store) -> None:
    _, report = admit_texts(
        store,
        REPORT,
        "https://example.org/report",
        title="Child N: overview report",
        partnership=PLACE,
    )
    _, summary = admit_texts(
        store,
        report_texts("cobalt"),
        "https://example.org/summary",
        title="Local child safeguarding practice review – Child N – executive summary",
        partnership="Northmoor Local Safeguarding Children Board",
        published="2022",
    )
    assert review_of(store, summary) == review_of(store, report)
    group = show(store, review_of(store, report) or "")
    assert group.found
    assert {one.decisions[-1].rule for one in group.members} == {"GRP-005", "GRP-003"}


@pytest.mark.parametrize(
    ("title", "place", "published"),
    [
        ("Child M: overview report", PLACE, "2021"),
        ("Child N: overview report", "Southmere Safeguarding Children Partnership", "2021"),
        ("Child N: overview report", PLACE, "2015"),
        ("Child N: overview report", PLACE, None),
        ("Overview report", PLACE, "2021"),
    ],
)
def test_another_subject_place_or_year_is_another_review(
    store: Store, title: str, place: str, published: str | None
) -> None:
    _, one = admit_texts(
        store, REPORT, "https://example.org/1", title="Child N: overview report", partnership=PLACE
    )
    _, other = admit_texts(
        store,
        report_texts("cobalt"),
        "https://example.org/2",
        title=title,
        partnership=place,
        published=published,
    )
    assert review_of(store, one) != review_of(store, other)


def test_a_named_copy_is_kept_apart_from_the_pseudonym(store: Store) -> None:
    _, hidden = admit_texts(
        store, REPORT, "https://example.org/1", title="Overview report", pseudonym="Child N"
    )
    _, named = admit_texts(
        store, REPORT, "https://example.org/2", title="Overview report into Wren Sample"
    )
    assert review_of(store, named) != review_of(store, hidden)
    _, other_pseudonym = admit_texts(
        store, REPORT, "https://example.org/3", title="Child P: overview report"
    )
    assert review_of(store, other_pseudonym) != review_of(store, hidden)


def test_a_plain_copy_does_not_bring_a_name_and_a_pseudonym_together(store: Store) -> None:
    _, plain = admit_texts(store, REPORT, "https://example.org/1", title="Overview report")
    _, named = admit_texts(
        store, REPORT, "https://example.org/2", title="Overview report into Wren Sample"
    )
    assert review_of(store, named) == review_of(store, plain)
    _, hidden = admit_texts(
        store, REPORT, "https://example.org/3", title="Full report", pseudonym="Child N"
    )
    assert review_of(store, hidden) != review_of(store, named)
    # Near to both, it joins one of them, and they stay two.
    admit_texts(store, REPORT, "https://example.org/4", title="Report")
    assert review_of(store, hidden) != review_of(store, named)


def test_a_pseudonym_like_any_word_is_kept_from_a_name_too(store: Store) -> None:
    _, hidden = admit_texts(store, REPORT, "https://example.org/1", title="Review: Kestrel")
    _, named = admit_texts(store, REPORT, "https://example.org/2", title="Review: Wren Sample")
    assert review_of(store, hidden) != review_of(store, named)


def test_a_named_story_is_never_joined_to_a_pseudonymous_review(store: Store) -> None:
    store.add_review(
        make_review(
            "child-n-northmoor-2021",
            "2021-05",
            title="Serious case review: Child N",
            place="Northmoor",
            aliases=("Child N",),
            case_names=("Wren Sample",),
            identity_link="national press; the publisher kept the child anonymous",
        )
    )
    words = "The serious case review of Child N in Northmoor found that letters lay unread."
    named, _ = admit_texts(
        store, [words, "The child was Wren Sample."], "https://example.org/n1", kind=Kind.NEWS
    )
    assert named.review_id is None
    unnamed, _ = admit_texts(store, [words], "https://example.org/n2", kind=Kind.NEWS, title="News")
    assert unnamed.review_id == "child-n-northmoor-2021"


def test_a_story_joins_a_review_that_its_publisher_named(store: Store) -> None:
    store.add_review(
        make_review(
            "wren-sample-2021",
            "2021",
            title="Serious case review: Wren Sample",
            case_names=("Wren Sample",),
            identity_link="official",
        )
    )
    story, document = admit_texts(
        store,
        ["The review found that letters about Wren Sample lay unread."],
        "https://example.org/n",
        kind=Kind.NEWS,
        title="Wren Sample: review published",
    )
    assert story.review_id == "wren-sample-2021"
    old, _ = admit_texts(
        store,
        ["A review of letters."],
        "https://example.org/o",
        kind=Kind.NEWS,
        title="Wren Sample remembered",
        published="2025",
    )
    assert old.review_id is None
    assert document.kind is Kind.NEWS


def test_a_full_text_goes_under_the_catalogue_s_review_and_is_counted_before_its_digest(
    store: Store, tmp_path: Path
) -> None:
    review = make_review(
        "child-n-northmoor-2021",
        "2021-05",
        title="Serious case review: Child N",
        place="Northmoor",
        publisher="Northmoor Local Safeguarding Children Board",
        aliases=("Child N",),
    )
    store.add_review(review)
    digest, passages = make_document(
        ["Letters lay unread."],
        identity="catalogue:child-n-northmoor-2021",
        kind=Kind.DIGEST,
        review_id=review.review_id,
    )
    store.add_document(digest, passages)
    admitted, report = admit_texts(
        store, REPORT, "https://example.org/r", title="Child N overview report", partnership=PLACE
    )
    assert admitted.review_id == "child-n-northmoor-2021"
    analyse_store(store, tmp_path / "data")
    found = next(iter(store.iter_passages(document_id=report.document_id)))
    theme = "not-shared-between-agencies"
    store.put_findings({found.passage_id: [make_finding(found)]}, tagger_version="t1")
    table = count_reviews(store, [ThemeGroup(key=theme, themes=(theme,))])
    assert table.coverage.reviews_held == 1
    assert table.coverage.digest_only == 0
    assert table.rows[0].either.machine.n == 1


def test_twenty_copies_leave_every_count_unchanged(store: Store) -> None:
    for number in range(20):
        admit_texts(store, [*REPORT, f"Copy {number}."], f"https://example.org/{number}")
    assert store.count_rows()["documents"] == 20
    assert store.count_rows()["reviews"] == 1


def test_ids_of_found_reviews_hold_no_word_of_their_documents(store: Store) -> None:
    admitted, _ = admit_texts(
        store, REPORT, "https://example.org/wren-sample", title="Wren Sample: overview report"
    )
    assert admitted.review_id is not None
    assert admitted.review_id.startswith("found-")
    assert "wren" not in admitted.review_id
    assert "sample" not in admitted.review_id


def test_a_document_that_fits_two_found_reviews_makes_them_one(store: Store) -> None:
    first_half, second_half = report_texts("amber", 24)[:12], report_texts("amber", 24)[12:]
    _, one = admit_texts(store, first_half, "https://example.org/1", title="Part one")
    _, two = admit_texts(store, second_half, "https://example.org/2", title="Part two")
    assert review_of(store, one) != review_of(store, two)
    _, whole = admit_texts(
        store, [*first_half, *second_half], "https://example.org/3", title="The whole"
    )
    assert review_of(store, one) == review_of(store, two) == review_of(store, whole)


def test_what_a_person_split_no_rule_joins_again(store: Store) -> None:
    joined, _ = _pair(store)
    assert joined is not None
    copy = next(
        one.document
        for one in show(store, joined).members
        if one.document.title != "x" and one.decisions[0].action == "joined"
    )
    began = split(store, copy.document_id, reason="Another family.", by="ed", at=AT)
    assert began not in {None, joined}
    # A new version of it, whose words are the other's again.
    changed, _ = admit_texts(store, [*REPORT, "Second edition."], copy.identity, title="A copy")
    assert changed.review_id == began
    # A third document near to both does not make them one.
    admit_texts(store, [*REPORT, "Third."], "https://example.org/c", title="Third")
    assert {review.review_id for review in store.iter_reviews()} == {joined, began}
    decision = show(store, began or "").members[0].decisions[-1]
    assert (decision.action, decision.decided_by, decision.reason, decision.decided_at) == (
        "split",
        "ed",
        "Another family.",
        AT,
    )


def test_reviews_are_merged_by_hand_and_the_old_id_says_where_to(store: Store) -> None:
    _, one = admit_texts(store, REPORT, "https://example.org/1", title="One")
    _, two = admit_texts(store, report_texts("cobalt"), "https://example.org/2", title="Two")
    first, second = review_of(store, one) or "", review_of(store, two) or ""
    assert merge(store, second, first, reason="The board says so.", by="ed", at=AT) == 1
    assert review_of(store, two) == first
    with pytest.raises(InvalidInputError, match=f"was merged into {first}"):
        show(store, second)


def test_decisions_by_hand_need_a_reason_and_leave_the_catalogue_alone(store: Store) -> None:
    store.add_review(make_review("from-the-catalogue"))
    _, one = admit_texts(store, REPORT, "https://example.org/1")
    found = review_of(store, one) or ""
    with pytest.raises(InvalidInputError, match="reason"):
        merge(store, found, "from-the-catalogue", reason=" ", by="ed", at=AT)
    with pytest.raises(InvalidInputError, match="other way round"):
        merge(store, "from-the-catalogue", found, reason="Same.", by="ed", at=AT)
    with pytest.raises(InvalidInputError, match="begun by this document"):
        split(store, one.document_id, reason="Not one.", by="ed", at=AT)


def test_likeness_is_exact_and_signatures_do_not_depend_on_order() -> None:
    one, other = shingle(" ".join(REPORT)), shingle(" ".join(REPORT[:6]))
    likeness = compare(one, other)
    assert likeness.containment == 1.0
    assert likeness.jaccard == pytest.approx(len(other) / len(one))
    assert sign(one) == sign(frozenset(sorted(one, reverse=True)))
    assert sign(shingle("too short")).band_keys == ()


def test_words_of_the_trade_are_no_names() -> None:
    assert possible_names("The Serious Case Review by Northmoor Council") == []
    assert possible_names("A report about Wren Sample") == ["Wren Sample"]
