import pytest
from samples import make_code, make_document, make_finding, make_judgement

from corpus.dates import PartialDate
from corpus.filters import PassageFilter, select_passage_ids
from corpus.model import Stance
from corpus.store import Store
from corpus.walk import (
    Place,
    coding_digest,
    count_passages,
    read_page,
    sample_passages,
    walk_state,
)

ALL = PassageFilter()


def shelve(store: Store, name: str, published: str | None, texts: int = 3) -> list[str]:
    document, passages = make_document(
        [f"{name} {number}" for number in range(texts)],
        identity=name,
        published=PartialDate.parse_optional(published),
    )
    store.add_document(document, passages)
    return [passage.passage_id for passage in passages]


def walk(store: Store, *, limit: int = 2, newest_first: bool = False) -> list[str]:
    state, after = walk_state(store), None
    seen: list[str] = []
    while True:
        page = read_page(store, ALL, state, after=after, limit=limit, newest_first=newest_first)
        seen += page.passage_ids
        after = page.last
        if after is None:
            return seen


@pytest.fixture
def shelves(store: Store) -> Store:
    for name, published in (("a", "2001"), ("b", None), ("c", "1999-05"), ("d", None)):
        shelve(store, name, published)
    return store


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_pages_join_into_the_list_in_either_order(shelves: Store, limit: int) -> None:
    whole = select_passage_ids(shelves, ALL)
    assert walk(shelves, limit=limit) == whole
    assert walk(shelves, limit=limit, newest_first=True) == whole[::-1]
    assert count_passages(shelves, ALL, walk_state(shelves)) == len(whole) == 12


def test_what_is_added_during_a_walk_is_not_in_it(shelves: Store) -> None:
    whole, state = select_passage_ids(shelves, ALL), walk_state(shelves)
    first = read_page(shelves, ALL, state, after=None, limit=4)
    shelve(shelves, "later", "2000")
    rest = read_page(shelves, ALL, state, after=first.last, limit=100)
    assert [*first.passage_ids, *rest.passage_ids] == whole
    assert count_passages(shelves, ALL, state) == len(whole)


def test_a_version_replaced_during_a_walk_is_still_in_it(shelves: Store) -> None:
    whole, state = select_passage_ids(shelves, ALL), walk_state(shelves)
    shelve(shelves, "a", "2001", texts=5)
    assert list(read_page(shelves, ALL, state, after=None, limit=100).passage_ids) == whole
    assert len(walk(shelves, limit=100)) == len(whole) + 2


def test_a_judgement_made_during_a_walk_does_not_count_in_it(store: Store) -> None:
    document, passages = make_document(["One thing.", "Another thing."])
    store.add_document(document, passages)
    tagged = {passage.passage_id: [make_finding(passage)] for passage in passages}
    store.put_findings(tagged, tagger_version="t1")
    failing, state = PassageFilter(stances=(Stance.FAILING,)), walk_state(store)
    store.add_judgement(make_judgement(passages[0]))
    assert count_passages(store, failing, state) == 2
    assert count_passages(store, failing, walk_state(store)) == 1
    store.add_judgement(make_judgement(passages[0], make_code()))
    assert count_passages(store, failing, walk_state(store)) == 2


def test_only_a_new_reading_changes_the_coding_digest(store: Store) -> None:
    document, passages = make_document(["One thing."])
    store.add_document(document, passages)
    state = walk_state(store)
    before = coding_digest(store, state)
    later, _ = make_document(["Later."], identity="later")
    store.add_document(later, [])
    store.add_judgement(make_judgement(passages[0]))
    assert coding_digest(store, state) == before
    store.put_findings({passages[0].passage_id: []}, tagger_version="t1")
    assert coding_digest(store, state) != before


def test_a_sample_follows_its_seed_and_moves_little_when_something_is_added(shelves: Store) -> None:
    state = walk_state(shelves)
    drawn = sample_passages(shelves, ALL, state, size=5, seed=1)
    assert drawn == sample_passages(shelves, ALL, state, size=5, seed=1)
    assert drawn != sample_passages(shelves, ALL, state, size=5, seed=2)
    assert len(set(drawn)) == 5
    shelve(shelves, "later", "2020", texts=1)
    after = sample_passages(shelves, ALL, walk_state(shelves), size=5, seed=1)
    assert len(set(drawn) - set(after)) <= 1


def test_reads_within_pinned_see_one_state(shelves: Store) -> None:
    with shelves.pinned():
        before = shelves.revision, len(select_passage_ids(shelves, ALL))
        shelve(shelves, "later", "2000")
        assert (shelves.revision, len(select_passage_ids(shelves, ALL))) == before
    assert len(select_passage_ids(shelves, ALL)) == before[1] + 3


def test_a_place_that_was_withdrawn_still_parts_what_was_seen_from_what_was_not(
    shelves: Store,
) -> None:
    whole = select_passage_ids(shelves, ALL)
    page = read_page(shelves, ALL, walk_state(shelves), after=None, limit=4)
    assert page.last is not None
    gone = Place(page.last.published, page.last.document_id, page.last.position)
    rest = read_page(shelves, ALL, walk_state(shelves), after=gone, limit=100)
    assert list(rest.passage_ids) == whole[4:]
