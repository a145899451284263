"""Random numbers by what they are for: each service and purpose has a stream of its own.

What a scenario changes draws other numbers only where it must; everything else meets the same luck (common random
numbers), and a service's numbers do not depend on which other services there are.

References
----------
Law, A. M. (2015), Simulation Modeling and Analysis, 5th ed., ch. 11.2 (common random numbers and their
synchronization).
"""

from hashlib import blake2b

import numpy as np


def stream(*key: str | int) -> np.random.Generator:
    """The generator of one purpose.

    Parameters
    ----------
    *key : str or int
        What it is for, such as the seed, the block of years, the service and "down times".
    """
    text = "\0".join(map(str, key)).encode()
    return np.random.Generator(np.random.SFC64(int.from_bytes(blake2b(text, digest_size=16).digest())))
