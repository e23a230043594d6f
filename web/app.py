"""The web application: portal and JSON API over one library."""

from apiflask import APIFlask
from flask import Flask

from corpus.settings import Settings
from web.api import api
from web.current import attach_library
from web.errors import register_errors
from web.holdings import Library
from web.security import add_security_headers
from web.views import portal


def create_app(settings: Settings) -> Flask:
    """Make the application for one data directory.

    Raises:
        StorageError: the data directory cannot be used.
    """
    app = APIFlask(
        __name__,
        title="Throughline",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    # 3.0.3, the default, makes an invalid document of pydantic's optional fields.
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.config["VALIDATION_ERROR_STATUS_CODE"] = 400
    app.config["AUTO_404_RESPONSE"] = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep the order we chose
    attach_library(app, Library(settings))
    app.register_blueprint(portal)
    app.register_blueprint(api)
    register_errors(app)
    add_security_headers(app)
    return app
