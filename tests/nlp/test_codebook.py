"""The codebook as it ships, its lookups, and what its loader refuses."""

import dataclasses
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InvalidInputError, ThemeNotFoundError
from corpus.model import Attribution, Level, Stance
from nlp.codebook import (
    Codebook,
    Retired,
    TopTheme,
    build_codebook,
    load_codebook,
    read_codebook_files,
)

Data = dict[str, dict[str, Any]]

RETIRED = Retired(
    theme_id="consent-culture",
    successor="consent-treated-as-required",
    version="0.2.0",
    reason="Merged: coders could not tell the two apart.",
)


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="module")
def shipped() -> Data:
    return read_codebook_files(files("nlp") / "data" / "codebook")


@pytest.fixture
def data(shipped: Data) -> Data:
    return deepcopy(shipped)


def first_theme(data: Data) -> dict[str, Any]:
    theme: dict[str, Any] = data["themes/consent-and-confidentiality.toml"]["theme"][0]
    return theme


def test_it_holds_twelve_top_themes_and_thirty_seven_coded_entries(codebook: Codebook) -> None:
    assert len(codebook.top_themes) == 12
    assert len(codebook.themes) == 37
    assert [theme.theme_id for theme in codebook.themes if theme.sort == "counter"] == [
        "disproportionate-sharing"
    ]
    assert [theme.theme_id for theme in codebook.themes if theme.residual] == [
        "information-sharing-unspecified"
    ]
    assert len(codebook.reforms) == 10


def test_it_holds_every_tricky_case_and_every_neighbour_question(codebook: Codebook) -> None:
    assert [each.number for each in codebook.tricky_cases] == list(range(1, 27))
    assert [each.number for each in codebook.tricky_cases if not each.codes] == [18]
    assert len(codebook.resolver) == 10
    assert len(codebook.counting_rules) == 7


def test_themes_stand_in_the_order_of_their_top_themes(codebook: Codebook) -> None:
    in_order = [theme_id for top in codebook.top_themes for theme_id in top.theme_ids]
    assert [theme.theme_id for theme in codebook.themes] == in_order


def test_every_theme_has_what_a_coder_needs(codebook: Codebook) -> None:
    for theme in codebook.themes:
        assert theme.definition.endswith("."), theme.theme_id
        assert theme.include, theme.theme_id
        assert theme.exclude, theme.theme_id
        assert theme.cues, theme.theme_id
        assert theme.examples, theme.theme_id
        assert theme.first_known, theme.theme_id


def test_every_example_codes_its_own_theme_with_known_ids(codebook: Codebook) -> None:
    known = set(codebook.rollup)
    for theme in codebook.themes:
        for example in theme.examples:
            assert theme.theme_id in {code.theme for code in example.codes}
            assert {code.theme for code in example.codes} <= known


def test_an_example_may_carry_a_second_theme(codebook: Codebook) -> None:
    (example,) = codebook.theme("wider-family-not-informed").examples
    assert [code.theme for code in example.codes] == [
        "wider-family-not-informed",
        "consent-treated-as-required",
    ]


def test_every_tricky_case_uses_known_ids(codebook: Codebook) -> None:
    for case in codebook.tricky_cases:
        assert {code.theme for code in case.codes} <= set(codebook.rollup)


def test_every_exclusion_points_to_themes_that_exist(codebook: Codebook) -> None:
    pointed = [
        theme_id
        for theme in codebook.themes
        for exclusion in theme.exclude
        for theme_id in exclusion.theme_ids
    ]
    assert set(pointed) <= set(codebook.rollup)
    assert len(pointed) > 90


def test_cue_ids_are_unique_and_well_formed_and_their_prefix_names_one_theme(
    codebook: Codebook,
) -> None:
    ids = [cue.cue_id for cue in codebook.cues]
    assert len(ids) == len(set(ids)) == 292
    assert all(re.fullmatch(r"[A-Z]{3}-[0-9]{3}", cue_id) for cue_id in ids)
    assert len({(cue.cue_id[:3], cue.theme_id) for cue in codebook.cues}) == 37


def test_every_stance_level_and_attribution_is_defined(codebook: Codebook) -> None:
    assert {each.stance for each in codebook.stances} == set(Stance)
    assert {each.level for each in codebook.levels} == set(Level)
    assert {each.attribution for each in codebook.attributions} == set(Attribution)


def test_every_short_name_that_a_theme_maps_to_is_explained(codebook: Codebook) -> None:
    explained = {row.key for row in codebook.crosswalk}
    series = {each.keys.split()[0].split("-")[0] for each in codebook.series}
    for theme in codebook.themes:
        for name in theme.maps_to:
            if re.fullmatch(r"[A-Z]+[0-9]*(-[a-z0-9]+|[a-f])", name):
                assert name in explained, (theme.theme_id, name)
    assert {"T16", "T22", "AS"} <= series


