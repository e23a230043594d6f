from pathlib import Path

import pytest
import sqlalchemy as sa
from desk_world import NOW, DeskWorld, make_desk
from samples import make_code, make_document, make_review

from corpus import tables as t
from corpus.count_table import ThemeGroup
from corpus.counts import count_reviews
from corpus.drawn import Draw, DrawKind, Frame, review_sample
from corpus.draws import PICKED, extend_draw
from corpus.errors import InvalidInputError
from corpus.estimate import Refusal
from corpus.ids import ReviewId
from corpus.licence import COPY_DAMAGED

FAILING = [ThemeGroup(key="any", themes=("not-shared-between-agencies",))]


@pytest.fixture
def desk(tmp_path: Path) -> DeskWorld:
    return make_desk(tmp_path / "data")


def drawn_passages(desk: DeskWorld, draw: Draw) -> list[str]:
    return [item.passage_id for item in desk.items() if item.draw_id == draw.draw_id]


def chances(desk: DeskWorld, draw: Draw) -> list[float | None]:
    query = sa.select(t.draw_items.c.chance).where(t.draw_items.c.draw_id == draw.draw_id)
    with desk.store.reading() as connection:
        return list(connection.scalars(query))


def test_the_same_seed_draws_the_same_and_another_seed_does_not(
    desk: DeskWorld, tmp_path: Path
) -> None:
    other = make_desk(tmp_path / "other")
    first, again = desk.draw(size=5), other.draw(size=5)
    assert drawn_passages(desk, first) == drawn_passages(other, again)
    assert drawn_passages(desk, desk.draw(size=5, seed=8)) != drawn_passages(desk, first)
    assert (first.frame_size, first.seed) == (12, 7)
    assert chances(desk, first) == [5 / 12] * 5


def test_strata_get_as_many_each_and_every_member_has_its_chance(desk: DeskWorld) -> None:
    drawn = desk.draw(DrawKind.STRATIFIED, size=8)
    sizes = {stratum.name: (stratum.size, stratum.drawn) for stratum in drawn.strata}
    # Three passages with a find, nine without: the few are all drawn.
    assert sizes == {
        "2010s, machine finds something": (3, 3),
        "2010s, machine finds nothing": (9, 5),
    }
    assert sorted(chances(desk, drawn), key=float) == [5 / 9] * 5 + [1.0] * 3  # type: ignore[arg-type]


def test_what_is_picked_for_doubt_has_no_chance_and_the_random_share_has(desk: DeskWorld) -> None:
    drawn = desk.draw(DrawKind.UNCERTAIN, size=4, random_share=0.5)
    assert sorted(chances(desk, drawn), key=str) == [2 / 12, 2 / 12, None, None]
    with desk.store.reading() as connection:
        strata = set(connection.scalars(sa.select(t.draw_items.c.stratum)))
    assert PICKED in strata
    assert review_sample(desk.store) is None


def test_guidance_is_drawn_only_where_it_is_asked_for(desk: DeskWorld) -> None:
    desk.store.add_review(make_review("a-law", "2012", review_type="guidance"))
    desk.store.add_document(
        *make_document(["It shall be shared."], identity="file:law", review_id=ReviewId("a-law"))
    )
    assert desk.draw(DrawKind.REVIEWS, size=2).frame_size == 6
    of_law = desk.draw(DrawKind.REVIEWS, size=1, frame=Frame(review_type="guidance"))
    assert of_law.frame_size == 1


def test_frames_keep_to_years_and_leave_out_what_was_judged(desk: DeskWorld) -> None:
    in_2012 = desk.draw(size=2, frame=Frame(from_year=2012, to_year=2012))
    assert in_2012.frame_size == 2
    desk.code(desk.items()[0], desk.ana)
    with pytest.raises(InvalidInputError, match="1 could be drawn, and 2 were asked for"):
        desk.draw(size=2, frame=Frame(from_year=2012, to_year=2012))
    again = desk.draw(size=2, frame=Frame(from_year=2012, to_year=2012, again=True))
    assert again.frame_size == 2


def test_double_coding_gives_an_item_to_two_coders_and_needs_two(desk: DeskWorld) -> None:
    desk.draw(size=6, double_share=0.5)
    assert sorted(len(item.coders) for item in desk.items()) == [1, 1, 1, 2, 2, 2]
    assert all(set(item.coders) == {"Ana", "Ben"} for item in desk.items() if item.double)
    with pytest.raises(InvalidInputError, match="two coders"):
        desk.draw(double_share=0.5, coder_ids=(desk.ana.coder_id,))


