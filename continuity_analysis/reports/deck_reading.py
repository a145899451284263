"""Tables and styled text of a notebook's outputs as parts of slides."""

from lxml import html

from continuity_analysis.reports.deck_parts import Run, Table


def runs_of(tokens: list[dict], *, bold: bool = False, italic: bool = False) -> tuple[Run, ...]:
    """Stretches of text in one style each, of mistune's tokens."""
    runs: list[Run] = []
    for token in tokens:
        kind = token["type"]
        if "children" in token:
            style = {"bold": bold or kind == "strong", "italic": italic or kind == "emphasis"}
            runs += runs_of(token["children"], **style)
        elif kind in ("softbreak", "linebreak"):
            runs.append(Run(" ", bold, italic))
        else:
            runs.append(Run(token.get("raw", ""), bold, italic))
    return tuple(run for run in runs if run.text)


def from_display_table(table: dict) -> Table:
    """What a `DisplayTable` carries, no more rows of it than it says; its caption tells how many are left out."""
    kept = table.get("slide_rows") or len(table["rows"])
    left = len(table["rows"]) - kept
    caption = f"{table['caption']} ({left:,} more in the report)" if left > 0 else table["caption"]
    values = table.get("values") or []
    numeric = tuple(any(row[place] is not None for row in values) for place in range(len(table["columns"])))
    rows = tuple(tuple(row) for row in table["rows"][:kept])
    return Table(caption, tuple(table["columns"]), rows, numeric, tuple(table.get("verdict_columns", ())))


def from_markdown(token: dict) -> Table:
    """A table of mistune's tokens."""
    head, *bodies = token["children"]
    columns = tuple("".join(run.text for run in runs_of(cell["children"])) for cell in head["children"])
    texts = [[runs_of(cell["children"]) for cell in row["children"]] for body in bodies for row in body["children"]]
    rows = tuple(tuple("".join(run.text for run in cell) for cell in row) for row in texts)
    aligned = tuple(cell["attrs"].get("align") == "right" for cell in head["children"])
    return Table("", columns, rows, aligned)


def from_html(fragment: str) -> Table:
    """The first table of a cell's HTML, such as what pandas shows of a DataFrame."""
    rows = [
        tuple(" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td"))
        for row in next(html.fragment_fromstring(fragment, create_parent="div").iter("table")).iter("tr")
    ]
    width = max(map(len, rows))
    padded = [row + ("",) * (width - len(row)) for row in rows]
    numeric = tuple(
        all(_is_number(row[place]) for row in padded[1:]) and len(padded) > 1 and place > 0 for place in range(width)
    )
    return Table("", padded[0], tuple(padded[1:]), numeric)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True
