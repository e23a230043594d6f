"""What the rules behind a finding say, in words for readers."""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from nlp.signals import load_signals
from nlp.training_rows import read_training_text

TRAINING = "training:"
"""Begins the support that names the labelled passage a finding is nearest to."""

SAYS: Mapping[str, str] = MappingProxyType(
    {
        "negation": "a word that denies what stands beside it",
        "good": "words for something that would be good if it was done",
        "bad": "words for something gone wrong",
        "change": "words of a recommendation, plan or promise",
        "presupposed-failing": "“had they known”: words that take a failing as given",
        "not-so": "words that suppose what did not happen",
        "ruled-out": "words that rule something out",
        "asked": "a question or a term of reference: nothing is found yet",
        "hypothetical": "“may”, “might”, “could”: nothing is asserted",
        "praise": "words of praise",
        "achieved": "words for a change that has been made",
        "guidance": "words of law or guidance",
        "statistic": "a number, poll or study rather than one finding",
        "recurrence": "words that say it was found before",
        "case": "words that point to one child or family",
        "system": "words that point to arrangements beyond one case",
        "own-voice": "the review’s own voice",
        "reported": "words that report what a review found",
        "claim": "words that give somebody’s claim",
    }
)
"""What a sentence that matches a signal says."""


def rule_words(support: str) -> str | None:
    """Say what a signal or a labelled passage is; ``None`` for an id that is neither."""
    if support.startswith(TRAINING):
        text = _training_text(support.removeprefix(TRAINING))
        return f"the invented training passage nearest to it: {text}" if text else None
    says = _signals().get(support)
    return SAYS.get(says, says.replace("-", " ")) if says else None


@cache
def _signals() -> Mapping[str, str]:
    return MappingProxyType({signal.signal_id: signal.says for signal in load_signals()})


@lru_cache(maxsize=256)
def _training_text(row_id: str) -> str | None:
    return read_training_text(row_id)
