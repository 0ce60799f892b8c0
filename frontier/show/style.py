"""The book's look: colours, a new figure in its style, axes, titles and labels.

No pyplot and no global state: a figure is an object, and a function that draws takes its Axes and returns
what it drew in words.
"""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from frontier._checks import all_positive
from frontier.show.words import power_of_ten

# Okabe and Ito's palette, told apart with every kind of colour vision. A page may lighten a colour for
# dark mode by setting the variable; the number after the comma is what stands without one.
COLORS = {
    "blue": "#0072b2",
    "vermillion": "#d55e00",
    "green": "#009e73",
    "purple": "#cc79a7",
    "orange": "#e69f00",
}
CYCLE = list(COLORS.values())
# The one line a figure is about, and what is known of it.
MAIN: Any = {"color": COLORS["blue"], "linestyle": "-", "linewidth": 2}
BAND: Any = {"color": COLORS["blue"], "alpha": 0.25, "linewidth": 0}

# One size for all text: 12 pixels on a phone at the width below; on wide screens a page makes it smaller,
# beside a larger drawing. The family is what Matplotlib brings, so that every machine lays out alike.
FONT: Any = {"size": 10, "family": "DejaVu Sans"}
WIDTH = 3.95  # of a figure, in inches
THIN = 0.7  # width of axes and ticks, in points


def figure(
    nrows: int = 1, ncols: int = 1, *, width: float = WIDTH, height: float = 2.9, **subplots: Any
) -> tuple[Figure, Any]:
    """Return a new figure and its Axes (an array of several), in the book's style, touching no global state.

    Parameters
    ----------
    nrows, ncols : int
        Rows and columns of Axes.
    width, height : float
        Size in inches. At this width the text is legible on a phone.
    **subplots
        Passed to `matplotlib.figure.Figure.subplots`, `sharex` for instance.

    Examples
    --------
    >>> fig, ax = figure(1, 2, sharey=True)
    >>> len(ax), fig.get_size_inches().tolist()
    (2, [3.95, 2.9])
    """
    all_positive(nrows=nrows, ncols=ncols, width=width, height=height)
    fig = Figure(figsize=(width, height), facecolor="none", layout="constrained")
    axes = fig.subplots(nrows, ncols, **subplots)
    for ax in fig.axes:
        _dress(ax)
    return fig, axes


def _dress(ax: Axes) -> None:
    """Style Axes themselves: Matplotlib's rcParams, and so its `rc_context`, are shared by all threads."""
    ax.set_facecolor("none")
    ax.set_prop_cycle(color=CYCLE, linestyle=["-", "--", "-.", ":", (0, (5, 1, 1, 1))])
    for side, spine in ax.spines.items():
        spine.set(linewidth=THIN, visible=side not in ("top", "right"))
    ax.tick_params(width=THIN, labelsize=FONT["size"], labelfontfamily=FONT["family"])
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set(**FONT)
        axis.offsetText.set(**FONT)


def one_size(fig: Figure) -> None:
    """Set all text of a figure, legends and notes too, in the one size that a page counts on.

    Legends lose their white box, which would hide light words in dark mode.
    """
    for part in fig.findobj():  # all in one walk, which makes an axis make its ticks
        if isinstance(part, Text):
            part.set(**FONT)
        elif isinstance(part, Legend):
            part.set_frame_on(False)
        elif isinstance(part, Axes):  # a tick made later takes its look from here
            part.tick_params(labelsize=FONT["size"], labelfontfamily=FONT["family"])


def log_axis(axis: Any, *, every: int = 1) -> None:
    """Make an x or y axis logarithmic, with a plain-text tick at every `every`-th power of ten."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(base=10.0**every, numticks=50))
    axis.set_major_formatter(FuncFormatter(power_of_ten))
    axis.set_minor_locator(NullLocator())


def title(ax: Axes, text: str) -> None:
    """Say above the Axes, flush left, what is drawn and in which unit; it replaces a turned y label."""
    ax.set_title(text, loc="left", **FONT)


def label(
    ax: Axes, x: Any, y: Any, text: str, *, ha: str = "left", va: str = "bottom", gap: float = 4
) -> None:
    """Write `text` a few points off the place (x, y): by default to the right of it and above."""
    sides = {"ha": {"left": gap, "center": 0, "right": -gap}, "va": {"bottom": gap, "center": 0, "top": -gap}}
    for name, side in {"ha": ha, "va": va}.items():
        if side not in sides[name]:
            raise ValueError(f"{name} must be one of {', '.join(sides[name])}, got {side!r}")
    place, offset = (float(x), float(y)), (sides["ha"][ha], sides["va"][va])
    ax.annotate(text, place, offset, textcoords="offset points", ha=ha, va=va)


def handle(artist: Artist) -> None:
    """Make of a marker, or of a line's first point, what a reader of the page can drag to move the slider."""
    artist.set_gid("handle")


def dot(
    ax: Axes,
    x: float,
    y: float,
    name: str,
    *,
    color: str,
    marker: str = "o",
    size: float = 6,
    span: tuple[float, float] | None = None,
    upright: bool = False,
    draggable: bool = False,
    **line: Any,
) -> None:
    """Draw a value and, where it has one, its range: a dot called `name` on a line called "name, range".

    `span` holds the ends of the range, along x or, where it is `upright`, along y; `line` is the look of its
    line. Both names stand in the data of the figure. In a figure with a slider a `draggable` dot moves it.
    Raises `TypeError` for a look that no line has: without a `span` Matplotlib never sees it.
    """
    for key in line:
        if not hasattr(Line2D, f"set_{key}"):
            raise TypeError(f"line must hold what a Matplotlib line has, got {key!r}")
    if span is not None:
        look: dict[str, Any] = {"color": color, "linestyle": "-", "linewidth": 2} | line
        ends = ([x, x], list(span)) if upright else (list(span), [y, y])
        ax.plot(*ends, **look, label=f"{name}, range")
    (mark,) = ax.plot(x, y, marker, color=color, markersize=size, label=name)
    if draggable:
        handle(mark)


def without_y(ax: Axes) -> None:
    """Take away the y axis, where the words beside the marks say what they are."""
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
