"""Solves an assignment problem with SciPy, several times, and says how long it took.

Arguments: the number of rows, which is also that of columns, and how often to solve. The costs come on the
standard input: 64-bit integers, little end first, one row after the other. Prints the version of
SciPy, the median and the least time in milliseconds, and the optimum.
"""

import statistics
import sys
import time

import numpy
import scipy
from scipy.optimize import linear_sum_assignment

size, rounds = int(sys.argv[1]), int(sys.argv[2])
integers = numpy.frombuffer(sys.stdin.buffer.read(), dtype="<i8").reshape(size, size)
# What SciPy computes with: a conversion is not part of the measurement.
costs = integers.astype(numpy.float64)
times = []
for _ in range(rounds):
    begin = time.perf_counter()
    rows, columns = linear_sum_assignment(costs)
    times.append(1000 * (time.perf_counter() - begin))
optimum = int(integers[rows, columns].sum())
print(scipy.__version__, f"{statistics.median(times):.3f} {min(times):.3f}", optimum)
