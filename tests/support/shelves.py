"""Indexes of invented passages, made in a line."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from fakes import FakeEncoder

from corpus.analysed import AnalysedPassage
from corpus.ids import PassageId
from nlp.build_index import IndexStamp, build_index
from nlp.index import SearchIndex, open_index


def make_stamp(**changes: str) -> IndexStamp:
    values = {
        "model_sha256": FakeEncoder.model_sha256,
        "tagger_version": "keyword-1",
        "codebook_version": "0.1.0+test",
        "names_sha256": "none",
    }
    return IndexStamp(**(values | changes))


def make_analysed(texts: Sequence[str], **changes: object) -> list[AnalysedPassage]:
    """Passages of these texts, in ascending order of id."""
    made = [
        AnalysedPassage(
            passage_id=PassageId.of("d0", number, number + 1),
            text=text,
            **changes,  # type: ignore[arg-type]  # the caller names real fields
        )
        for number, text in enumerate(texts)
    ]
    return sorted(made, key=lambda passage: passage.passage_id)


def index_passages(data_dir: Path, passages: Iterable[AnalysedPassage]) -> SearchIndex:
    build_index(data_dir, passages, stamp=make_stamp(), encode=FakeEncoder().encode)
    return open_index(data_dir)
