"""The words half of the index: BM25 over passages, headings, titles and names (tantivy)."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.analysed import AnalysedPassage
from corpus.errors import StaleIndexError
from nlp.tokens import ANALYSER, analyser, encodable
from nlp.vectors import Places, RowMask
from nlp.word_query import WordQuery, name_key

if TYPE_CHECKING:
    import tantivy

FIELD_WEIGHTS = {"text": 1.0, "heading": 0.5, "title": 0.3, "names": 0.3}
"""What a word counts by where it stands: a title is shared by every passage under it."""
PHRASE_FIELDS = ("text", "heading", "title")
NAME_FIELDS = ("title", "names")
FIELD_TIE = 0.1
"""How much the lesser fields add to the best one, of a word that stands in several."""
SYNONYM_WEIGHT = 0.5
MAX_TERMS = 64
"""The rarest words of a longer query are looked for; the others hardly tell passages apart."""

_PLACE = "place"
_CALLED = "called"
"""Whole names, as stems with spaces between; found only whole."""
_HEAP_BYTES = 128_000_000
_FEW = 40
"""A filter that lets fewer than one row in this many through is looked up row by row."""
_SPARE = 1.3
"""How many times the hits are asked for that a filter would leave enough of, were it chance."""


def _schema() -> "tantivy.Schema":
    import tantivy  # noqa: PLC0415 - most commands search for nothing

    builder = tantivy.SchemaBuilder()
    for name in FIELD_WEIGHTS:
        builder.add_text_field(name, tokenizer_name=ANALYSER)
    builder.add_text_field(_CALLED, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(_PLACE, indexed=True, fast=True)
    return builder.build()


class WordWriter:
    """Writes a word index into a folder; places are numbered in the order added."""

    def __init__(self, folder: Path, *, held: int = 0) -> None:
        """Make the folder or, where it holds passages, go on after these.

        Files that are there are never written to: they may be links to another index's.
        """
        import tantivy  # noqa: PLC0415 - most commands search for nothing

        folder.mkdir(exist_ok=True)
        self._document = tantivy.Document
        index = tantivy.Index(_schema(), str(folder), reuse=True)
        index.register_tokenizer(ANALYSER, analyser())
        # One thread keeps rows in order, so that equal scores always fall the same way.
        self._writer = index.writer(_HEAP_BYTES, 1)
        self._places = held

    def add(self, passages: Iterable[AnalysedPassage]) -> None:
        """Add passages at the next places."""
        for passage in passages:
            document = self._document()
            document.add_text("text", encodable(passage.text))
            document.add_text("heading", encodable(passage.heading or ""))
            document.add_text("title", encodable(passage.title))
            for name in passage.names:
                document.add_text("names", encodable(name))
                document.add_text(_CALLED, name_key(name))
            document.add_unsigned(_PLACE, self._places)
            self._writer.add_document(document)
            self._places += 1

    def close(self) -> None:
        """Commit what was added and wait until its files are whole."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class WordIndex:
    """Words in one immutable folder, shared by every process that maps it."""

    def __init__(self, folder: Path, *, row_of: Places | None = None) -> None:
        """Map the folder; ``row_of`` is the row at each place, where they are not the same.

        Raises:
            StaleIndexError: the folder is missing, broken, or of another tantivy.
        """
        import tantivy  # noqa: PLC0415 - most commands search for nothing

        self._tantivy = tantivy
        try:
            index = tantivy.Index.open(str(folder))
            index.register_tokenizer(ANALYSER, analyser())
            # The folder never changes: no thread need watch it.
            index.config_reader("manual", 0)
            self._searcher = index.searcher()
        except (ValueError, OSError) as error:
            raise StaleIndexError(
                f"The words of the search index cannot be read ({folder.name}). "
                "Rebuild it with: throughline analyse"
            ) from error
        self._schema = index.schema
        self._row_of = row_of

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self._searcher.num_docs)

    def best(
        self, query: WordQuery, *, limit: int, allowed: RowMask | None = None
    ) -> list[tuple[int, float]]:
        """Find the rows that hold the query's words best (BM25).

        Returns:
            At most ``limit`` rows with their scores, best first, equal ones by row; only
            rows that ``allowed`` holds, where it is given. Empty where no word is found.
        """
        if query.is_empty or not len(self) or limit <= 0:
            return []
        wanted = self._query(query)
        if allowed is None:
            return _ordered(self._hits(wanted, limit))[:limit]
        count = int(np.count_nonzero(allowed))
        if count * _FEW < len(self):
            return self._best_of_few(wanted, limit, allowed)
        return self._best_of_many(wanted, limit, allowed)

    def named(
        self, query: WordQuery, *, limit: int, allowed: RowMask | None = None
    ) -> list[tuple[int, float]]:
        """Find the rows whose case or review the query calls by a whole name: Baby P.

        A pseudonym counts within a title or a name too: "Child C" of "Child C (Hackney)".

        Returns:
            As :meth:`best` does, and in its order; empty where the query holds no name.
        """
        if not (query.names or query.pseudonyms) or not len(self) or limit <= 0:
            return []
        should = self._tantivy.Occur.Should
        whole = self._tantivy.Query.term_set_query(self._schema, _CALLED, list(query.names))
        parts = [self._anywhere(run, NAME_FIELDS) for run in query.pseudonyms]
        wanted = self._boolean([(should, one) for one in (whole, *parts)])
        mask = np.zeros(len(self), dtype=bool)
        mask[[row for row, _ in self._hits(wanted, len(self))]] = True
        return self.best(query, limit=limit, allowed=mask if allowed is None else mask & allowed)

    def weight_of(self, query: WordQuery) -> float:
        """About what a passage scores that holds every word of the query once."""
        total = 0.0
        for term in query.terms:
            held = self._searcher.doc_freq("text", term)
            total += math.log(1 + (len(self) - held + 0.5) / (held + 0.5))
        return total

    def with_phrases(self, query: WordQuery, *, fields: Sequence[str] = PHRASE_FIELDS) -> RowMask:
        """Find the rows that hold every quoted phrase of the query, each in one of the fields."""
        mask = np.zeros(len(self), dtype=bool)
        if query.phrases and len(self):
            must = self._tantivy.Occur.Must
            wanted = self._boolean(
                [(must, self._anywhere(phrase, fields)) for phrase in query.phrases]
            )
            mask[[row for row, _ in self._hits(wanted, len(self))]] = True
        return mask

    def _best_of_few(
        self, wanted: "tantivy.Query", limit: int, allowed: RowMask
    ) -> list[tuple[int, float]]:
        placed = allowed if self._row_of is None else allowed[self._row_of]
        places = np.flatnonzero(placed).tolist()
        among = self._tantivy.Query.term_set_query(self._schema, _PLACE, places)
        silent = self._tantivy.Query.const_score_query(among, 0.0)
        must = self._tantivy.Occur.Must
        return _ordered(self._hits(self._boolean([(must, silent), (must, wanted)]), limit))

    def _best_of_many(
        self, wanted: "tantivy.Query", limit: int, allowed: RowMask
    ) -> list[tuple[int, float]]:
        # Asking for more and dropping what is not allowed costs less than a set of many rows.
        depth = int(_SPARE * limit * len(self) / int(np.count_nonzero(allowed))) + 1
        while True:
            hits = self._hits(wanted, depth)
            found = [hit for hit in hits if allowed[hit[0]]]
            if len(found) >= limit or len(hits) < depth:
                return _ordered(found)[:limit]
            depth *= 4

    def _hits(self, wanted: "tantivy.Query", limit: int) -> list[tuple[int, float]]:
        hits = self._searcher.search(wanted, limit=limit, count=False).hits
        found = self._searcher.fast_field_values(_PLACE, [address for _, address in hits])
        places = np.array([place or 0 for place in found], dtype=np.int64)
        rows = places if self._row_of is None else self._row_of[places]
        return [(row, score) for row, (score, _) in zip(rows.tolist(), hits, strict=True)]

    def _query(self, query: WordQuery) -> "tantivy.Query":
        should = self._tantivy.Occur.Should
        parts = [self._anywhere((term,)) for term in self._rarest(query.terms)]
        for others in query.synonyms:
            best_of = self._best([self._anywhere(other) for other in others])
            parts.append(self._weighted(best_of, SYNONYM_WEIGHT))
        return self._boolean([(should, part) for part in parts])

    def _rarest(self, terms: Sequence[str]) -> Sequence[str]:
        if len(terms) <= MAX_TERMS:
            return terms
        counts = {
            term: sum(self._searcher.doc_freq(field, term) for field in FIELD_WEIGHTS)
            for term in terms
        }
        held = [term for term in terms if counts[term]]
        return sorted(held, key=lambda term: counts[term])[:MAX_TERMS]

    def _anywhere(
        self, run: Sequence[str], fields: Iterable[str] = FIELD_WEIGHTS
    ) -> "tantivy.Query":
        return self._best(
            [self._weighted(self._run(field, run), FIELD_WEIGHTS[field]) for field in fields]
        )

    def _run(self, field: str, run: Sequence[str]) -> "tantivy.Query":
        if len(run) == 1:  # tantivy panics on a phrase of one word
            return self._tantivy.Query.term_query(self._schema, field, run[0])
        return self._tantivy.Query.phrase_query(self._schema, field, list(run))

    def _best(self, parts: "list[tantivy.Query]") -> "tantivy.Query":
        return self._tantivy.Query.disjunction_max_query(parts, FIELD_TIE)

    def _weighted(self, part: "tantivy.Query", weight: float) -> "tantivy.Query":
        return self._tantivy.Query.boost_query(part, weight)

    def _boolean(self, parts: "list[tuple[tantivy.Occur, tantivy.Query]]") -> "tantivy.Query":
        return self._tantivy.Query.boolean_query(parts)


def _ordered(hits: list[tuple[int, float]]) -> list[tuple[int, float]]:
    # Rounded: the same sum in another order differs in the last bits.
    return sorted(hits, key=lambda hit: (-round(hit[1], 4), hit[0]))
