"""Tables: rows that show themselves, and nothing in them that could be taken for markup."""

import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from frontier.registry import Fact
from frontier.show import Table


@dataclass(frozen=True)
class Row:
    name: str
    n_params: float | None


TWO = Table([Row("A", 1.5e9), Row("B", None)], caption="Two models")


def cells(table):
    """Return what the HTML says, row by row, its heads first."""
    root = ET.fromstring(table._repr_html_())
    return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]


def test_text_is_aligned_in_columns_and_html_says_the_same():
    assert repr(TWO).splitlines() == ["name  n params", "A     1.5e+09", "B     —"]
    assert cells(TWO) == [["name", "n params"], ["A", "1.5e+09"], ["B", "—"]]
    table = Table([{"a": "x", "b": ""}, {"a": "longer", "b": ""}])
    assert all(line == line.rstrip() for line in repr(table).splitlines())


def test_html_has_a_caption_and_heads_with_a_scope():
    root = ET.fromstring(TWO._repr_html_())
    assert next(root.iter("caption")).text == "Two models"
    assert [head.get("scope") for head in root.iter("th")] == ["col", "col"]
    assert not list(ET.fromstring(Table([Row("A", None)])._repr_html_()).iter("caption"))


def test_a_group_heads_its_rows_and_a_note_stands_below():
    rows = [
        {"model": "A", "quantity": "size", "note": "a < b"},
        {"model": "B", "quantity": "size", "note": "rough"},
        {"model": "A", "quantity": "data", "note": ""},
    ]
    table = Table(rows, group="model", below="note")
    assert cells(table) == [["quantity"], ["A"], ["size"], ["a < b"], ["data"], ["B"], ["size"], ["rough"]]
    root = ET.fromstring(table._repr_html_())
    assert [len(body) for body in root.iter("tbody")] == [4, 3]
    assert [(head.get("scope"), head.text) for head in root.findall("table/tbody/tr/th")] == [
        ("rowgroup", "A"),
        ("rowgroup", "B"),
    ]
    assert repr(table) == repr(Table(rows))  # text has all columns
    assert cells(table[1:]) == [["quantity"], ["B"], ["size"], ["rough"], ["A"], ["data"]]


@pytest.mark.parametrize("name", ["group", "below"])
def test_a_group_or_note_that_is_no_column_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} must be one of a, b, got 'c'"):
        Table([{"a": 1, "b": 2}], **{name: "c"})
    assert not len(Table([], **{name: "c"}))  # nothing to group


def test_a_wide_table_can_be_scrolled_by_keyboard_and_has_a_name():
    for table, name in ((TWO, "Two models"), (Table([Row("A", 1.0)]), None)):
        region = ET.fromstring(table._repr_html_())
        assert region.get("role") == "region"
        assert region.get("tabindex") == "0"
        assert region.get("aria-label")
        assert name in (None, region.get("aria-label"))


def test_a_cell_reads_as_people_would_write_it():
    row = [None, 1.23456789, 1.5e9, np.float64(1.23456789), 7, 10**24, True, "", 0.0, float("nan")]
    words = ["—", "1.235", "1.5e+09", "1.235", "7", "1" + "0" * 24, "True", "", "0", "nan"]
    table = Table([{str(k): cell for k, cell in enumerate(row)}])
    assert cells(table)[1] == words
    assert repr(table).splitlines()[1].split() == [word for word in words if word]


HOSTILE = """</td><script>alert("1")</script>&amp;'"""


def test_hostile_text_stays_text():
    table = Table([{HOSTILE: HOSTILE}], caption=HOSTILE)
    root = ET.fromstring(table._repr_html_())
    assert not list(root.iter("script"))
    assert next(root.iter("caption")).text == HOSTILE
    assert cells(table) == [[HOSTILE], [HOSTILE]]
    assert root.get("aria-label") == HOSTILE


def test_a_column_and_a_cell_may_have_markup_of_their_own():
    fact = Fact(2.0, 1.0, 9.0, 0.9, "FLOP", "estimated", "epoch2025")
    table = Table([{"a": 1, "b": fact}], markup={"a": lambda cell: f"<em>{cell}</em>"})
    assert f"<td><em>1</em></td><td>{fact._repr_html_()}</td>" in table._repr_html_()
    assert repr(table).splitlines()[1] == f"1  {fact}"


def test_an_empty_table_shows_itself():
    empty = Table([])
    assert repr(empty) == "(no rows)"
    assert cells(empty) == [["(no rows)"]]
    assert len(empty) == 0
    assert list(empty) == []


@pytest.mark.parametrize(
    "rows", [[{"a": 1}, {"b": 1}], [{"a": 1}, {"a": 1, "b": 2}], [Row("A", 1.0), {"name": "B"}]]
)
def test_rows_with_different_columns_are_refused(rows):
    for given in (rows, iter(rows)):
        with pytest.raises(ValueError, match=r"^rows must have the same columns, got \[\['"):
            Table(given)


@pytest.mark.parametrize("row", [1, "text", None, Row])
def test_what_is_neither_dataclass_nor_mapping_is_refused(row):
    with pytest.raises(TypeError, match=r"^rows must be mappings or dataclasses, got"):
        Table([row])


def test_a_table_is_a_sequence_that_does_not_change():
    assert TWO[0] == Row("A", 1.5e9)
    assert [row.name for row in TWO] == ["A", "B"]
    assert TWO.index(Row("B", None)) == len(TWO) - 1 == 1
    with pytest.raises(IndexError):
        TWO[2]
    rows = [{"a": 1}]
    table = Table(rows)
    rows.append({"a": 2})
    assert len(table) == 1


def test_a_slice_is_a_table_with_the_same_caption_and_markup():
    table = Table([{"a": i} for i in range(5)], caption="Five", markup={"a": lambda cell: f"<b>{cell}</b>"})
    part = table[1:4:2]
    assert isinstance(part, Table)
    assert ([row["a"] for row in part], part.caption) == ([1, 3], "Five")
    assert "<b>3</b>" in part._repr_html_()
    assert repr(table[5:]) == "(no rows)"


def test_values_are_floats_with_nan_where_a_row_has_nothing():
    assert_array_equal(TWO.values("n_params"), [1.5e9, np.nan])
    fact = Fact(2.0, None, None, None, "FLOP", "reported", "brown2020")
    assert_array_equal(Table([{"x": fact}, {"x": None}]).values("x"), [2.0, np.nan])
    with pytest.raises(ValueError, match=r"^column must be one of name, n_params, got 'size'$"):
        TWO.values("size")
    with pytest.raises(ValueError, match=r"^column 'name' must hold numbers, got \['A', 'B'\]$"):
        TWO.values("name")


def test_a_data_frame_has_the_same_rows_and_columns():
    frame = TWO.to_pandas()
    assert list(frame.columns) == ["name", "n_params"]
    assert list(frame["name"]) == ["A", "B"]
    assert_array_equal(frame["n_params"], [1.5e9, np.nan])
    assert Table([]).to_pandas().empty
    assert Table([MappingProxyType({"a": 1})]).to_pandas()["a"][0] == 1


def test_without_pandas_only_the_data_frame_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert repr(TWO).startswith("name")
    assert cells(TWO)[1] == ["A", "1.5e+09"]
    assert len(TWO.values("n_params")) == 2
    with pytest.raises(ImportError, match="pip install pandas"):
        TWO.to_pandas()
