"""Every template in Chromium: axe-core, widths, spacing, colours that are forced, tables, paper."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest
from browsing import COLOURS, EVERY_RULE, axe_problems, check, chromium
from playwright.sync_api import Browser, Page
from portal_walk import Portal, serve_portal, templates_to_see, walk

pytestmark = [pytest.mark.browser]

SLOW = 120_000
"""Milliseconds that a page may take on a busy machine."""

WIDE, PHONE = (1280, 900), (390, 844)
AT_400_PERCENT = (320, 256)
"""What is left of 1280 by 1024 pixels."""


@dataclass
class Walked:
    """What was wrong with the pages of one walk, by what was asked of them."""

    problems: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    states: list[str] = field(default_factory=list)
    templates: set[str] = field(default_factory=set)

    def note(self, asked: str, where: str, lines: list[str]) -> None:
        self.problems[asked] += [f"{where}: {line}" for line in lines]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def portal(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    del browser  # without one there is nothing to serve
    with serve_portal(tmp_path_factory.mktemp("walked") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def walked(browser: Browser, portal: Portal) -> Walked:
    """One walk in one tab, everything asked of each page while it is open."""
    found = Walked(templates=portal.seen)
    page = browser.new_context().new_page()
    page.set_default_timeout(SLOW)
    _resize(page, WIDE, "light")
    for state in walk(portal, page):
        found.states.append(state)
        _look(page, found, state)
        _resize(page, WIDE, "light")
    page.context.close()
    return found


def _look(page: Page, found: Walked, state: str) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found.note("axe", f"{state}, wide, light", axe_problems(page, EVERY_RULE))
    found.note("tables", state, check(page, "bareTables"))
    found.note("axe", f"{state}, wide, dark", _axe_at(page, WIDE, "dark", COLOURS))
    found.note("axe", f"{state}, phone, dark", _axe_at(page, PHONE, "dark", EVERY_RULE))
    found.note("axe", f"{state}, phone, light", _axe_at(page, PHONE, "light", COLOURS))
    for size in (WIDE, PHONE, AT_400_PERCENT):
        _resize(page, size, "light")
        where = f"{state}, {size[0]} px"
        found.note("width", where, check(page, "wide") + check(page, "clipped"))
        check(page, "setSpacing", True)
        found.note("spacing", where, check(page, "wide") + check(page, "clipped"))
        check(page, "setSpacing", False)


def _axe_at(
    page: Page,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
    options: Mapping[str, object],
) -> list[str]:
    _resize(page, size, scheme)
    return axe_problems(page, options)


def _resize(page: Page, size: tuple[int, int], scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)


def test_every_template_is_walked(walked: Walked) -> None:
    assert templates_to_see() - walked.templates == set()


@pytest.mark.parametrize("asked", ["axe", "tables", "width", "spacing"])
def test_nothing_is_wrong_with_any_page(walked: Walked, asked: str) -> None:
    """Names all that is wrong.

    axe: WCAG 2.2 AA with 24 px targets, on both widths and in both schemes; tables: captions
    and heads with scope; width: nothing beyond the edge or cut off, down to 400% zoom;
    spacing: the same with a reader's own spacing of lines, words and letters.
    """
    assert walked.problems[asked] == []


@pytest.fixture
def page(browser: Browser, portal: Portal) -> Iterator[Page]:
    context = browser.new_context(base_url=portal.address, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(SLOW)
    yield opened
    context.close()


def test_marks_bars_and_focus_are_seen_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/search?q=school")
    words = page.locator("mark.matched").first
    around = words.evaluate("each => getComputedStyle(each.parentElement).backgroundColor")
    assert words.evaluate("each => getComputedStyle(each).backgroundColor") != around
    page.goto("/themes")
    bar = page.locator(".decades rect").first
    ground = bar.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert bar.evaluate("each => getComputedStyle(each).fill") != ground
    for path in ("/themes", "/recurrence"):
        page.goto(path)
        page.keyboard.press("Tab")
        for _ in range(20):
            page.keyboard.press("Tab")
            assert check(page, "focus")["problems"] == []


def test_nothing_moves_for_readers_who_ask_for_that(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    for path in ("/", "/recurrence", "/themes", "/search?q=school"):
        page.goto(path)
        assert check(page, "moving") == []


def test_paper_has_whole_tables_and_no_forms(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    for path in ("/recurrence", "/themes", "/compare?what=nations&a=England&b=Wales"):
        page.goto(path)
        for left_out in (".site-header", "form.filters", ".jump", "details:not([open]) table"):
            assert page.locator(left_out).filter(visible=True).count() == 0, (path, left_out)
        assert page.locator("h1").is_visible()
        assert page.get_by_text("0808 800 5000").is_visible()
        paper = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(paper) == "rgb(255, 255, 255)"
        boxes = page.locator(".scroll, .matrix-scroll").filter(visible=True)
        for box in boxes.all():
            assert box.evaluate("each => getComputedStyle(each).overflowX") == "visible"
