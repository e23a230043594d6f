"""Search: what was typed, in; passages with the reasons they were found, out."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.errors import InvalidInputError, ModelError, StaleIndexError
from corpus.filters import PassageFilter
from corpus.ids import PassageId
from corpus.model import Span
from corpus.store import Store
from nlp.codebook import Codebook, load_codebook
from nlp.current_index import CurrentIndex, Served
from nlp.embed import Encoder, LazyEncoder, Vectors
from nlp.index import INDEX_FOLDER, SearchIndex
from nlp.nearest_sentence import SentenceVectors
from nlp.query_themes import QueryTheme, ThemePhrases, load_theme_phrases
from nlp.rank import Agreement, Candidate, rank
from nlp.tokens import encodable
from nlp.vectors import RowMask
from nlp.word_query import WordQuery, matched_spans, read_word_query

MAX_ENCODED_CHARS = 4_000
"""What the encoder is given of a query; it reads 256 word pieces of it."""


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """What to search for, and which part of the answer to show."""

    text: str = ""
    """Anything; blank lists what passes the filter, in date order."""
    filter: PassageFilter = field(default_factory=PassageFilter)
    limit: int = 10
    offset: int = 0
    sentences: bool = True
    """Find each hit's nearest sentence; encoding them takes most of a search's time."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One passage found, with why."""

    passage_id: PassageId
    score: float
    """Fused from both ranks: only its order means anything; 0 in a list without a query."""
    words: tuple[Span, ...] = ()
    """The query's words in the passage, in any form; none overlap."""
    words_rank: int | None = None
    """Its place by words alone, from 1; ``None`` where words did not find it."""
    meaning_rank: int | None = None
    """Its place by meaning alone, from 1."""
    name_rank: int | None = None
    """Its place among passages of a case that the query calls by name."""
    theme_rank: int | None = None
    """Its place among passages with a finding on a theme that the query is about."""
    nearest_sentence: Span | None = None
    """The sentence nearest in meaning; ``None`` where meaning took no part, or where the
    passage is one sentence."""


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """One page of an answer; ``total`` is of the whole."""

    total: int
    """With a query: how many passages that pass the filter were put forward by words,
    meaning, names or themes (each its best 200). Without: how many indexed passages pass."""
    hits: tuple[Hit, ...]
    index_name: str
    meaning: bool
    """``False`` where the encoder could not be loaded, so that words alone answered."""
    waiting: int = 0
    """Analysed passages that the index does not hold yet: an analysis is under way or was
    broken off. They cannot be found until it is done."""
    loosened: bool = False
    """A quoted phrase stands in no passage, so its words were looked for one by one."""
    themes: tuple[QueryTheme, ...] = ()
    """What the query was taken to be about, nearest first; passages of it were preferred."""


