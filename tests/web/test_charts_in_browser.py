"""Figures in Debian's Chromium, under the strict policy, with and without JavaScript."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from portal_world import PortalWorld
from served import serve_app

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: apt install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(world: PortalWorld) -> Iterator[str]:
    with serve_app(world.app) as address:
        yield address


def opened(browser: Browser, address: str, *, width: int = 1280, script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    return page


def test_a_figure_answers_with_script_and_the_policy_is_not_broken(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{site}/compare?what=nations&a=England&b=Wales")
    page.locator("#chart-compare").scroll_into_view_if_needed()
    page.wait_for_selector("#chart-compare .chart-live svg")
    live = page.locator("#chart-compare .chart-live")
    assert live.get_attribute("role") == "img"
    assert (live.get_attribute("aria-label") or "").startswith("Chart: England beside Wales")
    assert page.locator("#chart-compare picture").is_hidden()
    assert said == []
    context.close()


def test_without_script_the_picture_and_its_table_are_there(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/recurrence", script=False)
    assert page.locator("#chart-strips img").is_visible()
    page.locator("#chart-strips summary").click()
    assert page.locator("#chart-strips table").is_visible()
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize(
    "address", ["/", "/recurrence", "/recurrence?theme=siloed-working", "/compare"]
)
def test_no_page_is_wider_than_the_screen(
    browser: Browser, site: str, address: str, width: int
) -> None:
    page = opened(browser, f"{site}{address}", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_the_words_behind_a_mark_show_on_focus_and_go_with_escape(
    browser: Browser, site: str
) -> None:
    page = opened(browser, f"{site}/recurrence")
    mark = page.locator('.matrix td a[href^="/passages/"]').first
    tip = mark.locator(".tip")
    assert tip.is_hidden()
    mark.focus()
    assert tip.is_visible()
    assert "The school and the surgery each kept" in tip.inner_text()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert tip.is_visible()
    box = mark.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    page.context.close()
