"""``throughline doctor``: say what is off and how to mend it."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from corpus.analysed import count_unanalysed
from corpus.damage import count_withheld, damaged_captures
from corpus.errors import StaleIndexError, StorageError, ThroughlineError
from corpus.settings import Settings
from corpus.snapshots.manifest import BrokenPackageError
from corpus.snapshots.shelf import list_held
from corpus.snapshots.verify import verify_package
from corpus.withdrawals import list_withdrawals, open_withdrawals
from nlp.current_index import find_drift
from nlp.embed import model_folder, verify_weights
from nlp.index import INDEX_FOLDER, damaged_files, open_index
from nlp.query_encoder import check_exported
from nlp.tagger import tagger_version
from web.commands.options import data_dir_option, json_option, print_json, settings_for
from web.holdings import Library


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and how to mend it where it is off."""

    name: str
    ok: bool
    found: str


@click.command("doctor")
@data_dir_option
@json_option
def command(data_dir: Path | None, as_json: bool) -> None:
    """Check store, index, model and codebook."""
    checks = list(run_checks(settings_for(data_dir)))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            click.echo(f"{'ok ' if check.ok else 'OFF'}  {check.name}: {check.found}")
    sys.exit(0 if all(check.ok for check in checks) else 1)


def run_checks(settings: Settings) -> Iterator[Check]:
    """Look at everything, one check at a time; a check that cannot run is off."""
    library = Library(settings)
    yield _check("store", lambda: _store(library))
    yield _check("analysis", lambda: _analysis(library))
    yield _check("index", lambda: _index(library))
    yield _check("snapshots", lambda: _snapshots(library))
    yield _check("withdrawals", lambda: _withdrawals(library))
    yield _check("captures", lambda: _captures(library))
    yield _check("model", _model)
    yield _check("query encoder", lambda: _query_encoder(library))
    yield _check("codebook", lambda: f"version {library.codebook.version}")


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, found=look())
    except ThroughlineError as error:
        return Check(name, ok=False, found=str(error))


def _store(library: Library) -> str:
    library.store.check_integrity()
    held = library.store.count_rows()
    return ", ".join(f"{count} {name}" for name, count in held.items())


def _withdrawals(library: Library) -> str:
    waiting = len(open_withdrawals(library.store))
    if waiting:
        raise StorageError(
            f"Withdrawals that were interrupted, so that files may still hold words: {waiting}. "
            "Run: throughline withdraw"
        )
    return f"{len(list_withdrawals(library.store))} finished, none open"


def _captures(library: Library) -> str:
    damaged = damaged_captures(library.store)
    if damaged:
        raise StorageError(
            f"Captures that were found damaged: {len(damaged)}; of "
            f"{count_withheld(library.store)} documents the words are withheld. See: "
            "throughline captures verify"
        )
    return "none is known to be damaged"


def _index(library: Library) -> str:
    index = open_index(library.settings.data_dir)
    damaged = damaged_files(index)
    if damaged:
        raise StaleIndexError(
            f"Files of the search index {index.name} are not as they were written: "
            f"{', '.join(damaged)}. Rebuild it with: throughline analyse"
        )
    drift = find_drift(library.store, index)
    if drift.gone or drift.waiting:
        raise StaleIndexError(
            f"The search index lacks {drift.waiting} analysed passages and holds {drift.gone} that "
            "are no longer current. Run: throughline analyse"
        )
    return f"{index.name} holds the {len(index)} analysed passages"


def _analysis(library: Library) -> str:
    version = tagger_version()
    waiting = count_unanalysed(library.store, version)
    if waiting:
        raise StaleIndexError(
            f"{waiting} passages are not tagged by this version. Run: throughline analyse"
        )
    return f"every passage is tagged by {version}"


def _snapshots(library: Library) -> str:
    held = list_held(library.settings.data_dir)
    broken: list[str] = []
    for each in held:
        try:
            broken += verify_package(each.package, expected=each.name).faults
            library.at(each.name).store.check_integrity()
        except ThroughlineError as error:
            broken.append(str(error))
    if broken:
        raise BrokenPackageError(
            f"{len(broken)} faults in published snapshots, first: {broken[0]} Restore the folder "
            f"from a copy, or take it away. All of them: throughline snapshot verify"
        )
    return f"{len(held)} published, every hash as its manifest says"


def _model() -> str:
    verify_weights(model_folder() / "model.safetensors")
    return "the encoder's weights are the measured ones"


def _query_encoder(library: Library) -> str:
    return check_exported(library.settings.data_dir / INDEX_FOLDER)
