"""What tables of documents are made from: display tables, and tables in Markdown or in a cell's HTML."""

import re

from continuity_analysis.figures.display_tables import verdict_key
from continuity_analysis.reports.deck_parts import Table
from continuity_analysis.reports.html_tables import FOLDED_AT_MOST, is_number
from continuity_analysis.reports.pdf_pandoc import Block, changed, text_of, typst_block, write_typst
from continuity_analysis.reports.pdf_tables import Cell, CellCode, Grid, fitting_words, set_table, without_end
from continuity_analysis.reports.pdf_typst import breakable, literal

FIXED = "\u00a0"
"""A space at which no line is broken."""
SIGNS = {"MET": "●", "BREACHED": "▲", "AT_RISK": "◆", "INSUFFICIENT": "○"}
NARROW = 24  # characters of a word among pictures, links and formulas before it may be broken


def display_blocks(table: dict) -> list[Block]:
    """A display table, given as its JSON, as blocks.

    Parameters
    ----------
    table : dict
        What `DisplayTable.to_json` returned.
    """
    if not table["rows"]:
        return [typst_block(f"#par(strong({literal(table['caption'])}))")]
    values = table.get("values") or [[None] * len(table["columns"]) for _ in table["rows"]]
    numeric = tuple(any(row[place] is not None for row in values) for place in range(len(table["columns"])))
    verdicts = tuple(table.get("verdict_columns", ()))
    rows = tuple(
        tuple(_signed(text) if n in verdicts else _kept(text, numeric[n]) for n, text in enumerate(row))
        for row in table["rows"]
    )
    texts = Table(table["caption"], tuple(table["columns"]), rows, numeric, verdicts)
    head = tuple(Cell(place, _head(name)) for place, name in enumerate(table["columns"]))
    body = tuple(tuple(Cell(place, _cell(texts, place, text)) for place, text in enumerate(row)) for row in rows)
    return _blocks(Grid(texts, (head,), body))


def _blocks(grid: Grid) -> list[Block]:
    grid, more = without_end(grid, FOLDED_AT_MOST)
    note = typst_block(f"#par({literal(f'{more:,} more rows are in the executed notebook.')})")
    return [set_table(grid), *[note] * bool(more)]


def _kept(text: str, number: bool) -> str:
    """A cell's text with the spaces within a number fixed, and its limits on a line of their own."""
    if not number:
        return re.sub(r"(?<=\d) (?=%)", FIXED, text)
    estimate, *limits = re.split(r" (?=\(.*\)$)", text, maxsplit=1)
    limits = [limit.replace(" ", FIXED).replace(f"{FIXED}to{FIXED}", f"{FIXED}to ") for limit in limits]
    return "\n".join([estimate.replace(" ", FIXED), *limits])


def _signed(verdict: str) -> str:
    """A verdict with its sign before it, which says it without colour."""
    sign = SIGNS.get(verdict_key(verdict) or "", "")
    return f"{sign}{FIXED}{verdict}" if sign else verdict


def _head(name: str) -> CellCode:
    return lambda room, size: f"head({literal(fitting_words(name, room, size, bold=True))})"


def _cell(texts: Table, place: int, text: str) -> CellCode:
    def code(room: float, size: float) -> str:
        said = fitting_words(text, room, size, bold=place in texts.bold_columns)
        if place in texts.verdict_columns:
            key = verdict_key(text.split(FIXED, 1)[-1]) or ""
            return f"verdict({literal(key.lower())}, {literal(said)})"
        if place == 0:
            return f"text(weight: 600, {literal(said)})"
        estimate, *limits = said.split("\n", 1) if texts.numeric[place] else [said]
        return " + ".join([literal(estimate), *(f"limits({literal(limit)})" for limit in limits)])

    return code


def tree_blocks(content: list) -> list[Block]:
    """A table of pandoc's tree, its cells clean, as blocks."""
    _, (_, caption), columns, (_, head), bodies, (_, foot) = content
    body = [row for _, _, inner, rows in bodies for row in (*inner, *rows)] + foot
    rows = [_placed(row, taken) for row, taken in _with_taken([cells for _, cells in (*head, *body)])]
    if not body:
        return [block for _, cells in head for cell in cells for block in cell[4]]
    width, n = len(columns), len(head)
    texts = [_texts(row, width) for row in rows]
    numeric = tuple(_is_numeric([row[place] for row in texts[n:]]) for place in range(width))
    names = texts[0] if n else ("",) * width
    table = Table(text_of(caption).strip(), names, tuple(texts[min(n, 1) :]), numeric)
    set_rows = _set(rows, heads=n)
    return _blocks(Grid(table, set_rows[:n] or ((Cell(0, _head(""), width),),), set_rows[n:]))


Placed = tuple[int, list]
"""A cell of pandoc's tree, [attributes, alignment, rows, columns, blocks], with the column it starts in."""


def _with_taken(rows: list[list]) -> list[tuple[list, set[int]]]:
    """Each row with the columns that cells of earlier rows reach into."""
    found, reach = [], {}
    for cells in rows:
        taken = {place for place, left in reach.items() if left}
        found.append((cells, taken))
        reach = {place: left - 1 for place, left in reach.items() if left > 1}
        for place, cell in _placed(cells, taken):
            reach |= dict.fromkeys(range(place, place + cell[3]), cell[2] - 1)
    return found


def _placed(cells: list, taken: set[int]) -> list[Placed]:
    made, place = [], 0
    for cell in cells:
        while place in taken:
            place += 1
        made.append((place, cell))
        place += cell[3]
    return made


def _texts(row: list[Placed], width: int) -> tuple[str, ...]:
    """The words of a row; those of a cell over several columns count in none."""
    words = {place: text_of(cell[4]).strip() for place, cell in row if cell[3] == 1}
    return tuple(words.get(place, "") for place in range(width))


def _is_numeric(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and all(map(is_number, filled))


def _set(rows: list[list[Placed]], *, heads: int) -> tuple[tuple[Cell, ...], ...]:
    """Rows as they are set: plain words by us, anything richer by pandoc, all at once."""
    rich = [cell[4] for row in rows for _, cell in row if not _is_plain(cell[4])]
    codes = iter(write_typst([changed(blocks, _narrow) for blocks in rich]) if rich else [])
    made = []
    for number, row in enumerate(rows):
        setters = []
        for _, cell in row:
            plain = _is_plain(cell[4])
            setters.append(_plain(cell[4], head=number < heads) if plain else _rich(next(codes), head=number < heads))
        made.append(
            tuple(Cell(place, setter, cell[3], cell[2]) for (place, cell), setter in zip(row, setters, strict=True))
        )
    return tuple(made)


def _is_plain(blocks: list[Block]) -> bool:
    inlines = [inline for block in blocks if block["t"] in ("Plain", "Para") for inline in block["c"]]
    return len(blocks) < 2 and all(part["t"] in ("Plain", "Para", "Str", "Space") for part in (*blocks, *inlines))


def _plain(blocks: list[Block], *, head: bool) -> CellCode:
    text = text_of(blocks).strip()
    return _head(text) if head else lambda room, size: literal(fitting_words(text, room, size))


def _rich(code: str, *, head: bool) -> CellCode:
    return lambda room, size: f"head([{code}])" if head else f"[{code}]"


def _narrow(part: Block) -> list[Block]:
    return [{"t": "Str", "c": breakable(part["c"], longest=NARROW)}] if part["t"] == "Str" else [part]
