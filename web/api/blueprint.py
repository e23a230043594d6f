"""The API's blueprint: what is read under ``/api/v1``."""

from apiflask import APIBlueprint

PREFIX = "/api/v1"

# Its own document is made from the operations (web.api.openapi), not by APIFlask.
api = APIBlueprint("api", __name__, url_prefix=PREFIX, enable_openapi=False)
