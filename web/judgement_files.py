"""Judgements written as files: JSON lines, tasks as Prodigy has them, and CSV."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args

from corpus.export_files import Cell, as_json, cell_text, csv_line
from corpus.judgement_records import JudgementRecord, iter_records
from corpus.model import Code
from corpus.store import Store

Format = Literal["jsonl", "prodigy", "csv"]
FORMATS: tuple[str, ...] = get_args(Format)

SEPARATOR = "|"
"""Between the four parts of a code where it is one text, as in a label of Prodigy's."""

COLUMNS = (
    "judgement",
    "passage_id",
    "coder",
    "judged_at",
    "codebook_version",
    "tagger_version",
    "theme",
    "stance",
    "level",
    "attribution",
    "reforms",
    "note",
    "blind",
    "adjudicates",
    "unsure",
)
"""Of the CSV: a row a code, and one row without a code for “no theme here”."""


def judgement_chunks(store: Store, format_: Format, *, coder: str | None = None) -> Iterator[bytes]:
    """Write every judgement and doubt, oldest first; of one coder, where named.

    JSON lines and Prodigy's tasks carry texts unchanged; in CSV a text that a spreadsheet
    would run begins with an apostrophe, which reading takes away again. Prodigy's tasks hold
    the passages' whole texts, whatever their licence: they are for coders.
    """
    if format_ == "csv":
        yield csv_line(COLUMNS)
        for record in iter_records(store, coder=coder):
            yield from _csv_rows(record)
        return
    write = record_object if format_ == "jsonl" else _prodigy_writer(store)
    for record in iter_records(store, coder=coder):
        yield json.dumps(write(record), ensure_ascii=False).encode() + b"\n"


def record_object(record: JudgementRecord) -> dict[str, Any]:
    """One judgement as one object of JSON lines."""
    judgement = record.judgement
    return {
        "judgement": record.key,
        "passage_id": judgement.passage_id,
        "coder": judgement.coder,
        "judged_at": judgement.judged_at.isoformat(),
        "codebook_version": judgement.codebook_version,
        "tagger_version": judgement.tagger_version,
        "codes": [code_object(code) for code in judgement.codes],
        "reforms": list(judgement.reforms),
        "note": judgement.note,
        "blind": record.blind,
        "adjudicates": None if record.adjudicates is None else list(record.adjudicates),
        "unsure": record.unsure,
    }


def code_object(code: Code) -> dict[str, str]:
    """A code's four parts by name."""
    return {
        "theme": code.theme,
        "stance": code.stance.value,
        "level": code.level.value,
        "attribution": code.attribution.value,
    }


def _prodigy_writer(store: Store) -> Callable[[JudgementRecord], dict[str, Any]]:
    def write(record: JudgementRecord) -> dict[str, Any]:
        judgement = record.judgement
        passages = store.get_passages([judgement.passage_id])
        text = passages[0].text if passages else ""
        fields = record_object(record)
        spans = [
            {"start": 0, "end": len(text), "label": SEPARATOR.join(code.values()), **code}
            for code in fields.pop("codes")
        ]
        return {
            "text": text,
            "spans": spans,
            "meta": fields,
            "answer": "ignore" if record.unsure else "accept",
            "_input_hash": _hash(text),
            "_task_hash": _hash(text, as_json(spans)),
            "_annotator": judgement.coder,
            "_annotator_id": judgement.coder,
            "_timestamp": int(judgement.judged_at.timestamp()),
        }

    return write


def _hash(*parts: str) -> int:
    """A number of 31 bits, which is what the tool keeps; it only has to be the same again."""
    hashed = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(hashed[:4]) >> 1


def _csv_rows(record: JudgementRecord) -> Iterator[bytes]:
    fields = record_object(record)
    codes: list[Mapping[str, str]] = fields.pop("codes") or [{}]
    common: dict[str, Cell] = {
        **fields,
        "reforms": as_json(fields["reforms"]),
        "adjudicates": None if fields["adjudicates"] is None else as_json(fields["adjudicates"]),
    }
    for code in codes:
        row = {**common, **code}
        yield csv_line(cell_text(row.get(name)) for name in COLUMNS)
