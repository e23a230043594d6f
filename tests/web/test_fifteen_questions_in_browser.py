"""Questions that readers come with, each asked in a browser until it is answered.

The other half is in test_figures_asked_for_in_browser.py. Nothing here rests on what the
tagger says of the catalogue: its hand codes stand, and the rest is stated in asked_world.
"""

import re
from calendar import month_name

import pytest
from asked_world import (
    CONSENT,
    ESCALATION,
    GUIDANCE,
    NEWS,
    NOT_HEARD,
    NOT_INFORMED,
    REFUSED,
    REQUIRED,
    WIDER_FAMILY,
    AskedWorld,
)
from asking import Reader
from browsing import axe_problems

from corpus.dates import PartialDate
from nlp.codebook import load_codebook

pytestmark = [pytest.mark.browser, pytest.mark.model]

FAILING, GOOD, CHANGE = "failing-found", "good-practice-found", "change-proposed"
_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{4}|\d{4}")


def dated(words: str) -> PartialDate:
    """The first date in some words."""
    found = _DAY.search(words)
    assert found, words
    year, month, day = (*reversed(found[0].split()), "", "")[:3]
    number = f"-{list(month_name).index(month):02}" if month else ""
    return PartialDate.parse(f"{year}{number}{f'-{int(day):02}' if day else ''}")


def test_1_where_lack_of_consent_stopped_staff_sharing(reader: Reader) -> None:
    reader.ask("Show me reviews where lack of consent stopped staff sharing.")
    assert reader.tab == "Failings found"
    first_page = reader.results()
    assert all(FAILING in one.stances for one in first_page)
    consent = {REQUIRED, REFUSED}
    told = [one for one in first_page if consent & one.themes_of(FAILING)]
    assert {one.text for one in told} == {CONSENT["required"][0], CONSENT["refused"][0]}
    assert first_page[0] in told
    for one in told:
        assert one.title == "Serious case review: Child Q9"
        assert "Published 2019" in one.facts
        assert re.search(r"Paragraph 4\.\d, page \d+", " ".join(one.facts))
    reader.follow(re.compile("^only these"), ".readings")
    narrowed = reader.results()
    assert narrowed
    assert {one.text for one in narrowed} <= {one.text for one in told}
    not_found = {CONSENT["denied"][0], CONSENT["proposed"][0], GUIDANCE[0]}
    assert not not_found & {one.text for one in (*first_page, *narrowed)}
    reader.follow("This passage in context")
    assert re.search("Who says so ?the review itself", reader.words(".why"))


def test_1_recommendations_on_consent_have_a_tab_of_their_own(reader: Reader) -> None:
    reader.ask("Show me reviews where lack of consent stopped staff sharing.")
    reader.open_tab("Recommendations")
    results = reader.results()
    assert all(CHANGE in one.stances for one in results)
    assert CONSENT["proposed"][0] in {one.text for one in results}


def test_2_when_siloed_decisions_were_first_found_and_again(reader: Reader) -> None:
    reader.ask("When was siloed decision-making first found, and where has it come back since?")
    reader.follow(re.compile("when it was first found, and since ?: “Siloed decision-making”"))
    answer = reader.words("section[aria-labelledby=recurrence] .big")
    assert "no earlier text is held, which is not to say that it did not occur" in answer
    entries = reader.page.locator("ol.recurrence > li .entry-date").all_inner_texts()
    dates = [dated(entry) for entry in entries if _DAY.search(entry)]
    assert len(dates) > 5
    assert dates == sorted(dates)
    assert dated(answer.partition(" published ")[2]) == dates[0]
    # What has no date stands last, and is no first find.
    assert entries[: len(dates)] == [entry for entry in entries if _DAY.search(entry)]
    assert all("the one before" in one for one in entries[1 : len(dates)])
    coverage = reader.words("#chart-share")
    assert "a rise in counts is not a rise in failure" in coverage
    assert re.search(r"The picture rests on \d+ reviews held, published from \d{4} to", coverage)


def test_6_good_practice_on_escalation(reader: Reader) -> None:
    reader.ask("Give me examples of good practice on escalation.")
    assert reader.tab == "Good practice"
    results = reader.results()
    assert all(GOOD in one.stances for one in results)
    assert results[0].text == CONSENT["escalated"][0]
    # Of the theme that was asked for, nothing is said in another way.
    assert {stance for one in results for theme, stance in one.codes if theme == ESCALATION} == {
        GOOD
    }
    reader.follow("This passage in context")
    assert reader.page.locator(".neighbour").count() >= 2


def test_7_what_a_review_said_on_wider_family_apart_from_news(
    reader: Reader, asked: AskedWorld
) -> None:
    reader.ask("What did the Ash and Bea review say on wider family?")
    assert "Only: From the review “Ash and Bea”" in reader.readings()
    results = reader.results()
    said = {one.text: one.themes_of(FAILING) for one in results}
    assert said == {
        WIDER_FAMILY["heard"][0]: {NOT_HEARD},
        WIDER_FAMILY["informed"][0]: {NOT_INFORMED},
        WIDER_FAMILY["system"][0]: {NOT_INFORMED},
    }
    reader.open_tab("News reports")
    (news,) = reader.results()
    assert news.text.startswith(NEWS[0][:40])
    assert "News report" in news.facts
    for name, level in (("informed", "one child’s case"), ("system", "beyond one case")):
        passage = asked.wider_family[name]
        reader.open(f"/passages/{passage.passage_id}")
        assert level in reader.words(".why").lower()


