"""Figures: chart, table and file tell the same, and pass the policy that pages are served under."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from portal_world import PortalWorld
from samples import make_code, make_document, make_finding, make_review

from corpus.dates import PartialDate
from corpus.ids import ReviewId
from corpus.model import Kind, Stance
from corpus.recurrence import recurrence
from corpus.store import Store
from nlp.codebook import load_codebook
from web.charts.draw import bundle_name, svg
from web.charts.figure import Look
from web.charts.gallery import CHARTS
from web.charts.shares import theme_share, theme_shares
from web.charts.strips import strips
from web.counting import TOTAL
from web.recurring import Ground, RecurrenceQuestion, Row

PERIODS = "/charts/{}?what=periods&a_from=1970&a_to=1999&b_from=2000&b_to=2020"
ADDRESSES = {name: f"/charts/{name}.{{}}" for name in CHARTS if name != "compare"}
ADDRESSES["compare"] = PERIODS.format("compare.{}")
SVG = "{http://www.w3.org/2000/svg}"


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def data_of(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every row of data anywhere in a specification."""
    for values in spec.get("datasets", {}).values():
        yield from values
    yield from spec.get("data", {}).get("values", [])
    for part in ("layer", "vconcat", "hconcat"):
        for each in spec.get(part, []):
            yield from data_of(each)
    if isinstance(spec.get("spec"), dict):
        yield from data_of(spec["spec"])


def add(store: Store, review_id: str, published: str | None, theme: str | None) -> None:
    store.add_review(make_review(review_id, published))
    document, passages = make_document(
        [f"What {review_id} said."],
        identity=review_id,
        kind=Kind.REVIEW,
        review_id=ReviewId(review_id),
        published=PartialDate.parse_optional(published),
    )
    store.add_document(document, passages)
    finding = [make_finding(passages[0], make_code(theme))] if theme else []
    store.put_findings({passages[0].passage_id: finding}, tagger_version="t1")


@pytest.fixture
def ground(store: Store) -> Ground:
    """One of two reviews of the 1970s finds siloed decisions, and the one of the 1990s does."""
    add(store, "found", "1974", "siloed-decisions")
    add(store, "silent", "1979", None)
    add(store, "back", "1993-05", "siloed-decisions")
    add(store, "undated", None, "siloed-decisions")
    found = recurrence(store)
    ids = frozenset(str(entry.review.review_id) for entry in found.entries)
    return Ground(
        question=RecurrenceQuestion(),
        rows=tuple(Row(dated=item, has_text=True) for item in found.held),
        held=found.held,
        entries=found.entries,
        evidence={str(entry.review.review_id): entry.evidence for entry in found.entries},
        found={"siloed-decisions": ids, "siloed-working": ids, TOTAL: ids},
    )


def test_a_share_has_its_denominator_and_interval_and_a_gap_stays_a_gap(ground: Ground) -> None:
    figure = theme_share(ground, load_codebook())
    assert figure.rows == (
        ("1970s", 1, 2, 50.0, 9.5, 90.5),
        ("1980s", 0, 0, None, None, None),
        ("1990s", 1, 1, 100.0, 20.7, 100.0),
    )
    assert "1 of 2 reviews (50%) of the 1970s" in figure.summary
    assert "do not show a change" in figure.summary
    points = {row["period"]: row for row in data_of(figure.draw(Look())) if "share" in row}
    assert points["1980s"]["share"] is None
    assert points["1970s"]["of"] == "1 of 2"


def test_coverage_says_how_few_are_held_and_what_is_not_in_the_picture(ground: Ground) -> None:
    words = " ".join(theme_shares(ground, load_codebook()).coverage)
    assert "1 review held for the 1990s: a rise in counts is not a rise in failure" in words
    assert "None held for the 1980s" in words
    assert "Not in the picture: 1 review without this date." in words


def test_every_dot_of_the_signature_chart_stands_in_its_table(ground: Ground) -> None:
    figure = strips(ground, load_codebook())
    (row,) = [row for row in figure.rows if row[1]]
    assert row == ("Siloed working and decisions", 3, 4, 75.0, 19, "1974, 1993")
    dots = [
        (each["theme"], each["year"], each["n"])
        for each in data_of(figure.draw(Look()))
        if {"theme", "year", "n"} <= set(each)
    ]
    assert sorted(dots) == [(row[0], 1974, 1), (row[0], 1993, 1)]


