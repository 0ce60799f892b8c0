"""A figure with a knob: live where Python runs, precomputed where it does not.

`explore` draws one frame for each setting of one slider and, if wanted, one small choice. Who sits at a
notebook gets ipywidgets that draw what is asked for; a page has a native range input over all frames.
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
from typing import Any, NamedTuple

import numpy as np

from frontier._checks import one_of, words
from frontier.show.picture import WIDTH, caption_html, data_link, to_svg
from frontier.show.progress import WIDGET, is_live, with_progress
from frontier.show.series import as_csv
from frontier.show.style import WIDTH as INCHES
from frontier.show.style import figure, one_size

MAX_FRAMES = 400


@dataclass(frozen=True)
class Control:
    """One knob: what it changes, with the unit, the values it takes, and the one shown first.

    `text` turns a value into words for eyes and screen readers; without a `start` the middle one comes first.
    A slider that can `play` has a button that runs through its values, for what grows or takes its time.
    """

    label: str
    values: Sequence[Any]
    text: Callable[[Any], str] = str
    start: Any = None
    play: bool = False

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


def _interval(steps: int) -> int:
    """Return the milliseconds from one value to the next of a slider that plays, as its script has them."""
    return min(300, 5000 // steps)


def explore(
    draw: Callable[..., str],
    *,
    alt: str,
    caption: str,
    width: float = INCHES,
    height: float = 2.9,
    **controls: Control,
) -> Explorer:
    """Return a figure with a slider and, if wanted, one choice beside it: at most 400 frames.

    Parameters
    ----------
    draw : callable
        ``draw(ax, **settings)`` draws one frame on Matplotlib Axes and returns one line of text that states
        the setting and the result. Keep the limits of the axes fixed, so that only the data move. What it
        marks with `handle` can be dragged on a page, and the slider follows.
    alt, caption : str
        What the figure shows, for whoever does not see it, and what turning the knob teaches.
    width, height : float
        Size in inches.
    **controls : Control
        One or two, named as `draw` names its arguments: the first becomes a slider, the second a choice.

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


