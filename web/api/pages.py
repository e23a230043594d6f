"""The document as JSON and as a page, and a page for each kind of failure."""

import json
from typing import Any

from flask import Response, abort, jsonify, render_template, request

from corpus.ids import short_digest
from web.api.blueprint import PREFIX, api
from web.api.openapi import SELECTED, document
from web.api.problem_kinds import problem_kinds

PROMISE = (
    "A documented key never changes its meaning and never disappears within version 1.",
    "New keys, parameters and endpoints may appear: read the keys you know and pass over others.",
    "Cursors are opaque and live as long as the state they belong to.",
    "Ids of reviews, themes, documents and passages are permanent; a new text has a new id.",
    "Codes of failures are permanent; their sentences are not.",
    "What is marked unstable is outside this promise.",
    "A version 2 would stand beside version 1 for at least a year.",
)


@api.get("/openapi.json")
def openapi_document() -> Response:
    """Give the OpenAPI document."""
    response = jsonify(document())
    response.set_etag(short_digest(document()))
    return response.make_conditional(request)  # type: ignore[return-value]


@api.get("/")
@api.get("/docs")
def docs_page() -> str:
    """Show the document as a page that needs neither network nor script."""
    made = document()
    operations = [{"path": path, **operations["get"]} for path, operations in made["paths"].items()]
    return render_template(
        "api.html",
        document=made,
        operations=[each for each in operations if "read" in each["tags"]],
        exports=[each for each in operations if "export" in each["tags"]],
        schemas=_shown_once(made["components"]["schemas"]),
        failures=made["components"]["responses"],
        promise=PROMISE,
        problems=problem_kinds(),
        prefix=PREFIX,
    )


def _shown_once(schemas: dict[str, Any]) -> dict[str, Any]:
    # A shape that select may thin out stands in the document twice, with the same keys.
    return {name: schema for name, schema in schemas.items() if not name.endswith(SELECTED)}


@api.get("/errors/<code>")
def problem_page(code: str) -> str:
    """Say what one kind of failure means; what ``type`` of a problem document points to."""
    kind = problem_kinds().get(code)
    if kind is None:
        abort(404)
    return render_template("api_problem.html", kind=kind)


@api.app_template_filter("api_type")
def type_words(schema: dict[str, Any]) -> str:
    """Say a schema's type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1]).removesuffix(SELECTED)
    if "anyOf" in schema:
        return " or ".join(type_words(option) for option in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {type_words(schema.get('items', {}))}"
    words = str(schema.get("type", "anything"))
    bounds = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "from"), ("maximum", "to"))
        if key in schema
    ]
    return " ".join([words, *bounds])


@api.app_template_filter("api_json")
def json_words(value: object) -> str:
    """Write an example so that it can be read."""
    return json.dumps(value, ensure_ascii=False, indent=2)
