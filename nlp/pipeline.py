"""The spaCy pipeline that reads a passage: our components, in their order, in one place."""

from typing import TYPE_CHECKING

from nlp.embed import LazyEncoder

if TYPE_CHECKING:
    from spacy.language import Language

COMPONENTS = (
    "throughline_sentences",
    "throughline_cues",
    "throughline_themes",
    "throughline_stance",
)


def register_components() -> None:
    """Register our factories where the package's entry points are not seen, as in a checkout."""
    from nlp.components import cues, sentences, stance, themes  # noqa: F401, PLC0415 - spaCy is slow


def build_pipeline(encoder: LazyEncoder | None = None) -> "Language":
    """Build the pipeline on ``spacy.blank("en")``.

    Args:
        encoder: gives the encoder when the first passage comes; the shared one if absent.

    Returns:
        A pipeline whose ``pipe`` reads passages in batches. Set ``doc._.throughline_kind``
        on a Doc beforehand where the kind of document is known.
    """
    import spacy  # noqa: PLC0415 - costs two seconds

    register_components()
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        component = nlp.add_pipe(name)
        if encoder is not None and hasattr(component, "encoder"):
            component.encoder = encoder
    return nlp
