"""A small language model in NumPy alone: the decoder of our scaling experiment, trained while you wait.

The same network as in ``experiments/model.py``: rotary attention, squared ReLU, RMS norm, an embedding that
is also the output matrix, no biases. The gradient is written out by hand, so that a reader can see all of it
and a notebook can train one without PyTorch. Losses are in nats per byte.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from frontier._adam import adam
from frontier._checks import generator, positive, single, whole
from frontier.show.progress import with_progress

Array = NDArray[Any]  # 32-bit floats in training, 64-bit ones where a test wants more digits

VOCABULARY = 128  # bytes of ASCII: the tokens
CONTEXT = 64  # bytes that the model sees at once
HEAD = 16  # least width of an attention head; narrower models have one head of their own width
EPS = 1e-5  # added to the mean square in a norm
BASE = 10_000.0  # of the angles of rotary attention
CLIP = 1.0  # greatest length of a gradient
WARMUP, COOLDOWN = 0.05, 0.2  # shares of the steps in which the learning rate rises, and falls


class Layer(NamedTuple):
    """The four matrices of a layer: what attention reads, how it is mixed back, and the two around a ReLU."""

    attend: Array
    mix: Array
    up: Array
    down: Array


class Weights(NamedTuple):
    """All parameters of a model."""

    embedding: Array
    layers: tuple[Layer, ...]

    @property
    def matrices(self) -> list[Array]:
        """All of them, the embedding first and then layer by layer."""
        return [self.embedding, *(matrix for layer in self.layers for matrix in layer)]

    @property
    def n_params(self) -> int:
        """Count the parameters, embedding included."""
        return sum(matrix.size for matrix in self.matrices)


def random_weights(width: int, depth: int, seed: Any = 0, dtype: DTypeLike = np.float32) -> Weights:
    """Return the weights that training starts from.

    Parameters
    ----------
    width, depth : int
        Size of a state, split into heads of an even size, 16 or a little more; number of layers.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Source of the randomness.
    dtype : data-type
        Of the arrays, `numpy.float32` or `numpy.float64`.

    Examples
    --------
    Twelve squares of the width a layer, and the embedding:

    >>> random_weights(16, 2).n_params == 2 * 12 * 16**2 + 128 * 16
    True
    """
    d = int(single("width", whole("width", width, 2)))
    layers = int(single("depth", whole("depth", depth, 1)))
    if d % (2 * _n_heads(d)):
        raise ValueError(f"width must split into {_n_heads(d)} heads of an even size, got {d}")
    rng, quiet = generator(seed), 1 / np.sqrt(2 * layers)  # so that depth does not raise the variance

    def matrix(rows: int, columns: int, scale: float = 1.0) -> Array:
        return np.asarray(scale / np.sqrt(columns) * rng.standard_normal((rows, columns)), dtype=dtype)

    embedding = matrix(VOCABULARY, d)
    return Weights(
        embedding,
        tuple(
            Layer(matrix(3 * d, d), matrix(d, d, quiet), matrix(4 * d, d), matrix(d, 4 * d, quiet))
            for _ in range(layers)
        ),
    )


def loss(weights: Weights, windows: ArrayLike) -> float:
    """Return the mean loss in nats per byte: the surprise at each byte of a window but its first.

    Parameters
    ----------
    weights : Weights
        From `random_weights` or `train`.
    windows : array_like of int, shape (n, CONTEXT + 1)
        Bytes from 0 to 127.

    Examples
    --------
    A model that knows nothing is as unsure as if it chose between 128 bytes alike:

    >>> nothing = random_weights(16, 1)
    >>> nothing.embedding[:] = 0
    >>> round(loss(nothing, np.zeros((1, 65), dtype=int)), 3), round(float(np.log(128)), 3)
    (4.852, 4.852)
    """
    text = _text(windows)
    parts = [text[k : k + 128] for k in range(0, len(text), 128)]  # so that it all fits in a cache
    return sum(_forward(weights, part)[0] * len(part) for part in parts) / len(text)


def loss_and_gradient(weights: Weights, windows: ArrayLike) -> tuple[float, Weights]:
    """Return the mean loss and its derivative by every weight.

    Examples
    --------
    A small step against the gradient lowers the loss:

    >>> start, text = random_weights(8, 1), np.arange(65)[None] % 7
    >>> before, slope = loss_and_gradient(start, text)
    >>> after = Weights(start.embedding - 0.1 * slope.embedding, start.layers)
    >>> loss(after, text) < before
    True
    """
    text = _text(windows)
    value, passed = _forward(weights, text)
    return value, _backward(weights, text, passed)


def train(
    width: int,
    depth: int,
    windows: ArrayLike,
    *,
    rate: float,
    batch: int = 8,
    seed: Any = 0,
    dtype: DTypeLike = np.float32,
    workers: int = 1,
    send: Callable[[int, list[Array]], list[Array]] | None = None,
) -> Weights:
    """Train a model once through some text, as the models of the experiment were.

    The rate rises over the first 5 per cent of the steps, stays, and falls as 1 - sqrt over the last 20
    (Hagele et al., arXiv:2405.18392, 2024). A gradient longer than 1 is shortened to 1. A bar shows how far a
    training of over two seconds is.

    Parameters
    ----------
    width, depth, seed, dtype
        As in `random_weights`. With 64 bits the weights come out the same on every machine to many digits.
    windows : array_like of int, shape (n, CONTEXT + 1)
        The text, in the order in which it is read.
    rate : float
        Greatest learning rate of Adam, above 0.
    batch : int
        Windows in a step; what is left over at the end is not read.
    workers : int
        Into how many equal parts each batch is split, a divisor of `batch`; the gradients are averaged.
    send : callable, optional
        Takes the number of a worker and its gradient, one array for each matrix of weights, and returns what
        arrives of it. Everything, if not given.

    Examples
    --------
    >>> text = np.tile(np.arange(65) % 5, (400, 1))
    >>> loss(train(8, 1, text, rate=0.02), text[:8]) < 0.1
    True
    """
    weights, text = random_weights(width, depth, seed, dtype), _text(windows)
    size, top = int(single("batch", whole("batch", batch, 1))), float(single("rate", positive("rate", rate)))
    steps, n = len(text) // size, int(single("workers", whole("workers", workers, 1)))
    if steps == 0:
        raise ValueError(f"windows must make one batch of {size} at least, got {len(text)}")
    if size % n:
        raise ValueError(f"workers must divide the batch of {size}, got {n}")
    move = adam(weights.matrices)
    for step in with_progress(range(steps), "Training a model"):
        slopes = _averaged(weights, np.split(text[step * size : (step + 1) * size], n), send)
        norm = float(np.sqrt(sum(np.vdot(slope, slope) for slope in slopes)))
        shorten = min(1.0, CLIP / (norm + 1e-6))
        move([slope * shorten for slope in slopes], top * _share_of_rate(step, steps))
    return weights


def _averaged(
    weights: Weights, parts: list[NDArray[np.int64]], send: Callable[[int, list[Array]], list[Array]] | None
) -> list[Array]:
    """Return the mean of what arrives of each worker's gradient."""
    slopes = [_backward(weights, part, _forward(weights, part)[1]).matrices for part in parts]
    if send is not None:
        slopes = [send(worker, own) for worker, own in enumerate(slopes)]
    if len(slopes) == 1:
        return slopes[0]
    return [np.mean(same, axis=0, dtype=weights.embedding.dtype) for same in zip(*slopes, strict=True)]


