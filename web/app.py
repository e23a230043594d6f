"""The web application: portal and JSON API over one library."""

from flask import Flask

from corpus.settings import Settings
from web.api import api
from web.api.headers import add_api_headers
from web.api.limits import add_limits
from web.charts.files import charts
from web.current import attach_library
from web.desk.app import add_desk
from web.errors import register_errors
from web.figure_pages import figures
from web.health import health
from web.holdings import Library
from web.packing import add_packing
from web.report.pages import add_reports
from web.security import add_security_headers
from web.views import portal
from web.views.alerts import add_alerts
from web.views.reform import reforms
from web.views.sitemap import sitemap


def create_app(settings: Settings) -> Flask:
    """Make the application for one data directory.

    Raises:
        StorageError: the data directory cannot be used.
    """
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep the order we chose
    attach_library(app, Library(settings))
    add_packing(app)
    app.register_blueprint(portal)
    app.register_blueprint(charts)
    app.register_blueprint(figures)
    app.register_blueprint(api)
    app.register_blueprint(health)
    app.register_blueprint(sitemap)
    app.register_blueprint(reforms)
    add_alerts(app)
    add_desk(app)
    add_reports(app)
    register_errors(app)
    add_limits(app, settings)
    add_api_headers(app)
    add_security_headers(app)
    return app
