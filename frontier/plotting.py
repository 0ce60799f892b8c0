"""A Matplotlib figure as inline SVG: one drawing for light, dark, print and a phone.

Three steps make a picture: `figure` gives Axes, a function draws on them, `picture` turns the whole into
SVG with alternative text and a caption. Text stays text, numbers are rounded, and black becomes
``currentColor``, so the drawing takes the colour of the words around it. What was drawn goes along as a
table to download.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.rcsetup import cycler
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from frontier._checks import words
from frontier.drawn import as_csv
from frontier.text import power_of_ten

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

WIDTH = "max-width:34rem"  # of a figure on a page, so that its text is as large as the text around it

_STYLE: Any = {  # Matplotlib types the keys of a style one by one
    "svg.fonttype": "none",  # letters, not outlines: readable, selectable, light
    "path.simplify_threshold": 0.1,
    "font.size": 10,
    "font.family": ["DejaVu Sans"],  # ships with Matplotlib, so every machine lays out alike
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "axes.prop_cycle": cycler(color=CYCLE, linestyle=["-", "--", "-.", ":", (0, (5, 1, 1, 1))]),
    "figure.constrained_layout.use": True,
}


def figure(
    nrows: int = 1, ncols: int = 1, *, width: float = 4.4, height: float = 2.9, **subplots: Any
) -> tuple[Figure, Any]:
    """Return a new figure and its Axes, in the book's style, touching no global state.

    Parameters
    ----------
    nrows, ncols : int
        Rows and columns of Axes.
    width, height : float
        Size in inches. At this width ten-point text is as large on a phone.
    **subplots
        Passed to `matplotlib.figure.Figure.subplots`, `sharex` for instance.

    Returns
    -------
    (Figure, Axes or ndarray of Axes)

    Raises
    ------
    ValueError
        If a size is not positive.

    Examples
    --------
    >>> fig, ax = figure()
    >>> line = ax.plot([1, 2], [3, 4])
    >>> picture(fig, alt="A line rising from 3 to 4.", caption="It rises.")
    Figure: It rises.
    (A line rising from 3 to 4.)
    """
    for name, size in {"nrows": nrows, "ncols": ncols, "width": width, "height": height}.items():
        if not size > 0:
            raise ValueError(f"{name} must be positive, got {size}")
    with mpl.rc_context(_STYLE):
        fig = Figure(figsize=(width, height))
        return fig, fig.subplots(nrows, ncols, **subplots)


@dataclass(frozen=True)
class Picture:
    """A finished drawing: SVG, alternative text, caption, and its numbers as CSV text.

    Shows itself in a notebook and on the site.
    """

    svg: str
    alt: str
    caption: str
    data: str = ""

    def __repr__(self) -> str:
        """Say in words what the picture shows."""
        return f"Figure: {self.caption}\n({self.alt})"

    def _repr_html_(self) -> str:
        caption = caption_html(self.caption, data_link(self.data))
        return f'<figure class="frontier" style="{WIDTH}">{self.svg}{caption}</figure>'

    def save(self, path: str) -> None:
        """Write the drawing to an SVG file that stands alone: dark lines, or light ones in dark mode."""
        style = "<style>:root{color:#222}@media (prefers-color-scheme:dark){:root{color:#ddd}}</style>"
        start = self.svg.index(">") + 1
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.svg[:start] + style + self.svg[start:] + "\n")


def picture(fig: Figure, *, alt: str, caption: str) -> Picture:
    """Turn a figure into a `Picture`.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, from `figure`.
    alt : str
        What the drawing shows, for whoever does not see it. Not empty.
    caption : str
        What it means: the finding, not the axes. Not empty.

    Raises
    ------
    ValueError
        If `alt` or `caption` is empty.
    """
    words(alt=alt, caption=caption)
    return Picture(to_svg(fig, alt), alt, caption, as_csv(fig, caption))


def to_svg(fig: Figure, alt: str, *, salt: str = "") -> str:
    """Return the figure as a compact SVG element, the same bytes each time.

    `salt` tells apart the names of clip paths and markers of drawings that share a page; by default it
    comes from `alt`. Lines of the result are elements, so two frames of one figure share most of them.
    """
    salt = salt or hashlib.sha256(alt.encode()).hexdigest()
    file = io.StringIO()
    for legend in fig.findobj(Legend):
        legend.set_frame_on(False)  # its white box would hide light words in dark mode
    with mpl.rc_context({**_STYLE, "svg.hashsalt": salt}):
        # The canvas's own printer: savefig would draw everything twice.
        FigureCanvasSVG(fig).print_svg(file, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return _compact(file.getvalue(), alt)


def caption_html(caption: str, link: str = "") -> str:
    """Return the caption as HTML; text in, so nothing in it is taken for markup. `link` stands at its end."""
    return f"<figcaption>{html.escape(caption)}{link}</figcaption>"


def data_link(data: str, text: str = "Data (CSV)") -> str:
    """Return a link that downloads the data of a figure, with a space before it; nothing if there are none.

    It holds the data itself, so it works in a notebook that stands alone; the site makes a file of it.
    """
    if not data:
        return ""
    address = "data:text/csv;charset=utf-8," + quote(data, safe=",;:/()")
    return f' <a class="data" download="figure.csv" href="{address}">{text}</a>'


def log_axis(axis: Any, *, every: int = 1) -> None:
    """Make an x or y axis logarithmic, with a plain-text tick at every `every`-th power of ten."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(base=10.0**every, numticks=50))
    axis.set_major_formatter(FuncFormatter(power_of_ten))
    axis.set_minor_locator(NullLocator())


