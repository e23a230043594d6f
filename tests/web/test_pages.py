"""What every page has, and what each shows of the invented library."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from portal_world import HOSTILE, PortalWorld, make_world
from samples import make_code, make_judgement

from web.words import DIGEST_LABEL

PAGES = (
    "/",
    "/search",
    "/search?q=school",
    "/reviews",
    "/reviews/ann-example-1974",
    "/reviews/child-n-2003",
    "/reviews/report-2013",
    "/themes",
    "/themes/siloed-working",
    "/themes/not-shared-between-agencies",
    "/recurrence",
    "/compare",
    "/method",
    "/about",
)


def words_of(page: str) -> str:
    """A page's text without its tags, each space single."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_heading_a_language_a_way_out_and_a_helpline(
    world: PortalWorld, address: str
) -> None:
    page = world.get(address)
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert '<html lang="en-GB">' in page
    assert "Leave this site" in page
    assert "0808 800 5000" in page


@pytest.mark.parametrize("address", PAGES)
def test_no_page_carries_script_or_style_of_its_own(world: PortalWorld, address: str) -> None:
    page = world.get(address)
    # Data for search engines is no script: a browser neither runs it nor asks the policy.
    data = re.findall(r'<script type="application/ld\+json">([^<]*)</script>', page)
    assert len(data) == address.startswith("/reviews/")
    ours = re.findall(r'<script src="/static/charts\.js\?v=[0-9a-z]+" defer></script>', page)
    assert page.count("<script") == len(data) + len(ours)
    charted = address in {"/", "/recurrence", "/compare"} or address.startswith("/themes/")
    assert bool(ours) == charted
    assert all(json.loads(text)["@type"] == "Report" for text in data)
    assert "style=" not in page
    assert not re.search(r"\son\w+=[\"']", page)


@pytest.mark.parametrize("address", PAGES)
def test_no_id_stands_twice_on_a_page_and_labels_point_to_ids(
    world: PortalWorld, address: str
) -> None:
    page = world.get(address)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    named = re.findall(r'(?:aria-labelledby|for)="([^"]+)"', page)
    assert set(named) <= set(ids)


def _sort_of(link: str) -> tuple[str, frozenset[str]]:
    """What a link is one of: a page by path and names of filters, a file by path alone."""
    parts = urlsplit(link)
    if parts.path.startswith(("/api/", "/charts/")):
        return parts.path, frozenset()
    return parts.path, frozenset(pair.split("=")[0] for pair in parts.query.split("&"))


def test_every_link_within_the_site_leads_somewhere(world: PortalWorld) -> None:
    pages: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        with world.client.get(address) as response:
            assert response.status_code == 200, address
            html = response.mimetype == "text/html"
            pages[address] = response.get_data(as_text=True) if html else ""
        links = [unescape(link) for link in re.findall(r'href="([^"]*)"', pages[address])]
        # One file, or page of filters, of each sort is enough: what it holds is the business of
        # other tests.
        known = {_sort_of(each) for each in (*pages, *waiting)}
        for link in links:
            if link.startswith("/") and _sort_of(link) not in known:
                known.add(_sort_of(link))
                waiting.append(link.split("#")[0])
        for link in links:
            assert not link.startswith("#") or f'id="{link[1:]}"' in pages[address], link
    assert len(pages) > 30


def matrix_of(page: str) -> str:
    """The table of reviews against themes."""
    start = page.index('<table class="matrix">')
    return page[start : page.index("</table>", start)]


def test_a_matrix_mark_shows_its_words_and_opens_the_passage(world: PortalWorld) -> None:
    marks = re.findall(
        r'<a href="(/passages/[^"]+)">.*?<span class="tip"><b>(.*?)</b> (.*?)</span></a>',
        matrix_of(world.get("/recurrence")),
    )
    assert len(marks) == 6
    for address, head, tip in marks:
        assert unescape(tip).partition(": ")[2].strip("“”…") in unescape(world.get(address))
        assert re.match(r"(1974|2003|2013) · .* · [A-Z].*, 1 passage", head)


def test_links_to_other_sites_keep_the_referrer_to_themselves(world: PortalWorld) -> None:
    for address in PAGES:
        for tag in re.findall(r'<a [^>]*href="http[^>]*>', world.get(address)):
            assert 'rel="noreferrer nofollow"' in tag


