"""A reader in a browser: asks, follows links by their words, and reads what stands there."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

_RESULTS = """
() => [...document.querySelectorAll("li.result")].map(item => ({
  title: (item.querySelector("h3") || item.querySelector("h2")).textContent.trim(),
  facts: [...item.querySelectorAll(".facts span")].map(one => one.textContent.trim()),
  text: item.querySelector(".digest, .quote")?.textContent.trim() ?? "",
  chips: [...item.querySelectorAll("li.chip")].map(chip => [
    chip.querySelector("a")?.getAttribute("href").split("/").pop() ?? "",
    [...chip.classList].find(name => name.startsWith("chip-")).slice(5),
  ]),
}))
"""


@dataclass(frozen=True)
class Result:
    """One passage of a list, as it is shown."""

    title: str
    facts: tuple[str, ...]
    text: str
    codes: frozenset[tuple[str, str]]
    """(theme, stance) of each of its chips."""

    @property
    def stances(self) -> set[str]:
        """The stances of its chips."""
        return {stance for _, stance in self.codes}

    def themes_of(self, stance: str) -> set[str]:
        """The themes of which it speaks in one stance."""
        return {theme for theme, one in self.codes if one == stance}


class Reader:
    """Somebody with a question, at the portal."""

    def __init__(self, page: Page, address: str) -> None:
        """Begin nowhere yet."""
        self.page = page
        self.address = address

    def start(self) -> None:
        """Open the home page."""
        self.open("/")

    def open(self, path: str) -> int:
        """Open a page by its address; gives the status. Pictures may come later."""
        answer = self.page.goto(self.address + path, wait_until="domcontentloaded")
        return answer.status if answer else 0

    def ask(self, question: str) -> None:
        """Type a question on the home page."""
        self.start()
        self.page.get_by_label("Search the passages, in your own words").fill(question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/search?*", wait_until="domcontentloaded")

    def choose(self, name: str) -> None:
        """Follow a link of the page head, from the home page."""
        self.start()
        nav = self.page.get_by_role("navigation", name="Main")
        nav.get_by_role("link", name=name, exact=True).click()
        self.settle()

    def follow(self, words: str | re.Pattern[str], within: str = "main") -> None:
        """Follow the first link of these words."""
        self.page.locator(within).get_by_role("link", name=words).first.click()
        self.settle()

    def settle(self) -> None:
        """Wait until the page that a click led to is whole: a click waits for its first byte."""
        self.page.wait_for_load_state("domcontentloaded")

    def open_tab(self, label: str) -> None:
        """Open one of the tabs above a list of results."""
        self.follow(re.compile(re.escape(label)), "nav.tabs")

    @property
    def tab(self) -> str:
        """The open tab, without its number."""
        text = self.page.locator('nav.tabs a[aria-current="true"]').inner_text()
        return re.sub(r"^\W+|\s*\([\d,]+\)$", "", text.strip())

    def words(self, where: str = "main") -> str:
        """The words of a part of the page, each space single; folded parts count too."""
        found = self.page.locator(where).first.text_content() or ""
        return " ".join(found.split())

    def readings(self) -> str:
        """How the question was read."""
        return self.words(".readings")

    def results(self) -> list[Result]:
        """The passages listed, in order."""
        return [
            Result(
                title=row["title"],
                facts=tuple(row["facts"]),
                text=" ".join(row["text"].split()),
                codes=frozenset((theme, stance) for theme, stance in row["chips"]),
            )
            for row in self.page.evaluate(_RESULTS)
        ]

    def rows(self, table: str) -> list[list[str]]:
        """The cells of a table's body, row by row."""
        found: list[list[str]] = self.page.locator(table).first.evaluate(
            "table => [...table.tBodies[0].rows].map(row => [...row.cells].map("
            "cell => cell.textContent.replace(/\\s+/g, ' ').trim()))"
        )
        return found

    def link(self, words: str | re.Pattern[str]) -> Locator:
        """The first link of these words."""
        return self.page.locator("main").get_by_role("link", name=words).first