def test_7_what_the_arthur_and_star_review_said_on_wider_family(reader: Reader) -> None:
    reader.ask("What did the Arthur and Star review say on wider family?")
    results = reader.results()
    assert len({one.title for one in results}) == 1
    assert "Arthur Labinjo-Hughes and Star Hobson" in results[0].title
    assert NOT_HEARD in results[0].themes_of(FAILING)


def test_8_recommendations_on_a_unique_identifier_since_climbie(reader: Reader) -> None:
    reader.ask("Which recommendations on a unique identifier have been made since Climbié?")
    assert reader.tab == "Recommendations"
    assert "Only: Published in 2003 or later" in reader.readings()
    assert all(CHANGE in one.stances for one in reader.results())
    reader.follow(re.compile("^who proposed it, and when"), ".readings")
    items = reader.page.locator("section[aria-labelledby=proposed] li")
    told = [" ".join(one.split()) for one in items.all_inner_texts()]
    dates = [dated(one) for one in told]
    assert dates == sorted(dates)
    assert told[0].startswith("28 January 2003 Public inquiry The Victoria Climbié Inquiry")
    assert "children's database" in told[0]
    assert told[-1].startswith("29 April 2026 Guidance Children's Wellbeing and Schools Act 2026")
    assert all("Change proposed" in one and "Failing" not in one for one in told)
    assert axe_problems(reader.page) == []


def test_9_reviews_like_a_pasted_paragraph(reader: Reader) -> None:
    reader.choose("Search")
    reader.page.get_by_text("Paste a paragraph, and find passages like it").click()
    reader.page.get_by_label("A paragraph of up to 4,000 characters").fill(
        "Each service held a piece of the picture. The school had seen bruises, the surgery had "
        "missed appointments and housing had complaints of noise, but nobody put them together."
    )
    reader.page.get_by_role("button", name="Find passages like it").click()
    reader.page.wait_for_url("**/search?paragraph=*", wait_until="domcontentloaded")
    assert "no sign that they are about the same child" in reader.words()
    assert len({one.title for one in reader.results()}) > 3
    assert reader.page.locator("li.result", has_text="Shares the theme").count() >= 1


def test_10_fear_of_data_protection_before_gdpr(reader: Reader) -> None:
    reader.ask("Did fear of data protection appear before GDPR?")
    assert "Only: Published in 2017 or earlier" in reader.readings()
    first = reader.results()[0]
    assert first.title == "The Bichard Inquiry Report"
    assert "Review published 22 June 2004" in first.facts
    assert "data-protection-fear" in first.themes_of(FAILING)
    reader.open_tab("Recommendations")
    climbie = reader.results()[0]
    assert climbie.title.startswith("The Victoria Climbié Inquiry")
    assert "Review published 28 January 2003" in climbie.facts
    assert "data-protection-fear" in climbie.themes_of(CHANGE)
    reader.follow(re.compile("when it was first found, and since ?: “Fear of data protection"))
    answer = reader.words("section[aria-labelledby=recurrence] .big")
    assert "The earliest held is The Bichard Inquiry Report, published 22 June 2004" in answer
    assert "no earlier text is held" in answer


def test_10_the_recurrence_goes_by_the_date_that_is_asked_for(reader: Reader) -> None:
    reader.choose("Recurrence")
    page = reader.page
    page.get_by_label("Theme", exact=True).select_option("data-protection-fear")
    for clock, year in (("publication", "2004"), ("incident", "2002")):
        page.get_by_label("Put reviews in order by").select_option(clock)
        page.get_by_role("button", name="Show", exact=True).click()
        page.wait_for_url(re.compile(f"clock={clock}"), wait_until="domcontentloaded")
        row = page.locator("table.matrix tbody tr", has_text="Bichard").first
        assert year in row.locator(".year").inner_text()
        assert row.locator(".stance-failing-found").count() >= 1


def test_11_shared_and_not_understood_is_not_the_same_as_not_shared(reader: Reader) -> None:
    reader.ask("Which reviews found information was shared but not understood?")
    assert "Only: On the theme “Shared but not made sense of”" in reader.readings()
    assert reader.tab == "Failings found"
    meant = set(load_codebook().expand("not-analysed"))
    results = reader.results()
    assert len(results) >= 10
    assert all(meant & one.themes_of(FAILING) for one in results)
    reader.follow(re.compile("when it was first found, and since ?: On the theme"))
    assert "The earliest held is" in reader.words("section[aria-labelledby=recurrence] .big")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("SAR", "SAR as safeguarding adult review, not subject access request"),
        ("SCR", "SCR: serious case review in England, significant case review in Scotland"),
    ],
)
def test_letters_of_two_meanings_are_told_apart(reader: Reader, typed: str, said: str) -> None:
    reader.ask(typed)
    assert said in reader.readings()
    results = reader.results()
    assert not [one for one in results if "subject access request" in one.text.lower()]
    for one in results:
        kinds = " ".join(one.facts).lower()
        assert "significant case review" not in kinds or "scotland" in kinds


def test_a_child_is_found_by_the_names_that_a_publisher_uses_alone(reader: Reader) -> None:
    for name in ("Baby P", "Peter Connelly"):
        reader.ask(name)
        assert "Child A" in reader.results()[0].title
    reader.ask("Child A")
    assert "as 4 reviews are called" in reader.readings()
    assert "Connelly" not in reader.readings()
