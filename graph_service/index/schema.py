"""The tables of the index.

What is sorted, counted and joined is kept apart from the documents, which are looked up at
the end. An index of another version is made again, so that nothing is ever converted.
"""

from graph_service.index.properties import PROPERTIES

VERSION = 2
"""Raised whenever tables change, or what is written into them."""

INDEXED = (
    "id",
    "tile",
    "relative_orbit",
    "anomaly_type",
    "product_type",
    "platform",
    "collection",
    "anomaly_score",
    "cloud_cover",
    "created",
    "updated",
)
"""Properties besides the time that have a B-tree, those with the fewest scenes to a value first.

Each costs about 25 bytes and 3 microseconds a scene; what has none is found and sorted by reading every scene.
"""

MOST_PARTS = 1024
"""Boxes of one scene; a footprint of more parts is kept under one box around all of them."""

DAYS_PER_DEGREE = 40
"""Of the tree of boxes, whose branches are told apart by the longest side: 40 years are as long as the globe is wide.

Measured: with 10 or 150, boxes of any size and time take a third longer. In seconds, every branch would hold a few
minutes of the whole globe.
"""

SPECIAL = "parts > 1 OR audience IS NOT NULL"
"""Scenes that no box tells the whole of: those of several, and those that not everybody may see."""

_TYPES = {"text": "TEXT", "number": "REAL", "time": "REAL", "list": "TEXT"}
_COLUMNS = ", ".join(f"{p.column} {_TYPES[p.kind]}" for p in PROPERTIES)
# With time and row at the end a B-tree gives the scenes of one value in order, newest or oldest first, and all of them
# by value with ties in order; with the audience it tells who may see them.
_TREES = "".join(
    f"CREATE INDEX IF NOT EXISTS scene_by_{name} ON scene ({name}, datetime, row, audience);\n" for name in INDEXED
)

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS state (
    change_number INTEGER NOT NULL,
    ahead REAL NOT NULL,
    behind REAL NOT NULL
);
INSERT INTO state SELECT 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM state);
CREATE TABLE IF NOT EXISTS reference (iri TEXT PRIMARY KEY, audience TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS collection (
    iri TEXT PRIMARY KEY, id TEXT NOT NULL, audience TEXT, fingerprint TEXT, document TEXT,
    stac BLOB NOT NULL, links BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS collection_fingerprint ON collection (fingerprint);
CREATE TABLE IF NOT EXISTS scene (
    row INTEGER PRIMARY KEY, audience TEXT, parts INTEGER NOT NULL,
    west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL,
    first_instant REAL NOT NULL, last_instant REAL NOT NULL, {_COLUMNS},
    iri TEXT NOT NULL UNIQUE, fingerprint TEXT, document TEXT, footprint BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS scene_fingerprint ON scene (fingerprint);
CREATE INDEX IF NOT EXISTS scene_special ON scene (parts) WHERE {SPECIAL};
CREATE INDEX IF NOT EXISTS scene_by_datetime ON scene (
    datetime, row, audience, collection, parts, west, south, east, north
);
{_TREES}
CREATE TABLE IF NOT EXISTS stac (row INTEGER PRIMARY KEY, body BLOB NOT NULL, links BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS centre (
    row INTEGER PRIMARY KEY, audience TEXT, longitude REAL NOT NULL, latitude REAL NOT NULL,
    geohash INTEGER NOT NULL, geotile INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS tally (
    collection TEXT NOT NULL, audience TEXT NOT NULL, scenes INTEGER NOT NULL, first REAL NOT NULL, last REAL NOT NULL,
    west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL,
    PRIMARY KEY (collection, audience)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS scene_box USING rtree(part, west, east, south, north, since, until);
CREATE VIEW IF NOT EXISTS box AS SELECT part / {MOST_PARTS} AS scene_row, west, east, south, north FROM scene_box;
CREATE TABLE IF NOT EXISTS concept (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS scene_concept (
    concept INTEGER NOT NULL, scene_row INTEGER NOT NULL, PRIMARY KEY (concept, scene_row)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS concepts_of_scene ON scene_concept (scene_row, concept);
CREATE TABLE IF NOT EXISTS label (iri TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    title, description, keywords, labels, identifiers, tokenize = "unicode61 remove_diacritics 2"
);
PRAGMA user_version = {VERSION};
"""
TABLES = ("reference", "collection", "scene", "stac", "centre", "tally", "scene_box", "scene_concept", "concept")
"""What records are spread over, but ``words``."""


def axis(seconds: float) -> float:
    """A time on the third axis of the tree of boxes, which keeps 32 bits of it: a few minutes are one."""
    return seconds / (86400 * DAYS_PER_DEGREE)


def seconds_at(place: float) -> float:
    """The time at a place on that axis."""
    return place * (86400 * DAYS_PER_DEGREE)
