"""Compares the formulas of `definitions.py` with optax, jax.nn and scikit-learn wherever those mean the same.

    python -m pip install jax numpy optax scikit-learn
    python tests/goldens/crosscheck.py

One_cycle, plateau and batch_norm's running statistics, which none of them has in the same form, are compared by
`torch_check.py`. Optax applies
adamw's decay to the tensor before the step and subtracts both at once, which is the same as decaying first.
"""

import numpy as np
from definitions import activation, forward, row_losses, schedule, update

import jax
import jax.numpy as jnp
import optax
from sklearn.metrics import mean_pinball_loss
from sklearn.utils.class_weight import compute_class_weight

DRAW = np.random.default_rng(0)


def same(what, ours, theirs, bound=1e-13):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    off = np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))
    assert ours.shape == theirs.shape and off <= bound, f"{what}: {off:.1e}"
    print(f"{what}: {off:.1e}")


def optimizers():
    pairs = {
        "sgd": (("sgd", {}), optax.sgd(0.1)),
        "momentum": (("sgd", {"momentum": 0.9}), optax.sgd(0.1, momentum=0.9)),
        "nesterov": (("sgd", {"momentum": 0.9, "nesterov": True}), optax.sgd(0.1, momentum=0.9, nesterov=True)),
        "adam": (("adam", {}), optax.adam(0.1)),
        "adamw": (("adamw", {"weight_decay": 0.05}), optax.adamw(0.1, weight_decay=0.05)),
        "rmsprop": (("rmsprop", {}), optax.rmsprop(0.1, decay=0.9, eps=1e-8, eps_in_sqrt=False)),
        "adadelta": (("adadelta", {}), optax.adadelta(0.1)),
        "adamax": (("adamax", {}), optax.adamax(0.1)),
        "lion": (("lion", {"weight_decay": 0.3}), optax.lion(0.1, weight_decay=0.3)),
    }
    for name, (ours, theirs) in pairs.items():
        w = v = DRAW.normal(size=(4, 3))
        memory, state = {}, theirs.init(jnp.array(v))
        for step in range(1, 41):
            g = DRAW.normal(size=w.shape) * 10 ** DRAW.uniform(-3, 1, size=w.shape)
            w = update(ours, w, g, memory, 0.1, step)
            change, state = theirs.update(jnp.array(g), state, jnp.array(v))
            v = optax.apply_updates(jnp.array(v), change)
        same(name, w, v, 1e-12)


def losses():
    z, y = DRAW.normal(size=(9, 4)) * 3, DRAW.normal(size=(9, 4))
    hot, bits = np.eye(4)[DRAW.integers(0, 4, 9)], DRAW.integers(0, 2, (9, 4)).astype(float)
    same("mse", row_losses(("mse", {}), z, y, False), optax.losses.squared_error(z, y).mean(-1))
    same("mae", row_losses(("mae", {}), z, y, False), jnp.abs(z - y).mean(-1))
    same("huber", row_losses(("huber", {"delta": 0.7}), z, y, False), optax.losses.huber_loss(z, y, delta=0.7).mean(-1))
    same("log_cosh", row_losses(("log_cosh", {}), z, y, False), optax.losses.log_cosh(z, y).mean(-1))
    # scikit-learn's pinball loss is of (truth, prediction).
    same("quantile", row_losses(("quantile", {"q": 0.8}), z[:1].T, y[:1].T, False).mean(),
         mean_pinball_loss(y[0], z[0], alpha=0.8))
    soft = np.asarray(jax.nn.softmax(y))
    same("kl_divergence", row_losses(("kl_divergence", {}), z, soft, True),
         optax.losses.kl_divergence(jax.nn.log_softmax(z), soft))
    same("cross_entropy", row_losses(("cross_entropy", {}), z, hot, True), optax.losses.softmax_cross_entropy(z, hot))
    smooth = optax.losses.smooth_labels(hot, 0.2)
    same("label_smoothing", row_losses(("cross_entropy", {"label_smoothing": 0.2}), z, hot, True),
         optax.losses.softmax_cross_entropy(z, smooth))
    same("unfused", row_losses(("cross_entropy", {}), jax.nn.softmax(z), hot, False),
         optax.losses.softmax_cross_entropy(z, hot))
    signs = np.where(bits > 0, 1, -1)
    same("hinge", row_losses(("hinge", {}), z, bits, False), optax.losses.hinge_loss(z, signs).mean(-1))
    one = optax.losses.sigmoid_focal_loss(z[:, :1], bits[:, :1], gamma=1.7).mean(-1)
    same("focal", row_losses(("focal", {"gamma": 1.7}), z[:, :1], bits[:, :1], True), one)
    counts = DRAW.integers(0, 5, z.shape).astype(float)
    same("poisson", row_losses(("poisson", {}), np.exp(z), counts, False),
         optax.losses.poisson_nll_loss(z, counts, log_input=True, full=False).mean(-1) if hasattr(optax.losses, "poisson_nll_loss")
         else (np.exp(z) - counts * z).mean(-1))
    theirs = optax.losses.sigmoid_binary_cross_entropy(z, bits).mean(-1)
    same("binary_cross_entropy", row_losses(("binary_cross_entropy", {}), z, bits, True), theirs)
    same("binary unfused", row_losses(("binary_cross_entropy", {}), jax.nn.sigmoid(z), bits, False), theirs)


