import datetime as dt
import gzip
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from corpus.errors import StorageError
from ingest.captures import keep_capture, read_capture

WHEN = dt.datetime(2025, 2, 3, 9, 0, tzinfo=dt.UTC)
DATA = b"%PDF-1.7 the bytes as they came\r\n\x00\xff"


def test_bytes_come_back_as_they_went_in(tmp_path: Path) -> None:
    capture = keep_capture(tmp_path, DATA, "a report.pdf", "application/pdf", WHEN)
    assert read_capture(tmp_path, capture) == DATA
    assert capture.warc_path == f"captures/{capture.capture_id[:2]}/{capture.capture_id}.warc.gz"
    assert [path.name for path in (tmp_path / capture.warc_path).parent.iterdir()] == [
        f"{capture.capture_id}.warc.gz"
    ]


def test_the_record_is_a_resource_with_a_bare_name_and_its_date(tmp_path: Path) -> None:
    capture = keep_capture(tmp_path, DATA, "a report.pdf", "application/pdf", WHEN)
    with (tmp_path / capture.warc_path).open("rb") as file:
        (headers,) = [record.rec_headers for record in ArchiveIterator(file)]
    assert headers.get_header("WARC-Type") == "resource"
    assert headers.get_header("WARC-Target-URI") == "file:///a%20report.pdf"
    assert headers.get_header("WARC-Date") == "2025-02-03T09:00:00Z"
    assert headers.get_header("Content-Type") == "application/pdf"


def test_keeping_the_same_bytes_again_leaves_the_file_alone(tmp_path: Path) -> None:
    capture = keep_capture(tmp_path, DATA, "a.pdf", "application/pdf", WHEN)
    before = (tmp_path / capture.warc_path).read_bytes()
    keep_capture(tmp_path, DATA, "b.pdf", "application/pdf", WHEN + dt.timedelta(days=1))
    assert (tmp_path / capture.warc_path).read_bytes() == before


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    capture = keep_capture(tmp_path, DATA, "a.pdf", "application/pdf", WHEN)
    path = tmp_path / capture.warc_path
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"came", b"come")))
    with pytest.raises(StorageError, match="no longer holds the bytes"):
        read_capture(tmp_path, capture)


@pytest.mark.parametrize("left", [0, 40])
def test_a_capture_cut_short_is_found(tmp_path: Path, left: int) -> None:
    capture = keep_capture(tmp_path, DATA, "a.pdf", "application/pdf", WHEN)
    path = tmp_path / capture.warc_path
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(StorageError):
        read_capture(tmp_path, capture)


def test_a_missing_capture_is_said_to_be_missing(tmp_path: Path) -> None:
    capture = keep_capture(tmp_path, DATA, "a.pdf", "application/pdf", WHEN)
    (tmp_path / capture.warc_path).unlink()
    with pytest.raises(StorageError, match="cannot be read"):
        read_capture(tmp_path, capture)


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "captures").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="--data-dir"):
        keep_capture(tmp_path, DATA, "a.pdf", "application/pdf", WHEN)
