"""``throughline_stance``: stance, level and attribution of every theme found."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from spacy.language import Language

from nlp.components.attributes import batches_of, register_attributes
from nlp.find_themes import decide_facets

if TYPE_CHECKING:
    from spacy.tokens import Doc

NAME = "throughline_stance"


class ThroughlineStance:
    """Complete the findings of ``throughline_themes``, which must come before it."""

    def __init__(self) -> None:
        """Load nothing yet."""
        register_attributes()

    def __call__(self, doc: "Doc") -> "Doc":
        """Complete one passage's findings."""
        self._set([doc])
        return doc

    def pipe(self, stream: Iterable["Doc"], batch_size: int = 64) -> Iterator["Doc"]:
        """Complete findings in batches; same order."""
        for docs in batches_of(stream, batch_size):
            self._set(docs)
            yield from docs

    def _set(self, docs: list["Doc"]) -> None:
        waiting = [doc for doc in docs if doc._.throughline_findings]
        completed = decide_facets(
            [(doc._.throughline_reading, doc._.throughline_findings) for doc in waiting]
        )
        for doc, findings in zip(waiting, completed, strict=True):
            doc._.throughline_findings = findings


@Language.factory(
    NAME,
    requires=["doc._.throughline_findings"],
    assigns=["doc._.throughline_findings"],
)
def create_stance(nlp: Language, name: str) -> ThroughlineStance:  # noqa: ARG001 - spaCy's interface
    """Make the component for a pipeline."""
    return ThroughlineStance()
