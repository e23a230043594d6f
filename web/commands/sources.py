"""``throughline sources``: the configured publishers, their last crawl, and what they cover."""

from collections.abc import Sequence
from pathlib import Path

import click

from corpus.fetches import Crawl, last_crawls
from corpus.ledger import Weighing, newest_weighings
from corpus.store import Store, open_store
from ingest.source import FOLDER, Source, load_sources
from web.commands.options import data_dir_option, json_option, print_json, settings_for
from web.shapes import Json


@click.command("sources")
@data_dir_option
@json_option
def command(data_dir: Path | None, as_json: bool) -> None:
    """List the configured publishers, their last crawl and coverage."""
    settings = settings_for(data_dir)
    store = open_store(settings.data_dir)
    shapes = source_shapes(store, load_sources(settings.data_dir))
    if as_json:
        print_json(shapes)
    else:
        click.echo("\n".join(_text(shape) for shape in shapes))


def source_shapes(store: Store, sources: dict[str, Source]) -> list[Json]:
    """Say of each publisher how it is crawled, when it was last, and what was found."""
    crawls = last_crawls(store)
    weighed: dict[str, list[Weighing]] = {}
    for one in newest_weighings(store):
        weighed.setdefault(one.source_id, []).append(one)
    return [
        _shape(source, crawls.get(source_id), weighed.get(source_id, ()))
        for source_id, source in sources.items()
    ]


def _shape(source: Source, crawl: Crawl | None, weighed: Sequence[Weighing]) -> Json:
    return {
        "source_id": source.source_id,
        "name": source.name,
        "publisher": source.publisher,
        "spider": source.spider,
        "start": list(source.start),
        "hosts": list(source.hosts),
        "licence_tier": source.licence_tier.value,
        "kind": source.kind.value if source.kind else None,
        "crawl_delay_s": source.crawl_delay_s,
        "robots_note": source.robots_note,
        "last_crawl": _crawl_shape(crawl),
        "coverage": [
            {
                "field": one.field,
                "documents": one.n_rows,
                "found": one.n_found,
                "share": round(one.share, 4),
                "expected": one.expected,
                "usual": one.usual,
                "collapsed": one.collapsed,
            }
            for one in weighed
        ],
    }


def _crawl_shape(crawl: Crawl | None) -> Json | None:
    if crawl is None:
        return None
    report = crawl.report or {}
    return {
        "crawl_id": crawl.crawl_id,
        "started_at": crawl.started_at.isoformat(timespec="seconds"),
        "finished_at": crawl.finished_at.isoformat(timespec="seconds")
        if crawl.finished_at
        else None,
        "counts": report.get("counts"),
        "passed": report.get("passed"),
        "outage": report.get("outage"),
    }


def _text(shape: Json) -> str:
    crawl = shape["last_crawl"]
    if shape["spider"] == FOLDER:
        when = "a folder, walked at each crawl: no crawl of it is kept"
    elif crawl is None:
        when = "never crawled"
    elif crawl["finished_at"] is None:
        when = f"crawl begun {crawl['started_at'][:10]} and not finished"
    else:
        counts = crawl["counts"] or {}
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        when = f"crawled {crawl['finished_at'][:10]}" + (f": {said}" if said else "")
    lost = [one["field"] for one in shape["coverage"] if one["collapsed"]]
    gate = f"\n  GATE: {', '.join(lost)} collapsed" if lost else ""
    if crawl and crawl["outage"]:
        gate += f"\n  GATE: {crawl['outage']}"
    return (
        f"{shape['source_id']}: {shape['name']} (tier {shape['licence_tier']}, "
        f"every {shape['crawl_delay_s']:g} s)\n  {when}{gate}"
    )
