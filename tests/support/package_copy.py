"""A copy of the ``nlp`` package that may be trained, or given other cuts, without harm."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import nlp
from corpus.model import Attribution, Code, Kind, Level, Stance
from nlp.tagger import TaggedCode

_WORKER = Path(__file__).with_name("tag_worker.py")


class PackageCopy:
    """The package as it is now, in a folder of its own; the original is never written to."""

    def __init__(self, folder: Path) -> None:
        """Copy the package into a folder."""
        self.folder = folder
        source = Path(str(nlp.__file__)).parent
        shutil.copytree(source, folder / "nlp", ignore=shutil.ignore_patterns("__pycache__"))

    def keep_rows(self, share: float) -> int:
        """Keep this share of the training rows, and return how many that is.

        The rows of a smaller share are all among those of a larger one. Lines left out
        stay behind as blank ones, so that a row's id, its file and line, is what it was.
        """
        kept = 0
        for path in sorted((self.folder / "nlp/data/training").glob("*.jsonl")):
            lines = path.read_text(encoding="utf-8").split("\n")
            chosen = [
                line if line.strip() and place_of(path.name, number) < share else ""
                for number, line in enumerate(lines, start=1)
            ]
            kept += sum(map(bool, chosen))
            path.write_text("\n".join(chosen), encoding="utf-8")
        return kept

    def train(self) -> None:
        """Train on the rows that are in the copy; its messages go to standard error."""
        # Run from the folder: what is there comes before what is installed.
        subprocess.run(
            [sys.executable, "-m", "nlp.train"], cwd=self.folder, stdout=sys.stderr, check=True
        )

    def tag(
        self, texts: Sequence[str], kinds: Sequence[Kind], cuts: Sequence[tuple[float, float]]
    ) -> list[list[tuple[TaggedCode, ...]]]:
        """Tag passages once for each pair of cuts (of all themes, confident); same orders."""
        asked = {"texts": list(texts), "kinds": list(kinds), "cuts": list(cuts)}
        done = subprocess.run(
            [sys.executable, str(_WORKER), str(self.folder)],
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return [
            [tuple(map(_tagged, codes)) for codes in passages]
            for passages in json.loads(done.stdout)
        ]


def place_of(name: str, line: int) -> float:
    """Where a row falls between 0 and 1, always the same: a hash of its file and line."""
    return int.from_bytes(sha256(f"{name}:{line}".encode()).digest()[:6], "big") / 2**48


def _tagged(row: dict[str, object]) -> TaggedCode:
    return TaggedCode(
        code=Code(
            theme=str(row["theme"]),
            stance=Stance(str(row["stance"])),
            level=Level(str(row["level"])),
            attribution=Attribution(str(row["attribution"])),
        ),
        score=float(str(row["score"])),
        confident=bool(row["confident"]),
        evidence=(),
        support=(),
    )
