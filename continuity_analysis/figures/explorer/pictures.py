"""Figures and tables as HTML for a widget: a picture with its words beside it, never left open behind."""

from base64 import b64encode
from html import escape
from io import BytesIO

from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.definitions import DEFINITIONS
from continuity_analysis.figures.display_tables import DisplayTable

CSS = """<style>
.continuity-explorer { font-size: 13px; line-height: 1.4; color: var(--jp-content-font-color1, #1f2933); }
.continuity-explorer img { max-width: 100%; background: #fff; border-radius: 3px; }
.continuity-explorer table { border-collapse: collapse; margin: 8px 0 14px; }
.continuity-explorer caption { text-align: left; font-weight: 600; padding: 4px 0; }
.continuity-explorer th, .continuity-explorer td { text-align: left !important; padding: 3px 14px 3px 0;
  vertical-align: top; border-bottom: 1px solid var(--jp-border-color2, #d5dbe1); overflow-wrap: break-word;
  max-width: 28em; }
.continuity-explorer td:last-child { min-width: 9em; }
.continuity-explorer thead th { border-bottom: 2px solid var(--jp-border-color1, #9aa5b1); white-space: nowrap; }
.continuity-explorer .scroll { overflow-x: auto; }
.continuity-explorer-app .widget-html, .continuity-explorer-app .widget-html-content,
.continuity-explorer-app .widget-box { min-width: 0; max-width: 100%; }
.continuity-explorer .note { opacity: 0.8; margin: 4px 0; }
.continuity-explorer .fault { border-left: 4px solid #d55e00; padding: 4px 10px; margin: 6px 0; font-weight: 600; }
</style>"""
"""How the explorer's own HTML looks, in JupyterLab's colours, light or dark."""
APP_CLASS = "continuity-explorer-app"
OWN_KEYS = (
    '<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" style="display: none" '
    f"onload=\"this.closest('.{APP_CLASS}')?.addEventListener('focusin', "
    "event => event.target.setAttribute('data-lm-suppress-shortcuts', 'true'))\">"
)
"""Keeps keys within the field that has the focus: JupyterLab would else take arrows in a list for moves between cells,
and D D for a cell to delete. Its own attribute does that; widgets cannot set one, so an image does when it is shown."""


def framed(*parts: str) -> str:
    """Parts of HTML as one piece of the explorer."""
    return f'<div class="continuity-explorer">{"".join(parts)}</div>'


def picture(ax: Axes, words: str) -> str:
    """A figure as an image that says in words what it shows; the figure is closed.

    Parameters
    ----------
    ax : Axes
        Any of the figure.
    words : str
        For those who do not see it.
    """
    from matplotlib import pyplot as plt

    drawn = BytesIO()
    with style.applied():
        ax.figure.savefig(drawn, format="png", dpi=110, bbox_inches="tight", pad_inches=0.12)
    plt.close(ax.figure)
    data = b64encode(drawn.getvalue()).decode("ascii")
    return f'<img alt="{escape(words)}" src="data:image/png;base64,{data}">'


def table(shown: DisplayTable) -> str:
    """A table that scrolls sideways where the window is narrow."""
    return f'<div class="scroll">{shown.to_html()}</div>'


def note(sentence: str) -> str:
    """A sentence beside the figures."""
    return f'<p class="note">{escape(sentence)}</p>'


def defined(*questions: str) -> str:
    """The definitions behind a tab's numbers, folded under them; always with the conventions."""
    terms = [each for question in ("explorer", *questions, "conventions") for each in DEFINITIONS[question].items()]
    listed = "".join(f"<li><b>{escape(term)}</b>: {escape(text)}</li>" for term, text in terms)
    return f"<details><summary>How these numbers are defined</summary><ul>{listed}</ul></details>"


def fault(sentence: str) -> str:
    """The one sentence that says what is wrong; read out by screen readers."""
    return f'<p class="fault" role="alert">{escape(sentence)}</p>'
