"""The files that describe a package to people and machines, beside its tables."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus.snapshots.captures import CAPTURES
from corpus.snapshots.card import TITLE, Description, card_text, cite
from corpus.snapshots.manifest import (
    MANIFEST,
    REDACTIONS,
    SUMS,
    BrokenPackageError,
    Manifest,
    SealedTable,
)
from corpus.snapshots.shelf import PROVENANCE
from corpus.snapshots.table_files import csv_name, parquet_name
from corpus.snapshots.tables import TABLES, Table

DATAPACKAGE = "datapackage.json"
RO_CRATE = "ro-crate-metadata.json"
CARD = "README.md"
CITATION = "CITATION.cff"

_OWN_LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0, for Throughline's own words, codes and figures",
}
_FIELD_TYPES = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "flag": "boolean",
    "list": "array",
    "object": "object",
}


def datapackage(snapshot: str, sealed: Mapping[str, SealedTable]) -> dict[str, Any]:
    """The Frictionless Data Package: every table with its schema. Sealed, so without a clock."""
    return {
        "name": f"throughline-{snapshot}",
        "id": snapshot,
        "title": TITLE,
        "profile": "tabular-data-package",
        "licenses": [_OWN_LICENCE],
        "keywords": ["safeguarding", "serious case reviews", "information sharing"],
        "resources": [
            *(_resource(table, sealed[table.name].rows) for table in TABLES),
            _resource(CAPTURES, None),
        ],
    }


def encode_datapackage(described: Mapping[str, Any]) -> bytes:
    """The bytes of ``datapackage.json``: one order, so that they can be sealed."""
    return (json.dumps(described, indent=2, ensure_ascii=False) + "\n").encode()


def restate_rows(encoded: bytes, rows: Mapping[str, int]) -> bytes:
    """Write ``datapackage.json`` with other numbers of rows, and nothing else changed.

    A redacted package states the rows that are left, so that it is valid for those who
    check it; stating the manifest's numbers gives the sealed bytes back.

    Args:
        encoded: the bytes of ``datapackage.json``.
        rows: table → its number of rows; others, and those without a number, are left.

    Raises:
        BrokenPackageError: the bytes are no such file.
    """
    try:
        described = json.loads(encoded)
        for resource in described["resources"]:
            if "rows" in resource and resource["name"] in rows:
                resource["rows"] = rows[resource["name"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenPackageError(f"{DATAPACKAGE} is malformed.") from error
    return encode_datapackage(described)


def write_descriptions(folder: Path, manifest: Manifest, said: Description) -> None:
    """Write card, citation, RO-Crate and provenance; none of them is sealed.

    They say when and by whom the package was made, and name its id, so they cannot be
    part of what the id is a hash of. ``SHA256SUMS`` covers them.
    """
    # Imported here: a template engine is not needed to read a package.
    (folder / CARD).write_text(card_text(manifest, said), encoding="utf-8")
    (folder / CITATION).write_text(_citation(manifest, said), encoding="utf-8")
    _write_json(folder / RO_CRATE, _ro_crate(manifest, said))
    _write_json(folder / PROVENANCE, _provenance(manifest, said))


def _resource(table: Table, rows: int | None) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": _FIELD_TYPES[column.sort]}
            | ({"description": column.description} if column.description else {})
            for column in table.columns
        ],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.refers:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [column]}}
            for column, other in table.refers
        ]
    return {
        "name": table.name,
        "title": table.title,
        "path": csv_name(table),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        **({} if rows is None else {"rows": rows}),
        "schema": schema,
    }


def _citation(manifest: Manifest, said: Description) -> str:
    return "\n".join(
        [
            "cff-version: 1.2.0",
            'message: "If you use this data set, cite it with its snapshot."',
            f'title: "{TITLE}"',
            "type: dataset",
            f"version: {manifest.snapshot}",
            f'date-released: "{said.created_at:%Y-%m-%d}"',
            "license: CC-BY-4.0",
            "authors:",
            '  - name: "The Throughline maintainers"',
            "identifiers:",
            "  - type: other",
            f'    value: "sha256:{manifest.sha256}"',
            '    description: "SHA-256 of manifest.json: the id of this package"',
            "",
        ]
    )


def _provenance(manifest: Manifest, said: Description) -> dict[str, Any]:
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, needed here alone

    return {
        "snapshot": manifest.snapshot,
        "manifest_sha256": manifest.sha256,
        "created_at": said.created_at.isoformat(timespec="seconds"),
        "made_with": {"throughline": said.tool_version, "pyarrow": version("pyarrow")},
        "contact": said.contact,
        "how_to_cite": cite(manifest, said.created_at.year),
    }


def _ro_crate(manifest: Manifest, said: Description) -> dict[str, Any]:
    from rocrate.rocrate import ROCrate  # noqa: PLC0415 - slow to import, needed here alone

    crate = ROCrate()
    crate.name = f"{TITLE}, snapshot {manifest.snapshot}"
    crate.description = "Reviews, passages, findings, judgements and codebook, with a card."
    crate.license = _OWN_LICENCE["path"]
    crate.datePublished = said.created_at.replace(microsecond=0)
    crate.root_dataset["identifier"] = f"sha256:{manifest.sha256}"
    crate.root_dataset["version"] = manifest.snapshot
    crate.root_dataset["creditText"] = cite(manifest, said.created_at.year)
    crate.root_dataset["creator"] = {"@id": "#maintainers"}
    from rocrate.model.person import Person  # noqa: PLC0415 - as above

    crate.add(
        Person(crate, "#maintainers", {"@type": "Organization", "name": "Throughline maintainers"})
    )
    for name, words, media in _parts():
        crate.add_file(dest_path=name, properties={"name": words, "encodingFormat": media})
    made: dict[str, Any] = crate.metadata.generate()
    return made


def _parts() -> list[tuple[str, str, str]]:
    tables = [
        part
        for table in TABLES
        for part in (
            (csv_name(table), table.title, "text/csv"),
            (parquet_name(table), table.title, "application/vnd.apache.parquet"),
        )
    ]
    return [
        *tables,
        (csv_name(CAPTURES), CAPTURES.title, "text/csv"),
        (MANIFEST, "What is sealed; its SHA-256 is the package's id", "application/json"),
        (DATAPACKAGE, "Frictionless Data Package: the schema of every table", "application/json"),
        (CARD, "Dataset card: sources, licences, coverage and gaps", "text/markdown"),
        (CITATION, "How to cite this", "text/yaml"),
        (PROVENANCE, "When and with what this was made", "application/json"),
        (SUMS, f"Sums of every file, {REDACTIONS} too where there is one", "text/plain"),
    ]


def _write_json(path: Path, values: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
