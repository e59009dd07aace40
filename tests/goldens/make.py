"""Writes the goldens: for each case a program, the tensors it starts from and the trace it must leave.

    python -m pip install jax numpy safetensors
    python tests/goldens/make.py            # all cases, and removes files of cases that are no more
    python tests/goldens/make.py NAME…      # some

The meaning of everything is in `definitions.py`, the cases are in `cases.py`. Deterministic: data and start tensors come from
Python's `random.Random`, rows are never shuffled, arithmetic is f64 on the CPU. Files, for a case NAME:

NAME.nn            the program, its data inside
NAME.safetensors   start tensors, f64: LABEL.weight (out × in), LABEL.bias, and running statistics only where a case sets them
NAME.json          inputs: the columns a prediction is made from
                   train_loss, learning_rate: one number an epoch; the rate is that of the epoch's last step
                   final: every tensor after training, row-major; predictions: outputs in inference mode, a list per row (for one
                   sigmoid the second class's probability; with target_scale in the target's own scale)

Losses and rates have all their digits, final tensors and predictions twelve. Before a case is written it is trained thrice: in
f64, in f64 from start tensors that differ by 1e-13, and in f32. A case whose losses move more than 1e-10 and 2e-5 by that would
test rounding and not meaning; it is refused.
"""

import json
import pathlib
import re
import sys
from random import Random

import numpy as np
from safetensors.numpy import save

from cases import CASES, DATA
from definitions import forward, train

HERE = pathlib.Path(__file__).parent
ACTIVATIONS = {"linear", "relu", "sigmoid", "tanh", "softmax", "leaky_relu", "elu", "gelu", "silu", "softplus",
               "selu", "mish", "softsign", "hard_sigmoid", "hard_tanh", "relu6", "sin", "step"}

# ---------------------------------------------------------------- reading the programs' text


