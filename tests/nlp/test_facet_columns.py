"""Columns filter and count as the store does, whatever was written since they were made."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder
from samples import make_code, make_document, make_finding, make_judgement, make_review
from shelves import make_stamp

from corpus.analysed import iter_analysed
from corpus.dates import PartialDate
from corpus.filters import PassageFilter, select_passage_ids
from corpus.model import Kind, Level, Stance
from corpus.store import Store, open_store
from nlp.build_index import build_index
from nlp.current_index import CurrentIndex, find_drift
from nlp.facet_columns import columns_writer

THEMES = ("consent-treated-as-required", "data-protection-fear", "checks-not-made")
DATES = (None, "1999", "2007-03", "2015-11-02")
STANCES = (Stance.FAILING, Stance.NEGATED)
FILTERS = [
    PassageFilter(),
    PassageFilter(kinds=(Kind.NEWS,)),
    PassageFilter(kinds=(Kind.NEWS, Kind.DIGEST), from_year=2005),
    PassageFilter(nation="Wales"),
    PassageFilter(review_type="inquiry", to_year=2012),
    PassageFilter(publisher="The Courier"),
    PassageFilter(review_id="sample-a"),
    PassageFilter(themes=THEMES[:1]),
    PassageFilter(themes=THEMES[:2], stances=(Stance.NEGATED,)),
    PassageFilter(themes=THEMES[1:], levels=(Level.SYSTEM,), include_possible=True),
    PassageFilter(themes=("no-such-theme",)),
    PassageFilter(stances=(Stance.FAILING,), nation="England", include_possible=True),
]


def fill(store: Store) -> None:
    """Two reviews, eight documents of four passages, some with findings, some judged."""
    chance = np.random.default_rng(3)
    store.add_review(make_review("sample-a", nation="Wales"))
    store.add_review(make_review("sample-b", review_type="inquiry"))
    for number in range(8):
        document, passages = make_document(
            [f"Passage {number}.{at}." for at in range(4)],
            identity=f"file:{number}",
            kind=(Kind.REVIEW, Kind.NEWS, Kind.DIGEST)[number % 3],
            published=PartialDate.parse_optional(
                (None, "1999", "2007-03", "2015-11-02")[number % 4]
            ),
            publisher=(None, "The Courier")[number % 2],
            review_id=(None, "sample-a", "sample-b")[(number // 2) % 3],
        )
        store.add_document(document, passages)
        found = {
            passage.passage_id: [
                make_finding(
                    passage,
                    make_code(theme, stance, level=Level(["case", "system"][at % 2])),
                    confident=bool(chance.random() < 0.7),
                )
                for theme, stance in product(THEMES, STANCES)
                if chance.random() < 0.3
            ]
            for at, passage in enumerate(passages)
        }
        store.put_findings(found, tagger_version="keyword-1")
    for passage in list(store.iter_passages())[::7]:
        store.add_judgement(make_judgement(passage, make_code(THEMES[0])))


@pytest.fixture
def world(tmp_path: Path) -> tuple[Store, CurrentIndex]:
    store = open_store(tmp_path)
    fill(store)
    build_index(
        tmp_path,
        iter_analysed(store),
        stamp=make_stamp(),
        encode=FakeEncoder().encode,
        beside=[columns_writer(store)],
    )
    return store, CurrentIndex(store, tmp_path)


def agree(store: Store, current: CurrentIndex) -> None:
    """Filters, lists, drift and counts must be the store's own."""
    served = current.get()
    assert served.columns is not None
    assert served.drift == find_drift(store, served.index)
    for wanted in FILTERS:
        selected = select_passage_ids(store, wanted)
        indexed = [one for one in selected if served.index.rows_of([one])[0] >= 0]
        assert list(current.in_date_order(served, wanted)) == indexed
        rows = np.flatnonzero(current.mask(served, wanted))
        assert sorted(indexed) == [served.index.id_of(row) for row in rows.tolist()]
        counted = served.columns.count(rows, wanted, rollup=dict.fromkeys(THEMES, "all"))
        within = set(indexed)
        for theme in set(THEMES) & set(wanted.themes or THEMES):
            narrower = replace(wanted, themes=(theme,))
            left = within & set(select_passage_ids(store, narrower))
            assert counted["theme"].get(theme, 0) == len(left)
        for stance in set(STANCES) & set(wanted.stances or STANCES):
            left = within & set(select_passage_ids(store, replace(wanted, stances=(stance,))))
            assert counted["stance"].get(stance.value, 0) == len(left)
        for kind in set(Kind) & set(wanted.kinds or Kind):
            left = within & set(select_passage_ids(store, replace(wanted, kinds=(kind,))))
            assert counted["kind"].get(kind.value, 0) == len(left)
        for nation in ("England", "Wales"):
            left = within & set(select_passage_ids(store, replace(wanted, nation=nation)))
            assert wanted.nation or counted["nation"].get(nation, 0) == len(left)
        decade = replace(wanted, from_year=2010, to_year=2019)
        left = within & set(select_passage_ids(store, decade))
        assert counted["decade"].get("2010", 0) == len(left) or wanted.from_year or wanted.to_year
        findings = replace(wanted, themes=wanted.themes or THEMES)
        with_any = within & set(select_passage_ids(store, findings))
        assert counted["top_theme"].get("all", 0) == len(with_any)


def test_columns_agree_with_the_store_as_it_was_indexed(
    world: tuple[Store, CurrentIndex],
) -> None:
    agree(*world)


def test_a_judgement_counts_at_once(world: tuple[Store, CurrentIndex]) -> None:
    store, current = world
    agree(*world)
    one, other = list(store.iter_passages())[1:3]
    store.add_judgement(make_judgement(one, make_code(THEMES[2], Stance.NEGATED)))
    agree(*world)
    store.add_judgement(make_judgement(one))
    store.add_judgement(make_judgement(other, make_code("a-new-theme")))
    agree(*world)
    assert current.mask(current.get(), PassageFilter(themes=("a-new-theme",))).sum() == 1


def test_what_a_tagger_reads_again_counts_at_once(world: tuple[Store, CurrentIndex]) -> None:
    store, _ = world
    agree(*world)
    for passage in list(store.iter_passages())[4:9]:
        again = make_finding(passage, make_code(THEMES[1]), confident=True)
        store.put_findings({passage.passage_id: [again]}, tagger_version="keyword-2")
        agree(*world)


def test_documents_that_come_change_or_go_count_at_once(
    world: tuple[Store, CurrentIndex],
) -> None:
    store, current = world
    agree(*world)
    newer, passages = make_document(["Another text.", "And more."], identity="file:3")
    store.add_document(newer, passages)
    agree(*world)
    assert current.get().drift.gone == 4
    store.put_findings({one.passage_id: [] for one in passages}, tagger_version="keyword-1")
    agree(*world)
    assert current.get().drift.waiting == 2
    store.add_review(make_review("sample-a", nation="England", review_type="inquiry"))
    agree(*world)
    old, passages = make_document(
        [f"Passage 3.{at}." for at in range(4)], identity="file:3", kind=Kind.NEWS
    )
    assert store.add_document(old, passages) == "new-version"
    agree(*world)
    assert current.get().drift.gone == 0


def test_a_reader_of_an_older_state_sees_that_state(world: tuple[Store, CurrentIndex]) -> None:
    store, _ = world
    passage = next(iter(store.iter_passages()))
    agree(*world)
    store.add_judgement(make_judgement(passage, make_code("a-new-theme")))
    with store.pinned():
        agree(*world)
        store.add_judgement(make_judgement(passage, make_code(THEMES[0])))
        agree(*world)
    agree(*world)
