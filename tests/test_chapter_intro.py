"""The landing page: its figure, the cover that is taken from it, and the distances that it tells."""

import re
import runpy

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from scipy.constants import c, hbar
from series import series

from frontier import landauer
from frontier.chapters import intro
from frontier.registry import number
from frontier.scaling import BESIROGLU_2024 as LAW
from frontier.show import figure


def test_the_cover_is_the_landing_pages_figure():
    scripts = runpy.run_path(str(ROOT / "scripts" / "run_notebooks.py"))
    stored = ROOT / "book" / "_static" / "cover.svg"
    assert scripts["cover"]() == stored.read_text(encoding="utf-8")


def test_the_frontier_lies_below_every_size():
    flop, sizes = np.logspace(17, 27, 121), (1e7, 1e9, 1e12)
    losses = {n_params: LAW.isoflop(flop, n_params) for n_params in sizes}
    _fig, ax = figure()
    words = intro.envelope(ax, flop, losses, LAW.optimal(flop).loss, LAW.E)
    assert "from 10 million to 1 trillion parameters" in words
    frontier = series(ax, "the frontier")
    for name in ("10 million", "1 billion", "1 trillion"):
        at, loss = series(ax, f"{name} parameters")
        assert np.all(loss >= np.interp(at, *frontier) - 1e-9)


def test_the_distances_that_the_page_tells_by_hand():
    cells = nbformat.read(ROOT / "book" / "intro.ipynb", as_version=4).cells
    said = "".join(out.get("text", "") for cell in cells for out in cell.get("outputs", []))
    least, most, below = map(float, re.findall(r"\d+\.\d\d(?= to|\n)", said.split("orders", 1)[1])[:3])
    # 75 W x 5,000 chips x 9 h; 9 h of 5,000 chips / 40 ms a move x 800 positions x 2.9e9 operations each
    joules = 75 * 0.04 / 800 / 2.9e9
    assert least == pytest.approx(np.log10(landauer.overhead(joules, 32, 300)), abs=0.02)
    assert most - least == pytest.approx(np.log10(32), abs=0.01)
    mass, radius, capacity = (number("WD_BLACK SN8100 2TB", what) for what in ("mass", "radius", "capacity"))
    bits = 2 * np.pi * radius * mass * c**2 / (hbar * c * np.log(2))
    assert below == pytest.approx(np.log10(bits / capacity), abs=0.01)