def test_text_from_outside_is_escaped_wherever_it_is_shown(world: PortalWorld) -> None:
    report, news = world.report_2013[0], world.news[0]
    for address in (
        "/reviews/child-n-2003",
        "/reviews/report-2013",
        "/reviews",
        f"/documents/{news.document_id}",
        f"/passages/{report.passage_id}",
        "/search?q=picture",
        f"/search?q={HOSTILE}",
    ):
        page = world.get(address)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


def test_a_digest_is_labelled_as_our_summary_and_is_no_quotation(world: PortalWorld) -> None:
    text = world.digest_1974[0].text
    for address in (
        "/reviews/ann-example-1974",
        "/themes/not-shared-between-agencies",
        "/search?theme=not-shared-between-agencies",
        f"/passages/{world.digest_1974[0].passage_id}",
    ):
        page = world.get(address)
        before, _, _ = page.partition(text)
        assert before.rstrip().endswith('<p class="digest">'), address
        assert DIGEST_LABEL in before[-200:], address


def test_anothers_words_are_a_quotation_with_their_owner_named(world: PortalWorld) -> None:
    page = world.get("/reviews/report-2013")
    assert '<blockquote class="quote">' in page
    assert "words of An Invented Partnership" in page


def test_a_hand_code_and_a_machine_tag_say_which_they_are(world: PortalWorld) -> None:
    assert "coded by hand" in world.get("/reviews/ann-example-1974")
    assert "tagged by machine, high score" in world.get("/reviews/report-2013")


def test_a_review_page_has_its_record_grades_cautions_and_figures(world: PortalWorld) -> None:
    text = words_of(world.get("/reviews/ann-example-1974"))
    assert "Review published 2 September 1974" in text
    assert "When it happened January 1973" in text
    assert "Held here since 2 January 2026" in text
    assert "The date is in dispute." in text
    assert "Evidence: official page" in text
    assert "never added up" in text
    assert "Children seen 12 children not stated BBC" in text


def test_a_source_is_shown_by_its_sites_name_and_only_the_web_is_linked(
    world: PortalWorld,
) -> None:
    page = world.get("/reviews/ann-example-1974")
    assert "lurid" not in words_of(page)
    assert "javascript:" not in page
    assert "a source without a web address" in page


def test_a_name_that_the_publisher_withheld_is_not_shown(world: PortalWorld) -> None:
    page = world.get("/reviews/child-n-2003")
    assert "Hidden Name" not in page
    assert "kept the child anonymous" in page


def test_a_news_document_is_cut_to_25_words_a_passage_with_a_link(world: PortalWorld) -> None:
    page = world.get(f"/documents/{world.news[0].document_id}")
    assert "word24…" in page
    assert "word25" not in page
    assert 'href="https://www.communitycare.co.uk/2025/01/24/an-item/"' in page
    assert "beyond the extract" in page


def test_a_cleaned_title_says_so_by_rule_and_never_shows_what_was_removed(
    world: PortalWorld,
) -> None:
    page = world.get(f"/documents/{world.news[0].document_id}")
    assert "TITLE-001" in page
    assert "SPAM" not in page
    assert "tampered" in page


def test_a_theme_page_tells_the_recurrence_with_gaps_and_what_was_recommended(
    world: PortalWorld,
) -> None:
    text = words_of(world.get("/themes/not-shared-between-agencies"))
    assert "2 of 3 reviews (67%) held" in text
    assert "no earlier text is held" in text
    assert "29 years after the one before" in text
    assert text.index("2 September 1974 Report of") < text.index("2003 29 years after")
    assert "1980s 0 0 – – –" in text


def test_a_top_theme_shows_what_was_recommended_between_two_failings(world: PortalWorld) -> None:
    text = words_of(world.get("/themes/lost-at-boundaries"))
    assert "Records should follow the child" in text
    assert "No review held found this failing" in text


def test_news_never_adds_to_a_recurrence(world: PortalWorld) -> None:
    text = words_of(world.get("/themes/home-education-invisibility"))
    assert "No review held found this failing" in text


