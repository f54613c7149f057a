"""What ``orrery query`` prints as GeoJSON."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from graph_service.console.answering import answer_query, query_text
from graph_service.directory import open_catalogue
from graph_service.errors import NotAcceptable, RequestInvalid
from graph_service.settings import Settings
from tests.graph_service.builders import entry_of, scene_of, write


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path)
    catalogue = open_catalogue(settings)
    write(catalogue, [entry_of(scene_of())])
    catalogue.close()
    return settings


def answer(settings: Settings, text: str) -> None:
    answer_query(settings, text, form="geojson", audiences=(), deadline_s=30, console=Console())


def test_scenes_are_drawn(settings: Settings, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    answer(settings, query_text("scenes_in_area", ["area=POINT (11.5 44.5)"]))
    printed = capfdbinary.readouterr().out
    assert printed.endswith(b"}\n")
    (feature,) = json.loads(printed)["features"]
    assert feature["geometry"]["coordinates"] == [[[12, 44], [12, 45], [11, 45], [11, 44], [12, 44]]]
    assert feature["properties"]["sensed"] == "2024-05-01T10:20:30.5Z"


@pytest.mark.parametrize(
    ("text", "error", "fault"),
    [
        ("ASK {}", NotAcceptable, "ASK has none"),
        ("SELECT ?s { ?s a orr:Scene }", NotAcceptable, "geo:wktLiteral"),
        ("CONSTRUCT WHERE { ?s a orr:Scene }", RequestInvalid, "--format geojson"),
    ],
)
def test_what_cannot_be_drawn_is_refused(settings: Settings, text: str, error: type[Exception], fault: str) -> None:
    with pytest.raises(error, match=fault):
        answer(settings, text)
