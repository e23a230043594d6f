"""What a count moves by when something it rests on is taken away or decided otherwise."""

from pathlib import Path

import pytest
from samples import make_code, make_document, make_finding, make_judgement, make_review

from corpus.count_table import PlainFigure
from corpus.ids import ReviewId
from corpus.model import Attribution, Document, Kind, Passage
from corpus.settings import Settings
from corpus.store import Store
from web.counting import CountsQuestion, counted
from web.holdings import Library
from web.withdrawing import withdraw

THEME, TOP = "not-shared-between-agencies", "not-passed-on"
FAILING = make_code(THEME)


class Shelf:
    """A library of reviews with one finding each, judged and read by the machine."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.library = Library(Settings(data_dir=data_dir))

    @property
    def store(self) -> Store:
        return self.library.store

    def add(
        self, review_id: str, *, kind: Kind = Kind.REVIEW, identity: str = ""
    ) -> tuple[Document, list[Passage]]:
        reported = kind is Kind.DIGEST
        code = make_code(
            THEME, attribution=Attribution.REPORTED if reported else Attribution.OWN_VOICE
        )
        self.store.add_review(make_review(review_id, "2012"))
        document, passages = make_document(
            [f"{identity or review_id} told nobody.", f"{identity or review_id} ended."],
            identity=identity or f"{kind}:{review_id}",
            kind=kind,
            review_id=ReviewId(review_id),
        )
        self.store.add_document(document, passages)
        self.store.put_findings(
            {passages[0].passage_id: [make_finding(passages[0], code)], passages[1].passage_id: []},
            tagger_version="t1",
        )
        self.store.add_judgement(make_judgement(passages[0], code))
        self.store.add_judgement(make_judgement(passages[1]))
        return document, passages

    def figures(self) -> tuple[PlainFigure, PlainFigure]:
        rows = {row.group.key: row for row in counted(self.library, CountsQuestion()).rows}
        cell = rows[TOP].either
        return cell.machine, cell.human

    def counts(self) -> list[tuple[int, int]]:
        return [(figure.n, figure.denominator) for figure in self.figures()]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "data")
    for number in range(4):
        shelf.add(f"r{number}")
    return shelf


def test_a_withdrawn_review_leaves_count_and_denominator(shelf: Shelf) -> None:
    assert shelf.counts() == [(4, 4), (4, 4)]
    gone = {passage_id for figure in shelf.figures() for passage_id in figure.passage_ids}
    withdraw(shelf.store, shelf.data_dir, ["r0"], reason="Asked by its publisher.", by="test")
    assert shelf.counts() == [(3, 3), (3, 3)]
    left = {passage_id for figure in shelf.figures() for passage_id in figure.passage_ids}
    assert len(gone - left) == 1
    assert "r0" not in shelf.figures()[0].review_ids


def test_one_of_two_documents_withdrawn_moves_nothing_but_the_passages(shelf: Shelf) -> None:
    summary, _ = shelf.add("r1", identity="executive summary")
    before = shelf.figures()
    withdraw(shelf.store, shelf.data_dir, [summary.document_id], reason="A copy.", by="test")
    after = shelf.figures()
    assert [figure.review_ids for figure in after] == [figure.review_ids for figure in before]
    assert [
        len(b.passage_ids) - len(a.passage_ids) for b, a in zip(before, after, strict=True)
    ] == [
        1,
        1,
    ]


def test_a_full_text_withdrawn_leaves_the_digest_to_count(shelf: Shelf) -> None:
    shelf.add("r2", kind=Kind.DIGEST)
    assert shelf.figures()[0].n_digest_only == 0
    withdraw(shelf.store, shelf.data_dir, [text_of(shelf, "r2")], reason="Asked.", by="test")
    machine, human = shelf.figures()
    assert (machine.n, machine.n_digest_only) == (human.n, human.n_digest_only) == (4, 1)


def test_a_judgement_overturned_moves_the_human_count_by_one_review(shelf: Shelf) -> None:
    _, passages = shelf.add("r4")
    assert shelf.counts() == [(5, 5), (5, 5)]
    shelf.store.add_judgement(make_judgement(passages[0]))
    assert shelf.counts() == [(5, 5), (4, 5)]
    shelf.store.add_judgement(make_judgement(passages[0], make_code("checks-not-made")))
    assert shelf.counts() == [(5, 5), (4, 5)]
    shelf.store.add_judgement(make_judgement(passages[1], FAILING))
    assert shelf.counts() == [(5, 5), (5, 5)]


def test_what_is_left_out_on_request_moves_as_much_as_what_is_gone(shelf: Shelf) -> None:
    first = shelf.figures()[0].passage_ids[0]
    asked = CountsQuestion(exclude=first)
    rows = {row.group.key: row for row in counted(shelf.library, asked).rows}
    assert (rows[TOP].either.machine.n, rows[TOP].either.human.n) == (3, 3)
    # It is still held: only what rests on the passage moves, not what it is out of.
    assert rows[TOP].either.machine.denominator == 4


def text_of(shelf: Shelf, review_id: str) -> str:
    return next(
        document.document_id
        for document in shelf.store.iter_documents(kind=Kind.REVIEW)
        if document.review_id == review_id
    )
