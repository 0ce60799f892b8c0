"""What a figure shows, as a table: the numbers behind its lines, points, bands and bars.

`as_csv` reads them back from the finished Axes, so a function that draws need not know that its figure can be
downloaded, and the table cannot differ from the drawing.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation
from matplotlib.ticker import FixedLocator

from frontier.show.style import COLORS

COLUMNS = ("panel", "series", "x", "x_end", "y", "y_end")
MOST = 200  # rows of one series; of a longer one every second, third, ... is written, and the table says so

_DASHES = {"-": "", "--": " dashed", "-.": " dash-dotted", ":": " dotted"}
_Row = tuple[float, float, float, float]  # the columns after the series; nan is an empty cell
_NAN = float("nan")


def as_csv(fig: Figure, *notes: str) -> str:
    """Return what is drawn in a finished figure as CSV text.

    Lines that start with ``#`` hold the notes and name the axes. Then comes a row for every point of a line,
    every edge of a band (from `y` to `y_end`), every bar and every word, with five significant digits; a cell
    is empty where a line runs across the whole panel. A series has its label, or its kind and colour.

    Examples
    --------
    >>> from frontier.show import figure
    >>> fig, ax = figure()
    >>> line = ax.plot([1, 2], [3, 1e24], color="#0072b2")
    >>> axis = ax.set_xlabel("Days")
    >>> print(as_csv(fig, "It rises."), end="")
    # It rises.
    # panel 1: x is Days
    panel,series,x,x_end,y,y_end
    1,line 1 (blue),1,,3,
    1,line 1 (blue),2,,1e+24,
    """
    head, rows = [_line(note) for note in notes], []
    for number, ax in enumerate(fig.axes, 1):
        head += [f"panel {number}: {words}" for words in _axes_in_words(ax)]
        for name, points in _series(ax):
            step = -(-len(points) // MOST)
            if step > 1:
                head.append(f"panel {number}: {name} has {len(points)} points, one in {step} is written")
            rows += [(number, name, *map(_number, point)) for point in points[::step]]
    file = io.StringIO()
    file.writelines(f"# {words}\n" for words in head)
    csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    return file.getvalue()


def _line(text: str) -> str:
    return " ".join(text.split())


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value + 0.0:.5g}"


def _axes_in_words(ax: Axes) -> Iterator[str]:
    """Yield what the title and the labels say, and what numbers stand for where ticks are words."""
    said = {"title": ax.get_title(loc="left") or ax.get_title(), "x": ax.get_xlabel(), "y": ax.get_ylabel()}
    if any(said.values()):
        yield "; ".join(f"{name} is {_line(text)}" for name, text in said.items() if text)
    for axis in (ax.xaxis, ax.yaxis):
        if not isinstance(axis.get_major_locator(), FixedLocator):
            continue
        places = axis.get_majorticklocs().tolist()
        names = zip(places, map(_line, axis.get_major_formatter().format_ticks(places)), strict=True)
        words = [f"{_number(at)} is {name}" for at, name in names if any(map(str.isalpha, name))]
        if words:
            yield f"{axis.axis_name} {', '.join(words)}"


def _series(ax: Axes) -> Iterator[tuple[str, list[_Row]]]:
    """Yield name and rows of everything drawn in data coordinates, in the order in which it was drawn."""
    counts: Counter[str] = Counter()
    containers = {id(part): container for container in ax.containers for part in container.get_children()}
    seen: set[int] = set()
    for artist in ax.get_children():
        group: Any = containers.get(id(artist), artist)
        one = group if isinstance(group, BarContainer) else artist  # all bars of a call are one series
        if id(one) in seen or not artist.get_visible():
            continue
        seen.add(id(one))
        kind, rows = _rows(ax, artist, one)
        rows = [row for row in rows if not np.isnan(row).all()]
        if not rows:
            continue
        counts[kind] += 1
        label = str(group.get_label())  # the parts of error bars have none
        if isinstance(artist, Annotation):
            label = f"words: {_line(artist.get_text())}"
        yield label if label[:1] not in ("", "_") else f"{kind} {counts[kind]} ({_look(artist)})", rows


def _rows(ax: Axes, artist: Artist, group: Any) -> tuple[str, list[_Row]]:
    """Return what kind of thing it is, and its rows; none for what is no data, such as an axis."""
    if isinstance(artist, Line2D):
        kind = "points" if artist.get_linestyle() == "None" else "line"
        x, y = np.array(artist.get_xydata(), float).reshape(-1, 2).T
        across, up = _in_data(ax, artist)
        x, y = x if across else np.full(x.shape, _NAN), y if up else np.full(y.shape, _NAN)
        return kind, _points(x, y) if across and up else _points(x, y)[:1]
    if isinstance(artist, PathCollection):  # scatter
        return "points", _points(*np.ma.getdata(artist.get_offsets()).reshape(-1, 2).T)
    if isinstance(artist, LineCollection):  # hlines, vlines, error bars
        return "interval", [row for segment in artist.get_segments() for row in _segment(np.asarray(segment))]
    if isinstance(artist, PolyCollection):  # fill_between
        return "band", [row for path in artist.get_paths() for row in _band(np.asarray(path.vertices))]
    if isinstance(artist, Rectangle) and artist is not ax.patch:
        return "bars", [_span(ax, bar) for bar in (group if group is not artist else [artist])]
    if isinstance(artist, Annotation) and artist.xycoords == "data":
        return "words", _points(*np.array([artist.xy], float).T)
    return "", []


def _in_data(ax: Axes, artist: Line2D | Rectangle) -> tuple[bool, bool]:
    """Whether x and y are data, and not shares of the panel as in `axhline`."""
    transform = artist.get_data_transform() if isinstance(artist, Rectangle) else artist.get_transform()
    across, up = transform.contains_branch_seperately(ax.transData)
    return across, up


def _points(x: Iterable[float], y: Iterable[float]) -> list[_Row]:
    return [(float(a), _NAN, float(b), _NAN) for a, b in zip(x, y, strict=True)]


def _segment(ends: Any) -> list[_Row]:
    (x, y), (x_end, y_end) = ends[0], ends[-1]
    if len(ends) != 2 or (x != x_end and y != y_end):
        return _points(*ends.T)
    return [(x, x_end if x_end != x else _NAN, y, y_end if y_end != y else _NAN)]


def _band(outline: Any) -> list[_Row]:
    """Return the lower and the upper edge at each x."""
    return [
        (float(x), _NAN, float(at.min()), float(at.max()))
        for x in np.unique(outline[:, 0])
        for at in [outline[outline[:, 0] == x, 1]]
    ]


def _span(ax: Axes, bar: Rectangle) -> _Row:
    (across, up), (x, y) = _in_data(ax, bar), bar.get_xy()
    return (
        *((x, x + bar.get_width()) if across else (_NAN, _NAN)),
        *((y, y + bar.get_height()) if up else (_NAN, _NAN)),
    )


def _look(artist: Any) -> str:
    """Return the colour and the dashes of something that has no label."""
    drawn = isinstance(artist, Line2D | LineCollection)
    colours = to_rgba_array(artist.get_color() if drawn else artist.get_facecolor())
    if not len(colours):
        return "no fill"
    code, names = to_hex(colours[0]), {code: name for name, code in COLORS.items()}
    dashes = _DASHES.get(str(artist.get_linestyle()), "") if isinstance(artist, Line2D) else ""
    return (names | {"#000000": "black", "#808080": "gray"}).get(code, code) + dashes
