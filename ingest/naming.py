"""What a title, a place and a date say of which review a document is of; nothing is inferred."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from corpus.dates import PartialDate
from corpus.model import Document, Review

_YEARS_APART = 1
"""A summary may come out in the year after its report."""
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_DATE_WORD = re.compile(
    r"\d{1,4}(?:st|nd|rd|th)?|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|v\d+",
)
# What boards call a child whose name they keep: Child N, Baby J2, Family E, Case Number 14.
_PSEUDONYM = re.compile(
    r"\b((?:Child(?:ren)?|Baby|Babies|Family|Young (?:Person|People)|Infant|Sibling Group|Case|YP)"
    r"(?: (?:Number|No\.?))? (?:[A-Z]{1,3}\d{0,2}|\d{1,3}))\b"
)
_CAPITALISED = re.compile(r"[A-Z][\w'’-]*[a-z][\w'’-]*(?: +[A-Z][\w'’-]*[a-z][\w'’-]*)+")


@dataclass(frozen=True)
class Naming:
    """How a document or a review is called; empty sets say that nothing is known."""

    subjects: frozenset[frozenset[str]]
    """What it is about, each as its words: a pseudonym, or what its title is besides form."""
    pseudonyms: frozenset[frozenset[str]]
    places: frozenset[frozenset[str]]
    published: PartialDate | None
    title: str


def naming_of(document: Document, pseudonym: str | None) -> Naming:
    """Read how a document is called; ``pseudonym`` is its publisher's list's, if any."""
    places = _places(document.partnership or document.publisher)
    given = [pseudonym] if pseudonym else _PSEUDONYM.findall(document.title)
    subjects = {_subject(name) for name in given} or {_about(document.title, places)}
    return Naming(
        subjects=frozenset(subjects - {frozenset()}),
        pseudonyms=frozenset(map(_subject, given)),
        places=places,
        published=document.published,
        title=document.title,
    )


@lru_cache(maxsize=4096)
def naming_of_review(review: Review) -> Naming:
    """Read how a review is called: names joined to a pseudonym by others are left out."""
    places = _places(review.place) | _places(review.publisher)
    given = [*_PSEUDONYM.findall(review.title), *review.aliases]
    names = review.case_names if shows_names(review) else ()
    subjects = {_subject(name) for name in (*given, *names)}
    if not given:
        subjects.add(_about(review.title, places))
    return Naming(
        subjects=frozenset(subjects - {frozenset()}),
        pseudonyms=frozenset(map(_subject, given)),
        places=places,
        published=review.published,
        title=review.title,
    )


def shows_names(review: Review) -> bool:
    """Whether the child's name is part of the review's record, as its publisher or a court gave it.

    Where the publisher kept the child anonymous the name only helps search, whoever
    joined it.
    """
    return review.identity_link is None or "anonymous" not in review.identity_link


def same_name(one: Naming, other: Naming) -> bool:
    """Whether two agree in what they are about, in place and in date; all three must be known."""
    return (
        bool(one.subjects & other.subjects)
        and _same_place(one, other)
        and near_in_time(one.published, other.published)
    )


def near_in_time(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether two dates are known and at most a year apart."""
    return one is not None and other is not None and abs(one.year - other.year) <= _YEARS_APART


def would_join_a_name(one: Naming, other: Naming) -> bool:
    """Whether putting two under one review would join a pseudonym to a name, or to another.

    Errs on the side of yes: any run of capitalised words that is not known to be plain
    may be a person, and any other subject beside it a pseudonym.
    """
    if one.pseudonyms and other.pseudonyms:
        return not one.pseudonyms & other.pseudonyms
    named = possible_names(one.title, one.places), possible_names(other.title, other.places)
    if one.pseudonyms or other.pseudonyms:
        return bool(named[1] if one.pseudonyms else named[0])
    unlike = bool(one.subjects and other.subjects) and not one.subjects & other.subjects
    return unlike and any(named)


def possible_names(text: str, places: frozenset[frozenset[str]] = frozenset()) -> list[str]:
    """List runs of two or more capitalised words that may be a person's name."""
    known = _words("plain") | _words("title") | frozenset(word for one in places for word in one)
    found = []
    for run in _CAPITALISED.findall(text):
        unknown = [word for word in run.split() if word.lower() not in known]
        if len(unknown) >= 2:
            found.append(run)
    return found


def _same_place(one: Naming, other: Naming) -> bool:
    return any(mine <= theirs or theirs <= mine for mine in one.places for theirs in other.places)


def _places(name: str | None) -> frozenset[frozenset[str]]:
    words = frozenset(_tokens(name or "")) - _words("place")
    return frozenset({words}) if words else frozenset()


def _subject(name: str) -> frozenset[str]:
    """A pseudonym as its words; the small ones count: Child A is not Child B."""
    words = [word for word in _tokens(name) if word not in {"number", "no", "the", "anonymous"}]
    return frozenset(words)


def _about(title: str, places: frozenset[frozenset[str]]) -> frozenset[str]:
    words = frozenset(_tokens(title)) - _words("title") - _words("place")
    words -= frozenset(word for place in places for word in place)
    return frozenset(word for word in words if not _DATE_WORD.fullmatch(word) and len(word) > 1)


def _tokens(text: str) -> list[str]:
    return [re.sub(r"['’]", "", word) for word in _WORD.findall(text.lower())]


@cache
def _words(kind: str) -> frozenset[str]:
    text = resources.files("ingest").joinpath("data/grouping.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[kind])