def test_a_title_that_holds_markup_is_words_in_the_picture(ground: Ground) -> None:
    plain = strips(ground, load_codebook())
    hostile = replace(plain, title="<script>alert(1)</script>", summary='a "b" & c')
    root = ET.fromstring(svg(hostile, Look()))
    assert root.findtext(f"{SVG}title") == "<script>alert(1)</script>"
    assert root.findtext(f"{SVG}desc") == 'a "b" & c'
    assert root.find(f".//{SVG}script") is None


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("look", ["", "scheme=dark", "narrow=1"])
def test_a_picture_is_whole_named_and_needs_no_style_of_its_own(
    world: PortalWorld, name: str, look: str
) -> None:
    address = ADDRESSES[name].format("svg")
    response = world.client.get(f"{address}{'&' if '?' in address else '?'}{look}".rstrip("?&"))
    assert response.status_code == 200
    assert response.mimetype == "image/svg+xml"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    root = ET.fromstring(response.get_data(as_text=True))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    for element in root.iter():
        assert not {"style", "onload", "onclick"} & set(element.attrib)
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject"}


@pytest.mark.parametrize("name", CHARTS)
def test_the_table_on_the_page_has_the_cells_of_the_csv(world: PortalWorld, name: str) -> None:
    page = (
        world.get("/recurrence")
        if name != "compare"
        else world.get(PERIODS.format("x").replace("/charts/x", "/compare"))
    )
    figure = ET.fromstring(_figure_of(page, name))
    table = [
        ["".join(cell.itertext()) for cell in row if cell.tag in {"th", "td"}]
        for row in figure.iter("tr")
    ]
    written = rows_of(world.get(ADDRESSES[name].format("csv")))
    assert table == [[cell or "–" for cell in row] if n else row for n, row in enumerate(written)]
    assert len(table) > 1


def _figure_of(page: str, name: str) -> str:
    """The table of a figure, as XML: macros write it well-formed."""
    start = page.index("<table", page.index(f'id="chart-{name}"'))
    return page[start : page.index("</table>", start) + len("</table>")]


def test_the_specification_for_the_browser_carries_its_data_and_no_address(
    world: PortalWorld,
) -> None:
    spec = world.client.get("/charts/share.json?theme=siloed-working").get_json()
    assert "url" not in json.dumps(spec.get("data", {})) + json.dumps(spec["vconcat"])
    held = {row["period"]: row["held"] for row in data_of(spec)}
    assert held == {"1970s": 1, "1980s": 0, "1990s": 0, "2000s": 1, "2010s": 1}


def test_a_chart_repeats_the_filters_of_its_page_and_refuses_what_it_does_not_know(
    world: PortalWorld,
) -> None:
    page = world.get("/recurrence?nation=Wales&clock=capture")
    assert 'src="/charts/share.svg?nation=Wales&amp;clock=capture"' in page
    (row,) = rows_of(world.get("/charts/share.csv?nation=Wales&clock=capture"))[1:]
    assert row[:3] == ["2020s", "1", "1"]
    assert "nation" in world.get("/charts/share.csv?nation=Atlantis", status=400)
    assert "natoin" in world.get("/charts/share.csv?natoin=Wales", status=400)
    assert "strips, shares" in world.get("/charts/pie.svg", status=404)


def test_a_reader_who_has_a_picture_is_told_so_until_something_is_written(
    world: PortalWorld,
) -> None:
    first = world.client.get("/charts/share.svg")
    again = world.client.get("/charts/share.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    other = world.client.get(
        "/charts/share.svg?scheme=dark", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert other.status_code == 200


def test_a_png_is_a_picture_and_the_script_is_kept_for_a_year_under_its_own_name(
    world: PortalWorld,
) -> None:
    assert world.client.get("/charts/share.png").get_data().startswith(b"\x89PNG")
    script = world.client.get(f"/charts/script/{bundle_name()}")
    assert script.mimetype == "text/javascript"
    assert "immutable" in script.headers["Cache-Control"]
    assert "throughlineEmbed" in script.get_data(as_text=True)
    world.get("/charts/script/vega-000000000000.js", status=404)


def test_a_stance_that_is_asked_for_is_the_one_that_is_counted(world: PortalWorld) -> None:
    stance = Stance.GOOD_PRACTICE.value
    rows = rows_of(world.get(f"/charts/strips.csv?stance={stance}"))
    assert rows[0][1] == "Reviews that found good practice"
    assert [row[:2] for row in rows[1:] if row[1] != "0"] == [["Information not sought", "1"]]
