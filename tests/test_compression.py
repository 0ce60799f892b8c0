"""Codes and rounding: against hand-made cases, brute force, and what must always hold."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontier import quantizers
from frontier.compression import bfloat16_fields, entropy, huffman_lengths, huffman_rate, quantize_weights
from frontier.decoder import random_weights, train

COUNTS = st.lists(st.integers(1, 1000), min_size=1, max_size=12)


def symbols_of(counts):
    return np.repeat(np.arange(len(counts)), counts)


def test_entropy_of_known_sources():
    assert entropy([3]) == 0
    assert entropy(np.arange(8)) == 3
    assert entropy([[0, 0], [0, 1]]) == pytest.approx(2 - 0.75 * np.log2(3))


@given(counts=COUNTS)
def test_huffman_lies_within_one_bit_above_the_entropy(counts):
    symbols = symbols_of(counts)
    assert entropy(symbols) - 1e-12 <= huffman_rate(symbols) < entropy(symbols) + 1


@given(counts=COUNTS.filter(lambda c: len(c) > 1))
def test_huffman_code_is_complete_and_gives_the_rare_more_bits(counts):
    lengths = huffman_lengths(counts)
    assert np.sum(0.5**lengths) == 1  # Kraft: a code that can be read, with no bit to spare
    assert np.dot(np.sort(counts), -np.sort(-lengths)) == np.dot(counts, lengths)


@pytest.mark.parametrize("counts", [[5, 3, 1, 1], [1, 1, 1, 1, 1], [40, 3, 3, 2, 2], [7, 6, 5]])
def test_no_readable_code_is_shorter_than_huffmans(counts):
    best = min(
        np.dot(counts, lengths)
        for lengths in itertools.product(range(1, len(counts) + 1), repeat=len(counts))
        if sum(0.5**length for length in lengths) <= 1
    )
    assert np.dot(counts, huffman_lengths(counts)) == best


def test_a_single_symbol_needs_no_bits():
    assert huffman_lengths([9]).tolist() == [0]
    assert huffman_rate([4, 4, 4]) == 0


def test_bfloat16_is_put_together_again():
    values = np.array([1.0, -1.5, 0.0, 3.140625, 1e-3, -2.5e8])
    f = bfloat16_fields(values)
    back = (-1.0) ** f["sign"] * 2.0 ** (f["exponent"] - 127) * (1 + f["fraction"] / 128)
    normal = f["exponent"] > 0
    np.testing.assert_allclose(back[normal], values[normal], rtol=2**-8)
    assert back[3] == 3.140625
    assert f["exponent"][2] == 0 == f["fraction"][2]


def test_bfloat16_rounds_ties_to_even():
    step = 2**-7
    fractions = bfloat16_fields([1 + step / 2, 1 + 3 * step / 2])["fraction"]
    assert fractions.tolist() == [0, 2]


@pytest.mark.parametrize("levels", ["lloyd-max", "even"])
def test_rounding_keeps_shapes_and_gets_finer_with_bits(levels):
    weights = random_weights(16, 2, dtype=np.float64)
    errors = []
    for bits in (2, 3, 4, 8):
        made, codes = quantize_weights(weights, bits, levels)
        assert made.n_params == weights.n_params == codes.size
        assert made.embedding.shape == weights.embedding.shape
        assert made.embedding.dtype == weights.embedding.dtype
        assert 0 <= codes.min() <= codes.max() < 2**bits
        errors.append(np.mean((made.embedding - weights.embedding) ** 2))
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-3 * errors[0]


def test_even_levels_hold_zero_and_both_ends():
    weights = random_weights(16, 1, dtype=np.float64)
    made, _codes = quantize_weights(weights, 3, "even")
    top = np.abs(weights.embedding).max()
    assert np.abs(made.embedding).max() == pytest.approx(top)
    assert 0 in made.embedding
    assert np.abs(made.embedding - weights.embedding).max() <= top / 3 / 2 + 1e-12


def test_lloyd_max_on_gaussian_weights_has_maxs_distortion():
    weights = random_weights(128, 2, dtype=np.float64)
    made, _codes = quantize_weights(weights, 3)
    wrong = np.mean((made.layers[0].up - weights.layers[0].up) ** 2) / np.mean(weights.layers[0].up ** 2)
    assert wrong == pytest.approx(quantizers.lloyd_max(3).distortion, rel=0.05)


def test_training_in_64_bits_gives_64_bit_weights_close_to_the_others():
    text = np.tile(np.arange(65) % 5, (80, 1))
    double, single = (train(8, 1, text, rate=0.01, dtype=kind) for kind in (np.float64, np.float32))
    assert double.embedding.dtype == np.float64
    np.testing.assert_allclose(double.embedding, single.embedding, atol=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: entropy([]), "symbols must hold at least one"),
        (lambda: entropy([-1]), "symbols must be at least 0, got -1"),
        (lambda: entropy([0.5]), "symbols must be a whole number, got 0.5"),
        (lambda: huffman_rate([]), "symbols must hold at least one"),
        (lambda: huffman_lengths([]), "counts must be one row of numbers"),
        (lambda: huffman_lengths([[1, 2]]), r"counts must be one row of numbers, got shape \(1, 2\)"),
        (lambda: huffman_lengths([1, 0]), "counts must be at least 1, got 0"),
        (lambda: bfloat16_fields([np.inf]), "values must be finite, got inf"),
        (lambda: bfloat16_fields([1e39]), "values must be at most 3e38"),
        (lambda: quantize_weights(random_weights(8, 1), 1), "bits must be at least 2, got 1"),
        (lambda: quantize_weights(random_weights(8, 1), 13), "bits must be at most 12, got 13"),
        (lambda: quantize_weights(random_weights(8, 1), 4, "odd"), "levels must be lloyd-max or even"),
    ],
)
def test_refusals_say_what_was_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
