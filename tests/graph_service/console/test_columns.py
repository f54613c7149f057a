"""The types of columns, from what is bound in them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from graph_service.console.columns import column
from ontology import terms

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def typed(name: str, *texts: str) -> list[dict[str, str]]:
    return [{"type": "literal", "value": text, "datatype": terms.XSD + name} for text in texts]


@pytest.mark.parametrize(
    ("values", "kind", "read"),
    [
        (typed("integer", "1", "-20") + typed("int", "+3"), "int64", [1, -20, 3]),
        (typed("integer", "9223372036854775808"), "decimal128(19, 0)", [Decimal(2**63)]),
        (typed("integer", "1" * 40), "double", [float("1" * 40)]),
        (
            typed("decimal", "1.50", "-0.125", "200"),
            "decimal128(6, 3)",
            [Decimal("1.5"), Decimal("-.125"), Decimal(200)],
        ),
        (typed("decimal", "0.001"), "decimal128(4, 3)", [Decimal("0.001")]),
        (typed("decimal", "2.5") + typed("integer", "10"), "decimal128(3, 1)", [Decimal("2.5"), Decimal(10)]),
        (typed("decimal", f"1.{'3' * 38}"), "double", [1 + 1 / 3]),
        (typed("double", "1e3", "INF") + typed("float", "-.5"), "double", [1000.0, float("inf"), -0.5]),
        (typed("double", "1e3") + typed("decimal", "2.5"), "double", [1000.0, 2.5]),
        (typed("boolean", "true", "0"), "bool", [True, False]),
        (typed("date", "2024-02-29"), "date32[day]", [date(2024, 2, 29)]),
        (typed("dateTime", "2024-05-01T12:00:00Z", "2024-05-01T14:00:00+02:00"), "timestamp[us, tz=UTC]", [NOON, NOON]),
        (
            typed("dateTime", "2024-05-01T12:00:00.1234567Z"),
            "timestamp[us, tz=UTC]",
            [NOON.replace(microsecond=123456)],
        ),
        (typed("dateTime", "2024-05-01T12:00:00"), "timestamp[us]", [NOON.replace(tzinfo=None)]),
        ([{"type": "uri", "value": "http://a/"}, {"type": "bnode", "value": "b"}], "string", ["http://a/", "_:b"]),
        ([{"type": "literal", "value": "Pò", "xml:lang": "it"}], "string", ["Pò"]),
        ([{"type": "literal", "value": "1"}], "string", ["1"]),
        (typed("dateTime", "2024-05-01T12:00:00", "2024-05-01T12:00:00Z"), "string", None),
        (typed("dateTime", "2024-02-30T12:00:00Z"), "string", None),
        (typed("dateTime", "12024-02-01T12:00:00Z"), "string", None),
        (typed("date", "20240229"), "string", None),
        (typed("integer", "1_000"), "string", None),
        (typed("integer", "one"), "string", None),
        (typed("integer", "1") + typed("boolean", "true"), "string", None),
        (typed("duration", "P1D"), "string", None),
        ([], "string", []),
    ],
)
def test_a_column_is_of_the_type_that_holds_everything_in_it(
    values: list[dict[str, str]], kind: str, read: list[Any] | None
) -> None:
    found = column([*values, None])
    assert str(found.type) == kind
    assert found.to_pylist() == [*([value["value"] for value in values] if read is None else read), None]


def test_not_a_number_stays_so() -> None:
    (found,) = column(typed("double", "NaN")).to_pylist()
    assert found != found
