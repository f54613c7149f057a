"""Inputs that are refused, one for each row of the table in docs/documents.md."""

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.synthetic.archive import synthetic_archive

Write = Callable[[Path], Path]
"""Writes an input into a folder and returns the path to give to the command."""

SQUARE = [[11, 44], [12, 44], [12, 45], [11, 45], [11, 44]]


def item(**changes: Any) -> dict[str, Any]:
    """A STAC item with some members changed; None takes one away."""
    whole = {
        "type": "Feature",
        "stac_version": "1.1.0",
        "id": "S1",
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        "properties": {"datetime": "2025-10-20T10:00:00Z"},
        "assets": {},
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


def geometry(ring: Sequence[Sequence[float]]) -> dict[str, Any]:
    return item(geometry={"type": "Polygon", "coordinates": [ring]})


def json_file(value: Any) -> Write:
    return text_file("item.json", json.dumps(value))


def text_file(name: str, text: str) -> Write:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return write


def archive(members: Mapping[str, str], method: int = zipfile.ZIP_DEFLATED) -> Write:
    def write(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "bundle.zip", "w", method) as file:
            for name, text in members.items():
                file.writestr(name, text)
        return folder / "bundle.zip"

    return write


def safe(change: Callable[[dict[str, bytes]], None], folder_name: str | None = None) -> Write:
    """A generated SAFE whose files were changed."""

    def write(folder: Path) -> Path:
        files = {
            path.removeprefix("sentinel-2/"): content
            for path, content in synthetic_archive(scenes=2).files()
            if ".SAFE/" in path
        }
        root = next(iter(files)).partition("/")[0]
        inside = {path.partition("/")[2]: content for path, content in files.items() if path.startswith(root)}
        change(inside)
        target = folder / (folder_name or root)
        for path, content in inside.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content)
        return target

    return write


def _without_product(files: dict[str, bytes]) -> None:
    for name in [name for name in files if name.startswith("MTD_MSIL")]:
        del files[name]


def _cut_short(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.startswith("MTD_MSIL"))
    files[name] = files[name][:2000]


def _with_doctype(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.startswith("MTD_MSIL"))
    declaration, _, rest = files[name].partition(b"?>")
    files[name] = declaration + b"?><!DOCTYPE a [<!ENTITY e 'x'>]>" + rest


BAD_INPUT: Mapping[str, Write] = {
    "a path that leads nowhere": lambda folder: folder / "no-such-file.json",
    "a named file of another kind": text_file("notes.txt", "hello"),
    "an empty file": text_file("item.json", ""),
    "JSON cut short": text_file("item.json", '{"type": "Feature"'),
    "NaN in JSON": text_file("item.json", json.dumps(item(properties={"eo:cloud_cover": float("nan")}))),
    "a STAC catalog": json_file({"type": "Catalog", "id": "c", "stac_version": "1.0.0", "links": []}),
    "other JSON": json_file({"type": "Recipe"}),
    "a text": json_file("hello"),
    "a list of numbers": json_file([1, 2, 3]),
    "a feature collection without items": json_file({"type": "FeatureCollection", "features": [{"type": "Feature"}]}),
    "no id": json_file(item(id=None)),
    "an id that is a number": json_file(item(id=7)),
    "no properties": json_file(item(properties=None)),
    "no time at all": json_file(item(properties={"datetime": None})),
    "a time that is none": json_file(item(properties={"datetime": "last Tuesday"})),
    "start after end": json_file(
        item(
            properties={
                "datetime": None,
                "start_datetime": "2025-10-21T00:00:00Z",
                "end_datetime": "2025-10-20T00:00:00Z",
            }
        )
    ),
    "no geometry": json_file(item(geometry=None)),
    "a ring of three positions": json_file(geometry(SQUARE[:3])),
    "an unclosed ring": json_file(geometry(SQUARE[:4])),
    "a self-crossing ring": json_file(geometry([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])),
    "a longitude beyond the globe": json_file(geometry([[181, 44], [182, 44], [182, 45], [181, 45], [181, 44]])),
    "latitude and longitude swapped": json_file(geometry([[44, 111], [44, 112], [45, 112], [45, 111], [44, 111]])),
    "a zip without a product": archive({"readme.txt": "hello"}),
    "a zip that is none": text_file("bundle.zip", "hello"),
    "a zip with a path outside it": archive({"../item.json": "{}"}),
    "a zip packed otherwise": archive({"item.json": json.dumps(item())}, zipfile.ZIP_BZIP2),
    "a SAFE of another mission": lambda folder: _empty_safe(folder, "S1A_IW_GRDH_1SDV.SAFE"),
    "a SAFE without product metadata": safe(_without_product),
    "a SAFE file cut short": safe(_cut_short),
    "a SAFE file with a DOCTYPE": safe(_with_doctype),
}


def _empty_safe(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    (folder / name / "manifest.safe").write_text("<a/>", encoding="utf-8")
    return folder / name