def test_a_theme_is_found_by_its_id(codebook: Codebook) -> None:
    theme = codebook.theme("siloed-decisions")
    assert theme.label == "Siloed decision-making"
    assert codebook.entry("siloed-decisions") is theme
    assert codebook.top_theme_of("siloed-decisions") == "siloed-working"
    assert codebook.expand("siloed-decisions") == ("siloed-decisions",)
    assert codebook.rollup["siloed-decisions"] == "siloed-working"


def test_a_top_theme_is_an_entry_that_expands_to_its_sub_themes(codebook: Codebook) -> None:
    entry = codebook.entry("siloed-working")
    assert isinstance(entry, TopTheme)
    assert codebook.expand("siloed-working") == entry.theme_ids
    assert entry.theme_ids[0] == "siloed-decisions"
    assert codebook.top_theme_of("siloed-working") == "siloed-working"


def test_a_top_theme_cannot_be_assigned_and_its_sub_themes_are_named(codebook: Codebook) -> None:
    with pytest.raises(ThemeNotFoundError, match="siloed-decisions"):
        codebook.theme("siloed-working")


def test_a_misspelt_id_names_near_ones(codebook: Codebook) -> None:
    with pytest.raises(ThemeNotFoundError, match="Did you mean threshold-mismatch"):
        codebook.theme("treshold-mismatch")
    with pytest.raises(ThemeNotFoundError, match="throughline themes"):
        codebook.expand("weather")


def test_a_retired_id_gives_its_successor(codebook: Codebook) -> None:
    later = dataclasses.replace(codebook, retired=(RETIRED,))
    assert later.theme("consent-culture").theme_id == "consent-treated-as-required"
    assert later.entry("consent-culture") is later.theme("consent-treated-as-required")
    assert later.expand("consent-culture") == ("consent-treated-as-required",)
    assert later.top_theme_of("consent-culture") == "consent-and-confidentiality"


def test_an_id_retired_twice_over_gives_the_last_successor(codebook: Codebook) -> None:
    older = dataclasses.replace(RETIRED, theme_id="consent-habit", successor="consent-culture")
    later = dataclasses.replace(codebook, retired=(older, RETIRED))
    assert later.theme("consent-habit").theme_id == "consent-treated-as-required"


def test_a_retired_row_is_read_in_the_form_that_the_file_describes(data: Data) -> None:
    data["codebook.toml"]["retired"] = [
        {
            "id": RETIRED.theme_id,
            "successor": RETIRED.successor,
            "version": RETIRED.version,
            "reason": RETIRED.reason,
        }
    ]
    assert build_codebook(data).retired == (RETIRED,)


def test_the_version_is_semantic_with_a_hash_of_the_data(codebook: Codebook) -> None:
    assert re.fullmatch(r"0\.1\.0\+[0-9a-f]{8}", codebook.version)


def test_the_version_changes_with_the_data(codebook: Codebook, data: Data) -> None:
    assert build_codebook(data).version == codebook.version
    first_theme(data)["definition"] += " One word more."
    assert build_codebook(data).version != codebook.version


def test_the_version_does_not_depend_on_how_the_toml_is_laid_out(codebook: Codebook) -> None:
    folder = files("nlp") / "data" / "codebook" / "crosswalk.toml"
    text = folder.read_text(encoding="utf-8")
    spaced = text.replace(" = ", "   =   ").replace("[[row]]", "\n\n# a row\n[[row]]")
    data = read_codebook_files(files("nlp") / "data" / "codebook")
    data["crosswalk.toml"] = tomllib.loads(spaced)
    assert build_codebook(data).version == codebook.version


def _forget_label(data: Data) -> None:
    del first_theme(data)["label"]


def _misspell_field(data: Data) -> None:
    first_theme(data)["defintion"] = "…"


def _unknown_sort(data: Data) -> None:
    first_theme(data)["sort"] = "cause"


def _list_as_text(data: Data) -> None:
    first_theme(data)["also_called"] = "consent barrier"


def _residual_as_text(data: Data) -> None:
    first_theme(data)["residual"] = "yes"


def _bad_cue_id(data: Data) -> None:
    first_theme(data)["cues"] = {"ctr1": "without consent"}


def _borrowed_prefix(data: Data) -> None:
    first_theme(data)["cues"] = {"DPF-099": "without consent"}


def _two_prefixes(data: Data) -> None:
    first_theme(data)["cues"]["XYZ-001"] = "without asking"


def _exclusion_to_nowhere(data: Data) -> None:
    first_theme(data)["exclude"][0]["then"] = "`no-such-theme`"


