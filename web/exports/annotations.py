"""Passages as W3C Web Annotations and as Prodigy's JSON lines."""

import json
from collections.abc import Iterator

from corpus.ids import digest
from web.exports.export import Export
from web.exports.tabular import json_line
from web.shapes import Json

URN = "urn:throughline:"
"""Names, not addresses: they hold wherever a portal is served."""

CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {"throughline": URN, "skos": "http://www.w3.org/2004/02/skos/core#"},
]


def webannotation_chunks(export: Export) -> Iterator[bytes]:
    """Write passages as one annotation collection (W3C Web Annotation, JSON-LD).

    It says its ``total`` first and closes its brackets last, so a file that was cut off
    cannot be read as a whole one.
    """
    head = {
        "@context": CONTEXT,
        "type": "AnnotationCollection",
        "label": f"Throughline snapshot {export.snapshot}",
        "total": export.count,
        "throughline:codebook_version": export.codebook_version,
        "first": {"type": "AnnotationPage", "startIndex": 0},
    }
    opened = json.dumps(head, ensure_ascii=False)[: -len("}}")]
    yield f'{opened}, "items": [\n'.encode()
    for number, record in export.numbered():
        yield (b",\n" if number > 1 else b"") + json_line(annotation(record)).rstrip(b"\n")
    yield b"\n]}}\n"


def annotation(passage: Json) -> Json:
    """Write one passage, shaped as the API has it, as an annotation: a tag a finding.

    Both selectors choose the same characters of the document's text, whose SHA-256 stands
    with the source: the whole passage or, where the licence cuts it, as much as may be
    shown; where nothing may be, the place alone.
    """
    start, text = passage["start_char"], passage["text"]
    end = start + len(text) if text else passage["end_char"]
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    quote = {"type": "TextQuoteSelector", "exact": text}
    return {
        "id": f"{URN}passage:{passage['passage_id']}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": [_body(finding) for finding in passage["findings"]],
        "target": {
            "source": {
                "id": f"{URN}document:{passage['document_id']}",
                "type": "Text",
                "throughline:text_sha256": passage["document_text_sha256"],
                "throughline:title": passage["title"],
                "throughline:source_url": passage["source_url"],
            },
            "selector": [quote, position] if text else [position],
            "throughline:passage": {"start": start, "end": passage["end_char"]},
            "throughline:text_cut": passage["text_cut"],
            "throughline:licence_tier": passage["licence_tier"],
            "throughline:whose_words": passage["whose_words"],
        },
    }


def _body(finding: Json) -> Json:
    said = ("stance", "level", "attribution", "score", "confident", "by", "tagger_version")
    return {
        "type": "SpecificResource",
        "purpose": "classifying",
        "source": theme_urn(finding["theme"]),
        **{f"throughline:{name}": finding[name] for name in said},
        "throughline:evidence": finding["evidence"],
    }


def theme_urn(theme_id: str) -> str:
    """Name a theme for good: ids are permanent."""
    return f"{URN}theme:{theme_id}"


def prodigy_chunks(export: Export) -> Iterator[bytes]:
    """Write passages as tasks that Prodigy reads, one a line."""
    for number, record in export.numbered():
        yield json_line(prodigy_task(record, export.place(number)))


def prodigy_task(passage: Json, place: Json) -> Json:
    """Write one passage as a Prodigy task.

    The spans are what the machine's tags rest on, where the text that may be shown holds
    them. A passage that a person coded is answered, with its themes under ``accept``; what
    only the machine has read is left open.
    """
    text, findings = passage["text"], passage["findings"]
    spans = [
        {**span, "label": finding["theme"], "stance": finding["stance"]}
        for finding in findings
        for span in finding["evidence"]
        if span["end"] <= len(text)
    ]
    themes = list(dict.fromkeys(finding["theme"] for finding in findings))
    by_hand = any(finding["by"] != "machine" for finding in findings)
    of_passage = ("passage_id", "document_id", "review_id", "licence_tier", "text_cut")
    return {
        "text": text,
        "spans": sorted(spans, key=lambda span: (span["start"], span["end"], span["label"])),
        "accept": themes,
        "meta": {name: passage[name] for name in of_passage} | {"export": place},
        "_input_hash": _hash(passage["passage_id"], text),
        "_task_hash": _hash(passage["passage_id"], text, themes),
        **({"answer": "accept"} if by_hand else {}),
    }


def _hash(*parts: object) -> int:
    # Prodigy's are signed 32-bit numbers; any that is stable will do.
    return int(digest(*parts)[:8], 16) - 2**31
