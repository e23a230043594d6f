import datetime as dt

import pytest

from corpus.dates import PartialDate
from corpus.model import Kind, LicenceTier
from ingest.addresses import canonical_address
from ingest.licence import choose_kind, find_host
from ingest.plausible import is_plausible

NOW = dt.datetime(2025, 2, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("url", "tier"),
    [
        ("https://www.gov.uk/government/publications/a", LicenceTier.OPEN),
        ("https://assets.publishing.service.gov.uk/a.pdf", LicenceTier.OPEN),
        ("https://www.communitycare.co.uk/2025/a", LicenceTier.PRESS),
        ("https://learning.nspcc.org.uk/a", LicenceTier.OWNER),
        ("https://library.nspcc.org.uk/a", LicenceTier.PERMISSION),
        ("https://www.limitlesscommunitycare.org/a", LicenceTier.NEVER),
    ],
)
def test_the_longest_matching_host_decides_the_tier(url: str, tier: LicenceTier) -> None:
    host = find_host(url)
    assert host is not None
    assert host.tier is tier


@pytest.mark.parametrize(
    "url", [None, "https://www.harbour.gov.uk/a", "https://notcommunitycare.co.uk/", "file:///a"]
)
def test_councils_lookalikes_and_files_have_no_known_publisher(url: str | None) -> None:
    assert find_host(url) is None


@pytest.mark.parametrize(
    ("title", "cover", "is_news", "kind"),
    [
        ("Serious case review: Child Q", [], False, Kind.REVIEW),
        ("Child Q", ["Child Q", "Local child safeguarding practice review"], False, Kind.REVIEW),
        ("Child Q: seven-minute briefing on the serious case review", [], False, Kind.BRIEFING),
        ("Serious case review finds letters unopened", [], True, Kind.NEWS),
        ("Letters", ["The board had asked for a serious case review " * 3], False, Kind.OTHER),
    ],
)
def test_kind_comes_from_title_and_cover(
    title: str, cover: list[str], is_news: bool, kind: Kind
) -> None:
    assert choose_kind(None, title=title, cover=cover, is_news=is_news) is kind


def test_an_inquiry_in_a_newspaper_is_news() -> None:
    host = find_host("https://www.communitycare.co.uk/a")
    assert choose_kind(host, title="Inquiry opens", cover=[], is_news=False) is Kind.NEWS


def test_two_ways_to_write_an_address_are_one() -> None:
    assert canonical_address("http://WWW.Example.org:80/a/?utm_source=x&id=3#top") == (
        "https://example.org/a?id=3"
    )
    assert canonical_address("https://user@example.org/") is None
    assert canonical_address("https://[bad") is None


@pytest.mark.parametrize(
    ("date", "believed"),
    [("1945", True), ("1944-12-31", False), ("2025-02-05", True), ("2025-02-06", False)],
)
def test_dates_before_1945_or_in_the_future_are_not_believed(date: str, believed: bool) -> None:
    assert is_plausible(PartialDate.parse(date), now=NOW) is believed
