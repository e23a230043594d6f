"""Names that a publisher gives a child in place of the child's own: "Child A", "Baby J"."""

import re

from corpus.model import Span

_LABEL = r"(?:child|baby|infant|young person|family)"
_IN_NAME = re.compile(rf"(?<!\w)(?i:{_LABEL}) [A-Z]{{1,2}}\d{{0,3}}(?!\w)")
# Two capital letters in a question are as often a service: "the family GP".
_IN_QUERY = re.compile(rf"(?<!\w)(?i:{_LABEL}) [A-Z]\d{{0,3}}(?!['’]?\w)")
_FRAME = r"(?:(?:the|serious|significant|case|local|reviews?|report|about|of|on|into|re) )*"
# Of nothing but a name, two capital letters are its own: "Child BR". "Family GP" is a doctor.
_TWO_LETTERS = re.compile(
    rf"\W*(?i:{_FRAME})(?P<name>(?i:child|baby|infant|young person) [A-Z]{{2}}\d{{0,3}})"
    r"(?i:(?: (?:serious|case|reviews?|report))*)\W*"
)
_WHOLE_QUERY = re.compile(
    rf"\W*{_FRAME}(?P<name>{_LABEL} [a-z]\d{{0,3}})(?: (?:serious|case|reviews?|report))*\W*",
    re.IGNORECASE,
)


def pseudonyms_of(name: str) -> tuple[str, ...]:
    """The pseudonyms within a review's title or other name: "Child C (Hackney)" holds one."""
    return tuple(match[0] for match in _IN_NAME.finditer(name))


def find_pseudonyms(text: str) -> tuple[Span, ...]:
    """Find the pseudonyms in a query, left to right.

    In the midst of other words the letter must be a capital one: "was the child a victim"
    names nobody. A query of nothing else, but "review" and the like, may write it small.
    """
    if any(character.islower() for character in text):
        found = tuple(Span(*match.span()) for match in _IN_QUERY.finditer(text))
        if found:
            return found
    whole = _WHOLE_QUERY.fullmatch(text) or _TWO_LETTERS.fullmatch(text)
    return (Span(*whole.span("name")),) if whole else ()
