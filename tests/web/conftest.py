"""Libraries that tests of the web share, and somebody who reads them in a browser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from portal_world import PortalWorld, make_world

if TYPE_CHECKING:
    from asked_world import AskedWorld
    from asking import Reader


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> PortalWorld:
    return make_world(tmp_path_factory.mktemp("portal") / "data")


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> "AskedWorld":
    """The catalogue with some invented documents, encoded in earnest: some seconds."""
    from asked_world import make_asked_world

    return make_asked_world(tmp_path_factory.mktemp("asked") / "data")


@pytest.fixture(scope="module")
def reader(asked: "AskedWorld") -> "Iterator[Reader]":
    """One page of one browser, over the portal of :func:`asked`."""
    from asking import Reader
    from browsing import chromium
    from served import serve_app

    with serve_app(asked.app) as address, chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        yield Reader(page, address)
