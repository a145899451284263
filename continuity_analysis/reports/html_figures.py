"""The data of a page's figures: links that save what a figure was drawn from, without a network or a script."""

import base64
import gzip
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from continuity_analysis.figures.drawn_data import MIME

PLAIN_AT_MOST = 40_000
"""Characters of a CSV that stands on the page as it is; a longer one is compressed."""
PACKED_AT_MOST = 400_000
"""Characters of a compressed CSV; a longer one is left to the executed notebook."""


def figure_data(data: Mapping) -> str:
    """The links of one figure, as its caption; nothing for a figure that brought no tables.

    Parameters
    ----------
    data : mapping
        MIME type -> content of the output that shows the figure.
    """
    tables = [table for table in data.get(MIME, ()) if table["rows"]]
    links = [_link(table, alone=len(tables) == 1) for table in tables]
    return f'<figcaption class="data">{" ".join(links)}</figcaption>' if links else ""


def _link(table: Mapping, *, alone: bool) -> str:
    said = "data (CSV)" if alone else f"data (CSV): {table['table'].replace('_', ' ')}"
    rows = f"{table['rows']:,} row{'s' * (table['rows'] != 1)}"
    if table["csv"] is None:
        return f"<span>{escape(said)}, {rows}: too long to go with a figure; the notebook's call returns it</span>"
    name = table["figure"] if alone else f"{table['figure']}.{table['table']}"
    address, ending = f"data:text/csv;charset=utf-8,{quote(table['csv'], safe=',:/+()[] ').replace(' ', '%20')}", "csv"
    if len(table["csv"]) > PLAIN_AT_MOST:
        packed = base64.b64encode(gzip.compress(table["csv"].encode(), mtime=0)).decode()
        address, ending, rows = f"data:application/gzip;base64,{packed}", "csv.gz", f"{rows}, compressed"
        if len(packed) > PACKED_AT_MOST:
            return f"<span>{escape(said)}, {rows}: too long for a page; it is in the executed notebook</span>"
    return f'<span><a download="{escape(name)}.{ending}" href="{address}">{escape(said)}</a>, {rows}</span>'
