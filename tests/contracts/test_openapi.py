"""The OpenAPI document: whole, valid, and what the API really answers."""

import re
from typing import Any

import pytest
import schemathesis
from portal_world import PortalWorld
from pydantic import TypeAdapter

from web.api import api
from web.api.openapi import answer_model, document, load_examples
from web.api.operations import OPERATIONS

HIDDEN = {"/api/v1/openapi.json", "/api/v1/", "/api/v1/docs", "/api/v1/errors/{code}"}


def paths_of(world: PortalWorld) -> set[str]:
    rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    return {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in rules} - HIDDEN


def test_the_document_is_valid_openapi_3_1(world: PortalWorld) -> None:
    made = world.client.get("/api/v1/openapi.json").get_json()
    assert made["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(made).validate()
    # The check can fail.
    with pytest.raises(ValueError, match="paths"):
        schemathesis.openapi.from_dict(made | {"paths": []}).validate()


def test_the_document_names_every_route(world: PortalWorld) -> None:
    assert api.name == "api"
    assert set(document()["paths"]) == paths_of(world)


def test_everything_in_the_document_is_described() -> None:
    for path, operations in document()["paths"].items():
        operation = operations["get"]
        assert operation["summary"], path
        assert operation["description"], path
        undescribed = [p["name"] for p in operation["parameters"] if not p["description"]]
        assert undescribed == [], path


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_endpoint_has_an_example_that_fits_its_schema(operation: Any) -> None:
    examples = [e for e in load_examples().values() if e["operation"] == operation.name]
    assert examples, "write one in web/api/renew_examples.py, then run it"
    for example in examples:
        assert set(example["answer"]) == {"meta", "data"}
        if "select=" not in example["address"]:
            TypeAdapter(answer_model(operation)).validate_python(example["answer"])


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("get_status", "/status"),
        ("list_themes", "/themes"),
        ("get_theme", "/themes/siloed-working"),
        ("get_theme", "/themes/siloed-decisions"),
        ("get_recurrence", "/themes/not-shared-between-agencies/recurrence"),
        ("list_reviews", "/reviews"),
        ("get_review", "/reviews/ann-example-1974"),
        ("get_document", "/documents/{document_id}"),
        ("list_passages", "/passages?include=judgements,machine"),
        ("list_passages", "/passages?q=hospital"),
        ("list_passages", "/passages?sample=2"),
        ("get_passage", "/passages/{passage_id}"),
        ("get_echoes", "/passages/{passage_id}/echoes"),
        ("get_counts", "/counts?group_by=nation"),
    ],
)
def test_answers_have_the_keys_of_their_schema_and_no_others(
    world: PortalWorld, name: str, address: str
) -> None:
    (operation,) = [each for each in OPERATIONS if each.name == name]
    passage = world.digest_2003[0]
    ids = {"document_id": passage.document_id, "passage_id": passage.passage_id}
    answer = world.client.get("/api/v1" + address.format(**ids)).get_json()
    TypeAdapter(answer_model(operation)).validate_python(answer)


def test_the_page_shows_every_endpoint_and_needs_nothing_from_elsewhere(
    world: PortalWorld,
) -> None:
    page = world.get("/api/v1/")
    assert page == world.get("/api/v1/docs")
    for path in document()["paths"]:
        assert path in page
    assert "<script" not in page
    assert not re.search(r'(?:src|<link[^>]*href)="https?://', page)
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{anchor}"' in page, anchor
