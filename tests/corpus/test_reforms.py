"""What was proposed of a reform: by date, from judgements that stand."""

from dataclasses import replace

from samples import make_code, make_document, make_judgement, make_review

from corpus.dates import PartialDate
from corpus.ids import ReviewId
from corpus.model import Kind, Stance
from corpus.reforms import proposals_of
from corpus.store import Store

IDENTIFIER, DUTY = "reform-single-unique-identifier", "reform-duty-to-share"
PROPOSED = make_code("identity-mismatch", Stance.CHANGE_PROPOSED)


def add(store: Store, name: str, year: str | None, kind: Kind = Kind.REVIEW) -> str:
    """A review's document of one passage, proposing the identifier."""
    store.add_review(make_review(name, year))
    document, (passage,) = make_document(
        [f"One number a child, said {name}."],
        identity=f"file:{name}",
        kind=kind,
        review_id=ReviewId(name),
        published=PartialDate.parse_optional(year),
    )
    store.add_document(document, [passage])
    store.add_judgement(replace(make_judgement(passage, PROPOSED), reforms=(IDENTIFIER,)))
    return passage.passage_id


def test_proposals_stand_by_date_whatever_the_kind_of_source(store: Store) -> None:
    undated = add(store, "undated", None)
    later = add(store, "act", "2026", Kind.GUIDANCE)
    first = add(store, "inquiry", "2003")
    found = proposals_of(store, IDENTIFIER)
    assert [one.passage.passage_id for one in found] == [first, later, undated]
    assert [(str(one.date), one.kind) for one in found[:2]] == [
        ("2003", Kind.REVIEW),
        ("2026", Kind.GUIDANCE),
    ]
    assert proposals_of(store, DUTY) == []


def test_a_judgement_that_stands_no_more_or_proposes_nothing_is_left_out(store: Store) -> None:
    add(store, "one", "2003")
    (held,) = store.iter_passages()
    failing = make_judgement(held, make_code("identity-mismatch"), coder="b")
    store.add_judgement(replace(failing, reforms=(IDENTIFIER,)))
    assert proposals_of(store, IDENTIFIER) == []
    store.add_judgement(replace(make_judgement(held, PROPOSED, coder="c"), reforms=(DUTY,)))
    assert proposals_of(store, IDENTIFIER) == []
    assert len(proposals_of(store, DUTY)) == 1
