"""What the language means, written once more from its definitions, in JAX and NumPy and apart from the compiler.

Gradients come from `jax.grad`; optimizers, schedules and the loop are NumPy. Nothing here is tuned or clever: each function is
the formula itself. `crosscheck.py` compares the formulas with optax and jax.nn where those mean the same.

Layers           dense: W x + b, W is out × in. batch_norm: (x − mean) / sqrt(biased variance + epsilon) · weight + bias over the
                 rows of a batch; afterwards running_mean and running_var move by the share `momentum` towards the batch's mean
                 and *unbiased* variance; inference uses the running ones. layer_norm: the same over a row's own values, with
                 nothing running. residual: x + f(x). repeat n: its layers n times, each time with tensors of their own.
Losses           a row's loss is, for mse, mae, huber and binary_cross_entropy, the mean over outputs; cross_entropy sums
                 −target · log p over classes. A batch's loss is Σ w·loss / Σ w over its rows; w is the weight of the row's
                 class, 1 without class_weights. label_smoothing s: target (1 − s) on the class plus s/C on all; the row's
                 class weight multiplies the smoothed loss as a whole.
                 balanced class weights: rows / (classes · rows of the class), over the training rows (as scikit-learn does).
train_loss       mean of the epoch's batch losses, each taken before its update, weighted by the batch's number of *rows*,
                 with class weights too.
l1, l2           l1·Σ|w| + l2·Σw² over dense weights, in the gradient but not in the reported loss.
clip_norm        all gradients (penalties included) times min(1, clip_norm / norm of all of them together).
Learning rate    t = steps done / steps per epoch (a real number), T = epochs:
    step         rate · factor^⌊t / every⌋
    exponential  rate · factor^t
    cosine       to + (rate − to)(1 + cos(πt/T))/2
    one_cycle    Smith, "A disciplined approach to neural network hyper-parameters" (2018), section 4.2, and Smith and Topin,
                 "Super-convergence" (2018): one cycle with linear sides whose lower bound is a tenth of the upper, shorter than
                 the whole training, after which the rate falls far below where it began. With u = t/T:
                     u < 0.45          rate/10 + (rate − rate/10) · u/0.45
                     0.45 ≤ u < 0.9    rate − (rate − rate/10) · (u − 0.45)/0.45
                     0.9 ≤ u           rate/10 − (rate/10 − rate/1000) · (u − 0.9)/0.1
    plateau      starts at rate. After each epoch: a train_loss below the best so far becomes the best and sets the count to 0;
                 any other adds 1 to the count; when the count reaches `patience`, the rate is multiplied by `factor` and the
                 count set to 0. The best stays.
    warmup=E     multiplies the schedule's value by min(1, (steps done + 1) / (E · steps per epoch)); t is not shifted.
Optimizers       see `update`.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

# ---------------------------------------------------------------- layers


def activation(name, p, z):
    """f(z) of an activation with parameter `p` (None: its default); the last axis is a row's values."""
    match name:
        case "linear":
            return z
        case "relu":
            return jnp.where(z > 0, z, 0)
        case "sigmoid":
            return 1 / (1 + jnp.exp(-z))
        case "tanh":
            return jnp.tanh(z)
        case "softmax":
            e = jnp.exp(z - jax.lax.stop_gradient(z.max(-1, keepdims=True)))
            return e / e.sum(-1, keepdims=True)
        case "leaky_relu":
            return jnp.where(z > 0, z, (0.01 if p is None else p) * z)
        case "elu":
            return jnp.where(z > 0, z, (1.0 if p is None else p) * jnp.expm1(jnp.minimum(z, 0)))
        case "gelu":
            return z * (1 + jax.lax.erf(z / math.sqrt(2))) / 2
        case "silu":
            return z / (1 + jnp.exp(-z))
        case "softplus":
            return jnp.logaddexp(z, 0)
        case "selu":
            scale, alpha = 1.0507009873554805, 1.6732632423543772
            return scale * jnp.where(z > 0, z, alpha * jnp.expm1(jnp.minimum(z, 0)))
        case "mish":
            return z * jnp.tanh(jnp.logaddexp(z, 0))
        case "softsign":
            return z / (1 + jnp.abs(z))
        case "hard_sigmoid":
            return jnp.clip(z / 6 + 0.5, 0, 1)
        case "hard_tanh":
            return jnp.clip(z, -1, 1)
        case "relu6":
            return jnp.clip(z, 0, 6)
        case "sin":
            return jnp.sin(z)
        case "step":
            return jnp.where(z > 0, 1.0, 0.0)
    raise ValueError(name)


