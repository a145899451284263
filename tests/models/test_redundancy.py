"""KNOWN_ANSWERS 3.4 (k of n with repair) and 3.6 (bridge network), and a slow twin."""

import numpy as np
import pytest

from continuity_analysis.models.redundancy import (
    availability_of_paths,
    availability_of_redundant,
    mean_time_to_loss,
)

RATES = {"failure_rate": 1 / 1000, "repair_rate": 1 / 10}


@pytest.mark.parametrize(
    ("needed", "of", "each", "one_crew"),
    [
        (1, 2, 0.999901970395, 0.999803960008),
        (2, 3, 0.999707852365, 0.999411996437),
        (1, 3, 0.999999029410, 0.999994178183),
        (3, 5, 0.999990437675, 0.999941817074),
    ],
)
def test_known_answer_3_4_availability(needed, of, each, one_crew):
    assert availability_of_redundant(needed, of, **RATES) == pytest.approx(each, abs=1e-12)
    assert availability_of_redundant(needed, of, **RATES, crews=1) == pytest.approx(one_crew, abs=1e-12)


def test_known_answer_3_4_mean_time_to_failure():
    l, m = RATES.values()  # noqa: E741
    assert mean_time_to_loss(1, 2, **RATES) == pytest.approx((3 * l + m) / (2 * l**2)) == pytest.approx(51_500)
    assert mean_time_to_loss(2, 3, **RATES) == pytest.approx((5 * l + m) / (6 * l**2)) == pytest.approx(17_500)
    assert mean_time_to_loss(3, 5, **RATES) == pytest.approx(355_783.33, abs=0.01)
    assert mean_time_to_loss(3, 5, **RATES, crews=1) == pytest.approx(180_783.33, abs=0.01)


def test_known_answer_3_6_bridge_network():
    # 2p^2 + 2p^3 - 5p^4 + 2p^5 at p = 0.9; part 2 is the bridge
    paths = [(0, 3), (1, 4), (0, 2, 4), (1, 2, 3)]
    assert availability_of_paths(paths, [0.9] * 5) == pytest.approx(0.97848, abs=1e-12)


def test_twin_the_stationary_law_of_the_chain():
    crews, of, needed = 2, 6, 4
    matrix = np.zeros((of + 1, of + 1))
    for lost in range(of):
        matrix[lost, lost + 1] = (of - lost) * 0.02
        matrix[lost + 1, lost] = min(lost + 1, crews) * 0.3
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    law = np.linalg.lstsq(np.vstack([matrix.T, np.ones(of + 1)]), np.append(np.zeros(of + 1), 1), rcond=None)[0]
    found = availability_of_redundant(needed, of, failure_rate=0.02, repair_rate=0.3, crews=crews)
    assert found == pytest.approx(law[: of - needed + 1].sum())
    inner = matrix[: of - needed + 1, : of - needed + 1]
    assert mean_time_to_loss(needed, of, failure_rate=0.02, repair_rate=0.3, crews=crews) == pytest.approx(
        np.linalg.solve(-inner, np.ones(len(inner)))[0]
    )


def test_series_and_parallel_and_a_shared_part():
    assert availability_of_paths([(0, 1)], [0.9, 0.8]) == pytest.approx(0.72)
    assert availability_of_paths([(0,), (1,)], [0.9, 0.8]) == pytest.approx(0.98)
    assert availability_of_paths([(0, 2), (1, 2)], [0.9, 0.8, 0.5]) == pytest.approx(0.49)
    with pytest.raises(ValueError, match="at most 20"):
        availability_of_paths([(0,)], [0.9] * 21)
