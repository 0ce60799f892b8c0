"""A figure with a knob: live where Python runs, precomputed where it does not.

`explore` draws one frame for each setting of one slider and, if wanted, one small choice. A notebook with
a kernel shows ipywidgets that redraw; a page without one shows a native range input over the same frames.
"""

from __future__ import annotations

import hashlib
import html
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frontier._checks import words
from frontier.show.picture import WIDTH, caption_html, data_link, to_svg
from frontier.show.progress import WIDGET, in_kernel, with_progress
from frontier.show.series import as_csv
from frontier.show.style import figure

MAX_FRAMES = 400


@dataclass(frozen=True)
class Control:
    """One knob: its label, the values it takes, how each is read out, and where it starts.

    Parameters
    ----------
    label : str
        What the knob changes, with the unit.
    values : sequence
        The settings, in order; each is passed to `draw` as it is.
    text : callable, optional
        Turns a value into words for eyes and screen readers; `str` by default.
    start : optional
        The setting shown first, one of `values`; the middle one by default.
    """

    label: str
    values: Sequence[Any]
    text: Callable[[Any], str] = str
    start: Any = None

    def __post_init__(self) -> None:
        """Check the values."""
        words(label=self.label)
        ordered = isinstance(self.values, Sequence | np.ndarray) and not isinstance(self.values, str)
        if not ordered or len(self.values) < 2:
            raise ValueError(f"values must be a sequence of two or more, got {self.values!r}")
        if self.start is not None and self.start not in list(self.values):
            raise ValueError(f"start must be one of the values of {self.label!r}, got {self.start!r}")

    @property
    def index(self) -> int:
        """Position of the setting shown first."""
        return len(self.values) // 2 if self.start is None else list(self.values).index(self.start)

    @property
    def texts(self) -> list[str]:
        """Every setting in words."""
        return [self.text(value) for value in self.values]


def explore(
    draw: Callable[..., str],
    *,
    alt: str,
    caption: str,
    width: float = 4.4,
    height: float = 2.9,
    **controls: Control,
) -> Explorer:
    """Return a figure with a slider and, at most, one choice beside it.

    Parameters
    ----------
    draw : callable
        ``draw(ax, **settings)`` draws one frame on Matplotlib Axes and returns one line of text that states
        the setting and the result. Keep the limits of the axes fixed, so that only the data move.
    alt : str
        What the figure shows, for whoever does not see it.
    caption : str
        What turning the knob teaches.
    width, height : float
        Size in inches.
    **controls : Control
        One or two, named as `draw` names its arguments: the first becomes a slider, the second a choice.

    Returns
    -------
    Explorer
        Shows itself in a notebook and on a static page.

    Raises
    ------
    ValueError
        If `alt` or `caption` is empty, there are not one or two controls, or more than 400 frames.

    Examples
    --------
    >>> def draw(ax, power):
    ...     x = np.linspace(0, 1)
    ...     ax.plot(x, x**power)
    ...     return f"x to the power {power} is {0.5**power:g} at one half."
    >>> explore(draw, alt="A power of x.", caption="Higher powers hug the axis.",
    ...         power=Control("Power", [1, 2, 3]))
    Figure with a slider: Higher powers hug the axis.
    (A power of x.)
    Power: 1 to 3, 3 settings.
    x to the power 2 is 0.25 at one half.
    """
    words(alt=alt, caption=caption)
    if not callable(draw):
        raise TypeError(f"draw must be a function, got {draw!r}")
    for name, control in controls.items():
        if not isinstance(control, Control):
            raise TypeError(f"{name} must be a Control, got {control!r}")
    if not 1 <= len(controls) <= 2:
        raise ValueError(f"controls must be one or two, got {len(controls)}")
    count = int(np.prod([len(control.values) for control in controls.values()]))
    if count > MAX_FRAMES:
        raise ValueError(f"controls must make at most {MAX_FRAMES} frames, got {count}")
    return Explorer(draw, alt, caption, (width, height), controls)


