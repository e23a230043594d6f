"""Agreement of coders: by hand, against the libraries, and of independent codings alone."""

from dataclasses import replace

import krippendorff
import numpy as np
import pytest
from samples import make_code, make_document, make_judgement, make_review
from sklearn.metrics import cohen_kappa_score

from corpus.agreement import AgreementTable, Coding, agreement_table, independent_codings
from corpus.codings import Circumstances, adjudicate, save_coding
from corpus.ids import DocumentId, PassageId, ReviewId
from corpus.model import Code, Level, Passage, Stance
from corpus.reliability import MIN_CLUSTERS, Item, Reliability, measure_reliability
from corpus.store import Store

THEME, OTHER, TOP = "checks-not-made", "shared-too-late", "a-top-theme"
DOCUMENT = DocumentId.of("file:sample", "0" * 64)
ROLLUP = {THEME: TOP, OTHER: "another"}


def pairs(*values: tuple[object, object], case: str | None = None) -> list[Item]:
    return [
        Item(cluster=case or f"case {n}", values={"ana": first, "ben": second})
        for n, (first, second) in enumerate(values)
    ]


def measured(yes: int, first: int, second: int, no: int) -> Reliability:
    return measure_reliability(
        pairs(
            *[(True, True)] * yes,
            *[(True, False)] * first,
            *[(False, True)] * second,
            *[(False, False)] * no,
        )
    )


# -- the coefficients ------------------------------------------------------------------


def test_kappa_and_alpha_are_those_worked_out_by_hand() -> None:
    # Observed 35/50; expected (25*30 + 25*20)/50**2 = 0.5: kappa 0.4 (the textbook's example).
    found = measured(20, 5, 10, 15)
    assert found.observed == pytest.approx(0.7)
    assert found.kappa.value == pytest.approx(0.4)
    # 100 values, 55 yes and 45 no; 15 items differ, two ways each: 1 - 99*30/(100**2-55**2-45**2).
    assert found.alpha.value == pytest.approx(1 - 99 * 30 / (100**2 - 55**2 - 45**2))
    assert found.prevalence == pytest.approx(0.55)
    assert (found.n_items, found.n_clusters, found.n_coders) == (50, 50, 2)


def test_both_are_what_the_libraries_give_for_several_values_and_missing_ones() -> None:
    numbers = np.random.default_rng(3)
    first = numbers.integers(4, size=200)
    second = np.where(numbers.random(200) < 0.6, first, numbers.integers(4, size=200))
    two = measure_reliability(pairs(*zip(first.tolist(), second.tolist(), strict=True)))
    assert two.kappa.value == pytest.approx(cohen_kappa_score(first, second))
    table = np.stack([first, second, np.roll(first, 1)]).astype(float)
    table[2, numbers.random(200) < 0.5] = np.nan
    table[1, numbers.random(200) < 0.1] = np.nan
    items = [
        Item(
            cluster=str(n),
            values={f"c{k}": int(v) for k, v in enumerate(column) if not np.isnan(v)},
        )
        for n, column in enumerate(table.T)
    ]
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert measure_reliability(items).alpha.value == pytest.approx(expected)


def test_intervals_hold_the_value_and_are_the_same_every_time() -> None:
    found, again = measured(20, 5, 10, 15), measured(20, 5, 10, 15)
    for measure in (found.kappa, found.alpha):
        assert measure.ci_low is not None
        assert measure.ci_high is not None
        assert measure.value is not None
        assert measure.ci_low < measure.value < measure.ci_high
        assert measure.undefined is None
    # The large-sample standard error of this kappa is 0.13.
    assert found.kappa.ci_low == pytest.approx(0.4 - 1.96 * 0.13, abs=0.06)
    assert found.kappa.ci_high == pytest.approx(0.4 + 1.96 * 0.13, abs=0.06)
    assert found == again


def test_passages_of_one_case_are_drawn_together() -> None:
    values = [(True, True)] * 20 + [(True, False)] * 15 + [(False, False)] * 15
    apart = measure_reliability(pairs(*values))
    joined = measure_reliability(
        [
            Item(cluster=f"case {n % 50 // 5}", values=item.values)
            for n, item in enumerate(pairs(*values))
        ]
    )
    assert joined.kappa.value == apart.kappa.value

    def width(found: Reliability) -> float:
        return (found.kappa.ci_high or 0) - (found.kappa.ci_low or 0)

    assert width(joined) > 1.2 * width(apart)


