"""What a year's figures rest on: what is held, what is missing, what was taken away."""

from collections import Counter
from collections.abc import Mapping, Sequence

from corpus.ledger import open_collapses
from corpus.model import Kind
from corpus.withdrawals import list_withdrawals
from corpus.year_holdings import YearDocument, documents_of_year
from web.holdings import Library
from web.publishing import held_back_in
from web.report.model import Held, ReviewFacts, Tally, WithdrawalLine
from web.report.words import day_words
from web.words import KINDS

NO_PUBLISHER = "Publisher not stated"
NO_NATION = "Nation not stated"


def held_of(
    library: Library, year: int, counted: Sequence[ReviewFacts], register: Mapping[str, ReviewFacts]
) -> Held:
    """Gather what is held of a year and what is not.

    Args:
        library: what is held.
        year: the report's.
        counted: the reviews that its figures count.
        register: every dated review that is one, by id.
    """
    documents = documents_of_year(library.store, year)
    ids = {one.review_id for one in counted}
    return Held(
        tallies=tuple(_tallies(counted, documents)),
        mentions=sum(one.review_id is None for one in documents),
        missing=tuple(one for key, one in register.items() if one.year == year and key not in ids),
        held_back=held_back_in(library, year),
        withdrawals=tuple(
            WithdrawalLine(
                day=day_words(stone.withdrawn_at.date()),
                publishers=", ".join(stone.publishers) or NO_PUBLISHER,
                documents=stone.n_documents,
                reason=stone.reason,
            )
            for stone in list_withdrawals(library.store)
        ),
        collapses=tuple(
            f"{one} Take care with {one.affects}." for one in open_collapses(library.store)
        ),
    )


def _tallies(reviews: Sequence[ReviewFacts], documents: Sequence[YearDocument]) -> list[Tally]:
    own = [one for one in documents if one.kind is not Kind.DIGEST]
    nations = Counter(one.nation or NO_NATION for one in own)
    publishers = Counter(one.publisher or NO_PUBLISHER for one in own)
    kinds = Counter(KINDS[one.kind] for one in documents)
    of_nation = Counter(one.nation for one in reviews)
    of_type = Counter(one.review_type for one in reviews)
    of_publisher = Counter(one.publisher or NO_PUBLISHER for one in reviews)
    return [
        *_each("nation", of_nation, nations),
        *(Tally(of="type", value=one, reviews=n, documents=None) for one, n in _most(of_type)),
        *_each("publisher", of_publisher, publishers),
        *(Tally(of="kind", value=one, reviews=None, documents=n) for one, n in _most(kinds)),
    ]


def _each(of: str, reviews: Counter[str], documents: Counter[str]) -> list[Tally]:
    order = [*(one for one, _ in _most(reviews)), *(one for one, _ in _most(documents))]
    return [
        Tally(of=of, value=one, reviews=reviews[one], documents=documents[one])
        for one in dict.fromkeys(order)
    ]


def _most(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))
