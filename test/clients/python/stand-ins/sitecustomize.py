"""Read by Python before a client of this folder's tests: each load is one more than the last, so that a value tells which sample it is."""

import itertools
import os

_reads = itertools.count(1)
os.getloadavg = lambda: (next(_reads) % 101, 0, 0)
