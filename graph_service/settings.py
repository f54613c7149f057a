"""Everything a site sets, read once from the environment."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from graph_service.errors import RequestInvalid
from ingest.settings import MappingSettings
from ontology.anomaly import Thresholds

_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one catalogue; ``docs/settings.md`` lists the variables."""

    data: Path = Path("orrery-data")
    """Folder of the stores."""
    host: str = "127.0.0.1"
    port: int = 8020
    thresholds: Thresholds = field(default_factory=Thresholds)
    """Of the water anomaly rule."""
    query_timeout_s: float = 30.0
    """After which a SPARQL query is ended."""
    ontology: Path | None = None
    """Folder of Turtle modules that the site adds to the ontology; None for none."""

    @property
    def graph_folder(self) -> Path:
        """Folder of the embedded graph store."""
        return self.data / "graph"

    @property
    def documents_file(self) -> Path:
        """File of the source documents."""
        return self.data / "documents.sqlite"

    @property
    def index_file(self) -> Path:
        """File of the search index."""
        return self.data / "index.sqlite"

    @property
    def tokens_file(self) -> Path:
        """File of the hashed API tokens."""
        return self.data / "tokens.json"

    @property
    def service_file(self) -> Path:
        """File that says where the service that holds the stores listens, while one runs."""
        return self.data / "service.json"

    @property
    def mapping(self) -> MappingSettings:
        """What steers the mapping of documents."""
        return MappingSettings(thresholds=self.thresholds)


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The settings that environment variables give; defaults for the rest.

    Raises:
        RequestInvalid: a variable is not of its type; the message names it.
        ThresholdInvalid: a threshold lies outside its range.
    """
    thresholds = {
        name.name: _number(environment, variable)
        for name in fields(Thresholds)
        if (variable := f"ORRERY_{name.name.upper()}") in environment
    }
    default = Settings()
    return Settings(
        data=Path(environment.get("ORRERY_DATA", str(default.data))),
        host=environment.get("ORRERY_HOST", default.host),
        port=_port(environment, "ORRERY_PORT") if "ORRERY_PORT" in environment else default.port,
        thresholds=Thresholds(**thresholds),
        query_timeout_s=(
            _duration(environment, "ORRERY_QUERY_TIMEOUT_S")
            if "ORRERY_QUERY_TIMEOUT_S" in environment
            else default.query_timeout_s
        ),
        ontology=Path(environment["ORRERY_ONTOLOGY"]) if environment.get("ORRERY_ONTOLOGY") else default.ontology,
    )


def _port(environment: Mapping[str, str], variable: str) -> int:
    text = environment[variable]
    if not (text.isascii() and text.isdigit() and int(text) <= _LAST_PORT):
        raise RequestInvalid(f"{variable}: {text!r} is not a port, 0 to {_LAST_PORT}")
    return int(text)


def _duration(environment: Mapping[str, str], variable: str) -> float:
    seconds = _number(environment, variable)
    if not 0 < seconds < math.inf:
        raise RequestInvalid(f"{variable}: {environment[variable]!r} is not a number of seconds above 0")
    return seconds


def _number(environment: Mapping[str, str], variable: str) -> float:
    try:
        return float(environment[variable])
    except ValueError as cause:
        raise RequestInvalid(f"{variable}: {environment[variable]!r} is not a number") from cause
