"""Validated identifiers: strings whose type says which kind of thing they name."""

import hashlib
import json
import re
from typing import ClassVar, Self

from corpus.errors import InvalidInputError

# Crockford's base 32: no I, L, O or U, so an id read aloud or copied by hand survives.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGEST_CHARS = 16


class Identifier(str):
    """A string that matched its kind's pattern when it was made.

    Raises:
        InvalidInputError: the text is not of this kind's form.
    """

    __slots__ = ()
    pattern: ClassVar[re.Pattern[str]]
    kind: ClassVar[str]

    def __new__(cls, text: str) -> Self:
        """Check the form with ``fullmatch``: ``match`` would let a trailing newline by."""
        if not cls.pattern.fullmatch(text):
            raise InvalidInputError(f"{text!r} is not a {cls.kind} id.")
        return super().__new__(cls, text)


class ReviewId(Identifier):
    """A review's permanent slug, such as ``maria-colwell-1974``."""

    __slots__ = ()
    pattern = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
    kind = "review"


class DocumentId(Identifier):
    """One version of one document: ``d`` and 16 characters."""

    __slots__ = ()
    pattern = re.compile(rf"d[{_ALPHABET}]{{{_DIGEST_CHARS}}}")
    kind = "document"

    @classmethod
    def of(cls, identity: str, text_sha256: str) -> Self:
        """Name a document by what it is and what it says, so that a new text is a new id."""
        return cls("d" + short_digest(identity, text_sha256))


class PassageId(Identifier):
    """One passage of one document version: ``p`` and 16 characters."""

    __slots__ = ()
    pattern = re.compile(rf"p[{_ALPHABET}]{{{_DIGEST_CHARS}}}")
    kind = "passage"

    @classmethod
    def of(cls, document_id: str, start_char: int, end_char: int) -> Self:
        """Name a passage by its place: offsets are half-open and index the document's text."""
        return cls("p" + short_digest(document_id, start_char, end_char))


class CaptureId(Identifier):
    """The bytes of one capture: the whole SHA-256, in hexadecimal."""

    __slots__ = ()
    pattern = re.compile(r"[0-9a-f]{64}")
    kind = "capture"


def sha256_text(text: str) -> str:
    """Hash a text's UTF-8 bytes; 64 hexadecimal characters."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(*parts: object) -> str:
    """Hash values as one JSON array (64 hexadecimal characters).

    Never of joined strings: ``("t", 1, 12)`` and ``("t", 11, 2)`` must differ.
    """
    encoded = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256_text(encoded)


def short_digest(*parts: object) -> str:
    """Shorten :func:`digest` to 16 base-32 characters (80 bits)."""
    number = int(digest(*parts)[:20], 16)
    chars = []
    for _ in range(_DIGEST_CHARS):
        number, index = divmod(number, 32)
        chars.append(_ALPHABET[index])
    return "".join(reversed(chars))
