"""The spaCy pipeline, ours and within someone else's."""

import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from fakes import FakeEncoder
from spacy.language import Language

from nlp.components.attributes import SPANS_KEY
from nlp.components.themes import ThroughlineThemes
from nlp.pipeline import COMPONENTS, build_pipeline, register_components

TEXT = (
    "The school did not tell the police about the bruise. No information was shared between "
    "the agencies. Nobody made any checks with the previous local authority."
)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return build_pipeline(FakeEncoder)


def test_components_come_in_their_order(pipeline: Language) -> None:
    assert tuple(pipeline.pipe_names) == COMPONENTS


def test_findings_and_spans_agree(pipeline: Language) -> None:
    doc = pipeline(TEXT)
    findings = doc._.throughline_findings
    spans = doc.spans[SPANS_KEY]
    assert [span.label_ for span in spans] == [finding.theme for finding in findings]
    for finding, span in zip(findings, spans, strict=True):
        assert span.start_char <= finding.evidence.start < finding.evidence.end <= span.end_char


def test_batches_give_what_single_passages_give(pipeline: Language) -> None:
    texts = [TEXT, "", "The family moved.", TEXT + " " + TEXT]
    batched = [doc._.throughline_findings for doc in pipeline.pipe(texts, batch_size=3)]
    alone = [pipeline(text)._.throughline_findings for text in texts]
    for one, other in zip(batched, alone, strict=True):
        # the order of additions, and so the last digit, depends on the batch
        assert [replace(each, score=0) for each in one] == [
            replace(each, score=0) for each in other
        ]
        assert [each.score for each in one] == pytest.approx([each.score for each in other])


def test_cues_of_the_codebook_are_left_on_the_doc(pipeline: Language) -> None:
    doc = pipeline("The alert was not passed on because of GDPR.")
    assert {"not passed on", "because of GDPR"} == {
        doc.text[cue.start_char : cue.end_char] for cue in doc._.throughline_cues
    }


def test_sentences_are_ours(pipeline: Language) -> None:
    doc = pipeline("On 15 th July Ms. K rang, e.g. about para. 4.12. Nobody answered.")
    assert [sent.text for sent in doc.sents] == [
        "On 15 th July Ms. K rang, e.g. about para. 4.12.",
        "Nobody answered.",
    ]


def test_themes_work_alone_in_anyones_pipeline() -> None:
    register_components()
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    themes = nlp.add_pipe("throughline_themes")
    assert isinstance(themes, ThroughlineThemes)
    themes.encoder = FakeEncoder
    assert isinstance(nlp(TEXT)._.throughline_findings, tuple)
    assert SPANS_KEY in nlp(TEXT).spans


def test_an_installed_package_gives_every_component_by_its_name(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"]["spacy_factories"]
    assert set(declared) == set(COMPONENTS)
    metadata = tmp_path / "installed_here-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: installed-here\nVersion: 1\n", encoding="utf-8")
    lines = [f"{name} = {target}" for name, target in declared.items()]
    (metadata / "entry_points.txt").write_text(
        "\n".join(["[spacy_factories]", *lines]), encoding="utf-8"
    )
    code = (
        f"import sys; sys.path.append({str(tmp_path)!r}); import spacy; nlp = spacy.blank('en')\n"
        f"for name in {COMPONENTS!r}: nlp.add_pipe(name)\n"
        "assert len(list(nlp.select_pipes(enable='throughline_sentences') and "
        "nlp('See para. 4.12. It ended.').sents)) == 2"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_asking_for_the_version_loads_neither_spacy_nor_torch() -> None:
    code = (
        "import sys; from nlp.tagger import tagger_version; tagger_version(); "
        "sys.exit(bool({'spacy', 'torch', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0