def forward(layers, tensors, x, training, seen=None):
    """The output for rows `x`, and the running statistics as this batch leaves them (unchanged in inference).

    `seen` holds what earlier layers gave, by label."""
    moved = {}
    seen = dict(seen or {"input": x})
    for layer in layers:
        kind = layer["kind"]
        x = seen[layer["from"]] if layer.get("from") else x
        if kind == "concat":
            x = jnp.concatenate([seen[label] for label in layer["operands"]], axis=-1)
        elif kind == "add":
            x = sum(seen[label] for label in layer["operands"])
        elif kind == "multiply":
            x = math.prod(seen[label] for label in layer["operands"])
        elif kind == "select":
            x = x[:, jnp.array(layer["columns"])]
        elif kind == "dense":
            x = x @ tensors[layer["name"] + ".weight"].T + tensors[layer["name"] + ".bias"]
        elif kind == "activation":
            x = activation(layer["name"], layer["parameter"], x)
        elif kind == "prelu":
            x = jnp.where(x > 0, x, tensors[layer["name"] + ".slope"] * x)
        elif kind == "batch_norm":
            name = layer["name"]
            mean, variance = tensors[name + ".running_mean"], tensors[name + ".running_var"]
            if training:
                n, share = x.shape[0], layer["momentum"]
                mean_now = x.mean(0)
                variance_now = ((x - mean_now) ** 2).mean(0)
                moved[name + ".running_mean"] = (1 - share) * mean + share * mean_now
                moved[name + ".running_var"] = (1 - share) * variance + share * variance_now * (n / (n - 1))
                mean, variance = mean_now, variance_now
            x = (x - mean) / jnp.sqrt(variance + layer["epsilon"]) * tensors[name + ".weight"] + tensors[name + ".bias"]
        elif kind == "layer_norm":
            name = layer["name"]
            mean = x.mean(-1, keepdims=True)
            variance = ((x - mean) ** 2).mean(-1, keepdims=True)
            x = (x - mean) / jnp.sqrt(variance + layer["epsilon"]) * tensors[name + ".weight"] + tensors[name + ".bias"]
        elif kind == "residual":
            inner, inner_moved = forward(layer["layers"], tensors, x, training, seen)
            moved |= inner_moved
            x = x + inner
        else:
            raise ValueError(kind)
        if layer.get("label"):
            seen[layer["label"]] = x
    return x, moved


# ---------------------------------------------------------------- losses


def row_losses(loss, out, target, logits):
    """The loss of each row. With `logits`, `out` is what the closing softmax or sigmoid was to be given."""
    name, p = loss
    d = out - target
    match name:
        case "mse":
            return (d**2).mean(-1)
        case "mae":
            return jnp.abs(d).mean(-1)
        case "huber":
            delta = p.get("delta", 1.0)
            near = d**2 / 2
            far = delta * (jnp.abs(d) - delta / 2)
            return jnp.where(jnp.abs(d) <= delta, near, far).mean(-1)
        case "log_cosh":
            return jnp.log(jnp.cosh(d)).mean(-1)
        case "quantile":
            q = p.get("q", 0.5)
            return jnp.maximum(-q * d, (1 - q) * d).mean(-1)
        case "kl_divergence":
            log_p = out - jax.scipy.special.logsumexp(out, axis=-1, keepdims=True) if logits else jnp.log(out)
            return (jax.scipy.special.xlogy(target, target) - target * log_p).sum(-1)
        case "cross_entropy":
            s = p.get("label_smoothing", 0.0)
            target = (1 - s) * target + s / target.shape[-1]
            log_p = out - jax.scipy.special.logsumexp(out, axis=-1, keepdims=True) if logits else jnp.log(out)
            return -(target * log_p).sum(-1)
        case "binary_cross_entropy":
            if logits:  # −log sigmoid(z) = softplus(−z)
                return (target * jnp.logaddexp(-out, 0) + (1 - target) * jnp.logaddexp(out, 0)).mean(-1)
            return -(target * jnp.log(out) + (1 - target) * jnp.log1p(-out)).mean(-1)
        case "hinge":
            return jnp.maximum(0, 1 - jnp.where(target > 0, 1, -1) * out).mean(-1)
        case "poisson":
            return (out - jax.scipy.special.xlogy(target, out)).mean(-1)
        case "focal":
            gamma = p.get("gamma", 2.0)
            if out.shape[-1] == 1:
                log_p = (-jnp.logaddexp(-out, 0), -jnp.logaddexp(out, 0)) if logits else (jnp.log(out), jnp.log1p(-out))
                yes, no = (-((1 - jnp.exp(v)) ** gamma) * v for v in log_p)
                return (target * yes + (1 - target) * no).mean(-1)
            log_p = out - jax.scipy.special.logsumexp(out, axis=-1, keepdims=True) if logits else jnp.log(out)
            return -(target * (1 - jnp.exp(log_p)) ** gamma * log_p).sum(-1)
    raise ValueError(name)