class Searcher:
    """Answers queries from the current index; may be shared by threads.

    Before each answer it makes sure that the index is the one that ``CURRENT`` names, and
    compares its passages with those analysed in the store. What the store no longer holds
    is never served; what the index does not hold yet is counted in the answer.
    """

    def __init__(
        self,
        store: Store,
        data_dir: Path,
        encoder: LazyEncoder,
        *,
        codebook: Callable[[], Codebook] = load_codebook,
    ) -> None:
        """Open nothing yet; encoder and codebook are loaded by the first query with text."""
        self._store = store
        self._data_dir = data_dir
        self._lazy_encoder = encoder
        self._current = CurrentIndex(store, data_dir)
        self._encoder: Encoder | None = None
        self._encoder_failed = False
        # Tokenizers refuse to be shared while they work: "Already borrowed".
        self._encoding = threading.Lock()
        self._sentences = SentenceVectors(self._encode)
        self._codebook = codebook
        self._phrases: ThemePhrases | None = None

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a query; any text is safe, and equal ranks fall by passage id.

        Filters are exact: they decide which passages may be ranked, before ranking.

        Raises:
            StaleIndexError: there is no index, or it was made by another encoder.
            InvalidInputError: ``limit`` or ``offset`` is negative.
        """
        if query.limit < 0 or query.offset < 0:
            raise InvalidInputError("A search's limit and offset must not be negative.")
        served = self._current.get()
        text = query.text.strip()
        if not text:
            return replace(self._list(served, query), waiting=served.drift.waiting)
        allowed = self._current.rows(served, query.filter)
        return replace(self._find(served, query, text, allowed), waiting=served.drift.waiting)

    def vectors_of(self, passage_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """The vectors of those passages that are indexed, each of shape (DIMENSION,).

        Raises:
            StaleIndexError: there is no index.
        """
        return self._current.get().index.vectors_of(passage_ids)

    def _list(self, served: Served, query: SearchQuery) -> SearchAnswer:
        held = self._current.in_date_order(served, query.filter)
        shown = held[query.offset : query.offset + query.limit]
        hits = tuple(Hit(passage_id=passage_id, score=0.0) for passage_id in shown)
        return SearchAnswer(total=len(held), hits=hits, index_name=served.index.name, meaning=True)

    def _find(
        self, served: Served, query: SearchQuery, text: str, allowed: RowMask | None
    ) -> SearchAnswer:
        index = served.index
        words = read_word_query(text)
        vector = self._query_vector(index, text)
        themes = () if vector is None else self._theme_phrases().nearest(vector)
        ranking = rank(
            index,
            words,
            vector,
            allowed=allowed,
            agreement=self._agreement(served, themes),
        )
        shown = ranking.candidates[query.offset : query.offset + query.limit]
        return SearchAnswer(
            total=len(ranking.candidates),
            hits=self._hits(index, shown, words, vector if query.sentences else None),
            index_name=index.name,
            meaning=vector is not None,
            loosened=ranking.loosened,
            themes=themes,
        )

    def _hits(
        self,
        index: SearchIndex,
        shown: Sequence[Candidate],
        words: WordQuery,
        vector: Vectors | None,
    ) -> tuple[Hit, ...]:
        ids = [index.id_of(candidate.row) for candidate in shown]
        texts = {passage.passage_id: passage.text for passage in self._store.get_passages(ids)}
        found = zip(ids, shown, strict=True)
        held = [(one, candidate) for one, candidate in found if one in texts]
        nearest = (
            self._sentences.nearest(vector, [(one, texts[one]) for one, _ in held])
            if vector is not None
            else [None] * len(held)
        )
        return tuple(
            Hit(
                passage_id=passage_id,
                score=candidate.score,
                words=matched_spans(words, texts[passage_id]),
                words_rank=candidate.words_rank,
                meaning_rank=candidate.meaning_rank,
                name_rank=candidate.name_rank,
                theme_rank=candidate.theme_rank,
                nearest_sentence=sentence,
            )
            for (passage_id, candidate), sentence in zip(held, nearest, strict=True)
        )

    def _agreement(self, served: Served, themes: tuple[QueryTheme, ...]) -> Agreement | None:
        if not themes:
            return None
        about = PassageFilter(themes=tuple(theme.theme_id for theme in themes))
        return Agreement(self._current.mask(served, about), themes[0].strength)

    def _theme_phrases(self) -> ThemePhrases:
        if self._phrases is None:
            encoder = self._loaded_encoder()
            self._phrases = load_theme_phrases(
                self._data_dir / INDEX_FOLDER,
                self._codebook(),
                model_sha256=encoder.model_sha256 if encoder else "",
                encode=self._encode,
            )
        return self._phrases

    def _query_vector(self, index: SearchIndex, text: str) -> Vectors | None:
        encoder = self._loaded_encoder()
        if encoder is None:
            return None
        if encoder.model_sha256 != index.manifest.model_sha256:
            raise StaleIndexError(
                "The search index was made by another encoder. Rebuild it with: throughline analyse"
            )
        vector: Vectors = self._encode([encodable(text[:MAX_ENCODED_CHARS])])[0]
        return vector

    def _loaded_encoder(self) -> Encoder | None:
        with self._encoding:
            if self._encoder is None and not self._encoder_failed:
                try:
                    self._encoder = self._lazy_encoder()
                except ModelError:
                    # Words still answer; trying again at every query would cost seconds.
                    self._encoder_failed = True
            return self._encoder

    def _encode(self, texts: Sequence[str]) -> Vectors:
        encoder = self._loaded_encoder()
        if encoder is None:
            raise ModelError("The encoder could not be loaded, so nothing can be encoded.")
        with self._encoding:
            return encoder.encode(texts)
