"""Every cell of the shipped catalogue's counts is counted again from its passages."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from samples import make_code, make_finding

from corpus.catalogue import add_catalogue, load_catalogue
from corpus.model import Attribution, Code, Review, Stance
from corpus.settings import Settings
from corpus.store import open_store
from nlp.codebook import load_codebook
from web.app import create_app
from web.cli import cli

EXTRA = make_code("checks-not-made", attribution=Attribution.REPORTED)


@dataclass(frozen=True)
class Walked:
    """The catalogue as a store holds it, with a machine that misses and invents."""

    data_dir: Path
    client: FlaskClient
    reviews: Mapping[str, Review]
    review_of: Mapping[str, str]
    """Passage → review."""
    codes: Mapping[str, Mapping[str, tuple[Code, ...]]]
    """Figure → passage → what it says of it."""

    def recount(self, figure: str, themes: set[str], level: str, among: set[str]) -> set[str]:
        """Reviews that find one of the themes failing, counted from scratch."""
        return {
            self.review_of[passage_id]
            for passage_id, codes in self.codes[figure].items()
            if self.review_of[passage_id] in among and says(codes, themes, level)
        }

    def reviews_of(self, **part: str) -> set[str]:
        """Dated reviews of a nation, type or decade; guidance is none."""
        return {
            review_id
            for review_id, review in self.reviews.items()
            if review.published
            and review.review_type != "guidance"
            and part.get("nation", review.nation) == review.nation
            and part.get("type", review.review_type) == review.review_type
            and part.get("decade", f"{review.published.year // 10}0s")
            == f"{review.published.year // 10}0s"
        }


def says(codes: tuple[Code, ...], themes: set[str], level: str) -> bool:
    return any(
        code.theme in themes
        and code.stance is Stance.FAILING
        and code.attribution is Attribution.REPORTED
        and level in {"either", code.level}
        for code in codes
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    data_dir = tmp_path_factory.mktemp("walked")
    store = open_store(data_dir)
    add_catalogue(store, codebook_version=load_codebook().version)
    people: dict[str, tuple[Code, ...]] = {
        each.passage_id: each.codes for each in store.iter_judgements()
    }
    machine: dict[str, tuple[Code, ...]] = {}
    review_of: dict[str, str] = {}
    found = {}
    for entry in load_catalogue():
        for place, passage in enumerate(entry.passages):
            review_of[passage.passage_id] = str(entry.review.review_id)
            own = () if place % 3 == 2 else people[passage.passage_id]
            machine[passage.passage_id] = tuple({*own, EXTRA}) if place % 4 == 1 else own
            found[passage.passage_id] = [
                make_finding(passage, code) for code in dict.fromkeys(machine[passage.passage_id])
            ]
    store.put_findings(found, tagger_version="t1")
    return Walked(
        data_dir=data_dir,
        client=create_app(Settings(data_dir=data_dir, api_requests_per_minute=0)).test_client(),
        reviews={review.review_id: review for review in store.iter_reviews()},
        review_of=review_of,
        codes={"machine": machine, "human_checked": people},
    )


def cells_of(table: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, str, dict[str, Any]]]:
    counter = [table["counter_theme"]] if table["counter_theme"] else []
    for row in [table["total"], *table["rows"], *counter]:
        for cell in row["cells"]:
            for figure in ("machine", "human_checked"):
                yield row, cell["level"], figure, cell[figure]


def check(walked: Walked, table: dict[str, Any], part: dict[str, str]) -> int:
    among = walked.reviews_of(**part) & set(walked.review_of.values())
    assert table["coverage"]["denominator"] == len(among), part
    n = 0
    for row, level, name, figure in cells_of(table):
        themes = set(row["themes"])
        expected = walked.recount(name, themes, level, among)
        where = (part, row["theme"], level, name)
        assert figure["denominator"] == len(among), where
        assert figure["n"] == len(expected), where
        assert set(figure["review_ids"]) == expected, where
        # The passages lead to these reviews, and each of them says so.
        assert {walked.review_of[each] for each in figure["passage_ids"]} == expected, where
        assert all(
            says(walked.codes[name][each], themes, level) for each in figure["passage_ids"]
        ), where
        n += 1
    return n


@pytest.mark.parametrize("by", ["top-theme", "theme"])
@pytest.mark.parametrize("group_by", ["decade", "nation", "type"])
def test_every_cell_recounts_from_its_passages(walked: Walked, by: str, group_by: str) -> None:
    address = f"/api/v1/counts?from=1974&to=2026&by={by}&group_by={group_by}"
    answer = json.loads(walked.client.get(address).get_data())["data"]
    n = check(walked, answer, {})
    for group in answer["groups"]:
        n += check(walked, group, {group_by: group["key"]})
    assert n == (1 + len(answer["groups"])) * 6 * (13 if by == "top-theme" else 38)
    # The parts add up to the whole: no review is in two of them, and none is lost.
    whole = {
        (row["theme"], level, name): figure["n"] for row, level, name, figure in cells_of(answer)
    }
    parts: dict[tuple[str, str, str], int] = dict.fromkeys(whole, 0)
    for group in answer["groups"]:
        for row, level, name, figure in cells_of(group):
            parts[row["theme"], level, name] += figure["n"]
    assert parts == whole


def test_shell_and_api_give_the_same_cells(walked: Walked) -> None:
    for by in ("top-theme", "theme"):
        asked = ["counts", "--from", "1974", "--to", "2026", "--by", by, "--group-by", "decade"]
        shell = json.loads(
            CliRunner().invoke(cli, [*asked, "--json", "--data-dir", str(walked.data_dir)]).stdout
        )
        address = f"/api/v1/counts?from=1974&to=2026&by={by}&group_by=decade"
        assert shell == json.loads(walked.client.get(address).get_data())["data"]


def links_of(page: str) -> list[tuple[str, int, int]]:
    """Address, number and denominator of every figure of the counts page that opens."""
    found = re.findall(r'<a href="(/counts/passages[^"]*)"><strong>(\d+)</strong> of (\d+)', page)
    return [(unescape(address), int(n), int(of)) for address, n, of in found]


def reviews_behind(client: FlaskClient, address: str) -> list[str]:
    """Follow every page behind a figure, and list the reviews in the order shown."""
    reviews: list[str] = []
    following: str | None = address
    while following:
        page = client.get(following).get_data(as_text=True)
        reviews += re.findall(r'data-review="([^"]+)"', page)
        match = re.search(r'rel="next" href="([^"]+)"', page)
        following = unescape(match[1]) if match else None
    return reviews


def test_every_figure_of_the_page_is_that_of_the_api_and_opens_its_reviews(
    walked: Walked,
) -> None:
    answer = json.loads(walked.client.get("/api/v1/counts?from=1974&to=2026").get_data())["data"]
    figures = {(row["theme"], level, name): figure for row, level, name, figure in cells_of(answer)}
    page = walked.client.get("/counts?from=1974&to=2026").get_data(as_text=True)
    links = [(parse_qs(urlsplit(each[0]).query), *each) for each in links_of(page)]
    whole = [each for each in links if each[0]["from"] == ["1974"] and each[0]["to"] == ["2026"]]
    assert len(whole) == sum(figure["n"] > 0 for figure in figures.values()) > 60
    for asked, address, n, of in whole:
        figure = figures[asked["theme"][0], asked["level"][0], asked["figure"][0]]
        assert (n, of) == (figure["n"], figure["denominator"])
        behind = reviews_behind(walked.client, address)
        assert len(behind) == len(set(behind))
        assert set(behind) == set(figure["review_ids"]), address
    # The years of the page are those of the API, and one of them opens its own reviews.
    years = [each for each in links if each[0]["from"] == each[0]["to"]]
    shown = {
        (int(asked["from"][0]), asked["figure"][0].removesuffix("_checked")): n
        for asked, _, n, _ in years
    }
    expected = {
        (year["year"], name): year[name]
        for year in answer["total"]["years"]
        for name in ("machine", "human")
        if year[name]
    }
    assert shown == expected
    asked, address, n, _ = years[-1]
    assert len(reviews_behind(walked.client, address)) == n
