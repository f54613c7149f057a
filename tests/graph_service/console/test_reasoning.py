"""``orrery reason`` as a user meets it."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graph_service.cli import main
from graph_service.directory import open_catalogue
from graph_service.settings import Settings
from ontology import terms
from tests.graph_service.builders import scene_of
from tests.graph_service.index.agreement import AUDIENCES
from tests.graph_service.inference import water, write
from tests.graph_service.reasoning.ontologies import module_file

Orrery = Callable[..., tuple[int, str]]
FLOOD = (f"<{scene_of('S1').iri}>", f"<{terms.TYPE}>", f"<{terms.FLOOD_SCENE}>")
GONE = (f"<{water().iri}>", f"<{terms.HAS_ANOMALY_TYPE}>", f"<{terms.ANOMALY_FLOOD}>")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def orrery(settings: Settings, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Orrery:
    monkeypatch.setenv("ORRERY_DATA", str(settings.data))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["orrery", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), "".join(capfd.readouterr())

    catalogue = open_catalogue(settings)
    write(catalogue, water(), scene_of("S1"))
    write(catalogue, scene_of("S2", cloud_class=terms.CLOUD_FREE), audience=AUDIENCES[0])
    catalogue.close()
    return run


def spoil(settings: Settings) -> None:
    catalogue = open_catalogue(settings)
    change = catalogue.graph.change_number() + 1
    catalogue.graph.apply(change=change, remove={None: [GONE]}, add={None: [FLOOD]})
    catalogue.close()


def test_a_sound_catalogue_agrees(orrery: Orrery) -> None:
    assert orrery("reason", "--check") == (0, "every inference agrees\n")
    assert orrery("reason") == (0, "0 records had wrong inferences, which are mended\n")


def test_each_difference_is_a_line(orrery: Orrery, settings: Settings) -> None:
    spoil(settings)
    status, told = orrery("reason", "--check")
    assert status == 1
    assert told.splitlines() == [
        f"{scene_of('S1').iri}: extra: rdf:type orr:FloodScene is there and does not follow",
        f"{water().iri}: missing: orr:hasAnomalyType code:AnomalyType-flood follows and is missing",
        "2 differences in 2 records",
    ]


def test_programs_get_json(orrery: Orrery, settings: Settings) -> None:
    spoil(settings)
    status, told = orrery("reason", "--check", "--json")
    found = json.loads(told)
    assert (status, found["agrees"], len(found["disagreements"])) == (1, False, 2)
    assert found["disagreements"][1] == {
        "kind": "missing",
        "record": water().iri,
        "audience": None,
        "subject": water().iri,
        "predicate": terms.HAS_ANOMALY_TYPE,
        "object": terms.ANOMALY_FLOOD,
    }


def test_the_check_changes_nothing_and_the_other_form_mends(orrery: Orrery, settings: Settings) -> None:
    spoil(settings)
    assert orrery("reason", "--check") == orrery("reason", "--check")
    assert orrery("reason", "--json") == (0, '{\n  "mended": 2\n}\n')
    assert orrery("reason", "--check")[0] == 0


def test_a_check_under_another_ontology_says_so(
    orrery: Orrery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        ":Wet a owl:Class . [ owl:onProperty orr:hasAnomalyType ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :Wet ."
    )
    monkeypatch.setenv("ORRERY_ONTOLOGY", str(module_file(tmp_path / "modules", text)))
    status, told = orrery("reason", "--check")
    assert status == 1
    assert f"{water().iri}: missing: rdf:type <https://example.org/Wet>" in told
    assert "note: inferences were last made under another ontology" in told
    assert orrery("reason")[0] == 0
    assert orrery("reason", "--check") == (0, "every inference agrees\n")


def test_beside_a_service_only_the_check_works(orrery: Orrery) -> None:
    assert orrery("serve", "--detach", "--port", "0")[0] == 0
    try:
        assert orrery("reason", "--check") == (0, "every inference agrees\n")
        status, told = orrery("reason")
        assert status == 1
        assert "a service holds this data directory; stop it first, or use --check" in told
    finally:
        orrery("stop")
        os.wait()  # The service is a child of this process, which its starter would have left behind.


def test_without_a_catalogue_it_is_said(orrery: Orrery, tmp_path: Path) -> None:
    status, told = orrery("reason", "--check", "--data", str(tmp_path / "nowhere"))
    assert status == 1
    assert "there is no catalogue here" in told
