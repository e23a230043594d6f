"""A review's page for machines: Highwire and Dublin Core tags, schema.org JSON-LD."""

from dataclasses import dataclass

from web.bibliography.reference import Reference, one_line
from web.shapes import Json


@dataclass(frozen=True)
class MetaTag:
    """One ``<meta>`` element."""

    name: str
    content: str


def highwire_tags(reference: Reference, *, page_url: str) -> tuple[MetaTag, ...]:
    """The ``citation_`` tags that Zotero and Google Scholar read."""
    date = str(reference.published).replace("-", "/") if reference.published else None
    return _tags(
        {
            "citation_title": reference.title,
            "citation_author": reference.author,
            "citation_publication_date": date,
            "citation_technical_report_institution": reference.publisher or reference.author,
            "citation_technical_report_number": reference.number,
            "citation_publisher": reference.publisher,
            "citation_abstract_html_url": page_url,
            "citation_fulltext_html_url": reference.url,
        }
    )


def dublin_core_tags(reference: Reference, *, page_url: str) -> tuple[MetaTag, ...]:
    """Dublin Core elements of the review itself."""
    return _tags(
        {
            "DC.title": reference.title,
            "DC.creator": reference.author,
            "DC.publisher": reference.publisher,
            "DC.date": str(reference.published) if reference.published else None,
            "DC.type": "Text",
            "DC.format": "text/html",
            "DC.identifier": reference.url or page_url,
            "DC.coverage": reference.place,
            "DC.description": reference.type_words,
        }
    )


def json_ld(reference: Reference, *, page_url: str, about: str | None) -> Json:
    """The review as a schema.org Report, with our page as what is about it."""
    described = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": one_line(reference.title),
        "author": one_line(reference.author) if reference.author else None,
        "publisher": {"@type": "Organization", "name": one_line(reference.publisher)}
        if reference.publisher
        else None,
        "datePublished": str(reference.published) if reference.published else None,
        "reportNumber": reference.number,
        "genre": reference.type_words,
        "url": reference.url,
        "subjectOf": {
            "@type": "WebPage",
            "url": page_url,
            "name": f"{one_line(reference.title)}: Throughline’s record",
            "publisher": {"@type": "Organization", "name": "Throughline"},
            "description": about,
        },
    }
    return {name: value for name, value in described.items() if value is not None}


def _tags(named: dict[str, str | None]) -> tuple[MetaTag, ...]:
    return tuple(MetaTag(name, one_line(value)) for name, value in named.items() if value)