def _share_of_rate(step: int, steps: int) -> float:
    start = steps - round(COOLDOWN * steps)
    if step >= start:
        return 1 - float(np.sqrt((step - start) / (steps - start)))
    return min(1.0, (step + 1) / max(1, round(WARMUP * steps)))


def _text(windows: ArrayLike) -> NDArray[np.int64]:
    text = whole("windows", windows)
    if text.ndim != 2 or text.shape[1] != CONTEXT + 1 or len(text) == 0:
        raise ValueError(f"windows must have shape (n, {CONTEXT + 1}), got {text.shape}")
    if text.max() >= VOCABULARY:
        raise ValueError(f"windows must hold bytes below {VOCABULARY}, got {text.max()}")
    return text


# --- The network, forwards and backwards -------------------------------------------------------------


def _forward(weights: Weights, text: NDArray[np.int64]) -> tuple[float, list[Any]]:
    """Return the mean loss, and what the way back needs of each step."""
    embedding = weights.embedding
    d, inputs, targets = embedding.shape[1], text[:, :-1], text[:, 1:]
    turn = _turns(d // _n_heads(d), embedding.dtype)
    x = embedding[inputs] * embedding.dtype.type(np.sqrt(d))
    passed: list[Any] = []
    for layer in weights.layers:
        y, scale = _norm(x)
        parts = _heads(y @ layer.attend.T)
        (query, key), value = _rotate(parts[:2], turn), parts[2]
        seen = _attention(query, key)
        merged = _merge(seen @ value)
        x = x + merged @ layer.mix.T
        z, scale_2 = _norm(x)
        active = np.maximum(z @ layer.up.T, 0)
        x = x + (active * active) @ layer.down.T
        passed.append((y, scale, query, key, value, seen, merged, z, scale_2, active))
    last, scale = _norm(x)
    logits = last @ embedding.T
    logits -= logits.max(-1, keepdims=True)
    np.exp(logits, out=logits)
    total = logits.sum(-1, keepdims=True)
    logits /= total  # now probabilities
    chosen = logits.reshape(-1, VOCABULARY)[np.arange(targets.size), targets.ravel()]
    passed.append((last, scale, logits))
    return float(-np.mean(np.log(chosen), dtype=np.float64)), passed


def _backward(weights: Weights, text: NDArray[np.int64], passed: list[Any]) -> Weights:
    """Follow the chain rule from the loss back to every matrix."""
    embedding = weights.embedding
    d, inputs, targets = embedding.shape[1], text[:, :-1], text[:, 1:]
    turn = _turns(d // _n_heads(d), embedding.dtype)
    last, scale, slope = passed[-1]
    slope.reshape(-1, VOCABULARY)[np.arange(targets.size), targets.ravel()] -= 1
    slope /= targets.size
    by_embedding = _outer(slope, last)
    dx = _norm_back(slope @ embedding, last, scale)
    by_layer = []
    for layer, kept in zip(weights.layers[::-1], passed[-2::-1], strict=True):
        y, scale, query, key, value, seen, merged, z, scale_2, active = kept
        by_down = _outer(dx, active * active)
        d_up = (dx @ layer.down) * (2 * active)
        by_up = _outer(d_up, z)
        dx = dx + _norm_back(d_up @ layer.up, z, scale_2)
        by_mix = _outer(dx, merged)
        d_seen = _heads(dx @ layer.mix, 1)[0]
        d_value = seen.swapaxes(-1, -2) @ d_seen
        d_score = d_seen @ value.swapaxes(-1, -2)
        d_score = seen * (d_score - (d_score * seen).sum(-1, keepdims=True))
        d_score /= np.sqrt(query.shape[-1]).astype(dx.dtype)
        d_turned = np.stack([d_score @ key, d_score.swapaxes(-1, -2) @ query])
        d_query, d_key = _rotate(d_turned, turn, back=True)
        d_parts = np.concatenate([_merge(part) for part in (d_query, d_key, d_value)], axis=-1)
        by_attend = _outer(d_parts, y)
        dx = dx + _norm_back(d_parts @ layer.attend, y, scale)
        by_layer.append(Layer(by_attend, by_mix, by_up, by_down))
    np.add.at(by_embedding, inputs, dx * embedding.dtype.type(np.sqrt(d)))
    return Weights(by_embedding, tuple(by_layer[::-1]))


def _norm(x: Array) -> tuple[Array, Array]:
    """Scale every state to a root mean square of one; also return the scales."""
    scale: Array = 1 / np.sqrt(_row_means(x * x) + x.dtype.type(EPS))
    return x * scale, scale


def _norm_back(dy: Array, y: Array, scale: Array) -> Array:
    """Return the gradient before a norm, from the one behind it."""
    return np.asarray(scale * (dy - y * _row_means(dy * y)))


def _row_means(x: Array) -> Array:
    """Return what `numpy.mean` does, without its inquiries: these arrays are small and many."""
    return np.asarray(np.add.reduce(x, axis=-1, keepdims=True) / x.shape[-1])


def _outer(left: Array, right: Array) -> Array:
    """Sum the outer products of two rows of states: the gradient of a matrix between them."""
    return np.asarray(left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1]))


