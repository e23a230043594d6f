"""The one family of errors: each says what was wrong and what the reader can do."""

from typing import ClassVar

_LONGEST_QUOTED = 60


def quoted(text: str) -> str:
    """What somebody gave, in quotation marks: its beginning where it is long."""
    return repr(text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…")


class ThroughlineError(Exception):
    """Anything Throughline refuses, with a sentence that a person can act on.

    ``code`` is permanent: API answers and tests name it. The families below say
    what the reader can do; ``web/errors.py`` maps each family to an HTTP status and
    ``web/cli.py`` prints the sentence and exits with 1.
    """

    code: ClassVar[str] = "error"


class NotFoundError(ThroughlineError):
    """Nothing has the id that was asked for: look at the list the sentence names."""

    code = "not-found"


class InvalidInputError(ThroughlineError):
    """What was given cannot be used: the sentence says which part and why."""

    code = "invalid-input"


class GoneError(ThroughlineError):
    """What was asked for was here and is no longer; the sentence says what to ask for now."""

    code = "gone"


class SourceError(ThroughlineError):
    """A file or publisher gave something that cannot be taken in; the store is untouched."""

    code = "source"


class StorageError(ThroughlineError):
    """The data directory or the store cannot be used as it is."""

    code = "storage"


class StaleIndexError(ThroughlineError):
    """The search index does not match the store: rebuild it with ``throughline analyse``."""

    code = "stale-index"


class ModelError(ThroughlineError):
    """A model file is missing or is not the one that was measured."""

    code = "model"


class WithdrawnError(ThroughlineError):
    """It was held and was withdrawn: nothing of it is left but when and why."""

    code = "withdrawn"

    def __init__(self, entity: str, entity_id: str, reason: str, day: str) -> None:
        """Say what it was; ``entity`` is document, passage or review, ``day`` in words."""
        super().__init__(f"The {entity} {quoted(entity_id)} was withdrawn on {day}: {reason}")
        self.entity_id = entity_id
        self.reason = reason


class ReviewNotFoundError(NotFoundError):
    """No review has this id."""

    code = "review-not-found"

    def __init__(self, review_id: str) -> None:
        """Keep the id, so callers need not parse the message."""
        super().__init__(f"No review {quoted(review_id)}. List them with: throughline recurrence")
        self.review_id = review_id


class DocumentNotFoundError(NotFoundError):
    """No document has this id."""

    code = "document-not-found"

    def __init__(self, document_id: str) -> None:
        """Keep the id, so callers need not parse the message."""
        super().__init__(f"No document {quoted(document_id)} is held here.")
        self.document_id = document_id


class PassageNotFoundError(NotFoundError):
    """No passage has this id."""

    code = "passage-not-found"

    def __init__(self, passage_id: str) -> None:
        """Keep the id, so callers need not parse the message."""
        super().__init__(
            f"No passage {quoted(passage_id)} is held here. Find one with: throughline search"
        )
        self.passage_id = passage_id


class NotInQuarantineError(NotFoundError):
    """No document in quarantine has this id."""

    code = "not-in-quarantine"

    def __init__(self, document_id: str) -> None:
        """Keep the id, so callers need not parse the message."""
        super().__init__(
            f"No document {quoted(document_id)} is in quarantine. List them with: "
            "throughline quarantine list"
        )
        self.document_id = document_id


class ThemeNotFoundError(NotFoundError):
    """The codebook has no theme with this id."""

    code = "theme-not-found"

    def __init__(self, theme_id: str, near: tuple[str, ...] = ()) -> None:
        """Name the nearest ids, so that a misspelling is mended at a glance."""
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"No theme {quoted(theme_id)}.{hint} List them with: throughline themes")
        self.theme_id = theme_id


class SourceNotFoundError(NotFoundError):
    """No publisher is configured under this id."""

    code = "source-not-found"

    def __init__(self, source_id: str) -> None:
        """Keep the id, so callers need not parse the message."""
        super().__init__(
            f"No publisher {quoted(source_id)} is configured. List them with: throughline sources"
        )
        self.source_id = source_id
