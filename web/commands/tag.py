"""``throughline tag``: tag passages from a file or standard input, without a store."""

import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from corpus.errors import InvalidInputError
from nlp.codebook import load_codebook
from nlp.embed import set_threads
from nlp.jsonl import InputPassage, read_passage_file, read_passages
from nlp.tagger import TaggedCode, TaggedPassage, Tagger, load_tagger
from web.commands.options import print_json_line, settings_for
from web.shapes import Json, spans_shape


@click.command("tag")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--jsonl", is_flag=True, help="Print JSONL (the only form; given for plainness).")
def command(file: Path | None, jsonl: bool) -> None:  # noqa: ARG001 - part of the contract
    """Tag passages from a JSONL file, without a store.

    Each line in: {"id", "text", "kind"?}; without FILE, standard input is read. Each
    line out: {"id", "codes"}, in the order of the input.
    """
    passages = read_passage_file(file) if file else _read_standard_input()
    settings = settings_for(None)
    set_threads(settings.analyse_threads)
    rollup = load_codebook().rollup
    for passage, tagged in _tag(passages, load_tagger(), settings.batch_size):
        print_json_line(_shape(passage, tagged, rollup))


def _read_standard_input() -> list[InputPassage]:
    stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8")
    try:
        return list(read_passages(stream, name="standard input"))
    except UnicodeDecodeError as error:
        raise InvalidInputError("Standard input is not UTF-8 text.") from error


def _tag(
    passages: list[InputPassage], tagger: Tagger, batch_size: int
) -> Iterator[tuple[InputPassage, TaggedPassage]]:
    for start in range(0, len(passages), batch_size):
        batch = passages[start : start + batch_size]
        tagged = tagger.tag([p.text for p in batch], [p.kind for p in batch])
        yield from zip(batch, tagged, strict=True)


def _shape(passage: InputPassage, tagged: TaggedPassage, rollup: Mapping[str, str]) -> Json:
    row: Json = {
        "id": passage.passage_id,
        "codes": [_code_shape(code, rollup) for code in tagged.codes],
    }
    return row | {"untagged": tagged.untagged} if tagged.untagged else row


def _code_shape(tagged: TaggedCode, rollup: Mapping[str, str]) -> Json:
    code = tagged.code
    return {
        "theme": code.theme,
        "top_theme": rollup.get(code.theme),
        "stance": code.stance.value,
        "level": code.level.value,
        "attribution": code.attribution.value,
        "score": round(tagged.score, 4),
        "confident": tagged.confident,
        "evidence": spans_shape(tagged.evidence),
        "support": list(tagged.support),
    }
