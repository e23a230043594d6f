"""Echoes for every way in: asked of one library, answered by people, shaped as JSON."""

import datetime as dt

from corpus.echo_answers import EchoAnswer, Opinion, SameFailing, add_echo_answer, pair_of
from corpus.failings import get_reviews
from nlp.echo_agreement import Shared, echo_version
from nlp.echoes import DEFAULT_LIMIT, WHY, Echo, Echoes, find_echoes
from web.holdings import Library
from web.passages import shape_passages
from web.shapes import Json, date_shape, finding_shape, spans_shape

NOTE = (
    "Nearest among the reviews held here in meaning, theme, mechanism, actors and object of "
    "information; a likeness of two passages says nothing of one case having led to the other."
)


def echoes_of(
    library: Library, passage_id: str, *, theme: str | None = None, limit: int = DEFAULT_LIMIT
) -> Echoes:
    """Find the echoes of a passage; errors are those of :func:`nlp.echoes.find_echoes`."""
    return find_echoes(
        library.store,
        library.searcher.vectors_of,
        passage_id,
        theme=theme,
        limit=limit,
        rollup=library.rollup,
    )


def answer_echo(
    library: Library,
    passage_id: str,
    of: str,
    answer: SameFailing,
    *,
    person: str,
    at: dt.datetime,
    note: str = "",
) -> int:
    """Keep a person's answer on a passage and its echo; returns the answer's number.

    Raises:
        InvalidInputError: it is one passage twice, nobody is named, or the note is too long.
        PassageNotFoundError: a passage is not held.
    """
    return add_echo_answer(
        library.store,
        EchoAnswer(
            pair=pair_of(passage_id, of),
            answer=answer,
            person=person,
            answered_at=at,
            codebook_version=library.versions.codebook,
            tagger_version=library.versions.tagger,
            echo_version=echo_version(),
            note=note,
        ),
    )


def echoes_shape(library: Library, passage_id: str, found: Echoes) -> Json:
    """Echoes with both passages, each cut to what its licence lets us show."""
    ids = list(dict.fromkeys([passage_id, *(echo.passage_id for echo in found.echoes)]))
    passages = {row["passage_id"]: row for row in shape_passages(library, ids)}
    reviews = get_reviews(library.store, {echo.review_id for echo in found.echoes})
    echoes = [
        _echo_shape(echo, library)
        | {
            "review": {
                "review_id": echo.review_id,
                "title": reviews[echo.review_id].title,
                "published": date_shape(reviews[echo.review_id].published),
            },
            "passage": passages[echo.passage_id],
        }
        for echo in found.echoes
    ]
    absence = found.absence
    return {
        "passage_id": passage_id,
        "themes": list(found.themes),
        "passage": passages[passage_id],
        "echoes": echoes,
        "why_none": {"code": absence, "sentence": WHY[absence]} if absence else None,
        "echo_version": echo_version(),
        "note": NOTE,
    }


def _echo_shape(echo: Echo, library: Library) -> Json:
    return {
        "theme": echo.theme,
        "basis": echo.basis,
        "direction": echo.direction,
        "years_between": echo.years_between,
        "similarity": round(echo.similarity, 4),
        "score": round(echo.score, 4),
        "agrees": {
            "actors": [_shared_shape(each) for each in echo.actors],
            "objects": [_shared_shape(each) for each in echo.objects],
            "mechanisms": [_shared_shape(each) for each in echo.mechanisms],
        },
        "opinion": _opinion_shape(echo.opinion),
        "finding": finding_shape(echo.finding, library.rollup),
    }


def _shared_shape(each: Shared) -> Json:
    return {
        "id": each.term_id,
        "label": each.label,
        "role": each.role,
        "here": spans_shape(each.here),
        "there": spans_shape(each.there),
    }


def _opinion_shape(opinion: Opinion) -> Json:
    return {
        "same": opinion.same,
        "related": opinion.related,
        "different": opinion.different,
    }
