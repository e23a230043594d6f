"""The pages of annual reports: the years, and one year's report with its files."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Flask, Response, abort, render_template, request, url_for

from corpus.ids import sha256_text
from corpus.ledger import collapse_warnings
from corpus.snapshots.shelf import list_held
from web.current import current_library
from web.holdings import Library, PublishedLibrary
from web.report.blocks import ReadableReport
from web.report.csv_files import csv_files
from web.report.document import readable
from web.report.fixed_zip import packed
from web.report.gather import YearHeld, gather, settled, years_held
from web.report.html import stylesheet
from web.report.model import AnnualReport
from web.report.write import file_name, report_file
from web.site import site_address

reports = Blueprint("reports", __name__)

_MEDIA = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}
_LABELS = {
    "xlsx": "Workbook (XLSX)",
    "docx": "Word (DOCX)",
    "html": "One page (HTML)",
    "zip": "Tables (CSV)",
}
_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """A file of a report."""

    label: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """What ``report.html`` shows."""

    report: ReadableReport
    snapshot: str
    files: tuple[FileLink, ...]
    stylesheet: str


@dataclass(frozen=True, kw_only=True)
class ReportsPage:
    """What ``reports.html`` shows."""

    years: tuple[YearHeld, ...]
    snapshot: str
    published: bool
    asked: str | None
    """The snapshot named in the address."""
    others: tuple[str, ...]
    """Published snapshots, newest first."""
    warnings: tuple[str, ...]


@reports.get("/reports")
def years_page() -> str:
    """List the years, with what is held of each."""
    library = settled(current_library(), _asked())
    page = ReportsPage(
        years=_years(library, library.store.revision),
        snapshot=library.snapshot,
        published=isinstance(library, PublishedLibrary),
        asked=_asked(),
        others=tuple(each.name for each in list_held(library.shelf_dir)[:_NAMED]),
        warnings=collapse_warnings(library.store),
    )
    return render_template("reports.html", page=page)


@reports.get("/reports/<int:year>")
def report_page(year: int) -> str:
    """Show one year's report, ready to print."""
    report, asked = _gathered(_report_asked(year)), _asked()
    page = ReportPage(
        report=readable(report),
        snapshot=report.snapshot,
        files=tuple(
            FileLink(
                label=label,
                href=url_for("reports.report_file_of", year=year, form=form, snapshot=asked),
            )
            for form, label in _LABELS.items()
        ),
        stylesheet=url_for("static", filename="report.css", v=sha256_text(stylesheet())[:8]),
    )
    return render_template("report.html", page=page, linked=bool)


@reports.get("/reports/<int:year>/files/<form>")
def report_file_of(year: int, form: str) -> Response:
    """Give one file of a year's report; the CSV tables as one archive."""
    if form not in _MEDIA:
        abort(404)
    today = dt.datetime.now(dt.UTC).date()
    name, data = _file(_report_asked(year), form, today)
    answer = Response(data, mimetype=_MEDIA[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def add_reports(app: Flask) -> None:
    """Give an application the pages of reports."""
    app.register_blueprint(reports)


def _asked() -> str | None:
    return request.args.get("snapshot") or None


@dataclass(frozen=True)
class _Asked:
    """Which report is asked for, and what changes whenever its content does."""

    library: Library
    revision: int
    snapshot: str
    year: int
    site: str


def _report_asked(year: int) -> _Asked:
    library = settled(current_library(), _asked())
    return _Asked(library, library.store.revision, library.snapshot, year, site_address())


@lru_cache(maxsize=8)
def _years(library: Library, _revision: int) -> tuple[YearHeld, ...]:
    """Look through every review once for as long as nothing is written."""
    return years_held(library)


@lru_cache(maxsize=8)
def _gathered(asked: _Asked) -> AnnualReport:
    """Gather once for as long as nothing is written."""
    return gather(asked.library, asked.year, site=asked.site)


@lru_cache(maxsize=16)
def _file(asked: _Asked, form: str, day: dt.date) -> tuple[str, bytes]:
    """Write a file once a day: a workbook takes seconds, and anybody may ask for it."""
    report = _gathered(asked)
    if form == "zip":
        return file_name(report, form), packed(csv_files(report))
    return file_name(report, form), report_file(report, form, written_on=day, site=asked.site)
