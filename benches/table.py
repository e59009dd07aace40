#!/usr/bin/env python3
"""A million rows of 21 numbers, loaded, split and scaled: nn beside pandas' C reader and beside polars, in turns.

    cargo build --release && python3 benches/table.py     # needs pandas, numpy and polars; a quarter of a gigabyte in the temporary folder

nn does it as `nn check`: reading, splitting, statistics over the training rows, scaling, checking; it keeps every cell to
the last bit of f64 until it is scaled. pandas and polars do `read_csv` alone ("read": to f32, the faster of their ways
here), and then the same split and scaling ("whole"), pandas' in NumPy and polars' in polars. polars takes two threads, as
nn does on two processors; pandas' reader knows one. Each is a process of its own; the time of starting Python and
importing is not counted, that of starting nn is. Memory is the largest resident set of the process, beside the 80 MB that a
million rows of 20 f32 inputs take."""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPEC = """data "rows.csv" {
  target = y
  scale = standard
  test = 20%
}

network {
  dense 16 relu
  dense 1
}

train {
  loss = mse
  optimizer = adam
  learning_rate = 0.001
  epochs = 1
  batch = 64
  seed = 1
}
"""
PANDAS = """
import json, resource, time
import numpy as np, pandas as pd
began = time.perf_counter()
frame = pd.read_csv('rows.csv', dtype='f4', engine='c')
read = time.perf_counter() - began
x = frame.to_numpy().copy()
order = np.random.default_rng(1).permutation(len(x))
train = np.sort(order[:len(x) * 8 // 10])
x[:, :20] = (x[:, :20] - x[train, :20].mean(0)) / x[train, :20].std(0)
whole = time.perf_counter() - began
print(json.dumps(dict(read=read, whole=whole, mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
"""
POLARS = """
import json, os, resource, time
os.environ['POLARS_MAX_THREADS'] = '2'
import numpy as np, polars as pl
began = time.perf_counter()
frame = pl.read_csv('rows.csv', schema={f'x{k}': pl.Float32 for k in range(20)} | {'y': pl.Float32})
read = time.perf_counter() - began
order = np.random.default_rng(1).permutation(len(frame))
train = frame[np.sort(order[:len(frame) * 8 // 10])]
names = [f'x{k}' for k in range(20)]
mean, std = train.select(pl.mean(*names)).row(0), train.select([pl.std(n, ddof=0) for n in names]).row(0)
frame = frame.with_columns([(pl.col(n) - m) / s for n, m, s in zip(names, mean, std)])
whole = time.perf_counter() - began
print(json.dumps(dict(read=read, whole=whole, mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
"""
VERSIONS = "import numpy, pandas, polars, platform; print(f'Python {platform.python_version()}, numpy {numpy.__version__}, pandas {pandas.__version__}, polars {polars.__version__}')"
ROWS = """
import sys
import numpy as np, pandas as pd
x = np.random.default_rng(1).standard_normal((int(sys.argv[1]), 20)).astype('f4')
frame = pd.DataFrame(x, columns=[f'x{k}' for k in range(20)])
frame['y'] = x.sum(1)
frame.to_csv('rows.csv', index=False)
"""


def write(folder, rows):
    # In a process of its own: what this one holds would count as its children's memory.
    subprocess.check_call([sys.executable, "-c", ROWS, str(rows)], cwd=folder)
    with open(os.path.join(folder, "spec.nn"), "w") as f:
        f.write(SPEC)


def nn_once(nn, folder):
    began = time.perf_counter()
    pid = os.posix_spawn(nn, [nn, "check", os.path.join(folder, "spec.nn")], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, used = os.wait4(pid, 0)
    took = time.perf_counter() - began
    if status:
        sys.exit("nn check failed")
    return dict(whole=took, mb=used.ru_maxrss / 1024, cpu=used.ru_utime + used.ru_stime)


def rival_once(script, folder):
    return json.loads(subprocess.check_output([sys.executable, "-c", script], cwd=folder))


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--nn", default=os.path.join(ROOT, "target/release/nn"), help="the binary")
    parse.add_argument("--rounds", type=int, default=5)
    parse.add_argument("--rows", type=int, default=1_000_000)
    given = parse.parse_args()
    rivals = dict(pandas=PANDAS, polars=POLARS)
    with tempfile.TemporaryDirectory() as folder:
        write(folder, given.rows)
        nn_once(given.nn, folder)
        rounds = []
        for _ in range(given.rounds):
            rounds.append((nn_once(given.nn, folder), {name: rival_once(script, folder) for name, script in rivals.items()}))
    ours = lambda key: statistics.median(a[key] for a, _ in rounds)
    print(subprocess.check_output([sys.executable, "-c", VERSIONS], text=True).strip())
    print(f"nn      {ours('whole'):.3f} s, {ours('cpu'):.3f} s of processor, {ours('mb'):.0f} MB")
    for name in rivals:
        theirs = lambda key: statistics.median(b[name][key] for _, b in rounds)
        print(f"{name}  {theirs('read'):.3f} s read, {theirs('whole'):.3f} s whole, {theirs('mb'):.0f} MB; "
              f"of nn's {theirs('read') / ours('whole'):.2f} read, {theirs('whole') / ours('whole'):.2f} whole")
    print(f"medians of {given.rounds} rounds in turns")

main()