def test_whole_reviews_make_the_sample_that_counts_rest_on(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "many", reviews=60)
    drawn = desk.draw(DrawKind.REVIEWS, size=40, stratified=True)
    sample = review_sample(desk.store)
    assert sample is not None
    assert len(sample.drawn) == 40
    assert len(sample.probability) == drawn.frame_size == 60
    assert sum(sample.probability.values()) == pytest.approx(40)

    cell = count_reviews(desk.store, FAILING, sample=sample).rows[0].either
    assert isinstance(cell.corrected, Refusal)
    assert cell.corrected.code == "sample-unfinished"
    # Of those with a find every third is overturned, of those without one every third has one.
    for number, item in enumerate(desk.items()):
        first = item.position % 2 == 0
        has_it = (number // 2) % 3 == 0
        coder = desk.ana if item.coders == ("Ana",) else desk.ben
        desk.code(item, coder, *([make_code()] if first and has_it else []))
    cell = count_reviews(desk.store, FAILING, sample=review_sample(desk.store)).rows[0].either
    assert not isinstance(cell.corrected, Refusal), cell.corrected
    assert cell.corrected.method == "prediction-powered"
    assert cell.corrected.n_checked == cell.n_human_checked == 40


def test_two_draws_join_into_one_chance_and_new_reviews_have_none(desk: DeskWorld) -> None:
    desk.draw(DrawKind.REVIEWS, size=3)
    with pytest.raises(InvalidInputError, match="0 could be drawn"):
        desk.draw(DrawKind.REVIEWS, size=1)
    desk.draw(DrawKind.REVIEWS, size=2, seed=9, frame=Frame(again=True))
    sample = review_sample(desk.store)
    assert sample is not None
    assert list(sample.probability.values()) == pytest.approx([1 - (1 - 3 / 6) * (1 - 2 / 6)] * 6)
    add_review(desk, "review-new", "2019")
    assert "review-new" not in sample.probability
    desk.draw(DrawKind.REVIEWS, size=1, seed=9)
    sample = review_sample(desk.store)
    assert sample is not None
    assert sample.probability["review-new"] == 1.0


def test_the_passages_of_a_corrected_text_join_the_draw(desk: DeskWorld) -> None:
    drawn = desk.draw(DrawKind.REVIEWS, size=6)
    document, passages = make_document(
        ["A corrected sentence.", "And another."],
        identity="file:0",
        review_id=ReviewId("review-0"),
    )
    desk.store.add_document(document, passages)
    desk.store.put_findings({p.passage_id: [] for p in passages}, tagger_version="t1")
    assert extend_draw(desk.store, drawn.draw_id, at=NOW) == 2
    assert extend_draw(desk.store, drawn.draw_id, at=NOW) == 0
    items = {item.passage_id: item for item in desk.items()}
    assert sum(item.replaced for item in items.values()) == 2
    assert {items[p.passage_id].coders for p in passages} <= {("Ana",), ("Ben",)}


def add_review(desk: DeskWorld, review_id: str, year: str) -> None:
    review = make_review(review_id, year)
    desk.store.add_review(review)
    document, passages = make_document(
        ["A new one."], identity=review_id, review_id=review.review_id, published=review.published
    )
    desk.store.add_document(document, passages)
    desk.store.put_findings({p.passage_id: [] for p in passages}, tagger_version="t1")


def test_a_seed_draws_from_the_same_reviews_once(desk: DeskWorld) -> None:
    # The same order again would make the two draws one, and their joint chance wrong.
    desk.draw(DrawKind.REVIEWS, size=3)
    with pytest.raises(InvalidInputError, match="Take another seed"):
        desk.draw(DrawKind.REVIEWS, size=4, frame=Frame(again=True))


def test_a_random_share_that_was_asked_for_is_never_rounded_away(desk: DeskWorld) -> None:
    drawn = desk.draw(DrawKind.UNCERTAIN, size=1, random_share=0.25)
    assert chances(desk, drawn) == [1 / 12]


def test_passages_of_a_damaged_copy_are_not_drawn(desk: DeskWorld) -> None:
    damaged = desk.passages[0].document_id
    with desk.store.writing() as connection:
        connection.execute(
            sa.update(t.documents)
            .where(t.documents.c.document_id == damaged)
            .values(marks=[COPY_DAMAGED])
        )
    assert desk.draw(size=4).frame_size == 10
