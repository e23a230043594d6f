"""How each publisher lists what it publishes: one file each, pure functions over a fetched page."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, cast

from corpus.errors import InvalidInputError
from ingest.source import Source
from ingest.spiders.listing import Spider


def spider_names() -> tuple[str, ...]:
    """Name every way of listing that there is, in the order of the alphabet."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(name for name in names if hasattr(_module(name), "OPTIONS"))


def load_spider(source: Source) -> Spider:
    """Give the way of listing that a source names.

    Raises:
        InvalidInputError: there is none of this name, or the source sets an option that it
            does not know.
    """
    if source.spider not in spider_names():
        raise InvalidInputError(
            f"The source {source.source_id!r} names a spider {source.spider!r} that is not "
            f"there: write one of {', '.join(spider_names())}."
        )
    known = spider_options(source.spider)
    for option in source.options:
        if option not in known:
            raise InvalidInputError(
                f"The source {source.source_id!r} sets an option {option!r}, which the spider "
                f"{source.spider!r} does not know: write one of {', '.join(known) or 'none'}."
            )
    return cast(Spider, _module(source.spider))


def spider_options(name: str) -> dict[str, str]:
    """Give the options of a way of listing, each with what it says."""
    return dict(_module(name).OPTIONS)


def _module(name: str) -> Any:  # noqa: ANN401 - a module, which stands in for a Spider
    return import_module(f"{__name__}.{name}")
