"""``throughline_cues``: the codebook's cue phrases in ``doc._.throughline_cues``."""

from typing import TYPE_CHECKING

from spacy.language import Language

from nlp.codebook import load_codebook
from nlp.components.attributes import register_attributes
from nlp.cues import CueFinder

if TYPE_CHECKING:
    from spacy.tokens import Doc

NAME = "throughline_cues"


class ThroughlineCues:
    """Find every theme's cues; the result is a tuple of :class:`nlp.cues.CueMatch`."""

    def __init__(self) -> None:
        """Prepare the codebook's cues."""
        register_attributes()
        self._finder = CueFinder(load_codebook().cues)

    def __call__(self, doc: "Doc") -> "Doc":
        """Set ``doc._.throughline_cues``: matches in reading order, offsets into ``doc.text``."""
        doc._.throughline_cues = tuple(self._finder.find(doc.text))
        return doc


@Language.factory(NAME, assigns=["doc._.throughline_cues"])
def create_cues(nlp: Language, name: str) -> ThroughlineCues:  # noqa: ARG001 - spaCy's interface
    """Make the component for a pipeline."""
    return ThroughlineCues()
