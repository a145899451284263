"""Tables of pages: from display tables, and from whatever HTML a cell put out, made safe and readable."""

import re
from html import escape

from lxml import html

from continuity_analysis.figures.display_tables import verdict_key

SHOWN = 30
"""Rows of a long table that are shown before the rest is folded away."""
FOLDED_AT_MOST = 1000
"""Rows of a page's table; what comes after is in the executed notebook only."""
WIDE = 6
"""Columns beyond which a table is set smaller."""
DROPPED = ("style", "script", "iframe", "object", "embed", "link", "meta", "svg", "form", "noscript", "template")
TAGS = frozenset(
    re.findall(
        r"\w+",
        "div span p b i em strong small sub sup code pre br hr a img ul ol li dl dt dd h2 h3 h4 h5 h6 details summary "
        "table caption thead tbody tfoot tr th td",
    )
)
ATTRIBUTES = frozenset(("colspan", "rowspan", "scope", "title", "alt"))
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\d( \d\d:\d\d.*)?$")
_NUMBER = re.compile(r"^[-+−]?[\d,. ]+( ?[%a-z/]{1,6})?$|^(NaN|NaT|—)$")


def table_html(table: dict, *, shown: int | None = None, at_most: int = FOLDED_AT_MOST) -> str:
    """A display table, given as its JSON, as HTML.

    Parameters
    ----------
    table : dict
        What `DisplayTable.to_json` returned.
    shown : int, optional
        Rows to show before the rest is folded away; by default `SHOWN` where there are clearly more.
    at_most : int
        Rows to have on the page at all.
    """
    if not table["rows"]:
        return f"<p><strong>{escape(table['caption'])}</strong></p>"
    numeric = _numeric(table)
    rows = [_row(table, number, numeric) for number in range(min(len(table["rows"]), at_most))]
    if shown is None:
        shown = len(rows) if len(rows) <= SHOWN * 4 // 3 else SHOWN
    parts = [_box(table, rows[:shown], caption=table["caption"], numeric=numeric)]
    if rows[shown:]:
        others = "The other row" if len(rows) == shown + 1 else f"The other {len(rows) - shown:,} rows"
        folded = _box(table, rows[shown:], caption=f"{table['caption']}, continued", numeric=numeric)
        parts.append(f"<details class=more-rows><summary>{others}</summary>{folded}</details>")
    if len(table["rows"]) > at_most:
        parts.append(f"<p>{len(table['rows']) - at_most:,} more rows are in the executed notebook.</p>")
    return "".join(parts)


def _box(table: dict, rows: list[str], *, caption: str, numeric: list[bool]) -> str:
    head = "".join(
        f'<th scope="col"{" class=num" if number else ""}>{escape(name)}</th>'
        for name, number in zip(table["columns"], numeric, strict=True)
    )
    box = f'<div class="table-box" tabindex="0" role="region" aria-label="{escape(caption)}">'
    kinds = ["wide"] * (len(table["columns"]) > WIDE) + ["matrix"] * (len(table.get("verdict_columns", ())) > 2)
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    return (
        f"{box}<table{kind}><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _numeric(table: dict) -> list[bool]:
    """Which columns hold numbers, to be set flush right."""
    values = table.get("values") or []
    return [any(row[place] is not None for row in values) for place in range(len(table["columns"]))]


def _row(table: dict, number: int, numeric: list[bool]) -> str:
    values = table.get("values")
    cells = []
    for place, text in enumerate(table["rows"][number]):
        shown = escape(text)
        if not numeric[place]:
            shown = re.sub(r"(?<=\d) (?=%)", "&nbsp;", shown)
        if place in table.get("verdict_columns", ()):
            shown = _verdict(text)
        if values and isinstance(values[number][place], list):
            shown = re.sub(r" (\(.*\))$", r' <span class="limits">\1</span>', shown)
        exact = _exact(values[number][place]) if values else ""
        kind = f' class="{"num" if numeric[place] else _width(text)}"'
        cells.append(f'<th scope="row"{kind}>{shown}</th>' if place == 0 else f"<td{kind}{exact}>{shown}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _verdict(text: str) -> str:
    """A verdict in its colour; what it was before, or that it was revised, in small letters under it."""
    key = verdict_key(text)
    verdict, *more = re.split(r", (?=was |revised)", text)
    since = f' <span class="since">{escape(", ".join(more))}</span>' if more else ""
    return f'<span class="verdict {key.lower()}">{escape(verdict)}</span>{since}' if key else escape(text)


def is_number(text: str) -> bool:
    """Whether a cell's text is a number, with or without a unit, or stands for a missing one."""
    return bool(_NUMBER.match(text.strip()))


def _width(text: str) -> str:
    """How wide the column of a text should at least be."""
    if _MOMENT.match(text):
        return "moment"
    return "long" if len(text) > 40 else "mid" if len(text) > 16 else "short"


def _exact(value: object) -> str:
    """The number behind a cell, to its last digit, for whoever reads the page by program."""
    if value is None:
        return ""
    parts = value if isinstance(value, list) else [value]
    return f' data-value="{";".join("" if part is None else repr(part) for part in parts)}"'


def clean_html(fragment: str) -> str:
    """HTML that a cell put out, without what acts, styles or calls elsewhere; its tables as those of the page.

    Parameters
    ----------
    fragment : str
        Such as what pandas shows of a DataFrame.
    """
    root = html.fragment_fromstring(fragment, create_parent="div")
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in DROPPED:
            element.drop_tree()
    for element in list(root.iter())[1:]:
        _clean_attributes(element)
        if element.tag not in TAGS:
            element.drop_tag()
    for table in list(root.iter("table")):
        _dress(table)
    return "".join([root.text or "", *(html.tostring(child, encoding="unicode") for child in root)])


def _clean_attributes(element: html.HtmlElement) -> None:
    source, target = element.get("src", ""), element.get("href", "")
    for name in list(element.attrib):
        if name not in ATTRIBUTES:
            del element.attrib[name]
    if element.tag == "img" and source.startswith("data:image/"):
        element.set("src", source)
    if element.tag == "a" and re.match(r"https?://|#|[\w./-]+$", target):
        element.set("href", target)


def _dress(table: html.HtmlElement) -> None:
    """Mark headers and numbers, and put the table into a box in which it may scroll."""
    for cell in table.iter("th"):
        cell.set("scope", "col" if next(cell.iterancestors("thead"), None) is not None else "row")
    for cell in table.iter("td"):
        if is_number(cell.text_content()):
            cell.set("class", "num")
    box = html.Element("div", {"class": "table-box", "tabindex": "0", "role": "region", "aria-label": "Table"})
    table.getparent().replace(table, box)
    box.tail, table.tail = table.tail, None
    box.append(table)