class Frame(NamedTuple):
    """One setting, drawn: the SVG, the line of text, and the numbers as CSV text."""

    svg: str
    text: str
    data: str


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
        knobs = [
            f"{knob.label}: {knob.texts[0]} to {knob.texts[-1]}, {len(knob.values)} settings."
            for knob in self.controls.values()
        ]
        return "\n".join(
            [f"Figure with a slider: {self.caption}", f"({self.alt})", *knobs, self._first[1].text]
        )

    def frame(self, *indices: int) -> Frame:
        """Return one setting, drawn now (the first one once and for all)."""
        place, first = self._first
        return first if indices == self._start else self._drawn(indices, place)[1]

    @property
    def _start(self) -> tuple[int, ...]:
        return tuple(control.index for control in self.controls.values())

    @cached_property
    def _first(self) -> tuple[Any, Frame]:
        """Where the Axes stand in the first frame, and so in every frame: nothing jumps. And the frame."""
        return self._drawn(self._start)

    def _drawn(self, indices: tuple[int, ...], place: Any = None) -> tuple[Any, Frame]:
        controls = zip(self.controls.items(), indices, strict=True)
        settings = {name: control.values[index] for (name, control), index in controls}
        fig, ax = figure(width=self.size[0], height=self.size[1])
        text = self.draw(ax, **settings)
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"draw must return the line of text for {settings}, got {text!r}")
        if place is None:
            one_size(fig)
            fig.draw_without_rendering()
            place = ax.get_position()
        fig.set_layout_engine("none")
        ax.set_position(place)
        svg = to_svg(fig, self.alt, salt=self.alt + self.caption)
        return place, Frame(svg, text, as_csv(fig, self.caption, text))

    @cached_property
    def frames(self) -> list[Frame]:
        """Every frame, the slider's settings running fastest; drawn once."""
        ranges = [range(len(c.values)) for c in self.controls.values()]
        settings = [indices[::-1] for indices in itertools.product(*ranges[::-1])]
        return [self.frame(*indices) for indices in with_progress(settings, f"Drawing {self.caption}")]

    def html(self, *, frames: str = "all") -> str:
        """Return the static face: a figure and, but for the first frame alone, native controls.

        `frames` says what the controls lead to: ``"all"``, on the page, with a script that joins them;
        ``"asked"``, which whoever shows the page has drawn (`frame`); or ``"first"``, and no controls.
        """
        one_of("frames", frames, ("all", "asked", "first"))
        name = "explore-" + hashlib.sha256((self.alt + self.caption).encode()).hexdigest()[:8]
        svg, text, data = self._first[1]
        ids = " ".join(f"{name}-{k}" for k, _ in enumerate(self.controls, 1))
        drawing = (
            f'<figure class="frontier explore" id="{name}" style="{WIDTH}"><div class="drawing">{svg}</div>'
        )
        line = f'<output for="{ids}" aria-live="polite">{html.escape(text)}</output>'
        below = caption_html(self.caption, data_link(data, "Data of the first setting (CSV)"))
        knobs, scripts = "" if frames == "first" else self._knobs(name), ""
        if frames == "all":
            script = (files("frontier.show") / "slider.js").read_text(encoding="utf-8")
            scripts = f'<script type="application/json">{self._packed()}</script><script>{script}</script>'
        return f"{drawing}{knobs}{line}{below}{scripts}</figure>"

    def _knobs(self, name: str) -> str:
        """Return the native controls, hidden until the script shows them: without it they do nothing."""
        slider, *choice = self.controls.values()
        words = [html.escape(text) for text in slider.texts]
        play = (
            f'<button class="play" type="button" data-ms="{_interval(len(words) - 1)}" hidden>Play</button>'
            if slider.play
            else ""
        )
        parts = [
            f'<label for="{name}-1">{html.escape(slider.label)}'
            f'<span aria-hidden="true">: <b>{words[slider.index]}</b></span></label>{play}'
            f'<input id="{name}-1" type="range" autocomplete="off" min="0" max="{len(words) - 1}" '
            f'value="{slider.index}" aria-valuetext="{words[slider.index]}">'
            f'<span class="ends" aria-hidden="true"><span>{words[0]}</span><span>{words[-1]}</span></span>'
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
        knobs = "".join(f'<div class="knob">{part}</div>' for part in parts)
        return f'<div class="controls" hidden>{knobs}</div>'

    def _packed(self) -> str:
        """Pack all frames as JSON: the lines that occur, each once, and which lines make each frame."""
        number: dict[str, int] = {}
        frames = [
            [number.setdefault(line, len(number)) for line in frame.svg.split("\n")] for frame in self.frames
        ]
        texts, slider = [frame.text for frame in self.frames], next(iter(self.controls.values()))
        data = {"lines": list(number), "frames": frames, "texts": texts, "values": slider.texts}
        # No text may end the script element, or open a comment in it.
        packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return packed.replace("</", "<\\/").replace("<!--", "\\u003c!--")

    def widget(self) -> Any:
        """Return the live face: ipywidgets that call `draw` again at each change."""
        import ipywidgets

        drawing, line, caption = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        caption.add_class("jp-RenderedHTMLCommon")  # without it JupyterLab shows a link as plain text
        kinds = ipywidgets.SelectionSlider, ipywidgets.Dropdown
        knobs = [
            kind(
                options=list(zip(control.texts, range(len(control.values)), strict=True)),
                index=control.index,
                description=control.label,
                style={"description_width": "initial"},
            )
            for kind, control in zip(kinds, self.controls.values(), strict=False)
        ]
        knobs[0].layout.width = "95%"
        slider, rows = next(iter(self.controls.values())), list(knobs)
        if slider.play:
            last = len(slider.values) - 1
            play = ipywidgets.Play(value=slider.index, max=last, interval=_interval(last))
            ipywidgets.link((play, "value"), (knobs[0], "index"))
            rows.insert(0, play)

        def redraw(_change: object = None) -> None:
            svg, text, data = self.frame(*(knob.value for knob in knobs))
            drawing.value, line.value = svg, f"<div aria-live='polite'>{html.escape(text)}</div>"
            caption.value = html.escape(self.caption) + data_link(data)

        for knob in knobs:
            knob.observe(redraw, names="value")
        redraw()
        return ipywidgets.VBox([drawing, *rows, line, caption], layout={"max_width": WIDTH.split(":")[1]})

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Return what is asked for: to somebody at a notebook the widget and a still, else all frames."""
        live = is_live()
        bundle: dict[str, Any] = {
            "text/html": self.html(frames="first" if live else "all"),
            "text/plain": repr(self),
        }
        return bundle | ({WIDGET: self.widget()._repr_mimebundle_()[WIDGET]} if live else {})
