"""What the findings of a passage rest on: each coder's judgements, and the machine's own."""

from collections.abc import Collection, Mapping, Sequence

from corpus.findings import judgements_of
from corpus.model import Judgement
from web.holdings import Library
from web.shapes import Json, finding_shape


def include_coding(library: Library, rows: list[Json], wanted: Collection[str]) -> list[Json]:
    """Add to shaped passages what is wanted of ``judgements`` and ``machine``: a query each."""
    ids = [row["passage_id"] for row in rows]
    if "judgements" in wanted:
        judged = judgements_of(library.store, ids)
        for row in rows:
            held = judged.get(row["passage_id"], ())
            row["judgements"] = [judgement_shape(each, library.rollup) for each in held]
    if "machine" in wanted:
        found = library.store.machine_findings(ids)
        for row in rows:
            findings = found.get(row["passage_id"], ())
            row["machine_findings"] = [finding_shape(each, library.rollup) for each in findings]
    return rows


def judgement_shape(judgement: Judgement, rollup: Mapping[str, str]) -> Json:
    """One judgement; a coder's note stays with the coders."""
    return {
        "coder": judgement.coder,
        "judged_at": judgement.judged_at.isoformat(),
        "codebook_version": judgement.codebook_version,
        "tagger_version": judgement.tagger_version,
        "codes": _codes_shape(judgement, rollup),
        "reforms": list(judgement.reforms),
    }


def _codes_shape(judgement: Judgement, rollup: Mapping[str, str]) -> Sequence[Json]:
    return [
        {
            "theme": code.theme,
            "top_theme": rollup.get(code.theme),
            "stance": code.stance.value,
            "level": code.level.value,
            "attribution": code.attribution.value,
        }
        for code in judgement.codes
    ]
