"""Which addresses may be asked at all, and which machine a host's name may lead to."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) → the addresses its name stands for, as numbers."""

_PORTS = {"http": 80, "https": 443}
# Browsers and libraries read these characters differently: an address with one is two addresses.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class FetchRefusedError(Exception):
    """An address that is not asked; the text says why, to stand after the address."""


class FetchFailedError(Exception):
    """An exchange that gave nothing whole; the text says why, to stand after the address."""

    def __init__(self, reason: str, *, again: bool = True) -> None:
        """Keep whether the same question may get a better answer in a moment."""
        super().__init__(reason)
        self.again = again


@dataclass(frozen=True)
class Target:
    """An address that passed: where to connect, and what to ask for there."""

    address: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme and host, which robots.txt and politeness go by."""
        return f"{self.scheme}://{self.host}"


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask this machine's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, kw_only=True)
class Guard:
    """The one place that decides what may be asked.

    ``stand_ins`` is for tests alone and reached by no option or setting: it maps an
    origin such as ``http://reviews.example.org`` to a port of this machine that answers
    in its place. Every other rule holds for such an origin as for any.
    """

    hosts: Collection[str]
    resolver: Resolver = resolve_by_system
    stand_ins: Mapping[str, int] = field(default_factory=dict)

    def check(self, address: str) -> Target:
        """Let an address pass, at the start and at every hop of a redirect.

        Raises:
            FetchRefusedError: it is not an http or https address of a listed host on its
                usual port, or is written so that two readers could differ on it.
        """
        if _UNSAFE.search(address) or not address.isascii():
            raise FetchRefusedError("is written with characters that no address may have")
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise FetchRefusedError("is not an address") from error
        if parts.scheme not in _PORTS:
            raise FetchRefusedError(
                f"is of the kind {parts.scheme!r}, and only http and https are fetched"
            )
        if "@" in parts.netloc:
            raise FetchRefusedError("carries a user name, which can pass for a host")
        host = parts.hostname or ""
        if host not in self.hosts:
            raise FetchRefusedError(f"is on the host {host!r}, which is not on the source's list")
        if port not in (None, _PORTS[parts.scheme]):
            raise FetchRefusedError(f"is on port {port}, and only the usual ports are asked")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        clean = f"{parts.scheme}://{host}{path}"
        return Target(clean, parts.scheme, host, _PORTS[parts.scheme], path)

    def check_hop(self, before: Target, address: str) -> Target:
        """Let a redirect pass.

        Raises:
            FetchRefusedError: as :meth:`check`, or it would leave TLS.
        """
        target = self.check(address)
        if before.scheme == "https" and target.scheme == "http":
            raise FetchRefusedError("would leave the encrypted connection")
        return target

    async def locate(self, target: Target) -> tuple[list[str], int]:
        """Find the machines to connect to; their names are not looked up again.

        Returns:
            Numeric addresses, each of them public, in the resolver's order, and the port.

        Raises:
            FetchRefusedError: one of the addresses is private, local or reserved.
            FetchFailedError: the name stands for none.
        """
        if target.origin in self.stand_ins:
            return ["127.0.0.1"], self.stand_ins[target.origin]
        try:
            found = list(dict.fromkeys(await self.resolver(target.host, target.port)))
        except OSError as error:
            raise FetchFailedError(f"has a host that cannot be found: {target.host}") from error
        if not found:
            raise FetchFailedError(f"has a host that cannot be found: {target.host}")
        for address in found:
            # One private address among public ones is how a name is turned on its owner.
            if not is_public(address):
                raise FetchRefusedError(
                    f"leads to {address}, which is not an address of the public internet"
                )
        return found, target.port


def is_public(address: str) -> bool:
    """Whether a numeric address is of the public internet, also by what is wrapped in it."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        wrapped = number.ipv4_mapped or number.sixtofour
        if number in _NAT64:
            wrapped = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        if number.teredo is not None or number.is_site_local:
            return False
    return number.is_global and not number.is_multicast
