"""What readers call a site: links show this, never the raw address."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from urllib.parse import urlsplit


def site_name(url: str) -> str:
    """Name the site that an address leads to: ``The Guardian``, ``Community Care``.

    Addresses often carry names and lurid words in their last part, so a link's text is
    this name. A host that ``sites.toml`` does not list is named by itself, without
    ``www.``; what has no host, such as the name of a file, comes back unchanged.
    """
    try:
        host = urlsplit(url).hostname
    except ValueError:  # an address that no browser would open either
        host = None
    if not host:
        return url
    bare = host.removeprefix("www.")
    return _names().get(bare, bare)


@cache
def _names() -> Mapping[str, str]:
    text = (resources.files("corpus") / "sites.toml").read_text(encoding="utf-8")
    names: dict[str, str] = tomllib.loads(text)["names"]
    return names
