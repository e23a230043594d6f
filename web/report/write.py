"""Writing a report's files: all of them or none."""

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from corpus.errors import InvalidInputError, StorageError
from corpus.snapshots.shelf import sync_tree
from web.report.csv_files import csv_files
from web.report.docx import word_document
from web.report.html import html_file
from web.report.model import AnnualReport
from web.report.xlsx import workbook


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """One file of a report."""

    name: str
    size_bytes: int
    sha256: str


CSV_FOLDER = "csv"
_WRITERS: Mapping[str, Callable[[AnnualReport, dt.date, str], bytes]] = MappingProxyType(
    {
        "html": lambda report, day, site: html_file(report, written_on=day, site=site),
        "xlsx": lambda report, day, _site: workbook(report, written_on=day),
        "docx": lambda report, day, site: word_document(report, written_on=day, site=site),
    }
)
FORMATS = tuple(_WRITERS)
"""The formats that are one file."""


def report_file(report: AnnualReport, form: str, *, written_on: dt.date, site: str) -> bytes:
    """Write one of :data:`FORMATS`."""
    return _WRITERS[form](report, written_on, site)


def file_name(report: AnnualReport, form: str) -> str:
    """What a file is called; a draft's name says so."""
    return f"annual-report-{report.year}{'-draft' if report.draft else ''}.{form}"


def check_free(out: Path) -> None:
    """Refuse a folder that has something in it.

    Raises:
        InvalidInputError: it has, or is no folder.
    """
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() or out.is_symlink():
        raise InvalidInputError(
            f"{out} is there already and is not an empty folder. Name a new folder: a report is "
            "never written over another."
        )


def write_report(
    report: AnnualReport, out: Path, *, written_on: dt.date, site: str = ""
) -> list[WrittenFile]:
    """Write a report's files into a new folder, which appears whole or not at all.

    Raises:
        InvalidInputError: the folder has something in it.
        StorageError: it cannot be written; nothing of it is left.
    """
    check_free(out)
    try:
        files = _files(report, written_on, site)
        out.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            _fill(making, files)
            making.replace(out)  # an empty folder is replaced, any other is refused
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    except OSError as error:
        raise StorageError(
            f"{out} could not be written: {error.strerror or error}. Nothing of it is left."
        ) from error
    return [
        WrittenFile(name=name, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, data in files.items()
    ]


def _files(report: AnnualReport, written_on: dt.date, site: str) -> dict[str, bytes]:
    files = {
        file_name(report, form): report_file(report, form, written_on=written_on, site=site)
        for form in FORMATS
    }
    return files | {f"{CSV_FOLDER}/{name}": data for name, data in csv_files(report).items()}


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.chmod(0o755)  # a temporary folder is its maker's alone
    (folder / CSV_FOLDER).mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    sync_tree(folder)
