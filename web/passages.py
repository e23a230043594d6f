"""Passages with their documents and findings, for lists in the API and on the command line."""

from collections.abc import Sequence

from corpus.findings import findings_of
from nlp.search import Hit, SearchAnswer
from web.holdings import Library
from web.shapes import Json, passage_shape, spans_shape


def shape_passages(
    library: Library,
    passage_ids: Sequence[str],
    *,
    include_possible: bool = False,
    judged_until: int | None = None,
) -> list[Json]:
    """Shape passages in the order asked for: three queries, however many there are.

    ``judged_until`` is as for :func:`corpus.findings.standing_codes`.
    """
    passages = library.store.get_passages(passage_ids)
    documents = library.store.get_documents({passage.document_id for passage in passages})
    findings = findings_of(
        library.store, passage_ids, include_possible=include_possible, judged_until=judged_until
    )
    return [
        passage_shape(
            passage,
            documents[passage.document_id],
            findings.get(passage.passage_id, ()),
            library.rollup,
        )
        for passage in passages
    ]


def shape_answer(
    library: Library, found: SearchAnswer, *, include_possible: bool = False
) -> list[Json]:
    """Shape a search's hits, best first, each with its score and why it was found."""
    ids = [hit.passage_id for hit in found.hits]
    shaped = {
        row["passage_id"]: row
        for row in shape_passages(library, ids, include_possible=include_possible)
    }
    return [
        shaped[hit.passage_id] | {"score": round(hit.score, 6), "why": _why(hit)}
        for hit in found.hits
        if hit.passage_id in shaped
    ]


def _why(hit: Hit) -> Json:
    nearest = hit.nearest_sentence
    return {
        "words": spans_shape(hit.words),
        "words_rank": hit.words_rank,
        "meaning_rank": hit.meaning_rank,
        "name_rank": hit.name_rank,
        "theme_rank": hit.theme_rank,
        "nearest_sentence": spans_shape([nearest])[0] if nearest else None,
        "copies": list(hit.copies),
    }


def readings_shape(found: SearchAnswer) -> list[Json]:
    """How the text was read, in its order."""
    return [
        {
            "key": one.key,
            "kind": one.kind.value,
            "value": one.value,
            "label": one.label,
            "effect": one.effect.value,
            "set_aside": one.key in found.released,
        }
        for one in found.understood.readings
    ]
