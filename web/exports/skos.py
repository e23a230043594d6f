"""The codebook as SKOS, in Turtle and JSON-LD."""

import json
from typing import TYPE_CHECKING

from corpus.ids import short_digest
from nlp.codebook import Codebook, CrosswalkRow, Retired, Theme, TopTheme
from web.exports.annotations import URN, theme_urn

if TYPE_CHECKING:
    from rdflib import Graph

SCHEME = f"{URN}codebook"


def skos_text(codebook: Codebook, serialisation: str) -> str:
    """Write the codebook as ``turtle`` or ``json-ld``; equal codebooks give equal texts."""
    graph = skos_graph(codebook)
    if serialisation == "turtle":
        return graph.serialize(format="turtle").strip() + "\n"
    # rdflib writes sets as they come; sorted, equal graphs are equal texts.
    document = json.loads(graph.serialize(format="json-ld", auto_compact=True))
    document["@graph"].sort(key=lambda node: str(node["@id"]))
    for node in document["@graph"]:
        for value in node.values():
            if isinstance(value, list):
                value.sort(key=json.dumps)
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def skos_graph(codebook: Codebook) -> "Graph":
    """Make the graph: one scheme, a concept a theme, a concept a label of another series.

    A label of another series that sums up several of our themes is broader than each of
    them. One that stands beside a single theme is an exact match only where it has the same
    name; else a close one, because unit, period and coder differ.
    """
    # Imported here: it takes a third of a second, and only this export needs it.
    from rdflib import Graph  # noqa: PLC0415
    from rdflib.namespace import DCTERMS, OWL, SKOS  # noqa: PLC0415

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (("skos", SKOS), ("dct", DCTERMS), ("owl", OWL)):
        graph.bind(prefix, namespace)
    graph.bind("theme", theme_urn(""))
    _add_scheme(graph, codebook)
    for top in codebook.top_themes:
        _add_top(graph, top)
    for theme in codebook.themes:
        _add_theme(graph, theme)
    for retired in codebook.retired:
        _add_retired(graph, retired)
    for row in codebook.crosswalk:
        _add_row(graph, row, codebook)
    return graph


def _add_scheme(graph: "Graph", codebook: Codebook) -> None:
    from rdflib import RDF, Literal, URIRef  # noqa: PLC0415
    from rdflib.namespace import DCTERMS, OWL, SKOS  # noqa: PLC0415

    scheme = URIRef(SCHEME)
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal("Throughline codebook", lang="en")))
    graph.add((scheme, OWL.versionInfo, Literal(codebook.version)))
    graph.add((scheme, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")))
    graph.add((scheme, SKOS.note, Literal(codebook.crosswalk_caution, lang="en")))
    for top in codebook.top_themes:
        graph.add((scheme, SKOS.hasTopConcept, URIRef(theme_urn(top.theme_id))))


def _add_concept(graph: "Graph", theme_id: str, texts: dict[str, list[str]]) -> None:
    from rdflib import RDF, Literal, URIRef  # noqa: PLC0415
    from rdflib.namespace import SKOS  # noqa: PLC0415

    concept = URIRef(theme_urn(theme_id))
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, URIRef(SCHEME)))
    graph.add((concept, SKOS.notation, Literal(theme_id)))
    for name, values in texts.items():
        for value in values:
            graph.add((concept, SKOS[name], Literal(value, lang="en")))


def _add_top(graph: "Graph", top: TopTheme) -> None:
    from rdflib import URIRef  # noqa: PLC0415
    from rdflib.namespace import SKOS  # noqa: PLC0415

    _add_concept(graph, top.theme_id, {"prefLabel": [top.label], "definition": [top.definition]})
    concept = URIRef(theme_urn(top.theme_id))
    graph.add((concept, SKOS.topConceptOf, URIRef(SCHEME)))
    for theme_id in top.theme_ids:
        graph.add((concept, SKOS.narrower, URIRef(theme_urn(theme_id))))


def _add_theme(graph: "Graph", theme: Theme) -> None:
    from rdflib import URIRef  # noqa: PLC0415
    from rdflib.namespace import SKOS  # noqa: PLC0415

    texts = {
        "prefLabel": [theme.label],
        # A label may stand once only: what it is also called never repeats it.
        "altLabel": [name for name in theme.also_called if name != theme.label],
        "definition": [theme.definition],
        "scopeNote": [
            *(f"Includes: {item}" for item in theme.include),
            *(f"Leaves out: {item.when}: {item.then}" for item in theme.exclude),
            *([theme.guard] if theme.guard else []),
        ],
        "example": [example.text for example in theme.examples],
    }
    _add_concept(graph, theme.theme_id, texts)
    concept = URIRef(theme_urn(theme.theme_id))
    graph.add((concept, SKOS.broader, URIRef(theme_urn(theme.top_theme))))


def _add_retired(graph: "Graph", retired: Retired) -> None:
    from rdflib import RDF, Literal, URIRef  # noqa: PLC0415
    from rdflib.namespace import DCTERMS, OWL, SKOS  # noqa: PLC0415

    concept = URIRef(theme_urn(retired.theme_id))
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, URIRef(SCHEME)))
    graph.add((concept, SKOS.notation, Literal(retired.theme_id)))
    graph.add((concept, OWL.deprecated, Literal(True)))
    graph.add((concept, DCTERMS.isReplacedBy, URIRef(theme_urn(retired.successor))))
    note = f"Retired in {retired.version}: {retired.reason}"
    graph.add((concept, SKOS.changeNote, Literal(note, lang="en")))


def _add_row(graph: "Graph", row: CrosswalkRow, codebook: Codebook) -> None:
    from rdflib import RDF, Literal, URIRef  # noqa: PLC0415
    from rdflib.namespace import SKOS  # noqa: PLC0415

    label = URIRef(f"{URN}label:{short_digest(row.publication, row.reported)}")
    series = URIRef(f"{URN}series:{short_digest(row.publication)}")
    graph.add((series, RDF.type, SKOS.ConceptScheme))
    graph.add((series, SKOS.prefLabel, Literal(row.publication, lang="en")))
    graph.add((label, RDF.type, SKOS.Concept))
    graph.add((label, SKOS.inScheme, series))
    graph.add((label, SKOS.prefLabel, Literal(row.reported, lang="en")))
    if row.note:
        graph.add((label, SKOS.note, Literal(row.note, lang="en")))
    for theme_id in row.rollup:
        graph.add((URIRef(theme_urn(theme_id)), SKOS[_relation(row, codebook)], label))


def _relation(row: CrosswalkRow, codebook: Codebook) -> str:
    if len(row.rollup) > 1:
        return "broadMatch"
    named = {codebook.entry(theme_id).label.casefold() for theme_id in row.rollup}
    return "exactMatch" if row.reported.casefold() in named else "closeMatch"
