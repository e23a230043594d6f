from urllib.parse import urlsplit

import pytest

from corpus.catalogue import load_catalogue
from corpus.sites import site_name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.theguardian.com/society/2003/jan/26/an-article", "The Guardian"),
        ("https://www.communitycare.co.uk/2002/12/05/an-article/", "Community Care"),
        ("https://communitycare.co.uk/", "Community Care"),
        ("HTTPS://WWW.GOV.UK:443/government/publications", "GOV.UK"),
        ("http://news.bbc.co.uk/1/hi/uk/1.stm", "BBC News"),
    ],
)
def test_a_known_site_is_shown_by_its_name(url: str, name: str) -> None:
    assert site_name(url) == name


def test_a_site_that_is_not_listed_is_shown_by_its_host() -> None:
    assert site_name("https://www.example.org/some/long-path?q=1") == "example.org"


def test_a_council_is_not_taken_for_the_government_site() -> None:
    assert site_name("https://www.some-town.gov.uk/page") == "some-town.gov.uk"


@pytest.mark.parametrize("text", ["minutes.pdf", "", "http://[broken"])
def test_what_has_no_host_comes_back_unchanged(text: str) -> None:
    assert site_name(text) == text


def test_sites_of_catalogue_addresses_show_nothing_of_the_path() -> None:
    for entry in load_catalogue():
        for url in entry.review.sources:
            name = site_name(url)
            assert "/" not in name
            assert name != url


def test_nearly_every_site_that_the_catalogue_cites_has_a_name() -> None:
    hosts = {
        str(urlsplit(url).hostname).removeprefix("www.")
        for entry in load_catalogue()
        for url in (*entry.review.sources, *(p.source_url for p in entry.passages if p.source_url))
    }
    nameless = {host for host in hosts if site_name(f"https://{host}/") == host}
    assert nameless <= {"legislation.gov.uk", "public-sector.co.uk"}
