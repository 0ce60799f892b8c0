"""Horizontal bars with their values: a few things by name, from the first at the top."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from frontier._checks import real
from frontier.show import style


def bars(
    ax: Axes,
    names: Sequence[str],
    values: Sequence[float],
    *,
    series: str,
    xlabel: str,
    title: str,
    digits: int = 1,
    sign: str = "",
    most: float | None = None,
) -> str:
    """Draw a bar for each name, its value beside it; return both in words.

    Parameters
    ----------
    names, values : sequence
        What the bars are and how long, one for one.
    series, xlabel, title : str
        What the length is, for the data of the figure, along the axis and above it, with its unit.
    digits, sign : int, str
        Decimals of the values, and what follows them, such as a per cent sign.
    most : float, optional
        End of the axis; by default a little beyond the longest bar, and beyond 1.

    Examples
    --------
    >>> words = {"series": "orders left", "xlabel": "Orders of magnitude", "title": "Room left"}
    >>> bars(style.figure()[1], ["Landauer", "Shannon"], [8.2, 0.2], **words)
    'Landauer 8.2, Shannon 0.2'
    """
    lengths = real("values", values)
    if lengths.shape != (len(names),) or not len(names):
        raise ValueError(f"names and values must be as many, at least one, got {names!r} and {values!r}")
    places = range(len(names))
    ax.barh(places, lengths, color=style.COLORS["blue"], alpha=0.7, height=0.6, label=series)
    written = [f"{length:.{digits}f}{sign}" for length in lengths]
    for place, length, words in zip(places, lengths, written, strict=True):
        style.label(ax, length, place, words, va="center")
    ax.set_yticks(places, names)
    end = 1.12 * max(*lengths, 1) if most is None else most
    ax.set(xlim=(0, end), ylim=(len(names) - 0.5, -0.5), xlabel=xlabel)
    style.title(ax, title)
    return ", ".join(f"{name} {words}" for name, words in zip(names, written, strict=True))
