from pathlib import Path

from big_store import fill_big_store
from walking import walk_while_disturbed

from corpus.settings import Settings
from web.app import create_app


def test_a_walk_sees_everything_once_while_another_thread_changes_the_store(
    tmp_path: Path,
) -> None:
    store = fill_big_store(tmp_path, 1200)
    app = create_app(Settings(data_dir=tmp_path, api_requests_per_minute=0))
    report = walk_while_disturbed(app, store, per_page=20, disturb_at_most=24)
    assert (report.twice, report.missed, report.strange) == (0, 0, 0)
    assert report.disturbance.added > 0
    assert report.meta["total"] == 1200
    assert report.meta["withdrawn"] == 1200 - sum(report.seen.values())
