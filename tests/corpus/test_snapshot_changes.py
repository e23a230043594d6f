from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import THEMES, make_facts
from samples import make_code, make_document, make_finding, make_judgement, make_review

from corpus.ids import ReviewId
from corpus.model import Kind
from corpus.snapshots.changes import CAUSES, FIGURES, Side, split_changes
from corpus.snapshots.layers import (
    CountedDocument,
    Layers,
    Reading,
    count_figures,
    read_layers,
)
from corpus.store import Store, open_store

DOCUMENTS = [f"d{number}" for number in range(4)]
PASSAGES = {one: (f"{one}-a", f"{one}-b") for one in DOCUMENTS}
themes = st.frozensets(st.sampled_from(THEMES))


@st.composite
def documents(draw: st.DrawFn) -> CountedDocument:
    return CountedDocument(
        review_id=draw(st.sampled_from(["r1", "r2"])),
        kind=draw(st.sampled_from([Kind.REVIEW, Kind.DIGEST])),
        dated=draw(st.booleans()),
        passage_ids=(),
    )


@st.composite
def layers(draw: st.DrawFn) -> Layers:
    held = draw(st.dictionaries(st.sampled_from(DOCUMENTS), documents()))
    held = {one: replace(document, passage_ids=PASSAGES[one]) for one, document in held.items()}
    ids = st.sampled_from([one for document in held.values() for one in document.passage_ids])
    some = bool(held)
    readings = st.builds(Reading, themes, declined=st.just(False)) | st.just(
        Reading(frozenset(), declined=True)
    )
    return Layers(
        documents=held,
        readings=draw(st.dictionaries(ids, readings)) if some else {},
        judgements=draw(st.dictionaries(ids, themes)) if some else {},
    )


@st.composite
def sides(draw: st.DrawFn) -> Side:
    version = draw(st.sampled_from(["c1", "c2"]))
    said = draw(st.sampled_from(["as it was", "otherwise"])) if version == "c2" else "as it was"
    return Side(
        name="a side",
        layers=draw(layers()),
        codebook=make_facts(version, siloed_decisions=said),
        reader=draw(st.sampled_from([None, "m1", "m2"])),
    )


@given(sides(), sides())
def test_the_parts_add_up_to_the_whole_change_of_every_figure(before: Side, after: Side) -> None:
    changes = {(each.key, each.figure): each for each in split_changes(before, after)}
    earlier = count_figures(before.layers, before.codebook.groups)
    later = count_figures(after.layers, after.codebook.groups)
    for key in later:
        for figure in FIGURES:
            change = changes.pop((key, figure), None)
            whole = getattr(later[key], figure) - getattr(earlier[key], figure)
            parts = sum(change.parts.values()) if change else 0
            assert parts == whole
            assert change is None or change.after - change.before == whole
    assert changes == {}


@given(sides(), layers(), st.sampled_from(CAUSES))
def test_where_one_thing_changed_the_whole_change_is_its(
    before: Side, other: Layers, cause: str
) -> None:
    old = before.layers
    within = {one for document in old.documents.values() for one in document.passage_ids}
    readings = {one: read for one, read in other.readings.items() if one in within}
    judgements = {one: judged for one, judged in other.judgements.items() if one in within}
    if cause == "removed_documents":
        held = {one: document for one, document in old.documents.items() if one == "d0"}
        after = replace(before, layers=replace(old, documents=held))
    elif cause == "new_documents":
        after = before
        held = {one: document for one, document in old.documents.items() if one == "d0"}
        before = replace(before, layers=replace(old, documents=held))
    elif cause == "codebook":
        before = replace(before, reader="m1", codebook=make_facts("c1"))
        after = replace(
            before,
            layers=replace(old, readings=_read_anew(old, readings)),
            codebook=make_facts("c2", siloed_decisions="otherwise"),
        )
    elif cause == "model":
        before = replace(before, reader="m1")
        after = replace(
            before, layers=replace(old, readings=_read_anew(old, readings)), reader="m2"
        )
    else:
        after = replace(before, layers=replace(old, judgements=judgements))
    for change in split_changes(before, after):
        assert {name for name, part in change.parts.items() if part} == {cause}
        assert change.parts[cause] == change.after - change.before  # type: ignore[index]  # as drawn


