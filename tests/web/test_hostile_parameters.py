"""Every page against addresses that nobody means well with: a page in plain words, never a 500."""

import re
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from portal_world import PortalWorld

LONG = "x" * 6_000
VALUES = (
    LONG,
    "9" * 6_000,
    "-1",
    "0",
    "1e309",
    "99999999999999999999",
    "nobody-knows-this",
    "\x00\x07\x1b[31m",
    "' OR 1=1; DROP TABLE passages; --",
    "<script>alert(1)</script>\"'><img src=x>",
    "../../../../etc/passwd",
    "{{ 7*7 }}%s%n${jndi:x}",
    "\u202e\ud83d\ude00\u0430\u0301",
    "a,b,,c",
)
"""Very long, out of range, unknown, and what somebody would try who hoped to break something."""

_RECURRENCE = ("theme", "nation", "type", "stance", "level", "clock", "span", "from", "to")
_SEARCH = (
    *("q", "theme", "stance", "level", "attribution", "kind", "grade", "nation", "type"),
    *("publisher", "review", "from", "to", "possible"),
)
_LOOK = (
    *("like", "paragraph", "tab", "sort", "ignore", "plain", "page", "at"),
    *("within_theme", "within_stance", "within_kind", "within_decade", "within_nation"),
    *("within_type", "within_publisher", "within_review"),
)
_COUNTS = ("by", "from", "to", "nation", "type", "level", "date_axis", "theme")
_SIDES = ("what", "a", "b", "a_from", "a_to", "b_from", "b_to", "by", "nation", "type", "level")

READS: dict[str, tuple[str, ...]] = {
    "portal.home_page": (),
    "portal.search_page": (*_SEARCH, *_LOOK),
    "portal.reviews_page": (),
    "portal.review_page": ("echo",),
    "portal.document_page": (),
    "portal.themes_page": (),
    "portal.theme_page": ("stance", "with", "clock", "page"),
    "portal.matrix_page": _RECURRENCE,
    "portal.compare_page": (*_SIDES, "clock"),
    "portal.passage_page": (),
    "portal.passage_citation": (),
    "portal.sources_page": (),
    "portal.snapshots_page": (),
    "portal.method_page": (),
    "portal.about_page": (),
    "figures.counts_page": _COUNTS,
    "figures.counted_passages_page": (*_COUNTS, "figure", "page"),
    "figures.published_page": (),
    "figures.counts_workbook": _COUNTS[:-1],
    "charts.chart_file": (*_RECURRENCE, *_SIDES, "scheme", "narrow"),
    "charts.script": (),
    "alerts.feed": _SEARCH,
    "alerts.confirm_page": (),
    "alerts.leave_page": (),
    "reports.years_page": ("snapshot",),
    "reports.report_page": ("snapshot",),
    "reports.report_file_of": ("snapshot",),
    "desk.sign_in_page": ("next",),
    "static": ("v",),
}
"""Page → the query parameters that it reads."""

COMMON = ("page", "theme", "stance", "from", "clock", "q")
"""What a page that is not listed above is tried with."""

APART = frozenset({"api", "desk", "health"})
"""The API is tried by its own document, the desk stands behind a door, health may be ill."""


def _addresses(world: PortalWorld) -> dict[str, str]:
    """Page → an address of it that answers, without parameters."""
    passage = world.digest_1974[0]
    known = {
        "review_id": "ann-example-1974",
        "theme_id": "not-shared-between-agencies",
        "document_id": passage.document_id,
        "passage_id": passage.passage_id,
        "token": "t0",
        "year": "2003",
        "form": "ris",
        "name": "share",
        "filename": "throughline.css",
    }
    found: dict[str, str] = {}
    for rule in world.app.url_map.iter_rules():
        own = "GET" in (rule.methods or ()) and rule.endpoint.split(".")[0] not in APART
        if own or rule.endpoint in READS:
            path = re.sub(
                r"<(?:[^:<>]*:)?(\w+)>", lambda part: known.get(part[1], "nobody"), rule.rule
            )
            found.setdefault(rule.endpoint, path.replace("share.ris", "share.csv"))
    return found


def _ask(world: PortalWorld, address: str) -> str:
    """Ask, and hold the answer to what every answer must be; returns its text."""
    with world.client.get(address) as response:
        shown = address[:200]
        assert response.status_code < 500, (response.status_code, shown)
        page = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
    if response.status_code in (301, 302, 303):
        assert response.location.startswith("/"), (response.location, shown)
    elif response.status_code >= 400:
        assert response.mimetype == "text/html", shown
    found = [each for each in ("<script>alert", "<img src=x>", "Traceback") if each in page]
    assert not found, (found, shown)
    if page:
        assert page.count("<h1") == 1, shown
        assert "0808 800 5000" in page, shown
        words = unescape(re.sub(r"<[^>]+>", " ", page))
        # An answer repeats the beginning of what was sent at most: it is no wall of it.
        if response.status_code >= 400:
            jargon = re.search(r"pydantic|ValueError|Exception|sqlite|NoneType", words)
            assert (jargon, LONG in words) == (None, False), shown
    return page


@pytest.mark.parametrize("endpoint", sorted(READS))
def test_no_value_of_a_parameter_breaks_a_page(world: PortalWorld, endpoint: str) -> None:
    _try(world, _addresses(world)[endpoint], READS[endpoint])


def test_pages_that_are_added_are_tried_too(world: PortalWorld) -> None:
    for endpoint, address in _addresses(world).items():
        if endpoint not in READS:
            _try(world, address, COMMON)


def _try(world: PortalWorld, address: str, names: tuple[str, ...]) -> None:
    for name in names:
        for value in VALUES:
            _ask(world, f"{address}?{urlencode({name: value}, errors='surrogatepass')}")
    # One that the page does not read, one given twice, and no name at all.
    for query in ("strange=1", "theme=a&theme=b", "=", "%ff%fe=%ff", "&&&", "a" * 5_000):
        _ask(world, f"{address}?{query}")


def test_no_id_in_a_path_breaks_a_page(world: PortalWorld) -> None:
    rules = [
        rule.rule
        for rule in world.app.url_map.iter_rules()
        if rule.arguments and rule.endpoint in READS
    ]
    assert len(rules) > 8
    for rule in rules:
        for value in VALUES:
            part = quote(value.encode("utf-8", "surrogatepass"), safe="")
            _ask(world, part.join(re.split(r"<[^>]+>", rule)))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/themes/siloed-decisions?page=" + "9" * 5_000, "page: is a number from 1"),
        ("/themes/siloed-decisions?clock=sundial", "publication, incident, capture"),
        ("/recurrence?span=7", "span"),
        ("/search?nation=Atlantis", "No review of that nation is held"),
        ("/search?type=opera", "No review of that type is held"),
        ("/search?page=-1", "pages run from 1"),
        ("/counts?theme=nobody-knows-this", "theme"),
        ("/reports/99999", "year"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(
    world: PortalWorld, address: str, words: str
) -> None:
    response = world.client.get(address)
    assert response.status_code in {400, 404}
    assert words in unescape(response.get_data(as_text=True))


def test_an_echo_that_is_none_of_the_reviews_own_is_said_to_be_passed_over(
    world: PortalWorld,
) -> None:
    assert "passed over" not in world.get("/reviews/ann-example-1974")
    assert "passed over" in world.get("/reviews/ann-example-1974?echo=p0")
