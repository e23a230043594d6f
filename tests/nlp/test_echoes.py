"""Echoes on invented reviews: what may echo, what is left out, in which order, and why not."""

import numpy as np
import pytest
from samples import CAPTURED_AT, make_code, make_document, make_finding, make_judgement, make_review

from corpus.dates import PartialDate
from corpus.echo_answers import EchoAnswer, SameFailing, add_echo_answer, pair_of
from corpus.ids import ReviewId
from corpus.model import Attribution, Kind
from corpus.store import Store
from nlp.echo_candidates import VectorsOf
from nlp.echoes import Echoes, find_echoes
from nlp.embed import Vectors

HERE = "The surgery did not tell the school about the bruising."
AGAIN = "Nobody at the hospital told the nursery of the child's injuries."
FAR = "Governors met too seldom to follow the budget."


def add(
    store: Store,
    name: str,
    date: str | None,
    texts: list[str],
    *,
    code: object = None,
    document: dict[str, object] | None = None,
    **review: object,
) -> list[str]:
    """A review of its own with one document, every passage of which is one finding."""
    store.add_review(make_review(name, date, **review))
    about: dict[str, object] = {
        "identity": name,
        "review_id": ReviewId(name),
        "published": PartialDate.parse_optional(date),
    }
    made, passages = make_document(texts, **(about | (document or {})))  # type: ignore[arg-type]  # real fields
    store.add_document(made, passages)
    found = {p.passage_id: [make_finding(p, code or make_code())] for p in passages}  # type: ignore[arg-type]  # the caller gives a code
    store.put_findings(found, tagger_version="t1")
    return [str(passage.passage_id) for passage in passages]


def vectors_for(store: Store, *, leave_out: str = "") -> VectorsOf:
    """All passages near each other, but for those that say nothing alike."""

    def vectors_of(ids: object) -> dict[str, Vectors]:
        held = store.get_passages(list(ids))  # type: ignore[call-overload]  # a sequence of ids
        return {
            str(p.passage_id): np.array(
                (0.0, 1.0) if p.text == FAR else (0.8, 0.6) if p.text != HERE else (1.0, 0.0),
                dtype=np.float32,
            )
            for p in held
            if p.passage_id != leave_out
        }

    return vectors_of


def ask(store: Store, passage_id: str, **options: object) -> Echoes:
    return find_echoes(store, vectors_for(store), passage_id, **options)  # type: ignore[arg-type]  # real options


def ids_of(found: Echoes) -> list[str]:
    return [str(echo.passage_id) for echo in found.echoes]


def test_earlier_and_later_findings_of_other_cases_echo_with_what_agrees(store: Store) -> None:
    old = add(store, "old", "1990", [FAR, AGAIN])
    (here,) = add(store, "mid", "2000", [HERE])
    add(store, "same-case", "2005", [AGAIN + " Again."], case_id="mid")
    new = add(store, "new", "2010-05", ["The clinic did not tell the school of a bruise."])
    found = ask(store, here)
    assert [(e.direction, str(e.passage_id), e.years_between) for e in found.echoes] == [
        ("earlier", old[1], 10),
        ("later", new[0], 10),
    ]
    later = found.of("later")[0]
    assert later.basis == "same-theme"
    assert later.similarity == pytest.approx(0.8)
    assert [(each.term_id, each.role) for each in later.actors] == [("school", "lacked")]
    (injuries,) = later.objects
    span = injuries.here[0]
    assert HERE[span.start : span.end] == "bruising"
    assert [each.term_id for each in later.mechanisms] == ["not-told"]
    assert found.absence is None


def test_one_of_each_case_and_no_more_than_asked_for(store: Store) -> None:
    (here,) = add(store, "mid", "2020", [HERE])
    for year in range(2000, 2006):
        add(
            store, f"r{year}", str(year), [f"{AGAIN} Number {year}.", f"{AGAIN} Once more, {year}."]
        )
    found = ask(store, here)
    assert len({echo.review_id for echo in found.echoes}) == len(found.echoes) == 3
    assert len(ask(store, here, limit=5).echoes) == 5


def test_a_theme_of_the_passage_can_be_asked_for_alone(store: Store) -> None:
    (here,) = add(store, "mid", "2000", [HERE])
    add(store, "old", "1990", [AGAIN])
    assert ask(store, here, theme="not-shared-between-agencies").echoes
    assert ask(store, here, theme="siloed-decisions").absence == "no-failing"


