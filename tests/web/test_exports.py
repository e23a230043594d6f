"""Files of passages, findings, reviews and counts: whole, exact, and safe to open."""

import csv
import io
import json
from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pyarrow.parquet as pq
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st
from portal_world import PortalWorld, make_world
from samples import make_document
from werkzeug.test import TestResponse

from corpus.model import LicenceTier
from nlp.codebook import load_codebook
from web.spreadsheet import csv_text

ROWS = "X-Throughline-Rows"

THEME = "not-shared-between-agencies"

# Two values a filter, one of them blank; pairs of them are crossed below.
FILTERS: dict[str, tuple[str, str]] = {
    "q": ("agency hospital school", "injuries"),
    "theme": (THEME, "siloed-working"),
    "stance": ("failing-found", "change-proposed"),
    "level": ("case", "system"),
    "attribution": ("reported", "own-voice"),
    "kind": ("digest", "review"),
    "nation": ("England", "Wales"),
    "review": ("ann-example-1974", "report-2013"),
    "from": ("1974", "2003"),
    "to": ("2003", "2025"),
    "possible": ("1", "1"),
}


def fetch(world: PortalWorld, path: str, status: int = 200) -> TestResponse:
    response = world.client.get("/api/v1/" + path)
    assert response.status_code == status, response.get_data(as_text=True)
    return response


