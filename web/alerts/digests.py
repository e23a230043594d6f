"""Sending digests: each match of each followed search at most once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus import deliveries
from corpus.alerts import (
    Subscription,
    forget_unconfirmed,
    iter_subscriptions,
    new_link,
)
from corpus.errors import InvalidInputError, NotFoundError, WithdrawnError
from corpus.first_matches import FirstMatch, first_matches
from corpus.sightings import observe
from web.alerts.entries import entries
from web.alerts.mail import DIGEST_ENTRIES, digest_mail
from web.alerts.post import MailInDoubtError, MailRefusedError, Post
from web.alerts.search import FollowedSearch, read_search
from web.holdings import Library

Clock = Callable[[], dt.datetime]

_OF_ONE_FOLLOWER = (
    MailRefusedError,
    MailInDoubtError,
    InvalidInputError,
    NotFoundError,
    WithdrawnError,
)
"""What goes wrong for one follower and leaves the others theirs."""


@dataclass
class SendReport:
    """What a run did; ``problems`` names no address."""

    followed: int = 0
    sent: int = 0
    documents: int = 0
    nothing_new: int = 0
    forgotten: int = 0
    """Addresses deleted because they were never confirmed."""
    problems: list[str] = field(default_factory=list)


def due(library: Library, subscription: Subscription) -> tuple[FollowedSearch, list[FirstMatch]]:
    """Find what a subscription was not told of yet, the newest first; call ``observe`` first.

    Raises:
        InvalidInputError: its search asks for something that is no longer there.
        NotFoundError: as above, a review.
    """
    search = read_search(library, subscription.search)
    matches = first_matches(
        library.store, search.wanted, holds=search.holds, after=subscription.after_sighting
    )
    told = deliveries.delivered_to(library.store, subscription.subscription_id)
    return search, [match for match in matches.found if match.first_document_id not in told]


def send_digests(library: Library, post: Post, *, clock: Clock) -> SendReport:
    """Send every follower what is new; safe to break off and to run again at any time.

    What is going to be sent is recorded before, so a run that dies never leads to the same
    match being sent again: the next digest says that one may have been lost. Only what the
    mail server certainly refused is tried again.
    """
    store = library.store
    observe(store, now=clock())
    report = SendReport(forgotten=forget_unconfirmed(store, now=clock()))
    for subscription in list(iter_subscriptions(store, confirmed=True)):
        report.followed += 1
        try:
            count = _send(library, post, subscription, clock)
        except _OF_ONE_FOLLOWER as error:
            report.problems.append(f"{subscription.subscription_id}: {error}")
            continue
        report.sent += count > 0
        report.documents += count
        report.nothing_new += count == 0
    return report


def _send(library: Library, post: Post, subscription: Subscription, clock: Clock) -> int:
    store, name = library.store, subscription.subscription_id
    search, matches = due(library, subscription)
    if not matches:
        return 0
    now = clock()
    lost = deliveries.broken_off(store, name)
    message = digest_mail(
        library.settings,
        subscription.address,
        search,
        entries(library, search, matches[:DIGEST_ENTRIES]),
        new_link(store, name, now=now),
        total=len(matches),
        lost=lost,
        now=now,
    )
    firsts = [match.first_document_id for match in matches]
    delivery = deliveries.begin_delivery(store, name, firsts, now=now)
    try:
        post.send(message)
    except MailRefusedError:
        deliveries.take_back_delivery(store, delivery)
        raise
    deliveries.end_delivery(store, delivery, now=clock())
    deliveries.tell_of_broken_off(store, name, before=delivery)
    return len(matches)


def utc_now() -> dt.datetime:
    """The present moment."""
    return dt.datetime.now(dt.UTC)
