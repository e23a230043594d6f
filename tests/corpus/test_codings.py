import threading
from pathlib import Path

import pytest
from desk_world import NOW, DeskWorld, make_desk
from samples import make_code, make_judgement

from corpus.agreement import independent_codings
from corpus.coding_items import (
    CodingItem,
    ItemState,
    hand_over,
    next_item,
    open_differences,
    with_judgements,
)
from corpus.codings import (
    Circumstances,
    Doubt,
    adjudicate,
    keep_draft,
    read_draft,
    save_doubt,
)
from corpus.count_rows import held_reviews
from corpus.count_table import ThemeGroup
from corpus.counts import count_reviews
from corpus.drawn import DrawKind
from corpus.errors import InvalidInputError
from corpus.findings import findings_of
from corpus.withdrawals import begin_withdrawal

LATE = make_code("shared-too-late")


@pytest.fixture
def desk(tmp_path: Path) -> DeskWorld:
    return make_desk(tmp_path / "data")


def one(desk: DeskWorld) -> CodingItem:
    return desk.items()[0]


def test_a_form_sent_twice_is_one_judgement_also_at_the_same_time(desk: DeskWorld) -> None:
    desk.draw()
    item, ana = one(desk), desk.ana
    numbers: list[int] = []

    def send() -> None:
        numbers.append(desk.code(item, ana, make_code(), token="the-form"))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 4
    assert len(set(numbers)) == 1
    assert len(list(desk.store.iter_judgements())) == 1
    with pytest.raises(InvalidInputError):
        desk.code(item, desk.ben, token="the-form")


def test_a_form_sent_again_with_something_else_in_it_is_another_judgement(desk: DeskWorld) -> None:
    desk.draw()
    item, ana = one(desk), desk.ana
    other = make_code("shared-too-late")
    sent = [(make_code(),), (other,), (other,), (make_code(),), (make_code(),)]
    numbers = [desk.code(item, ana, *codes, token="the-form") for codes in sent]
    assert numbers[1] == numbers[2]
    assert numbers[3] == numbers[4]
    stated = [judgement.codes for judgement in desk.store.iter_judgements()]
    assert stated == [(make_code(),), (other,), (make_code(),)]


