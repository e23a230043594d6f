"""Two sides, each with its denominator, and a difference only where one can be told."""

import math
import re
from html import unescape

import pytest
from portal_world import PortalWorld

from corpus.count_table import PlainFigure
from web.charts.compared import difference_words
from web.side_by_side import difference


def figure(n: int, of: int) -> PlainFigure:
    return PlainFigure(
        n=n,
        denominator=of,
        share=n / of if of else None,
        ci_low=None,
        ci_high=None,
        n_digest_only=0,
        n_children=0,
        n_children_stated=0,
        review_ids=(),
        passage_ids=(),
    )


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe (1998), paper on differences, table II, example (a): 56 of 70 and 48 of 80.
    found = difference(figure(48, 80), figure(56, 70))
    assert found is not None
    assert (found.points, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert difference_words(found) == "20 points more (+5 to +33)"


def test_a_difference_that_can_be_none_is_not_called_one() -> None:
    found = difference(figure(1, 4), figure(2, 4))
    assert found is not None
    assert found.low < 0 < found.high
    assert difference_words(found).startswith("no clear difference")


def test_no_difference_is_told_where_a_side_has_no_review() -> None:
    assert difference(figure(0, 0), figure(2, 4)) is None


def test_two_periods_stand_side_by_side_with_the_reviews_behind_each_figure(
    world: PortalWorld,
) -> None:
    page = world.get("/compare?a_from=1970&a_to=1999&b_from=2000&b_to=2009")
    assert "Every review on both sides was read whole by a person" in page
    assert "1970 to 1999: 1 of 1 review" in words_of(page)
    row = page[page.index("Information known but not passed on</a></th>") :].split("</tr>")[0]
    assert "1 of 1 review" in words_of(row)
    links = [unescape(link) for link in re.findall(r'href="(/recurrence\?[^"]*)"', row)]
    assert len(links) == 2
    assert {"from=1970", "to=1999", "theme=not-passed-on"} <= set(re.split(r"[?&#]", links[0]))
    assert "The school and the surgery each kept" in unescape(world.get(links[0]))


@pytest.mark.parametrize(
    "asked",
    [
        "a_from=1970&a_to=1999&b_from=2000&b_to=2009",
        "what=nations&a=England&b=Wales",
        "what=themes",
    ],
)
def test_the_picture_says_that_a_rise_in_counts_is_not_one_in_failure(
    world: PortalWorld, asked: str
) -> None:
    page = world.get(f"/compare?{asked}")
    picture = words_of(page[page.index("<figure") : page.index("</figure>")])
    assert "a rise in counts is not a rise in failure" in picture


def test_a_period_without_a_review_is_no_nought(world: PortalWorld) -> None:
    page = words_of(world.get("/compare?a_from=1980&a_to=1989&b_from=2000&b_to=2020"))
    assert "no review held" in page
    assert "not given" in page


def test_periods_that_share_years_and_two_themes_get_no_difference(world: PortalWorld) -> None:
    shared = words_of(world.get("/compare?a_from=1970&a_to=2010&b_from=2000&b_to=2020"))
    assert "The two periods share years" in shared
    themes = words_of(world.get("/compare?what=themes&a=siloed-working&b=not-passed-on"))
    assert "one review can find both" in themes
    for page in (shared, themes):
        assert " points " not in page.split("As a picture")[0]


def test_two_nations_are_compared_and_every_other_filter_holds_on_both_sides(
    world: PortalWorld,
) -> None:
    page = words_of(world.get("/compare?what=nations&a=England&b=Wales&by=theme"))
    assert "Compare: England and Wales" in page
    assert "Siloed decision-making" in page or "Siloed decisions" in page
    assert "is not a difference in practice" in page


def test_a_page_that_is_opened_for_the_first_time_is_not_empty(world: PortalWorld) -> None:
    for address in ("/compare", "/compare?what=themes", "/compare?what=nations"):
        assert "<figure" in world.get(address), address


def test_a_side_that_is_missing_or_cannot_be_is_told(world: PortalWorld) -> None:
    assert "Give both sides" in world.get("/compare?a_from=1980&a_to=1999")
    assert "a_from (1999) is after a_to (1980)" in unescape(
        world.get("/compare?a_from=1999&a_to=1980&b_from=2000&b_to=2001", status=400)
    )
    world.get("/compare?what=nations&a=England&b=Atlantis", status=400)
    world.get("/compare?what=themes&a=siloed-working&b=nonsense", status=404)
    world.get("/charts/compare.csv?what=nations&a=England", status=400)


def test_the_interval_grows_as_reviews_get_fewer() -> None:
    many, few = difference(figure(40, 80), figure(60, 80)), difference(figure(4, 8), figure(6, 8))
    assert many is not None
    assert few is not None
    assert math.isclose(many.points, few.points)
    assert few.high - few.low > many.high - many.low
