"""A reader without a pointer, told of every focus that is hidden, unmarked or out of order."""

from browsing import check
from playwright.sync_api import Page

_FARTHEST = 120
"""Presses of the Tab key after which something counts as out of reach."""


class Keys:
    """Presses keys on a page and looks at what has the focus after each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps: list[str] = []
        """Each key with what had the focus after it."""
        self.problems: list[str] = []
        self.place = -1
        """Of what has the focus, among all that can have it; -1 for none."""

    def press(self, key: str, times: int = 1) -> None:
        """Press a key that leaves the page as it is."""
        for _ in range(times):
            self.page.keyboard.press(key)
            self._look(key)

    def tab_to(self, words: str, key: str = "Tab") -> None:
        """Press Tab until what has the focus has these words or this id in its name."""
        for _ in range(_FARTHEST):
            before = self.place
            self.press(key)
            moved = self.place - before if key == "Tab" else before - self.place
            if -1 not in (before, self.place) and moved <= 0:
                self.problems.append(f"{key} went from {before} to {self.place} in {self.page.url}")
            if words in self.steps[-1]:
                return
        raise AssertionError(f"{words!r} was not reached in {self.page.url}: {self.steps[-5:]}")

    def open(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.steps.append(f"{key}: {self.page.url}")
        self.place = -1

    def back(self) -> None:
        """Go back to the page before."""
        self.page.go_back()
        self.place = -1

    def _look(self, key: str) -> None:
        focus = check(self.page, "focus")
        if focus is None:
            self.place = -1
            self.steps.append(f"{key}: nothing")
            return
        self.place = focus["place"]
        self.steps.append(f"{key}: {focus['name']}")
        self.problems += [f"{self.page.url}: {problem}" for problem in focus["problems"]]