# -- not defined -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "code", "value"),
    [
        ([], "no-overlap", None),
        ([Item(cluster="c", values={"ana": True})], "no-overlap", None),
        (pairs(*[(True, True)] * 40), "one-value", None),
        (pairs(*[(False, False)] * 40), "one-value", None),
        (pairs(*[(True, True), (False, False)] * 2), "few-cases", 1.0),
        (pairs(*[(True, True), (False, False)] * 20, case="one"), "few-cases", 1.0),
        (pairs((True, True), *[(False, False)] * 99), "too-rare", 1.0),
        (pairs(*[(True, True), (False, False)] * 20), "no-difference", 1.0),
    ],
)
def test_what_is_not_defined_says_why(items: list[Item], code: str, value: float | None) -> None:
    found = measure_reliability(items)
    for measure in (found.kappa, found.alpha):
        assert measure.undefined is not None
        assert measure.undefined.code == code
        assert measure.undefined.reason.endswith(".")
        assert measure.value == value
        assert measure.ci_low is None
        assert measure.ci_high is None


def test_no_answer_is_ever_not_a_number() -> None:
    numbers = np.random.default_rng(5)
    for _ in range(60):
        size = int(numbers.integers(0, 2 * MIN_CLUSTERS))
        share = float(numbers.random())
        values = [(bool(a), bool(b)) for a, b in numbers.random((size, 2)) < share]
        found = measure_reliability(pairs(*values))
        for measure in (found.kappa, found.alpha):
            known = [measure.value, measure.ci_low, measure.ci_high]
            assert all(each is None or np.isfinite(each) for each in known)
            assert (measure.undefined is None) == (None not in known)


# -- tables ----------------------------------------------------------------------------


def coding(n: int, coder: str, *codes: Code) -> Coding:
    return Coding(
        passage_id=PassageId.of(DOCUMENT, n, n + 1), case=f"case {n}", coder=coder, codes=codes
    )


def row(table: AgreementTable, about: str, key: str) -> Reliability:
    return next(r.reliability for r in table.rows if (r.about, r.key) == (about, key))


def test_a_theme_is_asked_of_every_passage_and_a_facet_where_both_saw_it() -> None:
    failing, proposed = make_code(THEME), make_code(THEME, Stance.CHANGE_PROPOSED)
    system = make_code(THEME, level=Level.SYSTEM)
    table = agreement_table(
        [
            *(coding(1, name, failing) for name in ("ana", "ben")),
            coding(2, "ana", failing),
            coding(2, "ben", proposed),
            coding(3, "ana", system),
            coding(3, "ben", make_code(OTHER)),
            *(coding(4, name) for name in ("ana", "ben")),
            coding(5, "ana", failing),
        ],
        ROLLUP,
    )
    assert (table.n_passages, table.n_coders, table.n_single) == (4, 2, 1)
    theme = row(table, "theme", THEME)
    assert (theme.n_items, theme.observed, theme.prevalence) == (4, 0.75, 5 / 8)
    assert row(table, "top-theme", TOP) == theme
    stance = row(table, "stance", "all")
    assert (stance.n_items, stance.observed) == (2, 0.5)
    assert row(table, "theme-stance", THEME) == stance
    assert row(table, "theme-stance", OTHER).kappa.undefined is not None
    assert row(table, "level", "all").observed == 1
    one = row(table, "stance", Stance.CHANGE_PROPOSED.value)
    assert (one.n_items, one.prevalence) == (2, 0.25)


# -- which codings are independent ---------------------------------------------------------


@pytest.fixture
def passages(store: Store) -> list[Passage]:
    store.add_review(make_review("r1", case_id="the-case"))
    document, found = make_document(["One.", "Two.", "Three."], review_id=ReviewId("r1"))
    store.add_document(document, found)
    return found


def test_only_what_was_coded_apart_is_compared(store: Store, passages: list[Passage]) -> None:
    code = make_code(THEME)

    def save(coder: str, passage: Passage, *, blind: bool) -> int:
        token = f"{coder}:{passage.passage_id}:{blind}"
        judgement = make_judgement(passage, code, coder=coder)
        return save_coding(store, judgement, Circumstances(token=token, blind=blind))

    store.add_judgement(make_judgement(passages[0], coder="catalogue"))
    first = save("ana", passages[0], blind=True)
    second = save("ben", passages[0], blind=True)
    save("ana", passages[1], blind=False)
    # A second look, when there was something to see; and the word of a lead.
    save("ana", passages[0], blind=False)
    lead = make_judgement(passages[0], code, coder="lead")
    adjudicate(store, lead, between=[first, second])
    seen = make_judgement(passages[2], code, coder="ana")
    store.add_judgement(replace(seen, tagger_version="t1"))
    found = independent_codings(store)
    assert [(each.coder, each.codes) for each in found] == [
        ("ana", (code,)),
        ("ben", (code,)),
        ("catalogue", ()),
    ]
    assert {(each.passage_id, each.case) for each in found} == {
        (passages[0].passage_id, "the-case")
    }
