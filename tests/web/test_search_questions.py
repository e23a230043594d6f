"""Questions that readers come with, asked of the catalogue that ships."""

import json
import re
from html import unescape
from urllib.parse import quote_plus

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from corpus.catalogue.add import add_catalogue
from corpus.settings import Settings
from corpus.store import open_store
from nlp.codebook import load_codebook
from web.app import create_app
from web.cli import cli
from web.commands.analyse import run_analysis

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(data_dir=tmp_path_factory.mktemp("asked"))
    add_catalogue(open_store(settings.data_dir), codebook_version=load_codebook().version)
    run_analysis(settings)
    return settings


@pytest.fixture(scope="module")
def client(asked: Settings) -> FlaskClient:
    return create_app(asked).test_client()


def page(client: FlaskClient, query: str, **more: str) -> str:
    response = client.get("/search", query_string={"q": query, **more})
    assert response.status_code == 200
    return unescape(response.get_data(as_text=True))


def results(text: str) -> list[str]:
    return re.split(r'<li class="result">', text)[1:]


def chosen_tab(text: str) -> str:
    found = re.search(r'aria-current="true">(.*?)</a>', text.split('class="tabs"')[1], re.S)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


def stances(result: str) -> set[str]:
    return set(re.findall(r'class="chip chip-([a-z-]+)"', result))


def themes(text: str) -> set[str]:
    return set(re.findall(r'/themes/([a-z-]+)"', text))


def test_consent_that_stopped_sharing_is_found_apart_from_what_denies_or_recommends(
    client: FlaskClient,
) -> None:
    text = page(client, "Show me reviews where lack of consent stopped staff sharing.")
    assert "Failings found" in chosen_tab(text)
    found = results(text)
    assert found
    for result in found:
        assert "failing-found" in stances(result)
        assert ">Guidance, " not in result
        assert re.search(r"Review published|Date of publication not known", result)
    assert "▲" in text.split('class="tabs"')[1].split("</nav>")[0]
    assert "Read as:</strong> “Consent treated as a precondition” first" in text


def test_good_practice_on_escalation_holds_nothing_negative(client: FlaskClient) -> None:
    text = page(client, "Give me examples of good practice on escalation.")
    assert "Good practice" in chosen_tab(text)
    assert results(text)
    assert all("good-practice-found" in stances(result) for result in results(text))


def test_a_review_that_is_named_is_the_only_one_searched(client: FlaskClient) -> None:
    text = page(client, "What did the Arthur and Star review say on wider family?")
    assert "Only:</strong> From the review “Arthur and Star”" in text
    titles = {re.search(r"<h3>(.*?)</h3>", result, re.S)[1] for result in results(text)}  # type: ignore[index]
    assert len(titles) == 1
    assert "wider-family-not-heard" in themes("".join(results(text)))


def test_information_shared_and_not_understood(client: FlaskClient) -> None:
    text = page(client, "Which reviews found information was shared but not understood?")
    assert "Failings found" in chosen_tab(text)
    assert "Only:</strong> On the theme “Shared but not made sense of”" in text
    found = results(text)
    assert found
    for result in found:
        assert set(load_codebook().expand("not-analysed")) & themes(result)
        assert "failing-found" in stances(result)


def test_a_pasted_paragraph_is_answered_with_shared_themes(client: FlaskClient) -> None:
    paragraph = (
        "Each service held a piece of the picture. The school had seen bruises, the surgery "
        "had missed appointments and housing had complaints of noise, but nobody put the "
        "pieces together."
    )
    response = client.get(f"/search?paragraph={quote_plus(paragraph)}")
    text = unescape(response.get_data(as_text=True))
    assert "Shares the theme" in text
    assert "no sign that they are about the same child" in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SAR", "SAR as safeguarding adult review, not subject access request"),
        ("SCR", "serious case review in England, significant case review in Scotland"),
        ("pizza recipe in Naples", "Nothing good found; the nearest misses are below"),
    ],
)
def test_what_could_be_mistaken_is_said(client: FlaskClient, query: str, said: str) -> None:
    assert said in page(client, query)


def test_names_lead_only_to_reviews_whose_publisher_shows_them(client: FlaskClient) -> None:
    first = [results(page(client, query))[0] for query in ("Baby P", "Peter Connelly")]
    assert all("Child A" in result for result in first)
    by_pseudonym = page(client, "Child A", tab="all")
    assert "by the name of its case" not in by_pseudonym or "Connelly" not in by_pseudonym


def test_the_shell_says_how_a_query_was_read_and_why_a_passage_was_found(asked: Settings) -> None:
    query = ["search", "recommendations on consent in Wales", "--data-dir", str(asked.data_dir)]
    read = CliRunner().invoke(cli, [*query, "-n", "3"])
    assert read.exit_code == 0
    assert "Read as: recommendations first" in read.output
    assert "Only: in Wales" in read.output
    assert "Found by" in read.output
    plain = json.loads(CliRunner().invoke(cli, [*query, "--plain", "--json"]).stdout)
    assert plain["understood"] == []
    assert {row["why"] is not None for row in plain["results"]} == {True}
