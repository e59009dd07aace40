"""The cases: which small programs are trained. `make.py` turns each into files; the network's text stands here as it will there.

A case: `about` (one line), `data` (a key of DATA), `network` (lines of the block), the `train` settings as text, and perhaps
`scale`, `target_scale`, `start` (tensors that do not start at random) and `gain` (a factor on the random ones).
"""

import math
from random import Random


def rows(seed, count, columns, row):
    """`count` rows of cells as text. Python's own generator: its stream is the same in every version."""
    draw = Random(seed)
    return [columns] + [row(i, draw) for i in range(count)]


def two(value):
    """Two digits after the point, never a negative zero."""
    return f"{value:.2f}".replace("-0.00", "0.00")


def value_row(_, draw):
    a, b, c = (draw.uniform(-1.5, 1.5) for _ in range(3))
    u = math.sin(2 * a) + b * c + draw.gauss(0, 0.3)
    v = a - b * b + 0.5 * c + draw.gauss(0, 0.3)
    return [two(x) for x in (a, b, c, u, v)]


def binary_row(_, draw):
    a, b = draw.uniform(-2, 2), draw.uniform(-2, 2)
    return [two(a), two(b), str(int(a * b + draw.gauss(0, 0.6) > 0))]


def two_class_row(i, draw):
    a, b, y = binary_row(i, draw)
    return [a, b, "no" if i == 0 else "yes" if i == 1 else ("no", "no", "yes")[int(y) + draw.randrange(2)]]


def class_row(i, draw):
    # The classes appear in alphabetical order, and not equally often.
    kind = i if i < 3 else draw.choice([0, 0, 0, 1, 1, 2])
    a, b = draw.gauss(1.2 * kind - 1, 0.8), draw.gauss((1, -1, 0.5)[kind], 0.8)
    return [two(a), two(b), ("blue", "green", "red")[kind]]


def distribution_row(_, draw):
    a, b = draw.uniform(-2, 2), draw.uniform(-2, 2)
    p = round(0.1 + 0.5 / (1 + math.exp(-a)), 2)
    q = round((1 - p) / (1 + math.exp(-b)), 2)
    return [two(a), two(b), two(p), two(q), two(1 - p - q)]


def label_row(_, draw):
    a, b = draw.uniform(-2, 2), draw.uniform(-2, 2)
    return [two(a), two(b), str(int(a + draw.gauss(0, 0.5) > 0)), str(int(b > a)), str(int(abs(a) < 1))]


def picture_row(_, draw):
    cells = [draw.uniform(-1, 1) for _ in range(6)]
    return [two(x) for x in [*cells, cells[0] * cells[5] - cells[2] + 0.5 * cells[3]]]


def scale_row(_, draw):
    a, b = draw.uniform(10, 90), draw.uniform(-0.05, 0.05)
    return [f"{a:.1f}", f"{b:.3f}", f"{300 + 2 * a - 800 * b + draw.gauss(0, 10):.0f}"]


# name → (table, targets, what the targets are, the default batch)
DATA = {
    "values": (rows(1, 11, list("abcuv"), value_row), ["u", "v"], "values", 4),
    "binary": (rows(2, 13, list("aby"), binary_row), ["y"], "values", 5),
    "two_classes": (rows(3, 13, ["a", "b", "answer"], two_class_row), ["answer"], "classes", 5),
    "classes": (rows(4, 14, ["a", "b", "colour"], class_row), ["colour"], "classes", 6),
    "distribution": (rows(5, 11, list("abpqr"), distribution_row), ["p", "q", "r"], "values", 4),
    "labels": (rows(6, 12, list("abxyz"), label_row), ["x", "y", "z"], "values", 5),
    "pictures": (rows(7, 10, [*"abcdef", "y"], picture_row), ["y"], "values", 4),
    "scales": (rows(8, 12, list("aby"), scale_row), ["y"], "values", 5),
    "many": (rows(9, 24, list("abcuv"), value_row), ["u", "v"], "values", 9),
}

DATA["counts"] = (rows(10, 12, list("aby"), lambda i, draw: [two(draw.uniform(-1, 1)), two(draw.uniform(-1, 1)),
                                                              str(draw.choice([0, 1, 1, 2, 3, 5]))]), ["y"], "values", 5)
