"""The report as one HTML file: its stylesheet within, no script, ready to print."""

import datetime as dt
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from web.report.document import readable
from web.report.model import AnnualReport
from web.report.words import day_words


def html_file(report: AnnualReport, *, written_on: dt.date, site: str = "") -> bytes:
    """Write the file; equal reports give equal bytes but for the line with the day."""
    # Imported here: most commands render no page.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    pages = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = pages.get_template("report_file.html").render(
        report=readable(report, site=site),
        snapshot=report.snapshot,
        written_on=day_words(written_on),
        linked=is_web,
        stylesheet=Markup(stylesheet()),  # noqa: S704 - our own file, within a style element
    )
    return text.encode()


def is_web(href: str) -> bool:
    """Whether an address leads anywhere from a file: a path alone does not."""
    return href.startswith(("https://", "http://"))


@cache
def stylesheet() -> str:
    """The report's own stylesheet."""
    return (files("web") / "static" / "report.css").read_text(encoding="utf-8")
