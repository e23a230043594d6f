"""Lists of what was found: counts that agree with clicks, tabs, orders, pages, likeness."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import make_document, make_judgement
from search_world import THEMES, SearchWorld, make_search_world

from corpus.findings import findings_of
from corpus.model import Stance

SLOW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
QUERIES = ("letter", "consent in Wales", '"letter lost"', "nurse meeting", "plans after 2005")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> SearchWorld:
    return make_search_world(tmp_path_factory.mktemp("lists") / "data")


def ask(world: SearchWorld, **question: Any) -> dict[str, Any]:
    response = world.client.get("/api/v1/passages", query_string=question)
    assert response.status_code == 200, response.get_data(as_text=True)
    answer: dict[str, Any] = response.get_json()
    return answer


def page(world: SearchWorld, address: str) -> str:
    response = world.client.get(address)
    assert response.status_code == 200, address
    return unescape(response.get_data(as_text=True))


def shown(text: str) -> list[str]:
    return re.findall(r'<li class="result">.*?<div class="passage" id="(p\w+)"', text, re.S)


def total_of(text: str) -> int:
    heading = re.search(r'<h2 id="results">(.*?)</h2>', text)
    assert heading
    told = text if "Nothing good" in heading[1] else heading[1]
    number = re.search(r"([\d,]+) passages?", told)
    return int(number[1].replace(",", "")) if number else -1


filters = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.sampled_from([*THEMES, "siloed-decisions,checks-not-made"]),
        "stance": st.sampled_from([stance.value for stance in Stance]),
        "kind": st.sampled_from(["review", "news", "review,guidance"]),
        "nation": st.sampled_from(["England", "Wales"]),
        "from": st.sampled_from([1995, 2004]),
        "possible": st.just("true"),
    },
)
narrowing = st.fixed_dictionaries(
    {},
    optional={
        "within_theme": st.sampled_from(THEMES),
        "within_decade": st.sampled_from(["1990", "2000", "2010"]),
        "within_nation": st.sampled_from(["England", "Scotland"]),
        "tab": st.sampled_from(["failing-found", "change-proposed", "background"]),
    },
)


@SLOW
@given(query=st.sampled_from(QUERIES), chosen=filters, within=narrowing, data=st.data())
def test_every_count_is_what_narrowing_by_it_leaves(
    world: SearchWorld,
    query: str,
    chosen: dict[str, Any],
    within: dict[str, Any],
    data: st.DataObject,
) -> None:
    question = {"q": query, "per_page": 1, **chosen, **within}
    meta = ask(world, facets="true", **question)["meta"]
    for tab, count in meta["tabs"].items():
        assert ask(world, **{**question, "tab": tab})["meta"]["total"] == count
    facet = data.draw(st.sampled_from(sorted(meta["facets"])))
    for one in meta["facets"][facet][:6]:
        narrowed = {**question, f"within_{facet}": one["value"]}
        assert ask(world, **narrowed)["meta"]["total"] == one["count"], (facet, one)


@SLOW
@given(chosen=filters, data=st.data())
def test_counts_of_a_plain_list_are_those_of_its_filters(
    world: SearchWorld, chosen: dict[str, Any], data: st.DataObject
) -> None:
    meta = ask(world, facets="true", per_page=1, **chosen)["meta"]
    facet = data.draw(st.sampled_from(["theme", "stance", "kind", "nation", "type", "publisher"]))
    if facet in chosen:
        return
    for one in meta["facets"][facet]:
        assert (
            ask(world, per_page=1, **chosen, **{facet: one["value"]})["meta"]["total"]
            == (one["count"])
        )


@pytest.mark.parametrize(
    "address",
    ["/search?q=letter", "/search?theme=siloed-decisions", "/search?kind=review&possible=1"],
)
def test_every_link_of_the_page_leads_to_as_many_as_it_says(
    world: SearchWorld, address: str
) -> None:
    text = page(world, address)
    links = re.findall(
        r'<li><a href="(/search[^"]*)" rel="nofollow"[^>]*>.*?<span class="quiet">\(?([\d,]+)\)?',
        text,
    )
    assert len(links) > 10
    for link, count in links:
        assert total_of(page(world, link)) == int(count.replace(",", "")), link


def test_a_tab_holds_only_passages_of_its_stance(world: SearchWorld) -> None:
    rows = ask(world, q="consent school", tab="failing-found", per_page=200)["data"]
    assert rows
    for row in rows:
        assert any(f["stance"] == "failing-found" for f in row["findings"])


def test_pages_of_a_ranked_list_hold_each_passage_once(world: SearchWorld) -> None:
    question = {"q": "letter", "sort": "review", "per_page": 9}
    answer = ask(world, **question)
    seen = [row["passage_id"] for row in answer["data"]]
    while answer["meta"]["next_cursor"]:
        answer = ask(world, **question, cursor=answer["meta"]["next_cursor"])
        seen += [row["passage_id"] for row in answer["data"]]
    assert len(seen) == len(set(seen)) == answer["meta"]["total"]


@pytest.mark.parametrize(
    "asked",
    [
        "q=letter",
        "q=letter&tab=change-proposed",
        "q=consent+in+Wales",
        "q=consent+in+Wales&ignore=nation:Wales&sort=newest",
        "q=letter&within_nation=Wales&tab=all&sort=review",
        "q=%22letter+lost%22&ignore=phrase:letter%2520lost&plain=1",
        f"theme={THEMES[0]}&within_stance=failing-found",
        "nation=Wales&sort=review",
    ],
)
def test_a_file_holds_what_the_list_shows_in_its_order(world: SearchWorld, asked: str) -> None:
    text = page(world, f"/search?{asked}")
    (file,) = re.findall(r'href="(/api/v1/passages\.jsonl[^"]*)"', text)
    lines = world.client.get(file).get_data(as_text=True).splitlines()
    held = [json.loads(line)["passage_id"] for line in lines]
    listed: list[str] = []
    while True:
        listed += shown(text)
        following = re.search(r'rel="next nofollow" href="([^"]*)"', text)
        if not following:
            break
        text = page(world, following[1])
    assert held == listed


def test_a_file_of_what_is_like_a_passage_is_the_list_of_it(world: SearchWorld) -> None:
    first = shown(page(world, "/search?q=letter&tab=all"))[0]
    text = page(world, f"/search?like={first}")
    (file,) = re.findall(r'href="(/api/v1/passages\.jsonl[^"]*)"', text)
    lines = world.client.get(file).get_data(as_text=True).splitlines()
    held = [json.loads(line)["passage_id"] for line in lines]
    assert first not in held
    assert held[: len(shown(text))] == shown(text)


def test_orders_of_a_ranked_list(world: SearchWorld) -> None:
    def rows(sort: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ask(world, q="letter", sort=sort, per_page=200)["data"]
        return found

    newest = [row["date"] for row in rows("-date")]
    dated = [date for date in newest if date]
    assert newest[: len(dated)] == sorted(dated, reverse=True)
    documents = [row["document_id"] for row in rows("review")]
    runs = [one for at, one in enumerate(documents) if at == 0 or documents[at - 1] != one]
    assert len(runs) == len(set(runs))
    everything = {row["passage_id"] for row in rows("relevance")}
    assert everything == {row["passage_id"] for row in rows("date")}


def test_a_list_whose_state_is_gone_starts_anew_and_says_so(tmp_path: Path) -> None:
    world = make_search_world(tmp_path / "data", reviews=5)
    first = page(world, "/search?q=letter&tab=all")
    following = re.search(r'<a rel="next nofollow" href="([^"]+)"', first)
    assert following
    second = page(world, following[1])
    assert "starts anew" not in second
    assert not set(shown(first)) & set(shown(second))
    document, made = make_document(["Another letter came."], identity="file:more")
    world.store.add_document(document, made)
    again = page(world, following[1])
    assert "the list starts anew" in again
    assert shown(again) == shown(page(world, "/search?q=letter&tab=all"))


def test_more_like_a_passage_leaves_it_out_and_names_shared_themes(world: SearchWorld) -> None:
    found = findings_of(world.store, [one.passage_id for one in world.passages])
    source = next(one for one in world.passages if found.get(one.passage_id))
    text = page(world, f"/search?like={source.passage_id}")
    assert source.passage_id not in shown(text)
    assert "Shares the theme" in text
    assert "no sign that they are about the same child" in text
    assert f"like={source.passage_id}" in page(world, f"/passages/{source.passage_id}")


def test_a_pasted_paragraph_is_a_query(world: SearchWorld) -> None:
    paragraph = "The school had a letter from the nurse; in Wales nobody met. " * 12
    text = page(world, f"/search?paragraph={quote(paragraph)}")
    assert total_of(text) > 0
    assert "Only:" not in text
    cut = page(world, f"/search?paragraph={quote(paragraph * 9)}")
    assert "characters only the first" in cut
    assert total_of(cut) > 0


def test_what_was_read_can_be_taken_back(world: SearchWorld) -> None:
    text = page(world, "/search?q=letters+in+Wales")
    assert re.search(r"<strong>Only:</strong> In Wales", text)
    back = re.search(r'In Wales\s*<a href="([^"]+)"', text)
    assert back
    without = page(world, back[1])
    assert "<strong>Only:</strong>" not in without
    assert total_of(page(world, back[1] + "&tab=all")) > total_of(
        page(world, "/search?q=letters+in+Wales&tab=all")
    )


def test_a_judgement_moves_a_passage_between_tabs_at_once(tmp_path: Path) -> None:
    world = make_search_world(tmp_path / "data", reviews=3)
    passage = world.passages[0]
    world.store.add_judgement(make_judgement(passage, coder="coder-z"))
    question = {"q": "letter school nurse plan", "per_page": 200}
    tabs = ask(world, **question)["meta"]["tabs"]
    for tab in tabs:
        rows = {row["passage_id"] for row in ask(world, **question, tab=tab)["data"]}
        assert len(rows) == tabs[tab]
        assert (passage.passage_id in rows) == (tab == "all")


_PIECES = st.sampled_from(
    ['"', "'", "(", "NEAR", "AND", "-", "theme:", "nation:Wales", "*", "\x00", "😀", "50%", "a:b"]
)


@SLOW
@given(
    text=st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=12).map(" ".join)),
    field=st.sampled_from(["q", "paragraph", "like", "tab", "sort", "ignore", "within_decade"]),
)
def test_no_input_breaks_the_page(world: SearchWorld, text: str, field: str) -> None:
    response = world.client.get("/search", query_string={"q": "a", field: text})
    assert response.status_code in {200, 400, 404}
    assert "<h1>" in response.get_data(as_text=True)


def test_a_hundred_kilobytes_are_cut_and_answered(world: SearchWorld) -> None:
    text = page(world, "/search?q=" + "letter+" * 15_000)
    assert "Of your 104,999 characters only the first 1,994 were kept" in text
    assert total_of(text) > 0
