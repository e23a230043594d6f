"""Web archives and answers of GOV.UK's Content API, given as files."""

import datetime as dt
import gzip
import json
import zlib
from pathlib import Path

from corpus.store import Store
from ingest.report import IngestReport
from ingest.take_in import ingest_paths
from ingest.warc import record_urn, write_record

WHEN = dt.datetime(2025, 2, 3, 9, 0, tzinfo=dt.UTC)
PAGE = (
    "<html><head><title>Practice review {0}</title></head><body><article><h1>Practice review {0}"
    "</h1><p>1.1 The clinic never wrote to school number {0} about the letter.</p></article></body>"
    "</html>"
)


def _record(address: str, head: str, body: bytes, kind: str = "response", **more: str) -> bytes:
    block = head.encode() + b"\r\n\r\n" + body if head else body
    names = {name.replace("_", "-"): value for name, value in more.items()}
    return write_record(
        kind,
        block,
        target=address,
        date=WHEN,
        content_type="application/http",
        record_id=record_urn(kind, address),
        more=names,
    )


def _take_in(store: Store, tmp_path: Path, name: str, data: bytes) -> IngestReport:
    path = tmp_path / name
    path.write_bytes(data)
    return ingest_paths([str(path)], store=store, data_dir=tmp_path / "data", max_file_mb=5)


def _archive() -> bytes:
    ok = "HTTP/1.1 200 OK\r\nContent-Type: text/html"
    one, two, three = (PAGE.format(number).encode() for number in (1, 2, 3))
    packed = gzip.compress(three)
    half = len(two) // 2
    chunked = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (half, two[:half], len(two) - half, two[half:])
    return b"".join(
        [
            _record("https://a.example.org/1", ok, one),
            _record("https://a.example.org/2", f"{ok}\r\nTransfer-Encoding: chunked", chunked),
            _record("https://a.example.org/3", f"{ok}\r\nContent-Encoding: gzip", packed),
            _record("https://a.example.org/copy", ok, one),
            _record("https://a.example.org/cut", ok, b"<p>cut", WARC_Truncated="length"),
            _record("https://a.example.org/moved", "HTTP/1.1 301 Moved\r\nLocation: /1", b""),
            _record("https://a.example.org/1", "GET /1 HTTP/1.1", b"", kind="request"),
            _record("https://a.example.org/look", f"{ok[:-9]}text/css", b"p { color: black }"),
            _record("https://a.example.org/icon", f"{ok[:-9]}image/png", b"\x89PNG\r\n\x1a\n"),
            _record("https://a.example.org/logo", ok, b"\x89PNG\r\n\x1a\n" + bytes(99)),
        ]
    )


def test_the_pages_of_an_archive_are_taken_in_each_with_its_address(
    store: Store, tmp_path: Path
) -> None:
    report = _take_in(store, tmp_path, "pages.warc.gz", _archive())
    assert [one.title for one in report.new] == [f"Practice review {n}" for n in (1, 2, 3)]
    assert {d.url for d in store.iter_documents()} == {
        f"https://a.example.org/{n}" for n in (1, 2, 3)
    }
    (refused,) = report.refused
    assert "https://a.example.org/logo is a PNG picture" in refused.reason
    again = _take_in(store, tmp_path, "pages.warc", b"".join(_members(_archive())))
    assert [one.outcome for one in again.documents] == ["unchanged"] * 3


def _members(data: bytes) -> list[bytes]:
    members = []
    while data:
        unpacker = zlib.decompressobj(31)
        members.append(unpacker.decompress(data))
        data = unpacker.unused_data
    return members


def test_an_archive_that_breaks_off_keeps_what_came_before(store: Store, tmp_path: Path) -> None:
    whole = _archive()
    report = _take_in(store, tmp_path, "cut.warc.gz", whole[: len(whole) // 2])
    assert report.new
    assert "breaks off or is damaged" in report.refused[-1].reason


def test_an_archive_without_a_page_is_refused(store: Store, tmp_path: Path) -> None:
    lone = _record("https://a.example.org/1", "HTTP/1.1 404 Not Found", b"no")
    report = _take_in(store, tmp_path, "none.warc.gz", lone)
    assert "without a page in it" in report.refused[0].reason


def test_an_answer_of_the_content_api_is_a_document(store: Store, tmp_path: Path) -> None:
    item = {
        "content_id": "00000000-0000-4000-8000-000000000001",
        "locale": "en",
        "base_path": "/guidance/an-invented-page",
        "title": "An invented page",
        "document_type": "guidance",
        "schema_name": "detailed_guide",
        "first_published_at": "2024-05-06T09:00:00.000+01:00",
        "public_updated_at": "2024-06-07T09:00:00.000+01:00",
        "details": {"body": "<p>1.1 Tell the school what the clinic knows of the child.</p>"},
        "links": {},
    }
    report = _take_in(store, tmp_path, "item.json", json.dumps(item).encode())
    assert report.refused == ()
    (document,) = store.iter_documents()
    assert document.title == "An invented page"
    assert str(document.published) == "2024-05-06"
    assert document.url == "https://www.gov.uk/guidance/an-invented-page"
    assert document.licence_tier.value == "A"
