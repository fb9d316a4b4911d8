"""singer-target-iomete with the one repair that it needs against Spark 3.5: the result of DDL has no columns at all, and its
client iterates over them."""
import sys

import TCLIService.ttypes as ttypes

read = ttypes.TRowSet.read


def read_with_columns(self, protocol):
    read(self, protocol)
    if self.columns is None:
        self.columns = []


ttypes.TRowSet.read = read_with_columns

import singer_target_iomete  # noqa: E402

sys.exit(singer_target_iomete.main())
