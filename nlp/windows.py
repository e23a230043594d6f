"""Windows over long passages, so that a clause at the end is read like one at the start."""

from collections.abc import Sequence

from corpus.model import Span

MAX_CHARS = 900
"""About 200 tokens: safely less than the 256 that the encoder reads."""


def window_spans(text: str, sentences: Sequence[Span]) -> tuple[Span, ...]:
    """Cover a passage with windows of whole sentences, each at most ``MAX_CHARS`` long.

    Neighbouring windows share a sentence where it fits, so that two sentences which
    belong together meet in one window. A single longer sentence is cut at white space.

    Args:
        text: one passage, unmodified.
        sentences: its sentences in reading order.

    Returns:
        Spans in reading order that together cover every sentence; one span, the whole
        text, for a short passage, a blank one included.
    """
    if len(text) <= MAX_CHARS or not sentences:
        return (Span(0, len(text)),)
    pieces = [piece for sentence in sentences for piece in _pieces(text, sentence)]
    windows: list[Span] = []
    first = 0
    for index, piece in enumerate(pieces):
        if piece.end - pieces[first].start > MAX_CHARS:
            windows.append(Span(pieces[first].start, pieces[index - 1].end))
            overlaps = index - 1 > first and piece.end - pieces[index - 1].start <= MAX_CHARS
            first = index - 1 if overlaps else index
    windows.append(Span(pieces[first].start, pieces[-1].end))
    return tuple(windows)


def _pieces(text: str, sentence: Span) -> list[Span]:
    pieces = []
    start = sentence.start
    while sentence.end - start > MAX_CHARS:
        space = text.rfind(" ", start + 1, start + MAX_CHARS)
        cut = space if space > start else start + MAX_CHARS
        pieces.append(Span(start, cut))
        start = cut
    pieces.append(Span(start, sentence.end))
    return pieces
