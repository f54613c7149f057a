from typing import Any

import pytest

from graph_service.document_patch import merge_patch, operations_patch
from graph_service.errors import PatchFailed, RequestInvalid, RequestTooLarge


# The examples of RFC 7396, appendix A.
@pytest.mark.parametrize(
    ("before", "patch", "after"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_sets_members_and_takes_away_null_ones(before: Any, patch: Any, after: Any) -> None:
    kept = repr(before)
    assert merge_patch(patch)(before) == after
    assert repr(before) == kept


def test_operations_are_done_one_after_the_other() -> None:
    document = {"properties": {"eo:cloud_cover": 3}, "assets": {"a": 1}}
    patch = operations_patch(
        [
            {"op": "test", "path": "/properties/eo:cloud_cover", "value": 3},
            {"op": "replace", "path": "/properties/eo:cloud_cover", "value": 4},
            {"op": "move", "from": "/assets/a", "path": "/assets/b~1c"},
            {"op": "remove", "path": "/properties/eo:cloud_cover"},
        ]
    )
    assert patch(document) == {"properties": {}, "assets": {"b/c": 1}}
    assert document["assets"] == {"a": 1}


@pytest.mark.parametrize(
    "operations",
    [{}, "add", [1], [{"op": "add"}], [{"op": "grow", "path": "/a"}], [{"op": "add", "path": "a", "value": 1}], [None]],
)
def test_what_is_no_patch_is_refused(operations: Any) -> None:
    with pytest.raises(RequestInvalid, match="patch"):
        operations_patch(operations)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/a", "value": 2},
        {"op": "remove", "path": "/b"},
        {"op": "replace", "path": "/b/c", "value": 1},
        {"op": "add", "path": "/list/7", "value": 1},
        {"op": "move", "from": "/b", "path": "/c"},
        {"op": "copy", "from": "/b", "path": "/c"},
    ],
)
def test_an_operation_that_does_not_fit_is_named(operation: Any) -> None:
    first = {"op": "add", "path": "/a", "value": 1}
    with pytest.raises(PatchFailed, match=r"patch\[1\]"):
        operations_patch([first, operation])({"list": []})


def test_copies_of_copies_come_to_an_end() -> None:
    doubling = [{"op": "copy", "from": "/a", "path": "/a/-"}] * 60
    with pytest.raises(RequestTooLarge):
        operations_patch(doubling)({"a": ["x" * 1000]})
