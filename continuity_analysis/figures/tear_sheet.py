"""One page that answers the four questions at a glance."""

from matplotlib.figure import Figure

from continuity_analysis import questions
from continuity_analysis.figures import style
from continuity_analysis.figures.availability import plot_availability
from continuity_analysis.figures.recovery_point import plot_exposure_law
from continuity_analysis.figures.recovery_time import plot_phases
from continuity_analysis.figures.restoration import plot_survival
from continuity_analysis.periods import read_period


def tear_sheet(logs, period) -> Figure:
    """Availability, time to restore, recovery points and recovery times of one period on one page.

    Parameters
    ----------
    logs : Logs
    period : str or Period
        Such as "2026Q3".

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import continuity_analysis as ca
    >>> ca.tear_sheet(ca.read_logs("data/sample"), "2026Q3")     # doctest: +SKIP
    """
    from matplotlib import pyplot as plt

    period = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    with style.applied():
        figure, axes = plt.subplots(2, 2, figsize=(16, 10))
        plot_availability(questions.availability(logs, period), ax=axes[0, 0])
        plot_survival(questions.survival(logs, period, by="all"), ax=axes[0, 1]).set_title("Time to restore")
        plot_exposure_law(questions.exposure_law(logs, period), ax=axes[1, 0]).set_title("Data at risk")
        plot_phases(questions.recovery_phases(logs), n=12, ax=axes[1, 1]).set_title("Drills and recoveries")
        figure.suptitle(f"Continuity in {period.name}", fontsize=16, fontweight="bold", x=0.01, ha="left")
    return figure
