"""The ontology over HTTP: a page for people, RDF for programs, every term at its address."""

import re
import time
from collections import Counter
from html.parser import HTMLParser

import pytest
import rdflib
from fastapi import FastAPI

from graph_service.api.errors import add_error_handlers
from graph_service.api.ontology import ontology_router
from graph_service.views.ontology.names import anchor
from ontology import terms
from ontology.identifiers import BASE
from ontology.loader import Ontology, packaged
from ontology.release import releases
from tests.graph_service.api.stac_service import TestClient
from tests.graph_service.views.ontology.modules import described, named

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
FORMATS = {
    "html": "text/html",
    "turtle": "text/turtle",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "ntriples": "application/n-triples",
}
OURS = sorted(iri for iri in named(packaged().triples) if iri.startswith("https://w3id.org/orrery/"))
VERSION = packaged().modules[0].version
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "rect", "line"}


class Document(HTMLParser):
    """Identifiers, links and loads of a page; fails where an element is closed that is not the last one open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.identifiers: Counter[str] = Counter()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.identifiers.update([given["id"]] if "id" in given else [])
        if tag == "a":
            self.links.append(given["href"])
        elif "src" in given or (tag == "link" and given["rel"] not in ("canonical", "alternate")):
            self.loads.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag, self.getpos()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID


def client_of(ontology: Ontology) -> TestClient:
    app = FastAPI()
    add_error_handlers(app)
    app.include_router(ontology_router(ontology))
    return TestClient(app, follow_redirects=False)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(packaged())


@pytest.fixture(scope="module")
def page(client: TestClient) -> Document:
    return Document(client.get("/ontology", headers=BROWSER).text)


def test_a_browser_gets_a_page(client: TestClient) -> None:
    answer = client.get("/ontology", headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/html;q=0.5, application/ld+json", "application/ld+json"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("text/*;q=0.3, text/html;q=0.9", "text/html"),
        ("application/*", "application/rdf+xml"),
    ],
)
def test_the_format_is_the_one_that_is_liked_best(client: TestClient, accept: str, media_type: str) -> None:
    answer = client.get("/ontology", headers={"Accept": accept})
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("path", ["/ontology", "/ontology/core", "/ontology/shapes", "/ontology/term/Scene"])
def test_a_format_that_is_not_spoken_is_refused(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NotAcceptable")


@pytest.mark.parametrize("f", FORMATS)
def test_a_format_can_be_named_in_the_address(client: TestClient, f: str) -> None:
    answer = client.get("/ontology", params={"f": f}, headers={"Accept": "image/png"})
    assert answer.headers["content-type"].split(";")[0] == FORMATS[f]


def test_a_format_of_another_name_is_refused(client: TestClient) -> None:
    answer = client.get("/ontology?f=word")
    assert answer.status_code == 400
    assert "turtle" in answer.json()["description"]


@pytest.mark.parametrize("path", ["/ontology", "/ontology?f=html", "/ontology/core", "/ontology/context.jsonld"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_formats_have_tags_of_their_own(client: TestClient) -> None:
    assert len({client.get("/ontology", params={"f": f}).headers["etag"] for f in FORMATS}) == len(FORMATS)


def test_the_page_is_quick_once_it_was_written(client: TestClient, page: Document) -> None:
    def seconds() -> float:
        start = time.process_time()
        client.get("/ontology", headers=BROWSER)
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.02


def test_the_page_has_an_anchor_for_every_term(page: Document) -> None:
    assert [iri for iri in OURS if anchor(iri) not in page.identifiers] == []


def test_the_page_has_no_identifier_twice(page: Document) -> None:
    assert [name for name, number in page.identifiers.items() if number > 1] == []


def test_links_within_the_page_lead_to_something(page: Document) -> None:
    within = {link[1:] for link in page.links if link.startswith("#")}
    assert within
    assert within - page.identifiers.keys() == set()


def test_links_within_the_service_lead_to_something(client: TestClient, page: Document) -> None:
    local = sorted({link for link in page.links if link.startswith("/ontology") and "/term/" not in link})
    answers = {link: client.get(link).status_code for link in local}
    assert answers
    assert {link: status for link, status in answers.items() if status != 200} == {}


def test_the_page_loads_nothing(page: Document, client: TestClient) -> None:
    assert page.loads == []
    styles = re.findall(r"<style>(.*?)</style>", client.get("/ontology?f=html").text, re.DOTALL)
    assert [style for style in styles if "url(" in style or "@import" in style] == []


def test_headings_do_not_leave_out_a_level(page: Document) -> None:
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert [pair for pair in zip(page.headings, page.headings[1:], strict=False) if pair[1] > pair[0] + 1] == []


def test_words_of_a_module_are_text_and_never_markup() -> None:
    text = "<script>alert('x')</script> & \\\"quoted\\\""
    ontology = described(
        f'orr:Odd a owl:Class ; rdfs:label "{text}"@en , "<b>"@fr ; skos:definition "{text}"@en ;'
        f' rdfs:seeAlso "{text}" ;'
        " rdfs:subClassOf <javascript:alert(1)> ."
    )
    body = client_of(ontology).get("/ontology?f=html").text
    page = Document(body)
    assert "<script>alert" not in body
    assert body.count("&lt;script&gt;alert") >= 3
    assert [link for link in page.links if link.startswith("javascript:")] == []


@pytest.mark.parametrize("f", FORMATS)
def test_every_module_is_served_in_every_format(client: TestClient, f: str) -> None:
    for module in packaged().modules:
        name = str(module.iri).rpartition("/")[2]
        answer = client.get(f"/ontology/{name}", params={"f": f})
        if f == "html":
            assert (answer.status_code, answer.headers["location"]) == (303, f"/ontology#module/{name}")
        else:
            assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, FORMATS[f])


def test_a_module_is_served_as_it_was_written(client: TestClient) -> None:
    assert [one.place for one in packaged().modules if client.get(place(one.iri)).text != one.text] == []


def place(iri: str | None) -> str:
    return "/" + str(iri).removeprefix("https://w3id.org/orrery/")


def test_the_current_version_of_a_module_is_served_at_its_version_iri(client: TestClient) -> None:
    for module in packaged().modules:
        assert client.get(f"{place(module.iri)}/{module.version}").text == module.text


@pytest.mark.parametrize("version", releases())
def test_a_released_version_is_served_whole_and_by_module(client: TestClient, version: str) -> None:
    released = releases()[version]
    for module in released.modules:
        assert client.get(f"{place(module.iri)}/{version}").text == module.text
    assert rdflib.Graph().parse(data=client.get(f"/ontology/{version}").text) is not None
    page = Document(client.get(f"/ontology/{version}", headers=BROWSER).text)
    assert [
        iri for iri in named(released.triples) if iri.startswith(BASE[:-3]) and anchor(iri) not in page.identifiers
    ] == []


def test_the_page_of_an_earlier_version_says_so(client: TestClient) -> None:
    earlier = client.get("/ontology/0.1.0", headers=BROWSER).text
    assert "This is version 0.1.0" in earlier
    assert "FloodScene" not in earlier
    assert "This is version" not in client.get("/ontology", headers=BROWSER).text


@pytest.mark.parametrize(
    ("path", "named_there"),
    [
        ("/ontology/geology", ["core", "water", "0.1.0", VERSION]),
        ("/ontology/9.9.9", ["core", VERSION]),
        ("/ontology/core/9.9.9", ["0.1.0", VERSION]),
        ("/ontology/geology/0.1.0", ["core"]),
        ("/ontology/code/AnomalyType-fire", ["/ontology", "/sparql"]),
        ("/ontology/term/Spaceship", ["/ontology"]),
    ],
)
def test_what_there_is_not_is_not_found_and_told_what_there_is(
    client: TestClient, path: str, named_there: list[str]
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
    assert [name for name in named_there if str(name) not in answer.json()["description"]] == []


@pytest.mark.parametrize("namespace", [terms.ORR, terms.CODE])
def test_every_term_and_code_is_served_alone(client: TestClient, namespace: str) -> None:
    route = {terms.ORR: "/ontology/term/", terms.CODE: "/ontology/code/"}[namespace]
    listed = [iri for iri in OURS if iri.startswith(namespace)]
    assert listed
    for iri in listed:
        path = route + iri.removeprefix(namespace)
        graph = rdflib.Graph().parse(data=client.get(path, params={"f": "ntriples"}).text, format="nt")
        assert (rdflib.URIRef(iri), None, None) in graph
        assert client.get(path, headers=BROWSER).headers["location"] == f"/ontology#{anchor(iri)}"


def test_the_context_is_the_one_that_is_published(client: TestClient) -> None:
    answer = client.get("/ontology/context.jsonld", headers=BROWSER)
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["@context"]["Scene"] == "orr:Scene"


@pytest.mark.parametrize("f", ["turtle", "ntriples", "rdfxml", "jsonld"])
def test_the_shapes_are_served(client: TestClient, f: str) -> None:
    answer = client.get("/ontology/shapes", params={"f": f})
    assert answer.headers["content-type"].split(";")[0] == FORMATS[f]
    assert "http://www.w3.org/ns/shacl#" in answer.text


def test_links_keep_the_path_that_the_service_is_mounted_under() -> None:
    outer = FastAPI()
    inner = FastAPI()
    inner.include_router(ontology_router(described("orr:A a owl:Class .")))
    outer.mount("/catalogue", inner)
    client = TestClient(outer, follow_redirects=False)
    page = Document(client.get("/catalogue/ontology?f=html").text)
    assert "/catalogue/ontology?f=turtle" in page.links
    assert client.get("/catalogue/ontology/term/A?f=html").headers["location"] == "/catalogue/ontology#A"
