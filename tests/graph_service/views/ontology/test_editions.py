"""Editions: the current modules, and those that were released."""

import pytest

from graph_service.errors import NotFound
from graph_service.views.ontology.editions import Editions
from ontology.loader import Module
from tests.graph_service.views.ontology.modules import module, ontology_of

CORE, OLD_CORE = module("core", "# New"), module("core", "# Old", "0.1.0")
WATER = module("water", "")
SITE = Module("/etc/site/dams.ttl", "", ())
EDITIONS = Editions(ontology_of(CORE, WATER, SITE), {"0.1.0": ontology_of(OLD_CORE)})


def test_versions_are_those_released_and_then_the_current_one() -> None:
    assert EDITIONS.versions() == ["0.1.0", "0.2.0"]


def test_a_module_is_the_current_one_unless_a_version_is_named() -> None:
    assert EDITIONS.module("core") is CORE
    assert EDITIONS.module("core", "0.2.0") is CORE
    assert EDITIONS.module("core", "0.1.0") is OLD_CORE


def test_a_module_of_a_site_goes_by_the_name_of_its_file() -> None:
    assert EDITIONS.module("dams") is SITE


def test_an_edition_has_the_modules_of_its_version_alone() -> None:
    assert EDITIONS.edition("0.1.0").modules == (OLD_CORE,)
    assert EDITIONS.edition("0.2.0").modules == (CORE, WATER)


def test_a_snapshot_comes_before_the_module_that_has_its_version() -> None:
    snapshot = ontology_of(module("core", "# Snapshot"))
    assert Editions(ontology_of(CORE), {"0.2.0": snapshot}).edition("0.2.0") is snapshot


@pytest.mark.parametrize(
    ("name", "version", "told"),
    [
        ("geology", None, "core, water, dams and the versions 0.1.0, 0.2.0"),
        ("core", "0.3.0", "there are 0.1.0, 0.2.0"),
        ("water", "0.1.0", "there are 0.2.0"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(name: str, version: str | None, told: str) -> None:
    with pytest.raises(NotFound, match=told):
        EDITIONS.module(name, version)


def test_a_version_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match=r"9\.9: no version of the ontology; there are 0\.1\.0, 0\.2\.0"):
        EDITIONS.edition("9.9")
