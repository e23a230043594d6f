"""Attempts at the stance of a passage on a theme that coders gave it, apart from theme errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from attempt_study import Study, regression

from corpus.model import Code, Kind
from nlp.agreement import accuracy, kappa
from nlp.lexical import fit_word_features
from nlp.pair_features import Pair, pair_features
from nlp.stance_rules import decide_stance
from nlp.theme_scores import find_evidence
from nlp.train import PAIR_BUCKETS

Agreed = tuple[float, float]
"""Accuracy and kappa."""


@dataclass(frozen=True, kw_only=True)
class StanceAttempt:
    """One way to tell stances."""

    name: str
    says: str
    vector: bool = False
    words: bool = False
    theme_and_kind: bool = False
    signals: bool = False
    evidence: bool = False
    """The evidence sentence's words too."""

    @property
    def by_rules(self) -> bool:
        """Nothing is learned: the codebook's decision order over signals decides."""
        return not (self.vector or self.words or self.theme_and_kind or self.signals)


@dataclass(frozen=True, eq=False)
class _Side:
    """Passage–theme pairs with the stances that they have."""

    pairs: list[Pair]
    vectors: np.ndarray
    stances: list[str]


def measure_stance(attempt: StanceAttempt, study: Study) -> tuple[Agreed, float]:
    """Learn from the rows' pairs, tell the labelled ones; with seconds of one processor."""
    own, _ = study.once("labelled pairs", lambda: _labelled_side(study))
    if attempt.by_rules:
        given = [decide_stance(pair.signals, pair.kind)[0].value for pair in own.pairs]
        return _agreed(own, given), 0.0
    known, _ = study.once("pairs of rows", lambda: _row_side(study))
    columns = _columns(attempt, study)

    def fit() -> object:
        model = regression(1.0, sparse=False)
        model.fit(columns(known), known.stances)
        return model

    model, seconds = study.once(attempt.name, fit)
    return _agreed(own, [str(each) for each in model.predict(columns(own))]), seconds


def _agreed(side: _Side, given: Sequence[str]) -> Agreed:
    both = list(zip(side.stances, given, strict=True))
    return accuracy(both) or 0.0, kappa(both) or 0.0


def _columns(attempt: StanceAttempt, study: Study) -> Callable[[_Side], object]:
    """What an attempt sees, cut out of what the product's heads see."""
    from scipy.sparse import csr_matrix, hstack

    words, _ = study.once(
        "pair words",
        lambda: fit_word_features(study.row_texts, buckets=PAIR_BUCKETS, longest=3),
    )
    kinds_and_themes = len(_KINDS) + study.truth.shape[1]

    def columns(side: _Side) -> object:
        features = pair_features(side.pairs, words).tocsc()
        signals = features.shape[1] - 2 * PAIR_BUCKETS
        parts = [csr_matrix(side.vectors)] if attempt.vector else []
        for wanted, start, end in (
            (attempt.theme_and_kind, 0, kinds_and_themes),
            (attempt.signals, kinds_and_themes, signals),
            (attempt.words, signals, signals + PAIR_BUCKETS),
            (attempt.evidence, signals + PAIR_BUCKETS, features.shape[1]),
        ):
            if wanted:
                parts.append(features[:, start:end])
        return hstack(parts).tocsr()

    return columns


_KINDS = tuple(kind for kind in Kind if kind is not Kind.DIGEST)


def _row_side(study: Study) -> _Side:
    return _side(
        study,
        study.row_texts,
        [row.kind for row in study.rows],
        [row.codes for row in study.rows],
    )


def _labelled_side(study: Study) -> _Side:
    return _side(study, study.coded.texts, study.coded.kinds, study.coded.gold)


def _side(
    study: Study, texts: Sequence[str], kinds: Sequence[Kind], codes: Sequence[Sequence[Code]]
) -> _Side:
    head = study.word_head()
    held = [n for n, own in enumerate(codes) if own]
    readings = study.read([texts[n] for n in held], [kinds[n] for n in held])
    coded = [
        (reading, code) for reading, n in zip(readings, held, strict=True) for code in codes[n]
    ]
    asked = [(each.windows[0], head.themes.index(code.theme)) for each, code in coded]
    return _Side(
        pairs=[
            Pair(theme=code.theme, kind=reading.kind, window=reading.windows[0], sentence=sentence)
            for (reading, code), (sentence, _) in zip(
                coded, find_evidence(asked, head), strict=True
            )
        ],
        vectors=np.stack([each.windows[0].states.mean() for each, _ in coded]),
        stances=[code.stance.value for _, code in coded],
    )


STANCE_ATTEMPTS: Sequence[StanceAttempt] = (
    StanceAttempt(name="stance-rules", says="rules alone"),
    StanceAttempt(name="stance-vector", says="regression on the vector", vector=True),
    StanceAttempt(name="stance-words", says="words of the passage", words=True),
    StanceAttempt(
        name="stance-vector-words",
        says="vector, words, theme and kind",
        vector=True,
        words=True,
        theme_and_kind=True,
    ),
    StanceAttempt(
        name="stance-signals",
        says="the same, with rules and signals and words of the evidence sentence",
        vector=True,
        words=True,
        theme_and_kind=True,
        signals=True,
        evidence=True,
    ),
    StanceAttempt(
        name="stance-no-vector",
        says="the same without the vector: the word head that ships",
        words=True,
        theme_and_kind=True,
        signals=True,
        evidence=True,
    ),
)
"""In the order of the table."""