def value(text):
    """A number, true or false, or the word itself."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


def call(text):
    """`adam(beta1=0.8)` → ("adam", {"beta1": 0.8}); the one positional argument there may be is "rate"."""
    name, _, rest = str(text).partition("(")
    arguments = [a.strip() for a in rest.rstrip(")").split(",") if a.strip()]
    pairs = [a.split("=") if "=" in a else ("rate", a) for a in arguments]
    return name, {k: value(v) for k, v in pairs}


def layers_of(lines, classes, counts, inputs):
    """The layers of a network's lines, up to the `}` that ends them. Unlabelled layers are named by kind and count.

    A layer may have a `label`, by which later ones know it, and `from`, the label of what it takes."""
    layers = []
    while lines:
        line = lines.pop(0).strip()
        if line == "}":
            break
        label, _, rest = line.rpartition(": ")
        kind, *words = rest.split()
        source = next((w.removeprefix("from=") for w in words if w.startswith("from=")), None)
        words = [w for w in words if not w.startswith("from=")]
        options = {k: float(v) for k, v in (w.split("=") for w in words if "=" in w and "(" not in w)}
        first = len(layers)
        if kind in ("concat", "add", "multiply"):
            layers.append({"kind": kind, "operands": words})
        elif kind == "select":
            columns = rest.partition("[")[2].partition("]")[0].split(", ")
            layers.append({"kind": kind, "columns": [inputs.index(column) for column in columns]})
        elif kind == "prelu":
            counts[kind] = counts.get(kind, 0) + 1
            layers.append({"kind": kind, "name": label or f"{kind}{counts[kind]}"})
        elif kind in ACTIVATIONS:
            layers.append({"kind": "activation", "name": kind, "parameter": next(iter(options.values()), None)})
        elif kind == "residual":
            layers.append({"kind": kind, "layers": layers_of(lines, classes, counts, inputs)})
        elif kind == "repeat":
            body = list(lines)
            for _ in range(int(words[0])):
                lines[:] = body
                layers += layers_of(lines, classes, counts, inputs)
        elif kind not in ("input", "flatten"):
            counts[kind] = counts.get(kind, 0) + 1
            layer = {"kind": kind, "name": label or f"{kind}{counts[kind]}"}
            if kind == "dense":
                layer["width"] = classes if words[0] == "classes" else int(words[0])
            else:
                layer |= {"epsilon": 1e-5, "momentum": 0.1} | options
            layers.append(layer)
            if kind == "dense" and len(words) > 1:
                name, parameter = call(words[1])
                argument = next(iter(parameter.values()), None)
                own = {"kind": name, "name": layer["name"]} if name == "prelu" else None
                layers.append(own or {"kind": "activation", "name": name, "parameter": argument})
        if len(layers) > first and kind != "repeat":
            layers[first]["from"] = source
            layers[-1]["label"] = label
    return layers


def table_of(data):
    """Columns of inputs; target matrix (classes one-hot); class number of each row or None; names of inputs and classes."""
    (names, *cells), targets, kind, _ = DATA[data]
    inputs = [n for n in names if n not in targets]
    column = {n: [row[i] for row in cells] for i, n in enumerate(names)}
    x = np.array([[float(v) for v in column[n]] for n in inputs]).T
    if kind == "values":
        return x, np.array([[float(v) for v in column[n]] for n in targets]).T, None, inputs, []
    classes = sorted(set(column[targets[0]]))
    rows = np.array([classes.index(v) for v in column[targets[0]]])
    return x, np.eye(len(classes))[rows], rows, inputs, classes


def class_weights(setting, rows, classes):
    """A weight for each row."""
    if setting == "balanced":
        weights = [len(rows) / (len(classes) * np.sum(rows == c)) for c in range(len(classes))]
    else:
        weights = [float(w) for w in setting.strip("[]").split(",")]
    return np.array(weights)[rows]


def scaled(x, scale):
    """`x` scaled by columns, and the way back."""
    if scale == "standard":
        low, span = x.mean(0), x.std(0)
    elif scale == "minmax":
        low, span = x.min(0), x.max(0) - x.min(0)
    else:
        return x, lambda y: y
    return (x - low) / span, lambda y: y * span + low


def start_tensors(layers, width, draw, gain, into, seen=None):
    """Fills `into` with start tensors of three digits; returns the width that comes out. `seen`: widths by label."""
    seen = dict(seen or {"input": width})

    def some(n, middle, spread):
        return np.array([round(draw.uniform(middle - spread, middle + spread), 3) for _ in range(n)])

    for layer in layers:
        name = layer.get("name")
        width = seen[layer["from"]] if layer.get("from") else width
        if layer["kind"] == "concat":
            width = sum(seen[label] for label in layer["operands"])
        elif layer["kind"] in ("add", "multiply"):
            width = seen[layer["operands"][0]]
        elif layer["kind"] == "select":
            width = len(layer["columns"])
        elif layer["kind"] == "dense":
            into[name + ".weight"] = (some(layer["width"] * width, 0, 0.8) * gain).round(3).reshape(layer["width"], width)
            into[name + ".bias"] = some(layer["width"], 0, 0.3)
            width = layer["width"]
        elif layer["kind"] == "prelu":
            into[name + ".slope"] = some(width, 0.25, 0.2)
        elif layer["kind"] in ("batch_norm", "layer_norm"):
            into[name + ".weight"], into[name + ".bias"] = some(width, 1, 0.4), some(width, 0, 0.3)
        elif layer["kind"] == "residual":
            assert start_tensors(layer["layers"], width, draw, gain, into, seen) == width
        if layer.get("label"):
            seen[layer["label"]] = width
    return width


def running_statistics(layers, tensors, start):
    """Running statistics of every batch_norm: as the case sets them, else 0 and 1."""
    found = {}
    for layer in layers:
        if layer["kind"] == "batch_norm":
            width = len(tensors[layer["name"] + ".weight"])
            for kind, plain in (("running_mean", 0.0), ("running_var", 1.0)):
                name = f"{layer['name']}.{kind}"
                found[name] = np.array(start.get(name, [plain] * width), float)
        elif layer["kind"] == "residual":
            found |= running_statistics(layer["layers"], tensors, start)
    return found


# ---------------------------------------------------------------- one case


def prepare(name):
    """The case as `train` takes it: program, x, target, row weights, start tensors, those of the file, the way back, inputs."""
    case = CASES[name]
    settings = case["train"]
    x, target, rows, inputs, classes = table_of(case["data"])
    x, _ = scaled(x, case.get("scale"))
    target, back = scaled(target, case.get("target_scale"))
    layers = layers_of(case["network"].split("\n"), len(classes), {}, inputs)
    draw = Random(f"start of {name}")
    written = {}
    width = start_tensors(layers, x.shape[1], draw, case.get("gain", 1), written)
    if rows is not None and width == 1:
        target = rows[:, None].astype(float)
    assert width == target.shape[1], name
    start = written | running_statistics(layers, written, case.get("start", {}))
    written |= {k: start[k] for k in case.get("start", {})}
    weights = class_weights(settings["class_weights"], rows, classes) if "class_weights" in settings else None
    rate = settings["learning_rate"]
    program = {
        "layers": layers,
        "loss": call(settings["loss"]),
        "optimizer": call(settings["optimizer"]),
        "learning_rate": call(rate) if "(" in rate else ("constant", {"rate": float(rate)}),
        "epochs": settings["epochs"],
        "batch": settings["batch"],
    } | {k: float(settings[k]) for k in ("l1", "l2", "clip_norm") if k in settings}
    return program, x, target, weights, start, written, back, inputs


def refuse_rounding(name, program, trace, arguments):
    """Refuses a case that tests rounding: one near a kink, a tie, or grown chaotic."""
    x, target, weights, start = arguments
    draw = Random(name)
    near = {k: v * (1 + 1e-13 * draw.uniform(-1, 1)) for k, v in start.items()}
    losses = np.array(trace["train_loss"])
    for precision, from_, bound in ((np.float64, near, 1e-10), (np.float32, start, 2e-5)):
        other = train(program, x, target, weights, from_, precision)
        moved = np.max(np.abs(np.array(other["train_loss"]) / losses - 1))
        assert moved <= bound, f"{name}: losses move by {moved:.1e} in {precision.__name__}"
        rates = np.max(np.abs(np.array(other["learning_rate"]) / trace["learning_rate"] - 1))
        assert rates <= 1e-12, f"{name}: another learning rate in {precision.__name__}"
        if precision is np.float64:
            for key, was in trace["final"].items():
                moved = np.max(np.abs(other["final"][key] - was) / np.maximum(1, np.abs(was)))
                assert moved <= 1e-9, f"{name}: {key} moves by {moved:.1e}"


def refuse_idle(name, program, trace):
    """Refuses a case that does not reach what it is for."""
    assert len(trace["norms"]) >= 20, f"{name}: {len(trace['norms'])} steps"
    if "clip_norm" in program:
        over = np.array(trace["norms"]) > program["clip_norm"]
        assert 0.2 <= over.mean() <= 0.8, f"{name}: {over.mean():.0%} of the steps are clipped"
    if program["learning_rate"][0] == "plateau":
        assert len({round(r, 12) for r in trace["learning_rate"][4:]}) >= 3, f"{name}: {trace['learning_rate']}"


def program_text(name):
    """The `.nn` file."""
    case = CASES[name]
    (head, *cells), targets, _, _ = DATA[case["data"]]
    wide = [max(len(row[i]) for row in [head, *cells]) for i in range(len(head))]
    table = "\n".join("    " + "  ".join(c.rjust(w) for c, w in zip(row, wide)) for row in [head, *cells])
    target = targets[0] if len(targets) == 1 else f"[{', '.join(targets)}]"
    scales = [("scale", case.get("scale", "none"))] + [(k, case[k]) for k in ("target_scale",) if k in case]
    settings = case["train"] | {"shuffle": "false", "precision": "f64", "seed": 1}
    data = aligned([("target", target), *scales])
    network = "\n".join("  " + line for line in case["network"].split("\n"))
    return (f"# {case['about']}\n\ndata {{\n{data}\n  table {{\n{table}\n  }}\n}}\n\n"
            f"network {{\n{network}\n}}\n\ntrain {{\n{aligned(settings.items())}\n}}\n")


def aligned(settings):
    settings = list(settings)
    wide = max(len(k) for k, _ in settings)
    return "\n".join(f"  {k.ljust(wide)} = {v}" for k, v in settings)


def short(numbers):
    return [float(f"{v:.12g}") for v in np.asarray(numbers).ravel()]


def make(name):
    program, x, target, weights, start, written, back, inputs = prepare(name)
    trace = train(program, x, target, weights, start)
    refuse_rounding(name, program, trace, (x, target, weights, start))
    refuse_idle(name, program, trace)
    out = back(trace["predictions"])
    (HERE / f"{name}.nn").write_text(program_text(name))
    (HERE / f"{name}.safetensors").write_bytes(save({k: np.ascontiguousarray(v) for k, v in written.items()}))
    fields = {
        "inputs": inputs,
        "train_loss": trace["train_loss"],
        "learning_rate": trace["learning_rate"],
        "final": {k: short(v) for k, v in sorted(trace["final"].items())},
        "predictions": [short(row) for row in out],
    }
    text = ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in fields.items())
    (HERE / f"{name}.json").write_text("{" + re.sub(r"(\]), (\"|\[)", r"\1,\n  \2", text) + "}\n")
    print(f"{name}: {trace['train_loss'][0]:.4g} to {trace['train_loss'][-1]:.4g}")


def main(names):
    unknown = set(names) - set(CASES)
    if unknown:
        sys.exit(f"no such case: {', '.join(sorted(unknown))}")
    failures = []
    for name in names or CASES:
        try:
            make(name)
        except AssertionError as error:
            failures.append(str(error))
    if not names:
        for file in HERE.iterdir():
            if file.suffix in (".nn", ".json", ".safetensors") and file.stem not in CASES:
                file.unlink()
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main(sys.argv[1:])
