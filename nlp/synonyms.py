"""Words that mean the same to practitioners, from the glossary in ``data/synonyms.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from corpus.errors import InvalidInputError
from nlp.tokens import stems_of

Stems = tuple[str, ...]

_FILE = "data/synonyms.toml"


@cache
def load_synonyms() -> Mapping[Stems, tuple[Stems, ...]]:
    """Map each member of a group, as stems, to the other members of its groups.

    Raises:
        InvalidInputError: a group is malformed, has one member, or repeats an id.
    """
    return read_synonyms(files("nlp").joinpath(_FILE).read_text(encoding="utf-8"))


def read_synonyms(toml: str) -> dict[Stems, tuple[Stems, ...]]:
    """Read groups ``id`` and ``words`` from TOML text; see :func:`load_synonyms`."""
    others: dict[Stems, list[Stems]] = {}
    seen: set[str] = set()
    for group in tomllib.loads(toml).get("group", []):
        name, words = group.get("id"), group.get("words")
        if not isinstance(name, str) or not isinstance(words, list) or name in seen:
            raise InvalidInputError(
                f"{_FILE}: the group {name!r} needs an id of its own and words."
            )
        seen.add(name)
        members = list(dict.fromkeys(stems_of(word) for word in words))
        if len(members) < 2 or () in members:
            raise InvalidInputError(f"{_FILE}: the group {name!r} needs two or more words.")
        for member in members:
            known = others.setdefault(member, [])
            known += [other for other in members if other != member and other not in known]
    return {member: tuple(found) for member, found in others.items()}


def find_synonyms(stems: Sequence[str]) -> list[tuple[Stems, ...]]:
    """Find glossary entries in a run of stems, the longest at each place, left to right.

    Returns:
        For each entry found, what else it is called; empty when there is none.
    """
    synonyms = load_synonyms()
    longest = max(map(len, synonyms), default=0)
    found: dict[Stems, tuple[Stems, ...]] = {}
    place = 0
    while place < len(stems):
        for length in range(min(longest, len(stems) - place), 0, -1):
            entry = tuple(stems[place : place + length])
            if entry in synonyms:
                found[entry] = synonyms[entry]
                place += length
                break
        else:
            place += 1
    return list(found.values())
