"""Marks in a passage: words that matched, the sentence nearest to a search, what tags rest on."""

from collections.abc import Iterable
from itertools import pairwise

from markupsafe import Markup, escape

from corpus.model import Span

MATCHED = "matched"
EVIDENCE = "evidence"
NEAREST = "nearest"


def highlight(
    text: str,
    *,
    matched: Iterable[Span] = (),
    evidence: Iterable[Span] = (),
    nearest: Iterable[Span] = (),
) -> Markup:
    """Wrap spans of a text in ``<mark>``, escaping everything.

    Overlapping and touching spans of one sort become one mark. Where sorts overlap, the
    shared part is one mark with all their classes, so marks never nest.

    Args:
        text: the text exactly as it is shown.
        matched: words that matched a search, as offsets into ``text``.
        evidence: words that a finding rests on, as offsets into ``text``.
        nearest: the sentence nearest in meaning to a search, as offsets into ``text``.

    Returns:
        Markup that reads as ``text`` when its tags are taken away. Spans outside the
        text are cut to it; empty ones leave no mark.
    """
    layers = {
        MATCHED: _merged(matched, len(text)),
        EVIDENCE: _merged(evidence, len(text)),
        NEAREST: _merged(nearest, len(text)),
    }
    cuts = {0, len(text)}
    cuts |= {edge for spans in layers.values() for span in spans for edge in (span.start, span.end)}
    edges = sorted(cuts)
    return Markup().join(
        _piece(text[start:end], _classes(start, layers)) for start, end in pairwise(edges)
    )


def _merged(spans: Iterable[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(Span(max(s.start, 0), min(s.end, length)) for s in spans):
        if span.start >= span.end:
            continue
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _classes(start: int, layers: dict[str, list[Span]]) -> list[str]:
    return [
        name
        for name, spans in layers.items()
        if any(span.start <= start < span.end for span in spans)
    ]


def _piece(text: str, classes: list[str]) -> Markup:
    if not classes:
        return escape(text)
    return Markup('<mark class="{}">{}</mark>').format(" ".join(classes), text)
