"""``throughline training-rows``: judged passages as rows that the tagger can train on."""

from pathlib import Path

import click

from corpus.errors import InvalidInputError
from corpus.judged import iter_judged_passages
from nlp.judged_rows import JudgedRow, evaluated_keys, write_judged_rows
from nlp.training_rows import TrainingRow
from web.commands.options import data_dir_option, say, settings_for
from web.holdings import Library


@click.command("training-rows")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write: JSON lines.",
)
@data_dir_option
def command(*, out: Path, data_dir: Path | None) -> None:
    """Write judged passages as rows for training.

    `make train JUDGED=FILE` then trains the tagger on them too. Passages that it is measured
    on, the catalogue's among them, are left out. The file holds publishers' words: keep it
    where the store is kept.
    """
    rows, measured = _rows(Library(settings_for(data_dir)))
    if not rows:
        raise InvalidInputError(
            f"No judged passage may train the tagger: {measured} are held, and it is measured on "
            "all of them. Judge passages of other documents first."
        )
    try:
        out.write_text(write_judged_rows(rows), encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"{out} cannot be written: {error.strerror}.") from error
    cases = len({row.case for row in rows})
    say(
        f"{len(rows)} passages of {cases} cases written to {out}. {measured} that the tagger is "
        f"measured on were left out. Next: make train JUDGED={out}"
    )


def _rows(library: Library) -> tuple[list[JudgedRow], int]:
    rows: list[JudgedRow] = []
    measured = 0
    for passage in iter_judged_passages(library.store):
        row = TrainingRow(
            row_id=passage.passage_id, text=passage.text, kind=passage.kind, codes=passage.codes
        )
        judged = JudgedRow(row=row, case=passage.case_id)
        if judged.key in evaluated_keys():
            measured += 1
        else:
            rows.append(judged)
    return rows, measured
