"""The sentence of a passage that is nearest to a query in meaning."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from corpus.model import Span
from nlp.embed import Vectors
from nlp.sentences import sentence_spans

MAX_SENTENCES = 40
"""Of one passage; what comes after is not compared."""
CACHED_PASSAGES = 2_000
"""Passages whose sentence vectors are kept: about 10 MB."""


class SentenceVectors:
    """Vectors of passages' sentences, kept for passages that were shown lately.

    A passage's text never changes under its id, so that nothing kept goes stale.
    """

    def __init__(self, encode: Callable[[Sequence[str]], Vectors]) -> None:
        """Take what turns sentences into unit vectors."""
        self._encode = encode
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(self, vector: Vectors, passages: Sequence[tuple[str, str]]) -> list[Span | None]:
        """Find each passage's nearest sentence; all unknown ones are encoded in one call.

        Args:
            vector: the query's unit vector.
            passages: ids with texts.

        Returns:
            A span into each text; ``None`` for a passage of one sentence or none.
        """
        spans = [sentence_spans(text)[:MAX_SENTENCES] for _, text in passages]
        several = [at for at, found in enumerate(spans) if len(found) > 1]
        self._learn([(passages[at][0], passages[at][1], spans[at]) for at in several])
        nearest: list[Span | None] = [None] * len(passages)
        for at in several:
            with self._lock:
                vectors = self._kept.get(passages[at][0])
            if vectors is not None:
                nearest[at] = spans[at][int(np.argmax(vectors @ vector))]
        return nearest

    def _learn(self, passages: Sequence[tuple[str, str, tuple[Span, ...]]]) -> None:
        with self._lock:
            new = [one for one in passages if one[0] not in self._kept]
        sentences = [text[span.start : span.end] for _, text, spans in new for span in spans]
        if not sentences:
            return
        vectors = self._encode(sentences)
        place = 0
        with self._lock:
            for passage_id, _, spans in new:
                self._kept[passage_id] = vectors[place : place + len(spans)]
                place += len(spans)
            while len(self._kept) > CACHED_PASSAGES:
                self._kept.popitem(last=False)
