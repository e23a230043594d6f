"""What reviews of the year recommend and praise, theme by theme."""

from collections.abc import Mapping, Sequence

from corpus.model import Stance
from corpus.store import Store
from corpus.year_holdings import StanceEvidence, stance_evidence
from web.report.model import Proposals, ReviewFacts, Scope, Trace, reference
from web.report.quotes import PER_PROPOSAL, Chooser, Shown

PROPOSED = "change_proposed"
PRAISED = "good_practice"


def spoken(
    store: Store, stance: Stance, reviews: Mapping[str, ReviewFacts]
) -> list[StanceEvidence]:
    """Where these reviews speak with a stance: in their own text where it is held."""
    return [
        one
        for one in stance_evidence(store, stance, reviews)
        if one.kind.value == ("digest" if reviews[one.review_id].held_as == "digest" else "review")
    ]


def proposals_of(
    scope: Scope,
    proposed: Sequence[StanceEvidence],
    praised: Sequence[StanceEvidence],
    shelf: Shown,
) -> tuple[Proposals, ...]:
    """Sort them by row of the report; a review counts once in a row."""
    chooser = Chooser()
    found = []
    for row in scope.rows:
        themes = row.count.group.themes
        wanted = [one for one in proposed if one.theme in themes]
        good = [one for one in praised if one.theme in themes]
        ids = tuple(dict.fromkeys(one.passage_id for one in wanted))
        of_top = row.sort == "top-theme"
        shown = shelf.candidates(ids, themes, Stance.CHANGE_PROPOSED) if of_top else []
        found.append(
            Proposals(
                key=row.key,
                label=row.label,
                sort=row.sort,
                proposed=ids,
                n_proposed=len({one.review_id for one in wanted}),
                praised=tuple(dict.fromkeys(one.passage_id for one in good)),
                n_praised=len({one.review_id for one in good}),
                quotes=chooser.choose(shown, PER_PROPOSAL),
            )
        )
    return tuple(found)


def proposal_traces(scope: Scope, found: Sequence[Proposals]) -> list[Trace]:
    """The passages behind each number of reviews."""
    return [
        Trace(reference=reference(scope.name, one.key, "either", name), passage_ids=ids)
        for one in found
        for name, ids in ((PROPOSED, one.proposed), (PRAISED, one.praised))
    ]
