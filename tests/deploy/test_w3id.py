"""The permanent addresses: every published one has a rule, and the rule leads to what describes it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import pytest
import rdflib

from ontology import identifiers as ids
from ontology import terms
from ontology.loader import packaged
from ontology.release import releases
from tests.graph_service.api.stac_service import TestClient
from tests.graph_service.service import serving
from tests.graph_service.views.ontology.modules import named

ROOT = "https://w3id.org/orrery/"
HTACCESS = (Path(__file__).resolve().parents[2] / "deploy" / "w3id" / ".htaccess").read_text("utf-8")
HOST = "orrery.example.org"

OURS = sorted(iri for iri in named(packaged().triples) if iri.startswith(ROOT))
VERSIONS = sorted(
    {f"{module.iri}/{module.version}" for one in (packaged(), *releases().values()) for module in one.modules}
    | {f"{ROOT}ontology/{version}" for version in releases()}
)
RECORDS = {
    "item": ids.item_iri("a collection", "S2A_MSIL1C 2025/10"),
    "collection": ids.collection_iri("sentinel-2-l2a"),
    "platform": ids.platform_iri("sentinel-2a"),
    "constellation": ids.constellation_iri("sentinel-2"),
    "instrument": ids.instrument_iri("sentinel-2a", "msi"),
    "tile": ids.tile_iri("MGRS-34SGH"),
    "model": ids.model_iri("unet", "1.0"),
    "rule": ids.rule_iri("water", "ab12"),
    "unit": ids.unit_iri("EL61"),
    "water body": ids.water_body_iri("Lago di Como"),
    "parcel": ids.parcel_iri("lpis", "12"),
    "source": ids.source_iri("plant"),
    "plume": ids.plume_iri("p-1"),
    "event": ids.event_iri("EMSR", "EMSR692"),
    "in-situ platform": ids.in_situ_platform_iri("6901234"),
    "observation": ids.observation_iri("soil-moisture", "é"),
    "site": ids.site_iri("CESNET"),
    "replica": ids.replica_iri(ids.item_iri("c", "i"), "CESNET"),
    "link": ids.link_iri("l-1"),
    "audience": ids.audience_iri("partners"),
    "catalogue": ids.CATALOGUE,
}


class Rule(NamedTuple):
    """One RewriteRule with the condition before it."""

    condition: re.Pattern[str] | None
    """Of the request line."""
    pattern: re.Pattern[str]
    target: str
    flags: frozenset[str]


def rules() -> Iterator[Rule]:
    condition = None
    for line in HTACCESS.splitlines():
        match line.split():
            case ["RewriteCond", "%{THE_REQUEST}", pattern]:
                condition = re.compile(pattern)
            case ["RewriteRule", pattern, target, flags]:
                yield Rule(condition, re.compile(pattern), target, frozenset(flags.strip("[]").split(",")))
                condition = None


def redirected(iri: str) -> str | None:
    """Where Apache's mod_rewrite sends an address of ours; None where no rule fits."""
    asked = iri.removeprefix("https://w3id.org").partition("#")[0]
    path = unquote(asked.removeprefix("/orrery/"))
    environment: dict[str, str] = {}
    for rule in rules():
        fitted = rule.pattern.search(path)
        condition = rule.condition.search(f"GET {asked} HTTP/1.1") if rule.condition else None
        if fitted is None or (rule.condition and condition is None):
            continue
        if rule.target == "-":
            name, _, value = (
                next(flag for flag in rule.flags if flag.startswith("E=")).removeprefix("E=").partition(":")
            )
            environment[name] = value
            continue
        return expanded(rule, fitted, condition, environment)
    return None


def expanded(rule: Rule, fitted: re.Match[str], condition: re.Match[str] | None, environment: dict[str, str]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1]:
            return environment[found[1]]
        if found[2]:
            return found[2][1:]  # Escaped by a backslash.
        groups = fitted if found[3][0] == "$" else condition
        assert groups is not None
        value = groups[int(found[3][1])]
        return quote(value, safe="") if "B" in rule.flags else value

    return re.sub(r"%\{ENV:(\w+)\}|(\\.)|([$%]\d)", put, rule.target)


@pytest.mark.parametrize("iri", [ROOT, f"{ROOT}ontology", *OURS, *VERSIONS, *RECORDS.values()])
def test_every_permanent_address_has_a_rule(iri: str) -> None:
    target = redirected(iri)
    assert target is not None
    assert target.startswith(f"https://{HOST}/")


def test_addresses_that_there_are_not_have_no_rule() -> None:
    assert [path for path in ("ontology2", "elsewhere", "ontology/core/latest") if redirected(ROOT + path)] == []


def test_the_host_stands_in_one_marked_line() -> None:
    lines = HTACCESS.splitlines()
    assert [lines[number - 1][:13] for number, line in enumerate(lines) if HOST in line] == ["# PLACEHOLDER"]


def test_every_redirect_is_a_see_other_to_https() -> None:
    leading = [rule for rule in rules() if rule.target != "-"]
    assert leading
    assert all({"R=303", "L"} <= rule.flags for rule in leading)
    assert all(rule.target.startswith("https://%{ENV:SERVICE}/") for rule in leading)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_is_asked_for_by_its_own_iri(kind: str) -> None:
    target = redirected(RECORDS[kind])
    assert target is not None
    query = unquote(target.partition("?query=")[2].replace("+", " "))
    assert query == f"DESCRIBE <{RECORDS[kind]}>"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("catalogue")) as opened:
        yield opened


def test_every_address_of_the_ontology_leads_to_what_describes_it(client: TestClient) -> None:
    described: dict[str, set[str]] = {}
    for iri in [iri for iri in OURS if not iri.startswith(ids.BASE)] + VERSIONS:
        target = redirected(iri)
        assert target is not None
        if target not in described:
            described[target] = subjects_at(client, target)
        assert version_of(iri) in described[target], iri


@pytest.mark.parametrize("iri", [ids.platform_iri("sentinel-2a"), ids.instrument_iri("sentinel-2a", "msi")])
def test_an_individual_leads_to_what_describes_it(client: TestClient, iri: str) -> None:
    target = redirected(iri)
    assert target is not None
    assert iri in subjects_at(client, target)


def subjects_at(client: TestClient, target: str) -> set[str]:
    """What the document at an address says something of."""
    answer = client.get(target.removeprefix(f"https://{HOST}"), headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200, f"{target}: {answer.text}"
    return set(map(str, rdflib.Graph().parse(data=answer.text, format="nt").subjects()))


def version_of(iri: str) -> str:
    """The thing that a version IRI is a version of; of a whole version, its first module; else what was given."""
    if not re.search(r"/\d+\.\d+\.\d+$", iri):
        return iri
    module = iri.rpartition("/")[0]
    return module if module != f"{ROOT}ontology" else f"{ROOT}ontology/core"


def test_terms_are_served_by_the_document_that_they_are_fragments_of() -> None:
    assert redirected(terms.SCENE) == redirected(f"{ROOT}ontology") == f"https://{HOST}/ontology"
