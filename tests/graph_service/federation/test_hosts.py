"""The list of hosts that SERVICE may reach."""

import pytest

from graph_service.errors import QueryInvalid, RequestInvalid
from graph_service.federation.hosts import AllowedHosts, allowed_hosts, endpoint_of


@pytest.mark.parametrize(
    ("listed", "endpoint", "admitted"),
    [
        ("", "http://a.example/", False),
        ("a.example", "http://a.example/sparql", True),
        ("a.example", "https://a.example/sparql", True),
        ("a.example", "https://a.example:80/sparql", False),
        ("a.example", "http://a.example:8080/sparql", False),
        ("a.example:8080", "http://a.example:8080/sparql", True),
        ("a.example:8080", "http://a.example/sparql", False),
        ("A.Example, b.example", "http://a.EXAMPLE/", True),
        ("a.example", "http://b.a.example/", False),
        ("a.example", "http://a.example.b/", False),
        ("bücher.example", "http://xn--bcher-kva.example/", True),
        ("[::1]:3030", "http://[0:0:0:0:0:0:0:1]:3030/", True),
        ("[::1]", "http://[::1]/", True),
        ("127.0.0.1", "http://127.0.0.1/", True),
        ("127.0.0.1", "http://localhost/", False),
    ],
)
def test_a_host_is_admitted_with_its_port(listed: str, endpoint: str, admitted: bool) -> None:
    hosts = allowed_hosts(listed)
    if admitted:
        hosts.admit(endpoint_of(endpoint))
    else:
        with pytest.raises(QueryInvalid, match="not among the hosts"):
            hosts.admit(endpoint_of(endpoint))


@pytest.mark.parametrize(
    "text", ["http://a.example/", "a.example:0", "a.example:99999", "a b", "a:b", "::1", ":80", "*"]
)
def test_what_is_no_host_is_refused_by_name(text: str) -> None:
    with pytest.raises(RequestInvalid, match="no host"):
        allowed_hosts(f"b.example, {text}")


def test_an_empty_list_has_no_hosts() -> None:
    assert allowed_hosts(" , ") == AllowedHosts()