@dataclass(frozen=True)
class Explorer:
    """What `explore` returns: one figure, two faces."""

    draw: Callable[..., str]
    alt: str
    caption: str
    size: tuple[float, float]
    controls: dict[str, Control]

    def __repr__(self) -> str:
        """Say in words what there is to explore, and what the first frame says."""
        knobs = (
            f"{c.label}: {c.texts[0]} to {c.texts[-1]}, {len(c.values)} settings."
            for c in self.controls.values()
        )
        first = self.frame(*self._start)[1]
        return "\n".join([f"Figure with a slider: {self.caption}", f"({self.alt})", *knobs, first])

    def frame(self, *indices: int) -> tuple[str, str]:
        """Return the SVG and the text line of one setting, drawn now."""
        fig, ax, text = self._drawn(*indices)
        fig.set_layout_engine("none")
        ax.set_position(self._first[0])
        return to_svg(fig, self.alt, salt=self.alt + self.caption), text

    def data(self, *indices: int) -> str:
        """Return the numbers of one setting as CSV text."""
        fig, _ax, text = self._drawn(*indices)
        return as_csv(fig, self.caption, text)

    def _drawn(self, *indices: int) -> tuple[Figure, Axes, str]:
        settings = {
            name: control.values[i] for (name, control), i in zip(self.controls.items(), indices, strict=True)
        }
        fig, ax = figure(width=self.size[0], height=self.size[1])
        text = self.draw(ax, **settings)
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"draw must return the line of text for {settings}, got {text!r}")
        return fig, ax, text

    @property
    def _start(self) -> list[int]:
        return [control.index for control in self.controls.values()]

    @cached_property
    def _first(self) -> tuple[Any, str]:
        """Where the Axes stand in the first frame, and so in every frame: nothing jumps. And its data."""
        fig, ax, text = self._drawn(*self._start)
        fig.draw_without_rendering()
        return ax.get_position(), as_csv(fig, self.caption, text)

    @cached_property
    def frames(self) -> list[tuple[str, str]]:
        """Every frame, SVG and text line, the slider's settings running fastest; drawn once."""
        ranges = [range(len(c.values)) for c in self.controls.values()]
        settings = [indices[::-1] for indices in itertools.product(*ranges[::-1])]
        return [self.frame(*indices) for indices in with_progress(settings, f"Drawing {self.caption}")]

    def html(self) -> str:
        """Return the static face: a figure, native controls over all frames, and a script that joins them."""
        name = "explore-" + hashlib.sha256((self.alt + self.caption).encode()).hexdigest()[:8]
        slider, *choice = self.controls.values()
        start = slider.index + len(slider.values) * (choice[0].index if choice else 0)
        svg, text = self.frames[start]
        parts = [
            f'<figure class="frontier explore" id="{name}" style="{WIDTH}"><div class="drawing">{svg}</div>',
            '<div class="controls" hidden>',  # shown by the script: without it they would do nothing
            f'<label for="{name}-1">{html.escape(slider.label)}</label>',
            f'<input id="{name}-1" type="range" autocomplete="off" min="0" max="{len(slider.values) - 1}" '
            f'value="{slider.index}" aria-valuetext="{html.escape(slider.texts[slider.index])}">',
        ]
        for control in choice:
            options = "".join(
                f"<option{' selected' if i == control.index else ''}>{html.escape(option)}</option>"
                for i, option in enumerate(control.texts)
            )
            parts.append(
                f'<label for="{name}-2">{html.escape(control.label)}</label>'
                f'<select id="{name}-2" autocomplete="off">{options}</select>'
            )
        ids = " ".join(f"{name}-{k + 1}" for k in range(len(self.controls)))
        parts += [
            f'</div><output for="{ids}" aria-live="polite">{html.escape(text)}</output>',
            caption_html(self.caption, data_link(self._first[1], "Data of the first setting (CSV)")),
            f'<script type="application/json">{self._data(slider)}</script>',
            f"<script>{_script()}</script></figure>",
        ]
        return "".join(parts)

    def _data(self, slider: Control) -> str:
        """Pack all frames as JSON: the lines that occur, each once, and which lines make each frame."""
        number: dict[str, int] = {}
        frames = [
            [number.setdefault(line, len(number)) for line in svg.split("\n")] for svg, _text in self.frames
        ]
        data = {
            "lines": list(number),
            "frames": frames,
            "texts": [text for _svg, text in self.frames],
            "values": slider.texts,
        }
        packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        # No text may end the script element, or open a comment in it.
        return packed.replace("</", "<\\/").replace("<!--", "\\u003c!--")

    def widget(self) -> Any:
        """Return the live face: ipywidgets that call `draw` again at each change."""
        import ipywidgets

        drawing, line, caption = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        slider, *choice = self.controls.values()
        style = {"description_width": "initial"}
        knobs = [
            ipywidgets.SelectionSlider(
                options=list(zip(slider.texts, range(len(slider.values)), strict=True)),
                index=slider.index,
                description=slider.label,
                style=style,
                layout={"width": "95%"},
            )
        ]
        knobs += [
            ipywidgets.Dropdown(
                options=list(zip(c.texts, range(len(c.values)), strict=True)),
                index=c.index,
                description=c.label,
                style=style,
            )
            for c in choice
        ]

        def redraw(_change: object = None) -> None:
            setting = [knob.value for knob in knobs]
            svg, text = self.frame(*setting)
            drawing.value, line.value = svg, f"<div aria-live='polite'>{html.escape(text)}</div>"
            caption.value = html.escape(self.caption) + data_link(self.data(*setting))

        for knob in knobs:
            knob.observe(redraw, names="value")
        redraw()
        return ipywidgets.VBox([drawing, *knobs, line, caption], layout={"max_width": WIDTH.split(":")[1]})

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Both faces in one bundle: a front end with a kernel takes the widget, a page the HTML."""
        bundle: dict[str, Any] = {"text/html": self.html(), "text/plain": repr(self)}
        if in_kernel():
            view = self.widget()._repr_mimebundle_()
            bundle[WIDGET] = view[WIDGET]
        return bundle


def _script() -> str:
    return (files("frontier.show") / "slider.js").read_text(encoding="utf-8")