def _example_of_another_theme(data: Data) -> None:
    first_theme(data)["examples"][0]["codes"][0]["theme"] = "siloed-decisions"


def _unknown_stance(data: Data) -> None:
    first_theme(data)["examples"][0]["codes"][0]["stance"] = "failing"


def _id_used_twice(data: Data) -> None:
    first_theme(data)["id"] = "siloed-decisions"


def _unknown_source(data: Data) -> None:
    first_theme(data)["sources"].append("NOPE")


def _source_twice(data: Data) -> None:
    data["sources.toml"]["source"].append(data["sources.toml"]["source"][0])


def _reform_for_nothing(data: Data) -> None:
    data["reforms.toml"]["reform"][0]["answers"] = ["no-such-theme"]


def _rollup_of_nothing(data: Data) -> None:
    data["crosswalk.toml"]["row"][0]["rollup"] = ["no-such-theme"]


def _ring_of_retired(data: Data) -> None:
    row = {"version": "0.2.0", "reason": "…"}
    data["codebook.toml"]["retired"] = [
        {"id": "one", "successor": "two", **row},
        {"id": "two", "successor": "one", **row},
    ]


def _stance_undefined(data: Data) -> None:
    data["codebook.toml"]["stance"].pop()


def _bad_version(data: Data) -> None:
    data["codebook.toml"]["version"] = "first"


def _top_theme_without_file(data: Data) -> None:
    del data["themes/not-sought.toml"]


def _file_without_top_theme(data: Data) -> None:
    data["themes/weather.toml"] = {"theme": []}


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_forget_label, ["consent-and-confidentiality.toml", "consent-treated-as-req", "'label'"]),
        (_misspell_field, ["consent-and-confidentiality.toml", "consent-treated", "'defintion'"]),
        (_unknown_sort, ["consent-treated-as-required", "'sort'", "mechanism, reason, counter"]),
        (_list_as_text, ["consent-treated-as-required", "'also_called'"]),
        (_residual_as_text, ["consent-treated-as-required", "'residual'"]),
        (_bad_cue_id, ["consent-treated-as-required", "'cues'", "ctr1"]),
        (_borrowed_prefix, ["'cues'", "DPF", "consent-treated-as-required"]),
        (_two_prefixes, ["consent-treated-as-required", "'cues'", "XYZ"]),
        (_exclusion_to_nowhere, ["consent-treated-as-required", "'exclude'", "no-such-theme"]),
        (_example_of_another_theme, ["consent-treated-as-required", "'examples'"]),
        (_unknown_stance, ["examples 1, codes 1", "'stance'", "failing-found"]),
        (_id_used_twice, ["siloed-decisions", "'id'"]),
        (_unknown_source, ["consent-treated-as-required", "'sources'", "NOPE"]),
        (_source_twice, ["sources.toml", "'key'"]),
        (_reform_for_nothing, ["reforms.toml", "reform-single-unique-identifier", "'answers'"]),
        (_rollup_of_nothing, ["crosswalk.toml", "optimistic thinking", "'rollup'"]),
        (_ring_of_retired, ["codebook.toml", "one", "'successor'"]),
        (_stance_undefined, ["codebook.toml", "'stance'", "negated-or-hypothetical"]),
        (_bad_version, ["codebook.toml", "'version'"]),
        (_top_theme_without_file, ["codebook.toml", "'top_theme'", "themes/not-sought.toml"]),
        (_file_without_top_theme, ["themes/weather.toml"]),
    ],
)
def test_what_is_wrong_is_refused_with_file_entry_and_field(
    data: Data, spoil: Callable[[Data], None], named: list[str]
) -> None:
    spoil(data)
    with pytest.raises(InvalidInputError) as refusal:
        build_codebook(data)
    for part in named:
        assert part in str(refusal.value)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "codebook.toml").write_text("version = ", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"codebook\.toml is not TOML"):
        read_codebook_files(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    with pytest.raises(InvalidInputError, match=r"codebook\.toml is missing"):
        read_codebook_files(tmp_path)


def test_loading_needs_neither_spacy_nor_torch() -> None:
    code = (
        "import sys; from nlp.codebook import load_codebook; load_codebook(); "
        "sys.exit(bool({'spacy', 'torch', 'sklearn', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_counter_theme_never_counts_with_the_failures() -> None:
    codebook = load_codebook()
    counter = "disproportionate-sharing"
    assert counter in codebook.expand("legal-confusion-and-fear")
    assert counter not in codebook.expand_failures("legal-confusion-and-fear")
    assert len(codebook.expand_failures()) == 36
    assert codebook.expand_failures(counter) == (counter,)
