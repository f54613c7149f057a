from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.catalogue import Catalogue
from tests.graph_service.builders import open_catalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = open_catalogue(tmp_path)
    yield opened
    opened.close()
