"""One passage as the tagger reads it: sentences, windows, tokens and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.model import Kind, Span
from nlp.embed import Encoder
from nlp.sentences import sentence_spans
from nlp.signals import SignalMatch, find_signals
from nlp.token_states import TokenStates, encode_states
from nlp.windows import window_spans


@dataclass(frozen=True, eq=False, kw_only=True)
class Window:
    """A stretch of a passage that the encoder reads whole."""

    span: Span
    """Where it stands in the passage."""
    text: str
    sentences: tuple[Span, ...]
    """Its sentences; offsets index ``text``, not the passage."""
    states: TokenStates

    @cached_property
    def signals(self) -> tuple[tuple[SignalMatch, ...], ...]:
        """The signals of each sentence, in the order of ``sentences``."""
        return tuple(tuple(find_signals(self.text, span)) for span in self.sentences)

    def without(self, sentence: Span) -> str:
        """The window's text with one sentence left out."""
        return f"{self.text[: sentence.start]} {self.text[sentence.end :]}"

    def to_passage(self, span: Span) -> Span:
        """Move a span of the window to the passage."""
        return Span(span.start + self.span.start, span.end + self.span.start)


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """A passage with everything that its heads look at."""

    text: str
    kind: Kind
    windows: tuple[Window, ...]
    """One for most passages; see :func:`nlp.windows.window_spans`."""


def read_passages(
    texts: Sequence[str],
    kinds: Sequence[Kind],
    encoder: Encoder,
    *,
    sentences: Sequence[tuple[Span, ...]] | None = None,
) -> list[Reading]:
    """Read passages with one pass of the tuned encoder.

    Args:
        texts: the passages, unmodified.
        kinds: each one's document kind.
        encoder: whose tuned copy reads.
        sentences: each one's sentences, where they are known already.

    Returns:
        One reading each, in the same order.
    """
    known = sentences or [sentence_spans(text) for text in texts]
    spans = [window_spans(text, found) for text, found in zip(texts, known, strict=True)]
    pieces = [text[s.start : s.end] for text, all_ in zip(texts, spans, strict=True) for s in all_]
    states = iter(encode_states(encoder, pieces))
    windows = [
        tuple(_window(text, span, found, next(states)) for span in all_)
        for text, found, all_ in zip(texts, known, spans, strict=True)
    ]
    return [
        Reading(text=text, kind=kind, windows=own)
        for text, kind, own in zip(texts, kinds, windows, strict=True)
    ]


def _window(text: str, span: Span, sentences: tuple[Span, ...], states: TokenStates) -> Window:
    inside = tuple(
        Span(max(each.start, span.start) - span.start, min(each.end, span.end) - span.start)
        for each in sentences
        if each.start < span.end and each.end > span.start
    )
    return Window(span=span, text=text[span.start : span.end], sentences=inside, states=states)
