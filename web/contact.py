"""Where readers report a problem: the setting's address, with what they were looking at."""

from urllib.parse import quote

from web.holdings import Library


def contact_href(contact: str) -> str | None:
    """Link an e-mail or web address; ``None`` for anything else, such as a postal address."""
    if contact.startswith(("https://", "http://")):
        return contact
    if "@" in contact and not any(char.isspace() or char in ":/?" for char in contact):
        return f"mailto:{contact}"
    return None


def report_href(library: Library, *, subject: str, address: str) -> str | None:
    """Link to a message about one page; ``None`` where no address is set that can be linked.

    A mail names the page and the state that it was seen in, so that its reader sees the same.
    """
    href = contact_href(library.settings.contact.strip())
    if href is None or not href.startswith("mailto:"):
        return href
    body = f"{address}\nSnapshot {library.snapshot}\n\nWhat is wrong, and how you know:\n"
    return f"{href}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
