"""Small notebooks and a made-up scorecard: what reports are tested with."""

from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from continuity_analysis.periods import read_period
from continuity_analysis.reports.facts import RunFacts

LOGS = Path(__file__).parent.parent / "fixtures" / "drills_csv"
PARAMETERS = 'store: str = ""  # folder of the store\nperiod: str = "last-quarter"  # what it is about\nas_of: str = ""'
FACTS = RunFacts(read_period("2026Q3", timezone="Europe/Rome"), pd.Timestamp("2026-10-01", tz="UTC"), 14, 2345, 3)


def text(source, slide=None):
    return new_markdown_cell(source, metadata={"slideshow": {"slide_type": slide}} if slide else {})


def code(source, slide=None, *, tags=(), outputs=()):
    metadata = {"tags": list(tags)} if tags else {}
    metadata |= {"slideshow": {"slide_type": slide}} if slide else {}
    return new_code_cell(source, metadata=metadata, outputs=list(outputs))


def displayed(metadata=None, **data):
    """An output; `html=`, `markdown=`, `text=`, `png=` and `table=` stand for MIME types."""
    kinds = {"html": "text/html", "markdown": "text/markdown", "text": "text/plain", "png": "image/png"}
    kinds["table"] = "application/vnd.continuity.table+json"
    return new_output("display_data", data={kinds[k]: v for k, v in data.items()}, metadata=metadata or {})


def notebook(*cells):
    return new_notebook(cells=list(cells))


def save(folder, **notebooks):
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in notebooks.items():
        nbformat.write(notebook(*cells), folder / f"{name}.ipynb")
    return folder


def scorecard(services=6):
    """One row per service and objective, with every verdict, unknowns and a value without limit."""
    rows = []
    for number in range(services):
        service = f"service-{number}"
        missed = {"verdict": "BREACHED", "achieved": 0.9987654 - number / 1000, "reason": "Missed by 0.1 %."}
        rows.append({"objective": "availability", "unit": "ratio", "target": 0.999, "n": 12 + number} | missed)
        rows[-1] |= {"expected": 0.9985, "expected_low": 0.99712, "expected_high": 0.99931, "previous": 0.99942}
        worst = np.inf if number == 1 else 4321.0 * (number + 1)
        rows.append({"objective": "rpo", "unit": "seconds", "target": 21600.0, "achieved": worst, "verdict": "AT_RISK"})
        rows[-1] |= {"n": 400, "previous": 19080.0, "reason": "One gap after a failed backup."}
        rows.append({"objective": "rto", "unit": "seconds", "target": 86400.0, "verdict": "INSUFFICIENT"})
        rows[-1] |= {"n": 0, "reason": "No fresh drill."}
        rows.append({"objective": "restore", "unit": "seconds", "achieved": 2712.0, "verdict": "NOT_SET", "n": 7})
        for row in rows[-4:]:
            row["service"] = service
    columns = "service tier objective target unit achieved expected expected_low expected_high verdict provisional"
    frame = pd.DataFrame(rows).reindex(columns=f"{columns} reason n previous change".split())
    frame["provisional"] = False
    frame["change"] = "no evidence of a change"
    return frame


def review():
    """The cells of a notebook with slides; it reads its numbers from beside it."""
    return [
        text("# Quarterly review\n\nDid we keep what we promised?", "slide"),
        code(PARAMETERS, "skip", tags=["parameters"]),
        code(
            "import pandas as pd\nfrom matplotlib import pyplot as plt\n"
            "from continuity_analysis.figures.display_tables import display_table, scorecard_table\n"
            "scorecard = pd.read_pickle('scorecard.pickle')\n"
            "incidents = pd.DataFrame({'service': [f'service-{i}' for i in range(70)], 'hours': range(70)})",
            "skip",
        ),
        text("Say hello.", "notes"),
        text(
            "## Where we stand\n\nVerdicts are on what was **achieved**.\n\n- one point\n  - and its *detail*", "slide"
        ),
        code("scorecard_table(scorecard, reasons=False)", "-"),
        text("Say which were missed.", "notes"),
        text("## Down time\n\nEach point is an hour of down time, summed over services.", "subslide"),
        code("plt.plot([1, 3, 2]);", "fragment"),
        code("print('service-3 was worst, with 2 h.')", "fragment"),
        text("## Only on the page\n\nNot on a slide.", "skip"),
        code("pd.DataFrame({'service': ['a', 'b'], 'hours': [1.25, 33.1]})"),
        text("## Every incident", "slide"),
        code(
            "columns = {'service': ('Service', 'text'), 'hours': ('Down', 'hours')}\n"
            "display_table(incidents, columns, caption='Incidents')",
            "fragment",
        ),
    ]


def broken():
    """The cells of a notebook that fails half-way."""
    return [
        text("# Broken\n\nWhat happens when a cell fails?"),
        code(PARAMETERS, tags=["parameters"]),
        text("## First part"),
        code("print(period, as_of, store)"),
        text("## Second part"),
        code("def inverse(x):\n    return 1 / x\n\ninverse(0)"),
        text("## Never reached"),
        code("print('never')"),
    ]
