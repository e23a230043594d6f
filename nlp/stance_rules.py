"""The codebook's decision order for stance, over the signals of the evidence sentence."""

from collections.abc import Iterable

from corpus.model import Kind, Stance
from nlp.signals import SignalMatch

RULES_VERSION = "1"

# Steps of codebook 6.2 in order: the first whose signals are there decides. A step that
# asks for several signals needs all of them; one that forbids some needs them absent.
_STEPS: tuple[tuple[str, frozenset[str], frozenset[str], Stance], ...] = (
    ("asked", frozenset({"asked"}), frozenset({"change"}), Stance.NEGATED),
    ("not-so", frozenset({"not-so"}), frozenset(), Stance.NEGATED),
    ("ruled-out", frozenset({"ruled-out"}), frozenset(), Stance.NEGATED),
    ("statistic", frozenset({"statistic"}), frozenset({"change"}), Stance.BACKGROUND),
    ("presupposed", frozenset({"presupposed-failing"}), frozenset(), Stance.FAILING),
    (
        "achieved",
        frozenset({"achieved"}),
        frozenset({"bad", "absence-of-good"}),
        Stance.GOOD_PRACTICE,
    ),
    ("change", frozenset({"change"}), frozenset(), Stance.CHANGE_PROPOSED),
    ("absence-of-good", frozenset({"absence-of-good"}), frozenset(), Stance.FAILING),
    ("absence-of-bad", frozenset({"absence-of-bad"}), frozenset({"bad"}), Stance.NEGATED),
    ("hypothetical", frozenset({"hypothetical"}), frozenset(), Stance.NEGATED),
    ("recurrence", frozenset({"recurrence"}), frozenset({"negation"}), Stance.BACKGROUND),
    ("guidance", frozenset({"guidance"}), frozenset({"bad"}), Stance.BACKGROUND),
    ("praise", frozenset({"praise"}), frozenset({"bad"}), Stance.GOOD_PRACTICE),
    ("bad", frozenset({"bad"}), frozenset(), Stance.FAILING),
    ("denied", frozenset({"negation"}), frozenset(), Stance.FAILING),
)
STEP_NAMES = (*(name for name, *_ in _STEPS), "default")
_BACKGROUND_KINDS = frozenset({Kind.GUIDANCE, Kind.ACADEMIC})


def decide_stance(matches: Iterable[SignalMatch], kind: Kind) -> tuple[Stance, str]:
    """Decide a sentence's stance by rules alone.

    Args:
        matches: the signals found in the sentence.
        kind: the document's kind; guidance and research speak of how things are, the
            others mostly of what went wrong.

    Returns:
        The stance and the name of the step that decided it, ``default`` where no step did.
    """
    said = {match.says for match in matches if match.facet == "stance"}
    for name, needs, forbids, stance in _STEPS:
        if needs <= said and not (forbids & said):
            return stance, name
    return _default(kind), "default"


def step_signals(matches: Iterable[SignalMatch], stance: Stance) -> tuple[str, ...]:
    """List the ids of the signals that speak for a stance, in reading order, each once."""
    says = frozenset().union(*(needs for _, needs, _, leads_to in _STEPS if leads_to is stance))
    return tuple(dict.fromkeys(match.signal_id for match in matches if match.says in says))


def _default(kind: Kind) -> Stance:
    return Stance.BACKGROUND if kind in _BACKGROUND_KINDS else Stance.FAILING
