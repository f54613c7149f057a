"""Zip archives, good and hostile, and the metadata files of SAFE products that may stand in them."""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

PRODUCT = "S2B_MSIL2A_20240812T092029_N0511_R093_T34TGL_20240812T132345.SAFE"
OTHER_PRODUCT = "S2A_MSIL1C_20240812T092031_N0511_R093_T34TGL_20240812T132345.SAFE"
RADAR_PRODUCT = "S1A_IW_GRDH_1SDV_20240812T050000_20240812T050025_055175_06B9A1_ABCD.SAFE"

METADATA = {"MTD_MSIL2A.xml": b"<p/>", "GRANULE/L2A_T34TGL/MTD_TL.xml": b"<g/>", "manifest.safe": b"<m/>"}
IMAGES = {"GRANULE/L2A_T34TGL/IMG_DATA/R10m/B04.jp2": b"jp2", "DATASTRIP/DS/MTD_DS.xml": b"<d/>"}


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A folder with files by their path within it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def write_zip(path: Path, files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """An archive with entries by name."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def under(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files in a folder."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def patched(path: Path, *, at: int, value: int, code: str) -> None:
    """Overwrite a number of the first entry, in the local header and in the directory.

    Args:
        path: archive.
        at: offset of the number in the local file header (APPNOTE.TXT, section 4.3.7); two more in the directory.
        value: to write.
        code: of ``struct``, little-endian.
    """
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    for place in (at, directory + at + 2):
        struct.pack_into(f"<{code}", content, place, value)
    path.write_bytes(content)


FLAGS, UNPACKED_SIZE = 6, 22
"""Offsets in the local file header."""
