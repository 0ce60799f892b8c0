"""Codes and rounding: against hand-made cases, brute force, and what must always hold."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontier import quantizers
from frontier.compression import bfloat16_fields, entropy, huffman_rate, quantize_weights
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


@pytest.mark.parametrize("counts", [[5, 3, 1, 1], [1, 1, 1, 1, 1], [40, 3, 3, 2, 2], [7, 6, 5]])
def test_no_readable_code_is_shorter_than_huffmans(counts):
    best = min(
        np.dot(counts, lengths)
        for lengths in itertools.product(range(1, len(counts) + 1), repeat=len(counts))
        if sum(0.5**length for length in lengths) <= 1  # Kraft: a code that can be read
    )
    assert huffman_rate(symbols_of(counts)) == best / sum(counts)


def test_a_single_symbol_needs_no_bits():
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


def test_bfloat16_ends_where_all_bits_but_the_last_of_the_exponent_are_set():
    largest = np.uint32(0x7F7F << 16).view(np.float32).item()  # the upper half of a 32-bit float
    assert {name: int(field) for name, field in bfloat16_fields(-largest).items()} == {
        "sign": 1, "exponent": 254, "fraction": 127
    }  # fmt: skip
    for beyond in (np.nextafter(largest, np.inf), np.nextafter(-largest, -np.inf)):
        with pytest.raises(ValueError, match=r"values must be between -3\.3.*e\+38 and 3\.3.*e\+38"):
            bfloat16_fields(beyond)


@pytest.mark.parametrize("levels", ["lloyd-max", "even"])
def test_rounding_keeps_shapes_and_gets_finer_with_bits(levels):
    weights = random_weights(16, 2, dtype=np.float64)
    errors = []
    for bits in (2, 3, 4, 8, 12):
        made, codes = quantize_weights(weights, bits, levels)
        assert made.n_params == weights.n_params == codes.size
        assert made.embedding.shape == weights.embedding.shape
        assert made.embedding.dtype == weights.embedding.dtype
        assert 0 <= codes.min() <= codes.max() < 2**bits
        errors.append(np.mean((made.embedding - weights.embedding) ** 2))
    assert errors == sorted(errors, reverse=True)
    assert errors[3] < 1e-3 * errors[0]


def test_codes_come_matrix_by_matrix_the_embedding_first():
    weights = random_weights(16, 1, dtype=np.float64)
    made, codes = quantize_weights(weights, 2)
    first = codes[: made.embedding.size]
    levels = [np.unique(made.embedding.ravel()[first == code]) for code in range(4)]
    assert [len(level) for level in levels] == [1, 1, 1, 1]
    assert np.all(np.diff(np.ravel(levels)) > 0)


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


@pytest.mark.parametrize("count", [entropy, huffman_rate])
def test_no_symbols_at_all_are_refused(count):
    with pytest.raises(ValueError, match="symbols must hold at least one"):
        count([])


@pytest.mark.parametrize("bits", [1, 13])
def test_bits_outside_two_to_twelve_are_refused(bits):
    with pytest.raises(ValueError, match=f"bits must be between 2 and 12, got {bits}"):
        quantize_weights(random_weights(8, 1), bits)


def test_symbols_that_a_float_cannot_tell_apart_are_refused():
    assert entropy([2**53, 2**53 - 1]) == 1
    for function in (entropy, huffman_rate):
        with pytest.raises(ValueError, match=r"^symbols must be at most 9007199254740992, got"):
            function([2**53, 2**53 + 1])


def test_other_levels_are_refused():
    with pytest.raises(ValueError, match="levels must be one of lloyd-max, even, got 'odd'"):
        quantize_weights(random_weights(8, 1), 4, "odd")
