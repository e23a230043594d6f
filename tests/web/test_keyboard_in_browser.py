"""The portal by keyboard alone in Chromium: one long journey, and every page from end to end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import check, chromium
from keys import Keys
from playwright.sync_api import Browser, Page
from portal_world import PortalWorld
from search_world import make_search_world
from served import serve_app

pytestmark = [pytest.mark.browser]

SLOW = 120_000
"""Milliseconds that a page may take on a busy machine."""

ENDS = ("/", "/search?q=school", "/themes", "/recurrence", "/compare", "/counts", "/sources")
"""Pages that are gone through from the first thing that can have the focus to the last."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(browser: Browser, world: PortalWorld) -> Iterator[str]:
    del browser  # without one there is nothing to serve
    with serve_app(world.app) as served:
        yield served


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    # What scrolls smoothly has not arrived yet when it is looked at.
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    opened = context.new_page()
    opened.set_default_timeout(SLOW)
    yield opened
    context.close()


def test_a_reader_without_a_pointer_gets_everywhere(page: Page) -> None:
    keys = Keys(page)
    page.goto("/")
    search_and_read(keys)
    follow_a_failing(keys)
    open_a_theme(keys)
    compare_two_nations(keys)
    assert keys.problems == []
    assert len(keys.steps) >= 40


def search_and_read(keys: Keys) -> None:
    """Past the head, a search, its news and back, a filter, a result and back."""
    page = keys.page
    keys.press("Tab")
    assert "Skip to the content" in keys.steps[-1]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    keys.press("Tab")
    assert "#q" in keys.steps[-1]
    page.keyboard.type("school")
    keys.open()
    keys.tab_to("Leave this site")
    assert page.locator(":focus").get_attribute("href") == "https://www.bbc.co.uk/weather"
    keys.tab_to("News")
    keys.open()
    assert page.get_by_text("Narrowed to:").is_visible()
    keys.tab_to("remove")
    keys.open()
    assert page.get_by_text("Narrowed to:").count() == 0
    keys.tab_to("Narrow by theme")
    keys.press("Space")
    keys.tab_to("#f-nation")
    keys.press("ArrowDown")
    chosen = page.locator("#f-nation").input_value()
    assert chosen
    keys.tab_to("Apply")
    keys.open("Space")
    assert f"nation={chosen}" in page.url
    title = page.locator(".result h3 a").first.inner_text()
    keys.tab_to(title[:40])
    keys.open()
    assert "/reviews/" in page.url
    keys.back()
    assert "/search?" in page.url


def follow_a_failing(keys: Keys) -> None:
    """A mark of the recurrence with its words, the figures of a chart, and a file of them."""
    page = keys.page
    page.goto("/")
    keys.place = -1
    keys.tab_to("Recurrence")
    keys.open()
    keys.tab_to("The figures as a table")
    keys.press("Enter")
    keys.press("Tab")
    assert page.locator(":focus").get_attribute("role") == "region"
    keys.press("ArrowRight")
    keys.tab_to("Figures (CSV)")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    keys.tab_to("Failing found")
    tip = page.locator(":focus .tip")
    assert "The school and the surgery each kept" in tip.inner_text()
    keys.press("Escape")
    assert tip.is_hidden()
    keys.press("Shift+Tab")
    keys.press("Tab")
    assert tip.is_visible()
    keys.open()
    assert "/passages/" in page.url
    keys.back()


def open_a_theme(keys: Keys) -> None:
    """From the list of themes to what was recommended on one."""
    page = keys.page
    page.goto("/themes")
    keys.place = -1
    keys.tab_to("Lost in a move between areas")
    keys.open()
    keys.tab_to("Change proposed")
    keys.open()
    assert "stance=change-proposed" in page.url


def compare_two_nations(keys: Keys) -> None:
    """The form of two sides, filled in with arrows."""
    page = keys.page
    page.goto("/compare")
    keys.place = -1
    keys.tab_to("Two nations")
    keys.open()
    keys.tab_to("<select")
    before = page.locator(":focus").input_value()
    keys.press("ArrowDown")
    assert page.locator(":focus").input_value() != before
    keys.tab_to("Compare")
    keys.open("Space")
    assert "what=nations" in page.url


def test_a_list_is_narrowed_by_a_facet_and_widened_again(browser: Browser, tmp_path: Path) -> None:
    with serve_app(make_search_world(tmp_path / "data").app) as address:
        page = browser.new_context(base_url=address, reduced_motion="reduce").new_page()
        page.set_default_timeout(SLOW)
        page.goto("/search?nation=England&tab=all")
        keys = Keys(page)
        keys.tab_to("Narrow these results")
        keys.press("Space")
        keys.press("Tab")
        keys.press("Enter")
        keys.press("Tab")
        keys.open()
        assert page.get_by_text("Narrowed to:").is_visible()
        keys.tab_to("remove")
        keys.open()
        assert page.get_by_text("Narrowed to:").count() == 0
        assert keys.problems == []
        page.context.close()


@pytest.mark.parametrize("path", ENDS)
def test_the_tab_key_goes_through_a_page_in_order_and_back(page: Page, path: str) -> None:
    page.goto(path)
    keys = Keys(page)
    there, back = [], []
    for _ in range(check(page, "tabbable")):
        keys.press("Tab")
        there.append(keys.place)
    for _ in there[1:]:
        keys.press("Shift+Tab")
        back.append(keys.place)
    assert there == sorted(set(there)), "out of order, or held fast"
    assert back == there[-2::-1]
    assert keys.problems == []
