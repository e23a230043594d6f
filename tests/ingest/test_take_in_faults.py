"""Files that cannot be taken in: one sentence each, and nothing lost."""

import os
import socket

import pytest
from files import locked_pdf, report_pdf, scanned_pdf, word_file

from corpus.store import open_store
from ingest.take_in import ingest_paths

GOOD = (
    "The school nurse wrote to the surgery twice, and nobody there opened either of the letters.\n"
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9))
    + ']><rss version="2.0"><channel><title>&j;</title>'
    + "<item><title>x</title></item></channel></rss>"
)
XXE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0">'
    "<channel><title>t</title><item><title>one</title><description>&x;</description></item>"
    "</channel></rss>"
)
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>'
    "<item><title>One</title><description>A clinic kept its letters.</description></item>"
    "</channel></rss>"
)
PDF = report_pdf([("BodyText", GOOD)], head="Report")

FAULTS = {
    "empty.html": (b"", "is empty"),
    "blank.txt": (b" \n\t\n", "is empty"),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n" + b"0" * 500, "is a PNG picture"),
    "cut.pdf": (PDF[: len(PDF) // 2], "is cut short"),
    "broken.pdf": (b"%PDF-1.7\nnothing that follows\n%%EOF", "is damaged"),
    "scan.pdf": (scanned_pdf(), "no text layer"),
    "locked.pdf": (locked_pdf("secret"), "locked with a password"),
    "cut.docx": (word_file([("Normal", GOOD)])[:2000], "is cut short or damaged"),
    "old.doc": (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old Office file"),
    "bomb.rss": (BOMB.encode(), "declares a document type"),
    "xxe.rss": (XXE.encode(), "declares a document type"),
    "xxe16.rss": (XXE.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"), "declares a doc"),
    "cut.rss": (FEED.encode()[:-30], "is cut short"),
    "no-items.rss": (b"<rss><channel><title>t</title></channel></rss>", "without items"),
    "drawing.xml": (b"<?xml version='1.0'?><svg><text>a</text></svg>", "not an RSS or Atom feed"),
    "garbage.txt": (bytes(range(256)) * 8, "is not readable text"),
    "nul.txt": (b"The nurse\x00 wrote to the surgery.", "control characters"),
    "data.json": (b'{"title": "a"}', "is JSON"),
    "menu.html": (b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "without text"),
    "deep.html": (b"<div>" * 5000 + b"x", "too deep"),
}


@pytest.fixture
def shelf(tmp_path):
    """A store that holds one good document, and a folder for files."""
    store = open_store(tmp_path / "data")
    folder = tmp_path / "files"
    folder.mkdir()
    good = folder / "good.txt"
    good.write_text(GOOD)

    def take_in(*paths, max_file_mb=5):
        return ingest_paths(
            [str(path) for path in paths],
            store=store,
            data_dir=tmp_path / "data",
            max_file_mb=max_file_mb,
        )

    assert not take_in(good).refused
    return store, folder, take_in


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_file_gets_one_sentence_and_touches_nothing(shelf, tmp_path, name):
    store, folder, take_in = shelf
    before = store.count_rows()
    captures = sorted((tmp_path / "data" / "captures").rglob("*.gz"))
    data, words = FAULTS[name]
    (folder / name).write_bytes(data)
    report = take_in(folder / name)
    assert [refused.name for refused in report.refused] == [str(folder / name)]
    reason = report.refused[0].reason
    assert words in reason
    assert reason.startswith(str(folder / name))
    assert reason.endswith(".")
    assert "\n" not in reason
    assert store.count_rows() == before
    assert sorted((tmp_path / "data" / "captures").rglob("*.gz")) == captures


def test_nothing_is_opened_or_fetched_for_an_entity(shelf, monkeypatch):
    _, folder, take_in = shelf

    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    (folder / "xxe.rss").write_text(XXE)
    assert take_in(folder / "xxe.rss").refused


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest/", "https://example.org/a", "ftp://h/x", "file:///etc/passwd"],
)
def test_an_address_is_refused_because_this_version_takes_in_files(shelf, address):
    _, _, take_in = shelf
    report = take_in(address)
    assert report.refused[0].name == address
    assert "save the page and give its path" in report.refused[0].reason


def test_a_missing_path_is_named(shelf):
    _, folder, take_in = shelf
    assert "does not exist" in take_in(folder / "none.pdf").refused[0].reason


def test_a_file_over_the_limit_is_refused_unread(shelf):
    _, folder, take_in = shelf
    (folder / "big.txt").write_bytes(b"a b c " * 400_000)
    assert "2 MB" in take_in(folder / "big.txt", max_file_mb=1).refused[0].reason


def test_a_named_pipe_is_refused_and_not_waited_for(shelf):
    _, folder, take_in = shelf
    os.mkfifo(folder / "pipe")
    assert "neither a file nor a folder" in take_in(folder / "pipe").refused[0].reason


def test_what_is_good_in_a_mixed_batch_is_kept(shelf):
    store, folder, take_in = shelf
    (folder / "bad.pdf").write_bytes(FAULTS["cut.pdf"][0])
    (folder / "fine.txt").write_text("The housing officer knew of it and told the health visitor.")
    report = take_in(folder / "bad.pdf", folder / "fine.txt", "https://example.org/")
    assert [taken.file for taken in report.new] == ["fine.txt"]
    assert len(report.refused) == 2
    assert store.count_rows()["documents"] == 2


def test_a_folder_is_walked_in_order_and_hidden_files_are_counted(shelf):
    _, folder, take_in = shelf
    (folder / "b").mkdir()
    (folder / "b" / "two.txt").write_text("The surgery never heard from the school about the boy.")
    (folder / "a.txt").write_text("The school never heard from the surgery about the girl.")
    (folder / ".notes.txt").write_text("Not meant for anybody to read, ever.")
    (folder / ".git").mkdir()
    (folder / ".git" / "config.txt").write_text("Not a document, though it is a text file.")
    seen = []
    report = ingest_paths(
        [str(folder), str(folder / "a.txt")],
        store=shelf[0],
        data_dir=folder.parent / "data",
        max_file_mb=1,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert [taken.file for taken in report.documents] == ["a.txt", "good.txt", "two.txt"]
    assert report.hidden_files == 1
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert not report.refused
    _ = take_in


def test_an_empty_folder_is_refused(shelf):
    _, folder, take_in = shelf
    (folder / "nothing").mkdir()
    assert "without files" in take_in(folder / "nothing").refused[0].reason


def test_two_files_of_one_name_are_two_documents(shelf):
    store, folder, take_in = shelf
    for place in ("north", "south"):
        (folder / place).mkdir()
        (folder / place / "report.txt").write_text(f"In the {place} nobody told the school of it.")
    report = take_in(folder / "north", folder / "south")
    assert [taken.outcome for taken in report.documents] == ["new", "new"]
    assert store.count_rows()["documents"] == 3
