import random
from pathlib import Path

import pytest
from samples import CAPTURED_AT, make_code, make_document, make_finding, make_judgement, make_review

from corpus.catalogue import add_catalogue
from corpus.coders import Role, add_coder
from corpus.count_table import (
    CountQuestion,
    CountTable,
    DateAxis,
    GroupCount,
    PlainFigure,
    ReviewSample,
    ThemeGroup,
)
from corpus.counts import count_grouped, count_reviews
from corpus.dates import PartialDate
from corpus.drawn import DrawKind, review_sample
from corpus.draws import DrawPlan, draw
from corpus.errors import InvalidInputError
from corpus.estimate import Estimate, Refusal
from corpus.model import Attribution, Code, Kind, Level, Passage, Stance
from corpus.recurrence import is_failing
from corpus.store import Store, open_store

THEME = "not-shared-between-agencies"
OTHER = "checks-not-made"
COUNTER = "disproportionate-sharing"
ONE = (ThemeGroup(key=THEME, themes=(THEME,)),)
TWO = ThemeGroup(key="both", themes=(THEME, OTHER))


class Shelf:
    """A store to which reviews are added in a line, each passage with its codes."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def review(self, review_id: str, published: str | None = "2010", **changes: object) -> None:
        self.store.add_review(make_review(review_id, published, **changes))

    def text(
        self,
        review_id: str | None,
        machine: list[list[Code]],
        *,
        kind: Kind = Kind.REVIEW,
        judged: dict[int, list[Code]] | None = None,
        read: bool = True,
        untagged: dict[int, str] | None = None,
        identity: str = "",
        **changes: object,
    ) -> list[Passage]:
        """A document with a passage per list of machine codes; ``judged`` by position."""
        name = identity or f"{kind}:{review_id}"
        document, passages = make_document(
            [f"Passage {number} of {name}." for number in range(len(machine))],
            identity=name,
            kind=kind,
            review_id=review_id,
            **changes,
        )
        self.store.add_document(document, passages)
        if read:
            self.store.put_findings(
                {
                    passage.passage_id: [make_finding(passage, code) for code in codes]
                    for passage, codes in zip(passages, machine, strict=True)
                },
                tagger_version="t1",
                untagged={passages[n].passage_id: why for n, why in (untagged or {}).items()},
            )
        for position, codes in (judged or {}).items():
            self.store.add_judgement(make_judgement(passages[position], *codes))
        return passages

    def row(
        self,
        group: ThemeGroup = ONE[0],
        question: CountQuestion | None = None,
        sample: ReviewSample | None = None,
    ) -> GroupCount:
        return self.table((group,), question, sample).rows[0]

    def table(
        self,
        groups: tuple[ThemeGroup, ...] = ONE,
        question: CountQuestion | None = None,
        sample: ReviewSample | None = None,
    ) -> CountTable:
        return count_reviews(self.store, groups, question, sample=sample)


@pytest.fixture
def shelf(store: Store) -> Shelf:
    return Shelf(store)


FAILING = make_code(THEME)
REPORTED = make_code(THEME, attribution=Attribution.REPORTED)
SYSTEM = make_code(THEME, level=Level.SYSTEM)


# -- what counts -----------------------------------------------------------------


def test_a_review_counts_once_however_many_passages_find_the_theme(shelf: Shelf) -> None:
    shelf.review("r1")
    passages = shelf.text("r1", [[FAILING], [FAILING], []])
    figure = shelf.row().either.machine
    assert (figure.n, figure.denominator) == (1, 1)
    assert set(figure.passage_ids) == {each.passage_id for each in passages[:2]}


def test_two_documents_about_one_review_are_one_review(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[FAILING]], identity="overview")
    shelf.text("r1", [[FAILING]], identity="executive summary")
    figure = shelf.row().either.machine
    assert (figure.n, figure.denominator, len(figure.passage_ids)) == (1, 1, 2)


@pytest.mark.parametrize("stance", [each for each in Stance if each is not Stance.FAILING])
def test_other_stances_do_not_count(shelf: Shelf, stance: Stance) -> None:
    shelf.review("r1")
    shelf.text("r1", [[make_code(THEME, stance)]])
    assert shelf.row().either.machine.n == 0


@pytest.mark.parametrize(
    ("kind", "attribution", "n"),
    [
        (Kind.REVIEW, Attribution.OWN_VOICE, 1),
        (Kind.REVIEW, Attribution.REPORTED, 0),
        (Kind.REVIEW, Attribution.CLAIM, 0),
        (Kind.DIGEST, Attribution.REPORTED, 1),
        (Kind.DIGEST, Attribution.CLAIM, 0),
    ],
)
def test_only_the_reviews_own_voice_counts(
    shelf: Shelf, kind: Kind, attribution: Attribution, n: int
) -> None:
    shelf.review("r1")
    code = make_code(THEME, attribution=attribution)
    shelf.text("r1", [[code]], kind=kind, judged={0: [code]})
    cell = shelf.row().either
    assert (cell.machine.n, cell.human.n) == (n, n)


def test_possible_findings_do_not_count(shelf: Shelf) -> None:
    shelf.review("r1")
    passages = shelf.text("r1", [[]])
    shelf.store.put_findings(
        {passages[0].passage_id: [make_finding(passages[0], FAILING, confident=False)]},
        tagger_version="t1",
    )
    assert shelf.row().either.machine.n == 0


@pytest.mark.parametrize("kind", [each for each in Kind if each not in {Kind.REVIEW, Kind.DIGEST}])
def test_news_and_the_like_are_mentions_and_never_counts(shelf: Shelf, kind: Kind) -> None:
    shelf.review("r1")
    shelf.text("r1", [[]])
    before = shelf.row()
    shelf.text("r1", [[REPORTED]], kind=kind)
    after = shelf.row()
    assert after.either == before.either
    assert (len(before.mention_ids), len(after.mention_ids)) == (0, 1)


def test_a_syndicated_story_is_one_mention(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[FAILING]])
    claim = make_code(THEME, attribution=Attribution.CLAIM)
    for copy in range(20):
        document, passages = make_document(
            ["The same story."], identity=f"https://example.org/{copy}", kind=Kind.NEWS
        )
        shelf.store.add_document(document, passages)
        shelf.store.put_findings(
            {passages[0].passage_id: [make_finding(passages[0], claim)]}, tagger_version="t1"
        )
    row = shelf.row()
    assert (row.either.machine.n, len(row.mention_ids)) == (1, 1)


def test_the_counter_theme_adds_nothing_to_another_row(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[make_code(COUNTER)]])
    assert shelf.row(TWO).either.machine.n == 0


def test_a_group_of_themes_counts_reviews_and_not_themes(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.review("r2")
    shelf.text("r1", [[FAILING, make_code(OTHER)]])
    shelf.text("r2", [[make_code(OTHER)]])
    assert shelf.row(TWO).either.machine.n == 2


def test_levels_stand_apart_and_together(shelf: Shelf) -> None:
    for review_id, codes in (("a", [FAILING]), ("b", [SYSTEM]), ("c", [FAILING, SYSTEM])):
        shelf.review(review_id)
        shelf.text(review_id, [codes])
    row = shelf.row()
    assert [cell.machine.n for cell in (row.either, row.case, row.system)] == [3, 2, 2]
    assert row.cell(None) is row.either
    assert row.cell(Level.SYSTEM) is row.system


# -- full text and digests -----------------------------------------------------------


def test_full_text_is_preferred_to_the_digest(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[REPORTED]], kind=Kind.DIGEST, judged={0: [REPORTED]})
    digest = shelf.row().either
    assert (digest.machine.n, digest.human.n, digest.machine.n_digest_only) == (1, 1, 1)
    shelf.text("r1", [[], [FAILING]])
    cell = shelf.row().either
    assert (cell.machine.n, cell.machine.n_digest_only) == (1, 0)
    assert len(cell.machine.passage_ids) == 1
    assert cell.n_human_checked == 0  # nobody has read the full text


def test_full_text_that_finds_nothing_silences_the_digest(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[REPORTED]], kind=Kind.DIGEST)
    shelf.text("r1", [[]])
    assert shelf.row().either.machine.n == 0


def test_full_text_in_another_language_leaves_the_digest_to_count(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[REPORTED]], kind=Kind.DIGEST)
    shelf.text("r1", [[]], untagged={0: "other-language"})
    assert shelf.row().either.machine.n_digest_only == 1


def test_an_older_version_of_a_document_no_longer_counts(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[FAILING]], identity="report")
    shelf.text("r1", [[], []], identity="report")
    assert shelf.row().either.machine.n == 0


# -- machine and people, apart -----------------------------------------------------


def test_the_machine_count_does_not_move_when_people_judge(shelf: Shelf) -> None:
    shelf.review("r1")
    passages = shelf.text("r1", [[FAILING]])
    before = shelf.row().either
    shelf.store.add_judgement(make_judgement(passages[0]))
    after = shelf.row().either
    assert before.machine == after.machine
    assert (before.n_human_checked, after.n_human_checked, after.human.n) == (0, 1, 0)


def test_the_newest_judgement_counts(shelf: Shelf) -> None:
    shelf.review("r1")
    passages = shelf.text("r1", [[]], judged={0: [FAILING]})
    assert shelf.row().either.human.n == 1
    shelf.store.add_judgement(make_judgement(passages[0], coder="coder-b"))
    assert shelf.row().either.human.n == 0


def test_a_review_is_checked_when_every_passage_is_judged(shelf: Shelf) -> None:
    shelf.review("r1")
    passages = shelf.text("r1", [[], []], judged={0: [FAILING]})
    table = shelf.table()
    assert table.rows[0].either.human.n == 0
    assert (table.coverage.checked, table.coverage.part_checked) == (0, 1)
    shelf.store.add_judgement(make_judgement(passages[1]))
    table = shelf.table()
    assert (table.rows[0].either.human.n, table.rows[0].either.human.denominator) == (1, 1)
    assert (table.coverage.checked, table.coverage.part_checked) == (1, 0)


def test_reviews_the_machine_has_not_read_are_no_part_of_its_count(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.review("r2")
    shelf.text("r1", [[FAILING]])
    shelf.text("r2", [[]], read=False)
    table = shelf.table()
    assert table.coverage.not_analysed == 1
    assert table.rows[0].either.machine.denominator == 1


# -- denominator and dates --------------------------------------------------------


def test_a_review_without_usable_text_is_not_held(shelf: Shelf) -> None:
    shelf.review("text")
    shelf.text("text", [[]])
    shelf.review("record-only")
    shelf.review("welsh")
    shelf.text("welsh", [[]], untagged={0: "other-language"})
    coverage = shelf.table().coverage
    assert (coverage.reviews_held, coverage.without_text) == (1, 2)


def test_nation_and_type_bound_the_denominator(shelf: Shelf) -> None:
    for review_id, nation, review_type in (
        ("a", "England", "public inquiry"),
        ("b", "Wales", "public inquiry"),
        ("c", "Wales", "child practice review"),
    ):
        shelf.review(review_id, nation=nation, review_type=review_type)
        shelf.text(review_id, [[FAILING]])
    assert shelf.row(question=CountQuestion(nation="Wales")).either.machine.review_ids == (
        "b",
        "c",
    )
    both = CountQuestion(nation="Wales", review_type="public inquiry")
    assert shelf.table(question=both).coverage.reviews_held == 1


def test_children_stand_beside_reviews_with_how_many_state_them(shelf: Shelf) -> None:
    for review_id, age in (("one", "4 years"), ("also-one", "newborn"), ("unstated", None)):
        shelf.review(review_id, child_age=age)
        shelf.text(review_id, [[FAILING]])
    shelf.review("finds-nothing", child_age="3")
    shelf.text("finds-nothing", [[]])
    table = shelf.table()
    figure = table.rows[0].either.machine
    assert (figure.n, figure.n_children, figure.n_children_stated) == (3, 2, 2)
    assert (table.coverage.children, table.coverage.children_stated) == (3, 3)


def test_guidance_is_no_review_unless_its_type_is_asked_for(shelf: Shelf) -> None:
    shelf.review("r1")
    shelf.text("r1", [[FAILING]])
    shelf.review("law", review_type="guidance")
    shelf.text("law", [[FAILING]])
    table = shelf.table()
    assert (table.coverage.reviews_held, table.coverage.guidance) == (1, 1)
    assert table.rows[0].either.machine.review_ids == ("r1",)
    asked = shelf.table(question=CountQuestion(review_type="guidance"))
    assert (asked.coverage.reviews_held, asked.coverage.guidance) == (1, 0)


def test_undated_reviews_are_counted_apart_and_in_no_figure(shelf: Shelf) -> None:
    shelf.review("dated")
    shelf.review("undated", None)
    shelf.text("dated", [[FAILING]])
    shelf.text("undated", [[FAILING]])
    table = shelf.table(question=CountQuestion(from_year=2000, to_year=2020))
    assert (table.coverage.reviews_held, table.coverage.undated) == (1, 1)
    assert table.rows[0].either.machine.n == 1


def test_a_year_without_reviews_is_a_gap_and_a_year_without_finds_is_zero(shelf: Shelf) -> None:
    shelf.review("r1", "2010")
    shelf.review("r2", "2012-05")
    shelf.text("r1", [[FAILING]])
    shelf.text("r2", [[]])
    years = shelf.row(question=CountQuestion(from_year=2009, to_year=2012)).either.years
    assert [(y.year, y.reviews_held, y.machine) for y in years] == [
        (2009, 0, None),
        (2010, 1, 1),
        (2011, 0, None),
        (2012, 1, 0),
    ]
    assert [y.human for y in years] == [None] * 4


def test_years_add_up_to_the_period(shelf: Shelf) -> None:
    for number in range(9):
        shelf.review(f"r{number}", str(2000 + number % 4))
        shelf.text(f"r{number}", [[FAILING] if number % 2 else []])
    cell = shelf.row().either
    assert sum(year.machine or 0 for year in cell.years) == cell.machine.n
    assert sum(year.reviews_held for year in cell.years) == cell.machine.denominator


def test_a_burst_of_publications_does_not_move_the_incident_years(shelf: Shelf) -> None:
    for number in range(40):
        shelf.review(
            f"r{number:02}", "2020-03", incident=PartialDate.parse(str(2000 + number % 20))
        )
        shelf.text(f"r{number:02}", [[FAILING]])
    by_publication = shelf.row().either.years
    assert [(y.year, y.machine) for y in by_publication] == [(2020, 40)]
    by_incident = shelf.row(question=CountQuestion(date_axis=DateAxis.INCIDENT)).either.years
    assert [y.machine for y in by_incident] == [2] * 20


def test_the_capture_axis_takes_the_year_of_the_capture(shelf: Shelf) -> None:
    shelf.review("r1", "1974")
    shelf.text("r1", [[FAILING]])
    question = CountQuestion(date_axis=DateAxis.CAPTURE, from_year=2026, to_year=2026)
    assert shelf.row(question=question).either.machine.n == 1


def test_a_period_that_ends_before_it_begins_is_refused(shelf: Shelf) -> None:
    with pytest.raises(InvalidInputError, match="2010"):
        shelf.table(question=CountQuestion(from_year=2010, to_year=2009))


def test_an_empty_store_gives_nothing_and_says_so(shelf: Shelf) -> None:
    table = shelf.table()
    cell = table.rows[0].either
    assert (cell.machine.n, cell.machine.denominator, cell.machine.share) == (0, 0, None)
    assert isinstance(cell.corrected, Refusal)
    assert cell.corrected.code == "no-reviews"
    assert cell.years == ()


def test_reviews_off_the_register_are_said(shelf: Shelf) -> None:
    shelf.text(None, [[FAILING]], identity="file:loose")
    coverage = shelf.table().coverage
    assert (coverage.unregistered, coverage.reviews_held) == (1, 0)


# -- the corrected estimate ----------------------------------------------------------


MANY = 120
NAMES = [f"r{number:03}" for number in range(MANY)]


def add_many(shelf: Shelf, n: int = MANY, *, checked: set[int]) -> None:
    """Reviews of which people find a third, and the machine every fourth of the rest too."""
    for number in range(n):
        name = NAMES[number]
        shelf.review(name, str(2000 + number % 20))
        human = number % 3 == 0
        machine = human or number % 4 == 0
        shelf.text(
            name,
            [[FAILING] if machine else []],
            judged={0: [FAILING] if human else []} if number in checked else {},
        )


def test_checking_every_review_is_a_census(shelf: Shelf) -> None:
    add_many(shelf, 60, checked=set(range(60)))
    cell = shelf.row().either
    assert isinstance(cell.corrected, Estimate)
    assert cell.corrected.method == "census"
    assert cell.corrected.share == cell.human.share
    assert cell.corrected.ci_low == cell.corrected.ci_high


def test_a_sample_with_known_chances_is_corrected(shelf: Shelf) -> None:
    drawn = set(random.Random(1).sample(range(MANY), 60))
    add_many(shelf, checked=drawn)
    sample = ReviewSample(
        probability=dict.fromkeys(NAMES, 60 / MANY),
        drawn=frozenset(NAMES[number] for number in drawn),
    )
    cell = shelf.row(sample=sample).either
    assert isinstance(cell.corrected, Estimate)
    assert cell.corrected.method == "prediction-powered"
    assert cell.n_human_checked == 60
    assert cell.corrected.ci_low < 1 / 3 < cell.corrected.ci_high
    assert cell.machine.ci_low is not None
    assert cell.machine.ci_low > 0.33  # the machine's own count misses it


def test_the_desks_own_draws_are_the_sample(shelf: Shelf) -> None:
    add_many(shelf, checked=set())
    lead = add_coder(shelf.store, "ana", Role.LEAD, "a long invented sentence", at=CAPTURED_AT)
    plan = DrawPlan(
        title="Sixty reviews", kind=DrawKind.REVIEWS, size=60, seed=4, coder_ids=(lead.coder_id,)
    )
    before = shelf.row().either.corrected
    drawn = draw(
        shelf.store,
        plan,
        codebook_version="c",
        tagger_version="t1",
        by=lead.coder_id,
        at=CAPTURED_AT,
    )
    unfinished = shelf.row().either.corrected
    sample = review_sample(shelf.store)
    assert sample is not None
    assert drawn.frame_size == MANY
    add_many(shelf, checked={NAMES.index(review_id) for review_id in sample.drawn})
    cell = shelf.row().either
    assert [each.code for each in (before, unfinished) if isinstance(each, Refusal)] == [
        "no-sample",
        "sample-unfinished",
    ]
    assert isinstance(cell.corrected, Estimate)
    assert cell.n_human_checked == 60
    assert cell.corrected.ci_low < 1 / 3 < cell.corrected.ci_high
    parts = count_grouped(shelf.store, ONE, CountQuestion(), by="nation")[1]
    assert parts["England"].rows[0].either.corrected == cell.corrected


def test_checks_outside_the_sample_do_not_enter_the_estimate(shelf: Shelf) -> None:
    drawn = set(random.Random(1).sample(range(MANY), 60))
    add_many(shelf, checked=drawn | set(range(0, MANY, 3)))
    sample = ReviewSample(
        probability=dict.fromkeys(NAMES, 60 / MANY),
        drawn=frozenset(NAMES[number] for number in drawn),
    )
    corrected = shelf.row(sample=sample).either.corrected
    assert isinstance(corrected, Estimate)
    assert corrected.n_checked == 60


@pytest.mark.parametrize(
    ("probability", "drawn", "code"),
    [
        (None, None, "no-sample"),
        ({}, range(40), "unknown-chances"),
        (1 / 3, range(50), "sample-unfinished"),
    ],
)
def test_a_sample_that_cannot_speak_for_the_rest_is_refused(
    shelf: Shelf, probability: float | None, drawn: range | None, code: str
) -> None:
    add_many(shelf, checked=set(range(40)))
    sample = None
    if drawn is not None:
        chances = dict.fromkeys(NAMES, probability) if isinstance(probability, float) else {}
        sample = ReviewSample(
            probability={name: chance for name, chance in chances.items() if chance},
            drawn=frozenset(NAMES[number] for number in drawn),
        )
    corrected = shelf.row(sample=sample).either.corrected
    assert isinstance(corrected, Refusal)
    assert corrected.code == code
    assert corrected.reason.endswith(".")


def test_a_sample_of_reviews_that_the_machine_has_not_read_is_refused(shelf: Shelf) -> None:
    add_many(shelf, checked=set(range(40)))
    shelf.review("unread")
    shelf.text("unread", [[]], read=False)
    sample = ReviewSample(probability={}, drawn=frozenset())
    corrected = shelf.row(sample=sample).either.corrected
    assert isinstance(corrected, Refusal)
    assert corrected.code == "not-analysed"


def test_reviews_of_one_case_are_one_cluster(shelf: Shelf) -> None:
    for number in range(60):
        shelf.review(f"r{number}", case_id=f"case {number // 2}")
        shelf.text(f"r{number}", [[FAILING]])
    assert shelf.table().coverage.cases == 30


# -- what is behind a figure ------------------------------------------------------


def recount(store: Store, figure: PlainFigure) -> set[str | None]:
    """The reviews that a figure's passages are about."""
    passages = store.get_passages(figure.passage_ids)
    documents = store.get_documents(passage.document_id for passage in passages)
    return {documents[passage.document_id].review_id for passage in passages}


