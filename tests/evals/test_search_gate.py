"""The queries of search and their floors."""

from collections import Counter
from pathlib import Path

import pytest
from floors import fallen, read_floors
from search_measures import (
    HALVES,
    ask_all,
    catalogue_passages,
    collections,
    read_queries,
    search_figures,
)

from nlp.embed import shared_encoder
from nlp.tagger import load_tagger

FLOORS = Path(__file__).with_name("search_floors.toml")


def test_enough_queries_are_asked_in_either_half_and_each_has_an_answer() -> None:
    queries = read_queries()
    assert len({query.query_id for query in queries}) == len(queries)
    answerable = [query for query in queries if query.grades]
    assert len(answerable) >= 100
    assert {query.half for query in queries} == set(HALVES)
    assert all(set(query.grades.values()) <= {1, 2} for query in queries)
    sorts = Counter(query.sort for query in queries)
    assert sorts["off-domain"] == len(queries) - len(answerable)
    assert {"mechanism", "theme", "colloquial", "question", "stance", "named"} <= sorts.keys()


def test_what_answers_a_query_is_in_the_catalogue() -> None:
    held = {passage.passage_id for passage in catalogue_passages()}
    asked = [query for query in read_queries() if query.collection == "catalogue"]
    missing = {one for query in asked for one in query.grades} - held
    assert not missing, "a finding was renumbered: judge the queries that it answered again"


@pytest.mark.model
def test_search_reaches_its_floors() -> None:
    passages = collections()
    answered, _ = ask_all(passages, shared_encoder(), load_tagger())
    figures = {
        name: search_figures([one for one in answered if one.query.collection == name])
        for name in passages
    }
    assert fallen(read_floors(FLOORS), figures) == []