def test_the_matrix_has_a_cell_for_each_review_and_top_theme(world: PortalWorld) -> None:
    page = matrix_of(world.get("/recurrence"))
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = body.split("<tr>")[1:]
    assert len(rows) == 3
    assert [row.count("<td>") for row in rows] == [12, 12, 12]
    assert page.count('<th scope="row">') == 3
    assert page.count('<th scope="col"') == 13
    assert [re.findall(r'class="year">(\d+)', row)[0] for row in rows] == ["1974", "2003", "2013"]


def test_a_matrix_cell_says_its_stance_in_words_beside_the_symbol(world: PortalWorld) -> None:
    page = world.get("/recurrence")
    assert '<span class="vh">Failing found, 1 passage</span>' in page
    assert '<span class="vh">Good practice found, 1 passage</span>' in page
    assert '<span class="vh">none held</span>' in page


def test_a_passage_page_shows_context_why_and_is_not_indexed(world: PortalWorld) -> None:
    address = f"/passages/{world.report_2013[0].passage_id}"
    response = world.client.get(address)
    assert response.headers["X-Robots-Tag"] == "noindex"
    page = response.get_data(as_text=True)
    assert '<meta name="robots" content="noindex">' in page
    text = words_of(page)
    assert "Undated appendix." in text
    assert "Words it rests on agency" in text
    assert "failing-verb" in text
    assert "Score 0.90 of 1" in text
    assert "low score, possible only" in text
    assert "Throughline snapshot s" in text


def test_the_head_of_the_window_has_no_headline_of_the_press(world: PortalWorld) -> None:
    """The titles of news name children; a review's own title is its publisher's choice."""
    news = world.news[0]
    for address in (f"/documents/{news.document_id}", f"/passages/{news.passage_id}"):
        title = re.search(r"<title>(.*?)</title>", world.get(address), re.DOTALL)
        assert title is not None
        assert "Ministers" not in title[1]
        assert "Community Care, 24 January 2025" in title[1]
    page = world.get(f"/passages/{world.report_2013[0].passage_id}")
    assert "<title>Passage from Overview report: the K family" in page


def test_a_passage_can_be_cited_in_every_form_and_says_where_it_is_from(
    world: PortalWorld,
) -> None:
    passage = world.report_2013[0]
    address = f"/passages/{passage.passage_id}"
    text = words_of(world.get(address))
    assert "Overview report: the K family [Serious case review]. (2013, May)." in text
    assert f"Passage {passage.passage_id}, passage 1. Throughline snapshot s" in text
    assert world.store.get_document(passage.document_id).text_sha256 in text
    for form in ("ris", "bib"):
        response = world.client.get(f"{address}/citation.{form}")
        assert response.headers["X-Robots-Tag"] == "noindex"
        entry = response.get_data(as_text=True)
        assert "Overview report: the K family" in entry
        assert passage.passage_id in entry
        # A file cannot be called back when a document is withdrawn.
        assert "piece of the picture" not in entry
    assert world.client.get("/passages/p0/citation.ris").status_code == 404


def test_about_tells_how_to_ask_for_a_correction(world: PortalWorld) -> None:
    page = world.get("/about")
    assert 'href="mailto:corrections@example.org"' in page
    assert "0800 1111" in page
    assert 'id="error-theme-not-found"' in page


@pytest.mark.parametrize(
    "address",
    ["/reviews/nobody", "/documents/d0", "/passages/p0", "/themes/silo", "/nowhere"],
)
def test_an_unknown_address_is_answered_by_a_page_in_plain_words(
    world: PortalWorld, address: str
) -> None:
    response = world.client.get(address)
    assert response.status_code == 404
    page = response.get_data(as_text=True)
    assert "<h1>Page not found</h1>" in page
    assert 'href="/"' in page
    assert urlsplit(address).path not in re.findall(r'href="([^"]*)"', page)


@pytest.mark.parametrize("address", [*PAGES, "/nowhere", "/static/throughline.css"])
def test_every_answer_carries_the_security_headers(world: PortalWorld, address: str) -> None:
    with world.client.get(address) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in headers


def test_a_page_shows_a_judgement_as_soon_as_it_is_written(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    assert "Found as a failing in" not in world.get("/themes/identity-mismatch")
    before = world.get("/recurrence")
    world.store.add_judgement(make_judgement(world.digest_2003[0], make_code("identity-mismatch")))
    assert world.get("/recurrence") != before
    assert "Found as a failing in" in world.get("/themes/identity-mismatch")
