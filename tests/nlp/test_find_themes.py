"""How themes are chosen from their scores."""

import numpy as np

from nlp.find_themes import RESIDUAL, choose_themes
from nlp.heads import load_heads
from nlp.tag_settings import Cuts

THEMES = load_heads().theme.themes
CUTS = Cuts(possible=0.2, further=0.25, confident=0.6)


def chosen(scores: dict[str, float]) -> set[str]:
    row = np.asarray([scores.get(theme, 0.01) for theme in THEMES], dtype=np.float32)
    return {THEMES[place] for place in choose_themes(row, THEMES, CUTS)}


def test_themes_below_the_cut_are_no_findings() -> None:
    assert chosen({"checks-not-made": 0.19}) == set()
    assert chosen({"checks-not-made": 0.21}) == {"checks-not-made"}


def test_a_further_theme_is_harder_to_reach_than_the_first() -> None:
    assert chosen({"checks-not-made": 0.5, "siloed-decisions": 0.24}) == {"checks-not-made"}
    both = {"checks-not-made": 0.5, "siloed-decisions": 0.26}
    assert chosen(both) == set(both)


def test_at_most_four_themes_are_found_the_best_ones() -> None:
    scores = {theme: 0.3 + place / 100 for place, theme in enumerate(THEMES[:3] + THEMES[-4:])}
    assert chosen(scores) == set(THEMES[-4:])


def test_the_residual_gives_way_to_a_better_mechanism_and_not_to_a_reason() -> None:
    assert chosen({RESIDUAL: 0.4, "shared-too-late": 0.5}) == {"shared-too-late"}
    assert chosen({RESIDUAL: 0.6, "shared-too-late": 0.5}) == {RESIDUAL}
    both = {RESIDUAL: 0.4, "workload-and-staffing": 0.5}
    assert chosen(both) == set(both)
