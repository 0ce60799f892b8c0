"""What a frame of a slider costs, as a ratio to Matplotlib's own savefig of the same figure."""

import gzip
import io
import statistics
import time

import numpy as np

from frontier import scaling
from frontier.chapters import best_size as draw
from frontier.show import Control, explore, figure


def main() -> None:
    """Draw the slider of the chapter on the best size both ways."""
    budgets = [float(c) for c in np.logspace(18, 26, 17)]
    explorer = explore(
        lambda ax, flop: draw.isoflop(ax, scaling.BESIROGLU_2024, flop),
        alt="Loss against size.",
        caption="One budget, every size.",
        flop=Control("Compute budget", budgets),
    )
    explorer.frame(0)
    ours, theirs = [], []
    for index, flop in enumerate(budgets):
        start = time.perf_counter()
        explorer.frame(index)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        fig, ax = figure()
        draw.isoflop(ax, scaling.BESIROGLU_2024, flop)
        fig.savefig(io.StringIO(), format="svg")
        theirs.append(time.perf_counter() - start)
    frame, reference = statistics.median(ours), statistics.median(theirs)
    packed = len(gzip.compress(explorer.html().encode())) / len(budgets)
    print(f"a frame {1000 * frame:.0f} ms, savefig {1000 * reference:.0f} ms: {frame / reference:.2f} times")
    print(f"compressed {packed / 1000:.1f} kB a frame, controls and script included")


if __name__ == "__main__":
    main()
