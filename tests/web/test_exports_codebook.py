"""The codebook as SKOS and as REFI-QDA, read back by the libraries of those who use it."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, SKOS

from nlp.codebook import Codebook, Retired, load_codebook
from web.exports.annotations import theme_urn
from web.exports.qdc import NAMESPACE, code_guid, qdc_text
from web.exports.skos import SCHEME, skos_graph, skos_text

SCHEMA = Path(__file__).parents[1] / "examples" / "refi" / "codebook.xsd"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="module")
def graph(codebook: Codebook) -> Graph:
    return Graph().parse(data=skos_text(codebook, "turtle"), format="turtle")


# rdflib's own reader of JSON-LD uses a class that rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_turtle_and_json_ld_are_the_same_graph_and_the_same_bytes_each_time(
    codebook: Codebook, graph: Graph
) -> None:
    text = skos_text(codebook, "json-ld")
    assert isomorphic(graph, Graph().parse(data=text, format="json-ld"))
    assert text == skos_text(codebook, "json-ld")
    assert skos_text(codebook, "turtle") == skos_text(codebook, "turtle")


def test_every_theme_is_a_concept_with_one_label_under_its_top_theme(
    codebook: Codebook, graph: Graph
) -> None:
    for theme in codebook.themes:
        concept = URIRef(theme_urn(theme.theme_id))
        assert (concept, RDF.type, SKOS.Concept) in graph
        (label,) = graph.objects(concept, SKOS.prefLabel)
        assert label == Literal(theme.label, lang="en")
        assert label not in set(graph.objects(concept, SKOS.altLabel))
        (broader,) = graph.objects(concept, SKOS.broader)
        assert broader == URIRef(theme_urn(theme.top_theme))
        assert (broader, SKOS.narrower, concept) in graph
        assert (broader, SKOS.topConceptOf, URIRef(SCHEME)) in graph


def test_a_label_of_another_series_is_broad_close_or_exact_and_never_two_of_them(
    codebook: Codebook, graph: Graph
) -> None:
    relations = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch)
    pairs = [(s, o) for relation in relations for s, o in graph.subject_objects(relation)]
    assert len(pairs) == len(set(pairs)) > 50
    one = next(row for row in codebook.crosswalk if row.key == "P19f")
    concept = URIRef(theme_urn(one.rollup[0]))
    near = {str(graph.value(label, SKOS.prefLabel)) for label in _near(graph, concept)}
    assert one.reported in near
    named = replace(one, reported=codebook.entry(one.rollup[0]).label)
    exact = skos_graph(replace(codebook, crosswalk=(named,)))
    assert len(list(exact.objects(concept, SKOS.exactMatch))) == 1


def _near(graph: Graph, concept: URIRef) -> list[URIRef]:
    return [each for each in graph.objects(concept, SKOS.closeMatch) if isinstance(each, URIRef)]


def test_a_retired_id_names_its_successor(codebook: Codebook) -> None:
    retired = Retired(
        theme_id="letters-lost", successor="loop-not-closed", version="0.2.0", reason="Merged."
    )
    graph = skos_graph(replace(codebook, retired=(retired,)))
    (successor,) = graph.objects(URIRef(theme_urn("letters-lost")), DCTERMS.isReplacedBy)
    assert successor == URIRef(theme_urn("loop-not-closed"))


def test_the_qdc_has_the_published_structure(codebook: Codebook) -> None:
    document = etree.fromstring(qdc_text(codebook).encode())
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(document)
    codes = {code.get("guid"): code for code in document.iter(f"{{{NAMESPACE}}}Code")}
    assert len(codes) == len(codebook.themes) + len(codebook.top_themes)
    for theme in codebook.themes:
        code = codes[code_guid(theme.theme_id)]
        assert (code.get("name"), code.get("isCodable")) == (theme.label, "true")
        parent = code.getparent()
        assert parent is not None
        assert (parent.get("guid"), parent.get("isCodable")) == (
            code_guid(theme.top_theme),
            "false",
        )
        assert f"Id: {theme.theme_id}" in (code.findtext(f"{{{NAMESPACE}}}Description") or "")


def test_a_theme_keeps_its_guid_for_good() -> None:
    assert code_guid("shared-too-late") == "1b874182-4b3b-5a71-890a-88440631b23d"
