"""Two coders and a lead, in a browser: from a draw to an adjudicated figure in the counts."""

import json
import urllib.request
from pathlib import Path

import pytest
from browsing import axe_problems, chromium
from desk_world import PASSWORD, DeskWorld, make_desk
from playwright.sync_api import Browser, Page
from served import serve_app

from corpus.settings import Settings
from web.app import create_app

pytestmark = pytest.mark.browser

SLOW = 60_000
"""Milliseconds that a page may take on a busy machine."""


def sign_in(browser: Browser, address: str, name: str) -> Page:
    page = browser.new_context(base_url=address).new_page()
    page.set_default_timeout(SLOW)
    page.goto("/desk/")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url("**/desk/")
    return page


def draw(lead: Page) -> None:
    """Five whole reviews of two passages each, three of the ten coded twice."""
    lead.click("nav >> text=Draws")
    lead.fill("#title", "Reviews of the 2010s")
    lead.fill("#size", "5")
    lead.fill("#seed", "7")
    lead.fill("#double", "30")
    lead.check("text=Ana")
    lead.check("text=Ben")
    lead.click("button:has-text('Draw')")
    lead.wait_for_url("**/desk/draws/1")
    assert "10, 3 of them twice" in lead.content()


def code_all(page: Page, *, theme: str) -> int:
    """Code whatever is open, by keys alone; a failing in what nobody was told of."""
    page.goto("/desk/")
    page.click(".go")
    done = 0
    while "/desk/items/" in page.url:
        url = page.url
        text = page.inner_text(".to-code")
        if not text.startswith("Nobody told"):
            page.keyboard.press("n")
        elif page.locator("[data-key=c]").count():
            page.keyboard.press("c")
        else:
            fill_line(page, theme)
            page.keyboard.press("Escape")
            page.keyboard.press("s")
        page.wait_for_function("url => location.href !== url", arg=url)
        done += 1
    return done


def fill_line(page: Page, theme: str) -> None:
    """Choose theme, stance and level in the first empty line, by the keyboard."""
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.name") == "theme-0"
    for field, value in (
        ("theme-0", theme),
        ("stance-0", "failing-found"),
        ("level-0", "case"),
    ):
        assert page.evaluate("document.activeElement.name") == field
        page.locator(":focus").select_option(value)
        page.keyboard.press("Tab")


def human_count(address: str, theme: str) -> tuple[int, int]:
    """How many of the reviews checked by hand find a theme, as the API has it."""
    asked = f"{address}/api/v1/counts?by=theme"
    with urllib.request.urlopen(asked) as answer:
        rows = json.load(answer)["data"]["rows"]
    (row,) = [row for row in rows if row["theme"] == theme]
    figure = row["cells"][0]["human_checked"]
    return figure["n"], figure["denominator"]


@pytest.fixture
def desk(tmp_path: Path) -> DeskWorld:
    return make_desk(tmp_path / "data")


def test_two_coders_and_a_lead_come_to_an_adjudicated_figure(
    desk: DeskWorld, tmp_path: Path
) -> None:
    app = create_app(Settings(data_dir=tmp_path / "data"))
    with serve_app(app) as address, chromium() as browser:
        lead = sign_in(browser, address, "Lee")
        draw(lead)
        ana, ben = (sign_in(browser, address, name) for name in ("Ana", "Ben"))
        done = code_all(ana, theme="shared-too-late")
        done += code_all(ben, theme="not-shared-between-agencies")
        assert done == 13  # ten passages, three of them twice

        before = human_count(address, "shared-too-late")
        differing = [item for item in desk.items() if item.double and len(item.judged) == 2]
        lead.click("nav >> text=Differences")
        lead.wait_for_load_state("domcontentloaded")
        waiting = lead.locator(".record-list li").count()
        assert 1 <= waiting <= len(differing)
        problems = axe_problems(lead)
        decided = 0
        while lead.locator(".record-list a").count():
            lead.locator(".record-list a").first.click()
            lead.wait_for_load_state("domcontentloaded")
            problems += axe_problems(lead)
            lead.click("button:has-text('Decide as Ana')")
            lead.wait_for_url("**/desk/differences", wait_until="domcontentloaded")
            decided += 1
        assert decided == waiting
        after = human_count(address, "shared-too-late")
        assert after[1] == before[1] == 5
        assert after[0] == before[0] + decided

        for page, addresses in (
            (lead, ("", "progress", "draws", "draws/1", "agreement", "password")),
            (ana, ("", "items/1", "items/2", "items/3")),
        ):
            for name in addresses:
                page.goto(f"/desk/{name}")
                problems += axe_problems(page)
        assert problems == []
