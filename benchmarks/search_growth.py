"""How the time of searches grows with the number of items, as a drawing.

    python -m benchmarks.search_growth docs/search-growth.svg 10000=FILE 100000=FILE 1000000=FILE

Each file is what ``python -m benchmarks.search_rate NUMBER`` printed.
"""

import re
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

SHOWN = (
    "item",
    "box of 0.1 degree",
    "box of 5 degrees, week, clear",
    "box of 40 degrees",
    "least cloud first",
    "newest 100",
    "count, box of 20 degrees",
    "all: platforms",
)
_LINE = re.compile(r"^(\S.*?) {2,}([\d.]+) ms", re.MULTILINE)


def main(target: Path, tables: dict[int, Path]) -> None:
    """Draw the median times of some questions at some numbers of items."""
    times = {number: dict(_LINE.findall(path.read_text("utf-8"))) for number, path in tables.items()}
    numbers = sorted(times)
    # The same drawing from the same figures: no date, no random names.
    mpl.rcParams["svg.hashsalt"] = "search"
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for name in SHOWN:
        axes.plot(numbers, [float(times[number][name]) for number in numbers], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="items", ylabel="median, milliseconds of one core")
    axes.grid(visible=True, which="major", alpha=0.3)
    figure.legend(loc="outside right upper", frameon=False)
    figure.savefig(target, metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]), {int(n): Path(p) for n, _, p in (one.partition("=") for one in sys.argv[2:])})
