"""``throughline report``: the annual report of a year, in every format."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    say,
    settings_for,
    snapshot_option,
)
from web.holdings import Library
from web.report.gather import gather, settled
from web.report.write import check_free, write_report


class YearType(click.IntRange):
    """A year, called one where something else is given."""

    name = "year"


@click.command("report")
@click.option(
    "--year",
    type=YearType(1900, 2100),
    required=True,
    metavar="YEAR",
    help="The year of publication.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="A new folder for the report's files.",
)
@snapshot_option
@click.option(
    "--since",
    metavar="ID",
    help="Compare with this published snapshot; the last one before by default.",
)
@click.option(
    "--dated",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that the report says it was written on; today by default.",
)
@data_dir_option
@json_option
def command(
    *,
    year: int,
    out: Path,
    snapshot: str | None,
    since: str | None,
    dated: dt.datetime | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Write the annual report of a year: page, workbook, CSV tables and Word document.

    It is of a published snapshot, which it names; run again on it, it gives the same bytes
    but for the day. What is held now and not published gives a draft, which says so on
    every page. Publish with: throughline snapshot create
    """
    check_free(out)
    library = settled(Library(settings_for(data_dir)), snapshot)
    site = library.settings.public_url.rstrip("/")
    report = gather(library, year, since=since, site=site)
    day = (dated or dt.datetime.now(dt.UTC)).date()
    files = write_report(report, out, written_on=day, site=site)
    if as_json:
        print_json(
            {
                "year": year,
                "snapshot": report.snapshot,
                "draft": report.draft,
                "since": report.change.since,
                "folder": str(out),
                "files": [asdict(file) for file in files],
            }
        )
        return
    if report.draft:
        say("A draft: what is held now is not published. Publish it with: snapshot create")
    click.echo("\n".join(str(out / file.name) for file in files))
