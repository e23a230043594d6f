"""One invented library for all tests of the web."""

import pytest
from portal_world import PortalWorld, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> PortalWorld:
    return make_world(tmp_path_factory.mktemp("portal") / "data")