QUOTES = {
    "verbatim": f"It was clear that the surgery did not tell the school about the bruising. {FAR}",
    "by title": f"The report of the Ann Example inquiry had it so. {AGAIN}",
    "by surname and inquiry": f"As in the Example inquiry: {AGAIN}",
    "by year": f"The 2000 inquiry had it so. {AGAIN}",
    "some earlier review": f"An earlier serious case review had found this. {AGAIN}",
}


@pytest.mark.parametrize("text", QUOTES.values(), ids=QUOTES)
def test_a_later_review_that_quotes_or_restates_the_first_is_no_echo(
    store: Store, text: str
) -> None:
    (here,) = add(store, "mid", "2000", [HERE], case_names=("Ann Example",))
    (later,) = add(store, "late", "2010", [text])
    assert ids_of(ask(store, here)) == []
    # Nor the other way round: the first is no echo of its own quotation.
    assert here not in ids_of(ask(store, later))


def test_a_list_led_in_by_the_earlier_reviews_name_is_no_echo(store: Store) -> None:
    (here,) = add(store, "mid", "2000", [HERE], case_names=("Ann Example",))
    add(store, "late", "2010", ["The Ann Example inquiry found this:", AGAIN])
    assert ids_of(ask(store, here)) == []


def test_a_review_reporting_another_speaks_for_nobody(store: Store) -> None:
    reported = make_code(attribution=Attribution.REPORTED)
    (here,) = add(store, "mid", "2000", [HERE])
    (told,) = add(store, "late", "2010", [AGAIN], code=reported)
    assert ids_of(ask(store, here)) == []
    assert ask(store, told).absence == "restated"
    digest = add(store, "late-2", "2011", [AGAIN], code=reported, document={"kind": Kind.DIGEST})
    assert ids_of(ask(store, here)) == digest


def test_news_claims_and_the_same_year_never_echo(store: Store) -> None:
    (here,) = add(store, "mid", "2000", [HERE])
    add(store, "claimed", "2010", [AGAIN], code=make_code(attribution=Attribution.CLAIM))
    add(store, "in-the-news", "2011", [AGAIN], document={"kind": Kind.NEWS})
    add(store, "same-year", "2000-11", [AGAIN])
    assert ask(store, here).absence == "nothing-near"


def test_reviews_of_one_child_are_left_out_even_where_one_withholds_the_name(
    store: Store,
) -> None:
    withheld = "national press; the publisher kept the child anonymous"
    (here,) = add(
        store, "child-n", "2000", [HERE], case_names=("Ann Example",), identity_link=withheld
    )
    add(store, "named", "2010", [AGAIN], case_names=("Ann Example",))
    assert ask(store, here).absence == "nothing-near"


def test_a_withheld_name_is_not_looked_for_in_later_texts(store: Store) -> None:
    withheld = "national press; the publisher kept the child anonymous"
    (here,) = add(
        store, "child-n", "2000", [HERE], case_names=("Ann Example",), identity_link=withheld
    )
    later = add(store, "late", "2010", [f"Unlike Ann Example. {AGAIN}"])
    # Leaving it out would tell whose name the pseudonym stands for.
    assert ids_of(ask(store, here)) == later


def test_what_people_call_different_steps_behind_the_rest(store: Store) -> None:
    (here,) = add(store, "mid", "2000", [HERE])
    (best,) = add(store, "best", "2010", ["The surgery did not tell the school of a bruise."])
    (other,) = add(store, "other", "2011", [AGAIN])
    assert ids_of(ask(store, here)) == [best, other]
    add_echo_answer(
        store,
        EchoAnswer(
            pair=pair_of(best, here),
            answer=SameFailing.DIFFERENT,
            person="ana",
            answered_at=CAPTURED_AT,
            codebook_version="c1",
            tagger_version="t1",
            echo_version="e1",
        ),
    )
    found = ask(store, here)
    assert ids_of(found) == [other, best]
    assert found.echoes[1].opinion.different == 1


def test_where_nothing_can_echo_the_answer_says_why(store: Store) -> None:
    (undated,) = add(store, "undated", None, [HERE])
    assert ask(store, undated).absence == "undated"
    news, passages = make_document([HERE], kind=Kind.NEWS)
    store.add_document(news, passages)
    assert ask(store, passages[0].passage_id).absence == "not-of-a-review"
    (here,) = add(store, "mid", "2000", [HERE + " Twice."])
    missing = find_echoes(store, vectors_for(store, leave_out=here), here)
    assert missing.absence == "not-indexed"
    store.add_judgement(make_judgement(store.get_passage(here)))
    assert ask(store, here).absence == "no-failing"
