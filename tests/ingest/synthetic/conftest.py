import pytest

from ingest.synthetic.archive import Archive, synthetic_archive
from tests.ingest.synthetic.contents import Contents, contents_of


@pytest.fixture(scope="session")
def archive() -> Archive:
    return synthetic_archive()


@pytest.fixture(scope="session")
def contents(archive: Archive) -> Contents:
    """The archive as somebody finds it who knows its files only."""
    return contents_of(dict(archive.files()))
