"""``throughline_themes``: which themes a passage carries, with score and evidence."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from spacy.language import Language

from corpus.model import Kind, Span
from nlp.components.attributes import SPANS_KEY, batches_of, register_attributes
from nlp.embed import Encoder, LazyEncoder, MiniLmEncoder, Vectors, shared_encoder
from nlp.find_themes import ThemeFinding, find_themes
from nlp.reading import read_passages
from nlp.sentences import sentence_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

NAME = "throughline_themes"


class ThroughlineThemes:
    """Read passages in batches, and find their themes.

    Each passage passes the encoder once for its vector, which search compares with
    queries, and its tuned copy once for its themes.

    Sets ``doc._.throughline_findings`` (a tuple of
    :class:`nlp.find_themes.ThemeFinding`, in codebook order), ``doc._.throughline_scores``
    (every theme's score), ``doc._.throughline_vector`` and ``doc.spans["throughline"]``.
    The kind of document is read from ``doc._.throughline_kind``; a passage in another
    language gets no findings and its reason in ``doc._.throughline_untagged``.
    """

    def __init__(self) -> None:
        """Load nothing yet: the encoder comes with the first passage."""
        register_attributes()
        self.encoder: LazyEncoder = shared_encoder

    def __call__(self, doc: "Doc") -> "Doc":
        """Find one passage's themes."""
        self._set([doc])
        return doc

    def pipe(self, stream: Iterable["Doc"], batch_size: int = 64) -> Iterator["Doc"]:
        """Find themes in batches; same order."""
        for docs in batches_of(stream, batch_size):
            self._set(docs)
            yield from docs

    def _set(self, docs: list["Doc"]) -> None:
        kinds = [Kind(doc._.throughline_kind) for doc in docs]
        sentences = [_sentences(doc) for doc in docs]
        texts = [doc.text for doc in docs]
        encoder = self.encoder()
        vectors = _vectors(encoder, texts)
        readings = read_passages(texts, kinds, encoder, sentences=sentences)
        found = find_themes(readings, [doc._.throughline_cues for doc in docs])
        for doc, reading, vector, themes in zip(docs, readings, vectors, found, strict=True):
            doc._.throughline_reading = reading
            doc._.throughline_vector = vector
            doc._.throughline_untagged = themes.untagged
            doc._.throughline_findings = themes.findings
            doc._.throughline_scores = themes.scores
            doc.spans[SPANS_KEY] = [_doc_span(doc, finding) for finding in themes.findings]


def _vectors(encoder: Encoder, texts: list[str]) -> Vectors:
    return (
        encoder.encode_bulk(texts) if isinstance(encoder, MiniLmEncoder) else encoder.encode(texts)
    )


def _sentences(doc: "Doc") -> tuple[Span, ...]:
    if not doc.has_annotation("SENT_START"):
        return sentence_spans(doc.text)
    return tuple(Span(sent.start_char, sent.end_char) for sent in doc.sents if sent.text.strip())


def _doc_span(doc: "Doc", finding: ThemeFinding) -> "DocSpan":
    """Cover the evidence with whole tokens, which spaCy's spans are made of."""
    start, end = finding.evidence.start, finding.evidence.end
    span = doc.char_span(start, end, label=finding.theme, alignment_mode="expand")
    return span if span is not None else doc[:]


@Language.factory(
    NAME,
    assigns=["doc._.throughline_findings", "doc._.throughline_vector", "doc.spans"],
)
def create_themes(nlp: Language, name: str) -> ThroughlineThemes:  # noqa: ARG001 - spaCy's interface
    """Make the component for a pipeline."""
    return ThroughlineThemes()
