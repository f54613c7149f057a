"""The page that a browser sees at the endpoint."""

from collections.abc import Iterator

import httpx
import lxml.html
import pytest

from queries.library import names
from tests.graph_service.api.live import live

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with live(tmp_path_factory.mktemp("page"), query_timeout_s=5.0) as service, service.client() as opened:
        yield opened


def page(client: httpx.Client, query: str | None = None, status: int = 200, **params: str) -> lxml.html.HtmlElement:
    asked = params if query is None else params | {"query": query}
    answer = client.get("/sparql", params=asked, headers=BROWSER)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return lxml.html.fromstring(answer.text)


def test_a_browser_sees_a_form_with_a_label_and_the_kept_queries(client: httpx.Client) -> None:
    found = page(client)
    (area,) = found.xpath("//form[@method='get']//textarea[@name='query']")
    assert found.xpath(f"//label[@for='{area.get('id')}']")
    assert len(found.xpath("//ul[@class='examples']/li/a")) == len(names())


def test_the_page_loads_nothing(client: httpx.Client) -> None:
    found = page(client, "ASK {}")
    assert not found.xpath("//script | //link | //img | //iframe | //*[@src]")


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/ld+json, text/html;q=0.5"])
def test_programs_get_the_description_as_before(client: httpx.Client, accept: str) -> None:
    assert "html" not in client.get("/sparql", headers={"Accept": accept}).headers["content-type"]
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept.replace("turtle", "csv")})
    assert answer.status_code in (200, 406)
    assert "html" not in answer.headers["content-type"]


def test_solutions_are_a_table(client: httpx.Client) -> None:
    values = '("<b>x</b>") ("a\\tb\\"c"@en) (<javascript:alert(1)>) (<http://e/x>) (orr:Scene) (1.5) (UNDEF)'
    found = page(client, f"SELECT ?v {{ VALUES (?v) {{ {values} }} }}")
    cells = found.xpath("//tr/td")
    assert [cell.text_content().strip() for cell in cells] == [
        "<b>x</b>", 'a\tb"c en', "javascript:alert(1)", "http://e/x", "orr:Scene", "1.5", "",
    ]  # fmt: skip
    assert [link.get("href") for link in found.xpath("//td/a")] == [
        "http://e/x", "https://w3id.org/orrery/ontology#Scene",
    ]  # fmt: skip
    assert found.xpath("//th/text()") == ["v"]


def test_the_query_stays_in_its_field(client: httpx.Client) -> None:
    query = "\nSELECT ?x\n{ BIND('</textarea><script>' AS ?x) }"
    assert page(client, query).xpath("//textarea")[0].text.strip() == query.strip()


def test_truth_and_triples_are_a_text(client: httpx.Client) -> None:
    assert page(client, "ASK {}").xpath("//pre")[0].text == "true"
    text = page(client, "CONSTRUCT { <http://e/a> <http://e/b> 'c' } WHERE {}").xpath("//pre")[0].text
    assert "http://e/a" in text


def test_a_long_result_is_cut_and_says_so(client: httpx.Client) -> None:
    found = page(client, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert len(found.xpath("//tr")) == 501
    assert "there are more" in found.xpath("//caption")[0].text


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("SELEC * {}", 400, "line 1, column 1"),
        ("SELECT * { ?s nope:x ?o }", 400, "nope:"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", 503, "deadline"),
    ],
)
def test_what_is_wrong_stands_on_the_page(client: httpx.Client, query: str, status: int, reason: str) -> None:
    (told,) = page(client, query, status).xpath("//*[@role='alert']")
    assert reason in told.text


def test_expansion_is_asked_for_by_a_box(client: httpx.Client) -> None:
    assert page(client, "ASK {}", expand="true").xpath("//input[@name='expand' and @checked]")
    assert not page(client, "ASK {}").xpath("//input[@name='expand' and @checked]")
