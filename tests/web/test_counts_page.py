"""The counts page: what it asks, what it says beside its figures, and what it refuses to draw."""

import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook
from portal_world import PortalWorld

from corpus.model import Level
from web.counting import NOTES


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_three_figures_stand_side_by_side_with_their_denominator(world: PortalWorld) -> None:
    page = world.get("/counts?by=theme&from=1970&to=2020")
    text = words(page)
    assert "3 reviews held with usable text, 1970 to 2020" in text
    row = text[text.index("Not shared between agencies Either level") :]
    assert row.startswith(
        "Not shared between agencies Either level 0 of 3 2 of 2 by people: show the passages"
    )
    assert "2 of 3 reviews were checked by hand, and not as a sample" in row
    assert all(note in text for note in NOTES)
    assert "Snapshot" in text


def test_levels_stand_apart_and_can_be_asked_for_alone(world: PortalWorld) -> None:
    text = words(world.get("/counts"))
    assert all(label in text for label in ("Either level", "One child’s case", "Beyond one case"))
    one = world.get(f"/counts?level={Level.SYSTEM.value}")
    assert "Either level" not in words(one).split("Read this before")[0].replace(
        "Either, and both apart", ""
    )


def test_the_clock_decides_which_reviews_are_counted(world: PortalWorld) -> None:
    by_incident = words(world.get("/counts?date_axis=incident"))
    assert "1 reviews held with usable text, 1973 to 1973" in by_incident
    assert "2 more have no incident date" in by_incident


def test_years_are_shares_with_a_warning_and_no_line(world: PortalWorld) -> None:
    page = world.get("/counts?from=1970&to=2020&theme=siloed-working")
    text = words(page)
    assert "Siloed working and decisions, year by year" in text
    assert "more finds are not more failings" in text
    assert "No line is drawn through these numbers" in text
    assert "<svg" not in page
    # A year without reviews is a gap; one of few reviews has no share in per cent.
    assert "1975 0 – nothing to count" in text
    year = text[text.index("2013 1 ") :]
    assert year.startswith("2013 1 1 of 1 by the machine: show the passages – nothing to count")


def test_the_counter_theme_stands_apart(world: PortalWorld) -> None:
    text = words(world.get("/counts?by=theme"))
    before, after = text.split("The opposite fault")
    assert "Unlawful or excessive sharing" in after
    assert (
        "Unlawful or excessive sharing"
        not in before.split("year by year")[0].split("Corrected estimate")[1]
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2020&to=2010", "after to"),
        ("from=x", "from:"),
        ("nation=Atlantis", "Atlantis"),
        ("level=family", "level:"),
        ("date_axis=moon", "date_axis:"),
    ],
)
def test_a_form_that_cannot_be_used_says_what_to_change(
    world: PortalWorld, query: str, said: str
) -> None:
    text = words(world.get(f"/counts?{query}", 400))
    assert "Please change the form" in text
    assert said in text


@pytest.mark.parametrize(
    "query",
    [
        "theme=none-such&figure=machine",
        "theme=siloed-working&figure=corrected",
        "theme=siloed-working&figure=machine&level=family",
        "theme=siloed-working&figure=machine&page=0",
        "theme=siloed-working&figure=machine&page=99",
        "theme=crosswalk:none-such&figure=machine",
        "theme=siloed-working&figure=machine&from=x",
    ],
)
def test_passages_of_no_cell_are_refused(world: PortalWorld, query: str) -> None:
    world.get(f"/counts/passages?{query}", 400)


def test_passages_behind_a_figure_say_what_they_count_for(world: PortalWorld) -> None:
    text = words(world.get("/counts/passages?theme=siloed-working&figure=machine"))
    assert "1 of 3 reviews, in 1 passage: found by the machine. Either level." in text
    assert "Counted for: Siloed decision-making, " in text


def test_the_workbook_of_the_page_has_its_passages(world: PortalWorld) -> None:
    response = world.client.get("/counts.xlsx?from=1970&to=2020")
    assert response.status_code == 200
    workbook = load_workbook(io.BytesIO(response.data))
    assert workbook.sheetnames == ["figures", "passages", "notes"]
    assert world.client.get("/counts.xlsx?from=2020&to=1970").status_code == 400


def test_every_file_of_the_page_can_be_had(world: PortalWorld) -> None:
    page = world.get("/counts?from=1970&to=2020&by=theme&date_axis=publication")
    files = page[page.index('aria-label="Files of these counts"') :]
    addresses = [unescape(each) for each in re.findall(r'href="([^"]+)"', files.split("</ul>")[0])]
    assert len(addresses) == 3
    for address in addresses:
        assert world.client.get(address).status_code == 200, address
