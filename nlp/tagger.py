"""The tagger: passages in, their codes with score, evidence and support out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.ids import digest
from corpus.model import Attribution, Code, Kind, Level, Span, Stance
from nlp import (
    cues,
    field,
    language,
    pair_features,
    pair_scores,
    sentences,
    signals,
    stance_rules,
    theme_features,
    theme_scores,
)
from nlp.codebook import load_codebook
from nlp.embed import LazyEncoder, Vectors
from nlp.find_themes import ThemeFinding
from nlp.heads import load_heads
from nlp.pipeline import build_pipeline
from nlp.tuned import load_tuned

CODE_VERSION = "2"


@dataclass(frozen=True, kw_only=True)
class TaggedCode:
    """One theme found in a passage, with its facets and what the finding rests on."""

    code: Code
    score: float
    """The theme's calibrated score, 0 to 1."""
    confident: bool
    """Shown and counted by default; the others are *possible*."""
    evidence: tuple[Span, ...]
    """The sentence that drove the score; spans index the passage's text."""
    support: tuple[str, ...]
    """Ids of cues and signals, and ``training:`` with the nearest training row."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TaggedPassage:
    """What the tagger says of one passage."""

    codes: tuple[TaggedCode, ...]
    """In codebook order; empty when there is no theme in it."""
    untagged: str | None
    """Why it was not read: ``other-language`` or ``no-words``; ``None`` when it was."""
    theme_scores: Mapping[str, float]
    """Every theme's calibrated score, found or not, for search; empty where not read."""
    vector: Vectors
    """float32, shape (DIMENSION,): the encoder's unit vector of the whole text."""


class Tagger:
    """Tags passages in batches with the heads that ship."""

    def __init__(self, encoder: LazyEncoder | None = None) -> None:
        """Build the pipeline; the encoder is loaded with the first passage."""
        self._pipeline = build_pipeline(encoder)
        self.version = tagger_version()

    def tag(self, texts: Sequence[str], kinds: Sequence[Kind]) -> list[TaggedPassage]:
        """Tag passages; same order, one result each, and no result depends on the others.

        Args:
            texts: the passages, unmodified; spans in the results index them.
            kinds: each passage's kind of document, as many as texts.
        """
        docs = []
        for text, kind in zip(texts, kinds, strict=True):
            doc = self._pipeline.make_doc(text)
            doc._.throughline_kind = kind.value
            docs.append(doc)
        return [
            TaggedPassage(
                codes=tuple(_tagged(finding) for finding in doc._.throughline_findings),
                untagged=doc._.throughline_untagged,
                theme_scores=doc._.throughline_scores,
                vector=doc._.throughline_vector,
            )
            for doc in self._pipeline.pipe(docs)
        ]


def load_tagger(encoder: LazyEncoder | None = None) -> Tagger:
    """Load the tagger that ships.

    Args:
        encoder: gives the encoder when it is first needed; the shared one if absent.

    Raises:
        ModelError: the trained heads are missing or damaged.
    """
    return Tagger(encoder)


@cache
def tagger_version() -> str:
    """Name this tagger: a hash of its rules, data, codebook and weights; loads no model.

    Two taggers with one version say the same of the same passage.
    """
    return digest(*_rules(), load_codebook().version, *_weights())[:16]


@cache
def reader_version() -> str:
    """Name what reads, apart from the codebook it reads with: rules, cues and weights.

    Where two snapshots share it and not the codebook, the codebook alone moved the figures.
    """
    return digest(*_rules(), *_weights())[:16]


def _tagged(finding: ThemeFinding) -> TaggedCode:
    return TaggedCode(
        code=Code(
            theme=finding.theme,
            stance=finding.stance or Stance.FAILING,
            level=finding.level or Level.CASE,
            attribution=finding.attribution or Attribution.CLAIM,
        ),
        score=finding.score,
        confident=finding.confident,
        evidence=(finding.evidence,),
        support=finding.support,
    )


def _weights() -> tuple[str, str]:
    return load_heads().version, load_tuned().version


def _rules() -> list[object]:
    return [
        CODE_VERSION,
        [
            cues.RULES_VERSION,
            language.RULES_VERSION,
            sentences.RULES_VERSION,
            signals.RULES_VERSION,
            stance_rules.RULES_VERSION,
            pair_features.CODE_VERSION,
            pair_scores.CODE_VERSION,
            theme_features.CODE_VERSION,
            theme_scores.CODE_VERSION,
        ],
        [(name, _data(name)) for name in _data_names()],
    ]


def _data_names() -> list[str]:
    folders = [files("nlp").joinpath(f"data/cues/{facet}") for facet in signals.FACETS]
    names = [f"cues/{folder.name}/{entry.name}" for folder in folders for entry in folder.iterdir()]
    return [field.NAME, "tagging.toml", *sorted(names)]


def _data(name: str) -> str:
    return files("nlp").joinpath(f"data/{name}").read_text(encoding="utf-8")
