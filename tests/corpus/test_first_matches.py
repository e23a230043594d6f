"""What makes a match new: once, whatever is tagged again, taken in again or the clock says."""

import datetime as dt
from collections.abc import Sequence

import pytest
from samples import make_code, make_document, make_finding

from corpus.filters import PassageFilter
from corpus.first_matches import FirstMatch, first_matches
from corpus.ids import PassageId
from corpus.model import Document, Finding, Passage
from corpus.sightings import newest_sighting, observe
from corpus.store import Store

NOW = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)
LATE = PassageFilter(themes=("shared-too-late",))


def add(store: Store, *texts: str, identity: str = "file:a") -> tuple[Document, list[Passage]]:
    document, passages = make_document(texts, identity=identity)
    store.add_document(document, passages)
    return document, passages


def tag(store: Store, passages: Sequence[Passage], *themes: str, version: str = "t1") -> None:
    """Analyse passages, the first with these themes."""
    first = [make_finding(passages[0], make_code(theme)) for theme in themes]
    tagged: dict[PassageId, list[Finding]] = {passage.passage_id: [] for passage in passages}
    tagged[passages[0].passage_id] = first
    store.put_findings(tagged, tagger_version=version)


def found(store: Store, wanted: PassageFilter = LATE, after: int = 0) -> list[FirstMatch]:
    return list(first_matches(store, wanted, after=after).found)


def test_a_document_is_seen_only_once_it_has_been_read_whole(store: Store) -> None:
    _, (one, two) = add(store, "It came late.", "It came.")
    tag(store, [one], "shared-too-late")
    observe(store, now=NOW)
    assert found(store) == []
    tag(store, [two])
    number = observe(store, now=NOW)
    (match,) = found(store)
    assert (match.sighting_id, match.change) == (number, "document")
    assert match.passage_ids == (one.passage_id,)


def test_a_later_tag_is_told_from_a_new_document(store: Store) -> None:
    _, passages = add(store, "It came late.")
    tag(store, passages)
    before = observe(store, now=NOW)
    tag(store, passages, "shared-too-late", version="t2")
    after = observe(store, now=NOW)
    (match,) = found(store, after=before)
    assert (match.sighting_id, match.change) == (after, "codes")
    assert found(store, PassageFilter(), after=before) == []


def test_a_tag_that_goes_and_comes_back_is_no_news(store: Store) -> None:
    _, passages = add(store, "It came late.")
    tag(store, passages, "shared-too-late")
    first = observe(store, now=NOW)
    tag(store, passages, version="t2")
    observe(store, now=NOW)
    assert found(store) == []
    tag(store, passages, "shared-too-late", version="t3")
    last = observe(store, now=NOW)
    assert last > first
    assert [match.sighting_id for match in found(store)] == [first]
    assert found(store, after=first) == []


def test_a_corrected_text_keeps_its_name_and_says_what_is_new(store: Store) -> None:
    old, passages = add(store, "It came.")
    tag(store, passages)
    before = observe(store, now=NOW)
    new, passages = add(store, "It came late.")
    tag(store, passages, "shared-too-late")
    observe(store, now=NOW)
    (match,) = found(store, after=before)
    assert (match.document_id, match.first_document_id) == (new.document_id, old.document_id)
    assert match.change == "text"


def test_words_alone_match_and_a_corrected_text_that_still_has_them_is_no_news(
    store: Store,
) -> None:
    def holds(text: str) -> bool:
        return "late" in text

    _, passages = add(store, "It came late.")
    tag(store, passages)
    before = observe(store, now=NOW)
    _, passages = add(store, "It came very late.")
    tag(store, passages)
    observe(store, now=NOW)
    assert first_matches(store, PassageFilter(), holds=holds, after=before).found == ()
    assert [m.change for m in first_matches(store, PassageFilter(), holds=holds).found] == [
        "document"
    ]


def test_a_possible_tag_that_becomes_confident_is_news_to_who_asked_for_confident_ones(
    store: Store,
) -> None:
    _, (passage,) = add(store, "It came late.")
    doubt = make_finding(passage, make_code("shared-too-late"), confident=False, score=0.2)
    store.put_findings({passage.passage_id: [doubt]}, tagger_version="t1")
    before = observe(store, now=NOW)
    tag(store, [passage], "shared-too-late", version="t2")
    observe(store, now=NOW)
    assert [match.change for match in found(store, after=before)] == ["codes"]
    either = PassageFilter(themes=LATE.themes, include_possible=True)
    assert found(store, either, after=before) == []


def test_a_clock_put_back_puts_no_match_before_an_older_one(store: Store) -> None:
    _, passages = add(store, "It came late.")
    tag(store, passages, "shared-too-late")
    observe(store, now=NOW)
    _, passages = add(store, "Late again.", identity="file:b")
    tag(store, passages, "shared-too-late")
    observe(store, now=NOW - dt.timedelta(days=400))
    newer, older = found(store)
    assert newer.sighting_id > older.sighting_id
    assert newer.seen_at == older.seen_at == NOW


@pytest.mark.parametrize("most", [1, 2])
def test_older_documents_left_unread_are_owned_up_to(store: Store, most: int) -> None:
    for number in range(3):
        _, passages = add(store, f"Text {number}.", identity=f"file:{number}")
        tag(store, passages)
        observe(store, now=NOW)
    assert not first_matches(store, PassageFilter()).cut
    matches = first_matches(store, PassageFilter(), most_passages=most, batch=1)
    assert matches.cut
    assert [match.sighting_id for match in matches.found] == [3, 2, 1][:most]


def test_seeing_nothing_new_costs_no_number_and_changes_no_revision(store: Store) -> None:
    _, passages = add(store, "It came late.")
    tag(store, passages)
    revision, number = store.revision, observe(store, now=NOW)
    assert observe(store, now=NOW) == number == newest_sighting(store)
    assert store.revision == revision