DATA["signs"] = (rows(11, 12, list("aby"), lambda i, draw: [two(draw.uniform(-1, 1)), two(draw.uniform(-1, 1)),
                                                             str(draw.choice([-1, 1]))]), ["y"], "values", 5)

VALUES = "hidden: dense 4 tanh\nout: dense 2"
BINARY = "hidden: dense 4 tanh\nout: dense 1 sigmoid"
CLASSES = "hidden: dense 4 tanh\nout: dense classes softmax"

CASES = {}


def case(name, about, data, network, loss, optimizer="sgd", rate="0.1", **more):
    assert name not in CASES, name
    settings = {"loss": loss, "optimizer": optimizer, "learning_rate": rate, "epochs": 8, "batch": DATA[data][3]}
    extra = {k: more.pop(k) for k in ("scale", "target_scale", "start", "gain") if k in more}
    CASES[name] = {"about": about, "data": data, "network": network, "train": settings | more, **extra}


# Every optimizer with every loss.
OPTIMIZERS = {
    "sgd": ("sgd", "0.1"),
    "momentum": ("sgd(momentum=0.9)", "0.03"),
    "nesterov": ("sgd(momentum=0.8, nesterov=true)", "0.04"),
    "adam": ("adam", "0.02"),
    "adamw": ("adamw(weight_decay=0.05)", "0.02"),
    "rmsprop": ("rmsprop", "0.01"),
    "adagrad": ("adagrad", "0.1"),
    "adadelta": ("adadelta", "1"),
    "nadam": ("nadam", "0.02"),
    "adamax": ("adamax", "0.02"),
    "lion": ("lion", "0.005"),
}
LOSSES = {
    "mse": ("mse", "values", VALUES),
    "mae": ("mae", "values", VALUES),
    "huber": ("huber(delta=0.5)", "values", VALUES),
    "binary_cross_entropy": ("binary_cross_entropy", "binary", BINARY),
    "cross_entropy": ("cross_entropy", "classes", CLASSES),
}
for o, (optimizer, rate) in OPTIMIZERS.items():
    for l, (loss, data, network) in LOSSES.items():
        case(f"{o}_{l}", f"{o} with {l}.", data, network, loss, optimizer, rate)

# Optimizers with parameters of their own.
ADAM = "adam(beta1=0.8, beta2=0.95, epsilon=0.0001)"
case("adam_parameters", "adam away from its defaults.", "classes", CLASSES, "cross_entropy", ADAM, "0.03")
ADAMW = "adamw(weight_decay=0.2, beta1=0.7, beta2=0.9, epsilon=0.001)"
case("adamw_parameters", "adamw away from its defaults.", "values", VALUES, "mse", ADAMW, "0.03")
case("adamw_default", "adamw by its name alone: weight_decay is 0.01.", "values", VALUES, "mse", "adamw", "0.03")
case("rmsprop_parameters", "rmsprop away from its defaults.", "values", VALUES, "mse", "rmsprop(rho=0.7, epsilon=0.001)", "0.01")

case("adagrad_parameters", "adagrad away from its defaults.", "values", VALUES, "mse", "adagrad(epsilon=0.05)", "0.1")
case("adadelta_parameters", "adadelta away from its defaults.", "values", VALUES, "mse", "adadelta(rho=0.6, epsilon=0.001)", "0.7")
NADAM = "nadam(beta1=0.8, beta2=0.95, epsilon=0.0001, momentum_decay=0.3)"
case("nadam_parameters", "nadam away from its defaults.", "classes", CLASSES, "cross_entropy", NADAM, "0.03")
case("adamax_parameters", "adamax away from its defaults.", "classes", CLASSES, "cross_entropy",
     "adamax(beta1=0.8, beta2=0.95, epsilon=0.0001)", "0.03")
case("lion_parameters", "lion away from its defaults.", "values", VALUES, "mse",
     "lion(beta1=0.8, beta2=0.95, weight_decay=0.2)", "0.01")

