"""What moved since the snapshot before: of the report's year, and of all years."""

from collections.abc import Collection
from dataclasses import replace

from corpus.snapshots.changes import FigureChange, Side, split_changes
from corpus.snapshots.layers import Layers
from corpus.snapshots.manifest import BrokenPackageError
from corpus.snapshots.shelf import HeldSnapshot, find_held, list_held
from corpus.store import Store
from nlp.codebook import Codebook
from web.counting import TOTAL
from web.holdings import Library, PublishedLibrary
from web.publishing import side_of
from web.report.model import ChangeSince, FigureMove
from web.report.words import moment_words
from web.views.parts import theme_label
from web.words import counted

ALL_YEARS = "all years"


def change_since(library: Library, year: int, since: str | None) -> ChangeSince:
    """Split what moved since a snapshot, or since the last one published before.

    Raises:
        SnapshotNotHeldError: the snapshot named is not held.
    """
    before = _before(library, since)
    if before is None:
        return _nothing("No snapshot was published before this one, so there is none to compare.")
    try:
        earlier = _opened(library, before)
        sides = (side_of(earlier), side_of(library))
        of_year = tuple(
            _of_year(side, one.store, year)
            for side, one in zip(sides, (earlier, library), strict=True)
        )
        moves = [
            _move(change, scope, library.codebook)
            for scope, split in (
                (str(year), split_changes(*of_year)),
                (ALL_YEARS, split_changes(*sides)),
            )
            for change in split
        ]
    except (BrokenPackageError, OSError) as error:
        return _nothing(f"The snapshot {before.name} cannot be opened to compare with: {error}")
    withdrawn = len(before.redactions.documents)
    return ChangeSince(
        since=before.name,
        published=moment_words(before.created_at),
        moves=tuple(moves),
        withdrawn=withdrawn,
        sentence=_sentence(before, moves, year, withdrawn),
    )


def _before(library: Library, since: str | None) -> HeldSnapshot | None:
    if since is not None:
        return find_held(library.shelf_dir, since, current=library.snapshot)
    held = [each for each in list_held(library.shelf_dir) if each.name != library.snapshot]
    if isinstance(library, PublishedLibrary):
        held = [each for each in held if _at(each) < _at(library.held)]
    return next(iter(held), None)


def _at(held: HeldSnapshot) -> tuple[str, str]:
    try:
        return (held.created_at, held.name)
    except BrokenPackageError:
        # Never before anything: it cannot be compared with.
        return ("~", held.name)


def _opened(library: Library, held: HeldSnapshot) -> Library:
    if isinstance(library, PublishedLibrary) and held.name == library.held.name:
        return library
    return PublishedLibrary(library.current, held)


def _of_year(side: Side, store: Store, year: int) -> Side:
    """The same of the reviews of one year; what was withdrawn since has no year any more."""
    reviews = {
        review.review_id
        for review in store.iter_reviews()
        if review.published and review.published.year == year
    }
    return replace(side, layers=_only(side.layers, reviews), published=None)


def _only(layers: Layers, reviews: Collection[str]) -> Layers:
    kept = {one: each for one, each in layers.documents.items() if each.review_id in reviews}
    return replace(layers, documents=kept)


def _move(change: FigureChange, scope: str, codebook: Codebook) -> FigureMove:
    return FigureMove(
        scope=scope,
        key=change.key,
        label="Any theme" if change.key == TOTAL else theme_label(codebook, change.key),
        figure=change.figure,
        before=change.before,
        after=change.after,
        parts={str(cause): part for cause, part in change.parts.items()},
    )


def _sentence(before: HeldSnapshot, moves: list[FigureMove], year: int, withdrawn: int) -> str:
    of_year = sum(move.scope == str(year) for move in moves)
    first = (
        f"Compared with the snapshot {before.name}, published {moment_words(before.created_at)}: "
        f"{counted(of_year, 'figure')} of {year} and "
        f"{counted(len(moves) - of_year, 'figure')} of all years moved."
    )
    if not withdrawn:
        return first
    return (
        f"{first} Since it was published, {counted(withdrawn, 'document')} "
        f"{'was' if withdrawn == 1 else 'were'} withdrawn from it: a removed document in the "
        f"split of all years, and on neither side of that of {year}."
    )


def _nothing(sentence: str) -> ChangeSince:
    return ChangeSince(since=None, published=None, moves=(), withdrawn=0, sentence=sentence)
