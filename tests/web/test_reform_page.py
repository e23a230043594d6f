"""The page of a reform, and how searches lead to pages that go by date."""

import re
from dataclasses import replace
from html import unescape

import pytest
from portal_world import PortalWorld, make_world
from samples import make_code, make_judgement

from corpus.model import Attribution, Stance
from nlp.codebook import load_codebook

IDENTIFIER = "reform-single-unique-identifier"
NEWS = "<span>News report</span>"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> PortalWorld:
    """A world in which a reform is proposed, and news reports a failing."""
    made = make_world(tmp_path_factory.mktemp("reforms") / "data")
    proposed = make_judgement(
        made.digest_1974[1], make_code("identity-mismatch", Stance.CHANGE_PROPOSED)
    )
    made.store.add_judgement(replace(proposed, reforms=(IDENTIFIER,)))
    reported = make_code("siloed-decisions", attribution=Attribution.REPORTED)
    made.store.add_judgement(make_judgement(made.news[1], reported))
    return made


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def tabs(page: str) -> str:
    return words(page[page.index('<nav class="tabs"') :].partition("</nav>")[0])


def test_a_reform_lists_who_proposed_it_with_date_and_sort_of_source(own: PortalWorld) -> None:
    text = words(own.get(f"/reforms/{IDENTIFIER}"))
    assert "2 September 1974 Public inquiry Report of the inquiry into the care of Ann" in text
    assert "Records should follow the child from area to area." in text
    assert "By sort of source: Public inquiry: 1 passage." in text
    assert "An answer to Records not matched to the same child or adult" in text


def test_each_reform_has_its_page_and_no_other(own: PortalWorld) -> None:
    for reform in load_codebook().reforms:
        assert f"Proposed: {reform.label}" in words(own.get(f"/reforms/{reform.reform_id}"))
    assert "no reform" in words(own.get("/reforms/reform-none", 404))
    none = words(own.get("/reforms/reform-resourcing"))
    assert "No passage held was coded as proposing it" in none


def test_a_question_on_a_reform_leads_to_its_page(own: PortalWorld) -> None:
    page = own.get("/search?q=who+proposed+a+unique+identifier")
    assert f'href="/reforms/{IDENTIFIER}"' in page
    assert "Note: A reform of its own, “Single unique identifier”" in words(page)


def test_a_theme_read_into_a_question_leads_to_when_it_was_found(own: PortalWorld) -> None:
    page = own.get("/search?q=shared+but+not+understood&tab=all")
    assert 'href="/themes/not-analysed">when it was first found, and since' in page


def test_news_is_in_no_tab_of_findings_and_has_its_own(own: PortalWorld) -> None:
    query = "/search?q=registers+picture"
    failing = own.get(f"{query}&tab=failing-found")
    assert "News reports (" in tabs(failing)
    assert NEWS not in failing
    link = re.search(r'href="([^"]+)"[^>]*>News reports', failing)
    assert link
    of_news = own.get(unescape(link[1]))
    assert of_news.count('<li class="result">') == of_news.count(NEWS) > 0
    # Who asks for newspapers gets what they report.
    asked = own.get(f"{query}&kind=news&tab=failing-found")
    assert asked.count('<li class="result">') == 1