# Losses: parameters, weights, other targets, other outputs.
case("huber_default", "huber's delta is 1.", "values", VALUES, "huber")
case("log_cosh", "ln cosh of the difference.", "values", VALUES, "log_cosh")
case("quantile", "The quantile of 0.8.", "values", VALUES, "quantile(q=0.8)")
case("quantile_default", "quantile's q is 0.5.", "values", VALUES, "quantile", "adam", "0.02")
case("kl_divergence", "kl_divergence of classes is their cross-entropy.", "classes", CLASSES, "kl_divergence")
case("kl_divergence_distribution", "The targets' entropy is taken off.", "distribution",
     "hidden: dense 4 tanh\nout: dense 3 softmax", "kl_divergence", "adam", "0.03")
case("kl_divergence_unfused", "kl_divergence of probabilities that a layer passed on.", "distribution",
     "hidden: dense 4 tanh\nout: dense 3 softmax\nlinear", "kl_divergence", rate="0.3")
case("hinge", "Of classes the true one is 1, the others -1.", "classes", "hidden: dense 4 tanh\nout: dense classes", "hinge")
case("hinge_of_one", "Of two classes the second is 1, the first -1.", "two_classes", "hidden: dense 4 tanh\nout: dense 1",
     "hinge", "adam", "0.02", gain=4)
case("hinge_signs", "Labels of -1 and 1 as numbers.", "signs", "hidden: dense 4 tanh\nout: dense 1", "hinge")
case("hinge_labels", "Labels of 0 and 1.", "labels", "hidden: dense 4 tanh\nout: dense 3", "hinge")
case("poisson", "The mean of counts.", "counts", "hidden: dense 4 tanh\nout: dense 1 softplus", "poisson")
case("poisson_weights", "Several outputs, adam.", "labels", "hidden: dense 4 tanh\nout: dense 3 softplus", "poisson", "adam", "0.02")
case("focal", "gamma is 2 by default.", "classes", CLASSES, "focal")
case("focal_parameters", "gamma away from its default.", "classes", CLASSES, "focal(gamma=0.7)", "adam", "0.02")
case("focal_of_one", "One sigmoid: the probability of the label.", "two_classes", BINARY, "focal(gamma=1.5)", class_weights="[1, 3]")
case("focal_distribution", "Each share of the target weighs its term.", "distribution", "hidden: dense 4 tanh\nout: dense 3 softmax",
     "focal", "adam", "0.03")
case("focal_unfused", "focal of probabilities that a layer passed on.", "classes", CLASSES + "\nlinear", "focal(gamma=1)")
case("focal_of_one_unfused", "The same of one output.", "binary", BINARY + "\nlinear", "focal(gamma=2)")
case("label_smoothing", "cross_entropy with smoothed labels.", "classes", CLASSES, "cross_entropy(label_smoothing=0.1)")
case("class_weights", "A weight for each class.", "classes", CLASSES, "cross_entropy", class_weights="[1, 2.5, 0.5]")
case("class_weights_balanced", "Weights rows / (classes * rows of the class).", "classes", CLASSES, "cross_entropy",
     class_weights="balanced")
case("class_weights_smoothing", "The class weight multiplies the whole smoothed loss.", "classes", CLASSES,
     "cross_entropy(label_smoothing=0.2)", class_weights="[1, 3, 0.5]")
case("class_weights_binary", "Two classes, one sigmoid: weights of `no` and `yes`.", "two_classes", BINARY,
     "binary_cross_entropy", class_weights="[1, 3]")
case("class_weights_mse", "Class weights multiply squared losses too.", "classes", CLASSES, "mse", rate="0.5",
     class_weights="[1, 2, 0.5]")
case("two_classes_sigmoid", "A class target of two classes, one sigmoid: the second class is 1.", "two_classes", BINARY,
     "binary_cross_entropy")
case("two_classes_softmax", "A class target of two classes, two outputs.", "two_classes", CLASSES, "cross_entropy")
case("distribution", "Three targets as a distribution.", "distribution", "hidden: dense 4 tanh\nout: dense 3 softmax",
     "cross_entropy", rate="0.3")
case("labels", "Three targets as labels of their own.", "labels", "hidden: dense 4 tanh\nout: dense 3 sigmoid",
     "binary_cross_entropy", rate="0.3")
