"""The explorer: an app for JupyterLab on the same questions and figures as the reports.

`controls` makes its widgets and reads them, `panes` draws each tab as HTML of what was chosen, `pictures` turns figures
and tables into that HTML, `offers` fills the lists of groups and incidents, `app` joins them.
"""

from continuity_analysis.figures.explorer.app import Explorer, explore

__all__ = ["Explorer", "explore"]
