"""Questions to SPARQL endpoints elsewhere, at addresses that were checked, within a time and a length."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address

import httpx
import pyoxigraph as ox
from anyio import to_thread

from graph_service.errors import EndpointFailed
from graph_service.federation.hosts import AllowedHosts, Endpoint

LONGEST = 8 * (1 << 20)
"""Bytes of an answer from elsewhere."""
_CONNECT_S = 5.0
"""Seconds for one address of an endpoint, before the next is tried."""

_FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
}
_HEADERS = {
    "Accept": "application/sparql-results+json, application/sparql-results+xml;q=0.8",
    # A packed answer could unpack to any length.
    "Accept-Encoding": "identity",
    "User-Agent": "Orrery (SPARQL 1.1 federated query)",
}

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host name; raises OSError where it has none."""


def addresses_of(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def new_client() -> httpx.AsyncClient:
    """A client that goes straight to an address: no proxy of the environment, no redirect, no cookie kept."""
    timeout = httpx.Timeout(None, connect=_CONNECT_S)
    return httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=timeout)


async def solutions_of(
    client: httpx.AsyncClient, endpoint: Endpoint, query: str, *, hosts: AllowedHosts, resolve: Resolve
) -> ox.QuerySolutions:
    """The solutions that an endpoint gives for a SELECT query, sent by POST in a form.

    Args:
        client: of ``new_client``.
        endpoint: on a host of the list.
        query: SELECT, complete with its prefixes.
        hosts: that may be at addresses which are not public.
        resolve: asked once; the connection goes to an address that it gave, so that the name
            cannot come to mean another one after the check.

    Raises:
        EndpointFailed: no address may be asked or answers, the answer is no 200, is too long or no
            SPARQL result.
    """
    answer: tuple[bytes, str] | None = None
    fault: httpx.HTTPError | None = None
    for address in await _checked(endpoint, hosts, resolve):
        try:
            answer = await _answer(client, endpoint, address, query)
            break
        except (httpx.ConnectError, httpx.ConnectTimeout) as cause:
            fault = cause
        except httpx.HTTPError as cause:
            raise EndpointFailed(f"SERVICE <{endpoint.url}>: {_said(cause)}") from cause
    if answer is None:
        raise EndpointFailed(f"SERVICE <{endpoint.url}>: {_said(fault)}") from fault
    return _read(*answer, endpoint)


async def _checked(endpoint: Endpoint, hosts: AllowedHosts, resolve: Resolve) -> Sequence[str]:
    """The addresses of an endpoint, of which every one may be asked."""
    try:
        found = await to_thread.run_sync(resolve, endpoint.host, endpoint.port, abandon_on_cancel=True)
        addresses = [ip_address(one) for one in found]
    except (OSError, ValueError) as cause:
        raise EndpointFailed(f"SERVICE <{endpoint.url}>: {endpoint.host} has no address: {cause}") from cause
    for address in addresses:
        if not hosts.admits_address(address, endpoint):
            reason = f"{endpoint.host} leads to {address}, which is not public and not among the hosts to ask"
            raise EndpointFailed(f"SERVICE <{endpoint.url}>: {reason}")
    return [str(address) for address in addresses]


async def _answer(client: httpx.AsyncClient, endpoint: Endpoint, address: str, query: str) -> tuple[bytes, str]:
    """The body and the media type of the answer of one address."""
    request = client.build_request(
        "POST",
        endpoint.url.copy_with(host=address),
        data={"query": query},
        headers=_HEADERS | {"Host": endpoint.url.netloc.decode()},
        # The certificate has to be for the name, though the connection is to an address.
        extensions={"sni_hostname": endpoint.host},
    )
    response = await client.send(request, stream=True)
    try:
        _ensure_usable(response, endpoint)
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > LONGEST:
                raise EndpointFailed(f"SERVICE <{endpoint.url}>: the answer is longer than {LONGEST:,} bytes")
    finally:
        await response.aclose()
    return bytes(body), response.headers.get("content-type", "")


def _ensure_usable(response: httpx.Response, endpoint: Endpoint) -> None:
    if response.is_redirect:
        raise EndpointFailed(f"SERVICE <{endpoint.url}>: answers with a redirect, which is not followed")
    if response.status_code != httpx.codes.OK:
        raise EndpointFailed(f"SERVICE <{endpoint.url}>: answers with status {response.status_code}")
    if (encoding := response.headers.get("content-encoding", "identity")) != "identity":
        raise EndpointFailed(
            f"SERVICE <{endpoint.url}>: the answer is packed as {encoding[:40]}, which was not asked for"
        )


def _read(body: bytes, content_type: str, endpoint: Endpoint) -> ox.QuerySolutions:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in _FORMATS:
        kind = media_type[:80] or "of no type"
        raise EndpointFailed(f"SERVICE <{endpoint.url}>: the answer is {kind}, no SPARQL result")
    try:
        results = ox.parse_query_results(body, format=_FORMATS[media_type])
    except (SyntaxError, ValueError) as cause:
        raise EndpointFailed(f"SERVICE <{endpoint.url}>: the answer is no SPARQL result: {cause}") from cause
    if not isinstance(results, ox.QuerySolutions):
        raise EndpointFailed(f"SERVICE <{endpoint.url}>: the answer has no solutions")
    return results


def _said(cause: Exception | None) -> str:
    return f"cannot be asked: {cause or type(cause).__name__}"
