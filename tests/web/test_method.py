"""The method page: the figures that ship, in words, and what is said where they are few."""

from html import unescape

from portal_world import PortalWorld

from nlp.codebook import load_codebook
from nlp.measured import load_measured
from nlp.tagger import tagger_version
from web.views.method import CONFIDENT_RECALL


def test_every_theme_is_measured_or_named_as_too_rare(world: PortalWorld) -> None:
    page = unescape(world.client.get("/method").get_data(as_text=True))
    measured = load_measured()
    assert {one.theme_id for one in measured.themes} == {
        theme.theme_id for theme in load_codebook().themes
    }
    for theme in load_codebook().themes:
        assert theme.label in page


def test_figures_are_those_of_the_tagger_that_ships() -> None:
    assert load_measured().tagger_version == tagger_version()


def test_a_theme_s_shares_fit_its_passages() -> None:
    for theme in (*load_measured().top_themes, *load_measured().themes):
        right = (theme.recall or 0) * theme.passages
        assert abs(right - round(right)) < 0.01
        assert round(right) <= min(theme.passages, theme.found)
        if theme.interval and theme.f1 is not None:
            assert theme.interval[0] <= theme.f1 <= theme.interval[1]


def test_how_many_failings_are_missed_follows_from_the_measurement(world: PortalWorld) -> None:
    """A sentence that is written by hand would stand long after the machine had changed."""
    recall = next(one for one in load_measured().figures if one.name == CONFIDENT_RECALL)
    page = unescape(world.client.get("/method").get_data(as_text=True))
    assert f"about {round(10 * (1 - recall.value))} in 10 failings are missed" in page
