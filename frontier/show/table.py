"""Rows that show themselves as a table: in a notebook, on a page, in a terminal, as a data frame."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from frontier._checks import one_of

Row = TypeVar("Row")


class Table(Sequence[Row], Generic[Row]):
    """A read-only list of rows: dataclasses of one kind, or mappings with the same keys in the same order.

    Parameters
    ----------
    rows : sequence
        The rows. A cell that is None shows as a dash.
    caption : str
        What the table shows, read out before it.
    markup : mapping of str to callable
        For a column, the function that turns its cells into HTML.
    group, below : str
        A column that heads all rows which share it, and one that stands under its row, such as a note. For a
        long table on a page; text and data frame have all columns side by side.

    Examples
    --------
    >>> Table([{"law": "A", "loss": 2.0}, {"law": "B", "loss": 1.97}])
    law  loss
    A    2
    B    1.97
    """

    def __init__(
        self,
        rows: Sequence[Row],
        *,
        caption: str = "",
        markup: Mapping[str, Callable[[Any], str]] | None = None,
        group: str = "",
        below: str = "",
    ) -> None:
        self._rows, self.caption = tuple(rows), caption
        self._look: dict[str, Any] = {"markup": dict(markup or {}), "group": group, "below": below}
        if len({tuple(_cells(row)) for row in self._rows}) > 1:
            raise ValueError(f"rows must have the same columns, got {[list(_cells(row)) for row in self]}")
        for name, column in {"group": group, "below": below}.items():
            if column and self._rows and column not in self._columns:
                raise ValueError(f"{name} must be one of {', '.join(self._columns)}, got {column!r}")

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Table[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Table[Row]:
        """Return one row, or a table of some."""
        if isinstance(index, slice):
            return Table(self._rows[index], caption=self.caption, **self._look)
        return self._rows[index]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def values(self, column: str) -> NDArray[np.float64]:
        """Return one numeric column as an array; NaN where a row has nothing."""
        column = one_of("column", column, self._columns)
        cells = [_cells(row)[column] for row in self]
        try:
            return np.array([np.nan if cell is None else float(cell) for cell in cells])
        except (TypeError, ValueError):
            raise ValueError(f"column {column!r} must hold numbers, got {cells!r}") from None

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame; a fact is spread over columns such as ``n_params.value``."""
        try:
            import pandas as pd
        except ModuleNotFoundError:
            raise ModuleNotFoundError("to_pandas needs pandas: pip install pandas") from None
        spread = {name for row in self for name, cell in _cells(row).items() if _is_record(cell)}
        return pd.DataFrame([_flat(row, spread) for row in self])

    def __repr__(self) -> str:
        """Write the rows as aligned text."""
        lines = [_heads(self._columns), *([_words(cell) for cell in _cells(row).values()] for row in self)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
        return "\n".join("  ".join(line).rstrip() for line in padded)

    def _repr_html_(self) -> str:
        group, below = self._look["group"], self._look["below"]
        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        shown = [name for name in self._columns if name not in (group, below)]
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in _heads(shown))
        wide = f'colspan="{len(shown)}"'
        groups: dict[Any, str] = {}  # the rows under each heading
        for cells in map(_cells, self):
            row = f"<tr>{''.join(f'<td>{self._markup(name, cells[name])}</td>' for name in shown)}</tr>"
            if cells.get(below):
                note = self._markup(below, cells[below])
                row += f'<tr class="below"><td {wide}><div>{note}</div></td></tr>'
            groups[cells.get(group)] = groups.get(cells.get(group), "") + row
        heading = f'<tr><th scope="rowgroup" {wide}>{{}}</th></tr>' if group else ""
        bodies = [heading.format(self._markup(group, key)) + rows for key, rows in groups.items()]
        rest = "".join(f"<tbody>{rows}</tbody>" for rows in bodies or [""])
        table = f"<table>{caption}<thead><tr>{head}</tr></thead>{rest}</table>"
        name = html.escape(self.caption or "Table")  # scrolls inside itself, so the keyboard must reach it
        look = "frontier-table grouped" if group else "frontier-table"
        return f'<div class="{look}" role="region" aria-label="{name}" tabindex="0">{table}</div>'

    def _markup(self, column: str, cell: Any) -> str:
        if column in self._look["markup"]:
            return str(self._look["markup"][column](cell))
        own = getattr(cell, "_repr_html_", None)
        return str(own()) if own else html.escape(_words(cell))

    @property
    def _columns(self) -> list[str]:
        return list(_cells(self._rows[0])) if self._rows else []


def _heads(columns: Sequence[str]) -> list[str]:
    return [name.replace("_", " ") for name in columns] or ["(no rows)"]


def _cells(row: Any) -> dict[str, Any]:
    if isinstance(row, Mapping):
        return dict(row)
    if not _is_record(row):
        raise TypeError(f"rows must be mappings or dataclasses, got {row!r}")
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _is_record(cell: object) -> bool:
    return is_dataclass(cell) and not isinstance(cell, type)


def _flat(row: Any, spread: set[str]) -> dict[str, Any]:
    """Spread the cells of some columns over columns of their own; an empty one leaves none."""
    flat: dict[str, Any] = {}
    for name, cell in _cells(row).items():
        if _is_record(cell):
            flat |= {f"{name}.{field}": value for field, value in asdict(cell).items()}
        elif name not in spread:
            flat[name] = cell
    return flat


def _words(cell: object) -> str:
    return "—" if cell is None else f"{cell:.4g}" if isinstance(cell, float) else str(cell)
