"""What stands in a PDF, and where."""

import io
import re

from pypdf import PdfReader

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS
from continuity_analysis.reports.pdf_grids import SIGNS
from continuity_analysis.reports.summary import numbers_of
from continuity_analysis.words import UNKNOWN


def pages_of(content):
    return PdfReader(io.BytesIO(content)).pages


def compact(text):
    """Text without spaces, which a PDF sets as it likes."""
    return re.sub(r"[\s\u00a0\u200b]+", "", text)


def text_of(content):
    return compact("".join(page.extract_text() for page in pages_of(content)))


def rows_of(summary):
    """Each row of the scorecard as it must read: (service, objective) -> pattern of its cells, without spaces.

    What is no number in the summary is unknown or without limit.
    """
    keys = [(s["service"], o) for s in summary["services"] for o in s["objectives"]]
    verdicts = {(service, OBJECTIVES[row["objective"]]): row["verdict"] for service, row in keys}
    found = {}
    for key, numbers in numbers_of(summary).items():
        verdict = SIGNS.get(verdicts[key], "") + VERDICTS[verdicts[key]]
        cells = [numbers.get(name) for name in ("target", "achieved", "expected", "n", "previous")]
        none = f"({UNKNOWN}|withoutlimit)"
        row = [
            re.escape(compact("".join([*key, verdict]))),
            *(none if c is None else re.escape(compact(c)) for c in cells),
        ]
        found[key] = "".join(row)
    return found


def rows_missing(summary, shown):
    """The rows of the scorecard that do not stand in a PDF's text as they must."""
    return [key for key, row in rows_of(summary).items() if not re.search(row, shown)]


def with_one_digit_altered(summary, shown):
    """(service, objective) and the PDF's text with another digit, for each digit of each number of the scorecard."""
    for key, row in rows_of(summary).items():
        found = re.search(row, shown).group()
        first = len(compact("".join(key)))
        for place in (i for i in range(first, len(found)) if found[i].isdigit()):
            yield key, shown.replace(found, f"{found[:place]}{(int(found[place]) + 1) % 10}{found[place + 1 :]}")


def pictures_of(page):
    """(left, bottom, right, top) of each picture of a page [pt]."""
    found = []

    def seen(operator, operands, matrix, _):
        if operator == b"Do" and page["/Resources"]["/XObject"][operands[0]]["/Subtype"] == "/Image":
            wide, high = abs(matrix[0]), abs(matrix[3])
            found.append(
                (matrix[4], min(matrix[5], matrix[5] + matrix[3]), matrix[4] + wide, max(matrix[5], matrix[5] + high))
            )

    page.extract_text(visitor_operand_before=seen)
    return found


def letters_of(page):
    """(x, y, text) of each piece of text of a page [pt]."""
    found = []

    def seen(text, matrix, text_matrix, *_):
        if text.strip():
            x, y = text_matrix[4], text_matrix[5]
            found.append((matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5], text))

    page.extract_text(visitor_text=seen)
    return found
