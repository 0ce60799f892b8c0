"""A Matplotlib figure as inline SVG: one drawing for light, dark, print and a phone.

`figure` gives Axes, a function draws on them, `picture` turns the whole into SVG with alternative text, a
caption and a table of what was drawn. Text stays text, numbers are rounded, and black becomes
``currentColor``, so the drawing takes the colour of the words around it.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any
from urllib.parse import quote

from matplotlib.axes import Axes
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure

from frontier._checks import all_positive, words
from frontier.show.series import as_csv
from frontier.show.style import COLORS, FONT, one_size

WIDTH = "max-width:28rem"  # of a figure in a notebook: its text is as large as the text around it


@dataclass(frozen=True)
class Picture:
    """A finished drawing: SVG, alternative text, caption, and its numbers as CSV text. Shows itself."""

    svg: str
    alt: str
    caption: str
    data: str = ""
    figure: Figure | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        """Say in words what the picture shows."""
        return f"Figure: {self.caption}\n({self.alt})"

    def _repr_html_(self) -> str:
        caption = caption_html(self.caption, data_link(self.data))
        return f'<figure class="frontier" style="{WIDTH}">{self.svg}{caption}</figure>'

    def save(self, path: str | PathLike[str], *, dpi: float = 300) -> None:
        """Write the drawing, black on white, to a file that stands alone.

        Parameters
        ----------
        path : str or path
            Where to; the suffix says what: .svg, .png or .pdf. The last two are drawn from the figure, so a
            `Picture` that was not made by `picture` has only the first.
        dpi : float
            Dots per inch of a PNG.
        """
        all_positive(dpi=dpi)
        said = {".png": ("Title", "Description"), ".pdf": ("Title", "Subject", "CreationDate")}
        suffix, figure = Path(path).suffix.lower(), self.figure
        if suffix == ".svg":
            Path(path).write_text(standing_alone(self.svg) + "\n", encoding="utf-8")
        elif suffix in said and figure:  # without a date, so the same drawing has the same bytes
            about = dict(zip(said[suffix], (self.caption, self.alt, None), strict=False))
            figure.savefig(path, dpi=dpi, facecolor="white", metadata=about)
        else:
            rule = f"end in .svg{', .png or .pdf' if figure else ' where there is no figure'}"
            raise ValueError(f"path must {rule}, got {str(path)!r}")


def picture(fig: Figure, *, alt: str, caption: str) -> Picture:
    """Turn a figure into a `Picture`.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, from `figure`.
    alt, caption : str
        What the drawing shows, for whoever does not see it, and what it means: the finding, not the axes.
    """
    words(alt=alt, caption=caption)
    return Picture(to_svg(fig, alt), alt, caption, as_csv(fig, caption), fig)


def to_svg(fig: Figure, alt: str, *, salt: str = "") -> str:
    """Return the figure as a compact SVG element, the same bytes each time.

    `salt` tells apart the names of clip paths and markers of drawings that share a page; by default it
    comes from `alt`. Lines of the result are elements, so two frames of one figure share most of them.
    """
    salt = salt or hashlib.sha256(alt.encode()).hexdigest()
    file = io.StringIO()
    one_size(fig)
    # The canvas's own print_svg, with a renderer of ours; savefig would draw everything twice.
    FigureCanvasSVG(fig)  # measures the words for the layout
    (width, height), dpi = fig.get_size_inches(), fig.dpi
    fig.dpi = 72
    vector = _Renderer(72 * width, 72 * height, file, dpi, salt)
    renderer: Any = MixedModeRenderer(fig, width, height, dpi, vector)  # type: ignore[no-untyped-call]
    fig.draw(renderer)
    renderer.finalize()
    panels = [_panel(ax, 72 * height) for ax in fig.axes]
    fig.dpi = dpi
    return _compact(file.getvalue(), alt, panels)


def _panel(ax: Axes, height: float) -> str:
    """Say where a page finds values in Axes: x and y of two corners, then scale and limits of both axes.

    The corners are the lower left and the upper right one, in units of the drawing; an axis without ticks is
    "bare", and tells no values. Nothing where a scale is neither linear nor logarithmic.
    """
    box, axes = ax.bbox, (ax.xaxis, ax.yaxis)
    if not {"linear", "log"}.issuperset(axis.get_scale() for axis in axes):
        return ""
    told = [f"{'' if len(axis.get_majorticklocs()) else 'bare-'}{axis.get_scale()}" for axis in axes]
    corners = " ".join(f"{x:.1f}" for x in (box.x0, height - box.y0, box.x1, height - box.y1))
    limits = zip(told, (ax.get_xlim(), ax.get_ylim()), strict=True)
    return " ".join([corners, *(f"{scale} {low:.6g} {high:.6g}" for scale, (low, high) in limits)])


class _Renderer(RendererSVG):
    """Writes letters as letters and names by a salt, by itself: rcParams, which say so else, are global."""

    def __init__(self, width: float, height: float, file: io.StringIO, dpi: float, salt: str) -> None:
        self._salt = salt
        super().__init__(width, height, file, None, dpi, metadata={"Date": None})  # type: ignore[no-untyped-call]

    _draw_text_as_path = RendererSVG._draw_text_as_text

    def _make_id(self, kind: str, content: object) -> str:
        return kind + hashlib.sha256(f"{self._salt}{content}".encode()).hexdigest()[:10]


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


_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_SVG = "http://www.w3.org/2000/svg"
_PAGE_COLOURS = {colour: f"var(--frontier-{name},{colour})" for name, colour in COLORS.items()}
_PAGE_COLOURS["#000000"] = "currentColor"
_COLOUR = re.compile("|".join(_PAGE_COLOURS))
_PAGE_COLOUR = re.compile(r'(?:(?<=:)|(?<=fill="))(?:var\(--[\w-]+,(#\w+)\)|currentColor)(?=[;"])')


def own_colours(svg: str, ink: str = "#000000") -> str:
    """Return a drawing that takes its colours from a page as one that has its own, its lines in `ink`."""
    return _PAGE_COLOUR.sub(lambda colour: colour[1] or ink, svg)


def standing_alone(svg: str) -> str:
    """Give a drawing what the page gives it: colours, letters, size, and white behind it."""
    start, rest = own_colours(svg).split(">", 1)
    width, height = re.findall(r"[\d.]+", re.findall(r'viewBox="0 0 (.*?)"', start)[0])
    look = f'width="{width}pt" height="{height}pt" font-family="DejaVu Sans, Verdana, sans-serif"'
    white = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    return start.replace('width="100%"', look) + ">" + white + rest


def _compact(svg: str, alt: str, panels: list[str]) -> str:
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
        "data-panels": ";".join(panels),
        "width": "100%",
        "fill": "currentColor",
        "font-size": str(FONT["size"]),  # here alone, so that a page can set another
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
        if child.get("id") not in used and child.attrib.pop("id", "") == "handle":
            child.set("class", "handle")
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
        style = re.sub(r"font: (?:(\d+) )?[\d.]+px [^;]*;?", _weight, element.attrib["style"])
        style = re.sub(r"font-(family|size):[^;]*;?", "", style.replace(": ", ":").replace("; ", ";"))
        style = _NUMBER.sub(lambda number: _rounded(number.group(), 2), style)
        element.attrib["style"] = _COLOUR.sub(lambda colour: _PAGE_COLOURS[colour.group()], style)


def _weight(font: re.Match[str]) -> str:
    """Keep of a font how bold it is: a page has its own letters, in one size."""
    return f"font-weight:{font[1]};" if font[1] else ""


def _rounded(number: str, digits: int) -> str:
    """Shorten the text of a number; minus zero is zero."""
    return f"{round(float(number), digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".")
