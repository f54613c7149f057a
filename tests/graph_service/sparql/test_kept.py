"""What was made for texts stays within its bounds."""

from graph_service.sparql.kept import Kept


def test_what_was_met_last_stays() -> None:
    kept: Kept[int] = Kept(80)
    for number in range(10):
        kept.put(f"{number}" * 10, number)
        assert kept.get("0" * 10) == 0
    assert [n for n in range(10) if kept.get(f"{n}" * 10) is not None] == [0, 3, 4, 5, 6, 7, 8, 9]


def test_a_text_is_kept_once() -> None:
    kept: Kept[int] = Kept(80)
    for number in range(20):
        kept.put("a" * 10, number)
    kept.put("b" * 10, 1)
    assert (kept.get("a" * 10), kept.get("b" * 10)) == (19, 1)


def test_a_long_text_does_not_crowd_the_others_out() -> None:
    kept: Kept[int] = Kept(80)
    kept.put("a", 1)
    kept.put("b" * 70, 2)
    assert (kept.get("a"), kept.get("b" * 70)) == (1, None)