def fused(loss, layers):
    """Whether the last layer is the softmax or sigmoid that its loss can take the logits of. It changes rounding only."""
    pair = {"cross_entropy": ["softmax"], "kl_divergence": ["softmax"], "binary_cross_entropy": ["sigmoid"],
            "focal": ["softmax", "sigmoid"]}.get(loss[0], [])
    return layers[-1]["kind"] == "activation" and layers[-1]["name"] in pair


# ---------------------------------------------------------------- learning rate


def schedule(kind, p, t, epochs):
    """The rate at t epochs done; not for plateau."""
    rate = p["rate"]
    match kind:
        case "constant":
            return rate
        case "step":
            return rate * p["factor"] ** math.floor(t / p["every"])
        case "exponential":
            return rate * p["factor"] ** t
        case "cosine":
            to = p.get("to", 0.0)
            return to + (rate - to) * (1 + math.cos(math.pi * t / epochs)) / 2
        case "one_cycle":
            u, low = t / epochs, rate / 10
            if u < 0.45:
                return low + (rate - low) * u / 0.45
            if u < 0.9:
                return rate - (rate - low) * (u - 0.45) / 0.45
            return low - (low - rate / 1000) * (u - 0.9) / 0.1
    raise ValueError(kind)


# ---------------------------------------------------------------- optimizers


def update(optimizer, w, g, memory, rate, step):
    """One tensor's step from gradient `g`; `memory` is the optimizer's own of this tensor; `step` counts from 1."""
    name, p = optimizer
    if name == "sgd":
        mu = p.get("momentum", 0.0)
        memory["v"] = mu * memory.get("v", 0 * g) + g
        return w - rate * (g + mu * memory["v"] if p.get("nesterov") else memory["v"])
    if name in ("adam", "adamw"):
        b1, b2, epsilon = p.get("beta1", 0.9), p.get("beta2", 0.999), p.get("epsilon", 1e-8)
        if name == "adamw":
            w = w - rate * p.get("weight_decay", 0.01) * w
        memory["m"] = b1 * memory.get("m", 0 * g) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0 * g) + (1 - b2) * g**2
        m_hat, v_hat = memory["m"] / (1 - b1**step), memory["v"] / (1 - b2**step)
        return w - rate * m_hat / (np.sqrt(v_hat) + epsilon)
    if name == "rmsprop":
        rho, epsilon = p.get("rho", 0.9), p.get("epsilon", 1e-8)
        memory["v"] = rho * memory.get("v", 0 * g) + (1 - rho) * g**2
        return w - rate * g / (np.sqrt(memory["v"]) + epsilon)
    if name == "adagrad":
        memory["sum"] = memory.get("sum", 0 * g) + g**2
        return w - rate * g / (np.sqrt(memory["sum"]) + p.get("epsilon", 1e-10))
    if name == "adadelta":
        rho, epsilon = p.get("rho", 0.9), p.get("epsilon", 1e-6)
        memory["v"] = rho * memory.get("v", 0 * g) + (1 - rho) * g**2
        u = memory.get("u", 0 * g)
        delta = np.sqrt(u + epsilon) / np.sqrt(memory["v"] + epsilon) * g
        memory["u"] = rho * u + (1 - rho) * delta**2
        return w - rate * delta
    if name == "nadam":  # as PyTorch's
        b1, b2, epsilon = p.get("beta1", 0.9), p.get("beta2", 0.999), p.get("epsilon", 1e-8)
        decay = p.get("momentum_decay", 0.004)
        mu, mu_next = (b1 * (1 - 0.5 * 0.96 ** (t * decay)) for t in (step, step + 1))
        memory["product"] = product = memory.get("product", 1.0) * mu
        memory["m"] = b1 * memory.get("m", 0 * g) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0 * g) + (1 - b2) * g**2
        root = np.sqrt(memory["v"] / (1 - b2**step)) + epsilon
        w = w - rate * (1 - mu) / (1 - product) * g / root
        return w - rate * mu_next / (1 - product * mu_next) * memory["m"] / root
    if name == "adamax":  # as PyTorch's
        b1, b2, epsilon = p.get("beta1", 0.9), p.get("beta2", 0.999), p.get("epsilon", 1e-8)
        memory["m"] = b1 * memory.get("m", 0 * g) + (1 - b1) * g
        memory["u"] = np.maximum(b2 * memory.get("u", 0 * g), np.abs(g) + epsilon)
        return w - rate / (1 - b1**step) * memory["m"] / memory["u"]
    if name == "lion":
        b1, b2 = p.get("beta1", 0.9), p.get("beta2", 0.99)
        m = memory.get("m", 0 * g)
        w = w - rate * p.get("weight_decay", 0.0) * w - rate * np.sign(b1 * m + (1 - b1) * g)
        memory["m"] = b2 * m + (1 - b2) * g
        return w
    raise ValueError(name)


