"""Months and seasons as filters on the nominal sensing time, all in UTC."""

import calendar
import math
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime

from graph_service.index.filters import All, Comparison, Filter

_SEASONS = {12: "DJF", 3: "MAM", 6: "JJA", 9: "SON"}
"""Three months each, by the first, called by their initials as in climatology, on either hemisphere."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Some whole months, one after another."""

    year: int
    month: int
    """Of the first; 1 to 12."""
    months: int = 1

    @property
    def members(self) -> Filter:
        """What was sensed in it."""
        after = (self.month - 1 + self.months) % 12 + 1
        end = _start(self.year + (self.month - 1 + self.months) // 12, after)
        start = _start(self.year, self.month)
        return All((Comparison("datetime", ">=", start), Comparison("datetime", "<", end)))


def _start(year: int, month: int) -> float:
    """Seconds since 1970; without end where no such year can be."""
    return math.inf if year > MAXYEAR else datetime(year, month, 1, tzinfo=UTC).timestamp()


def month_of(text: str) -> Period:
    """The month that is written so: ``2025-10``."""
    year, _, month = text.partition("-")
    return Period(int(year), int(month))


def month_name(number: int) -> str:
    """The English name of a month, 1 to 12."""
    return calendar.month_name[number]


def season_of(month: Period) -> Period:
    """The three months that a month lies in: December, March, June or September and the two after it."""
    first = month.month // 3 * 3 or 12
    return Period(month.year - 1 if month.month < 3 else month.year, first, 3)


def season_name(season: Period) -> str:
    """Year and initials, ``2025-SON``; December to February belong to the year of February."""
    return f"{season.year + (season.month == 12)}-{_SEASONS[season.month]}"


def season_title(season: Period) -> str:
    """In words: ``September to November 2025``."""
    if season.month == 12:
        return f"December {season.year} to February {season.year + 1}"
    return f"{month_name(season.month)} to {month_name(season.month + 2)} {season.year}"
