"""The list of themes, as the codebook orders them, with how many reviews found each."""

from dataclasses import dataclass

from corpus.recurrence import Recurrence, is_failing
from web.holdings import Library
from web.views.downloads import FileLink, codebook_files
from web.views.home import ThemeCount, coverage_sentence, theme_counts
from web.whole import whole_recurrence


@dataclass(frozen=True, kw_only=True)
class SubTheme:
    """A sub-theme in a line."""

    theme_id: str
    label: str
    definition: str
    reviews: int
    """Reviews held that found a failing in it."""


@dataclass(frozen=True, kw_only=True)
class TopThemeGroup:
    """A top theme with its sub-themes."""

    count: ThemeCount
    themes: tuple[SubTheme, ...]


@dataclass(frozen=True, kw_only=True)
class ThemesPage:
    """What ``themes.html`` shows."""

    groups: tuple[TopThemeGroup, ...]
    coverage: str
    files: tuple[FileLink, ...]
    codebook_version: str


def build(library: Library) -> ThemesPage:
    """List the codebook, with counts of reviews."""
    found = whole_recurrence(library)
    codebook = library.codebook
    failing = _failing_reviews(found)
    counts = {count.theme_id: count for count in theme_counts(found, codebook)}
    return ThemesPage(
        groups=tuple(
            TopThemeGroup(
                count=counts[top.theme_id],
                themes=tuple(
                    SubTheme(
                        theme_id=theme.theme_id,
                        label=theme.label,
                        definition=theme.definition,
                        reviews=failing.get(theme.theme_id, 0),
                    )
                    for theme in map(codebook.theme, top.theme_ids)
                ),
            )
            for top in codebook.top_themes
        ),
        coverage=coverage_sentence(found),
        files=codebook_files(),
        codebook_version=codebook.version,
    )


def _failing_reviews(found: Recurrence) -> dict[str, int]:
    failing: dict[str, int] = {}
    for entry in found.entries:
        for theme in {i.finding.code.theme for i in entry.evidence if is_failing(i.finding)}:
            failing[theme] = failing.get(theme, 0) + 1
    return failing
