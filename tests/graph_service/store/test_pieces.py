import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import QueryTooLarge
from graph_service.store.evaluation import results_of
from graph_service.store.pieces import Pieces, row_counter
from graph_service.store.results import media_types, write

AWKWARD = [
    'x}},{', '"},{"a', '}},{"b":"', "</result>", "\n", "\r\n", '"', '""', "a,b", "\t", "plain", "\\", "",
]  # fmt: skip


def store_of(values: list[str]) -> ox.Store:
    store = ox.Store()
    for number, value in enumerate(values):
        store.add(ox.Quad(ox.NamedNode(f"http://e/{number}"), ox.NamedNode("http://e/p"), ox.Literal(value)))
    return store


@pytest.mark.parametrize("media_type", media_types("SELECT"))
@given(values=st.lists(st.sampled_from(AWKWARD) | st.text(), min_size=1, max_size=20), size=st.integers(1, 50))
def test_as_many_rows_are_counted_as_there_are(media_type: str, values: list[str], size: int) -> None:
    pieces: list[bytes] = []
    write(results_of(store_of(values), "SELECT * { ?s ?p ?o }", ()), media_type, pieces.append, longest=10**6)
    text = b"".join(pieces)

    def fits(most: int) -> bool:
        count = row_counter(media_type, most)
        try:
            for start in range(0, len(text), size):
                count(text[start : start + size])
        except QueryTooLarge:
            return False
        return True

    assert fits(len(values))
    assert len(values) == 1 or not fits(len(values) - 1)


@pytest.mark.parametrize("media_type", media_types("CONSTRUCT"))
def test_triples_are_counted(media_type: str) -> None:
    store, query = store_of(AWKWARD), "CONSTRUCT WHERE { ?s ?p ?o }"
    write(results_of(store, query, ()), media_type, list[bytes]().append, longest=10**6, rows=len(AWKWARD))
    with pytest.raises(QueryTooLarge, match="more than 12 rows"):
        write(results_of(store, query, ()), media_type, list[bytes]().append, longest=10**6, rows=len(AWKWARD) - 1)


def test_a_truth_value_is_one_row() -> None:
    for media_type in media_types("ASK"):
        write(results_of(ox.Store(), "ASK {}", ()), media_type, list[bytes]().append, longest=10**6, rows=1)


def test_bits_leave_as_larger_pieces() -> None:
    sent: list[bytes] = []
    output = Pieces(sent.append, 1_000_000)
    for _ in range(100):
        output.write(b"x" * 1000)
    assert [len(one) for one in sent] == [66_000]
    output.flush()
    assert sum(map(len, sent)) == 100_000
