"""The invented library of the web's tests, for contracts about the API."""

import pytest
from portal_world import PortalWorld, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> PortalWorld:
    return make_world(tmp_path_factory.mktemp("portal") / "data")
