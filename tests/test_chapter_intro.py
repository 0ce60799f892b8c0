"""The landing page: its figure, the cover that is taken from it, and the distances that it tells."""

import re
import runpy

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from scipy.constants import c, hbar
from series import series

from frontier import ceilings, landauer
from frontier.chapters import intro
from frontier.registry import number
from frontier.show import figure


def test_the_cover_is_the_landing_pages_figure():
    scripts = runpy.run_path(str(ROOT / "scripts" / "run_notebooks.py"))
    stored = ROOT / "book" / "_static" / "cover.svg"
    assert scripts["cover"]() == stored.read_text(encoding="utf-8")


def test_the_ladder_starts_at_today_and_tells_each_limit():
    near = {name: np.full(3, 600.0) for name in ("data", "power", "money", "chips", "latency")}
    far = {name: (1e8, 1e9) for keys in intro.RUNGS.values() for name in keys.values() if name not in near}
    near["data"] = np.linspace(200, 400, 101)
    groups = intro.reach(near, far | {"Bekenstein, 1 kg": (2e59, 3e60)}, 100)
    text = pytest.approx((2.1, 3.9))
    assert groups["What people make"]["Text worth reading"] == text
    assert groups["Laws of nature"]["The Bekenstein bound"] == pytest.approx((2e57, 3e58))
    _fig, ax = figure()
    words = intro.ladder(ax, groups)
    assert "Text worth reading 2.1 to 3.9 times; Power of one campus 6 to 6 times; " in words
    assert words.endswith("Landauer's floor 1 million to 10 million times; The Bekenstein bound 10⁵⁷ times.")
    assert series(ax, "Text worth reading, at most")[0].tolist() == pytest.approx([2.1, 3.9])
    assert series(ax, "The Bekenstein bound, at least")[0].tolist() == pytest.approx([1, 2e57])
    assert len(ax.texts) == len(intro.RUNGS) + 8
    assert {text.get_text() for text in ax.texts} >= set(intro.RUNGS)


def test_the_picture_has_the_limits_of_nature_last():
    """Whatever the registry says next, or the page's answer is no longer true."""
    today = ceilings.trend().flop
    near = [np.quantile(x, 0.95) / today for x in ceilings.near(ceilings.published()).values()]
    far = ceilings.far()
    assert max(near) < far["CMOS, all electricity"][0] / today
    assert far["CMOS, all electricity"][1] < far["Landauer, all electricity"][0] < far["Bekenstein, 1 kg"][0]
    assert max(np.median(x) for x in ceilings.near(ceilings.published()).values()) / today < 1e5


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