def title(ax: Axes, text: str) -> None:
    """Say above the Axes, flush left, what is drawn and in which unit; it replaces a turned y label."""
    ax.set_title(text, loc="left", fontsize=10)


def label(
    ax: Axes, x: Any, y: Any, text: str, *, ha: str = "left", va: str = "bottom", gap: float = 4
) -> None:
    """Write `text` a few points off the place (x, y): by default to the right of it and above."""
    sides = {"ha": {"left": gap, "center": 0, "right": -gap}, "va": {"bottom": gap, "center": 0, "top": -gap}}
    for name, side in {"ha": ha, "va": va}.items():
        if side not in sides[name]:
            raise ValueError(f"{name} must be one of {', '.join(sides[name])}, got {side!r}")
    place, offset = (float(x), float(y)), (sides["ha"][ha], sides["va"][va])
    ax.annotate(text, place, offset, textcoords="offset points", ha=ha, va=va, fontsize=9)


_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_SVG = "http://www.w3.org/2000/svg"
_PAGE_COLOURS = {colour: f"var(--frontier-{name},{colour})" for name, colour in COLORS.items()}
_PAGE_COLOURS["#000000"] = "currentColor"
_COLOUR = re.compile("|".join(_PAGE_COLOURS))


def _compact(svg: str, alt: str) -> str:
    """Strip what a browser does not need, and make colours and numbers fit to be inlined."""
    root = ET.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.split("}")[-1]
        for key in [k for k in element.attrib if "}" in k]:
            element.attrib[key.split("}")[-1]] = element.attrib.pop(key)
    used = set(re.findall(r"#([\w.]+)", svg))
    _clean(root, used)
    root.attrib = {
        "xmlns": _SVG,
        "role": "img",
        "aria-label": alt,
        "viewBox": root.attrib["viewBox"],
        "width": "100%",
        "fill": "currentColor",
        "stroke-linejoin": "round",
    }
    ET.indent(root, space="")  # one element a line, so that frames can share lines
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def _clean(parent: ET.Element, used: set[str]) -> None:
    """Drop invisible elements, unused names and bare groups below `parent`; shorten the rest."""
    kept: list[ET.Element] = []
    for child in parent:
        _clean(child, used)
        style = child.get("style", "")
        invisible = child.tag == "path" and style.replace(" ", "") == "fill:none"
        if invisible or child.tag in ("metadata", "style"):  # the style rule is for *: the whole page
            continue
        if child.get("id") not in used:
            child.attrib.pop("id", None)
        if child.tag in ("g", "defs") and not len(child):
            continue
        if child.tag == "g" and not child.attrib:
            kept.extend(child)
            continue
        _shorten(child)
        kept.append(child)
    parent[:] = kept


def _shorten(element: ET.Element) -> None:
    """Round coordinates to a tenth of a point, style values to a hundredth."""
    for key in element.attrib.keys() & {"d", "x", "y", "width", "height", "transform"}:
        text = _NUMBER.sub(lambda number: _rounded(number.group(), 1), element.attrib[key])
        element.attrib[key] = re.sub(r"\s+", " ", text).strip()
    if re.match(r"rotate\(-?0 ", element.get("transform", "")):
        del element.attrib["transform"]
    if "style" in element.attrib:
        style = re.sub(r"font: ([\d.]+)px [^;]*", r"font-size:\1px", element.attrib["style"])
        style = re.sub(r"font-family:[^;]*;?", "", style.replace(": ", ":").replace("; ", ";"))
        style = _NUMBER.sub(lambda number: _rounded(number.group(), 2), style)
        element.attrib["style"] = _COLOUR.sub(lambda colour: _PAGE_COLOURS[colour.group()], style)


def _rounded(number: str, digits: int) -> str:
    """Shorten the text of a number; minus zero is zero."""
    return f"{round(float(number), digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".")
