"""Documents with anything anywhere: each is taken in or refused by name, and what is taken in can be given back."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.index.filters import All
from graph_service.intake import Intake
from graph_service.views.stac.served import item_bytes
from ingest.document import Document, Part
from ingest.kinds import JSON
from ingest.settings import MappingSettings
from tests.graph_service.builders import open_catalogue
from tests.graph_service.index.agreement import disagreements
from tests.ingest.documents import VERSIONS, fields_item, full_item, stac_collection, water_item

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.5, 1e308, 2**63, 10**40, "", " ", "x" * 3000, "\0", "<>\"{}|^`\\ ", "é☃😀", "EPSG:4326",
    "2020-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", [], [[]], [None], [1, 2], {}, {"a": {}},
    {"href": 5}, [{"rel": ["self"], "href": {}}],
)  # fmt: skip
MUTANTS = 400


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*above, key)
        yield from places(member, (*above, key))


def mutated(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    mutant = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        *above, last = chance.choice(list(places(mutant)))
        owner: Any = mutant
        for key in above:
            owner = owner[key]
        if chance.random() < 0.25:
            del owner[last]
        else:
            owner[last] = copy.deepcopy(chance.choice(ODD))
    return mutant


def mutants(seed: int) -> Iterator[Document]:
    chance = random.Random(seed)
    whole = [*(full_item(version) for version in VERSIONS), water_item(), fields_item(), stac_collection()]
    for number in range(MUTANTS):
        mutant = mutated(chance.choice(whole), chance)
        if isinstance(mutant.get("id"), str):
            mutant["id"] += f"-{number}"
        text = json.dumps(mutant).encode()
        cut = text[: chance.randrange(len(text))] if chance.random() < 0.03 else text
        yield Document(f"mutant {number}", JSON, (Part("", cut),))


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_document_is_taken_in_or_refused_by_name(tmp_path: Path, seed: int) -> None:
    catalogue = open_catalogue(tmp_path)
    outcomes = list(Intake(catalogue, catalogue.index, MappingSettings()).run(mutants(seed)))
    assert len(outcomes) == MUTANTS
    assert [outcome for outcome in outcomes if "nobody foresaw" in outcome.reason] == []
    assert all(outcome.reason for outcome in outcomes if outcome.status == "failed")
    assert {"ingested", "failed"} <= {outcome.status for outcome in outcomes}
    found = catalogue.index.search(All(()), limit=MUTANTS).found
    assert all(json.loads(item_bytes(one, "https://example.org/stac"))["id"] for one in found)
    assert disagreements(catalogue, tmp_path / "index.sqlite") == []
    catalogue.close()
