"""The parts of the report on tagging, on small invented codings."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import pytest
from charts import Point, Series, draw_chart, unit_axis
from markdown import MissingBlockError, set_block, table
from package_copy import PackageCopy
from samples import make_code
from tag_measures import (
    above,
    calibration,
    given_stance,
    instead_of,
    macro_interval,
    pair_outcomes,
    where_missed,
    wilson,
)
from tag_own_pages import catalogue_part, curve_chart, curve_part, off_domain_part
from tag_pages import confusion_part, figures_table, theme_tables
from tag_results import Scored, measure_off_domain, score_reviews, score_set
from tag_sets import Coded, has_dev, read_catalogue, read_dev, read_off_domain, read_stance_pairs

from corpus.model import Code, Kind, Span, Stance
from nlp.codebook import load_codebook
from nlp.embed import DIMENSION, Vectors
from nlp.tag_settings import load_cuts
from nlp.tagger import TaggedCode, TaggedPassage, load_tagger
from nlp.training_rows import load_training_rows

ROLLUP = load_codebook().rollup
CHECKS, LATE, LOOP, FEAR = (
    "checks-not-made",
    "shared-too-late",
    "loop-not-closed",
    "data-protection-fear",
)


def tagged(
    theme: str, score: float = 0.5, stance: Stance = Stance.FAILING, *, confident: bool = False
) -> TaggedCode:
    return TaggedCode(
        code=make_code(theme, stance),
        score=score,
        confident=confident,
        evidence=(Span(0, 1),),
        support=(),
    )


def zeros() -> Vectors:
    import numpy as np

    return np.zeros(DIMENSION, dtype=np.float32)


class WordTagger:
    """Finds checks not made, confidently, wherever ``check`` stands."""

    def tag(self, texts: Sequence[str], kinds: Sequence[Kind]) -> list[TaggedPassage]:
        assert len(texts) == len(kinds)
        return [
            TaggedPassage(
                codes=(tagged(CHECKS, 0.9, confident=True),) if "check" in text else (),
                untagged=None,
                theme_scores={},
                vector=zeros(),
            )
            for text in texts
        ]


def coded(*rows: tuple[str, Sequence[Code], str]) -> Coded:
    return Coded(
        texts=tuple(text for text, _, _ in rows),
        kinds=(Kind.REVIEW,) * len(rows),
        gold=tuple(tuple(codes) for _, codes, _ in rows),
        groups=tuple(group for _, _, group in rows),
    )


@pytest.fixture
def scored() -> Scored:
    """Three passages of two reviews, one of them read wrongly."""
    return score_set(
        coded(
            ("No check was made.", [make_code(CHECKS)], "verbatim"),
            ("It came a week late.", [make_code(LATE)], "verbatim"),
            ("They checked the roof.", [], "restated"),
        ),
        WordTagger(),
    )


def test_what_was_found_instead_is_counted_and_siblings_are_told() -> None:
    gold = [[make_code(LATE)], [make_code(LATE)], [make_code(CHECKS)], [make_code(CHECKS)]]
    found = [[tagged(LOOP)], [tagged(LOOP), tagged(FEAR)], [tagged(FEAR)], []]
    first, *rest = instead_of(gold, found, ROLLUP)
    assert (first.wanted, first.found, first.count, first.siblings) == (LATE, LOOP, 2, True)
    assert {(one.wanted, one.found, one.count, one.siblings) for one in rest} == {
        (LATE, FEAR, 1, False),
        (CHECKS, FEAR, 1, False),
    }
    missed = where_missed(gold, found, ROLLUP)
    assert (missed.sibling, missed.other, missed.nothing) == (2, 1, 1)


def test_a_theme_that_was_found_too_is_not_confused() -> None:
    assert instead_of([[make_code(LATE)]], [[tagged(LATE), tagged(LOOP)]], ROLLUP) == []


def test_findings_are_sorted_by_score_and_the_right_ones_counted() -> None:
    gold = [[make_code(CHECKS)], []]
    found = [[tagged(CHECKS, 0.5), tagged(LATE, 0.3)], [tagged(CHECKS, 0.7)]]
    low, high = calibration(gold, found, (0.0, 0.5, 1.0))
    assert (low.count, low.right, low.mean_score) == (1, 0, 0.3)
    assert (high.count, high.right) == (2, 1)
    assert high.mean_score == pytest.approx(0.6)


def test_an_interval_of_a_share_is_wilsons() -> None:
    assert wilson(0, 600) == pytest.approx((0.0, 0.00636), abs=1e-5)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_one_stance_for_both_is_counted_unless_abstained() -> None:
    failing, good = Stance.FAILING, Stance.GOOD_PRACTICE
    outcomes = pair_outcomes(
        [(failing, good)] * 4,
        [(failing, good), (failing, failing), (None, None), (failing, None)],
    )
    assert (outcomes.both_right, outcomes.same) == (0.25, 0.25)
    assert outcomes.accuracy == pytest.approx(4 / 8)
    assert outcomes.abstained == pytest.approx(3 / 8)


def test_a_stance_is_taken_from_the_theme_before_its_siblings() -> None:
    codes = [tagged(LOOP, 0.9, Stance.BACKGROUND), tagged(LATE, 0.2)]
    assert given_stance(codes, LATE, ROLLUP, confident=False) is Stance.FAILING
    assert given_stance(codes[:1], LATE, ROLLUP, confident=False) is Stance.BACKGROUND
    assert given_stance(codes, LATE, ROLLUP, confident=True) is None
    assert given_stance(codes, FEAR, ROLLUP, confident=False) is None


def test_raising_the_cut_leaves_the_surer_findings() -> None:
    assert above([[tagged(LATE, 0.1), tagged(LOOP, 0.2)]], 0.2) == [(tagged(LOOP, 0.2),)]
    assert above([[tagged(LATE, 0.3), tagged(LOOP, 0.2)]], 0.2, 0.25) == [(tagged(LATE, 0.3),)]


def test_an_interval_of_macro_f1_holds_it() -> None:
    gold = [[make_code(CHECKS)]] * 6 + [[make_code(LATE)]] * 6
    found = [[tagged(CHECKS)]] * 3 + [[]] * 3 + [[tagged(LATE)]] * 6
    low, high = macro_interval(gold, found) or (0.0, 0.0)
    assert low < (2 / 3 + 1) / 2 < high <= 1
    assert macro_interval(gold[:2], found[:2]) is None


def test_false_findings_are_counted_a_passage_each() -> None:
    passages = coded(("They check tickets.", [], "a"), ("A fine day.", [], "b"))
    measured = measure_off_domain(passages, WordTagger())
    assert (measured.passages, measured.confident) == (2, 1)
    text = off_domain_part(measured)
    assert "(500 in a thousand)" in text
    assert "They check tickets." in text
    assert "A fine day." not in text


def test_reviews_are_scored_apart_worst_first() -> None:
    worst, best = score_reviews(
        score_set(
            coded(
                ("No check was made.", [make_code(CHECKS)], "one-2001"),
                ("It came late.", [make_code(LATE)], "two-2002"),
                ("A fine day.", [], "three-2003"),
            ),
            WordTagger(),
        )
    )
    assert (worst.review, worst.top_f1, worst.stance_kappa) == ("two-2002", 0.0, None)
    assert (best.review, best.top_f1) == ("one-2001", 1.0)


def test_no_text_of_a_labelled_passage_reaches_the_page(scored: Scored) -> None:
    off_domain = measure_off_domain(coded(("A fine day.", [], "a")), WordTagger())
    page = "\n".join(
        [figures_table(scored, off_domain), theme_tables(scored.figures), confusion_part(scored)]
    )
    assert "| top theme, micro F1 | 0.50 |" in page
    assert "| top theme, micro F1 | 0.50 |" in catalogue_part(scored)
    assert not [text for text in scored.coded.texts if text in page]


def test_padding_leaves_the_passage_whole(scored: Scored) -> None:
    padded = scored.coded.padded()
    assert all(a in b and a != b for a, b in zip(scored.coded.texts, padded.texts, strict=True))
    assert padded.gold == scored.coded.gold


def test_a_block_is_replaced_and_the_rest_of_the_page_stays() -> None:
    page = "Before.\n<!-- measured: own -->\nold\n<!-- end: own -->\nAfter.\n"
    once = set_block(page, "own", "new\n")
    assert once == "Before.\n<!-- measured: own -->\n\nnew\n\n<!-- end: own -->\nAfter.\n"
    assert set_block(once, "own", "new") == once
    with pytest.raises(MissingBlockError, match="measured: dev"):
        set_block(page, "dev", "new")


def test_a_bar_or_a_line_break_breaks_no_table() -> None:
    assert table(("a",), [("x|y\nz",)]).splitlines()[-1] == "| x\\|y z |"


def test_a_chart_is_well_formed_and_puts_points_where_they_belong() -> None:
    points = [Point(x=0, y=0), Point(x=1, y=1, low=0.8, high=1)]
    axis = unit_axis("score & share")
    drawn = draw_chart("A <chart>", [Series(name="one", points=points)], axis, axis, diagonal=True)
    circles = ET.fromstring(drawn).findall("{http://www.w3.org/2000/svg}circle")
    first, second = [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in circles]
    assert first[0] < second[0]
    assert first[1] > second[1]
    assert drawn.count("stroke-dasharray") == 1


def test_the_learning_curve_shows_every_size_and_each_doubling_as_one_step() -> None:
    figures = {"top_theme": 0.4, "theme": 0.3, "best_top_theme": 0.45, "best_theme": 0.35}
    sizes = [
        {"rows": float(rows), "seconds": 120.0, "stance_kappa": 0.5, **figures}
        for rows in (100, 200, 400)
    ]
    assert "| 200 | 0.40 | 0.30 | 0.45 | 0.35 | 0.50 | 2 |" in curve_part(sizes)
    circles = ET.fromstring(curve_chart(sizes)).findall("{http://www.w3.org/2000/svg}circle")
    across = [float(one.attrib["cx"]) for one in circles[:3]]
    assert across[1] - across[0] == pytest.approx(across[2] - across[1], abs=0.2)


def test_our_own_sets_are_as_large_as_the_report_says() -> None:
    assert len(read_off_domain().texts) >= 500
    assert len(read_stance_pairs()) >= 300
    assert not [codes for codes in read_off_domain().gold if codes]


def test_no_row_is_trained_on_that_the_catalogue_measures() -> None:
    assert not {row.text for row in load_training_rows()} & set(read_catalogue().texts)


@pytest.mark.skipif(not has_dev(), reason="the labelled passages are not here")
def test_labelled_passages_are_read_with_their_groups() -> None:
    read = read_dev()
    assert set(read.groups) == {"verbatim", "restated"}
    assert len(read.texts) == len(read.gold) == len(read.groups)


def test_a_smaller_part_of_the_rows_is_within_a_larger_one(tmp_path: Path) -> None:
    kept: list[set[str]] = []
    for name, share in (("a", 0.1), ("b", 0.4)):
        copy = PackageCopy(tmp_path / name)
        count = copy.keep_rows(share)
        folder = tmp_path / name / "nlp/data/training"
        rows = {
            f"{path.name}:{number}"
            for path in folder.glob("*.jsonl")
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
            if line and json.loads(line)["text"]
        }
        assert len(rows) == count
        assert abs(count - share * len(load_training_rows())) < 300
        kept.append(rows)
    assert kept[0] < kept[1]


@pytest.mark.model
def test_a_copy_with_other_cuts_finds_the_same_above_the_cut_that_ships(tmp_path: Path) -> None:
    texts = [
        "The police knew of the convictions but did not share this with the school.",
        "Staff wrongly believed that they needed consent, and no checks were made with the GP.",
        "A fine day.",
    ]
    kinds, cuts = [Kind.REVIEW] * 3, load_cuts()
    copy = PackageCopy(tmp_path)
    low, high = copy.tag(texts, kinds, [(0.02, cuts.confident), (0.02, 0.99)])
    shipped = [
        [(one.code, one.confident) for one in each.codes]
        for each in load_tagger().tag(texts, kinds)
    ]
    kept = above(low, cuts.possible, cuts.further)
    assert [[(one.code, one.confident) for one in codes] for codes in kept] == shipped
    assert sum(map(len, low)) > sum(map(len, shipped)) > 0
    assert sum(one.confident for codes in high for one in codes) < sum(
        one.confident for codes in low for one in codes
    )
