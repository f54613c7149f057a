"""Months and seasons."""

from datetime import UTC, datetime

import pytest

from graph_service.index.filters import All, Comparison
from graph_service.views.trees.periods import Period, month_of, season_name, season_of, season_title


def bounds_of(period: Period) -> list[object]:
    members = period.members
    assert isinstance(members, All)
    return [(one.operator, one.value) for one in members.parts if isinstance(one, Comparison)]


def seconds(*date: int) -> float:
    return datetime(*date, tzinfo=UTC).timestamp()  # type: ignore[arg-type, misc]  # year, month, day


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (month_of("2025-10"), (2025, 10, 1), (2025, 11, 1)),
        (month_of("2025-12"), (2025, 12, 1), (2026, 1, 1)),
        (month_of("1969-12"), (1969, 12, 1), (1970, 1, 1)),
        (Period(2025, 12, 3), (2025, 12, 1), (2026, 3, 1)),
        (Period(2025, 9, 3), (2025, 9, 1), (2025, 12, 1)),
    ],
)
def test_period_is_from_its_first_instant_to_before_the_next(
    period: Period, start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    assert bounds_of(period) == [(">=", seconds(*start)), ("<", seconds(*end))]


def test_last_month_of_all_has_no_end() -> None:
    assert bounds_of(Period(9999, 12))[1] == ("<", float("inf"))


@pytest.mark.parametrize(
    ("month", "name", "title"),
    [
        ("2025-09", "2025-SON", "September to November 2025"),
        ("2025-11", "2025-SON", "September to November 2025"),
        ("2025-12", "2026-DJF", "December 2025 to February 2026"),
        ("2026-02", "2026-DJF", "December 2025 to February 2026"),
        ("2026-03", "2026-MAM", "March to May 2026"),
        ("2026-08", "2026-JJA", "June to August 2026"),
    ],
)
def test_month_lies_in_a_season_of_three(month: str, name: str, title: str) -> None:
    season = season_of(month_of(month))
    assert (season_name(season), season_title(season)) == (name, title)
