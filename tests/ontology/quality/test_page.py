"""The page on the quality of the ontology lists the checks that there are."""

import re

from tests.docs.pages import DOCS, section, table_rows
from tests.ontology.quality import test_fairness
from tests.ontology.quality.pitfalls import PITFALLS

PAGE = DOCS / "ontology-quality.md"
IN_A_TEST_OF_ITS_OWN = {"P10"}


def test_every_pitfall_is_described_once() -> None:
    numbers = [row[0] for row in table_rows(PAGE) if re.fullmatch(r"P\d\d", row[0])]
    assert numbers == sorted({*PITFALLS, *IN_A_TEST_OF_ITS_OWN})


def test_every_question_of_fairness_is_described_and_asked() -> None:
    described = set(re.findall(r"^\| ([A-Z]+\d(?:, [A-Z]+\d)*) \|", section(PAGE, "Fair publication (FOOPS!)"), re.M))
    asked = {number for text in _marks() for number in re.findall(r"[A-Z]+\d", text)}
    assert {number for row in described for number in row.split(", ")} - {"OM1"} <= asked


def _marks() -> list[str]:
    with open(str(test_fairness.__file__), encoding="utf-8") as source:
        return re.findall(r"^def test_.*# (.*)$", source.read(), re.MULTILINE)