def _read_anew(old: Layers, readings: dict[str, Reading]) -> dict[str, Reading]:
    """The same passages read as before, some with another result."""
    return {one: readings.get(one, read) for one, read in old.readings.items()}


def test_with_both_changed_only_themes_that_were_redefined_are_the_codebooks() -> None:
    unchanged, redefined = THEMES
    document = CountedDocument("r1", Kind.REVIEW, dated=True, passage_ids=("p1",))
    old = Layers(documents={"d1": document}, readings={"p1": Reading(frozenset())}, judgements={})
    new = replace(old, readings={"p1": Reading(frozenset(THEMES))})
    before = Side(name="a", layers=old, codebook=make_facts("c1"), reader="m1")
    facts = make_facts("c2", siloed_decisions="otherwise")
    after = Side(name="b", layers=new, codebook=facts, reader="m2")
    causes = {
        change.key: {name for name, part in change.parts.items() if part}
        for change in split_changes(before, after)
        if change.figure == "machine"
    }
    assert causes == {"top": {"codebook"}, unchanged: {"model"}, redefined: {"codebook"}}


def test_what_was_withdrawn_from_the_earlier_since_is_a_removed_document() -> None:
    document = CountedDocument("r1", Kind.REVIEW, dated=True, passage_ids=("p1",))
    read = Layers(
        documents={"d1": document}, readings={"p1": Reading(frozenset(THEMES))}, judgements={}
    )
    facts = make_facts()
    published = count_figures(read, facts.groups)
    nothing = Layers(documents={}, readings={}, judgements={})
    before = Side(name="a", layers=nothing, codebook=facts, reader=None, published=published)
    after = Side(name="b", layers=nothing, codebook=facts, reader=None)
    changes = [each for each in split_changes(before, after) if each.figure == "machine"]
    assert [(c.before, c.after, c.parts["removed_documents"]) for c in changes] == [(1, 0, -1)] * 3


def _store(folder: Path) -> Store:
    store = open_store(folder)
    for number in range(3):
        review_id = f"r{number}"
        store.add_review(make_review(review_id))
        document, passages = make_document(
            (f"Text {number}.",), identity=review_id, review_id=ReviewId(review_id)
        )
        store.add_document(document, passages)
        store.put_findings(
            {passages[0].passage_id: [make_finding(passages[0])]}, tagger_version="t1"
        )
    return store


def _side(store: Store) -> Side:
    return Side(name="a", layers=read_layers(store), codebook=make_facts(), reader="m1")


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("standing", (3, 3, {"new_documents": 1, "human_corrections": -1})),
        ("machine", (3, 4, {"new_documents": 1})),
    ],
)
def test_stores_are_compared_by_what_happened_to_them(
    tmp_path: Path, figure: str, expected: tuple[int, int, dict[str, int]]
) -> None:
    before = _side(_store(tmp_path / "before"))
    store = _store(tmp_path / "after")
    store.add_judgement(make_judgement(next(store.iter_passages())))
    store.add_review(make_review("r9"))
    document, passages = make_document(("More.",), identity="r9", review_id=ReviewId("r9"))
    store.add_document(document, passages)
    store.put_findings(
        {passages[0].passage_id: [make_finding(passages[0], make_code())]}, tagger_version="t1"
    )
    changes = {(each.key, each.figure): each for each in split_changes(before, _side(store))}
    change = changes["not-shared-between-agencies", figure]
    parts = {name: part for name, part in change.parts.items() if part}
    assert (change.before, change.after, parts) == expected
