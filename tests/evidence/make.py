"""Writes `goldens.json`: numbers of reports, computed by NumPy and JAX in f64 for the programs in `tests/programs`.

    python -m pip install jax numpy
    python tests/evidence/make.py            # after `cargo build --release`: start weights are exported by the binary

What is taken from nn is the start of the weights alone (a run of one step at a learning rate of 1e-300, saved). Losses,
gradients, Hessians, runs and statistics are computed here, from the table in the program and definitions of the field: gradients
by automatic differentiation, eigenvalues by LAPACK, expectations over a normal variable by trapezoids on a fine grid.

Gains and saturation of wide layers are besides measured on drawn networks (`drawn`), which no formula enters.
"""

import json
import math
import pathlib
import struct
import subprocess
import tempfile

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
PROGRAMS = HERE.parent / "programs"
ACTIVATIONS = {"linear": lambda z: z, "tanh": jnp.tanh, "relu": lambda z: jnp.maximum(z, 0), "sigmoid": jax.nn.sigmoid,
               "elu": jax.nn.elu}

# ---------------------------------------------------------------- programs


def block(text, name):
    """The lines of a block that is closed by a `}` at the start of a line."""
    return text.split(f"\n{name} {{\n" if name != "data" else "data {\n", 1)[1].split("\n}", 1)[0].split("\n")


def read(name, targets=1):
    """Rows, targets, layers as (label, width, activation), and the settings of `train`."""
    text = (PROGRAMS / f"{name}.nn").read_text()
    table = text.split("  table {\n", 1)[1].split("\n  }", 1)[0].split("\n")
    head, *rows = [line.split() for line in table]
    settings = dict(map(str.strip, line.split("=", 1)) for line in block(text, "train"))
    cast = np.float64 if settings.get("precision") == "f64" else np.float32
    columns = np.array([[float(v) for v in row] for row in rows]).astype(cast).astype(np.float64)
    layers, count = [], 0
    for line in block(text, "network"):
        words = line.split("#")[0].split()
        if not words or "=" in words[1:2]:
            continue
        times = 1
        if words[0] == "repeat":
            times, words = int(words[1]), words[3:-1]
        label = words.pop(0)[:-1] if words[0].endswith(":") else None
        assert words[0] == "dense", line
        for _ in range(times):
            count += 1
            activation = words[2] if len(words) > 2 and words[2] in ACTIVATIONS else "linear"
            layers.append((label or f"dense{count}", int(words[1]), activation))
    return columns[:, :-targets], columns[:, -targets:], layers, settings, head


def start(name):
    """The tensors that training starts from."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "start.safetensors"
        sets = ["train.precision=f64", "train.epochs=1", "train.learning_rate=1e-300"]
        command = [ROOT / "target/release/nn", "train", "--quiet", PROGRAMS / f"{name}.nn", "-o", out]
        subprocess.run(command + [a for s in sets for a in ("--set", s)], check=True, capture_output=True)
        raw = out.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header, body = json.loads(raw[8 : 8 + size]), raw[8 + size :]
    tensors = {}
    for key, entry in header.items():
        if key != "__metadata__" and entry["dtype"] == "F64":
            low, high = entry["data_offsets"]
            tensors[key] = np.frombuffer(body[low:high], "<f8").reshape(entry["shape"])
    return tensors


class Net:
    """A program's network at its start."""

    def __init__(self, name):
        self.x, self.y, self.layers, self.settings, _ = read(name)
        tensors = start(name)
        self.parameters = [(jnp.array(tensors[f"{l}.weight"]), jnp.array(tensors[f"{l}.bias"])) for l, _, _ in self.layers]
        self.flat, self.back = jax.flatten_util.ravel_pytree(self.parameters)

    def values(self, parameters):
        """What each layer gives, and the last layer's weighted sums."""
        a, all_values, z = self.x, [], None
        for (weight, bias), (_, _, activation) in zip(parameters, self.layers):
            z = a @ weight.T + bias
            a = ACTIVATIONS[activation](z)
            all_values.append(a)
        return all_values, z

    def loss(self, parameters):
        """Without penalties."""
        values, z = self.values(parameters)
        if self.settings["loss"] == "mse":
            return jnp.mean((values[-1] - self.y) ** 2)
        assert self.settings["loss"] == "binary_cross_entropy" and self.layers[-1][2] == "sigmoid"
        return jnp.mean(jnp.logaddexp(0.0, z) - self.y * z)

    def flat_loss(self, flat):
        parameters = self.back(flat)
        penalty = sum(float(self.settings.get("l2", 0)) * jnp.sum(w * w) for w, _ in parameters)
        penalty += sum(float(self.settings.get("l1", 0)) * jnp.sum(jnp.abs(w)) for w, _ in parameters)
        return self.loss(parameters) + penalty

    def eigenvalue(self):
        return float(np.linalg.eigvalsh(np.array(jax.hessian(self.flat_loss)(self.flat)))[-1])

    def gradients(self):
        return jax.grad(self.loss)(self.parameters)

    def base(self):
        y = self.y
        if self.settings["loss"] == "mse":
            return float(np.mean((y - y.mean()) ** 2))
        p = y.mean()
        return float(-(p * np.log(p) + (1 - p) * np.log(1 - p)))

    def rates(self):
        """The rate of each step; where all rows are a batch, a step is an epoch."""
        written = self.settings["learning_rate"]
        if not written.startswith("exponential("):
            return lambda step: float(written)
        rate, factor = written[len("exponential("):-1].split(", factor=")
        return lambda step: float(rate) * float(factor) ** step

    def run(self, steps):
        """The loss after so many steps on all rows at the program's rate, with sgd or adam as its authors wrote them."""
        rates, optimizer = self.rates(), self.settings["optimizer"]
        gradient = jax.jit(jax.grad(self.flat_loss))
        p = self.flat
        m = v = jnp.zeros_like(p)
        for t in range(1, steps + 1):
            g, rate = gradient(p), rates(t - 1)
            if optimizer == "sgd":
                p = p - rate * g
            else:
                assert optimizer == "adam"
                m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
                p = p - rate * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
        return float(self.loss(self.back(p)))


