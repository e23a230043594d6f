"""The address that readers know the portal by."""

from flask import request

from web.current import current_library


def site_address() -> str:
    """The setting's address or, without one, the request's; no slash at the end."""
    return (current_library().settings.public_url or request.url_root).rstrip("/")