case("mse_softmax", "mse of a softmax against one-hot classes.", "classes", CLASSES, "mse", rate="0.5")
case("mse_sigmoid", "mse of a sigmoid against 0 and 1.", "binary", BINARY, "mse", rate="0.5")
case("mae_softmax", "mae of a softmax against one-hot classes.", "classes", CLASSES, "mae", rate="0.5")
case("huber_sigmoid", "huber of a sigmoid against 0 and 1.", "binary", BINARY, "huber(delta=0.4)", rate="0.5")
case("softmax_layer", "The softmax as a layer of its own.", "classes", "hidden: dense 4\ntanh\nout: dense classes\nsoftmax",
     "cross_entropy")
case("sigmoid_layer", "The sigmoid as a layer of its own.", "binary", "hidden: dense 4\ntanh\nout: dense 1\nsigmoid",
     "binary_cross_entropy")
case("cross_entropy_unfused", "cross_entropy of probabilities that a layer passed on.", "classes", CLASSES + "\nlinear",
     "cross_entropy")
case("binary_cross_entropy_unfused", "binary_cross_entropy of probabilities that a layer passed on.", "binary",
     BINARY + "\nlinear", "binary_cross_entropy")
case("saturated_softmax", "Logits so large that wrong classes start with a probability of zero.", "classes", CLASSES,
     "cross_entropy", rate="0.5", gain=400)
case("saturated_sigmoid", "A logit so large that the sigmoid starts at exactly 0 or 1.", "binary", BINARY,
     "binary_cross_entropy", rate="0.5", gain=600)

# Schedules, each alone and warmed up.
SCHEDULES = {
    "step": "step(0.3, factor=0.5, every=3",
    "exponential": "exponential(0.3, factor=0.8",
    "cosine": "cosine(0.3, to=0.02",
    "cosine_to_zero": "cosine(0.3",
    "one_cycle": "one_cycle(0.4",
}
for s, text in SCHEDULES.items():
    case(f"schedule_{s}", f"The schedule {s}.", "classes", CLASSES, "cross_entropy", "sgd", text + ")", epochs=10)
    case(f"schedule_{s}_warmup", f"The schedule {s}, warmed up.", "classes", CLASSES, "cross_entropy",
         "sgd(momentum=0.5)", text + ", warmup=2)", epochs=10)
case("schedule_plateau", "plateau watches the training loss here.", "values", VALUES, "mse", "sgd(momentum=0.95)",
     "plateau(0.3, factor=0.5, patience=2)", epochs=16)
case("schedule_plateau_warmup", "plateau, warmed up.", "values", VALUES, "mse", "sgd(momentum=0.95)",
     "plateau(0.3, factor=0.4, patience=1, warmup=3)", epochs=14)
case("schedule_adam", "A schedule drives adam, in steps of a half-filled last batch.", "classes", CLASSES, "cross_entropy",
     "adam", "cosine(0.05, to=0.001, warmup=1)", epochs=9, batch=4)

# What is added to the loss, and the bound on gradients.
case("l1", "l1 over dense weights.", "values", VALUES, "mse", l1="0.02")
case("l2", "l2 over dense weights.", "values", VALUES, "mse", l2="0.03")
case("l1_l2_adam", "l1 and l2 together, through adam.", "classes", CLASSES, "cross_entropy", "adam", "0.02", l1="0.01", l2="0.02")
case("l2_adamw", "l2 in the gradient and weight_decay beside it.", "values", VALUES, "mse", "adamw(weight_decay=0.1)", "0.02", l2="0.05")
case("l2_norms", "l2 leaves norm layers and biases alone.", "values",
     "hidden: dense 4\nnorm: batch_norm\ntanh\nlast: layer_norm\nout: dense 2", "mse", l2="0.05")
case("clip_norm", "The norm of all gradients together is bounded.", "values", VALUES, "mse", rate="0.2", clip_norm="0.6")
case("clip_norm_l2_adam", "Penalties are in the norm that is bounded.", "values", VALUES, "mse", "adam", "0.02", l2="0.1",
     clip_norm="0.7")
