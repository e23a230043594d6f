"""The library of the application that answers the current request."""

from typing import cast

from flask import Flask, current_app

from web.holdings import Library

_EXTENSION = "throughline_library"


def attach_library(app: Flask, library: Library) -> None:
    """Give an application the library that its pages and API answer from."""
    app.extensions[_EXTENSION] = library


def current_library() -> Library:
    """Find the library; only within a request or an application context."""
    return library_of(current_app)


def library_of(app: Flask) -> Library:
    """Find the library of an application, also before a request is under way."""
    return cast("Library", app.extensions[_EXTENSION])
