"""The codebook as REFI-QDA, which NVivo, ATLAS.ti, MAXQDA, QualCoder and Taguette read."""

import uuid
from xml.etree import ElementTree as ET

from nlp.codebook import Codebook, Theme, TopTheme

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_SCHEMA = "http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd"
_GUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:throughline:codebook")
# Twelve colours that differ in lightness as well, one a top theme.
_COLOURS = (
    "#1F4E79",
    "#B5651D",
    "#2E7D32",
    "#8E24AA",
    "#C62828",
    "#00838F",
    "#6D4C41",
    "#5E7A00",
    "#AD1457",
    "#37474F",
    "#EF6C00",
    "#4527A0",
)


def qdc_text(codebook: Codebook) -> str:
    """Write the codebook as XML: top themes hold their sub-themes and are not codable."""
    root = ET.Element(
        "CodeBook",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
            "origin": f"Throughline codebook {codebook.version}",
        },
    )
    codes = ET.SubElement(root, "Codes")
    for number, top in enumerate(codebook.top_themes):
        colour = _COLOURS[number % len(_COLOURS)]
        above = _code(codes, top, colour, codable=False)
        for theme_id in top.theme_ids:
            _code(above, codebook.theme(theme_id), colour, codable=True)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def code_guid(theme_id: str) -> str:
    """A theme's GUID: made of its permanent id, so every export of it has the same."""
    return str(uuid.uuid5(_GUIDS, theme_id))


def _code(parent: ET.Element, entry: Theme | TopTheme, colour: str, *, codable: bool) -> ET.Element:
    code = ET.SubElement(
        parent,
        "Code",
        {
            "guid": code_guid(entry.theme_id),
            "name": entry.label,
            "isCodable": "true" if codable else "false",
            "color": colour,
        },
    )
    ET.SubElement(code, "Description").text = _description(entry)
    return code


def _description(entry: Theme | TopTheme) -> str:
    lines = [entry.definition]
    if isinstance(entry, Theme):
        lines += [f"Includes: {item}" for item in entry.include]
        lines += [f"Leaves out: {item.when}: {item.then}" for item in entry.exclude]
    return "\n".join([*lines, f"Id: {entry.theme_id}"])
