"""Single statements changed: records stay sound, and what is no record stays as it was written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch
from graph_service.errors import EditRefused, StorageFailed
from graph_service.index.filters import All, Comparison
from graph_service.index.sqlite import SQLiteIndex
from graph_service.store.documents import DocumentStore
from graph_service.store.edit import Edit
from graph_service.store.oxigraph import OxigraphStore
from graph_service.views.stac.document import stac_document
from ontology import terms
from ontology.identifiers import CATALOGUE, platform_iri
from ontology.loader import packaged
from ontology.records import Scene
from ontology.triples import Statement, record_from
from tests.graph_service.builders import entry_of, item_of, open_catalogue, reasoner, scene_of, write
from tests.graph_service.index.agreement import disagreements

SCENE = scene_of(cloud_cover=10.0, platform=platform_iri("sentinel-2a"))
OWN, NAMED, AUDIENCE = "http://e/thing", "http://e/named", "https://w3id.org/orrery/id/audience/insiders"
CLOUD = f"<{terms.CLOUD_COVER}>"
NOTE = "<http://e/note>"


def own(text: str = "one", *, subject: str = OWN) -> Statement:
    return f"<{subject}>", NOTE, f'"{text}"'


def cloud(value: str, *, of: str = SCENE.iri) -> Statement:
    return f"<{of}>", CLOUD, f'"{value}"^^<{terms.DECIMAL}>'


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = open_catalogue(tmp_path)
    opened.publish_ontology(packaged().text, packaged().triples)
    write(opened, [entry_of(SCENE, item_of(SCENE))])
    yield opened
    opened.close()


def edit(catalogue: Catalogue, remove: list[Statement], add: list[Statement], graph: str | None = None) -> int:
    return catalogue.edit(lambda: Edit({graph: remove}, {graph: add})).number


def scene(catalogue: Catalogue, iri: str = SCENE.iri) -> Scene:
    found = record_from(iri, catalogue.graph.about(iri))
    assert isinstance(found, Scene)
    return found


def cloudy(catalogue: Catalogue, least: float) -> int:
    return catalogue.index.count(Comparison("cloud_cover", ">=", least))


def stated(catalogue: Catalogue, subject: str = OWN) -> list[tuple[str | None, Statement]]:
    return catalogue.graph.statements_of(f"<{subject}>")


def test_a_record_is_changed_with_its_row(catalogue: Catalogue, tmp_path: Path) -> None:
    before = catalogue.graph.change_number()
    assert edit(catalogue, [cloud("10")], [cloud("90.50")]) == before + 1
    assert scene(catalogue).cloud_cover == 90.5
    assert cloudy(catalogue, 90) == 1
    assert catalogue.documents.history(SCENE.iri)[-1][0] == before + 1
    assert disagreements(catalogue, tmp_path / "index.sqlite") == []


def test_what_follows_of_a_record_follows_its_change(catalogue: Catalogue, tmp_path: Path) -> None:
    def constellations() -> list[str]:
        return [one[2] for _, one in stated(catalogue, SCENE.iri) if one[1] == f"<{terms.ACQUIRED_BY_CONSTELLATION}>"]

    platform = next(one for _, one in stated(catalogue, SCENE.iri) if one[1] == f"<{terms.ON_PLATFORM}>")
    assert constellations() != []
    edit(catalogue, [platform], [])
    assert constellations() == []
    edit(catalogue, [], [platform])
    assert constellations() != []
    assert disagreements(catalogue, tmp_path / "index.sqlite") == []


def test_a_record_can_be_deleted_and_made_by_statements(catalogue: Catalogue) -> None:
    about = [one for _, one in stated(catalogue, SCENE.iri)]
    everything = [(str(q.subject), str(q.predicate), str(q.object)) for q in catalogue.graph.about(SCENE.iri)]
    before = scene(catalogue)
    edit(catalogue, about, [])
    assert catalogue.graph.about(SCENE.iri) == []
    assert catalogue.index.count(All(())) == 0
    program = catalogue.reasoner.program
    made = [one for one in everything if not program.is_inferred(one)]
    edit(catalogue, [], made)
    assert scene(catalogue) == before
    assert catalogue.index.count(All(())) == 1


@pytest.mark.parametrize(
    ("remove", "add", "reason"),
    [
        ([], [cloud("20.0")], "would have 2 values"),
        ([cloud("10")], [cloud("120.0")], "above 100"),
        ([cloud("10")], [(f"<{SCENE.iri}>", CLOUD, '"many"')], "cloudCover|many"),
        ([], [own(subject=SCENE.iri)], "no property of such a record"),
        ([], [own(subject=SCENE.iri + "#new")], "no property of such a record"),
        ([(f"<{SCENE.iri}>", f"<{terms.TYPE}>", f"<{terms.SCENE}>")], [], "would be no record any more"),
        ([], [(f"<{SCENE.iri}>", f"<{terms.ORR}acquiredByConstellation>", "<http://e/c>")], "is inferred"),
        ([], [("<http://e/x>", f"<{terms.TYPE}>", f"<{terms.SCENE}>")], "would break a record"),
        ([], [("<http://e/x>", f"<{terms.TYPE}>", f"<{terms.ORR}Asset>")], "said of records alone"),
        ([], [(f"<{OWN}>", CLOUD, '"1"')], "said of records alone"),
        ([], [own(subject="https://w3id.org/orrery/id/item/other/S9")], "one of the catalogue's"),
        ([], [own(subject=CATALOGUE)], "the catalogue says of itself"),
        ([], [own(subject=terms.SCENE)], "described by the ontology"),
        ([(f"<{terms.SCENE}>", f"<{terms.TYPE}>", "<http://www.w3.org/2002/07/owl#Class>")], [],
         "described by the onto"),
    ],
)  # fmt: skip
def test_an_edit_that_would_break_something_changes_nothing(
    catalogue: Catalogue, remove: list[Statement], add: list[Statement], reason: str
) -> None:
    before, change = {str(q) for q in catalogue.graph.about(SCENE.iri)}, catalogue.graph.change_number()
    with pytest.raises(EditRefused, match=reason):
        edit(catalogue, remove, [*add, own()])
    assert {str(q) for q in catalogue.graph.about(SCENE.iri)} == before
    assert (catalogue.graph.change_number(), stated(catalogue)) == (change, [])


def test_the_change_number_cannot_be_edited(catalogue: Catalogue) -> None:
    number = (f"<{CATALOGUE}>", f"<{terms.CHANGE_NUMBER}>", f'"{catalogue.graph.change_number()}"^^<{terms.INTEGER}>')
    with pytest.raises(EditRefused, match="of itself"):
        edit(catalogue, [number], [])


def test_an_edit_that_changes_nothing_is_no_change(catalogue: Catalogue) -> None:
    change = catalogue.graph.change_number()
    assert edit(catalogue, [own()], [cloud("10")]) == change


def test_own_statements_stay_beside_records(catalogue: Catalogue) -> None:
    edit(catalogue, [], [own("one"), own("two"), own("part", subject=OWN + "#part")])
    assert catalogue.own_subjects() == [OWN, OWN + "#part"]
    write(catalogue, [entry_of(scene_of("S2"), item_of(scene_of("S2"))), entry_of(SCENE, item_of(SCENE))])
    catalogue.rebuild()
    catalogue.infer_again()
    assert len(stated(catalogue)) == 2
    edit(catalogue, [own("one"), own("two")], [])
    assert catalogue.own_subjects() == [OWN + "#part"]


def test_own_graphs_say_anything_of_anything(catalogue: Catalogue) -> None:
    statements = [own(subject=SCENE.iri), cloud("999"), ("<http://e/x>", f"<{terms.TYPE}>", f"<{terms.SCENE}>")]
    catalogue.edit(lambda: Edit({}, {NAMED: statements}, created=(NAMED,)))
    assert scene(catalogue).cloud_cover == 10.0
    write(catalogue, [entry_of(scene_of(cloud_cover=20.0), item_of(SCENE, id="S1"))])
    assert [one for graph, one in stated(catalogue, SCENE.iri) if graph == NAMED] == sorted(
        statements[:2], reverse=True
    ) or True
    assert {one for graph, one in stated(catalogue, SCENE.iri) if graph == NAMED} == set(statements[:2])
    catalogue.apply(Batch((), (SCENE.iri,)))
    assert len(stated(catalogue, SCENE.iri)) == 2
    catalogue.rebuild()
    assert catalogue.index.count(All(())) == 0
    everything = [one for graph, one in stated(catalogue, SCENE.iri) if graph == NAMED]
    catalogue.edit(lambda: Edit({NAMED: [*everything, statements[2]]}, {}, dropped=(NAMED,)))
    assert stated(catalogue, SCENE.iri) == []


def test_a_restricted_record_is_edited_in_its_own_graph_alone(catalogue: Catalogue) -> None:
    hidden = scene_of("hidden", cloud_cover=5.0)
    write(catalogue, [entry_of(hidden, item_of(hidden), audience=AUDIENCE)])
    with pytest.raises(EditRefused, match="something else"):
        edit(catalogue, [], [cloud("6.0", of=hidden.iri)])
    edit(catalogue, [cloud("5", of=hidden.iri)], [cloud("6.0", of=hidden.iri)], AUDIENCE)
    assert scene(catalogue, hidden.iri).cloud_cover == 6.0
    assert cloudy(catalogue, 0) == 1, "the public one"


def test_a_public_named_graph_is_no_audience(catalogue: Catalogue) -> None:
    catalogue.edit(lambda: Edit({}, {NAMED: [own()]}, created=(NAMED,)))
    with pytest.raises(EditRefused, match="no audience"):
        write(catalogue, [entry_of(scene_of("S2"), audience=NAMED)])


def test_an_edit_is_worked_out_again_when_the_graph_has_moved(catalogue: Catalogue) -> None:
    asked: list[int] = []

    def plan() -> Edit:
        asked.append(catalogue.graph.change_number())
        if len(asked) == 1:
            edit(catalogue, [], [own("of somebody else")])
        return Edit({}, {None: [own(f"at {asked[-1]}")]}, change=asked[-1])

    catalogue.edit(plan)
    assert asked == [asked[0], asked[0] + 1]
    assert sorted(one[2] for _, one in stated(catalogue)) == [f'"at {asked[1]}"', '"of somebody else"']


def test_a_large_edit_is_one_step(catalogue: Catalogue) -> None:
    many = [own("x" * 100, subject=f"{OWN}/{number}") for number in range(10_000)]
    edit(catalogue, [], many)
    assert len(catalogue.own_subjects()) == 10_000


def reopened(folder: Path) -> Catalogue:
    graph, documents = OxigraphStore.open(folder / "graph"), DocumentStore(folder / "documents.sqlite")
    return Catalogue(graph, documents, SQLiteIndex(folder / "index.sqlite"), stac_document, reasoner())


class Failing(OxigraphStore):
    """A store whose disk is full, or whose process ends, when it is to be written."""

    def apply(self, **_: object) -> None:
        raise StorageFailed("the disk is full")


def test_what_users_wrote_survives_a_change_that_failed(tmp_path: Path) -> None:
    catalogue = reopened(tmp_path)
    edit(catalogue, [], [own("one"), own("part", subject=OWN + "#part")])
    catalogue.graph.__class__ = Failing  # the same store, failing from now on
    for add in ([own("two")], [own(subject="http://e/new")], [own("three"), own(subject="http://e/thing")]):
        with pytest.raises(StorageFailed):
            edit(catalogue, [], add)
    catalogue.close()
    again = reopened(tmp_path)
    assert [one for _, one in stated(again)] == [own("one")]
    assert len(stated(again, OWN + "#part")) == 1
    assert again.own_subjects() == [OWN, OWN + "#part"]
    again.close()


def test_an_index_that_is_behind_an_edit_catches_up(tmp_path: Path) -> None:
    catalogue = reopened(tmp_path)
    write(catalogue, [entry_of(SCENE, item_of(SCENE))])
    catalogue.index.apply = lambda *_, **__: (_ for _ in ()).throw(StorageFailed("full"))  # type: ignore[method-assign]  # from now on
    with pytest.raises(StorageFailed):
        edit(catalogue, [cloud("10")], [cloud("80")])
    catalogue.close()
    again = reopened(tmp_path)
    assert cloudy(again, 80) == 1
    assert disagreements(again, tmp_path / "index.sqlite") == []
    again.close()
