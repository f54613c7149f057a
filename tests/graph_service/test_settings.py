from dataclasses import fields
from pathlib import Path

import pytest

from graph_service.errors import RequestInvalid
from graph_service.federation.hosts import AllowedHosts, Host
from graph_service.settings import Settings, settings_from
from ontology.anomaly import ThresholdInvalid, Thresholds
from ontology.errors import CatalogueError


def test_without_variables_the_defaults_hold() -> None:
    assert settings_from({}) == Settings()
    assert settings_from({"PATH": "/bin", "ORRERY": "x"}) == Settings()


def test_variables_set_what_they_name() -> None:
    found = settings_from(
        {
            "ORRERY_DATA": "/srv/orrery",
            "ORRERY_HOST": "0.0.0.0",
            "ORRERY_PORT": "8080",
            "ORRERY_QUERY_TIMEOUT_S": "2.5",
            "ORRERY_SERVICE_HOSTS": "a.example, 10.0.0.5:7878",
            "ORRERY_SERVICE_TIMEOUT_S": "3",
            "ORRERY_FLOOD_EXCESS_PERCENT": "50",
        }
    )
    assert found.service_hosts == AllowedHosts((Host("a.example", None), Host("10.0.0.5", 7878)))
    assert found.service_timeout_s == 3
    assert (found.data, found.host, found.port, found.query_timeout_s) == (Path("/srv/orrery"), "0.0.0.0", 8080, 2.5)
    assert found.thresholds == Thresholds(flood_excess_percent=50.0)


@pytest.mark.parametrize("name", [one.name for one in fields(Thresholds)])
def test_every_threshold_is_a_variable_and_steers_the_mapping(name: str) -> None:
    found = settings_from({f"ORRERY_{name.upper()}": "12.5"})
    assert getattr(found.thresholds, name) == 12.5
    assert found.mapping.thresholds == found.thresholds
    assert found.mapping.fingerprint != Settings().mapping.fingerprint


def test_a_threshold_that_equals_the_default_changes_no_fingerprint() -> None:
    found = settings_from({"ORRERY_FLOOD_EXCESS_PERCENT": "1e2"})
    assert found.mapping.fingerprint == Settings().mapping.fingerprint


def test_undeclared_properties_are_refused_unless_a_site_wants_them_null() -> None:
    assert not settings_from({"ORRERY_UNDECLARED_PROPERTIES": "refused"}).undeclared_as_null
    assert not settings_from({"ORRERY_UNDECLARED_PROPERTIES": ""}).undeclared_as_null
    assert settings_from({"ORRERY_UNDECLARED_PROPERTIES": "null"}).undeclared_as_null


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(("ORRERY_PORT", value) for value in ("", "http", "80.5", "-1", "65536", "nan", "inf", "8_0")),
        *(("ORRERY_SERVICE_TIMEOUT_S", value) for value in ("", "0", "inf")),
        *(("ORRERY_SERVICE_HOSTS", value) for value in ("http://a.example/", "a.example:http")),
        *(("ORRERY_QUERY_TIMEOUT_S", value) for value in ("", "soon", "0", "-1", "nan", "inf")),
        ("ORRERY_FLOOD_EXCESS_KM2", "many"),
        *(("ORRERY_UNDECLARED_PROPERTIES", value) for value in ("allowed", "NULL", "1")),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_variable(variable: str, value: str) -> None:
    with pytest.raises(RequestInvalid, match=f"^{variable}: '{value}'"):
        settings_from({variable: value})


@pytest.mark.parametrize("value", ["-1", "nan", "inf"])
@pytest.mark.parametrize("name", [one.name for one in fields(Thresholds)])
def test_a_threshold_out_of_range_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ThresholdInvalid, match=name) as refusal:
        settings_from({f"ORRERY_{name.upper()}": value})
    assert isinstance(refusal.value, CatalogueError)


@pytest.mark.parametrize("port", ["0", "1", "65535"])
def test_any_port_that_there_is_may_be_set(port: str) -> None:
    assert settings_from({"ORRERY_PORT": port}).port == int(port)


def test_everything_is_kept_below_the_data_folder() -> None:
    found = settings_from({"ORRERY_DATA": "/srv/orrery"})
    paths = {
        getattr(found, name)
        for name in dir(Settings)
        if name.endswith(("_file", "_folder")) and isinstance(getattr(found, name), Path)
    }
    assert len(paths) >= 5
    assert all(path.is_relative_to(found.data) and path != found.data for path in paths)
