"""Writes the data of the cases in this folder: `python3 make.py`. Plain Python, fixed seeds.

With a path to `cars.json` of npm's vega-datasets (3.2.1, BSD-3-Clause; the data is Quinlan's auto-mpg, StatLib 1993)
it also writes auto_mpg.csv from it: `python3 make.py cars.json`.
"""

import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).parent


def write(name, header, rows):
    lines = [",".join(header)] + [",".join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in row) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n")


def line():
    r = random.Random(5)
    xs = [r.uniform(-8, 8) for _ in range(8)]
    write("line.csv", ["x", "y"], [(x, 1.5 * x - 2 + r.uniform(-1, 1)) for x in xs])


def trend():
    r = random.Random(15)
    write("trend.csv", ["t", "one", "y"], [(t, 1, 2 * t + 4 + 10 * r.random()) for t in range(100)])


def parabola():
    r = random.Random(48)
    xs = [k / 10 for k in range(50)]
    write("parabola.csv", ["x", "y"], [(x, 5 * x * x + r.gauss(0, 1) ** 3) for x in xs])


def quartic():
    xs = [-100 + k / 2 for k in range(400)]
    write("quartic.csv", ["x", "y"], [(x, x**4) for x in xs])


def bowl():
    xs = [-10 + k / 10 for k in range(201)]
    write("bowl.csv", ["x", "y"], [(x, x * x + 3) for x in xs])


def auto_mpg(path):
    rows = []
    for car in json.loads(Path(path).read_text()):
        values = [car[k] for k in ["Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration"]]
        if None in values or car["Miles_per_Gallon"] is None:
            continue
        rows.append([*values, int(car["Year"][:4]) - 1900, car["Origin"], car["Miles_per_Gallon"]])
    header = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "year", "origin", "mpg"]
    write("auto_mpg.csv", header, rows)


def auto_mpg_mutants():
    """The targets of auto_mpg.csv ten times as large, brought to -1...1, and 3 in 10 of them shuffled; inputs scaled."""
    header, *rows = [row.split(",") for row in (HERE / "auto_mpg.csv").read_text().split()]
    mpg = [float(row[-1]) for row in rows]
    low, high = min(mpg), max(mpg)
    r = random.Random(8)
    noisy = mpg[:]
    picked = r.sample(range(len(mpg)), 3 * len(mpg) // 10)
    for at, other in zip(picked, r.sample(picked, len(picked))):
        noisy[at] = mpg[other]
    targets = [(10 * y, 2 * (y - low) / (high - low) - 1, n) for y, n in zip(mpg, noisy)]
    names = ["mpg_tenfold", "mpg_signed", "mpg_noisy"]
    write("auto_mpg_targets.csv", header[:-1] + names, [row[:-1] + list(t) for row, t in zip(rows, targets)])

    def scaled(k):
        column = [row[k] for row in rows]
        if k == 6:
            return column
        values = [float(v) for v in column]
        mean = sum(values) / len(values)
        std = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        return [(v - mean) / std for v in values]

    columns = [scaled(k) for k in range(7)] + [mpg]
    write("auto_mpg_scaled.csv", header, [list(row) for row in zip(*columns)])


for make in (line, trend, parabola, quartic, bowl):
    make()
if len(sys.argv) > 1:
    auto_mpg(sys.argv[1])
if (HERE / "auto_mpg.csv").exists():
    auto_mpg_mutants()
