"""Answers on echoes: kept for good, counted once a person, gone with a withdrawn passage."""

import datetime as dt

import pytest
from samples import CAPTURED_AT, make_document

from corpus.echo_answers import (
    EchoAnswer,
    Opinion,
    SameFailing,
    add_echo_answer,
    iter_echo_answers,
    opinions_on,
    pair_of,
)
from corpus.errors import InvalidInputError, PassageNotFoundError, WithdrawnError
from corpus.snapshot import snapshot_id
from corpus.store import Store
from corpus.withdrawals import begin_withdrawal


def answer(one: str, other: str, given: str, person: str = "ana", hour: int = 1) -> EchoAnswer:
    return EchoAnswer(
        pair=pair_of(one, other),
        answer=SameFailing(given),
        person=person,
        answered_at=CAPTURED_AT + dt.timedelta(hours=hour),
        codebook_version="c1",
        tagger_version="t1",
        echo_version="e1",
    )


@pytest.fixture
def passages(store: Store) -> list[str]:
    ids = []
    for name in ("one", "two", "three"):
        document, held = make_document([f"Text {name}."], identity=name)
        store.add_document(document, held)
        ids.append(str(held[0].passage_id))
    return ids


def test_answers_of_two_people_stand_beside_each_other_and_the_latest_of_each_counts(
    store: Store, passages: list[str]
) -> None:
    one, two, three = passages
    add_echo_answer(store, answer(one, two, "same"))
    add_echo_answer(store, answer(two, one, "different"))
    add_echo_answer(store, answer(one, two, "related", "ben"))
    assert opinions_on(store, two, [one, three]) == {one: Opinion(related=1, different=1)}
    assert [given.answer for given in iter_echo_answers(store, passage_id=one)] == [
        "same",
        "different",
        "related",
    ]


def test_an_answer_reads_back_as_it_was_given(store: Store, passages: list[str]) -> None:
    given = answer(passages[0], passages[1], "related")
    add_echo_answer(store, given)
    assert list(iter_echo_answers(store)) == [given]


def test_more_against_than_for_speaks_against() -> None:
    assert Opinion(different=1).speaks_against
    assert not Opinion(different=1, related=1).speaks_against


def test_an_answer_needs_two_held_passages_and_a_person(store: Store, passages: list[str]) -> None:
    with pytest.raises(InvalidInputError):
        pair_of(passages[0], passages[0])
    with pytest.raises(PassageNotFoundError):
        add_echo_answer(store, answer(passages[0], "p" + "0" * 16, "same"))
    with pytest.raises(InvalidInputError):
        add_echo_answer(store, answer(passages[0], passages[1], "same", " "))
    assert list(iter_echo_answers(store)) == []


def test_answers_go_with_a_withdrawn_passage_and_the_others_stay(
    store: Store, passages: list[str]
) -> None:
    one, two, three = passages
    for pair in ((one, two), (two, three), (one, three)):
        add_echo_answer(store, answer(*pair, "same"))
    gone = store.get_passage(two).document_id
    begin_withdrawal(store, gone, reason="Asked for.", by="ana", at=CAPTURED_AT)
    assert [given.pair for given in iter_echo_answers(store)] == [pair_of(one, three)]
    with pytest.raises(WithdrawnError):
        add_echo_answer(store, answer(one, two, "same"))


def test_an_answer_renames_the_snapshot_because_it_moves_echoes(
    store: Store, passages: list[str]
) -> None:
    def name() -> str:
        return snapshot_id(store, codebook_version="c1", tagger_version="t1", model_sha256="m")

    before = name()
    add_echo_answer(store, answer(passages[0], passages[1], "different"))
    assert name() != before