def csv_rows(response: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def json_lines(response: TestResponse) -> list[dict[str, Any]]:
    return [json.loads(line) for line in response.get_data(as_text=True).splitlines()]


def on_screen(world: PortalWorld, query: str) -> list[str]:
    """The passages that the search page lists, page by page."""
    found: list[str] = []
    number = 1
    while True:
        page = world.get(f"/search?{query}&page={number}")
        found += [part.split('"')[0] for part in page.split('<div class="passage" id="')[1:]]
        if 'rel="next"' not in page:
            return found
        number += 1


def crossed_filters() -> list[str]:
    """Every pair of filters with every pair of their values, and each filter alone."""
    alone = [f"{name}={quote(value)}" for name, values in FILTERS.items() for value in values]
    pairs = [
        f"{one}={quote(first)}&{other}={quote(second)}"
        for one, other in combinations(FILTERS, 2)
        for first, second in product(FILTERS[one], FILTERS[other])
    ]
    return list(dict.fromkeys(alone + pairs))


def test_for_every_pair_of_filters_the_file_holds_what_the_screen_counts(
    world: PortalWorld,
) -> None:
    empty = 0
    for query in crossed_filters():
        if query == "possible=1":
            continue  # asks for nothing by itself: the page searches nothing
        file = fetch(world, f"passages.jsonl?{query}")
        ids = [row["passage_id"] for row in json_lines(file)]
        assert ids == on_screen(world, query), query
        assert file.headers[ROWS] == str(len(ids)), query
        empty += not ids
    assert 0 < empty < len(crossed_filters()) / 2


@pytest.mark.parametrize("query", ["theme=not-passed-on", "stance=failing-found", "level=case"])
def test_findings_are_those_of_the_passages_found_and_meet_the_filter(
    world: PortalWorld, query: str
) -> None:
    findings = csv_rows(fetch(world, f"findings.csv?{query}"))
    passages = csv_rows(fetch(world, f"passages.csv?{query}"))
    assert {row["passage_id"] for row in findings} == {row["passage_id"] for row in passages}
    name, _, value = query.partition("=")
    column = "top_theme" if name == "theme" else name
    assert {row[column] for row in findings} == {value}


def test_the_three_forms_of_a_table_say_the_same(world: PortalWorld) -> None:
    flat = csv_rows(fetch(world, "passages.csv"))
    parquet = pq.read_table(io.BytesIO(fetch(world, "passages.parquet").data)).to_pylist()
    lines = json_lines(fetch(world, "passages.jsonl"))
    ids = [row["passage_id"] for row in lines]
    assert ids == [row["passage_id"] for row in flat] == [row["passage_id"] for row in parquet]
    assert [row["text"] for row in parquet] == [row["text"] for row in lines]


@pytest.mark.parametrize("what", ["passages", "findings", "reviews", "themes", "counts"])
def test_every_row_says_which_of_how_many_it_is(world: PortalWorld, what: str) -> None:
    response = fetch(world, f"{what}.csv")
    rows, total = csv_rows(response), response.headers[ROWS]
    assert [row["row"] for row in rows] == [str(n) for n in range(1, int(total) + 1)]
    assert {row["rows"] for row in rows} == {total}
    assert {row["snapshot"] for row in rows} == {response.headers["X-Throughline-Snapshot"]}
    last = json_lines(fetch(world, f"{what}.jsonl"))[-1]["export"]
    assert (last["row"], last["rows"]) == (int(total), int(total))
    table = pq.read_table(io.BytesIO(fetch(world, f"{what}.parquet").data))
    assert table.num_rows == int(table.schema.metadata[b"throughline_rows"]) == int(total)


@pytest.mark.parametrize("what", ["passages", "findings", "reviews", "themes", "counts"])
def test_every_row_says_by_which_codebook_its_themes_are_to_be_read(
    world: PortalWorld, what: str
) -> None:
    version = load_codebook().version
    rows = csv_rows(fetch(world, f"{what}.csv"))
    assert {row["codebook_version"] for row in rows} == {version}
    lines = json_lines(fetch(world, f"{what}.jsonl"))
    assert {line["export"]["codebook_version"] for line in lines} == {version}
    table = pq.read_table(io.BytesIO(fetch(world, f"{what}.parquet").data))
    assert set(table["codebook_version"].to_pylist()) == {version}
    assert table.schema.metadata[b"throughline_codebook_version"] == version.encode()


def csv_is_whole(data: bytes) -> bool:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    last = rows[-1]
    return last["row"] == last["rows"] == str(len(rows)) and last["snapshot"] == rows[0]["snapshot"]


def lines_are_whole(data: bytes) -> bool:
    last = json.loads(data.splitlines()[-1])
    place = last.get("export") or last["meta"]["export"]
    return bool(place["row"] == place["rows"])


def ris_is_whole(data: bytes) -> bool:
    number, _, total = rispy.loads(data.decode())[-1]["notes"][0].split()[1:4]
    return bool(number == total.rstrip(","))


CHECKS: dict[str, Callable[[bytes], bool]] = {
    "csv": csv_is_whole,
    "jsonl": lines_are_whole,
    "prodigy.jsonl": lines_are_whole,
    "parquet": lambda data: pq.read_table(io.BytesIO(data)).num_rows > 0,
    "ris": ris_is_whole,
    "bib": lambda data: data.endswith(b"}\n") and b"@comment{end of" in data,
    "anno.jsonld": lambda data: bool(json.loads(data)),
}
"""Whether a file is whole, by what docs/exports.md says to look at."""


def is_whole(suffix: str, data: bytes) -> bool:
    try:
        return CHECKS[suffix](data)
    except (ValueError, KeyError, IndexError, OSError):
        return False


@pytest.mark.parametrize("suffix", CHECKS)
def test_a_file_that_was_cut_anywhere_shows_it(world: PortalWorld, suffix: str) -> None:
    whole = fetch(world, f"passages.{suffix}").data
    assert is_whole(suffix, whole)
    # The last line's end may be lost: nothing of the data is.
    shortest = len(whole.rstrip()) - 1
    cuts = {shortest, *range(0, shortest, max(1, shortest // 150))}
    cuts |= {at for at in range(shortest) if whole[at : at + 1] == b"\n"}
    for cut in cuts:
        assert not is_whole(suffix, whole[:cut]), (suffix, cut)


def test_a_reader_who_hangs_up_leaves_no_state_held(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    response = world.client.get("/api/v1/passages.csv", buffered=False)
    next(iter(response.iter_encoded()))
    response.close()
    document, passages = make_document(["Something new."], identity="new")
    world.store.add_document(document, passages)
    assert fetch(world, "passages.csv").headers[ROWS] == "10"


def test_text_is_cut_to_the_licence_as_on_the_page(world: PortalWorld) -> None:
    passage = world.news[0]
    for path in ("passages.jsonl?kind=news", "findings.jsonl?kind=news"):
        row = json_lines(fetch(world, path))[0]
        assert (len(row["text"].split()), row["text_cut"]) == (25, True)
        assert passage.text.startswith(row["text"])
    for path in ("passages.anno.jsonld", "passages.prodigy.jsonl", "passages.csv"):
        assert "word25" not in fetch(world, path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("tier", "shown"),
    [
        (LicenceTier.OPEN, 60),
        (LicenceTier.OWNER, 50),
        (LicenceTier.PRESS, 25),
        (LicenceTier.PERMISSION, 0),
        (LicenceTier.NEVER, 0),
    ],
)
def test_every_licence_caps_the_snippet_and_says_so_in_the_row(
    tmp_path: Path, tier: LicenceTier, shown: int
) -> None:
    world = make_world(tmp_path)
    text = " ".join(f"said{number}" for number in range(60))
    document, passages = make_document([text], identity="capped", licence_tier=tier)
    world.store.add_document(document, passages)
    rows = json_lines(fetch(world, "passages.jsonl"))
    (row,) = [row for row in rows if row["passage_id"] == passages[0].passage_id]
    assert (len(row["text"].split()), row["text_cut"]) == (shown, shown < 60)
    assert row["licence_tier"] == tier.value
    assert document.text[row["start_char"] : row["end_char"]] == text  # offsets are of the whole
    for suffix in ("csv", "anno.jsonld", "prodigy.jsonl"):
        written = fetch(world, f"passages.{suffix}").get_data(as_text=True)
        assert f"said{shown}" not in written, suffix


def test_an_annotation_quotes_exactly_what_its_offsets_choose(world: PortalWorld) -> None:
    collection = json.loads(fetch(world, "passages.anno.jsonld").data)
    items = collection["first"]["items"]
    assert collection["total"] == len(items) == 9
    assert collection["throughline:codebook_version"] == load_codebook().version
    for item in items:
        source = item["target"]["source"]
        document = world.store.get_document(source["id"].rsplit(":", 1)[1])
        assert source["throughline:text_sha256"] == document.text_sha256
        quote_, position = item["target"]["selector"]
        assert document.text[position["start"] : position["end"]] == quote_["exact"]
    tagged = next(item for item in items if world.report_2013[0].passage_id in item["id"])
    assert tagged["body"][0]["source"] == "urn:throughline:theme:siloed-decisions"


def test_a_prodigy_span_lies_within_the_text_that_is_given(world: PortalWorld) -> None:
    tasks = {task["meta"]["passage_id"]: task for task in json_lines(fetch(world, _PRODIGY))}
    machine = tasks[world.report_2013[0].passage_id]
    (span,) = machine["spans"]
    assert machine["text"][span["start"] : span["end"]] == "agency"
    assert "answer" not in machine
    by_hand = tasks[world.digest_1974[0].passage_id]
    assert (by_hand["accept"], by_hand["answer"]) == ([THEME], "accept")
    assert len(tasks[world.news[0].passage_id]["spans"]) == 1  # the other lies beyond the cut


_PRODIGY = "passages.prodigy.jsonl"


def test_a_search_gives_the_bibliography_of_what_it_found(world: PortalWorld) -> None:
    keys = ["ann-example-1974", "child-n-2003"]
    ris = rispy.loads(fetch(world, f"passages.ris?theme={THEME}").get_data(as_text=True))
    assert [entry["id"] for entry in ris] == keys
    bib = parse_string(fetch(world, f"passages.bib?theme={THEME}").get_data(as_text=True))
    assert [entry.key for entry in bib.entries] == keys


def test_reviews_go_out_without_a_name_that_their_publisher_withheld(world: PortalWorld) -> None:
    for suffix in ("csv", "jsonl", "ris", "bib"):
        text = fetch(world, f"reviews.{suffix}").get_data(as_text=True)
        assert "Hidden Name" not in text
        assert "child-n-2003" in text
    assert b"Hidden Name" not in fetch(world, "reviews.parquet").data


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("passages.csv?nonsense=1", "nonsense"),
        ("passages.csv?per_page=5", "per_page"),
        ("passages.jsonl?stance=angry", "stance"),
        ("passages.parquet?from=2020&to=1990", "2020"),
        ("reviews.csv?nation=Narnia", "nation"),
        ("themes.ttl?theme=x", "theme"),
        ("counts.csv?by=colour", "by"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name_as_on_the_json_route(
    world: PortalWorld, path: str, named: str
) -> None:
    response = fetch(world, path, status=400)
    assert response.content_type == "application/problem+json"
    assert named in response.get_json()["detail"]


def test_equal_content_gives_equal_bytes_and_a_304_and_new_content_does_not(
    tmp_path: Path,
) -> None:
    world = make_world(tmp_path)
    for path in ("passages.csv", "passages.parquet", "themes.ttl", "reviews.bib"):
        first = fetch(world, path)
        assert fetch(world, path).data == first.data, path
        held = {"If-None-Match": first.headers["ETag"]}
        assert world.client.get(f"/api/v1/{path}", headers=held).status_code == 304
    document, passages = make_document(["Something new."], identity="new")
    world.store.add_document(document, passages)
    etag = {"If-None-Match": fetch(world, "reviews.bib").headers["ETag"]}
    assert fetch(world, "passages.csv").headers[ROWS] == "10"
    assert world.client.get("/api/v1/passages.csv", headers=etag).status_code == 200


def test_a_file_is_of_one_state_whatever_is_written_while_it_is_sent(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    response = world.client.get("/api/v1/passages.jsonl", buffered=False)
    document, passages = make_document(["Something new."], identity="new")
    world.store.add_document(document, passages)
    with response:
        assert len(response.get_data().splitlines()) == int(response.headers[ROWS]) == 9
    assert fetch(world, "passages.csv").headers[ROWS] == "10"


def test_an_answer_that_nobody_reads_leaves_no_state_held(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    assert world.client.head("/api/v1/passages.csv").headers[ROWS] == "9"
    document, passages = make_document(["Something new."], identity="new")
    world.store.add_document(document, passages)
    assert fetch(world, "passages.csv").headers[ROWS] == "10"


ACTIVE = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\0=1", "＝1", " =1", 'a"\n=b', "x\0y")


def test_no_cell_of_a_csv_can_act_and_parquet_and_json_keep_every_text(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    document, passages = make_document(ACTIVE, identity="active", title="=cmd|' /C calc'!A0")
    world.store.add_document(document, passages)
    kept = [row for row in json_lines(fetch(world, "passages.jsonl")) if row["text"] in ACTIVE]
    assert len(kept) == len(ACTIVE)
    assert kept[0]["title"] == "=cmd|' /C calc'!A0"
    table = pq.read_table(io.BytesIO(fetch(world, "passages.parquet").data)).to_pylist()
    assert {row["text"] for row in table} >= set(ACTIVE)
    for row in csv_rows(fetch(world, "passages.csv")):
        for cell in row.values():
            assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\0＝＋－＠")), cell
            assert "\0" not in cell


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_text_comes_back_from_csv_by_two_readers(texts: list[str]) -> None:
    columns = ("n", "text")
    written = csv_text(columns, [{"n": n, "text": text} for n, text in enumerate(texts)])
    read = [row["text"] for row in csv.DictReader(io.StringIO(written, newline=""))]
    # What is added is an apostrophe, what is taken out is NUL, and nothing else changes.
    expected = [text.replace("\0", "") for text in texts]
    assert [text.removeprefix("'") for text in read] == [t.removeprefix("'") for t in expected]
    frame = pd.read_csv(io.StringIO(written, newline=""), keep_default_na=False, dtype=str)
    assert list(frame["text"]) == read


def test_a_megabyte_in_one_cell_survives() -> None:
    text = 'word, "quoted"\r\n' * 70_000
    csv.field_size_limit(10**7)
    (row,) = csv.DictReader(io.StringIO(csv_text(("text",), [{"text": text}]), newline=""))
    assert row["text"] == text
