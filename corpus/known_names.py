"""Which names of a review may be shown."""

from corpus.model import Review

ANONYMOUS = "anonymous"
"""What an identity link says where the publisher kept the child anonymous."""


def shown_names(review: Review) -> tuple[str, ...]:
    """Names that a review is known by; none where its publisher kept the child anonymous."""
    if review.identity_link and ANONYMOUS in review.identity_link:
        return ()
    names = dict.fromkeys((*review.case_names, *review.aliases))
    return tuple(name for name in names if name != review.title)
