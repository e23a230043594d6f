"""An item of a full-text feed is withdrawn: its neighbours stay, and say what they have lost."""

from pathlib import Path

import pytest
from shell import Shell

from corpus.damage import COPY_OVERWRITTEN
from corpus.model import Document
from corpus.store import open_store
from corpus.withdrawals import list_withdrawals

ITEM = """<item><title>Story {name}</title><link>https://board.example.org/{name}</link>
<guid>https://board.example.org/{name}</guid><description>&lt;p&gt;The {name} clinic wrote to the
{name} school twice about the child and had no answer from it before the plan was closed.&lt;/p&gt;
</description></item>"""


def _feed(*names: str) -> str:
    items = "".join(ITEM.format(name=name) for name in names)
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Board</title>'
        f"<link>https://board.example.org/</link>{items}</channel></rss>"
    )


def test_the_other_items_are_marked_until_the_feed_comes_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, feed = open_store(tmp_path / "data"), tmp_path / "feed.rss"
    shell = Shell(capsys, str(tmp_path / "data"))

    def take_in(*names: str) -> dict[str, Document]:
        feed.write_text(_feed(*names), encoding="utf-8")
        assert shell.on_data("ingest", str(feed)).status == 0
        return {document.title.split()[-1]: document for document in store.iter_documents()}

    held = take_in("amber", "cedar", "quillwort")
    capture_id = held["amber"].capture_id
    gone = held["quillwort"].document_id
    said = shell.on_data("withdraw", gone, "--reason", "Its publisher asked.").err
    (stone,) = list_withdrawals(store)
    assert (stone.capture_ids, stone.n_bereft) == ((capture_id,), 2)
    assert f"capture overwritten: {capture_id}" in said
    assert "rested on a capture of these: 2" in said
    for document in store.iter_documents():
        assert COPY_OVERWRITTEN in document.marks

    still_there = take_in("elder", "amber", "cedar", "quillwort")  # it goes at once, once more
    assert "quillwort" not in still_there
    assert all(COPY_OVERWRITTEN in one.marks for one in still_there.values())

    without = take_in("amber", "cedar", "elder")
    assert {COPY_OVERWRITTEN} & {mark for one in without.values() for mark in one.marks} == set()
    assert without["amber"].capture_id not in (None, capture_id)
    assert shell.on_data("captures", "verify").status == 0
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert not [path for path in files if b"quillwort" in path.read_bytes()]
