"""How often the intervals of the law that AICc chose hold the truth: the end of docs/calibration_lifetimes.md.

Prints the table; `python benchmarks/calibration_printed_laws.py` takes about ten minutes.
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from continuity_analysis.models.duration_fits import MISFIT, fit_durations

GROUPS, COUNTS = 1_000, (10, 30, 100)
LAWS = {
    "Weibull, shape 0.8": ("weibull", lambda rng, size: rng.weibull(0.8, size), lambda p: (-np.log1p(-p)) ** 1.25),
    "lognormal, sigma 1.25": (
        "lognormal",
        lambda rng, size: rng.lognormal(0, 1.25, size),
        lambda p: np.exp(1.25 * norm.ppf(p)),
    ),
}


def printed(law: str, n: int) -> list[str]:
    """The cells of one row."""
    family, draw, quantile = LAWS[law]
    hours = draw(np.random.default_rng([n, len(law)]), (GROUPS, n)).ravel()
    group = np.repeat(np.arange(GROUPS), n)
    durations = pd.DataFrame({"group": group, "hours": hours, "censored": False, "entry_hours": 0.0})
    fits = fit_durations(durations.assign(resolution_hours=1 / 3600), groups=GROUPS)
    best = fits[fits["verdict"] == "best"]
    cells = [(best["family"] == family).mean(), (best["p_fit"] <= MISFIT).mean()]
    for name, share in (("median", 0.5), ("p90", 0.9)):
        given, truth = best[best[f"{name}_hours"].notna()], quantile(share)
        high = given[f"{name}_high"].fillna(np.inf)
        cells.append(((given[f"{name}_low"] <= truth) & (truth <= high)).mean())
    return [f"{100 * cell:.1f} %" for cell in cells]


def main() -> None:
    for law in LAWS:
        for n in COUNTS:
            print("|", " | ".join([law, str(n), *printed(law, n)]), "|", flush=True)


if __name__ == "__main__":
    main()
