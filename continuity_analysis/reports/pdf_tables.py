"""Tables of documents: set in columns that fit the page, upright or lying, with their header on every page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from continuity_analysis.reports.deck_parts import Table
from continuity_analysis.reports.deck_tables import Fitting, Sheet, columns_of
from continuity_analysis.reports.deck_text import words_in
from continuity_analysis.reports.pdf_pandoc import Block, typst_block
from continuity_analysis.reports.pdf_pictures import WIDEST
from continuity_analysis.reports.pdf_typst import BREAK, PrintRuler, literal

ACROSS = 740.0  # pt: the text's width on a lying page
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
SIDE = 3.5  # pt: margin of a cell, left and right
WHOLE = 230.0  # pt: a table lower than this is not broken over pages
BEGIN = 3  # rows that stand together with the head of a longer table
TALL = 250.0  # pt: a row higher than this may be broken over pages
LOW = 1.25  # how much higher a table may be in a larger type than in the one that makes it lowest
TIGHT = 3.0  # how much higher an upright table may be than a lying one before it is laid down
PAGE = 640.0  # pt: a table that is lower stays upright where it can

CellCode = Callable[[float, float], str]
"""Makes typst's code of a cell from the width of its text and the size of its font [pt]."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table: where it stands, how it is set, and over how many columns and rows."""

    place: int
    code: CellCode
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Grid:
    """A table to be set.

    Attributes
    ----------
    texts : Table
        All its words, by which it is measured; its further header rows first among the rows.
    head, body : tuple of tuple of Cell
        Its rows.
    """

    texts: Table
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]

    @property
    def spans(self) -> bool:
        """Whether a cell stands over more than one column or row."""
        return any(cell.columns > 1 or cell.rows > 1 for row in (*self.head, *self.body) for cell in row)


class Part(NamedTuple):
    """Columns of a table that stand side by side, and their measures."""

    places: list[int]
    sheet: Sheet


def set_table(grid: Grid) -> Block:
    """A table as a block; where it should lie, the block has a second code, "lying", for a page on its side."""
    upright = _fitted(grid, WIDEST)
    block = typst_block(_code(grid, upright)) | {"table": True}
    if len(upright) > 1 or _is_squeezed(grid) or _height(upright) > PAGE / 2:
        lying = _fitted(grid, ACROSS)
        if len(upright) > 1 or _is_squeezed(grid) or _height(upright) > TIGHT * _height(lying):
            block["lying"] = _code(grid, lying)
    return block


def _height(parts: list[Part]) -> float:
    return sum(part.sheet.height for part in parts)


def _is_squeezed(grid: Grid) -> bool:
    """Whether not even the words fit side by side on an upright page."""
    return _least(grid.texts, WIDEST, SIZES[-1]) > WIDEST


def _least(table: Table, within: float, size: float) -> float:
    """The width at which no word of a table is broken [pt], at a font size."""
    return sum(least for least, _ in _fitting(within).limits(table, size))


def _fitting(within: float, sizes: tuple[float, ...] = SIZES) -> Fitting:
    return Fitting(PrintRuler(), within, sizes=sizes, side=SIDE)


def _fitted(grid: Grid, within: float) -> list[Part]:
    """The table in as many parts as it takes for its columns to stand side by side."""
    groups = [list(range(len(grid.texts.columns)))] if grid.spans else _fitting(within).column_groups(grid.texts)
    return [Part(places, _measured(columns_of(grid.texts, places), within)) for places in groups]


def _measured(table: Table, within: float) -> Sheet:
    """A table at the largest size at which it is not much higher than at the size that makes it lowest."""
    fit = [size for size in SIZES if _least(table, within, size) <= within] or SIZES[-1:]
    at_sizes = [_fitting(within, (size,)).measured(table) for size in fit]
    lowest = min(sheet.height for sheet in at_sizes)
    return next(sheet for sheet in at_sizes if sheet.height <= LOW * lowest)


def _code(grid: Grid, parts: list[Part]) -> str:
    made = []
    for number, (places, sheet) in enumerate(parts):
        caption = grid.texts.caption + (", continued" if number and grid.texts.caption else "")
        numeric = [grid.texts.numeric[place] for place in places]
        arguments = [
            f"caption: {literal(caption)}",
            f"size: {sheet.size}pt",
            f"widths: ({', '.join(f'{width:.1f}pt' for width in sheet.widths)},)",
            f"aligns: ({', '.join('right' if number else 'left' for number in numeric)},)",
            f"heads: {len(grid.head)}, whole: {str(sheet.height < WHOLE).lower()}",
            f"begin: {sum(sheet.heights[: len(grid.head) + BEGIN]):.1f}pt",
            f"head: ({', '.join(code for row in grid.head for code in _row(row, places, sheet))},)",
        ]
        tall = [height > TALL for height in sheet.heights[len(grid.head) :]]
        body = [_row(row, places, sheet, breakable=high) for row, high in zip(grid.body, tall, strict=True)]
        made.append(f"#sheet({', '.join(arguments)},\n" + ",\n".join(", ".join(row) for row in body) + ")")
    return "\n\n".join(made)


def _row(row: Sequence[Cell], places: list[int], sheet: Sheet, *, breakable: bool = False) -> list[str]:
    made = []
    for cell in (cell for cell in row if cell.place in places):
        first = places.index(cell.place)
        room = sum(sheet.widths[first : first + cell.columns]) - 2 * SIDE
        options = {"colspan": cell.columns, "rowspan": cell.rows}
        said = [f"{name}: {count}" for name, count in options.items() if count > 1] + ["breakable: true"] * breakable
        code = cell.code(room, sheet.size)
        made.append(f"table.cell({', '.join([*said, code])})" if said else code)
    return made


def fitting_words(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Text whose words may be broken where they are wider than there is room [pt]."""
    ruler = PrintRuler()
    for word in {word for word in words_in(text) if ruler.width(word, size, bold=bold) > room}:
        pieces, used = [""], 0.0
        for letter in word:
            wide = ruler.width(letter, size, bold=bold)
            if used + wide > room and pieces[-1]:
                pieces.append("")
                used = 0.0
            pieces[-1] += letter
            used += wide
        text = text.replace(word, BREAK.join(pieces))
    return text


def without_end(grid: Grid, at_most: int) -> tuple[Grid, int]:
    """A table with no more than so many rows, and how many were left out."""
    more = max(len(grid.body) - at_most, 0)
    if not more or grid.spans:
        return grid, 0
    rows = grid.texts.rows[: len(grid.head) - 1 + at_most]
    return replace(grid, texts=replace(grid.texts, rows=rows), body=grid.body[:at_most]), more
