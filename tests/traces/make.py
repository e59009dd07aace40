"""Writes golden.json: what every unit holds for a few rows of some programs in ../goldens, by NumPy alone.

The programs, their tables and their start tensors are those of ../goldens; nothing of nn runs here. A layer of the
network's text is `[LABEL:] KIND [WIDTH] [ACTIVATION] [key=value …]`, one a line, and `residual { … }`.

    python make.py        needs numpy
"""

import json
from math import erf
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
GOLDENS = HERE.parent / "goldens"
CASES = """activation_elu activation_gelu activation_leaky_relu activation_linear activation_parameters activation_relu
activation_sigmoid activation_silu activation_softmax activation_softplus activation_tanh batch_norm_parameters
layer_norm_parameters residual residual_norms softmax_layer sigmoid_layer saturated_sigmoid flatten huber_sigmoid
mae_softmax binary_cross_entropy_unfused cross_entropy_unfused label_smoothing labels distribution""".split()
ROWS = [0, 4, 7]


def load_file(path):
    """The tensors of a safetensors file."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    kinds = {"F64": np.float64, "F32": np.float32}
    tensors = {}
    for name, entry in json.loads(raw[8:start]).items():
        if name != "__metadata__":
            a, b = entry["data_offsets"]
            tensors[name] = np.frombuffer(raw[start + a : start + b], kinds[entry["dtype"]]).reshape(entry["shape"]).astype(float)
    return tensors


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {
    "linear": lambda z, o: z,
    "relu": lambda z, o: np.maximum(z, 0),
    "sigmoid": lambda z, o: sigmoid(z),
    "tanh": lambda z, o: np.tanh(z),
    "softmax": lambda z, o: softmax(z),
    "leaky_relu": lambda z, o: np.where(z > 0, z, o.get("slope", 0.01) * z),
    "elu": lambda z, o: np.where(z > 0, z, o.get("alpha", 1.0) * (np.exp(z) - 1)),
    "gelu": lambda z, o: z * np.array([0.5 * (1 + erf(v / 2**0.5)) for v in z]),
    "silu": lambda z, o: z * sigmoid(z),
    "softplus": lambda z, o: np.log1p(np.exp(-abs(z))) + np.maximum(z, 0),
}


def block(text, name):
    """The lines of `name { … }`, braces inside kept."""
    lines, depth, out = text.splitlines(), 0, []
    for line in lines:
        line = line.split("#")[0].strip()
        if depth == 0:
            depth = int(line == name + " {")
            continue
        depth += line.count("{") - line.count("}")
        if depth == 0:
            return out
        if line:
            out.append(line)
    raise ValueError(name)


def forward(lines, tensors, x):
    """Every layer in order: its label, z where it has weighted sums or an activation, and what it hands on."""
    layers, counts, skips = [], {}, []
    last = np.array(x)
    for line in lines:
        if line == "residual {":
            skips.append(last)
            continue
        label, options = None, {}
        if line == "}":
            kind, rest = "residual", []
        else:
            if ": " in line:
                label, line = line.split(": ", 1)
            for ch in "(),":
                line = line.replace(ch, " ")
            kind, *rest = line.split()
            options = {k: float(v) for k, v in (r.split("=") for r in rest if "=" in r) if k not in ("init", "bias_init")}
            rest = [r for r in rest if "=" not in r]
        if kind == "input":
            kind = "reshape"
            continue
        counts[kind] = counts.get(kind, 0) + 1
        label = label or f"{kind}{counts[kind]}"
        z = None
        if kind == "dense":
            z = tensors[label + ".weight"] @ last + tensors.get(label + ".bias", 0)
            last = ACTIVATIONS[rest[1] if len(rest) > 1 else "linear"](z, options)
        elif kind in ACTIVATIONS:
            z = last
            last = ACTIVATIONS[kind](z, options)
        elif kind == "residual":
            last = skips.pop() + last
        elif kind == "flatten":
            pass
        else:
            if kind == "layer_norm":
                mean, variance = last.mean(), last.var()
            else:
                mean, variance = tensors.get(label + ".running_mean", 0), tensors.get(label + ".running_var", 1)
            normed = (last - mean) / np.sqrt(variance + options.get("epsilon", 1e-5))
            last = tensors[label + ".weight"] * normed + tensors[label + ".bias"]
        layers.append({"name": label} | ({} if z is None else {"weighted_sum": list(z)}) | {"activated": list(last)})
    return layers


def main():
    golden = {}
    for case in CASES:
        text = (GOLDENS / f"{case}.nn").read_text()
        tensors = load_file(GOLDENS / f"{case}.safetensors")
        header, *rows = (line.split() for line in block("\n".join(block(text, "data")), "table"))
        inputs = json.loads((GOLDENS / f"{case}.json").read_text())["inputs"]
        assert "scale  = none" in text, case
        golden[case] = [
            {"row": r, "layers": forward(block(text, "network"), tensors, [float(rows[r][header.index(i)]) for i in inputs])}
            for r in ROWS
        ]
    (HERE / "golden.json").write_text(json.dumps(golden, indent=0) + "\n")


main()
