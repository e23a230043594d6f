"""The list of themes: how many reviews found each, and in which decades."""

from portal_world import PortalWorld

from corpus.recurrence import recurrence
from web.current import current_library
from web.views import themes
from web.views.themes import TALLEST


def test_every_number_recounts_from_the_reviews(world: PortalWorld) -> None:
    with world.app.app_context():
        library = current_library()
        page = themes.build(library)
    lines = [line for group in page.groups for line in group.themes]
    assert any(line.reviews for line in lines)
    for line in lines:
        again = recurrence(library.store, themes=[line.theme_id])
        found = [entry for entry in again.entries if entry.found_failing]
        assert line.reviews == len(found)
        for bar in line.decades:
            within = [e for e in found if e.date and f"{e.date.year // 10}0s" == bar.label]
            assert bar.reviews == len(within)


def test_a_top_theme_counts_a_review_once(world: PortalWorld) -> None:
    with world.app.app_context():
        page = themes.build(current_library())
    for group in page.groups:
        numbers = [line.reviews for line in group.themes]
        assert max(numbers) <= group.top.reviews <= sum(numbers)


def test_bars_stand_for_shares_and_decades_without_reviews_stay_as_gaps(
    world: PortalWorld,
) -> None:
    with world.app.app_context():
        page = themes.build(current_library())
    bars = [bar for group in page.groups for bar in group.top.decades]
    assert max(bar.height for bar in bars) == TALLEST
    assert [bar.label for bar in page.groups[0].top.decades] == [
        "1970s",
        "1980s",
        "1990s",
        "2000s",
        "2010s",
    ]
    assert "1970s, 1 of 1; 1980s, none held" in world.get("/themes")
