"""How long simulated years take, beside the random numbers that they need and beside simpy.

    python benchmarks/simulation.py [--rounds 5]

The floor is the time numpy needs to draw as many random numbers of the same kinds: a Poisson count per service and
year, an exponential per failure and year, a normal per failure. simpy simulates the same failures one by one, for
fewer years; its time is multiplied. Then how much common random numbers lower the standard error of a difference to
today, against runs with other random numbers. Seconds are processor time; the middle one of all rounds counts.
"""

import argparse
import statistics
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.models.edits import Edits, no_edits
from continuity_analysis.models.generalised import FailureLaw
from continuity_analysis.models.platform import Platform
from continuity_analysis.models.simulated_years import monte_carlo_error
from continuity_analysis.models.simulation import simulate

SERVICES, YEARS, DRAWS, YEAR = 100, 10_000, 5_000, 8_760.0
PEER_SERVICES, PEER_YEARS = 10, 200


def platform(services: int) -> Platform:
    """Services that fail 8 times a year, for a lognormal time of median 1 h; parameters vary from draw to draw."""
    rng, shape = np.random.default_rng(0), (services, DRAWS)
    law = FailureLaw(rng.gamma(8.5, 1 / YEAR, shape), rng.normal(0, 0.3, shape), np.full(shape, 1.2), np.zeros(shape))
    return Platform(pd.Index([f"service {i}" for i in range(services)], dtype="str"), law)


def ours(fitted: Platform, years: int) -> float:
    """Seconds, and how many failures there were."""
    begin = time.process_time()
    found = simulate(fitted, {"today": no_edits(len(fitted.services))}, years=years)["today"]
    return time.process_time() - begin, int(found.failures.sum()), float(found.down.mean())


def floor(services: int, years: int, failures: int) -> float:
    rng, begin = np.random.Generator(np.random.SFC64(0)), time.process_time()
    rng.poisson(8.5, services * years)
    rng.standard_exponential(failures + services * years)
    rng.standard_normal(failures)
    return time.process_time() - begin


def simpy_years(fitted: Platform, years: int) -> tuple[float, float]:
    """Seconds, and mean down time of a year [h]."""
    import simpy

    rng, law, down = np.random.default_rng(1), fitted.failures, [0.0]

    def service(environment, rate: float, mu: float, sigma: float):
        while True:
            yield environment.timeout(rng.exponential(1 / rate))
            lasts = rng.lognormal(mu, sigma)
            down[0] += min(lasts, YEAR - environment.now)
            yield environment.timeout(lasts)

    begin = time.process_time()
    for year in range(years):
        environment = simpy.Environment()
        for s in range(len(fitted.services)):
            environment.process(service(environment, law.rate[s, year], law.mu[s, year], law.sigma[s, year]))
        environment.run(until=YEAR)
    return time.process_time() - begin, down[0] / years / len(fitted.services)


def sharper(fitted: Platform, edits: Edits) -> float:
    """How many times smaller the standard error of the difference to today is with common random numbers."""
    n = len(fitted.services)
    common = simulate(fitted, {"today": no_edits(n), "then": edits}, seed=0)
    other = simulate(fitted, {"today": no_edits(n)}, seed=1)["today"]
    then = common["then"].down
    own, apart = (monte_carlo_error(then - x, fitted.draws) for x in (common["today"].down, other.down))
    return float(np.median(apart / own))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    large, small = platform(SERVICES), platform(PEER_SERVICES)
    runs = [ours(large, YEARS) for _ in range(rounds)]
    floors = [floor(SERVICES, YEARS, runs[0][1]) for _ in range(rounds)]
    seconds, least = statistics.median(r[0] for r in runs), statistics.median(floors)
    print(f"{SERVICES} services, {YEARS:,} years, {runs[0][1]:,} failures: {seconds:.2f} s")
    print(f"the random numbers alone: {least:.2f} s; {seconds / least:.1f} times the floor")
    mine = statistics.median(ours(small, YEARS)[0] for _ in range(rounds)) / YEARS
    peers = [simpy_years(small, PEER_YEARS) for _ in range(rounds)]
    peer = statistics.median(p[0] for p in peers) / PEER_YEARS
    print(
        f"{PEER_SERVICES} services, per year: {1e6 * mine:.1f} us, simpy {1e6 * peer:.0f} us; {peer / mine:.0f} times"
    )
    print(f"mean down time of a year: {ours(small, YEARS)[2]:.2f} h, simpy {peers[0][1]:.2f} h")
    none = no_edits(PEER_SERVICES)
    cases = {
        "restored 10 % faster": replace(none, restore=none.restore * 0.9),
        "restored twice as fast": replace(none, restore=none.restore * 0.5),
        "10 % fewer failures": replace(none, rate=none.rate * 0.9),
        "10 % more failures": replace(none, rate=none.rate * 1.1),
    }
    for name, edits in cases.items():
        print(f"{name}: common random numbers make the standard error {sharper(small, edits):.1f} times smaller")


if __name__ == "__main__":
    main()
