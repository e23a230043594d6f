import numpy as np
import pytest
from samples import make_code, make_document, make_finding, make_review

from corpus.dates import PartialDate
from corpus.ids import ReviewId
from corpus.model import Attribution
from corpus.store import Store
from nlp.echoes import find_echoes
from nlp.embed import Vectors


def add(store: Store, name: str, date: str, texts: list[str], **review: object) -> list[str]:
    store.add_review(make_review(name, date, **review))
    document, passages = make_document(
        texts,
        identity=name,
        review_id=ReviewId(name),
        published=PartialDate.parse(date),
    )
    store.add_document(document, passages)
    store.put_findings({p.passage_id: [make_finding(p)] for p in passages}, tagger_version="t1")
    return [passage.passage_id for passage in passages]


@pytest.fixture
def shelf(store: Store) -> dict[str, list[str]]:
    return {
        "old": add(store, "old", "1990", ["far", "near"]),
        "mid": add(store, "mid", "2000", ["here", "own"]),
        "same-case": add(store, "same-case", "2005", ["near"], case_id="mid"),
        "new": add(store, "new", "2010-05", ["near"]),
    }


def vectors_for(store: Store) -> object:
    directions = {"here": (1.0, 0.0), "near": (0.8, 0.6), "far": (0.0, 1.0), "own": (1.0, 0.0)}

    def vectors_of(ids: list[str]) -> dict[str, Vectors]:
        held = store.get_passages(ids)
        return {p.passage_id: np.array(directions[p.text], dtype=np.float32) for p in held}

    return vectors_of


def test_the_nearest_earlier_and_later_finding_of_another_case_echo(
    store: Store, shelf: dict[str, list[str]]
) -> None:
    found = find_echoes(store, vectors_for(store), shelf["mid"][0])  # type: ignore[arg-type]
    assert found.themes == ("not-shared-between-agencies",)
    assert [(e.direction, e.passage_id, e.years_between) for e in found.echoes] == [
        ("earlier", shelf["old"][1], 10),
        ("later", shelf["new"][0], 10),
    ]
    assert found.echoes[0].similarity == pytest.approx(0.8)


def test_a_claim_neither_echoes_nor_is_echoed(store: Store) -> None:
    add(store, "old", "1990", ["near"])
    (here,) = add(store, "mid", "2000", ["here"])
    passage = store.get_passage(here)
    claim = make_finding(passage, make_code(attribution=Attribution.CLAIM))
    store.put_findings({passage.passage_id: [claim]}, tagger_version="t1")
    assert find_echoes(store, vectors_for(store), here).echoes == ()  # type: ignore[arg-type]


def test_news_has_no_echo(store: Store) -> None:
    document, passages = make_document(["here"])
    store.add_document(document, passages)
    assert find_echoes(store, vectors_for(store), passages[0].passage_id).echoes == ()  # type: ignore[arg-type]
