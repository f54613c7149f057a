"""Which SPARQL endpoints elsewhere a query may name, and which addresses they may be at."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx

from graph_service.errors import QueryInvalid, RequestInvalid

_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a SPARQL endpoint is."""

    url: httpx.URL
    host: str
    """A name in lower case, or an address as text."""
    port: int


@dataclass(frozen=True, slots=True)
class Host:
    """A host that a site trusts."""

    name: str
    port: int | None
    """None for the ports of http and https."""

    def is_of(self, name: str, port: int, url: httpx.URL) -> bool:
        """Whether a name or an address, at a port, is this host."""
        return self.name == name and port == (_PORTS[url.scheme] if self.port is None else self.port)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts that queries may reach; without any, none."""

    hosts: Sequence[Host] = ()

    def admit(self, endpoint: Endpoint) -> None:
        """Pass an endpoint on a host of the list.

        Raises:
            QueryInvalid: its host is not on the list, or not with its port.
        """
        if not any(host.is_of(endpoint.host, endpoint.port, endpoint.url) for host in self.hosts):
            where = f"{endpoint.host}, port {endpoint.port},"
            raise QueryInvalid(f"SERVICE <{endpoint.url}>: {where} is not among the hosts that this catalogue asks")

    def admits_address(self, address: Address, endpoint: Endpoint) -> bool:
        """Whether an endpoint on the list may be at an address.

        What is not public has to be on the list itself, so that whoever rules a name
        cannot point it at a neighbour of this machine. ``localhost`` says where it is.
        """
        if is_public(address) or (endpoint.host == "localhost" and address.is_loopback):
            return True
        return any(host.is_of(str(address), endpoint.port, endpoint.url) for host in self.hosts)


def allowed_hosts(text: str) -> AllowedHosts:
    """The hosts of a list such as ``query.example.org, 10.0.0.5:7878, [::1]:3030``.

    Raises:
        RequestInvalid: a part is no host with or without a port.
    """
    return AllowedHosts(tuple(_host(part.strip()) for part in text.split(",") if part.strip()))


def _host(text: str) -> Host:
    name, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        name, port = text, ""
    valid = name and not set(name) & set("/@?#*\\ ") and (":" not in name or name.startswith("["))
    if not valid or (colon and port != "" and not (port.isascii() and port.isdigit() and 0 < int(port) <= _LAST_PORT)):
        raise RequestInvalid(f"{text!r} is no host: write name, name:port, address:port or [address]:port")
    return Host(_canonical(name.strip("[]")), int(port) if port else None)


def endpoint_of(iri: str) -> Endpoint:
    """The endpoint that an IRI names.

    Raises:
        QueryInvalid: it is no http or https address, or holds a password.
    """
    try:
        url = httpx.URL(iri)
    except httpx.InvalidURL as cause:
        raise QueryInvalid(f"SERVICE <{iri}>: {cause}") from cause
    if url.scheme not in _PORTS or not url.host:
        raise QueryInvalid(f"SERVICE <{iri}>: an endpoint has an http or https address")
    if url.userinfo:
        raise QueryInvalid(f"SERVICE <{url.copy_with(userinfo=b'')}>: an address with a user name is not asked")
    return Endpoint(url, _canonical(url.host), url.port or _PORTS[url.scheme])


def _canonical(name: str) -> str:
    try:
        return str(ip_address(name))
    except ValueError:
        # As httpx has it: lower case, and international names in their ASCII form.
        return httpx.URL(scheme="http", host=name).raw_host.decode()


def is_public(address: Address) -> bool:
    """Whether an address is one of the open Internet: no loopback, link-local, private, multicast or reserved one.

    IPv6 addresses that hold an IPv4 one (::ffff:0:0/96, 64:ff9b::/96, 2002::/16) are none
    either, because they may lead to any.
    """
    if isinstance(address, IPv6Address) and (address.sixtofour or address.is_site_local):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
