"""The notebooks, run cell by cell against a service with generated products."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pytest
import uvicorn

from graph_service.api.app import create_app
from graph_service.console.ingesting import run_ingest
from graph_service.directory import open_catalogue
from graph_service.intake import Intake
from graph_service.settings import Settings
from ingest.synthetic.archive import write_archive
from tests.docs.pages import DOCS

NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("notebooks")
    write_archive(folder / "archive", scenes=120)
    settings = Settings(data=folder / "catalogue")
    catalogue = open_catalogue(settings)
    intake = Intake(catalogue, catalogue.index, settings.mapping, audience=None)
    report = run_ingest(intake, [str(folder / "archive")], advance=lambda _: None, tell=lambda _: None)
    catalogue.close()
    assert report.complete
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def _drawing_nowhere() -> Iterator[None]:
    before = matplotlib.get_backend()
    plt.switch_backend("agg")
    yield
    plt.close("all")
    plt.switch_backend(before)


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"]
    return found


def run(path: Path) -> dict[str, Any]:
    """The names that a notebook leaves behind."""
    names: dict[str, Any] = {}
    for cell in cells(path):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.name}: {cell['id']}", "exec"), names)
    return names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_kept_without_what_it_printed(path: Path) -> None:
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.mark.usefixtures("_drawing_nowhere")
def test_from_sparql_to_geopandas(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOGUE", address)
    left = run(DOCS / "notebooks" / "sparql_to_geopandas.ipynb")
    floods, by_month = left["floods"], left["by_month"]
    assert len(floods) >= 10
    assert floods.crs == "OGC:CRS84"
    assert floods.geometry.is_valid.all()
    assert by_month["scenes"].sum() == len(floods)
    assert len(left["platforms"]) > 1
    assert set(left["scenes"].geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert len(plt.get_fignums()) == 2
