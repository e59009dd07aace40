#!/usr/bin/env python3
"""Instructions of one training step of three networks, counted by callgrind: the same on a busy machine and a quiet one,
so that a change can be compared with what was before it.

    cargo build --release && python3 benches/instructions.py                    # counts
    python3 benches/instructions.py --save before.json                          # keeps them
    python3 benches/instructions.py --against before.json                       # and the change since

A run of few epochs is taken from a run of more, so that start-up, data, evaluation and saving cancel out; the log of
epochs is not written. Valgrind runs AVX2 and no AVX-512: the counts are those of the kernels for the former, on one
thread. Needs valgrind and Python 3, nothing else."""
import argparse, json, os, random, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def table(width, rows, classes):
    """Random rows as CSV, half of the numbers 0."""
    draw = random.Random(1)
    lines = [",".join([f"x{k}" for k in range(width)] + ["y"])]
    for row in range(rows):
        lines.append(",".join([f"{max(draw.uniform(-1, 1), 0):.3f}" for _ in range(width)] + [f"c{row % classes}"]))
    return "\n".join(lines) + "\n"


# name: (data, network, training, rows in a batch, rows, epochs of the two runs)
CASES = {
    "W1": ("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", "dense 4 tanh\n  dense 1 sigmoid",
           "loss = mse\n  optimizer = sgd\n  learning_rate = 0.5", 4, 4, (1000, 3000)),
    "W2": (table(4, 150, 3), "dense 16 relu\n  dense classes softmax",
           "loss = cross_entropy\n  optimizer = adam\n  learning_rate = 0.01", 16, 150, (20, 60)),
    "W3": (table(64, 1797, 10), "dense 128 relu\n  dense 64 relu\n  dense classes softmax",
           "loss = cross_entropy\n  optimizer = adam\n  learning_rate = 0.001", 64, 1797, (2, 4)),
}


def instructions(nn, folder, epochs):
    """Of one whole process."""
    out = os.path.join(folder, "counts")
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", nn, "train", os.path.join(folder, "spec.nn"),
               "--threads", "1", "--quiet", "--set", f"train.epochs={epochs}", "-o", os.path.join(folder, "model.safetensors")]
    run = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode or not found:
        sys.exit(run.stderr[-2000:])
    return int(found.group(1))


def step(nn, case):
    """Instructions of one step, and of everything around the steps."""
    data, network, training, batch, rows, epochs = CASES[case]
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "rows.csv"), "w") as f:
            f.write(data)
        with open(os.path.join(folder, "spec.nn"), "w") as f:
            f.write(f'data "rows.csv" {{\n  target = y\n}}\n\nnetwork {{\n  {network}\n}}\n\n'
                    f"train {{\n  {training}\n  epochs = 1\n  batch = {batch}\n  seed = 1\n}}\n")
        few, more = (instructions(nn, folder, e) for e in epochs)
    per_epoch = -(-rows // batch)
    each = (more - few) / ((epochs[1] - epochs[0]) * per_epoch)
    return each, few - each * epochs[0] * per_epoch


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--nn", default=os.path.join(ROOT, "target/release/nn"), help="the binary")
    parse.add_argument("--save", metavar="FILE", help="keep the counts")
    parse.add_argument("--against", metavar="FILE", help="counts to compare with")
    given = parse.parse_args()
    before = json.load(open(given.against)) if given.against else {}
    counts = {}
    print(f"{'':4} {'a step':>14} {'around them':>14}" + (f" {'a step, before':>16} {'change':>8}" if before else ""))
    for case in CASES:
        each, around = step(given.nn, case)
        counts[case] = each
        line = f"{case:4} {each:14,.0f} {around:14,.0f}"
        if case in before:
            line += f" {before[case]:16,.0f} {100 * (each / before[case] - 1):+7.1f}%"
        print(line, flush=True)
    if given.save:
        json.dump(counts, open(given.save, "w"))


main()
