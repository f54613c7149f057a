import json
from pathlib import Path

import pytest
from rich.console import Console

from graph_service.console.answering import answer_query, query_text
from graph_service.errors import NotAcceptable, RequestInvalid
from graph_service.settings import Settings
from graph_service.store.oxigraph import OxigraphStore
from ontology.records import Scene
from ontology.triples import statements
from tests.graph_service.builders import scene_of
