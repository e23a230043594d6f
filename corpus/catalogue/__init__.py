"""The reviews that ship with Throughline: our own digests of them, coded by hand."""

from corpus.catalogue.add import CatalogueReport, add_catalogue
from corpus.catalogue.load import CODER, RELEASED, CatalogueEntry, load_catalogue, read_entry

__all__ = [
    "CODER",
    "RELEASED",
    "CatalogueEntry",
    "CatalogueReport",
    "add_catalogue",
    "load_catalogue",
    "read_entry",
]