def test_two_coders_on_one_item_at_the_same_time_are_both_kept(desk: DeskWorld) -> None:
    desk.draw(size=1, double_share=1)
    item = one(desk)
    threads = [
        threading.Thread(target=desk.code, args=(item, coder, code))
        for coder, code in ((desk.ana, make_code()), (desk.ben, LATE))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = {(each.coder, each.codes) for each in desk.store.iter_judgements()}
    assert kept == {("Ana", (make_code(),)), ("Ben", (LATE,))}


def test_double_coded_items_hide_everything_until_both_have_decided(desk: DeskWorld) -> None:
    desk.draw(size=1, double_share=1)
    desk.code(one(desk), desk.ana, make_code())
    assert one(desk).hides_from("Ana")
    assert one(desk).hides_from("Ben")
    desk.code(one(desk), desk.ben, LATE)
    assert not one(desk).hides_from("Ben")
    desk.code(one(desk), desk.ben, make_code())  # having seen the other: not independent
    assert [(each.coder, each.codes) for each in independent_codings(desk.store)] == [
        ("Ana", (make_code(),)),
        ("Ben", (LATE,)),
    ]


def test_the_machine_is_hidden_from_one_coder_alone_until_they_decide(desk: DeskWorld) -> None:
    desk.draw(size=2, hides_machine=True)
    item = one(desk)
    (coder,) = [each for each in (desk.ana, desk.ben) if each.name in item.coders]
    assert item.hides_from(coder.name)
    desk.code(item, coder)
    assert not one(desk).hides_from(coder.name)


def test_an_adjudication_settles_a_difference_and_names_what_it_decides(desk: DeskWorld) -> None:
    desk.draw(size=1, double_share=1)
    desk.code(one(desk), desk.ana, make_code())
    assert open_differences(desk.store) == []
    desk.code(one(desk), desk.ben, LATE)
    (difference,) = open_differences(desk.store)
    assert [each.coder for each in difference.judgements] == ["Ana", "Ben"]
    (passage,) = desk.store.get_passages([difference.item.passage_id])
    with pytest.raises(InvalidInputError, match="You judged this passage yourself"):
        adjudicate(desk.store, make_judgement(passage, coder="Ben"), difference.numbers)
    with pytest.raises(InvalidInputError, match="not of this passage"):
        adjudicate(desk.store, make_judgement(passage, coder="Lee"), [999])
    form = Circumstances(token="decided", item_id=difference.item.item_id)
    decided = make_judgement(passage, LATE, coder="Lee")
    first = adjudicate(desk.store, decided, difference.numbers, form)
    assert adjudicate(desk.store, decided, difference.numbers, form) == first
    assert open_differences(desk.store) == []
    assert one(desk).state_of("Ana") is ItemState.SETTLED
    (found,) = findings_of(desk.store, [passage.passage_id])[passage.passage_id]
    assert (found.code, found.coder) == (LATE, "Lee")
    (held,) = with_judgements(desk.store, desk.items())
    assert len(held.judgements) == 2


def test_equal_codes_are_no_difference_whatever_the_notes(desk: DeskWorld) -> None:
    desk.draw(size=1, double_share=1)
    for coder in (desk.ana, desk.ben):
        desk.code(one(desk), coder, LATE, make_code())
    assert open_differences(desk.store) == []


def test_a_doubt_leaves_the_passage_unchecked_and_goes_to_the_lead(desk: DeskWorld) -> None:
    desk.draw(size=1)
    item = one(desk)
    (name,) = item.coders
    doubt = Doubt(
        passage_id=item.passage_id,
        coder=name,
        doubted_at=NOW,
        codebook_version="0.1.0+test",
        codes=(LATE,),
        note="Late for whom?",
    )
    for _ in range(2):
        save_doubt(desk.store, doubt, token="sent-twice", item_id=item.item_id)
    assert one(desk).state_of(name) is ItemState.UNSURE
    assert [each.item.item_id for each in open_differences(desk.store)] == [item.item_id]
    assert not any(review.n_judged for review in held_reviews(desk.store, axis="publication")[0])
    coder = desk.ana if name == "Ana" else desk.ben
    desk.code(one(desk), coder, LATE)
    # Judged at the very moment of the doubt: the judgement is the later word.
    assert one(desk).state_of(name) is ItemState.DECIDED
    assert open_differences(desk.store) == []


def test_a_draft_is_kept_until_the_item_is_decided(desk: DeskWorld) -> None:
    desk.draw(size=1, coder_ids=(desk.ana.coder_id,))
    item = one(desk)
    for note in ("first", "second"):
        keep_draft(desk.store, item.item_id, desk.ana.coder_id, {"note": note}, at=NOW)
    assert read_draft(desk.store, item.item_id, desk.ana.coder_id) == {"note": "second"}
    desk.code(item, desk.ana)
    assert read_draft(desk.store, item.item_id, desk.ana.coder_id) is None


def test_open_items_can_be_handed_over_and_decided_ones_stay(desk: DeskWorld) -> None:
    desk.draw(size=6)
    mine = desk.items(desk.ana)
    desk.code(mine[0], desk.ana)
    assert hand_over(desk.store, desk.ana.coder_id, desk.ben.coder_id, at=NOW) == len(mine) - 1
    assert [item.item_id for item in desk.items(desk.ana)] == [mine[0].item_id]
    assert len(desk.items(desk.ben)) == 5


def test_the_next_item_is_the_next_open_one_of_the_same_draw(desk: DeskWorld) -> None:
    desk.draw(size=3, coder_ids=(desk.ana.coder_id,))
    first, second, third = desk.items(desk.ana)
    desk.code(second, desk.ana)
    items = desk.items(desk.ana)
    assert next_item(items, "Ana", first) == third
    assert next_item(items, "Ana", third) == first


def test_a_withdrawal_takes_along_what_the_desk_holds_of_a_passage(desk: DeskWorld) -> None:
    desk.draw(size=12, double_share=1)
    item, *others = desk.items()
    numbers = [desk.code(item, desk.ana, make_code()), desk.code(item, desk.ben)]
    (passage,) = desk.store.get_passages([item.passage_id])
    adjudicate(desk.store, make_judgement(passage, coder="Lee"), numbers)
    keep_draft(desk.store, item.item_id, desk.lead.coder_id, {"note": "its words"}, at=NOW)
    doubt = Doubt(
        passage_id=item.passage_id,
        coder="Ana",
        doubted_at=NOW,
        codebook_version="0.1.0+test",
        note="its words",
    )
    save_doubt(desk.store, doubt, token="a-doubt", item_id=item.item_id)
    begin_withdrawal(desk.store, passage.document_id, reason="asked", by="us", at=NOW)
    left = desk.items()
    assert len(left) == len(others) - 1  # its document had two passages
    assert list(desk.store.iter_judgements()) == []
    assert read_draft(desk.store, item.item_id, desk.lead.coder_id) is None


def test_counts_say_of_how_many_reviews_a_difference_waits_for_a_lead(desk: DeskWorld) -> None:
    desk.draw(DrawKind.REVIEWS, size=1, double_share=1)
    item, other = desk.items()

    def waiting() -> int:
        groups = [ThemeGroup(key="any", themes=(make_code().theme,))]
        return count_reviews(desk.store, groups).coverage.undecided

    desk.code(item, desk.ana, make_code())
    assert waiting() == 0
    first = desk.code(item, desk.ana, make_code())
    second = desk.code(item, desk.ben)
    desk.code(other, desk.ana)
    desk.code(other, desk.ben)
    assert waiting() == 1
    (passage,) = desk.store.get_passages([item.passage_id])
    adjudicate(
        desk.store,
        make_judgement(passage, coder="Lee"),
        [first, second],
        Circumstances(token="decided", item_id=item.item_id),
    )
    assert waiting() == 0
