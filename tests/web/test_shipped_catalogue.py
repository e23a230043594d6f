"""The portal over the catalogue that ships: every page of it can be shown."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from corpus.catalogue import add_catalogue, load_catalogue
from corpus.settings import Settings
from corpus.store import open_store
from nlp.codebook import load_codebook
from web.app import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    data_dir = tmp_path_factory.mktemp("shipped")
    add_catalogue(open_store(data_dir), codebook_version=load_codebook().version)
    return create_app(Settings(data_dir=data_dir)).test_client()


def page_at(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.get_data(as_text=True))


def test_every_review_of_the_catalogue_has_its_page_and_its_row(client: FlaskClient) -> None:
    reviews = [entry.review for entry in load_catalogue()]
    matrix = page_at(client, "/recurrence").split('<table class="matrix">')[1].split("</table>")[0]
    # Guidance and laws are followed on their own: they are no reviews.
    guidance = [review for review in reviews if review.review_type == "guidance"]
    assert matrix.count('<th scope="row">') == len(reviews) - len(guidance) > 100
    for review in reviews:
        assert review.title in page_at(client, f"/reviews/{review.review_id}")


def test_no_withheld_name_stands_on_a_page_or_in_an_answer(client: FlaskClient) -> None:
    withheld = [
        review
        for review in (entry.review for entry in load_catalogue())
        if review.identity_link and "anonymous" in review.identity_link
    ]
    assert withheld
    matrix = page_at(client, "/recurrence")
    for review in withheld:
        # Where the published title itself holds the name, it is no longer withheld.
        names = [name for name in review.case_names if name not in review.title]
        page = page_at(client, f"/reviews/{review.review_id}")
        answer = page_at(client, f"/api/v1/reviews/{review.review_id}")
        assert not [name for name in names if name in page or name in matrix or name in answer]
        # In an address a name stands in small letters and with hyphens.
        words = {word for name in names for word in name.casefold().split()}
        shown = (page + answer).casefold()
        assert not [word for word in words if word in shown]


def test_every_theme_of_the_codebook_has_its_page(client: FlaskClient) -> None:
    codebook = load_codebook()
    labels = {theme.theme_id: theme.label for theme in codebook.themes}
    labels |= {top.theme_id: top.label for top in codebook.top_themes}
    for theme_id, label in labels.items():
        assert label in page_at(client, f"/themes/{theme_id}")


def test_recurrence_starts_with_maria_colwell_in_1974(client: FlaskClient) -> None:
    page = page_at(client, "/themes/not-passed-on")
    assert "The earliest held is" in page
    assert page.index("Maria Colwell") < page.index("Victoria Climbié")
    assert ">1974<" in page or "published 1974" in page


LARGEST_BYTES = 150_000
"""Of a page as it is sent, packed, without the script that draws charts."""


def test_no_page_is_heavy_to_fetch(client: FlaskClient) -> None:
    codebook = load_codebook()
    themes = [
        *(top.theme_id for top in codebook.top_themes),
        *(theme.theme_id for theme in codebook.themes),
    ]
    addresses = [
        *("/", "/reviews", "/themes", "/counts", "/counts?by=theme", "/compare", "/sources"),
        *("/method", "/about", "/published-figures", "/reports", "/search?theme=shared-too-late"),
        *("/recurrence", "/recurrence?clock=incident", "/recurrence?clock=capture"),
        *(f"/recurrence?theme={top.theme_id}" for top in codebook.top_themes),
        *(f"/themes/{theme}" for theme in themes),
        *(f"/reviews/{entry.review.review_id}" for entry in load_catalogue()),
    ]
    sizes = {}
    for address in addresses:
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "gzip"), address
        sizes[address] = len(answer.data)
    assert max(sizes.values()) <= LARGEST_BYTES, max(sizes, key=lambda address: sizes[address])
    # What is counted is the page: its pictures and scripts are asked for apart.
    assert sizes["/recurrence"] > sizes["/themes"]