# ---------------------------------------------------------------- training


def train(program, x, target, weights, start, precision=np.float64):
    """Trains from `start` (name → array) and returns the trace.

    `x`: rows × features. `target`: rows × outputs. `weights`: one a row, or None. `program`: layers, loss, optimizer,
    learning_rate, epochs, batch, and perhaps l1, l2, clip_norm.
    """
    layers, loss = program["layers"], program["loss"]
    logits = fused(loss, layers)
    x, target = x.astype(precision), target.astype(precision)
    weights = np.ones(len(x), precision) if weights is None else weights.astype(precision)
    tensors = {k: v.astype(precision) for k, v in start.items()}
    running = {k: v for k, v in tensors.items() if ".running_" in k}
    learnt = {k: v for k, v in tensors.items() if ".running_" not in k}
    penalised = [l + ".weight" for l in dense_names(layers)]
    l1, l2, clip = program.get("l1", 0.0), program.get("l2", 0.0), program.get("clip_norm")

    def objective(learnt, running, x, target, weights):
        out, moved = forward(layers[:-1] if logits else layers, learnt | running, x, True)
        rows = row_losses(loss, out, target, logits)
        value = (weights * rows).sum() / weights.sum()
        penalty = sum(l1 * jnp.abs(learnt[k]).sum() + l2 * (learnt[k] ** 2).sum() for k in penalised)
        return value + penalty, (value, moved)

    gradient = jax.jit(jax.grad(objective, has_aux=True))
    batch = len(x) if program["batch"] == "all" else program["batch"]
    starts = range(0, len(x), batch)
    kind, p = program["learning_rate"]
    warm_steps = p.get("warmup", 0) * len(starts)
    plateau, best, count = p["rate"], math.inf, 0
    memory = {k: {} for k in learnt}
    trace = {"train_loss": [], "learning_rate": [], "norms": []}
    done = 0
    for _ in range(program["epochs"]):
        total = 0.0
        for first in starts:
            part = slice(first, first + batch)
            grads, (value, moved) = gradient(learnt, running, x[part], target[part], weights[part])
            grads = {k: np.asarray(g) for k, g in grads.items()}
            total += float(value) * len(x[part])
            norm = math.sqrt(sum(float((g.astype(np.float64) ** 2).sum()) for g in grads.values()))
            trace["norms"].append(norm)
            if clip is not None and norm > clip:
                grads = {k: g * (clip / norm) for k, g in grads.items()}
            rate = plateau if kind == "plateau" else schedule(kind, p, done / len(starts), program["epochs"])
            if done < warm_steps:
                rate *= (done + 1) / warm_steps
            done += 1
            learnt = {k: update(program["optimizer"], w, grads[k], memory[k], rate, done) for k, w in learnt.items()}
            running |= {k: np.asarray(v) for k, v in moved.items()}
            assert all(v.dtype == precision for v in learnt.values())
        trace["train_loss"].append(total / len(x))
        trace["learning_rate"].append(rate)
        if trace["train_loss"][-1] < best:
            best, count = trace["train_loss"][-1], 0
        else:
            count += 1
        if kind == "plateau" and count >= p["patience"]:
            plateau, count = plateau * p["factor"], 0
    trace["final"] = learnt | running
    trace["predictions"] = np.asarray(forward(layers, learnt | running, x, False)[0])
    return trace


def dense_names(layers):
    """Names of the dense layers, those inside residual blocks too."""
    for layer in layers:
        if layer["kind"] == "dense":
            yield layer["name"]
        elif layer["kind"] == "residual":
            yield from dense_names(layer["layers"])
