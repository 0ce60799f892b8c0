"""One small network on several tasks: a specialist for each, one pretrained for all, or one trained on all.

A network has one hidden layer, h = tanh(x W + b), and a head for each task, which says yes where
h v + c > 0. Training is Adam on the logistic loss, all examples in every step; the gradient is written out.
The leading axis of an array counts networks, trained side by side; examples of a single network may come in
groups there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._adam import adam
from frontier._checks import between, generator, positive, real, single, whole

Array = NDArray[np.float64]


class Network(NamedTuple):
    """Weights, with a leading axis: one network each."""

    hidden: Array
    hidden_bias: Array
    heads: Array
    head_bias: Array

    @property
    def n_params(self) -> int:
        """Parameters of one network, all its heads included."""
        return sum(int(np.prod(part.shape[-2:])) for part in self)


class Comparison(NamedTuple):
    """Accuracy of each way to learn, one number a task, and the compute each took for all tasks, in FLOP."""

    specialist: Array
    generalist: Array
    multitask: Array
    flop: dict[str, float]


def random_network(
    n_inputs: int, n_tasks: int, *, n_hidden: int = 32, n_networks: int = 1, seed: Any = 0
) -> Network:
    """Return the networks that training starts from.

    Parameters
    ----------
    n_inputs, n_tasks, n_hidden : int
        Numbers an example has, heads, hidden units.
    n_networks : int
        How many networks: the length of the leading axis.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Source of the randomness.

    Examples
    --------
    >>> random_network(64, n_tasks=1).n_params
    2113
    """
    sizes = {"n_inputs": n_inputs, "n_tasks": n_tasks, "n_hidden": n_hidden, "n_networks": n_networks}
    inputs, tasks, units, networks = (int(single(k, whole(k, v, 1))) for k, v in sizes.items())
    rng = generator(seed)
    return Network(
        rng.standard_normal((networks, inputs, units)) / np.sqrt(inputs),
        np.zeros((networks, 1, units)),
        rng.standard_normal((networks, units, tasks)) / np.sqrt(units),
        np.zeros((networks, 1, tasks)),
    )


def train(
    network: Network,
    inputs: ArrayLike,
    labels: ArrayLike,
    known: ArrayLike | None = None,
    *,
    steps: int = 200,
    rate: float = 0.02,
    frozen: bool = False,
) -> Network:
    """Train networks on labelled examples.

    Parameters
    ----------
    network : Network
        Where to start; it is not changed.
    inputs : array_like, shape (n_examples, n_inputs) or (n_groups, n_examples, n_inputs)
        The examples: a group for each network, or the same for all, or all groups for a single network.
    labels : array_like, shape (..., n_examples, n_tasks)
        1 for yes, 0 for no.
    known : array_like, shape (..., n_examples, n_tasks), optional
        1 where a label may be used, 0 where it is kept from the network; all may be used if left out.
    steps : int
        Steps of Adam, each over all examples.
    rate : float
        Learning rate.
    frozen : bool
        Train the heads alone and leave the hidden layer as it is.

    Examples
    --------
    Exclusive or, which no network without a hidden layer can learn:

    >>> x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    >>> accuracy(train(random_network(2, 1), x, y), x, y).item()
    1.0
    """
    x, y = _examples(network, inputs, labels)
    used = np.ones_like(y) if known is None else between("known", known, 0, 1)
    if used.shape != y.shape:
        raise ValueError(f"known must have the shape of labels, {y.shape}, got {used.shape}")
    rows = (0, -2) if len(network.heads) == 1 and y.ndim == 3 else -2
    part = used / np.maximum(used.sum(axis=rows, keepdims=True), 1)

    def gradient(net: Network) -> tuple[Array, Array, Array, Array]:
        h = np.tanh(x @ net.hidden + net.hidden_bias)
        wrong = (_logistic(h @ net.heads + net.head_bias) - y) * part
        return _backward(net, x, h, wrong)

    return _adam(network, gradient, steps, rate, frozen=frozen)


def new_heads(network: Network, n_tasks: int, *, seed: Any, n_networks: int = 1) -> Network:
    """Keep the hidden layer and put fresh heads on it.

    Parameters
    ----------
    network : Network
        One network.
    n_tasks : int
        Heads to make.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Source of the randomness; has no default, since the seed of the network would bring its own first
        heads back.
    n_networks : int
        Copies of it to make, each with heads of its own.

    Examples
    --------
    >>> new_heads(random_network(64, n_tasks=5, seed=1), 1, seed=2).n_params
    2113
    """
    n_inputs, n_hidden = network.hidden.shape[-2:]
    fresh = random_network(n_inputs, n_tasks, n_hidden=n_hidden, n_networks=n_networks, seed=seed)
    return fresh._replace(
        hidden=np.broadcast_to(network.hidden, fresh.hidden.shape),
        hidden_bias=np.broadcast_to(network.hidden_bias, fresh.hidden_bias.shape),
    )


def accuracy(network: Network, inputs: ArrayLike, labels: ArrayLike) -> Array:
    """Share of the examples that each head gets right, of shape (..., n_tasks); arguments as for `train`."""
    x, y = _examples(network, inputs, labels)
    h = np.tanh(x @ network.hidden + network.hidden_bias)
    return np.asarray(np.mean((h @ network.heads + network.head_bias > 0) == (y > 0.5), axis=-2))


def compare(
    inputs: ArrayLike,
    labels: ArrayLike,
    n_labels: int,
    *,
    n_test: int = 797,
    steps: int = 200,
    rate: float = 0.02,
    n_hidden: int = 32,
    seed: Any = 0,
) -> Comparison:
    """Learn several yes-or-no tasks in three ways, with the same labels and the same compute.

    Each task has labels for examples of its own. The **specialist** is a network for each task. The
    **generalist** spends half of the compute on one network that fills in hidden parts of all examples that
    are not for the test, and the other half on training a copy of it for each task, the recipe of BERT. The
    **multitask** network is one with all the heads [1]_.

    Parameters
    ----------
    inputs : array_like, shape (n_examples, n_inputs)
        The examples.
    labels : array_like, shape (n_examples, n_tasks)
        1 for yes, 0 for no.
    n_labels : int
        Labelled examples of each task.
    n_test : int
        Examples kept for the test, the same for all three; with the labelled ones no more than there are.
    steps : int
        Steps of a specialist; those of the others follow from its compute.
    rate, n_hidden
        Learning rate and hidden units, the same for all three.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Draws the examples and the starting weights.

    Returns
    -------
    Comparison
        Accuracy on the test examples, and compute.

    References
    ----------
    .. [1] Caruana, Mach. Learn. 28, 41-75 (1997).
    """
    x, y = real("inputs", inputs), between("labels", labels, 0, 1)
    if x.ndim != 2 or y.ndim != 2 or len(x) != len(y):
        shapes = f"{x.shape} and {y.shape}"
        raise ValueError(f"inputs and labels must have shapes (n, n_inputs) and (n, n_tasks), got {shapes}")
    counts = {"n_labels": n_labels, "n_test": n_test, "steps": steps}
    size, n_test, steps = (int(single(k, whole(k, v, 1))) for k, v in counts.items())
    n_tasks = y.shape[-1]
    if n_tasks * size + n_test > len(x):
        needed = f"{n_tasks} tasks of {size} labels and {n_test} for the test"
        raise ValueError(f"inputs must be enough for {needed}, got {len(x)}")
    rng = generator(seed)
    shuffled = rng.permutation(len(x))
    test, pool = shuffled[:n_test], shuffled[n_test:]
    own = pool[: n_tasks * size].reshape(n_tasks, size)
    answers = np.stack([y[rows, k] for k, rows in enumerate(own)])[..., None]  # of each task, its own

    alone = random_network(x.shape[-1], 1, n_hidden=n_hidden, n_networks=n_tasks, seed=rng)
    budget = n_tasks * _flop(alone, steps * size)
    special = train(alone, x[own], answers, steps=steps, rate=rate)

    together = random_network(x.shape[-1], n_tasks, n_hidden=n_hidden, seed=rng)
    most = round(budget / _flop(together, n_tasks * size))
    mine = np.repeat(np.eye(n_tasks)[:, None], size, axis=1)
    multi = train(together, x[own], y[own], mine, steps=most, rate=rate)

    wide = random_network(x.shape[-1], x.shape[-1], n_hidden=n_hidden)
    first, batch = max(1, round(budget / 2 / _flop(wide, 50))), 50
    general = _pretrain(x[pool], steps=first, batch=batch, n_hidden=n_hidden, seed=rng)
    tuned = new_heads(general, 1, n_networks=n_tasks, seed=rng)
    tuned = train(tuned, x[own], answers, steps=steps // 2, rate=rate)

    seen, truth = x[test], y[test].T[..., None]
    spent = {
        "specialist": budget,
        "generalist": _flop(wide, first * batch) + n_tasks * _flop(alone, steps // 2 * size),
        "multitask": _flop(together, most * n_tasks * size),
    }
    return Comparison(
        accuracy(special, seen, truth)[:, 0],
        accuracy(tuned, seen, truth)[:, 0],
        accuracy(multi, seen, y[test])[0],
        spent,
    )


def _pretrain(
    x: Array,
    *,
    steps: int,
    n_hidden: int = 32,
    batch: int = 50,
    hide: float = 0.5,
    rate: float = 0.01,
    seed: Any = 0,
) -> Network:
    """Train one network without labels: hide a share of each example, drawn anew, predict it from the rest.

    Each step sees a batch of examples. The heads predict the inputs; for a task the network needs others.
    This is BERT's first objective, on pictures: its tokens are hidden and predicted from those around them
    (Devlin et al. 2019, section 3.1).
    """
    rng = generator(seed)
    start = random_network(x.shape[-1], x.shape[-1], n_hidden=n_hidden, seed=rng)

    def gradient(net: Network) -> tuple[Array, Array, Array, Array]:
        seen = x[rng.integers(0, len(x), batch)]
        kept = rng.random(seen.shape) > hide
        h = np.tanh((seen * kept) @ net.hidden + net.hidden_bias)
        wrong = (h @ net.heads + net.head_bias - seen) * ~kept / batch
        return _backward(net, seen * kept, h, wrong)

    return _adam(start, gradient, steps, rate)


def _examples(network: Network, inputs: ArrayLike, labels: ArrayLike) -> tuple[Array, Array]:
    """Return inputs and labels, refusing shapes that the network, or one another, do not fit."""
    x, y, n = real("inputs", inputs), between("labels", labels, 0, 1), len(network.heads)
    n_inputs, n_tasks = network.hidden.shape[-2], network.heads.shape[-1]
    if x.ndim not in (2, 3) or x.shape[-1] != n_inputs or (n > 1 and x.shape[:-2] not in ((), (n,))):
        raise ValueError(f"inputs must have shape (..., n, {n_inputs}) for {n} networks, got {x.shape}")
    groups = {x.shape[:-2]} if n == 1 else {(), (n,)}
    if y.shape[-2:] != (x.shape[-2], n_tasks) or y.shape[:-2] not in groups:
        rule = f"have shape (..., {x.shape[-2]}, {n_tasks}) for inputs of {x.shape} and {n} networks"
        raise ValueError(f"labels must {rule}, got {y.shape}")
    return x, y


def _flop(network: Network, n_examples: float) -> float:
    """Compute of training by the book's rule: six FLOP for each parameter and example seen."""
    return float(6 * network.n_params * n_examples)


def _logistic(z: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * z))  # no overflow, whatever z


def _backward(net: Network, x: Array, h: Array, wrong: Array) -> tuple[Array, Array, Array, Array]:
    """Carry the error of the heads back to all weights; groups of examples of one network are added up."""
    back = (wrong @ net.heads.swapaxes(-1, -2)) * (1 - h * h)
    slopes = (
        x.swapaxes(-1, -2) @ back,
        back.sum(axis=-2, keepdims=True),
        h.swapaxes(-1, -2) @ wrong,
        wrong.sum(axis=-2, keepdims=True),
    )
    if len(net.heads) == 1:
        return tuple(slope.sum(axis=0, keepdims=True) for slope in slopes)
    return slopes


def _adam(
    network: Network,
    gradient: Callable[[Network], tuple[Array, ...]],
    steps: int,
    rate: float,
    *,
    frozen: bool = False,
) -> Network:
    count = int(single("steps", whole("steps", steps, 0)))
    size = float(single("rate", positive("rate", rate)))
    parts = [part.copy() for part in network]
    kept = 2 if frozen else 0
    move = adam(parts[kept:])
    for _ in range(count):
        move(gradient(Network(*parts))[kept:], size)
    return Network(*parts)
