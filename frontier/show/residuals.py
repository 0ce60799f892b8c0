"""What a fit misses, run by run, against compute: one hopes for a cloud without a shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from frontier._checks import positive, real
from frontier.show.style import log_axis, title


def residuals(ax: Any, flop: ArrayLike, missed: ArrayLike) -> str:
    """Draw ln(predicted / observed) of each run in per cent against compute; return it in words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    flop, missed : array_like, shape (n,)
        Compute of each run in FLOP, above 0, and its residual as in `frontier.fitting.Fit`.
    """
    c, off = positive("flop", flop), 100 * real("missed", missed)
    if c.ndim != 1 or c.shape != off.shape or len(c) == 0:
        raise ValueError(f"flop and missed must be rows of one length, got {c.shape} and {off.shape}")
    half = float(np.median(np.abs(off)))
    ax.axhspan(-half, half, alpha=0.2, linewidth=0, label="half of the runs")
    ax.axhline(0, linewidth=1)
    ax.plot(c, off, "o", markersize=4, alpha=0.7, label="runs")
    log_axis(ax.xaxis)
    ax.set_xlabel("Training compute (FLOP)")
    title(ax, "Law above (+) or below (-) the loss (%)")
    worst = float(off[np.argmax(np.abs(off))])
    return f"half of {len(c)} runs lie within {half:.2f}% of the law, the worst is {worst:+.1f}% off"
