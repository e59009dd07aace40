"""Writes the tables that the programs of this folder read.

    python3 make.py

Needs numpy and scikit-learn; every table comes out the same, whenever it is run.
Tables that scikit-learn ships (iris, digits, breast cancer, wine, diabetes) are real; all others are drawn.
"""

import gzip
import os
import struct

import numpy as np
from sklearn import datasets

HERE = os.path.dirname(os.path.abspath(__file__))


def rng(number):
    return np.random.Generator(np.random.PCG64(number))


def cell(value):
    if isinstance(value, str):
        return value
    value = float(value)
    return str(int(value)) if value == int(value) else f"{value:.6g}"


def whole(value):
    return str(int(value))


def save(name, header, rows):
    with open(os.path.join(HERE, name), "w") as out:
        out.write(",".join(header) + "\n")
        for row in rows:
            out.write(",".join(v if isinstance(v, str) else cell(v) for v in row) + "\n")


def idx(name, array):
    array = np.asarray(array, dtype=np.uint8)
    head = struct.pack(">BBBB", 0, 0, 8, array.ndim) + b"".join(struct.pack(">I", n) for n in array.shape)
    with open(os.path.join(HERE, name), "wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out:
            out.write(head + array.tobytes())


def iris():
    d = datasets.load_iris()
    save("iris.csv", ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"],
         [list(x) + [d.target_names[y]] for x, y in zip(d.data, d.target)])


def digits():
    d = datasets.load_digits()
    # pixels of 0 to 255, as picture files have them
    save("pixels.csv", [f"p{i}" for i in range(64)] + ["digit"],
         [list(np.round(x * 255 / 16)) + [y] for x, y in zip(d.data[:900], d.target[:900])])
    # the same digits at 28 x 28, in the form of the MNIST files
    big = []
    for x in d.images[:1000]:
        at = (np.arange(28) - 1.5) * 8 / 25
        low = np.clip(np.floor(at).astype(int), 0, 6)
        part = np.clip(at - low, 0, 1)
        rows = x[low] * (1 - part)[:, None] + x[low + 1] * part[:, None]
        full = rows[:, low] * (1 - part)[None, :] + rows[:, low + 1] * part[None, :]
        big.append(np.clip(np.round(full * 255 / 16 / 17) * 17, 0, 255))
    idx("images.idx.gz", big)
    idx("labels.idx.gz", d.target[:1000])


def cancer():
    d = datasets.load_breast_cancer()
    names = [n.replace(" ", "_") for n in d.feature_names[:10]]
    save("cancer.csv", names + ["diagnosis"],
         [list(x[:10]) + ["benign" if y else "malignant"] for x, y in zip(d.data, d.target)])


def wine():
    d = datasets.load_wine()
    names = [n.replace("/", "_") for n in d.feature_names]
    save("wine.csv", names + ["cultivar"], [list(x) + [f"c{y + 1}"] for x, y in zip(d.data, d.target)])


def diabetes():
    d = datasets.load_diabetes(scaled=False)
    save("diabetes.csv", ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"],
         [list(x) + [y] for x, y in zip(d.data, d.target)])


def advert():
    r = rng(1)
    tv = r.uniform(1, 297, 200)
    save("advert.csv", ["tv", "sales"], zip(np.round(tv, 1), np.round(7 + 0.0475 * tv + r.normal(0, 1.6, 200), 1)))


def boston():
    """Houses by quarter: thirteen columns on very different scales, as in the Boston table."""
    r = rng(2)
    n = 506
    lstat = np.clip(r.gamma(3.2, 4, n), 1.7, 38)
    rm = np.clip(7.3 - 0.065 * lstat + r.normal(0, 0.5, n), 3.5, 8.8)
    crim = np.exp(r.normal(-2.2, 1.6, n) + 0.09 * lstat)
    zn = np.where(r.random(n) < 0.73, 0, r.integers(2, 20, n) * 5)
    indus = np.clip(r.normal(6, 4, n) + 0.4 * lstat, 0.5, 27)
    chas = (r.random(n) < 0.07).astype(int)
    nox = np.clip(0.45 + 0.008 * indus + r.normal(0, 0.05, n), 0.38, 0.87)
    age = np.clip(r.normal(45, 22, n) + 1.8 * lstat, 3, 100)
    dis = np.clip(7.5 - 6.5 * (nox - 0.38) / 0.5 + r.normal(0, 1.2, n), 1.1, 12)
    rad = r.choice([1, 2, 3, 4, 5, 6, 7, 8, 24], n)
    tax = np.round(np.clip(280 + 15 * rad + r.normal(0, 45, n), 187, 711))
    ptratio = np.clip(r.normal(18.5, 2.1, n), 12.6, 22)
    b = np.clip(396.9 - r.gamma(0.35, 110, n), 0.3, 396.9)
    medv = (14 + 26 * np.exp(-lstat / 9) + 4.2 * np.maximum(rm - 6, 0) ** 1.5 - 0.7 * (ptratio - 18)
            - 0.8 * (dis - 4) + 2.5 * chas - 0.08 * np.minimum(crim, 30) + r.normal(0, 1.8, n))
    save("boston.csv", ["crim", "zn", "indus", "chas", "nox", "rm", "age", "dis", "rad", "tax", "ptratio", "b",
                        "lstat", "medv"],
         zip(np.round(crim, 4), zn, np.round(indus, 2), chas, np.round(nox, 3), np.round(rm, 3), np.round(age, 1),
             np.round(dis, 3), rad, tax, np.round(ptratio, 1), np.round(b, 1), np.round(lstat, 2),
             np.round(np.clip(medv, 5, 50), 1)))


def ames():
    r = rng(3)
    n = 500
    area = np.round(np.clip(r.lognormal(7.25, 0.33, n), 400, 4500))
    quality = np.clip(np.round(r.normal(6 + (area - 1450) / 900, 1.1, n)), 1, 10)
    year = np.round(np.clip(r.normal(1955 + 6 * quality - 20, 22, n), 1880, 2010))
    baths = np.clip(np.round(area / 900 + r.normal(0, 0.4, n)), 1, 4)
    garage = np.clip(np.round(r.normal(1.6 + (quality - 6) / 4, 0.7, n)), 0, 4)
    lot = np.round(r.lognormal(9.1, 0.5, n))
    price = (12000 + 48 * area * (0.5 + quality / 11) + 6500 * (quality - 5) + 380 * (year - 1955) + 9000 * garage
             + 0.6 * lot + r.normal(0, 14000, n))
    save("ames.csv", ["area", "quality", "year", "baths", "garage", "lot", "price"],
         zip(area, quality, year, baths, garage, lot, np.round(np.clip(price, 34900, 755000), -2)))


def california():
    r = rng(4)
    n = 900
    income = np.clip(r.gamma(4.2, 0.92, n), 0.5, 15)
    house_age = np.round(r.uniform(1, 52, n))
    rooms = np.clip(3.5 + 0.5 * income + r.normal(0, 0.9, n), 1, 15)
    bedrooms = np.clip(r.normal(1.07, 0.08, n), 0.7, 1.8)
    population = np.round(r.lognormal(7, 0.65, n))
    occupancy = np.clip(r.normal(2.9, 0.6, n), 1, 8)
    lat = r.uniform(32.6, 41.9, n)
    lon = -124.2 + (41.9 - lat) * 0.95 + r.normal(0, 0.8, n)
    value = 0.1 + 0.42 * income + 0.008 * house_age - 0.2 * (occupancy - 2.9) - 0.09 * (lat - 36) + r.normal(0, 0.35, n)
    save("california.csv", ["income", "house_age", "rooms", "bedrooms", "population", "occupancy", "latitude",
                            "longitude", "value"],
         zip(np.round(income, 4), house_age, np.round(rooms, 3), np.round(bedrooms, 3), population,
             np.round(occupancy, 3), np.round(lat, 2), np.round(lon, 2), np.round(np.clip(value, 0.15, 5), 3)))


def rents():
    r = rng(5)
    n = 60
    bedrooms = r.integers(1, 5, n)
    bathrooms = np.clip(bedrooms - r.integers(0, 2, n), 1, 4)
    sqft = np.round(350 + 330 * bedrooms + 120 * bathrooms + r.normal(0, 110, n))
    cost = np.round(480 + 0.55 * sqft + 130 * bathrooms + r.normal(0, 50, n))
    save("rents.csv", ["bedrooms", "bathrooms", "sqft", "cost"], zip(bedrooms, bathrooms, sqft, cost))


def concrete():
    r = rng(6)
    n = 600
    cement = r.uniform(102, 540, n)
    slag = np.where(r.random(n) < 0.45, 0, r.uniform(10, 359, n))
    ash = np.where(r.random(n) < 0.55, 0, r.uniform(60, 200, n))
    water = r.uniform(122, 247, n)
    plasticiser = np.where(r.random(n) < 0.37, 0, r.uniform(2, 32, n))
    coarse = r.uniform(801, 1145, n)
    fine = r.uniform(594, 992, n)
    age = r.choice([3, 7, 14, 28, 56, 90, 180], n)
    y = (8 + 0.075 * cement + 0.06 * slag + 0.04 * ash - 0.11 * (water - 180) + 0.25 * plasticiser
         + 8.5 * np.log(age / 28 + 0.15) + r.normal(0, 3.5, n))
    save("concrete.csv", ["cement", "slag", "ash", "water", "plasticiser", "coarse", "fine", "age", "strength"],
         zip(np.round(cement, 1), np.round(slag, 1), np.round(ash, 1), np.round(water, 1), np.round(plasticiser, 1),
             np.round(coarse), np.round(fine), age, np.round(np.clip(y, 2.3, 83), 2)))


def mpg():
    r = rng(7)
    n = 392
    cylinders = r.choice([4, 6, 8], n, p=[0.52, 0.22, 0.26])
    displacement = np.round(np.clip(r.normal(27 * cylinders + (cylinders == 8) * 130, 22), 68, 455))
    horsepower = np.round(np.clip(40 + 0.33 * displacement + r.normal(0, 13, n), 46, 230))
    weight = np.round(1650 + 7.2 * displacement + r.normal(0, 260, n))
    acceleration = np.round(np.clip(22.5 - 0.065 * horsepower + r.normal(0, 1.6, n), 8, 25), 1)
    year = r.integers(70, 83, n)
    y = 60000 / (weight + 300) * 1.05 + 0.75 * (year - 76) + r.normal(0, 2.0, n) - 0.01 * horsepower
    save("cars.csv", ["cylinders", "displacement", "horsepower", "weight", "acceleration", "year", "mpg"],
         zip(cylinders, displacement, horsepower, weight, acceleration, year, np.round(np.clip(y, 9, 47), 1)))


def rare():
    r = rng(8)
    n, k = 1500, 70
    x = r.normal(0, 1, (n, 6))
    y = np.zeros(n, int)
    y[:k] = 1
    x[:k, 0] += 1.3
    x[:k, 1] -= 1.1
    x[:k, 2] += 0.8
    order = r.permutation(n)
    save("churn.csv", [f"f{i}" for i in range(6)] + ["leaves"],
         [list(np.round(x[i], 3)) + ["yes" if y[i] else "no"] for i in order])


def events():
    """Sixty flags and one rare event in a hundred rows."""
    r = rng(9)
    n, k = 1600, 16
    x = (r.random((n, 60)) < 0.12).astype(int)
    y = np.zeros(n, int)
    y[:k] = 1
    x[:k, :8] = (r.random((k, 8)) < 0.75).astype(int)
    order = r.permutation(n)
    save("events.csv", [f"b{i}" for i in range(60)] + ["event"], [list(x[i]) + [y[i]] for i in order])


def fraud():
    r = rng(10)
    n, k = 2400, 60
    x = r.normal(0, 1, (n, 10))
    y = np.zeros(n, int)
    y[:k] = 1
    x[:k] += np.array([2.2, -1.8, 1.6, 0, 0, 1.2, 0, 0, 0, 0])
    amount = np.round(r.lognormal(3.4, 1.1, n), 2)
    order = r.permutation(n)
    save("cards.csv", [f"v{i + 1}" for i in range(10)] + ["amount", "fraud"],
         [list(np.round(x[i], 3)) + [amount[i], y[i]] for i in order])


def tags():
    r = rng(11)
    n = 600
    x = r.normal(0, 1, (n, 8))
    w = r.normal(0, 1, (8, 5))
    z = x @ w + np.array([0.3, -0.5, 0.0, 0.4, -0.2])
    y = (z > 0.2).astype(int)
    y[y.sum(1) == 0, 0] = 1
    save("tags.csv", [f"x{i}" for i in range(8)] + ["beach", "city", "people", "night", "snow"],
         [list(np.round(a, 3)) + list(b) for a, b in zip(x, y)])


def band():
    r = rng(12)
    x = r.random((500, 2))
    y = (x[:, 0] + (2 * (x[:, 1] - 0.5)) ** 2 - 0.75 >= 0).astype(int)
    save("band.csv", ["a", "b", "label"], [list(np.round(v, 4)) + [t] for v, t in zip(x, y)])


def squares():
    r = rng(13)
    x = (np.arange(100) - 49.5) / 28.866
    save("parabola.csv", ["x", "y"], [[round(v, 5), i * i + 3] for i, v in enumerate(x)])
    x = np.linspace(0, 2 * np.pi, 400)
    save("wave.csv", ["x", "y"], [[round(0.01 + 0.98 * v / (2 * np.pi), 5), round(0.5 + 0.49 * np.sin(v), 5)] for v in x])
    x = np.arange(200)
    save("twice.csv", ["x", "y"], [[v, 2 * v] for v in x])
    x = r.integers(0, 300, 600)
    save("over150.csv", ["n", "high"], [[v, int(v >= 150)] for v in x])
    x = r.random((600, 32))
    save("spread.csv", [f"u{i}" for i in range(32)] + ["y"],
         [list(np.round(v, 3)) + [round(float(v[:6].max() ** 2 - v[6:12].min() + v[12] * v[13]), 4)] for v in x])


def words():
    r = rng(14)
    names = ["ale", "bag", "cat", "dog", "elk", "fig", "gum", "hat", "ink", "jar", "key", "log", "map", "net", "oak",
             "pan", "rug", "sun", "tea", "urn"]
    after = r.permutation(20)
    rows = []
    for _ in range(1200):
        i = int(r.integers(20))
        j = int(after[i]) if r.random() < 0.9 else int(r.integers(20))
        rows.append([names[i], names[j]])
    save("pairs.csv", ["word", "near"], rows)


def shade():
    """How red a pixel was, from those around it: targets of 0 to 255."""
    r = rng(15)
    n = 700
    x = r.uniform(0, 255, (n, 6))
    x[:, 1:] = np.clip(0.6 * x[:, :1] + 0.4 * x[:, 1:], 0, 255)
    y = np.clip(0.5 * x[:, 0] + 0.3 * x[:, 1] + 0.25 * x[:, 2] - 0.0004 * x[:, 3] * x[:, 4] + r.normal(0, 6, n), 0, 255)
    save("shades.csv", [f"n{i}" for i in range(6)] + ["red"], [list(np.round(a)) + [round(b)] for a, b in zip(x, y)])


def flow():
    r = rng(16)
    n = 500
    x = np.column_stack([r.uniform(5, 90, n), r.uniform(0.1, 2, n), r.uniform(100, 900, n), r.normal(12, 4, n)])
    y = 15 + 0.05 * x[:, 0] * x[:, 1] * 4 + 9 * np.sin(x[:, 2] / 130) + 1.1 * x[:, 3] + r.normal(0, 1.2, n)
    save("flow.csv", ["angle", "width", "pressure", "heat", "rate"],
         zip(*[np.round(c, 3) for c in x.T], np.round(y, 3)))


def power():
    """Use of a building by the hour; `ms` is milliseconds since 1970."""
    r = rng(17)
    n = 700
    hour = np.sort(r.choice(24 * 365, n, replace=False))
    ms = 1_672_531_200_000 + hour * 3_600_000
    temp = 11 - 9 * np.cos(2 * np.pi * hour / 8760) + 4 * np.sin(2 * np.pi * (hour % 24 - 9) / 24) + r.normal(0, 2, n)
    people = np.clip(np.round(60 * np.exp(-((hour % 24 - 13) / 4.5) ** 2) + r.normal(0, 5, n)), 0, None)
    y = 2 + 0.035 * people + 0.09 * np.abs(temp - 17) + r.normal(0, 0.25, n)
    with open(os.path.join(HERE, "power.csv"), "w") as out:
        out.write("ms,temperature,people,kw\n")
        for a, b, c, d in zip(ms, temp, people, y):
            out.write(f"{int(a)},{b:.2f},{int(c)},{d:.3f}\n")


def change():
    r = rng(18)
    n = 500
    x = r.normal(0, 0.3, (n, 3))
    orders = np.abs(r.standard_t(2, n)) * 60
    y = 0.8 * x[:, 0] - 0.6 * x[:, 1] + 0.5 * np.tanh(3 * x[:, 2]) + 0.25 * np.tanh(orders / 60) + r.normal(0, 0.06, n)
    save("change.csv", ["price", "stock", "visits", "orders", "demand"],
         [list(np.round(a, 4)) + [round(b, 3), round(c, 4)] for a, b, c in zip(x, orders, y)])


def gestures():
    """Two activities, recorded one after the other; new recordings have the numbers that follow."""
    r = rng(19)

    def rows(start, labels):
        out = []
        for i, y in enumerate(labels):
            a = r.normal(0.6 * y, 1, 5)
            out.append([str(start + i)] + [cell(round(v, 3)) for v in a] + ["walking" if y else "standing"])
        return out

    header = ["row", "mean_x", "mean_y", "mean_z", "var_x", "var_y", "activity"]
    save("gestures.csv", header, rows(1, [0] * 200 + [1] * 200))
    save("gestures_new.csv", header, rows(401, [0] * 100 + [1] * 100))


def voyage():
    """A list of passengers. `alive` was filled in afterwards; for new ones nobody knows it yet."""
    r = rng(20)

    def rows(n, known):
        out = []
        for _ in range(n):
            woman = int(r.random() < 0.4)
            klass = int(r.choice([1, 2, 3], p=[0.25, 0.2, 0.55]))
            age = float(np.clip(r.normal(30, 13), 1, 75))
            fare = float(np.round(r.lognormal(5.2 - 0.85 * klass, 0.4), 2))
            z = -0.6 + 2.6 * woman - 0.9 * (klass - 2) - 0.03 * (age - 30)
            y = int(r.random() < 1 / (1 + np.exp(-z)))
            out.append([klass, "female" if woman else "male", round(age), fare, (y if known else 1), y])
        return out

    header = ["class", "sex", "age", "fare", "alive", "survived"]
    save("voyage.csv", header, rows(500, True))
    save("voyage_new.csv", header, rows(250, False))


def market():
    """Forty weak signals, and a target that is mostly noise."""
    r = rng(21)
    n = 1200
    x = r.normal(0, 1, (n, 20))
    y = 0.5 + 0.06 * (x[:, 0] + x[:, 1] * 0.8 - x[:, 2] * 0.7 + 0.5 * np.tanh(x[:, 3]) + x[:, 4] * x[:, 5] * 0.4) + r.normal(0, 0.07, n)
    save("market.csv", [f"s{i}" for i in range(20)] + ["target"], [list(np.round(a, 2)) + [round(b, 4)] for a, b in zip(x, y)])


def patches():
    r = rng(22)
    n = 800
    x = r.normal(0, 1, (n, 16))
    y = 2.0 * np.tanh(x[:, 0] + x[:, 1]) + x[:, 2] * x[:, 3] + 0.7 * x[:, 4] + r.normal(0, 0.2, n)
    save("patches.csv", [f"q{i}" for i in range(16)] + ["score"], [list(np.round(a, 2)) + [round(b, 3)] for a, b in zip(x, y)])


def colour():
    r = rng(23)
    n = 300
    x = r.random((n, 4)) * np.array([400, 60, 30, 8])
    y = 40 + 0.9 * x[:, 0] + 3 * x[:, 1] - 2.5 * x[:, 2] + 4 * x[:, 3] + r.normal(0, 12, n)
    save("plant.csv", ["flow", "heat", "dose", "ph", "yield"], zip(*[np.round(c, 2) for c in x.T], np.round(y, 1)))


def pima():
    r = rng(24)
    n = 700
    preg = r.poisson(3.5, n)
    glucose = np.round(np.clip(r.normal(121, 30, n), 50, 199))
    pressure = np.round(np.clip(r.normal(70, 12, n), 30, 120))
    skin = np.round(np.clip(r.normal(24, 11, n), 0, 60))
    insulin = np.round(np.clip(r.gamma(1.6, 60, n), 0, 600))
    bmi = np.round(np.clip(r.normal(32, 7, n), 18, 60), 1)
    pedigree = np.round(r.gamma(2.2, 0.21, n), 3)
    age = np.round(np.clip(21 + r.gamma(1.5, 8, n), 21, 80))
    z = 0.05 * (glucose - 128) + 0.1 * (bmi - 33) + 0.03 * (age - 33) + 1.2 * (pedigree - 0.47) + 0.12 * (preg - 3.5) - 0.5
    y = (r.random(n) < 1 / (1 + np.exp(-2 * z))).astype(int)
    save("onset.csv", ["pregnancies", "glucose", "pressure", "skin", "insulin", "bmi", "pedigree", "age", "diabetes"],
         zip(preg, glucose, pressure, skin, insulin, bmi, pedigree, age, y))


def redwhite():
    r = rng(25)
    n = 700
    red = (r.random(n) < 0.4).astype(int)
    pick = lambda a, b, s: np.where(red == 1, r.normal(a, s, n), r.normal(b, s, n))
    save("redwhite.csv", ["fixed_acidity", "volatile_acidity", "sulphur", "sulphates", "chlorides", "alcohol", "colour"],
         zip(np.round(pick(8.3, 6.9, 1.2), 1), np.round(np.abs(pick(0.53, 0.28, 0.14)), 2), np.round(np.abs(pick(46, 138, 38))),
             np.round(np.abs(pick(0.66, 0.49, 0.14)), 2), np.round(np.abs(pick(0.087, 0.046, 0.022)), 3),
             np.round(pick(10.4, 10.5, 1.1), 1), ["red" if v else "white" for v in red]))


def sales():
    """Thirty columns of houses, mean 0 and deviation 1 already, and prices in dollars."""
    r = rng(26)
    n = 600
    x = r.normal(0, 1, (n, 30))
    x = (x - x.mean(0)) / x.std(0)
    w = r.normal(0, 14000, 30)
    y = 180921 + x @ w + r.normal(0, 25000, n)
    save("sales.csv", [f"z{i}" for i in range(30)] + ["price"], [list(np.round(a, 3)) + [round(b)] for a, b in zip(x, y)])


def counts():
    r = rng(27)
    n = 500
    x = r.random((n, 5))
    y = np.maximum(0, 6 * x[:, 0] + 3 * x[:, 1] * x[:, 2] - 2.5 * x[:, 3] - 0.8 + r.normal(0, 0.2, n))
    save("rain.csv", ["humid", "cloud", "wind", "press", "heat", "rain"], [list(np.round(a, 3)) + [round(b, 3)] for a, b in zip(x, y)])


def gates():
    r = rng(28)
    x = r.integers(0, 2, (1000, 2))
    save("gates.csv", ["a", "b", "y"], [list(v) + [int(v[0] != v[1])] for v in x])


for make in [iris, digits, cancer, wine, diabetes, advert, boston, ames, california, rents, concrete, mpg, rare, events,
             fraud, tags, band, squares, words, shade, flow, power, change, gestures, voyage, market, patches, colour,
             pima, redwhite, sales, counts, gates]:
    make()
