"""Everything a site sets, read once from the environment."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from graph_service.errors import RequestInvalid
from graph_service.federation.hosts import AllowedHosts, allowed_hosts
from graph_service.store.dataset import PUBLIC_GRAPH
from graph_service.store.remote import EndpointSettings
from graph_service.store.remote_store import RemoteSettings
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
    query_rows: int = 10_000_000
    """Solutions or triples that the result of a query may have."""
    query_processes: int = 4
    """Queries that are worked on at the same time."""
    service_hosts: AllowedHosts = field(default_factory=AllowedHosts)
    """Hosts that SERVICE clauses may reach."""
    service_timeout_s: float = 10.0
    """In which the SERVICE clauses of a query have to be answered."""
    store: RemoteSettings | None = None
    """Engine that holds the graph; None for the embedded store in the data directory."""
    ontology: Path | None = None
    """Folder of Turtle modules that the site adds to the ontology; None for none."""
    undeclared_as_null: bool = False
    """Whether a filter may name properties that are not declared, as null of every product."""

    @property
    def graph_folder(self) -> Path:
        """Folder of the embedded graph store."""
        return self.data / "graph"

    @property
    def lock_file(self) -> Path:
        """File that whoever writes holds where the graph is in another engine, which has no lock on the directory."""
        return self.data / "writer.lock"

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
        service_hosts=_hosts(environment, "ORRERY_SERVICE_HOSTS"),
        service_timeout_s=(
            _duration(environment, "ORRERY_SERVICE_TIMEOUT_S")
            if "ORRERY_SERVICE_TIMEOUT_S" in environment
            else default.service_timeout_s
        ),
        store=_store(environment),
        query_rows=_count(environment, "ORRERY_QUERY_ROWS", default.query_rows),
        query_processes=_count(environment, "ORRERY_QUERY_PROCESSES", default.query_processes),
        ontology=Path(environment["ORRERY_ONTOLOGY"]) if environment.get("ORRERY_ONTOLOGY") else default.ontology,
        undeclared_as_null=_undeclared_as_null(environment.get("ORRERY_UNDECLARED_PROPERTIES") or "refused"),
    )


def _undeclared_as_null(text: str) -> bool:
    if text not in ("refused", "null"):
        raise RequestInvalid(f"ORRERY_UNDECLARED_PROPERTIES: {text!r} is neither refused nor null")
    return text == "null"


def _port(environment: Mapping[str, str], variable: str) -> int:
    text = environment[variable]
    if not (text.isascii() and text.isdigit() and int(text) <= _LAST_PORT):
        raise RequestInvalid(f"{variable}: {text!r} is not a port, 0 to {_LAST_PORT}")
    return int(text)


def _store(environment: Mapping[str, str]) -> RemoteSettings | None:
    """The engine that variables name; None where they name none."""
    address = environment.get("ORRERY_STORE", "")
    if not address:
        return None
    update = environment.get("ORRERY_STORE_UPDATE") or address
    for variable, value in (("ORRERY_STORE", address), ("ORRERY_STORE_UPDATE", update)):
        if not value.startswith(("http://", "https://")):
            raise RequestInvalid(f"{variable}: {value!r} is no http or https URL; leave it out for the embedded store")
    login = environment.get("ORRERY_STORE_LOGIN", "basic")
    if login not in ("basic", "digest"):
        raise RequestInvalid(f"ORRERY_STORE_LOGIN: {login!r} is neither basic nor digest")
    timeout_s = {"timeout_s": _duration(environment, v)} if (v := "ORRERY_STORE_TIMEOUT_S") in environment else {}
    endpoint = EndpointSettings(
        address,
        update,
        user=environment.get("ORRERY_STORE_USER") or None,
        password=environment.get("ORRERY_STORE_PASSWORD") or None,
        login="digest" if login == "digest" else "basic",
        token=environment.get("ORRERY_STORE_TOKEN") or None,
        **timeout_s,
    )
    return RemoteSettings(endpoint, environment.get("ORRERY_STORE_GRAPH") or PUBLIC_GRAPH)


def _hosts(environment: Mapping[str, str], variable: str) -> AllowedHosts:
    try:
        return allowed_hosts(environment.get(variable, ""))
    except RequestInvalid as cause:
        raise RequestInvalid(f"{variable}: {cause}") from cause


def _count(environment: Mapping[str, str], variable: str, default: int) -> int:
    text = environment.get(variable, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1 << 63):
        raise RequestInvalid(f"{variable}: {text!r} is not a whole number above 0")
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
