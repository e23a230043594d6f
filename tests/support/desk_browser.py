"""A client of the coding desk that fills in forms as a browser does."""

import html
import re

from desk_world import PASSWORD
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Browser:
    """A client that sends a page's own hidden fields with its forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def get(self, path: str, status: int = 200) -> str:
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code)
        self.page = response.text
        return self.page

    def post(self, path: str, **fields: object) -> TestResponse:
        hidden = {
            name: self.hidden(name) for name in ("csrf_token", "token", "seen", "next", "carried")
        }
        sent = {name: value for name, value in hidden.items() if value is not None} | fields
        response = self.client.post(path, data=sent)
        if response.status_code != 303:  # the page stays open as it was
            self.page = response.text
        return response

    def hidden(self, name: str) -> str | None:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        if found is None:
            return None
        return html.unescape(found[1])

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        self.get("/desk/sign-in")
        return self.post("/desk/sign-in", name=name, password=password)
