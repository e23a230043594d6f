"""Figures that others published: quoted in their unit, with ours beside and why they differ."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from corpus.catalogue import add_catalogue, load_catalogue
from corpus.published_figures import listed_statements, published_figures
from corpus.settings import Settings
from corpus.store import open_store
from nlp.codebook import load_codebook
from web.app import create_app
from web.cli import cli
from web.comparing import CAVEAT

PANEL = "panel-annual-report-2018-2019"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("published")
    add_catalogue(open_store(data_dir), codebook_version=load_codebook().version)
    return data_dir


@pytest.fixture(scope="module")
def client(data_dir: Path) -> FlaskClient:
    return create_app(Settings(data_dir=data_dir, api_requests_per_minute=0)).test_client()


@pytest.fixture(scope="module")
def compared(data_dir: Path) -> dict[str, Any]:
    asked = ["compare", "--published", "--json", "--data-dir", str(data_dir)]
    answer: dict[str, Any] = json.loads(CliRunner().invoke(cli, asked).stdout)
    return answer


def panel(compared: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each
        for each in compared["figures"]
        if each["published"]["review_id"] == PANEL and each["crosswalk"]
    )
    return found


def test_the_panels_forty_per_cent_stands_in_its_own_unit(compared: dict[str, Any]) -> None:
    found = panel(compared)
    published = found["published"]
    assert (published["value"], published["period"]) == ("40", "2018-19")
    assert "rapid reviews" in published["unit"]
    assert (found["crosswalk"], found["reported_as"]) == ("P19d", "poor information exchange")
    themes = set(found["themes"])
    rollup = load_codebook().rollup
    assert {theme for theme, top in rollup.items() if top == "not-passed-on"} <= themes
    assert "disproportionate-sharing" not in themes


def test_ours_is_counted_by_our_rules_and_by_two_dates(compared: dict[str, Any]) -> None:
    ours = panel(compared)["ours"]
    assert [each["date_axis"] for each in ours] == ["publication", "incident"]
    for each in ours:
        assert (each["from"], each["to"], each["nation"]) == (2018, 2019, "England")
        people = each["human_checked"]
        assert people["denominator"] == each["denominator"] > 0
        assert people["n"] == len(people["review_ids"])
        assert each["corrected"]["refused"]["code"] == "too-few-checked"


def test_the_reasons_name_what_cannot_be_equal(compared: dict[str, Any]) -> None:
    reasons = panel(compared)["not_alike_because"]
    assert reasons[0] == CAVEAT
    assert "Rapid reviews are not published" in CAVEAT
    assert any("critical points" in reason for reason in reasons)
    assert any("538" in reason for reason in reasons)
    assert any("reviews held here" in reason for reason in reasons)
    for each in compared["figures"]:
        assert bool(each["ours"]) == bool(each["not_alike_because"])


def test_no_figure_is_turned_into_another(compared: dict[str, Any]) -> None:
    held = {
        (entry.review.review_id, figure.statement): (figure.value, figure.unit)
        for entry in load_catalogue()
        for figure in entry.review.figures
    }
    quoted = 0
    for each in compared["figures"]:
        published = each["published"]
        key = (published["review_id"], published["statement"])
        if key in held:
            assert held[key] == (published["value"], published["unit"])
            quoted += 1
        else:
            assert not published["value"].isdigit()
    assert quoted > 60


def test_every_described_figure_is_one_of_the_catalogue(data_dir: Path) -> None:
    codebook = load_codebook()
    figures = published_figures(open_store(data_dir))
    statements = {(figure.review_id, figure.statement): figure for figure in figures}
    rows = {row.key: row for row in codebook.crosswalk}
    assert len(listed_statements()) == 3
    for listed in listed_statements():
        population = statements[listed].population  # type: ignore[index]  # ids are text
        assert population is not None
        assert rows[population.crosswalk].rollup
        assert population.from_year <= population.to_year
        assert all(reason.endswith(".") for reason in population.reasons)


def test_the_page_shows_both_with_the_caveat_and_opens_ours(client: FlaskClient) -> None:
    page = client.get("/published-figures").get_data(as_text=True)
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert CAVEAT in text
    assert "40%: poor information exchange" in text
    assert "Published figures with nothing of ours beside" in text
    links = re.findall(r'<a href="(/counts/passages[^"]*)"><strong>(\d+)</strong> of (\d+)', page)
    assert links
    for link, n, _ in links:
        address = unescape(link)
        behind = client.get(address).get_data(as_text=True)
        assert parse_qs(urlsplit(address).query)["theme"][0].startswith("crosswalk:")
        assert len(set(re.findall(r'data-review="([^"]+)"', behind))) == int(n)


def test_the_shell_says_the_same_in_words(data_dir: Path, compared: dict[str, Any]) -> None:
    asked = ["compare", "--published", "--data-dir", str(data_dir)]
    shown = CliRunner().invoke(cli, asked).stdout
    assert shown.startswith(CAVEAT)
    people = panel(compared)["ours"][0]["human_checked"]
    assert f"people {people['n']} of {people['denominator']}" in shown
    assert "Published: 40 percent of cases reviewed (rapid reviews)." in shown
