"""Theme, review, passage and sources pages in Chromium: axe-core, phone width, no JavaScript."""

from collections.abc import Iterator

import pytest
from browsing import axe_problems, chromium
from playwright.sync_api import Browser, Page
from portal_world import PortalWorld
from served import serve_app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(world: PortalWorld) -> Iterator[str]:
    with serve_app(world.app) as served:
        yield served


def _paths(world: PortalWorld) -> tuple[str, ...]:
    return (
        "/themes/lost-at-boundaries",
        "/themes/not-shared-between-agencies",
        "/themes/not-shared-between-agencies?stance=change-proposed",
        "/reviews/ann-example-1974",
        "/reviews/report-2013",
        f"/passages/{world.report_2013[0].passage_id}",
        f"/passages/{world.digest_1974[0].passage_id}",
        "/sources",
    )


def _is_wider_than_the_window(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    browser: Browser, address: str, world: PortalWorld, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    problems = []
    for path in _paths(world):
        page.goto(address + path)
        problems += axe_problems(page)
        problems += [f"{path} is too wide"] if _is_wider_than_the_window(page) else []
    context.close()
    assert problems == []


def test_stances_and_echoes_open_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/themes/lost-at-boundaries")
    page.get_by_role("link", name="Change proposed (1)").click()
    page.wait_for_load_state("domcontentloaded")
    assert page.get_by_text("Records should follow the child").count() >= 1
    page.goto(f"{address}/reviews/ann-example-1974")
    page.get_by_role("link", name="By theme and stance").click()
    page.get_by_role("link", name="Finding 1", exact=True).first.click()
    assert "#p" in page.url
    context.close()
