"""Files that cannot be taken in: one sentence each, and nothing lost."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest
from files import locked_pdf, report_pdf, scanned_pdf, word_file

from corpus.store import Store, open_store
from ingest.report import IngestReport
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


@dataclass
class Shelf:
    """A store that holds one good document, and a folder for files."""

    store: Store
    data_dir: Path
    folder: Path

    def take_in(self, *paths: Path | str, max_file_mb: int = 5) -> IngestReport:
        return ingest_paths(
            [str(path) for path in paths],
            store=self.store,
            data_dir=self.data_dir,
            max_file_mb=max_file_mb,
        )

    def write(self, name: str, words: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(words, encoding="utf-8")
        return path


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(open_store(tmp_path / "data"), tmp_path / "data", tmp_path / "files")
    made.folder.mkdir()
    assert not made.take_in(made.write("good.txt", GOOD)).refused
    return made


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_file_gets_one_sentence_and_touches_nothing(shelf: Shelf, name: str) -> None:
    before = shelf.store.count_rows()
    captures = sorted((shelf.data_dir / "captures").rglob("*.gz"))
    data, words = FAULTS[name]
    path = shelf.folder / name
    path.write_bytes(data)
    report = shelf.take_in(path)
    assert [refused.name for refused in report.refused] == [str(path)]
    reason = report.refused[0].reason
    assert words in reason
    assert reason.startswith(str(path))
    assert reason.endswith(".")
    assert "\n" not in reason
    assert shelf.store.count_rows() == before
    assert sorted((shelf.data_dir / "captures").rglob("*.gz")) == captures


def test_nothing_is_fetched_for_an_entity(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert shelf.take_in(shelf.write("xxe.rss", XXE)).refused


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest/", "https://example.org/a", "ftp://h/x", "file:///etc/passwd"],
)
def test_an_address_among_files_is_refused(shelf: Shelf, address: str) -> None:
    report = shelf.take_in(address)
    assert report.refused[0].name == address
    assert "is an address and not a file" in report.refused[0].reason


def test_a_missing_path_is_named(shelf: Shelf) -> None:
    assert "does not exist" in shelf.take_in(shelf.folder / "none.pdf").refused[0].reason


def test_a_file_over_the_limit_is_refused_unread(shelf: Shelf) -> None:
    path = shelf.write("big.txt", "a b c " * 400_000)
    assert "2 MB" in shelf.take_in(path, max_file_mb=1).refused[0].reason


def test_a_named_pipe_is_refused_and_not_waited_for(shelf: Shelf) -> None:
    os.mkfifo(shelf.folder / "pipe")
    report = shelf.take_in(shelf.folder / "pipe")
    assert "neither a file nor a folder" in report.refused[0].reason


def test_what_is_good_in_a_mixed_batch_is_kept(shelf: Shelf) -> None:
    bad = shelf.folder / "bad.pdf"
    bad.write_bytes(FAULTS["cut.pdf"][0])
    fine = shelf.write("fine.txt", "The housing officer knew of it and told the health visitor.")
    report = shelf.take_in(bad, fine, "https://example.org/")
    assert [taken.file for taken in report.new] == ["fine.txt"]
    assert len(report.refused) == 2
    assert shelf.store.count_rows()["documents"] == 2


def test_a_folder_is_walked_in_order_and_hidden_files_are_counted(shelf: Shelf) -> None:
    shelf.write("b/two.txt", "The surgery never heard from the school about the boy.")
    shelf.write("a.txt", "The school never heard from the surgery about the girl.")
    shelf.write(".notes.txt", "Not meant for anybody to read, ever.")
    shelf.write(".git/config.txt", "Not a document, though it is a text file.")
    seen: list[tuple[int, int]] = []
    report = ingest_paths(
        [str(shelf.folder), str(shelf.folder / "a.txt")],
        store=shelf.store,
        data_dir=shelf.data_dir,
        max_file_mb=1,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert [taken.file for taken in report.documents] == ["a.txt", "good.txt", "two.txt"]
    assert report.hidden_files == 1
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert not report.refused


def test_an_empty_folder_is_refused(shelf: Shelf) -> None:
    (shelf.folder / "nothing").mkdir()
    assert "without files" in shelf.take_in(shelf.folder / "nothing").refused[0].reason


def test_two_files_of_one_name_are_two_documents(shelf: Shelf) -> None:
    for place in ("north", "south"):
        shelf.write(f"{place}/report.txt", f"In the {place} nobody told the school of it.")
    report = shelf.take_in(shelf.folder / "north", shelf.folder / "south")
    assert [taken.outcome for taken in report.documents] == ["new", "new"]
    assert shelf.store.count_rows()["documents"] == 3


def test_a_page_named_pdf_is_taken_in_as_what_it_is_and_marked(shelf: Shelf) -> None:
    page = "<html><body><p>1.1 The clinic never wrote to the school about it.</p></body></html>"
    report = shelf.take_in(shelf.write("page.pdf", page))
    assert report.documents[0].marks == ("wrong-file-name",)


def test_a_copy_site_is_refused_by_name(shelf: Shelf) -> None:
    page = (
        '<html><head><link rel="canonical" href="https://www.limitlesscommunitycare.org/a/">'
        "</head><body><p>The clinic never wrote to the school about it.</p></body></html>"
    )
    reason = shelf.take_in(shelf.write("copy.html", page)).refused[0].reason
    assert "may not be kept here: take it from the original publisher" in reason


def test_no_folder_of_this_machine_is_stored(shelf: Shelf) -> None:
    document = next(shelf.store.iter_documents())
    capture = shelf.store.get_capture(document.capture_id or "")
    assert capture is not None
    assert capture.address == "good.txt"
    assert document.title == "good"
