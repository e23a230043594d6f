"""``/sitemap.xml`` and ``/robots.txt``: which pages search engines may list."""

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, url_for

from web.current import current_library
from web.site import site_address

sitemap = Blueprint("sitemap", __name__)

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("home_page", "reviews_page", "themes_page", "matrix_page", "compare_page", "about_page")

ROBOTS = """\
# Search, passage and alert pages say themselves that they must not be listed (noindex):
# a crawler has to be able to read them to see it, so they are not forbidden here.
# The API says the same, and is a heavy thing to crawl.
User-agent: *
Disallow: /api/
Disallow: /search.atom

Sitemap: {sitemap}
"""


@sitemap.get("/sitemap.xml")
def sitemap_xml() -> Response:
    """List the pages that may be listed: reviews, themes and reforms; no passages, no searches."""
    library, site = current_library(), site_address()
    paths = [url_for(f"portal.{name}") for name in _PAGES]
    themes = [top.theme_id for top in library.codebook.top_themes]
    themes += [theme.theme_id for theme in library.codebook.themes]
    paths += [url_for("portal.theme_page", theme_id=theme_id) for theme_id in themes]
    paths += [
        url_for("reforms.reform_page", reform_id=reform.reform_id)
        for reform in library.codebook.reforms
    ]
    paths += [
        url_for("portal.review_page", review_id=review.review_id)
        for review in library.store.iter_reviews()
    ]
    root = ET.Element("urlset", {"xmlns": _NAMESPACE})
    for path in paths:
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = site + path
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/xml; charset=utf-8")


@sitemap.get("/robots.txt")
def robots_txt() -> Response:
    """Tell crawlers where the sitemap is and what not to crawl."""
    body = ROBOTS.format(sitemap=site_address() + url_for("sitemap.sitemap_xml"))
    return Response(body, content_type="text/plain; charset=utf-8")
