"""Renew the examples of the OpenAPI document: ``python -m web.api.renew_examples``."""

import datetime as dt
import json
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from corpus.catalogue.add import add_catalogue
from corpus.settings import Settings
from web.api.openapi import EXAMPLES
from web.app import create_app
from web.commands.analyse import run_analysis
from web.current import current_library
from web.publishing import publish

PREFIX = "/api/v1"

GENERATED_AT = "2026-01-02T03:04:05+00:00"
"""Stands for the time of the analysis, which is another on every machine."""

ADDRESSES = {
    "status": ("get_status", "/status"),
    "themes": ("list_themes", "/themes?select=theme,label"),
    "theme": ("get_theme", "/themes/siloed-decisions"),
    "recurrence": (
        "get_recurrence",
        "/themes/siloed-decisions/recurrence?select=theme,label,first_held,coverage,coverage_note",
    ),
    "reviews": ("list_reviews", "/reviews?to=1975&per_page=1"),
    "review": (
        "get_review",
        "/reviews/maria-colwell-1974?select=review_id,title,published,summary,documents",
    ),
    "document": ("get_document", "/documents/{document_id}?select=document_id,title,text_sha256"),
    "search": ("list_passages", "/passages?q=nobody+told+the+school&per_page=1"),
    "filters": (
        "list_passages",
        "/passages?theme=home-education-invisibility&stance=failing-found&per_page=1",
    ),
    "facets": (
        "list_passages",
        "/passages?q=consent&tab=failing-found&facets=true&per_page=1&select=passage_id,date,why",
    ),
    "sample": ("list_passages", "/passages?kind=digest&sample=3&seed=1&select=passage_id,date"),
    "passage": ("get_passage", "/passages/{passage_id}?include=judgements,machine"),
    "echoes": ("get_echoes", "/passages/{passage_id}/echoes"),
    "counts": (
        "get_counts",
        "/counts?nation=Wales&from=2012&to=2016&level=case&select=nation,from,to,coverage,total",
    ),
    "snapshots": (
        "list_snapshots",
        "/snapshots?select=snapshot,current,published_at,manifest_sha256,withdrawn,how_to_cite",
    ),
    "snapshot": (
        "get_snapshot",
        "/snapshots/{snapshot}?select=snapshot,published_at,codebook_version,rows,how_to_cite",
    ),
}
"""Name of each example: whose it is, and its address under ``/api/v1``."""


def load_shipped(data_dir: Path) -> FlaskClient:
    """Serve the shipped catalogue, analysed as ``throughline demo`` does; takes a minute."""
    settings = Settings(data_dir=data_dir, api_requests_per_minute=0)
    app = create_app(settings)
    with app.app_context():
        library = current_library()
    add_catalogue(library.store, codebook_version=library.codebook.version)
    run_analysis(settings)
    publish(library, created_at=dt.datetime.fromisoformat(GENERATED_AT))
    return app.test_client()


def make_examples(client: FlaskClient) -> dict[str, Any]:
    """Ask for every example; addresses are filled in with the first failing of a theme."""
    asked = "/passages?theme=siloed-decisions&stance=failing-found&from=1990&per_page=1"
    answer = _ask(client, asked)
    (first,) = answer["data"]
    named = {**first, "snapshot": answer["meta"]["snapshot"]}
    examples: dict[str, Any] = {}
    for name, (operation, address) in ADDRESSES.items():
        filled = address.format(**named)
        answer = _ask(client, filled)
        answer["meta"]["generated_at"] = GENERATED_AT
        examples[name] = {"operation": operation, "address": PREFIX + filled, "answer": answer}
    return examples


def _ask(client: FlaskClient, address: str) -> Any:  # noqa: ANN401 - any JSON
    response = client.get(PREFIX + address)
    if response.status_code != 200:
        sys.exit(f"{address} answered {response.status_code}: {response.get_data(as_text=True)}")
    return response.get_json()


def main() -> None:
    """Write the examples beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        examples = make_examples(load_shipped(Path(folder)))
    text = json.dumps(examples, ensure_ascii=False, indent=1) + "\n"
    Path(str(files("web.api") / EXAMPLES)).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
