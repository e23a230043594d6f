"""The OpenAPI 3.1 document of the API, made from its operations."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, TypeAdapter, create_model
from pydantic.json_schema import GenerateJsonSchema

from web.api.blueprint import PREFIX
from web.api.envelope import LICENCE, TOOL_VERSION
from web.api.exports import export_endpoint, export_path, export_query
from web.api.operations import OPERATIONS, Operation
from web.api.snapshots import FILES, MEDIA_TYPES
from web.exports.formats import EXPORTS

EXAMPLES = "examples.json"
"""Real answers of the shipped catalogue; renewed with ``python -m web.api.renew_examples``."""

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"

SELECTED = "Selected"
"""Ends the name of a shape of which ``select`` may leave keys out."""

ABOUT = """\
What safeguarding reviews found about information sharing, passage by passage. Read only,
open to anyone, no key.

Every answer names the snapshot it was made from: equal snapshots give equal answers, and
the ETag of an answer tells with one conditional request whether anything has changed. Every
failure is an RFC 9457 problem document of one shape. Passages of publishers are cut to what
their licence tier allows and say so.

Promise for version 1: a documented key never changes its meaning or disappears, new keys
may appear, cursors are opaque, and an endpoint that is marked unstable may change.
"""

_FAILURES = {
    400: "A parameter is unknown, was given twice or has a value that cannot be used.",
    404: "Nothing has this id.",
    410: "It was withdrawn, or the state that the cursor belongs to is no longer held.",
    429: "Too many requests; Retry-After says when to come back. The files of a snapshot hold "
    "everything.",
    500: "Something went wrong on our side.",
    503: "The index is being built or the store cannot be read; Retry-After says when to try.",
}

_PROBLEM: Json = {
    "type": "object",
    "description": "A failure, as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string", "description": "Address of a page about this kind of failure."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong and what to do."},
        "code": {"type": "string", "description": "Permanent name of this kind of failure."},
        "instance": {"type": "string", "description": "What was asked."},
        "errors": {
            "type": "array",
            "description": "Each parameter that cannot be used.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "snapshots": {"type": "string", "description": "With 429: where the files are listed."},
    },
}


class _Untitled(GenerateJsonSchema):
    """Schemas without a title for each field: it would only repeat the field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's signature
        return False


@cache
def document() -> Json:
    """Make the document; the same for every data directory."""
    schemas: Json = {"Problem": _PROBLEM}
    paths: Json = {}
    for operation in OPERATIONS:
        paths[PREFIX + operation.path] = {"get": _operation(operation, schemas)}
    for what in EXPORTS:
        for name, written in EXPORTS[what].formats.items():
            path = f"{PREFIX}/{export_path(what, written)}"
            paths[path] = {"get": _file_operation(what, name, schemas)}
    paths[FILES.format("{snapshot_id}") + "{name}"] = {"get": _snapshot_file_operation()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Throughline",
            "version": TOOL_VERSION,
            "summary": "What reviews found about information sharing, and where.",
            "description": ABOUT,
            "license": {"name": LICENCE, "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "read", "description": "JSON, in one envelope."},
            {"name": "export", "description": "The same lists, whole, as files."},
        ],
        "paths": paths,
        "components": {"schemas": schemas, "responses": _failures()},
    }


def answer_model(operation: Operation) -> type[BaseModel]:
    """The model of a whole answer: ``meta`` and ``data``."""
    return create_model(
        f"{operation.name}_answer", meta=(operation.meta, ...), data=(operation.data, ...)
    )


def _operation(operation: Operation, schemas: Json) -> Json:
    examples = {
        name: {"summary": example["address"], "value": example["answer"]}
        for name, example in load_examples().items()
        if example["operation"] == operation.name
    }
    return {
        "operationId": operation.name,
        "tags": ["read"],
        "summary": operation.summary,
        "description": operation.description or operation.summary,
        "parameters": _variables(operation.variables) + _parameters(operation.query, schemas),
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": {
                    "ETag": {
                        "description": "Strong: made of the snapshot and the question.",
                        "schema": {"type": "string"},
                    }
                },
                "content": {
                    "application/json": {
                        "schema": _answer_schema(operation, schemas),
                        "examples": examples,
                    }
                },
            },
            **({"301": {"description": operation.moves}} if operation.moves else {}),
            "304": {"description": "What you hold under this ETag is still the answer."},
            **_failure_references(),
        },
    }


