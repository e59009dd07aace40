#!/usr/bin/env python3
"""A million rows of 21 numbers, loaded, scaled and split: nn beside pandas' C reader, in turns.

    cargo build --release && python3 benches/table.py            # needs pandas and numpy; a quarter of a gigabyte in the temporary folder

nn does it as `nn check`: reading, splitting, statistics over the training rows, scaling, checking. pandas does `read_csv`
alone ("read": to f32, the faster of its ways here), and then the same split and scaling in NumPy ("whole"). Each is a process of its own; the
time of starting Python and importing pandas is not counted, that of starting nn is. Memory is the largest resident
set of the process, beside the 80 MB that a million rows of 20 f32 inputs take."""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPEC = """data "rows.csv" {
  target = y
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


def pandas_once(folder):
    return json.loads(subprocess.check_output([sys.executable, "-c", PANDAS], cwd=folder))


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--nn", default=os.path.join(ROOT, "target/release/nn"), help="the binary")
    parse.add_argument("--rounds", type=int, default=5)
    parse.add_argument("--rows", type=int, default=1_000_000)
    given = parse.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write(folder, given.rows)
        nn_once(given.nn, folder)
        pairs = [(nn_once(given.nn, folder), pandas_once(folder)) for _ in range(given.rounds)]
    middle = lambda values: statistics.median(list(values))
    ours, read, whole = (middle(v) for v in ([a["whole"] for a, _ in pairs], [b["read"] for _, b in pairs], [b["whole"] for _, b in pairs]))
    print(f"nn      {ours:.3f} s, {middle(a['cpu'] for a, _ in pairs):.3f} s of processor, {middle(a['mb'] for a, _ in pairs):.0f} MB")
    print(f"pandas  {read:.3f} s read, {whole:.3f} s whole, {middle(b['mb'] for _, b in pairs):.0f} MB")
    print(f"ratio   {read / ours:.2f} read, {whole / ours:.2f} whole (medians of {given.rounds} rounds in turns)")


main()