# ---------------------------------------------------------------- evidence of starts


def expectation(f, q):
    """E f(√q z), z standard normal."""
    z = np.linspace(-12, 12, 4_000_001)
    return float(np.trapezoid(np.asarray(f(np.sqrt(q) * z)) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi), z))


def gain(x, widths, variance):
    """√Π n σ² E f′(√q z)² behind the first layer, with q = n σ² E a² and f = tanh (Schoenholz et al. 2017), and the share
    P(|z| > 2) = erfc(2/√(2q)) of the layer that has the most."""
    square, fan, product, saturated = float(np.mean(x * x)), x.shape[1], 1.0, 0.0
    for width in widths:
        q = fan * variance * square
        square = expectation(lambda z: np.tanh(z) ** 2, q)
        product *= width * variance * expectation(lambda z: 1 / np.cosh(np.clip(z, -350, 350)) ** 4, q)
        saturated, fan = max(saturated, math.erfc(2 / math.sqrt(2 * q))), width
    return math.sqrt(product), saturated


def spread(net):
    values, _ = net.values(net.parameters)
    return float(np.max(np.std(np.array(values[-1]), axis=0)))


def alike(values):
    """The mean squared correlation of neighbouring units."""
    correlation = np.corrcoef(np.array(values).T)
    width = min(len(correlation), 65)
    return float(np.mean([correlation[k, k + 1] ** 2 for k in range(width - 1)]))


def linear_fit(net):
    x = np.column_stack([net.x, np.ones(len(net.x))])
    fitted = x @ np.linalg.lstsq(x, net.y, rcond=None)[0]
    return float(1 - np.sum((net.y - fitted) ** 2) / np.sum((net.y - net.y.mean()) ** 2))


def norm(values):
    return float(jnp.sqrt(sum(jnp.sum(v * v) for v in values)))


