"""The decoder in NumPy: against a slow one written from the definition, and against finite differences."""

import numpy as np
import pytest

from experiments.design import Shape
from frontier import decoder
from frontier._adam import adam
from frontier.decoder import CONTEXT, VOCABULARY, loss, loss_and_gradient, random_weights, train

SMALL = random_weights(8, 1)
SHAPES = [(2, 1), (8, 1), (24, 1), (32, 2), (48, 2)]


def random_text(n_windows, seed=0):
    return np.random.default_rng(seed).integers(0, VOCABULARY, (n_windows, CONTEXT + 1))


def slow_loss(weights, window):
    """Predict byte after byte from those before it, one head and one place at a time."""
    width = weights.embedding.shape[1]
    heads = max(1, width // 16)
    size = width // heads

    def normal(x):
        return x / np.sqrt(np.mean(x**2) + 1e-5)

    def turned(x, place):
        angle = place * 10_000.0 ** (-np.arange(size // 2) / (size // 2))
        pairs = x[: size // 2] + 1j * x[size // 2 :]
        pairs = pairs * np.exp(1j * angle)
        return np.concatenate([pairs.real, pairs.imag])

    states = [weights.embedding[byte] * np.sqrt(width) for byte in window[:-1]]
    for layer in weights.layers:
        parts = [(layer.attend @ normal(x)).reshape(3, heads, size) for x in states]
        for place, x in enumerate(states):
            seen = []
            for head in range(heads):
                query = turned(parts[place][0, head], place)
                scores = [query @ turned(parts[k][1, head], k) / np.sqrt(size) for k in range(place + 1)]
                share = np.exp(scores) / np.sum(np.exp(scores))
                seen.append(sum(s * parts[k][2, head] for k, s in enumerate(share)))
            mixed = x + layer.mix @ np.concatenate(seen)
            states[place] = mixed + layer.down @ np.maximum(layer.up @ normal(mixed), 0) ** 2
    surprises = []
    for x, target in zip(states, window[1:], strict=True):
        logits = weights.embedding @ normal(x)
        surprises.append(np.log(np.sum(np.exp(logits))) - logits[target])
    return np.mean(surprises)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_loss_is_that_of_the_definition(shape):
    weights, text = random_weights(*shape, seed=3, dtype=np.float64), random_text(2)
    assert loss(weights, text) == pytest.approx(np.mean([slow_loss(weights, row) for row in text]), rel=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_is_the_slope_of_the_loss(shape):
    weights, text = random_weights(*shape, seed=4, dtype=np.float64), random_text(2)
    value, gradient = loss_and_gradient(weights, text)
    assert value == pytest.approx(loss(weights, text), rel=1e-12)
    rng, step = np.random.default_rng(5), 1e-6
    for matrix, slope in zip(weights.matrices, gradient.matrices, strict=True):
        direction = rng.standard_normal(matrix.shape)
        matrix += step * direction
        above = loss(weights, text)
        matrix -= 2 * step * direction
        below = loss(weights, text)
        matrix += step * direction
        assert (above - below) / (2 * step) == pytest.approx(np.vdot(slope, direction), rel=1e-5, abs=1e-8)


def test_a_model_that_ignores_what_it_reads_has_the_loss_of_its_fixed_distribution():
    """With states that only point one way, every byte is predicted from the same probabilities."""
    weights = random_weights(8, 1, dtype=np.float64)
    scores = np.random.default_rng(1).normal(size=VOCABULARY)
    weights.embedding[:] = 0
    weights.embedding[:, 0] = np.abs(scores) + 1  # every state is a multiple of the first axis
    for matrix in weights.layers[0]:
        matrix[:] = 0
    logits = np.sqrt(8) * weights.embedding[:, 0]  # a norm turns such a state into sqrt(width) on that axis
    expected = np.log(np.sum(np.exp(logits))) - logits
    text = random_text(20, seed=2)
    assert loss(weights, text) == pytest.approx(np.mean(expected[text[:, 1:]]), rel=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_has_the_parameters_of_the_plan(shape):
    assert random_weights(*shape).n_params == Shape(*shape).n_params


def test_a_batch_is_learned_by_heart():
    text = random_text(8)
    assert loss(train(32, 1, np.tile(text, (300, 1)), rate=0.01), text) < 0.1


def test_the_same_seed_gives_the_same_model_and_another_does_not():
    text = random_text(80)
    first, again, other = (train(8, 1, text, rate=0.01, seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(first.matrices, again.matrices, strict=True))
    assert loss(first, text) != loss(other, text)


def test_a_loss_over_many_windows_is_the_mean_of_its_parts():
    weights, text = random_weights(8, 1, dtype=np.float64), random_text(300)
    assert loss(weights, text) == pytest.approx(
        np.mean([loss(weights, row[None]) for row in text]), rel=1e-12
    )


def test_the_rate_rises_stays_and_falls_to_nothing():
    shares = [decoder._share_of_rate(step, 1000) for step in range(1000)]
    assert shares[0] == pytest.approx(1 / 50)
    assert shares[49:801] == [1.0] * 752
    assert shares[900] == pytest.approx(1 - np.sqrt(0.5))  # half of the cool-down: Haegele et al., eq. 1
    assert 0 < shares[-1] < 0.003
    assert np.all(np.diff(shares[800:]) < 0)


def test_workers_that_send_everything_train_the_model_that_one_alone_would():
    text = np.random.default_rng(0).integers(0, VOCABULARY, (32, CONTEXT + 1))
    alone = train(8, 1, text, rate=0.01, dtype=np.float64)
    seen = []

    def send(worker, slopes):
        seen.append(worker)
        return slopes

    together = train(8, 1, text, rate=0.01, dtype=np.float64, workers=4, send=send)
    np.testing.assert_allclose(together.embedding, alone.embedding, atol=1e-9)
    assert seen == [0, 1, 2, 3] * 4


def test_a_gradient_longer_than_one_is_shortened_to_one():
    def trained(length):
        """Train two steps, the gradient of the first having this length, that of the second 0.3."""
        lengths = iter([length, 0.3])

        def send(_worker, slopes):
            scale = next(lengths) / np.sqrt(sum(np.sum(slope**2) for slope in slopes))
            return [slope * scale for slope in slopes]

        return train(8, 1, random_text(4), rate=0.02, batch=2, dtype=np.float64, send=send).embedding

    np.testing.assert_allclose(trained(2.0), trained(8.0), rtol=1e-5)
    assert np.max(np.abs(trained(0.5) - trained(1.0))) > 1e-4


def test_what_does_not_arrive_teaches_nothing():
    text = np.random.default_rng(0).integers(0, VOCABULARY, (16, CONTEXT + 1))
    deaf = train(8, 1, text, rate=0.01, send=lambda _worker, slopes: [0 * slope for slope in slopes])
    np.testing.assert_array_equal(deaf.embedding, random_weights(8, 1).embedding)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: random_weights(7, 1), "width must split into 1 heads of an even size, got 7"),
        (lambda: random_weights(50, 1), "width must split into 3 heads of an even size, got 50"),
        (lambda: loss(SMALL, np.zeros((1, 64))), r"windows must have shape \(n, 65\), got \(1, 64\)"),
        (lambda: loss(SMALL, np.full((1, 65), 128)), "windows must hold bytes below 128, got 128"),
        (lambda: train(8, 1, random_text(7), rate=0.1), "windows must make one batch of 8 at least, got 7"),
        (lambda: train(8, 1, random_text(8), rate=1, workers=3), "workers must divide the batch of 8, got 3"),
    ],
)
def test_what_makes_no_model_or_no_batch_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_adam_is_the_algorithm_of_its_paper():
    """Kingma and Ba 2015, algorithm 1, with the decay rates 0.9 and 0.99 and an epsilon of 1e-8."""
    rng = np.random.default_rng(6)
    part, first, second = np.array([0.3, -2.0]), np.zeros(2), np.zeros(2)
    expected, step = part.copy(), adam([part])
    for t in range(1, 20):
        slope = rng.normal(size=2) * 10.0 ** rng.integers(-8, 3)
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        expected -= 0.01 * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.99**t)) + 1e-8)
        step([slope], 0.01)
        np.testing.assert_allclose(part, expected, rtol=1e-12)
