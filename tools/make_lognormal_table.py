"""Make the table of order amounts that `bronze_fixtures.webshop.baskets` reads.

Run it only to change the distribution: other amounts are other rows, so a new data version.
"""

from __future__ import annotations

import argparse
import math
import struct
from pathlib import Path
from statistics import NormalDist

from bronze_fixtures.webshop.baskets import BODY, MEAN, STD, TAIL

LOW, HIGH = 5, 5000


def amounts() -> list[int]:
    """Return the middle of each stratum in cents."""
    sigma = math.sqrt(math.log(1 + (STD / MEAN) ** 2))
    normal = NormalDist(math.log(MEAN) - sigma**2 / 2, sigma)
    start, end = normal.cdf(math.log(LOW)), normal.cdf(math.log(HIGH))
    body = [(i + 0.5) / 4096 for i in range(BODY)]
    tail = [BODY / 4096 + (i + 0.5) / 64 / TAIL for i in range(TAIL)]
    return [
        round(100 * math.exp(normal.inv_cdf(start + share * (end - start))))
        for share in body + tail
    ]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "path", type=Path, help="src/bronze_fixtures/webshop/tables/lognormal_mean125_std150.bin"
    )
    cents = amounts()
    parser.parse_args().path.write_bytes(struct.pack(f"<{len(cents)}i", *cents))


if __name__ == "__main__":
    main()