def starts():
    out = {}
    net = Net("402_init_narrow")
    out["402_init_narrow"] = {
        "gain": gain(net.x, [4], 1e-8 / 3)[0], "linear_fit": linear_fit(net), "output_std": spread(net)}
    net = Net("402_deep")
    out["402_deep"] = {"gain": gain(net.x, [8, 8, 8], 1e-4)[0], "output_std": spread(net)}
    net = Net("403_init_wide")
    g, s = gain(net.x, [4], 400 / 3)
    losses = lambda net: {"first_loss": float(net.loss(net.parameters)), "base_loss": net.base()}
    out["403_init_wide"] = {"gain": g, "saturated": s} | losses(net)
    net = Net("403_learns")
    # Only the first layer is wide: the second has glorot's 2/(8 + 1).
    q = 2 * 144 * float(np.mean(net.x**2))
    kept = expectation(lambda z: 1 / np.cosh(np.clip(z, -350, 350)) ** 4, q)
    out["403_learns"] = {"gain": math.sqrt(8 * 2 / 9 * kept), "saturated": math.erfc(2 / math.sqrt(2 * q))} | losses(net)
    for name in ("404_init_off_centre", "404_learns"):
        net = Net(name)
        values, _ = net.values(net.parameters)
        hidden = values[1] if name == "404_init_off_centre" else values[0]
        out[name] = {"correlation": alike(hidden)}
    net = Net("407_saturated")
    values, _ = net.values(net.parameters)
    out["407_saturated"] = {
        "saturated": float(np.mean(np.abs(values[0]) > np.tanh(2))), "input_rms": float(np.sqrt(np.mean(net.x**2)))}
    for name in ("408_dead_units",):
        net = Net(name)
        values, _ = net.values(net.parameters)
        out[name] = {"dead": float(np.mean(np.all(np.array(values[0]) == 0, axis=0)))}
    out["409_initial_loss"] = losses(Net("409_initial_loss"))
    net = Net("410_layer_gradient")
    speeds = [float(jnp.linalg.norm(g) / jnp.linalg.norm(w)) for (g, _), (w, _) in zip(net.gradients(), net.parameters)]
    out["410_layer_gradient"] = {"slowest": min(speeds), "fastest": max(speeds), "ratio": min(speeds) / max(speeds)}
    net = Net("605_drowns")
    sizes = np.sort(np.abs(jax.flatten_util.ravel_pytree(net.gradients())[0]))
    out["605_drowns"] = {"gradient_median": float(sizes[len(sizes) // 2])}
    for name in ("606_penalty", "606_l1"):
        net = Net(name)
        penalty = [2 * float(net.settings["l2"]) * w if "l2" in net.settings else float(net.settings["l1"]) * jnp.sign(w)
                   for w, _ in net.parameters]
        out[name] = {"penalty_gradient": norm(penalty), "loss_gradient": norm([g for g, _ in net.gradients()])}
    return out


# ---------------------------------------------------------------- evidence of rates


def rates():
    out = {}
    for name, steps in (("601_risen", 30), ("601_broken", None), ("601_adam", 30), ("602_learning_rate_low", 2000), ("602_adam", 500)):
        net = Net(name)
        values = {"learning_rate": float(net.settings["learning_rate"]), "first_loss": float(net.loss(net.parameters)),
                  "base_loss": net.base()}
        if steps:
            values["last_loss"] = net.run(steps)
        if net.settings["optimizer"] == "sgd":
            values["largest_eigenvalue"] = net.eigenvalue()
            values["limit"] = 2 / values["largest_eigenvalue"]
        out[name] = values
    net = Net("604_steps")
    # The longer run is over once a look at 32, 64, 128, … steps finds 0.3 of the short one's loss.
    out["604_steps"] = {"last_loss": net.run(60), "longer_loss": net.run(128), "base_loss": net.base()}
    net = Net("604_few")
    out["604_few"] = {"last_loss": net.run(5), "longer_loss": net.run(64), "base_loss": net.base()}
    for name, steps, longer in (("602_fades", 2000, 2000), ("602_plateau", 300, 3000), ("606_wins", 1000, 1000), ("712_narrow", 1000, 1000)):
        out[name] = changed(name, steps, longer)
    return out


def changed(name, steps, longer):
    """A run, and that of its twin, in which one thing is changed."""
    net, twin = Net(name), Net(f"{name}.good")
    return {"last_loss": net.run(steps), "changed_loss": twin.run(longer), "base_loss": net.base()}


def retargeted(name, *steps):
    """What a run leaves of a constant's error, as it is and with standardised targets."""
    shares = []
    for scaled, count in zip((False, True), steps):
        net = Net(name)
        if scaled:
            net.y = (net.y - net.y.mean()) / net.y.std()
        shares.append(net.run(count) / net.base())
    return {"share": shares[0], "share_scaled": shares[1]}


# ---------------------------------------------------------------- evidence of columns


def eigenvalue(x):
    x = np.column_stack([x, np.ones(len(x))])
    return float(np.linalg.eigvalsh(x.T @ x / len(x))[-1])


def nearest_distribution(t):
    """max(t − θ, 0), θ by bisection."""
    low, high = t.min() - 1, t.max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(t - middle, 0).sum() > 1 else (low, middle)
    return np.maximum(t - low, 0)


def columns():
    out = {}
    for name in ("501_unscaled", "501_size", "501_offset"):
        x, *_ = read(name)
        mean, std = x.mean(0), x.std(0)
        values = {"limit": 1 / eigenvalue(x), "limit_scaled": 1 / eigenvalue((x - mean) / std)}
        if name == "501_unscaled":
            values |= {"largest_std": std.max(), "smallest_std": std.min()}
        elif name == "501_size":
            worst = np.argmax(np.abs(x).max(0))
            values |= {"min": x[:, worst].min(), "max": x[:, worst].max()}
        else:
            worst = np.argmax(np.abs(mean) / std)
            values |= {"mean": mean[worst], "std": std[worst]}
        out[name] = {k: float(v) for k, v in values.items()}
    # A look at 128 steps finds the standardised run far below the other, and it is over.
    out["505_large"] = retargeted("505_large", 200, 128)
    y = np.loadtxt(HERE.parent / "cases" / "trend.csv", delimiter=",", skiprows=1)[:, 2]
    out["../cases/d2"] = {"mean": float(y.mean()), "std": float(y.std())}
    _, y, *_ = read("505_target_scale")
    out["505_target_scale"] = {"needed": float(abs(y.mean()) + y.std())}
    for name, within in (("304_target_range", (0, 1)), ("304_a_hair", (0, 1)), ("308_relu_output", (0, np.inf))):
        _, y, *_ = read(name)
        out[name] = {"floor": float(np.mean((y - np.clip(y, *within)) ** 2)), "constant": float(y.var())}
    y = np.concatenate(read("304_distribution", targets=3)[1:2])
    out["304_distribution"] = {
        "floor": float(np.mean([(t - nearest_distribution(t)) ** 2 for t in y])), "constant": float(y.var(0).mean())}
    _, y, *_ = read("308_reached")
    out["308_reached"] = {"low": float(y.min()), "high": float(y.max())}
    x, y, *_ = read("506_values")
    groups = {}
    for row, target in zip(map(tuple, x), y[:, 0]):
        groups.setdefault(row, []).append(target)
    again = [g for g in groups.values() if len(set(g)) > 1]
    out["506_values"] = {
        "rows": float(sum(map(len, again))), "floor": float(sum(len(g) * np.var(g) for g in again) / len(y))}
    return out


# ---------------------------------------------------------------- gains and saturation, drawn


def drawn():
    """Networks drawn and measured: the root mean square of the Jacobian's entries times the fan, and the share of |z| > 2 (tanh)
    or 4 (sigmoid) in the layer that has the most, over inputs of ±1 whose rows are orthogonal. The programs stand in
    `tests/evidence.rs`."""
    rng = np.random.default_rng(0)
    i, j = np.meshgrid(np.arange(64), np.arange(64), indexing="ij")
    x = np.where(np.vectorize(lambda v: bin(v).count("1") % 2)(i & j) == 0, 1.0, -1.0)
    out = {}
    for name, activation, hidden, std, limit in (
            ("tanh_wide", "tanh", 2, 2.5, 2), ("tanh_narrow", "tanh", 3, 0.005, 2), ("sigmoid_wide", "sigmoid", 2, 5.0, 4)):
        f = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500)))}[activation]
        slope = {"tanh": lambda a: 1 - a * a, "sigmoid": lambda a: a * (1 - a)}[activation]
        squares, saturated = [], []
        for _ in range(2000):
            # As many outputs as units: the mean over them is that of one.
            layers = [rng.normal(0, std, (64, 64)) for _ in range(hidden + 1)]
            row = x[rng.integers(64)]
            jacobian, a, shares = np.eye(64), row, []
            for at, weight in enumerate(layers):
                z = weight @ a
                if at:
                    jacobian = weight @ (slope(a)[:, None] * jacobian)
                a = f(z)
                shares.append(np.mean(np.abs(z) > limit))
            squares.append(np.mean(np.sum(jacobian**2, axis=1)))
            saturated.append(shares[:-1])
        error = np.std(squares) / np.sqrt(len(squares)) / np.mean(squares) / 2
        out[name] = {"gain": float(np.sqrt(np.mean(squares))), "gain_error": float(error), "saturated": float(np.max(np.mean(saturated, axis=0)))}
    return out


if __name__ == "__main__":
    goldens = {"programs": dict(sorted((starts() | rates() | columns()).items())), "drawn": drawn()}
    (HERE / "goldens.json").write_text(json.dumps(goldens, indent=1) + "\n")
