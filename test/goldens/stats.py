"""Writes stats.json beside itself: Student's t and Welch's test by SciPy. Run: pip install scipy==1.17.1; python stats.py"""

import json
import pathlib

import numpy
import scipy
from scipy import stats

degrees = [1, 1.5, 2, 3.3, 4, 7.94, 8, 12.6, 30, 199.5, 1999]
cdf = [[t, df, float(stats.t.cdf(t, df))] for df in degrees for t in [-40, -6, -2.5, -1, -0.1, 0, 0.3, 1.7, 4, 12]]
quantile = [
    [p, df, float(stats.t.ppf(p, df))]
    for df in degrees
    for p in [0.0001, 0.0025, 0.025, 0.1, 0.5, 0.8, 0.95, 0.975, 0.99, 0.9995]
]

a = [8.1, 8.9, 8.4, 9.3, 8.6]
b = [9.9, 9.1, 10.4, 9.6]
test = stats.ttest_ind(a, b, equal_var=False)
interval = test.confidence_interval(0.95)
welch = {
    "a": a,
    "b": b,
    "t": float(test.statistic),
    "df": float(test.df),
    "p": float(test.pvalue),
    "low": float(interval.low),
    "high": float(interval.high),
}
margin = 2.5
lower = stats.ttest_ind([x + margin for x in a], b, equal_var=False, alternative="greater").pvalue
upper = stats.ttest_ind([x - margin for x in a], b, equal_var=False, alternative="less").pvalue
tost = {"margin": margin, "p": float(max(lower, upper))}

# Clopper-Pearson's interval of k of n, by the beta distribution's quantiles (scipy.stats.binomtest, method "exact").
shares = [
    (k, n)
    for n in [1, 2, 3, 7, 20, 40, 100, 1000, 12753, 100000]
    for k in sorted({0, 1, 2, n // 10, n // 3, n // 2, n - 1, n})
    if 0 <= k <= n
]
clopper_pearson = []
for k, n in shares:
    for level in [0.95, 0.9]:
        exact = stats.binomtest(k, n).proportion_ci(level, method="exact")
        clopper_pearson.append([k, n, level, float(exact.low), float(exact.high)])

made_by = {"script": "stats.py", "scipy": scipy.__version__, "numpy": numpy.__version__}
out = {"madeBy": made_by, "cdf": cdf, "quantile": quantile, "welch": welch, "tost": tost, "clopperPearson": clopper_pearson}
pathlib.Path(__file__).with_name("stats.json").write_text(json.dumps(out, indent=1) + "\n")