def test_every_cell_of_the_catalogue_recounts_from_its_passages(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    add_catalogue(store, codebook_version="0.1.0+test")
    judgements = {each.passage_id: each for each in store.iter_judgements()}
    themes = sorted({code.theme for each in judgements.values() for code in each.codes})
    groups = tuple(ThemeGroup(key=theme, themes=(theme,)) for theme in themes)
    table = count_reviews(store, groups, CountQuestion(from_year=1974, to_year=2026))
    assert table.coverage.checked == table.coverage.reviews_held > 140
    cells = 0
    for row in table.rows:
        for level in (None, *Level):
            figure = row.cell(level).human
            assert recount(store, figure) == set(figure.review_ids)
            assert len(figure.review_ids) == figure.n <= figure.denominator
            for passage_id in figure.passage_ids:
                passage = store.get_passages([passage_id])[0]
                assert any(
                    code.theme == row.group.key
                    and level in {None, code.level}
                    and is_failing(make_finding(passage, code))
                    for code in judgements[passage.passage_id].codes
                )
            cells += 1
    assert cells == 3 * len(themes) > 90


def test_leaving_out_a_passage_moves_only_what_rests_on_it(shelf: Shelf) -> None:
    shelf.review("twice")
    shelf.review("once")
    twice = shelf.text("twice", [[FAILING], [FAILING]])
    once = shelf.text("once", [[FAILING, SYSTEM]], judged={0: [FAILING]})

    def counts(*passages: Passage) -> list[int]:
        row = shelf.row(
            question=CountQuestion(
                exclude_passages=frozenset(passage.passage_id for passage in passages)
            )
        )
        return [row.either.machine.n, row.system.machine.n, row.either.human.n]

    assert counts() == [2, 1, 1]
    assert counts(twice[0]) == [2, 1, 1]
    assert counts(*twice) == [1, 1, 1]
    assert counts(once[0]) == [1, 0, 0]
    excluded = CountQuestion(exclude_passages=frozenset({once[0].passage_id}))
    coverage = shelf.table(question=excluded).coverage
    assert (coverage.reviews_held, coverage.excluded_passages) == (2, 1)


def test_the_order_of_adding_does_not_matter(tmp_path: Path) -> None:
    tables = []
    for seed in (1, 2, 3):
        shelf = Shelf(open_store(tmp_path / str(seed)))
        numbers = list(range(50))
        random.Random(seed).shuffle(numbers)
        for number in numbers:
            shelf.review(f"r{number}", str(2000 + number % 7), case_id=f"c{number // 2}")
            shelf.text(
                f"r{number}",
                [[FAILING] if number % 3 else [SYSTEM], []],
                judged={0: [FAILING] if number % 2 else [], 1: []},
            )
        tables.append(shelf.table((*ONE, TWO)))
    assert tables[0] == tables[1] == tables[2]


def test_a_hundred_groups_cost_no_more_queries_than_one(shelf: Shelf) -> None:
    from sqlalchemy import event

    shelf.review("r1")
    shelf.text("r1", [[FAILING]])
    queries: list[str] = []
    event.listen(
        shelf.store._engine,
        "before_cursor_execute",
        lambda *args: queries.append(args[2]),
    )
    shelf.table()
    one = len(queries)
    queries.clear()
    shelf.table(ONE * 100)
    assert len(queries) <= one <= 9
