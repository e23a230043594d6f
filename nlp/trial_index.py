"""A temporary index over passages from outside, to try rankings on."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.analysed import AnalysedPassage
from corpus.ids import PassageId
from nlp.analyse import TagsPassages
from nlp.arrange import ARRANGED, Arranged, fold_copies
from nlp.build_index import IndexStamp, build_index
from nlp.codebook import load_codebook
from nlp.embed import MODEL_SHA256, Encoder, Vectors
from nlp.index import SearchIndex, open_index
from nlp.jsonl import InputPassage
from nlp.query_themes import (
    QueryAbout,
    ThemePhrases,
    load_theme_phrases,
    read_about,
    token_logits_of,
)
from nlp.rank import Ranking, Usual, Wanted, rank
from nlp.theme_rows import (
    Marks,
    ThemeRows,
    mark_names,
    open_theme_rows,
    to_marks,
    write_theme_rows,
)
from nlp.tokens import encodable
from nlp.understand import understand

RUNS = ("hybrid", "words", "meaning", "untagged", "spread")
_BATCH = 64


@dataclass(frozen=True, eq=False, kw_only=True)
class Read:
    """A query as the sides see it."""

    wanted: Wanted
    about: QueryAbout


@dataclass(frozen=True, eq=False, kw_only=True)
class TrialIndex:
    """Passages from outside, indexed; their ids stay their own."""

    index: SearchIndex
    themes: ThemeRows | None
    usual: Usual
    phrases: ThemePhrases | None
    encoder: Encoder
    outside: Mapping[PassageId, str]

    def read_all(self, texts: Sequence[str]) -> list[Read]:
        """Read queries as search does, but for filters: these passages have no years.

        Same order, one each; encoded together, which takes a fraction of the time.
        """
        vectors = self.encoder.encode([encodable(text) for text in texts])
        return [self._read(text, vector) for text, vector in zip(texts, vectors, strict=True)]

    def _read(self, text: str, vector: Vectors) -> Read:
        understood = understand(text, codebook=load_codebook())
        about = QueryAbout() if self.phrases is None else self._about(text, vector, self.phrases)
        words = understood.words if not understood.filter_keys() else None
        wanted = Wanted(
            words=words or understand(text, codebook=load_codebook(), plain=True).words,
            vector=vector,
            about=about,
            stances=understood.stances,
        )
        return Read(wanted=wanted, about=about)

    def rank(self, wanted: Wanted) -> Ranking:
        """Rank all passages."""
        return rank(self.index, wanted, themes=self.themes, usual=self.usual)

    def rankings(self, wanted: Wanted, whole: Ranking | None = None) -> dict[str, list[str]]:
        """Rank for each of :data:`RUNS`: ids, best first.

        Args:
            wanted: the query.
            whole: what :meth:`rank` made of it, where that is known.
        """
        whole = whole or self.rank(wanted)
        return {
            "hybrid": self.ids(whole),
            "words": self.ids(self.rank(Wanted(words=wanted.words))),
            "meaning": self.ids(self.rank(Wanted(vector=wanted.vector))),
            "untagged": self.ids(self.rank(Wanted(words=wanted.words, vector=wanted.vector))),
            "spread": self._folded(whole),
        }

    def ids(self, ranking: Ranking) -> list[str]:
        """The candidates' ids, best first."""
        return [self._id(candidate.row) for candidate in ranking.candidates]

    def _about(self, text: str, vector: Vectors, phrases: ThemePhrases) -> QueryAbout:
        tagged = self.encoder.model_sha256 == MODEL_SHA256
        logits = token_logits_of(encodable(text)) if tagged else {}
        return read_about(phrases.nearness(vector), logits)

    def _folded(self, ranking: Ranking) -> list[str]:
        first = ranking.candidates[:ARRANGED]
        rows = np.array([one.row for one in first], dtype=np.int64)
        groups = [str(row) for row in rows]
        arranged = [Arranged(one) for one in ranking.candidates]
        folded, _ = fold_copies(arranged, groups, self.index.vectors.rows(rows))
        return [self._id(one.candidate.row) for one in folded]

    def _id(self, row: int) -> str:
        return self.outside[self.index.id_of(row)]


@contextmanager
def trial_index(
    passages: Sequence[InputPassage], encoder: Encoder, tagger: TagsPassages | None
) -> Iterator[TrialIndex]:
    """Index passages in a folder that goes with the context.

    Args:
        passages: each id once.
        encoder: makes the vectors of passages and queries.
        tagger: gives the themes; none take part where it is ``None``.
    """
    own = {_own_id(passage): passage for passage in passages}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        marks = {} if tagger is None else _marks(own, tagger)
        build_index(
            folder,
            (AnalysedPassage(passage_id=one, text=encodable(own[one].text)) for one in sorted(own)),
            stamp=IndexStamp(
                model_sha256=encoder.model_sha256,
                tagger_version="",
                codebook_version="",
                names_sha256="",
            ),
            encode=encoder.encode,
            beside=[
                write_theme_rows([lambda ids: {one: marks[one] for one in ids if one in marks}])
            ],
        )
        index = open_index(folder)
        yield TrialIndex(
            index=index,
            themes=open_theme_rows(index.folder, len(index)) if tagger else None,
            usual=Usual.of(index),
            phrases=_phrases(folder, encoder) if tagger else None,
            encoder=encoder,
            outside={one: passage.passage_id for one, passage in own.items()},
        )


def _phrases(folder: Path, encoder: Encoder) -> ThemePhrases:
    return load_theme_phrases(
        folder, load_codebook(), model_sha256=encoder.model_sha256, encode=encoder.encode
    )


def _marks(own: Mapping[PassageId, InputPassage], tagger: TagsPassages) -> dict[str, Marks]:
    ids, names = list(own), mark_names()
    marks: dict[str, Marks] = {}
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        held = [own[one] for one in batch]
        tagged = tagger.tag([one.text for one in held], [one.kind for one in held])
        for passage_id, tags in zip(batch, tagged, strict=True):
            stances = ((one.code.stance.value, one.score) for one in tags.codes)
            marks[passage_id] = to_marks(tags.theme_scores, stances, names)
    return marks


def _own_id(passage: InputPassage) -> PassageId:
    # Ids from outside are of any form; an index holds ids of ours.
    return PassageId.of(passage.passage_id, 0, len(passage.text))
