from api_fuzz import fuzz_api
from portal_world import PortalWorld


def test_no_request_gets_a_5xx_or_an_answer_that_is_not_documented(world: PortalWorld) -> None:
    report = fuzz_api(world, cases=12)
    assert set(report.by_status) <= {200, 304, 400, 404, 410}
    assert report.by_status[200] > report.operations
    assert report.by_status[400] > report.operations
