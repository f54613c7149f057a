"""Reading the members of a STAC object one by one, keeping count of what cannot be used.

An optional member that does not fit is left out of the record with a notice, for
the item around it is still worth having and its document keeps the member; only
what a record cannot be without is an error.
"""

import reprlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.document import Notice
from ingest.errors import MetadataInvalid
from ontology.bounds import fault_of

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 200


def shown(value: object) -> str:
    """A value for a message: as Python writes it, without the middle of what is long or deeply nested."""
    return _SHORT.repr(value)


class Members:
    """The members of one JSON object, with the notices of what was left out.

    Args:
        values: the object.
        source: document, for errors.
        path: where the object stands in it (``properties``), for errors and notices.
        notices: list that notices are added to; shared between the objects of a document.
    """

    def __init__(self, values: Mapping[str, Any], source: str, path: str, notices: list[Notice]) -> None:
        self.values = values
        self.source = source
        self.path = path
        self.notices = notices

    def within(self, values: Mapping[str, Any], path: str) -> "Members":
        """The members of an object inside this one."""
        return Members(values, self.source, f"{self.path}.{path}" if self.path else path, self.notices)

    def place(self, name: str) -> str:
        """Path of a member within the document."""
        return f"{self.path}.{name}" if self.path else name

    def leave_out(self, name: str, reason: str) -> None:
        """Note that a member is not used."""
        self.notices.append(Notice(self.place(name), reason))

    def first(self, names: tuple[str, ...]) -> tuple[str, Any]:
        """Name and value of the first member that is present and not null; the last name and None else."""
        for name in names:
            if (value := self.values.get(name)) is not None:
                return name, value
        return names[-1], None

    def text(self, *names: str) -> str | None:
        """The first member that is present, as a text; a number becomes its digits."""
        name, value = self.first(names)
        if value is None:
            return None
        if isinstance(value, str):
            return value.strip() or None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self.leave_out(name, f"is not a text but {type(value).__name__}; left out of the record")
        return None

    def number(self, record_class: type, field: str, *names: str) -> float | None:
        """The first member that is present, as a number within the bounds of a record's field."""
        value = self._within_bounds(record_class, field, names)
        return None if value is None else float(value)

    def integer(self, record_class: type, field: str, *names: str) -> int | None:
        """The first member that is present, as a whole number within the bounds of a record's field."""
        value = self._within_bounds(record_class, field, names)
        if isinstance(value, float) and not value.is_integer():
            self.leave_out(self.first(names)[0], f"{value} is not a whole number; left out of the record")
            return None
        return None if value is None else int(value)

    def _within_bounds(self, record_class: type, field: str, names: tuple[str, ...]) -> int | float | None:
        name, value = self.first(names)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.leave_out(name, f"{shown(value)} is not a number; left out of the record")
            return None
        if (fault := fault_of(record_class, field, value)) is not None:
            self.leave_out(name, f"{fault}; left out of the record")
            return None
        return value

    def time(self, *names: str) -> datetime | None:
        """The first member that is present, as a UTC time.

        Raises:
            MetadataInvalid: it is not an RFC 3339 date-time.
        """
        name, value = self.first(names)
        return None if value is None else self._moment(name, value)

    def optional_time(self, *names: str) -> datetime | None:
        """As ``time``, but what is not a time is left out."""
        try:
            return self.time(*names)
        except MetadataInvalid as fault:
            self.leave_out(self.first(names)[0], f"{fault.reason}; left out of the record")
            return None

    def _moment(self, name: str, value: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value.strip().upper())
            return moment.astimezone(UTC) if moment.tzinfo else self._assumed_utc(name, moment)
        except (ValueError, OverflowError, AttributeError) as cause:  # the last for what is no text
            raise MetadataInvalid(self.source, self.place(name), f"{shown(value)} is not an RFC 3339 time") from cause

    def _assumed_utc(self, name: str, moment: datetime) -> datetime:
        self.leave_out(name, "has no time zone; taken as UTC")
        return moment.replace(tzinfo=UTC)

    def texts(self, *names: str) -> tuple[str, ...]:
        """The first member that is present, as texts; a single text counts as a list of one."""
        name, value = self.first(names)
        if value is None:
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            self.leave_out(name, "is not a list of texts; left out of the record")
            return ()
        return tuple(one.strip() for one in values if one.strip())

    def objects(self, *names: str) -> tuple[Mapping[str, Any], ...]:
        """The first member that is present, as a list of objects; other things in the list are passed over."""
        name, value = self.first(names)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.leave_out(name, "is not a list; left out of the record")
            return ()
        return tuple(one for one in value if isinstance(one, Mapping))

    def object(self, name: str) -> Mapping[str, Any]:
        """A member that is an object; an empty one where it is absent or something else."""
        value = self.values.get(name)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.leave_out(name, f"is not an object but {type(value).__name__}; left out of the record")
        return {}
