"""The passages that tagging is measured on: ours, and those kept beside the project."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from corpus.catalogue.load import load_catalogue
from corpus.model import Code, Kind, Stance
from nlp.jsonl import read_json_lines, read_label_file, read_passage_file
from nlp.tagger import TaggedCode, TaggedPassage

ROOT = Path(__file__).parents[2]
DEV = (ROOT / ".." / "shared" / "eval").resolve()
EVALS = ROOT / "tests" / "evals"
PASSAGES, LABELS = "dev_passages.jsonl", "dev_labels.jsonl"
ABSENT = "The passages that coders labelled are not beside this checkout"
BEFORE = "The meeting was held in the town hall and began at ten in the morning."
AFTER = "Lunch was served afterwards, and the papers were put away in a cupboard."
_BATCH = 64


class TagsTexts(Protocol):
    """What is measured: the tagger, or a small one in tests."""

    def tag(self, texts: Sequence[str], kinds: Sequence[Kind]) -> Sequence[TaggedPassage]:
        """Tag passages; same order."""
        ...


@dataclass(frozen=True, kw_only=True)
class Coded:
    """Passages and what coders gave them: three lists of one length and order."""

    texts: tuple[str, ...]
    kinds: tuple[Kind, ...]
    gold: tuple[tuple[Code, ...], ...]
    groups: tuple[str, ...]
    """What each belongs to: ``verbatim`` or ``restated``, or the id of its review."""

    def padded(self) -> "Coded":
        """The same passages, each between two sentences that say nothing."""
        return replace(self, texts=tuple(f"{BEFORE} {text} {AFTER}" for text in self.texts))


@dataclass(frozen=True, kw_only=True)
class StancePair:
    """Two passages on one theme that differ in little but the stance."""

    pair_id: str
    theme: str
    difference: str
    texts: tuple[str, str]
    kinds: tuple[Kind, Kind]
    stances: tuple[Stance, Stance]


def has_dev(folder: Path = DEV) -> bool:
    """Whether the labelled passages lie beside the project."""
    return (folder / PASSAGES).exists() and (folder / LABELS).exists()


def hash_dev(folder: Path = DEV) -> dict[str, str]:
    """File name → SHA-256 of passages and labels."""
    return {name: sha256((folder / name).read_bytes()).hexdigest() for name in (PASSAGES, LABELS)}


def read_dev(folder: Path = DEV) -> Coded:
    """Read the labelled passages, grouped by whether their text is verbatim or restated."""
    path = folder / PASSAGES
    labels = {label.passage_id: label.codes for label in read_label_file(folder / LABELS)}
    lines = path.read_text(encoding="utf-8").split("\n")
    origins = {row["id"]: row["origin"] for _, row in read_json_lines(lines, name=path.name)}
    chosen = [each for each in read_passage_file(path) if each.passage_id in labels]
    return Coded(
        texts=tuple(each.text for each in chosen),
        kinds=tuple(each.kind for each in chosen),
        gold=tuple(labels[each.passage_id] for each in chosen),
        groups=tuple(origins[each.passage_id] for each in chosen),
    )


def read_catalogue() -> Coded:
    """The hand-coded catalogue, grouped by review; no row of it is trained on."""
    rows = [
        (passage.text, hand.codes, str(entry.review.review_id))
        for entry in load_catalogue()
        for passage, hand in zip(entry.passages, entry.hand_codes, strict=True)
    ]
    texts, gold, reviews = zip(*rows, strict=True)
    return Coded(texts=texts, kinds=(Kind.DIGEST,) * len(texts), gold=gold, groups=reviews)


def read_off_domain(path: Path = EVALS / "off_domain.jsonl") -> Coded:
    """Passages about other subjects: whatever is found in them is wrong."""
    read = read_passage_file(path)
    return Coded(
        texts=tuple(each.text for each in read),
        kinds=tuple(each.kind for each in read),
        gold=((),) * len(read),
        groups=tuple(each.passage_id for each in read),
    )


def read_stance_pairs(path: Path = EVALS / "stance_pairs.jsonl") -> list[StancePair]:
    """Read the minimal pairs."""
    lines = path.read_text(encoding="utf-8").split("\n")
    pairs = []
    for _, row in read_json_lines(lines, name=path.name):
        one, other = row["passages"]
        pairs.append(
            StancePair(
                pair_id=row["id"],
                theme=row["theme"],
                difference=row["difference"],
                texts=(one["text"], other["text"]),
                kinds=(Kind(one["kind"]), Kind(other["kind"])),
                stances=(Stance(one["stance"]), Stance(other["stance"])),
            )
        )
    return pairs


def tag_texts(
    tagger: TagsTexts, texts: Sequence[str], kinds: Sequence[Kind]
) -> list[tuple[TaggedCode, ...]]:
    """Tag any number of passages, a batch at a time; same order."""
    tagged: list[tuple[TaggedCode, ...]] = []
    for start in range(0, len(texts), _BATCH):
        end = start + _BATCH
        tagged += [each.codes for each in tagger.tag(texts[start:end], kinds[start:end])]
    return tagged
