"""Released versions of the ontology: snapshots of its modules that never change.

``python -m ontology.release`` makes the snapshot of the version that the modules have now.
"""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from ontology.loader import MODULES, Module, Ontology, OntologyInvalid, packaged, turtle_triples

RELEASES = Path(__file__).parent / "releases"
"""A folder for each version with a file for each module; SHA256SUMS beside them."""
CHECKSUMS = "SHA256SUMS"


class ReleaseChanged(OntologyInvalid):
    """A module differs from the snapshot of the version that it says it is."""


def releases(folder: Path = RELEASES) -> dict[str, Ontology]:
    """The released versions, oldest first, each with its modules."""
    versions = [path.name for path in folder.glob("*/") if path.is_dir()] if folder.is_dir() else []
    return {version: _release(folder / version) for version in sorted(versions, key=version_order)}


def version_order(version: str) -> tuple[tuple[int, str], ...]:
    """Sorts versions by their numbers: 0.10.0 after 0.9.0."""
    return tuple((int(part) if part.isdecimal() else -1, part) for part in version.split("."))


def _release(folder: Path) -> Ontology:
    paths = sorted(folder.glob("*.ttl"), key=lambda path: (_place(path.stem), path.stem))
    modules = tuple(_module(path) for path in paths)
    return Ontology(modules, tuple(triple for module in modules for triple in module.triples))


def _place(name: str) -> int:
    return MODULES.index(name) if name in MODULES else len(MODULES)


def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(f"ontology/releases/{path.parent.name}/{path.name}", text, tuple(turtle_triples(text)))


def release(texts: Mapping[str, tuple[str, str]], folder: Path = RELEASES) -> list[Path]:
    """Write the snapshots that are not there yet, and return them.

    Args:
        texts: version and Turtle text of each module, by name.
        folder: of the releases.

    Raises:
        ReleaseChanged: a module differs from its snapshot; nothing is written then.
    """
    places = {folder / version / f"{name}.ttl": text for name, (version, text) in texts.items()}
    for path, text in places.items():
        if path.exists() and path.read_bytes() != text.encode():
            raise ReleaseChanged(
                f"ontology/{path.name}: differs from version {path.parent.name}, which is released; "
                "raise owl:versionInfo and owl:versionIRI of every module"
            )
    made = [path for path in places if not path.exists()]
    for path in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(places[path].encode())
    if made:
        (folder / CHECKSUMS).write_text(checksums(folder), encoding="utf-8")
    return made


def checksums(folder: Path = RELEASES) -> str:
    """SHA-256 of every released file, as ``sha256sum`` writes and checks them."""
    paths = sorted(folder.glob("*/*.ttl"))
    digests = ((hashlib.sha256(path.read_bytes()).hexdigest(), path) for path in paths)
    return "".join(f"{digest}  {path.relative_to(folder).as_posix()}\n" for digest, path in digests)


def current_texts() -> dict[str, tuple[str, str]]:
    """Version and text of our modules as they are now, by name."""
    return {Path(module.place).stem: (module.version or "", module.text) for module in packaged().modules}


def main() -> None:
    """Make the snapshot, and say what is new."""
    try:
        made = release(current_texts())
    except ReleaseChanged as error:
        sys.exit(str(error))
    for path in made:
        print(path.relative_to(RELEASES.parent.parent).as_posix())
    if not made:
        print("Every module is released as it is.")


if __name__ == "__main__":
    main()