case("clip_norm_momentum", "The bound comes before the momentum.", "classes", CLASSES, "cross_entropy", "sgd(momentum=0.9)",
     "0.1", clip_norm="0.4")

# Norm layers.
NORMED = "hidden: dense 4\nnorm: batch_norm\ntanh\nout: dense 2"
case("batch_norm", "Running statistics start at 0 and 1 and judge the predictions.", "values", NORMED, "mse")
# Not before the activation: a bias that batch_norm takes out again has no gradient but rounding, which adam would blow up.
case("batch_norm_adam", "adam learns the scale and the shift.", "values",
     "hidden: dense 4 tanh\nnorm: batch_norm\nout: dense 2", "mse", "adam", "0.02")
case("batch_norm_parameters", "Running statistics from the start file, epsilon and momentum of its own.", "values",
     "hidden: dense 4\nnorm: batch_norm epsilon=0.01 momentum=0.3\ntanh\nout: dense 2", "mse",
     start={"norm.running_mean": [0.5, -0.25, 0.125, 1.5], "norm.running_var": [2, 0.5, 1.25, 0.75]})
case("batch_norm_first", "The inputs themselves are normed, and hidden values after the activation.", "classes",
     "first: batch_norm\nhidden: dense 4 tanh\nnorm: batch_norm\nout: dense classes softmax", "cross_entropy")
case("batch_norm_last", "Logits are normed.", "classes", "hidden: dense 4 tanh\nout: dense classes\nnorm: batch_norm\nsoftmax",
     "cross_entropy")
case("layer_norm", "layer_norm before an activation.", "values", "hidden: dense 4\nnorm: layer_norm\ntanh\nout: dense 2", "mse")
case("layer_norm_parameters", "layer_norm first and in the middle, epsilon of its own.", "values",
     "first: layer_norm epsilon=0.1\nhidden: dense 5 tanh\nnorm: layer_norm epsilon=0.01\nout: dense 2", "mse", "adam", "0.02")

# Blocks.
case("residual", "y = x + f(x).", "values", "hidden: dense 4 tanh\nresidual {\n  inner: dense 4 tanh\n}\nout: dense 2", "mse")
case("residual_deep", "f of two layers, and a block inside a block.", "values",
     "residual {\n  a: dense 5 tanh\n  residual {\n    b: dense 5 silu\n  }\n  c: dense 3\n}\nout: dense 2", "mse", rate="0.05")
case("residual_norms", "Norm layers inside and after a block.", "classes",
     "hidden: dense 4\nresidual {\n  inner: batch_norm\n  tanh\n  wide: dense 6 tanh\n  back: dense 4\n}\nafter: layer_norm\n"
     "out: dense classes softmax", "cross_entropy", "sgd(momentum=0.5)", "0.1")
case("branch_concat", "Two branches of the input, end to end with the input itself.", "values",
     "left: dense 3 tanh\nright: dense 4 silu from=input\nboth: concat right input left\nout: dense 2", "mse")
case("branch_add", "Three branches added, one of which another takes, too.", "classes",
     "a: dense 4 tanh\nb: dense 4 silu from=a\nc: dense 4 from=input\nadd a b c\nrelu\nout: dense classes softmax",
     "cross_entropy", "adam", "0.02")
case("branch_multiply", "A gate, and a square.", "values",
     "value: dense 4 tanh\ngate: dense 4 sigmoid from=input\ngated: multiply value gate\nmultiply gated gated value\nout: dense 2",
     "mse", "sgd(momentum=0.9)", "0.05")
case("branch_select", "Branches of some columns, in another order.", "values",
     "one: select [c, a] from=input\none_hidden: dense 4 tanh\ntwo: select [b] from=input\ntwo_hidden: dense 2 tanh\n"
     "concat one_hidden two_hidden two\nout: dense 2", "mse", scale="standard")
case("branch_residual", "A block in a branch, and a branch in a block.", "classes",
     "a: dense 4 tanh\nresidual {\n  inner: dense 4 tanh\n  again: dense 4 silu from=a\n  sum: add inner again\n  layer_norm\n}\n"
     "b: dense 4\nadd a b\ndense 4 tanh\nout: dense classes softmax", "cross_entropy")
