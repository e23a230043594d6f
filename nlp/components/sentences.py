"""``throughline_sentences``: sentence boundaries that survive reports' stops and numbers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from spacy.language import Language

from nlp.sentences import sentence_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc

NAME = "throughline_sentences"


def mark_sentences(doc: "Doc") -> "Doc":
    """Mark where sentences start; see :func:`nlp.sentences.sentence_spans`."""
    starts = [span.start for span in sentence_spans(doc.text)]
    waiting = 0
    for token in doc:
        begins = waiting < len(starts) and token.idx + len(token) > starts[waiting]
        token.is_sent_start = begins or token.i == 0
        while waiting < len(starts) and token.idx + len(token) > starts[waiting]:
            waiting += 1
    return doc


# A factory, not a plain component: an entry point is called as a factory.
@Language.factory(NAME, assigns=["token.is_sent_start", "doc.sents"])
def create_sentences(nlp: Language, name: str) -> "Callable[[Doc], Doc]":  # noqa: ARG001 - spaCy's interface
    """Make the component for a pipeline."""
    return mark_sentences
