"""Which names of a review may be shown."""

from corpus.model import Review

ANONYMOUS = "anonymous"
"""What an identity link says where the publisher kept the child anonymous."""


def is_anonymous(review: Review) -> bool:
    """Say whether the publisher kept the child anonymous: then no name is ever shown."""
    return review.identity_link is not None and ANONYMOUS in review.identity_link


def shown_names(review: Review) -> tuple[str, ...]:
    """Names that a review is known by; none where its publisher kept the child anonymous."""
    if is_anonymous(review):
        return ()
    names = dict.fromkeys((*review.case_names, *review.aliases))
    return tuple(name for name in names if name != review.title)