def activations():
    z = DRAW.normal(size=(50, 6)) * 4
    theirs = {
        "relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "softmax": jax.nn.softmax,
        "leaky_relu": lambda v: jax.nn.leaky_relu(v, 0.01), "elu": jax.nn.elu,
        "gelu": lambda v: jax.nn.gelu(v, approximate=False), "silu": jax.nn.silu, "softplus": jax.nn.softplus,
        "selu": jax.nn.selu, "mish": jax.nn.mish, "softsign": jax.nn.soft_sign, "hard_sigmoid": jax.nn.hard_sigmoid,
        "hard_tanh": jax.nn.hard_tanh, "relu6": jax.nn.relu6, "sin": jnp.sin,
    }
    for name, f in theirs.items():
        same(name, activation(name, None, z), f(z))
        ours = jax.grad(lambda v: (activation(name, None, v) ** 2).sum())(jnp.array(z))
        same(f"{name}, slope", ours, jax.grad(lambda v: (f(v) ** 2).sum())(jnp.array(z)), 1e-12)


def norms():
    x = DRAW.normal(size=(7, 5)) * 2 + 1
    one = {"n.weight": np.ones(5), "n.bias": np.zeros(5), "n.running_mean": np.zeros(5), "n.running_var": np.ones(5)}
    layer = {"name": "n", "epsilon": 1e-5, "momentum": 0.1}
    same("batch_norm", forward([layer | {"kind": "batch_norm"}], one, x, True)[0], jax.nn.standardize(x, 0, epsilon=1e-5), 1e-12)
    same("layer_norm", forward([layer | {"kind": "layer_norm"}], one, x, True)[0], jax.nn.standardize(x, -1, epsilon=1e-5), 1e-12)


def rates():
    t = np.arange(0, 10, 0.25)
    cosine = optax.cosine_decay_schedule(0.1, 10, alpha=0.2)
    same("cosine", [schedule("cosine", {"rate": 0.1, "to": 0.02}, v, 10) for v in t], [cosine(v) for v in t])
    exponential = optax.exponential_decay(0.1, 1, 0.8)
    same("exponential", [schedule("exponential", {"rate": 0.1, "factor": 0.8}, v, 10) for v in t], [exponential(v) for v in t])
    step = optax.exponential_decay(0.1, 3, 0.5, staircase=True)
    same("step", [schedule("step", {"rate": 0.1, "factor": 0.5, "every": 3}, v, 10) for v in t], [step(v) for v in t])


def others():
    grads = [DRAW.normal(size=(3, 2)), DRAW.normal(size=4)]
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    clipped = optax.clip_by_global_norm(0.5).update([jnp.array(g) for g in grads], optax.EmptyState())[0]
    for g, theirs in zip(grads, clipped):
        same("clip_norm", g * min(1, 0.5 / norm), theirs)
    rows = np.array([0, 0, 0, 1, 2, 2])
    same("balanced", [6 / (3 * np.sum(rows == c)) for c in range(3)],
         compute_class_weight("balanced", classes=np.arange(3), y=rows))


if __name__ == "__main__":
    for check in (optimizers, losses, activations, norms, rates, others):
        check()
