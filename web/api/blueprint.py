"""The API's blueprint: what is read under ``/api/v1``."""

from flask import Blueprint

PREFIX = "/api/v1"

api = Blueprint("api", __name__, url_prefix=PREFIX)
