"""A server on this machine that nobody is to ask, and everything that might lead to it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from graph_service.federation.hosts import allowed_hosts
from tests.graph_service.api.live import Live, live


@dataclass(frozen=True, slots=True)
class Bait:
    """A server that notes what it is asked."""

    port: int
    asked: list[str]


@pytest.fixture(scope="module")
def bait() -> Iterator[Bait]:
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1/")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Bait(server.server_address[1], asked)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A service that may ask nobody."""
    with live(tmp_path_factory.mktemp("closed")) as running:
        yield running


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory, bait: Bait) -> Iterator[Live]:
    """A service that may ask others, and a name that may come to mean this machine."""
    hosts = allowed_hosts(f"query.example.org, 192.0.2.7, ip6-loopback:{bait.port}, localtest.invalid:{bait.port}")
    with live(tmp_path_factory.mktemp("listing"), service_hosts=hosts, query_timeout_s=5.0) as running:
        yield running


HOSTS = {
    "loopback": "127.0.0.1", "another loopback": "127.1.2.3", "short": "127.1", "decimal": "2130706433",
    "octal": "0177.0.0.1", "hexadecimal": "0x7f000001", "any": "0.0.0.0", "none": "0", "name": "localhost",
    "name with a dot": "localhost.", "capitals": "LOCALHOST", "IPv6": "[::1]", "IPv6 any": "[::]",
    "mapped": "[::ffff:127.0.0.1]", "mapped in hexadecimal": "[::ffff:7f00:1]", "compatible": "[::127.0.0.1]",
    "6to4": "[2002:7f00:1::]", "user": "query.example.org@127.0.0.1", "password": "a:b@127.0.0.1",
    "listed as a user": "192.0.2.7@127.0.0.1", "full width": "１２７.0.0.1", "percent": "127.0.0%2E1",
    "name that leads here": "ip6-loopback", "name that is nowhere": "localtest.invalid", "neighbour": "10.0.0.1",
    "metadata": "169.254.169.254",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTS)
def test_no_form_of_an_address_leads_to_this_machine(listing: Live, bait: Bait, name: str) -> None:
    with listing.client() as client:
        query = f"SELECT * {{ SERVICE <http://{HOSTS[name]}:{bait.port}/> {{ ?s ?p ?o }} }}"
        answer = client.post("/sparql", data={"query": query})
        assert (answer.status_code, answer.json()["code"]) in ((400, "QueryInvalid"), (502, "EndpointFailed"))
    assert bait.asked == []


@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", "dict", "jar", "data", "unix", "https+unix"])
def test_no_other_scheme_is_asked(listing: Live, bait: Bait, scheme: str) -> None:
    with listing.client() as client:
        query = f"SELECT * {{ SERVICE <{scheme}://query.example.org/etc/passwd> {{ ?s ?p ?o }} }}"
        assert client.post("/sparql", data={"query": query}).status_code == 400
    assert bait.asked == []


CLAUSE = "SERVICE <{at}> {{ ?s ?p ?o }}"
QUERIES = {
    "plain": "SELECT * { {clause} }",
    "silent": "SELECT * { SERVICE SILENT <{at}> { ?s ?p ?o } }",
    "lower case": "SELECT * { service <{at}> { ?s ?p ?o } }",
    "escaped letter": "SELECT * { \\u0053ERVICE <{at}> { ?s ?p ?o } }",
    "long escape": "SELECT * { SERV\\U00000049CE <{at}> { ?s ?p ?o } }",
    "without blanks": "SELECT*{SERVICE<{at}>{?s ?p ?o}}",
    "behind a number": "SELECT * { FILTER(1=1SERVICE<{at}>{?s ?p ?o}) }",
    "behind a comment": "SELECT * { #\n{clause} }",
    "in a subquery": "SELECT * { { SELECT * { {clause} } } }",
    "in EXISTS": "ASK { ?a ?b ?c FILTER EXISTS { {clause} } }",
    "in NOT EXISTS in a projection": "SELECT (NOT EXISTS { {clause} } AS ?x) {}",
    "in MINUS": "SELECT * { ?s ?p ?o MINUS { {clause} } }",
    "in OPTIONAL": "SELECT * { OPTIONAL { {clause} } }",
    "in UNION": "SELECT * { {} UNION { {clause} } }",
    "in GRAPH": "SELECT * { GRAPH ?g { {clause} } }",
    "in LATERAL": "SELECT * { ?a ?b ?c LATERAL { {clause} } }",
    "of a variable": "SELECT * { VALUES ?at { <{at}> } SERVICE ?at { ?s ?p ?o } }",
    "of a bound variable": "SELECT * { BIND(IRI('{at}') AS ?at) SERVICE ?at { ?s ?p ?o } }",
    "of a prefix": "PREFIX b: <{at}> SELECT * { SERVICE b: { ?s ?p ?o } }",
    "of a base": "BASE <{at}> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "as a prefix": "PREFIX SERVICE: <{at}> SELECT * { SERVICE SERVICE: { ?s ?p ?o } }",
    "in a construction": "CONSTRUCT WHERE { {clause} }",
    "in a description": "DESCRIBE ?s { {clause} }",
    "in HAVING": "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(EXISTS { {clause} })",
    "in ORDER BY": "SELECT ?s { ?s ?p ?o } ORDER BY (EXISTS { {clause} })",
    "FROM": "SELECT * FROM <{at}> { ?s ?p ?o }",
    "FROM NAMED": "SELECT * FROM NAMED <{at}> { GRAPH ?g { ?s ?p ?o } }",
    "GRAPH": "SELECT * { GRAPH <{at}> { ?s ?p ?o } }",
    "a reference system": "SELECT (geof:transform('POINT(1 1)'^^geo:wktLiteral, <{at}>) AS ?x) {}",
    "a reference system of a literal": "SELECT (geof:dimension('<{at}> POINT(1 1)'^^geo:wktLiteral) AS ?x) {}",
    "an entity of GML": "SELECT (geof:dimension(\"<!DOCTYPE a [<!ENTITY x SYSTEM '{at}'>]><gml:Point "
    "xmlns:gml='http://www.opengis.net/gml/3.2'><gml:pos>1 &x;</gml:pos></gml:Point>\"^^geo:gmlLiteral) AS ?x) {}",
    "a DTD of KML": "SELECT (geof:dimension(\"<!DOCTYPE a SYSTEM '{at}'><Point "
    "xmlns='http://www.opengis.net/kml/2.2'><coordinates>1,1</coordinates></Point>\"^^geo:kmlLiteral) AS ?x) {}",
    "a link of GeoJSON": "SELECT (geof:dimension('{\"type\":\"Point\",\"coordinates\":[1,1],\"crs\":{\"type\":\"link\","
    "\"properties\":{\"href\":\"{at}\"}}}'^^geo:geoJSONLiteral) AS ?x) {}",
}  # fmt: skip


