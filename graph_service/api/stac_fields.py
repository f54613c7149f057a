"""The members of documents that a request wants.

Source: STAC API, fields extension 1.0.0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any as AnyValue

from graph_service.errors import RequestInvalid
from graph_service.index.cql2_text import is_unicode

ALWAYS = ("id", "type", "stac_version", "collection")
"""Members that are given beside those that were asked for, unless they are excluded."""
BARE = (*ALWAYS, "geometry", "bbox", "links", "assets", "properties.datetime")
"""Members that make a valid STAC Item, for a choice without a name."""
_MOST = 1000
_FORM = 'is no object such as {"include": ["properties.eo:cloud_cover"], "exclude": ["assets"]}'


@dataclass(frozen=True, slots=True)
class Fields:
    """A choice of members, each by the names of the members that lead to it, with dots between."""

    include: frozenset[str]
    """What was asked for, which is given whatever is excluded."""
    exclude: frozenset[str]
    besides: frozenset[str] | None = None
    """What else is given unless it is excluded; None for everything."""

    def chosen(self, document: Mapping[str, AnyValue]) -> dict[str, AnyValue]:
        """The members of a document that were chosen."""
        return self._chosen(document, "", whole=self.besides is None)

    def _chosen(self, members: Mapping[str, AnyValue], prefix: str, *, whole: bool) -> dict[str, AnyValue]:
        found: dict[str, AnyValue] = {}
        for name, value in members.items():
            path = f"{prefix}{name}"
            is_given = self._is_given(path, whole)
            if isinstance(value, dict) and self._decides_below(path):
                part = self._chosen(value, f"{path}.", whole=is_given)
                if part or is_given:
                    found[name] = part
            elif is_given:
                found[name] = value
        return found

    def _is_given(self, path: str, whole: bool) -> bool:
        if path in self.include or path in self.exclude:
            return path in self.include
        return whole or (self.besides is not None and path in self.besides)

    def _decides_below(self, path: str) -> bool:
        named = (*self.include, *self.exclude, *(self.besides or ()))
        return any(one.startswith(f"{path}.") for one in named)


def fields_of(value: AnyValue, *, always: Iterable[str] = ALWAYS, bare: Iterable[str] = BARE) -> Fields:
    """The choice that a request describes.

    What is only excluded is taken from the whole; of what is included and excluded, the former counts.

    Args:
        value: of the parameter, as JSON has it.
        always: members that are given beside those that were asked for.
        bare: members that are given where nothing was named.

    Raises:
        RequestInvalid: it is no such choice.
    """
    if not isinstance(value, dict) or not set(value) <= {"include", "exclude"}:
        raise RequestInvalid(f"fields: {_FORM}")
    include, exclude = (_paths(value.get(name)) for name in ("include", "exclude"))
    if not include:
        # stac-api-validator tells an empty list of members to include, which asks for a bare item, from none.
        return Fields(include, exclude, None if exclude and "include" not in value else frozenset(bare))
    return Fields(include, exclude, frozenset(always))


def fields_from_text(text: str) -> dict[str, list[str]]:
    """A choice as the text of a GET request as a POST request would give it: ``id,+properties,-assets``."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    include = [name.removeprefix("+") for name in names if not name.startswith("-")]
    exclude = [name.removeprefix("-") for name in names if name.startswith("-")]
    return {"include": include, "exclude": exclude} if include or not exclude else {"exclude": exclude}


def _paths(names: AnyValue) -> frozenset[str]:
    if names is None:
        return frozenset()
    if not isinstance(names, list) or not all(isinstance(name, str) and is_unicode(name) for name in names):
        raise RequestInvalid(f"fields: {_FORM}")
    if len(names) > _MOST:
        raise RequestInvalid(f"fields: has {len(names)} names; give at most {_MOST} at a time")
    # Properties may be named with and without what they are in.
    return frozenset(path for name in names for path in (name, f"properties.{name}"))