def _file_operation(what: str, name: str, schemas: Json) -> Json:
    media_type = EXPORTS[what].formats[name].media_type
    content: Json = {} if "json" in media_type else {"schema": {"type": "string"}}
    return {
        "operationId": export_endpoint(what, name).removeprefix("api."),
        "tags": ["export"],
        "summary": f"Export {what} as {name}.",
        "description": "Every record that passes the filters, in one file. "
        "X-Throughline-Rows says how many there are, so that a file that was cut is seen.",
        "parameters": _parameters(export_query(what), schemas),
        "responses": {
            "200": {
                "description": "The file.",
                "content": {media_type: content},
            },
            "304": {"description": "What you hold under this ETag is still the file."},
            **_failure_references(),
        },
    }


def _snapshot_file_operation() -> Json:
    variables = {
        "snapshot_id": "A snapshot's name, or the SHA-256 of its package's manifest.",
        "name": "A file of its package, such as passages.parquet.",
    }
    binary: Json = {"schema": {"type": "string", "format": "binary"}}
    types = ["text/plain", *MEDIA_TYPES.values()]
    return {
        "operationId": "get_snapshot_file",
        "tags": ["export"],
        "summary": "Download a file of a published snapshot.",
        "description": "GET /snapshots/{snapshot_id} lists them with their sums. A file changes "
        "only where a document is withdrawn from it; its ETag is its SHA-256.",
        "parameters": _variables(variables),
        "responses": {
            "200": {"description": "The file.", "content": dict.fromkeys(types, binary)},
            "304": {"description": "What you hold under this ETag is still the file."},
            **_failure_references(),
        },
    }


def _answer_schema(operation: Operation, schemas: Json) -> Json:
    meta, item = _schema(operation.meta, schemas), _schema(operation.item, schemas)
    item = _selectable(item, schemas, operation)
    data = {"type": "array", "items": item} if operation.is_list else item
    return {
        "type": "object",
        "required": ["meta", "data"],
        "properties": {"meta": meta, "data": data},
    }


def _selectable(item: Json, schemas: Json, operation: Operation) -> Json:
    """No key of an item is always there: ``select`` may leave it out."""
    name = f"{operation.item.__name__}{SELECTED}"
    whole = schemas[item["$ref"].rsplit("/", 1)[1]]
    schemas[name] = {key: value for key, value in whole.items() if key != "required"}
    return {"$ref": _REFERENCE.format(model=name)}


def _schema(model: type[BaseModel], schemas: Json) -> Json:
    made = TypeAdapter(model).json_schema(
        ref_template=_REFERENCE, schema_generator=_Untitled, mode="serialization"
    )
    schemas.update(made.pop("$defs", {}))
    name = made.pop("title")
    schemas[name] = made
    return {"$ref": _REFERENCE.format(model=name)}


def _variables(variables: Mapping[str, str]) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": meaning,
            "schema": {"type": "string", "minLength": 1},
        }
        for name, meaning in variables.items()
    ]


def _parameters(query: type[BaseModel], schemas: Json) -> list[Json]:
    made = TypeAdapter(query).json_schema(ref_template=_REFERENCE, schema_generator=_Untitled)
    schemas.update(made.pop("$defs", {}))
    return [_parameter(name, schema) for name, schema in made.get("properties", {}).items()]


def _parameter(name: str, schema: Json) -> Json:
    description = schema.pop("description", "")
    # An optional parameter is left out, never sent as null.
    options = [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]
    if len(options) == 1:
        schema |= options[0]
    elif options:
        schema["anyOf"] = options
    if schema.get("default", ...) in (None, [], ""):
        del schema["default"]
    parameter: Json = {"name": name, "in": "query", "description": description, "schema": schema}
    if schema.get("type") == "array":
        # stance=a,b rather than stance=a&stance=b.
        parameter |= {"style": "form", "explode": False}
        schema["minItems"] = 1
    return parameter


def _failures() -> Json:
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        f"Failure{status}": {
            "description": sentence,
            "content": {"application/problem+json": shape},
        }
        for status, sentence in _FAILURES.items()
    }


def _failure_references() -> Json:
    return {
        str(status): {"$ref": f"#/components/responses/Failure{status}"} for status in _FAILURES
    }


@cache
def load_examples() -> dict[str, Json]:
    """The examples by name: operation, address and the whole answer."""
    path = files("web.api") / EXAMPLES
    found: dict[str, Json] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