def written(text: str, bait: Bait) -> str:
    at = f"http://127.0.0.1:{bait.port}/"
    return text.replace("{clause}", CLAUSE.format(at=at)).replace("{at}", at)


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("params", [{}, {"expand": "true"}, {"explain": "true"}], ids=["plain", "expand", "explain"])
def test_no_query_reaches_out(closed: Live, bait: Bait, name: str, params: dict[str, str]) -> None:
    with closed.client() as client:
        answer = client.post("/sparql", data={"query": written(QUERIES[name], bait)} | params)
    assert answer.status_code in (200, 400), answer.text
    assert bait.asked == []


UPDATES = {
    "LOAD": "LOAD <{at}>",
    "LOAD SILENT": "LOAD SILENT <{at}> INTO GRAPH <http://e/g>",
    "LOAD with an escape": "\\u004cOAD <{at}>",
    "LOAD behind another": "CLEAR SILENT GRAPH <http://e/g>;LOAD<{at}>",
    "WHERE": "INSERT { ?s ?p ?o } WHERE { {clause} }",
    "DELETE WHERE": "DELETE WHERE { {clause} }",
    "a subquery": "DELETE { ?s ?p ?o } WHERE { { SELECT * { {clause} } } }",
    "USING": "INSERT { GRAPH <http://e/g> { ?s ?p ?o } } USING <{at}> WHERE { ?s ?p ?o }",
    "WITH": "WITH <{at}> INSERT { ?s ?p ?o } WHERE { ?s <http://e/none> ?o }",
    "COPY": "COPY SILENT <{at}> TO <http://e/g>",
}


@pytest.mark.parametrize("name", UPDATES)
def test_no_update_reaches_out(closed: Live, bait: Bait, name: str) -> None:
    with closed.client(closed.token(f"writer of {name}")) as client:
        answer = client.post("/sparql/update", data={"update": written(UPDATES[name], bait)})
    assert answer.status_code in (204, 400), answer.text
    assert bait.asked == []


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DOCUMENTS = {
    "a context of JSON-LD": ("application/ld+json", '{"@context": "{at}", "@id": "http://e/a", "name": "x"}', 400),
    "an import of JSON-LD": (
        "application/ld+json", '{"@context": {"@version": 1.1, "@import": "{at}"}, "@id": "http://e/a", "n": 1}', 400),
    "an entity of RDF/XML": (
        "application/rdf+xml", f'<!DOCTYPE a [<!ENTITY x SYSTEM "{{at}}">]><r:RDF xmlns:r="{RDF}" xmlns:e="http://e/">'
        '<r:Description r:about="http://e/a"><e:b>&x;</e:b></r:Description></r:RDF>', 400),
    "a DTD of RDF/XML": ("application/rdf+xml", f'<!DOCTYPE a SYSTEM "{{at}}"><r:RDF xmlns:r="{RDF}"/>', 201),
    "an import of OWL": ("text/turtle", "<http://e/a> <http://www.w3.org/2002/07/owl#imports> <{at}> .", 201),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_reaches_out(closed: Live, bait: Bait, name: str) -> None:
    media_type, text, status = DOCUMENTS[name]
    params, headers = {"graph": f"http://e/{DOCUMENTS[name][2]}/{len(text)}"}, {"Content-Type": media_type}
    with closed.client(closed.token(f"writer of {name}")) as client:
        answer = client.put("/rdf-graph-store", params=params, content=written(text, bait), headers=headers)
    assert answer.status_code == status, answer.text
    assert bait.asked == []


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void", "/", "/stac/", "/sparql?query=ASK{}"])
def test_no_name_of_the_service_reaches_out(closed: Live, bait: Bait, path: str) -> None:
    with closed.client() as client:
        headers = {"Host": f"127.0.0.1:{bait.port}", "X-Forwarded-Host": f"127.0.0.1:{bait.port}"}
        assert client.get(path, headers=headers).status_code == 200
    assert bait.asked == []


def test_an_input_of_a_kept_query_is_a_value(closed: Live, bait: Bait) -> None:
    with closed.client() as client:
        for value in (f"x> {{}} SERVICE <http://127.0.0.1:{bait.port}/", f"http://127.0.0.1:{bait.port}/"):
            assert client.get("/queries/lineage", params={"product": value}).status_code in (200, 400)
    assert bait.asked == []


def test_the_bait_would_be_noticed(bait: Bait) -> None:
    httpx.get(f"http://127.0.0.1:{bait.port}/seen", trust_env=False)
    assert bait.asked == ["GET /seen"]
    bait.asked.clear()