case("repeat", "A layer three times, each with tensors of its own.", "values",
     "dense 4 tanh\nrepeat 3 {\n  dense 4 tanh\n}\ndense 2", "mse", gain=1.5)
case("repeat_residual", "Normed blocks, repeated.", "classes",
     "dense 4 tanh\nrepeat 2 {\n  residual {\n    layer_norm\n    dense 4 silu\n    dense 4\n  }\n}\ndense classes softmax",
     "cross_entropy", "adam", "0.02")
case("flatten", "An input of 2 x 3, flattened.", "pictures", "input 2x3\nflatten\nhidden: dense 4 tanh\nout: dense 1", "mse")

# Every activation: in a dense layer and as a layer of its own.
ACTIVATIONS = {
    "linear": ("linear", "linear"),
    "relu": ("relu", "relu"),
    "sigmoid": ("sigmoid", "sigmoid"),
    "tanh": ("tanh", "tanh"),
    "softmax": ("softmax", "softmax"),
    "leaky_relu": ("leaky_relu(slope=0.2)", "leaky_relu"),
    "elu": ("elu(alpha=0.7)", "elu"),
    "gelu": ("gelu", "gelu"),
    "silu": ("silu", "silu"),
    "softplus": ("softplus", "softplus"),
    "selu": ("selu", "selu"),
    "mish": ("mish", "mish"),
    "softsign": ("softsign", "softsign"),
    "hard_sigmoid": ("hard_sigmoid", "hard_sigmoid"),
    "hard_tanh": ("hard_tanh", "hard_tanh"),
    "relu6": ("relu6", "relu6"),
    "sin": ("sin", "sin"),
}
# Far enough from 0 that both ends are met.
ENDS = {"relu6": {"gain": 3, "rate": "0.02"}, "hard_sigmoid": {"gain": 3}}
for a, (inside, own) in ACTIVATIONS.items():
    case(f"activation_{a}", f"{a} in a dense layer and as a layer.", "values",
         f"hidden: dense 5 {inside}\nmiddle: dense 4\n{own}\nout: dense 2", "mse", **ENDS.get(a, {}))
case("activation_parameters", "Parameters of activations as layers.", "values",
     "hidden: dense 5\nleaky_relu slope=0.3\nmiddle: dense 4\nelu alpha=0.5\nout: dense 2", "mse")

case("step_of_inputs", "step on the inputs, before any weight.", "values", "step\nhidden: dense 4 tanh\nout: dense 2", "mse")
case("step_hidden", "nn: allow(NN711) Behind step the last layer alone learns.", "values",
     "hidden: dense 5 step\nout: dense 2", "mse")

case("prelu", "Trained slopes, of a dense layer and as a layer of their own.", "values",
     "hidden: dense 5 prelu\nmiddle: dense 4\nown: prelu\nout: dense 2", "mse")
case("prelu_l2_adam", "l2 leaves slopes alone.", "classes", "hidden: dense 5 prelu\nprelu\nout: dense classes softmax", "cross_entropy",
     "adam", "0.02", l2="0.05")

# Sizes and scales.
case("batch_all", "One batch an epoch.", "values", VALUES, "mse", rate="0.2", epochs=24, batch="all")
case("batch_one", "One row a step.", "classes", CLASSES, "cross_entropy", "sgd", "0.05", epochs=2, batch=1)
case("batch_last_of_one", "The last batch is one row.", "values", VALUES, "mse", epochs=8, batch=5)
case("wide", "Widths that no tiny-product path takes.", "many", "hidden: dense 24 tanh\nmiddle: dense 30 silu\nout: dense 2", "mse",
     "adam", "0.005", gain=0.4)
case("linear_model", "No hidden layer.", "values", "out: dense 2", "mse")
case("scale_standard", "Inputs and targets standardised; the loss is in scaled targets, predictions in their own.", "scales",
     "hidden: dense 4 tanh\nout: dense 1", "mse", scale="standard", target_scale="standard")
case("scale_minmax", "Inputs and targets to 0…1.", "scales", "hidden: dense 4 tanh\nout: dense 1", "mse", scale="minmax",
     target_scale="minmax")
