"""The theme page: reviews by stance, what stands beside a theme, and others' headings."""

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from samples import make_code, make_document, make_judgement, make_review

from corpus.dates import PartialDate
from corpus.model import Attribution, Code, Kind, Stance
from corpus.settings import Settings
from corpus.store import Store, open_store
from nlp.codebook import load_codebook
from web.app import create_app
from web.views.crosswalk import crosswalk_view
from web.views.recurrences import PER_PAGE

CONSENT = "consent-treated-as-required"
SILOS = "siloed-decisions"


def _reported(theme: str, stance: Stance = Stance.FAILING) -> Code:
    return make_code(theme, stance, attribution=Attribution.REPORTED)


def _add(
    store: Store,
    name: str,
    year: int,
    texts: Sequence[tuple[str, tuple[Code, ...]]],
    *,
    incident: int | None = None,
) -> None:
    store.add_review(
        make_review(
            name,
            str(year),
            title=f"An invented inquiry, {name}",
            incident=PartialDate(incident) if incident else None,
        )
    )
    document, passages = make_document(
        tuple(text for text, _ in texts),
        identity=f"catalogue:{name}",
        kind=Kind.DIGEST,
        title=f"An invented inquiry, {name}",
        review_id=name,
        published=PartialDate(year),
        publisher="Throughline",
    )
    store.add_document(document, passages)
    for passage, (_, codes) in zip(passages, texts, strict=True):
        store.add_judgement(make_judgement(passage, *codes, coder="catalogue"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    data_dir = tmp_path_factory.mktemp("themes")
    store = open_store(data_dir)
    both = (_reported(CONSENT), _reported(SILOS))
    _add(store, "first", 1990, [("Staff waited for a signature, each alone.", both)])
    denied = _reported(CONSENT, Stance.NEGATED)
    _add(store, "second", 1995, [("Consent had been no barrier at all.", (denied,))])
    proposed = _reported(CONSENT, Stance.CHANGE_PROPOSED)
    _add(store, "third", 2000, [("Staff should be told when no signature is due.", (proposed,))])
    fourth = [("No signature, so nothing was sent.", (_reported(CONSENT),))]
    _add(store, "fourth", 2010, fourth, incident=1985)
    _add(store, "fifth", 2015, [("The post took its time.", (_reported("shared-too-late"),))])
    return create_app(Settings(data_dir=data_dir, api_requests_per_minute=0)).test_client()


def page_at(client: FlaskClient, address: str) -> str:
    """A page as its reader sees it: its words, each space single."""
    response = client.get(address)
    assert response.status_code == 200, address
    page = re.sub(r"<head>.*</head>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def section(page: str, heading: str, until: str) -> str:
    """The words of one section of a page, from its last heading of that name."""
    start = page.rindex(f" {heading} ")
    return page[start : page.index(f" {until} ", start)]


def reviews_on(client: FlaskClient, address: str) -> str:
    page = page_at(client, address)
    start = page.index("Reviews, in order of ")
    return page[start : page.rindex(" What stands beside it ")]


def test_failings_are_shown_unless_another_stance_is_asked_for(client: FlaskClient) -> None:
    shown = reviews_on(client, f"/themes/{CONSENT}")
    assert "Staff waited for a signature" in shown
    assert "No signature, so nothing was sent." in shown
    assert "Consent had been no barrier" not in shown
    assert "20 years after the one before" in shown
    denied = reviews_on(client, f"/themes/{CONSENT}?stance=negated-or-hypothetical")
    assert "Consent had been no barrier" in denied
    assert "Staff waited" not in denied


def test_tabs_count_reviews_by_stance_and_say_which_is_open(client: FlaskClient) -> None:
    page = client.get(f"/themes/{CONSENT}?stance=change-proposed").get_data(as_text=True)
    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert tabs is not None
    words = " ".join(re.sub(r"<[^>]+>", " ", tabs[0]).split())
    assert "Failing found (2)" in words
    assert "Good practice found (0)" in words
    assert "Denied or hypothetical (1)" in words
    opened = re.findall(r'aria-current="page"><span[^>]*>.</span> ([^<]+)</a>', tabs[0])
    assert opened == ["Change proposed (1)"]


def test_what_was_proposed_between_two_failings_stands_between_them(client: FlaskClient) -> None:
    shown = reviews_on(client, f"/themes/{CONSENT}")
    first, between, last = (
        shown.index(words)
        for words in ("Staff waited", "Staff should be told when", "so nothing was sent")
    )
    assert first < between < last
    recommended = section(page_at(client, f"/themes/{CONSENT}"), "What was recommended", "Reforms")
    assert "Found again in 1 of 2 reviews held from after it, first 10 years after." in recommended


def test_what_stands_beside_a_theme_has_its_denominator_and_opens(client: FlaskClient) -> None:
    page = page_at(client, f"/themes/{CONSENT}")
    label = load_codebook().theme(SILOS).label
    assert f"{label} 1 of 2 reviews (50%) 1 of 5 reviews (20%)" in page
    assert load_codebook().theme("shared-too-late").label not in section(
        page, "What stands beside it", "What was recommended"
    )
    both = reviews_on(client, f"/themes/{CONSENT}?with={SILOS}")
    assert "Staff waited" in both
    assert "nothing was sent" not in both


def test_a_reform_that_answers_the_theme_is_named_with_what_it_is(client: FlaskClient) -> None:
    reform = next(each for each in load_codebook().reforms if CONSENT in each.answers)
    page = page_at(client, f"/themes/{CONSENT}")
    assert f"{reform.label} {' '.join(reform.definition.split())}" in page


def test_the_panels_the_nspccs_and_the_triennial_headings_are_given(client: FlaskClient) -> None:
    page = page_at(client, f"/themes/{CONSENT}")
    for publication in (
        "Child Safeguarding Practice Review Panel, annual report 2018–19",
        "NSPCC briefing, 2024",
        "Triennial analysis 2011–14",
    ):
        assert publication in page
    assert "indicative only" in page


def test_a_heading_that_one_theme_alone_answers_says_so() -> None:
    headings = crosswalk_view(load_codebook(), "threshold-mismatch").headings
    triennial = next(each for each in headings if each.reported == "thresholds")
    assert triennial.is_whole
    assert not triennial.with_


@pytest.mark.parametrize("query", ["stance=sad", "page=0", "page=x", "page=99999999"])
def test_a_parameter_that_cannot_be_used_is_refused_in_words(
    client: FlaskClient, query: str
) -> None:
    response = client.get(f"/themes/{CONSENT}?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in response.get_data(as_text=True)


def test_many_reviews_stand_on_pages_with_each_on_one_of_them(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    years = [1990 + number // 3 for number in range(PER_PAGE + 2)]
    for number, year in enumerate(years):
        _add(store, f"r{number:02}", year, [(f"Case {number:02} again.", (_reported(CONSENT),))])
    client = create_app(Settings(data_dir=tmp_path, api_requests_per_minute=0)).test_client()
    pages = [reviews_on(client, f"/themes/{CONSENT}?page={number}") for number in (1, 2)]
    found = [re.findall(r"Case (\d\d) again", page) for page in pages]
    assert [len(each) for each in found] == [PER_PAGE, 2]
    assert sorted(found[0] + found[1]) == [f"{number:02}" for number in range(len(years))]
    # The years since the one before are counted from the page before too.
    assert "in the same year as the one before" in pages[1] or "1 year after" in pages[1]


def test_a_theme_can_be_followed_by_when_it_happened(client: FlaskClient) -> None:
    """The inquiry published last was into what happened first; of the other no date is known."""
    published = page_at(client, f"/themes/{CONSENT}")
    assert "The earliest held is An invented inquiry, first , published 1990" in published
    happened = page_at(client, f"/themes/{CONSENT}?clock=incident")
    assert "is An invented inquiry, fourth , about what happened: 1985" in happened
    shown = reviews_on(client, f"/themes/{CONSENT}?clock=incident")
    assert shown.index("inquiry, fourth") < shown.index("inquiry, first")
    assert "1985" in shown
    assert "date not known" in shown
    # Nobody can have heeded a recommendation before it was published.
    assert "Recommended in between" in reviews_on(client, f"/themes/{CONSENT}")
    assert "Recommended in between" not in shown


def test_the_date_that_counts_stays_from_tab_to_tab(client: FlaskClient) -> None:
    page = client.get(f"/themes/{CONSENT}?clock=capture").get_data(as_text=True)
    assert "says nothing of when it happened" in page
    own = [unescape(link) for link in re.findall(rf'href="(/themes/{CONSENT}\?[^"]*)"', page)]
    assert all("clock=" in link for link in own if "stance=" in link)
    assert f"/charts/share.svg?theme={CONSENT}&clock=capture" in unescape(page)


def test_the_recurrence_page_names_the_earliest_by_the_date_that_counts(
    client: FlaskClient,
) -> None:
    by_publication = page_at(client, f"/recurrence?theme={CONSENT}")
    assert "The earliest held is An invented inquiry, first , published 1990" in by_publication
    happened = page_at(client, f"/recurrence?theme={CONSENT}&clock=incident")
    assert "An invented inquiry, fourth , about what happened: 1985" in happened
    taken_in = page_at(client, f"/recurrence?theme={CONSENT}&clock=capture")
    assert "says nothing of when it happened" in taken_in