def _n_heads(width: int) -> int:
    return max(1, width // HEAD)


def _heads(x: Array, parts: int = 3) -> Array:
    """Cut states into parts (query, key, value) and heads: shape (parts, batch, heads, places, size)."""
    d = x.shape[-1] // parts
    heads = _n_heads(d)
    return x.reshape(*x.shape[:2], parts, heads, d // heads).transpose(2, 0, 3, 1, 4)


def _merge(x: Array) -> Array:
    """Put the heads side by side again: shape (batch, places, width)."""
    return x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)


@cache
def _turns(size: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Cosines and sines of the angles by which rotary attention turns each pair at each place."""
    half = size // 2
    angle = np.arange(CONTEXT)[:, None] * BASE ** (-np.arange(half) / half)
    turns = np.cos(angle).astype(dtype), np.sin(angle).astype(dtype)
    for part in turns:
        part.setflags(write=False)
    return turns


def _rotate(x: Array, turn: tuple[Array, Array], *, back: bool = False) -> Array:
    """Turn each pair of numbers by the angle of its place, so that products know distances."""
    (cos, sin), half = turn, x.shape[-1] // 2
    sin = -sin if back else sin
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


_FUTURE = np.triu(np.full((CONTEXT, CONTEXT), -np.inf, dtype=np.float32), 1)


def _attention(query: Array, key: Array) -> Array:
    """Return how much each place looks at each one before it: rows that sum to one."""
    score: Array = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1]).astype(query.dtype)
    score += _FUTURE
    score -= score.max(-1, keepdims=True)
    np.exp(score, out=score)
    score /= score.sum(-1, keepdims=True)
    return score
