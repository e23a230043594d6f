import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import make_code, make_document, make_finding, make_judgement, make_review

from corpus.snapshot import snapshot_id
from corpus.store import Store, open_store, refresh_document


def name_of(store: Store, *, tagger_version: str = "t1") -> str:
    return snapshot_id(
        store, codebook_version="c1", tagger_version=tagger_version, model_sha256="m"
    )


def add_first(store: Store) -> None:
    document, passages = make_document(["One."], identity="one")
    store.add_document(document, passages)


def add_second(store: Store) -> None:
    document, passages = make_document(["Two."], identity="two")
    store.add_document(document, passages)


def test_the_order_of_adding_does_not_change_the_name(tmp_path: Path) -> None:
    names = []
    for number, steps in enumerate([(add_first, add_second), (add_second, add_first)]):
        store = open_store(tmp_path / str(number))
        for step in steps:
            step(store)
        names.append(name_of(store))
    assert names[0] == names[1]


def judge(store: Store) -> None:
    passage = next(store.iter_passages())
    store.add_judgement(make_judgement(passage, make_code()))


def analyse(store: Store) -> None:
    passage = next(store.iter_passages())
    store.put_findings({passage.passage_id: [make_finding(passage)]}, tagger_version="t1")


def register(store: Store) -> None:
    store.add_review(make_review("a-review"))


def correct_title(store: Store) -> None:
    document, passages = make_document(["One."], identity="one", title="Another title")
    with store.writing() as connection:
        refresh_document(connection, document, passages)


@pytest.mark.parametrize("change", [add_second, judge, analyse, register, correct_title])
def test_any_change_of_content_changes_the_name(
    store: Store, change: Callable[[Store], None]
) -> None:
    add_first(store)
    before = name_of(store)
    assert name_of(store) == before
    change(store)
    assert name_of(store) != before


def test_another_tagger_is_another_snapshot(store: Store) -> None:
    assert name_of(store, tagger_version="t1") != name_of(store, tagger_version="t2")


def test_when_a_text_was_captured_is_no_part_of_the_name(tmp_path: Path) -> None:
    names = []
    for day in (1, 2):
        store = open_store(tmp_path / str(day))
        document, passages = make_document(
            ["One."], captured_at=dt.datetime(2026, 1, day, tzinfo=dt.UTC)
        )
        store.add_document(document, passages)
        names.append(name_of(store))
    assert names[0] == names[1]
