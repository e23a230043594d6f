"""Chromium, driven by Playwright; tests that need it are skipped where none is installed."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CHECKS = (Path(__file__).parent / "page_checks.js").read_text(encoding="utf-8")

EVERY_RULE: Mapping[str, object] = {
    "resultTypes": ["violations"],
    # 24 by 24 px (WCAG 2.2, 2.5.8) is asked for only where it is named.
    "rules": {"target-size": {"enabled": True}},
}
COLOURS: Mapping[str, object] = {
    "resultTypes": ["violations"],
    "runOnly": ["color-contrast", "link-in-text-block"],
}
"""What can change with the colours alone."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; skips the test where there is none."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def axe_problems(page: Page, options: Mapping[str, object] = EVERY_RULE) -> list[str]:
    """What axe-core finds wrong with a page, a line each."""
    axe = Axe()
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    response = page.evaluate("options => axe.run(options)", dict(options))
    return [
        f"{page.url}: {violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


def check(page: Page, name: str, *arguments: object) -> Any:
    """Call one of ``page_checks.js``."""
    if not page.evaluate("'checks' in window"):
        page.evaluate(_CHECKS)
    return page.evaluate(
        "([name, given]) => window.checks[name](...given)", [name, list(arguments)]
    )
