"""Simulated codes: against exact error rates, other people's simulations, and decoders done the slow way.

Statistical tests compare counts with their exact distribution and ask for a p-value above 1e-7, so that all
of them together fail a correct implementation for fewer than one seed in a hundred thousand. Seeds are fixed.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import binom, binomtest, norm

from frontier import codes
from frontier.codes import Code, block_failure, hamming, lane, polar, simulate_code

TINY = 1e-7
UNCODED = Code("uncoded", 1, 1, lambda bits: bits, lambda llr: (llr < 0).astype(np.int8))
KP4 = {"block_symbols": 544, "mended_symbols": 15, "symbol_bits": 10}  # of Ethernet's fast lanes
LANE = lane(100e9, 53.125e9, **KP4)


def db(x):
    """Return decibels as a ratio."""
    return 10 ** (x / 10)


def flip(ebn0, rate=1.0):
    """Probability that noise turns a symbol's sign: Q(sqrt(2 R Eb/N0))."""
    return norm.sf(np.sqrt(2 * rate * ebn0))


def words_like(found, expected, tiny=TINY):
    """Whether the words lost are as many as they should be."""
    return binomtest(round(found.word_error_rate * found.n_words), found.n_words, expected).pvalue > tiny


# --- What others published, or can be had exactly ----------------------------------------------------


@pytest.mark.parametrize("decibels", [-3, 0, 3, 6, 7])
def test_uncoded_bits_err_as_they_should(decibels):
    """Proakis, eq. 5.2-5: Q(sqrt(2 Eb/N0))."""
    found = simulate_code(UNCODED, ebn0_linear=db(decibels), n_words=200_000, seed=1)
    assert words_like(found, flip(db(decibels)))
    assert found.bit_error_rate == found.word_error_rate
    wide = simulate_code(UNCODED, ebn0_linear=db(decibels), n_words=200_000, seed=1, level=1 - TINY)
    assert wide.bit_low < flip(db(decibels)) < wide.bit_high


def test_hamming_with_hard_decisions_corrects_one_error_and_no_more():
    p = flip(db(3), 4 / 7)
    found = simulate_code(hamming("hard"), ebn0_linear=db(3), n_words=100_000, seed=4)
    assert words_like(found, 1 - (1 - p) ** 7 - 7 * p * (1 - p) ** 6)


def hamming_bits(p):
    """Bit error rate after hard decisions, from all patterns of errors and a syndrome decoder."""
    check = np.array([[1, 1, 0, 1, 1, 0, 0], [1, 0, 1, 1, 0, 1, 0], [0, 1, 1, 1, 0, 0, 1]])
    total = 0.0
    for pattern in itertools.product([0, 1], repeat=7):
        error = np.array(pattern)
        syndrome = check @ error % 2
        if syndrome.any():
            error = error ^ np.all(check == syndrome[:, None], axis=0)
        total += error[:4].sum() / 4 * p ** sum(pattern) * (1 - p) ** (7 - sum(pattern))
    return total


def test_bits_wrong_after_hamming_and_how_sure_that_is():
    """Of 300 intervals of 95%, as many hold the truth as a coin of 95% says, give or take 5 sigma."""
    truth = hamming_bits(flip(db(2), 4 / 7))
    runs = simulate_code(hamming("hard"), ebn0_linear=np.full(300, db(2)), n_words=1000, seed=5)
    held = int(np.sum((runs.bit_low < truth) & (truth < runs.bit_high)))
    assert binomtest(held, 300, 0.95).pvalue > TINY
    blind = norm.ppf(0.975) * np.sqrt(truth * (1 - truth) / 4000)  # as if bits erred independently
    assert np.mean(runs.bit_high - runs.bit_low) > 1.15 * 2 * blind
    assert abs(np.mean(runs.bit_error_rate) - truth) < 5.4 * blind * 2 / 1.96 / np.sqrt(300)


def test_hamming_with_soft_decisions_stays_within_its_union_bound():
    x = db(4)
    found = simulate_code(hamming(), ebn0_linear=x, n_words=100_000, seed=6, level=1 - TINY)
    terms = [count * flip(x, weight * 4 / 7) for weight, count in ((3, 7), (4, 7), (7, 1))]
    assert terms[0] / 7 < found.word_high
    assert found.word_low < sum(terms)
    assert found.word_error_rate > 0.8 * sum(terms)  # the bound is good to a few per cent here
    assert found.word_high < simulate_code(hamming("hard"), ebn0_linear=x, n_words=100_000, seed=7).word_low


@pytest.mark.parametrize("code", [hamming(), polar(8, 4)], ids=lambda code: code.name)
def test_words_of_another_shape_are_refused(code):
    for shape in ((3, 1), (4,), (2, 3, 4), (4, 3)):
        with pytest.raises(ValueError, match=rf"^bits must have shape \(words, 4\), got \({shape[0]},"):
            code.encode(np.zeros(shape, dtype=np.int8))
        with pytest.raises(ValueError, match=rf"^llr must have shape \(words, {code.length}\), got"):
            code.decode(np.zeros(shape))


def test_a_code_of_ones_own_that_returns_another_shape_is_refused():
    good = hamming()
    for wrong, named in (
        (good._replace(encode=lambda bits: good.encode(bits)[:, :1]), "encode"),
        (good._replace(decode=lambda llr: good.decode(llr)[:1]), "decode"),
        (good._replace(length=8), "encode"),
    ):
        with pytest.raises(ValueError, match=rf"^what code.{named} returns must have shape"):
            simulate_code(wrong, ebn0_linear=1.0, n_words=10)


@pytest.mark.parametrize(
    ("length", "n_info", "decibels", "n_words", "better", "worse"),
    [
        (1024, 512, 2.0, 2000, 3.21e-2, 1.79e-1),  # Polar_N1024_K512_SC_5G_intra_p32: FER at 2.3, 1.8 dB
        (1024, 512, 2.5, 5000, 3.99e-3, 3.21e-2),  # at 2.8, 2.3 dB
        (128, 96, 3.0, 8000, 8.61e-2, 1.90e-1),  # Polar_N128_K96_SC_NO_SYS_p32: at 3.25, 2.75 dB
        (128, 96, 4.0, 8000, 4.80e-3, 5.95e-2),  # at 4.5, 3.5 dB
    ],
)
def test_polar_codes_are_within_half_a_decibel_of_those_of_aff3ct(
    length, n_info, decibels, n_words, better, worse
):
    """Their rankings of positions are others, so the rates are near, not equal. Bounds: 4.5 sigma."""
    found = simulate_code(polar(length, n_info), ebn0_linear=db(decibels), n_words=n_words, seed=8)
    lost = round(found.word_error_rate * n_words)
    assert binomtest(lost, n_words, better, alternative="greater").pvalue < 1e-3
    assert binomtest(lost, n_words, worse, alternative="less").pvalue < 1e-3


def test_the_limit_is_that_of_the_rate():
    """At rate one half a real channel carries one bit per second per hertz: 0 dB. At rate 1: 3/2."""
    assert simulate_code(polar(), ebn0_linear=1.0, n_words=1).limit == pytest.approx(1.0, rel=1e-15)
    assert simulate_code(UNCODED, ebn0_linear=1.0, n_words=1).limit == pytest.approx(1.5, rel=1e-15)


def test_a_longer_polar_code_falls_more_steeply():
    short, long = (simulate_code(polar(n), ebn0_linear=db(2.5), n_words=1500, seed=9) for n in (64, 1024))
    assert long.word_high < short.word_low
    low = simulate_code(
        polar(1024), ebn0_linear=db(-0.5), n_words=50, seed=9
    )  # below the limit, nothing gets through
    assert low.word_error_rate == 1


# --- Decoders done the slow way ----------------------------------------------------------------------


def test_the_polar_transform_is_the_kronecker_power():
    matrix = np.array([[1]])
    for _ in range(4):
        matrix = np.kron(matrix, [[1, 0], [1, 1]])
    words = codes._polarize(np.eye(16, dtype=np.int8))
    assert_array_equal(words.T, matrix)
    assert_array_equal(polar(16, 16).encode(np.eye(16, dtype=np.int8)), matrix)


def test_data_go_where_polarisation_weight_says():
    """He et al. 2017: sums of 2^(j/4). For 8 positions the order is 0, 1, 2, 4, 3, 5, 6, 7."""
    order = [0, 1, 2, 4, 3, 5, 6, 7]
    for k in range(1, 9):
        word = polar(8, k).encode(np.ones((1, k), dtype=np.int8)).T
        assert_array_equal(np.flatnonzero(codes._polarize(word)[:, 0]), sorted(order[8 - k :]))


def test_the_ranking_is_near_that_of_the_erasure_channel():
    """Where the exact answer is known: for erasures with odds even, the best 32 of 64 are nearly the same."""
    lost = np.array([0.5])
    while len(lost) < 64:  # the first half of each pair is worse
        lost = np.stack([2 * lost - lost**2, lost**2], axis=1).ravel()
    best = set(np.argsort(lost)[:32].tolist())
    word = polar(64).encode(np.ones((1, 32), dtype=np.int8)).T
    assert len(best & set(np.flatnonzero(codes._polarize(word)[:, 0]).tolist())) >= 30


@pytest.mark.parametrize("n_info", [1, 3, 4, 6, 8])
def test_successive_cancellation_as_it_is_defined(n_info):
    """Arıkan 2009, eq. 5: decide each bit given those before, all that follow being equally likely."""
    code, rng = polar(8, n_info), np.random.default_rng(10)
    everything = np.array(list(itertools.product([0, 1], repeat=8)), dtype=np.int8)
    sent = codes._polarize(everything.T).T
    data = np.flatnonzero(codes._polarize(code.encode(np.ones((1, n_info), dtype=np.int8)).T)[:, 0])
    llr = rng.normal(1, 2, (60, 8))
    for row, decoded in zip(llr, code.decode(llr), strict=True):
        likelihood = np.exp((1 - 2.0 * sent) @ row / 2)
        known = np.ones(len(everything), dtype=bool)
        for i in range(8):
            zero = likelihood[known & (everything[:, i] == 0)].sum()
            one = likelihood[known & (everything[:, i] == 1)].sum()
            known &= everything[:, i] == int(i in data and one > zero)
        assert_array_equal(decoded, everything[known][0][data])


def test_hamming_decodes_to_the_nearest_word():
    code, rng = hamming(), np.random.default_rng(11)
    data = np.array(list(itertools.product([0, 1], repeat=4)), dtype=np.int8)
    words = 1 - 2.0 * code.encode(data)
    received = rng.normal(0, 1.5, (200, 7))
    nearest = np.argmin(((received[:, None] - words) ** 2).sum(-1), axis=1)
    assert_array_equal(code.decode(received), data[nearest])
    apart = (words[:, None] != words).sum(-1)
    assert sorted(apart[0]) == [0] + [3] * 7 + [4] * 7 + [7]


# --- Intervals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("decibels", [-10, 2, 6, 30])
def test_intervals_are_wilsons_and_clopper_and_pearsons(level, decibels):
    found = simulate_code(UNCODED, ebn0_linear=db(decibels), n_words=500, seed=12, level=level)
    test = binomtest(round(found.word_error_rate * 500), 500)
    wilson, exact = (test.proportion_ci(level, method) for method in ("wilson", "exact"))
    assert_allclose([found.bit_low, found.bit_high], [wilson.low, wilson.high], rtol=1e-9, atol=1e-15)
    assert_allclose([found.word_low, found.word_high], [exact.low, exact.high], rtol=1e-9, atol=1e-15)


def test_all_words_lost_and_none_lost():
    none = simulate_code(polar(), ebn0_linear=100.0, n_words=50)
    assert (none.bit_error_rate, none.bit_low, none.word_error_rate, none.word_low) == (0, 0, 0, 0)
    assert none.word_high == pytest.approx(1 - 0.025 ** (1 / 50), rel=1e-12)
    z = norm.ppf(0.975) ** 2
    assert none.bit_high == pytest.approx(z / (50 + z), rel=1e-12)  # as if whole words failed together
    lost = simulate_code(polar(), ebn0_linear=0.01, n_words=50)
    assert (lost.word_error_rate, lost.word_high) == (1, 1)
    assert lost.word_low == pytest.approx(0.025 ** (1 / 50), rel=1e-12)
    assert 0.4 < lost.bit_low < lost.bit_error_rate < lost.bit_high < 0.6


@pytest.mark.parametrize("together", [True, False])
def test_bits_that_fail_together_count_as_one(together):
    """A made-up decoder that knows the data and spoils all five bits of a word at once, or each by itself."""
    data = []

    def encode(bits):
        data[:] = [bits]
        return np.zeros((len(bits), 1 if together else 5), dtype=np.int8)

    def decode(llr):
        return data[0] ^ (llr < 0)

    found = simulate_code(
        Code("spoilt", 5, 1 if together else 5, encode, decode), ebn0_linear=0.2, n_words=4000, seed=13
    )
    trials = 4000 if together else 20_000
    wilson = binomtest(round(found.bit_error_rate * trials), trials).proportion_ci(0.95, "wilson")
    accuracy = 1e-9 if together else 0.05
    assert found.bit_high - found.bit_low == pytest.approx(wilson.high - wilson.low, rel=accuracy)


# --- What must always hold ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", [UNCODED, hamming(), hamming("hard"), polar()], ids=lambda code: code.name)
def test_without_noise_every_word_arrives(code):
    rng = np.random.default_rng(14)
    data = rng.integers(0, 2, (30, code.n_info), dtype=np.int8)
    kept = data.copy()
    sent = code.encode(data)
    assert sent.shape == (30, code.length)
    assert set(np.unique(sent)) <= {0, 1}
    assert_array_equal(code.decode(5 * (1.0 - 2 * sent)), data)
    assert_array_equal(data, kept)


@given(st.integers(1, 8), st.integers(0, 2**32 - 1), st.data())
def test_polar_codes_are_linear_and_invertible(log_length, seed, data):
    n = 2**log_length
    code = polar(n, data.draw(st.integers(1, n)))
    a, b = np.random.default_rng(seed).integers(0, 2, (2, 3, code.n_info), dtype=np.int8)
    assert_array_equal(code.encode(a) ^ code.encode(b), code.encode(a ^ b))
    assert_array_equal(code.decode(3 * (1.0 - 2 * code.encode(a))), a)
    assert code.rate == code.n_info / n


def test_big_runs_are_done_in_batches(monkeypatch):
    whole = simulate_code(hamming(), ebn0_linear=1.0, n_words=1003, seed=16)
    sizes = []
    code = hamming()
    monkeypatch.setattr(codes, "BATCH", 700)
    watched = code._replace(encode=lambda bits: (sizes.append(len(bits)), code.encode(bits))[1])
    parts = simulate_code(watched, ebn0_linear=1.0, n_words=1003, seed=16)
    assert sizes == [100] * 10 + [3]
    assert parts.n_words == 1003
    assert parts.word_low < whole.word_high
    assert whole.word_low < parts.word_high


# --- Codes that mend so many errors and no more --------------------------------------------------------


@pytest.mark.parametrize(("n", "t"), [(7, 1), (31, 5), (544, 15)])
def test_a_block_fails_as_the_binomial_tail_has_it(n, t):
    p = np.array([1e-3, 0.01, 0.2])
    assert_allclose(block_failure(n, t, p), binom.sf(t, n, p), rtol=1e-9)


def test_a_block_that_mends_every_error_never_fails():
    assert_allclose(block_failure(5, [4, 5, 9], 1.0), [1, 0, 0])
    assert block_failure(5, 0, 0) == 0


def test_hamming_words_fail_as_often_as_simulated():
    code = hamming("hard")
    run = simulate_code(code, ebn0_linear=1.0, n_words=50_000, seed=3)
    flip = norm.sf(np.sqrt(2 * code.rate))
    assert run.word_low <= block_failure(7, 1, flip) <= run.word_high


def test_a_symbol_is_wrong_when_one_of_its_bits_is():
    assert block_failure(544, 15, 1e-3, 10) == pytest.approx(binom.sf(15, 544, 1 - (1 - 1e-3) ** 10))
    assert block_failure(544, 15, LANE.error_rate, 10) == pytest.approx(1e-12, rel=1e-6)


# --- A lane of four levels -----------------------------------------------------------------------------


def test_the_lane_works_at_the_error_rate_that_engineers_quote():
    # 2.4e-4, the usual threshold of the code before it mends, as independent errors give it
    assert LANE.error_rate == pytest.approx(2.4e-4, rel=0.02)
    noisier = lane(100e9, 53.125e9, **KP4, failure=1e-9)
    assert noisier.error_rate > LANE.error_rate
    assert noisier.snr < LANE.snr


def test_the_lane_against_capacity():
    assert norm.sf(np.sqrt(LANE.snr / 5)) * 0.75 == pytest.approx(LANE.error_rate)
    assert LANE.capacity == pytest.approx(26.5625e9 * np.log2(1 + LANE.snr))
    assert (LANE.rate, LANE.share) == (100e9, pytest.approx(0.64, abs=0.005))


def test_four_levels_err_as_a_simulation_does():
    few = lane(1, 1, 544, 15, 1, failure=0.01)  # a line so bad that its errors can be counted
    rng, levels = np.random.default_rng(0), np.array([-3, -1, 1, 3])
    sent = rng.integers(0, 4, 400_000)
    got = levels[sent] + rng.normal(0, np.sqrt(5 / few.snr), sent.size)
    found = np.clip(np.round((got + 3) / 2), 0, 3).astype(int)
    gray = np.array([0b00, 0b01, 0b11, 0b10])
    wrong = np.bitwise_count(gray[sent] ^ gray[found]).sum() / (2 * sent.size)
    assert wrong == pytest.approx(few.error_rate, rel=0.05)


# --- Refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hamming("firm"), "decision must be one of soft, hard, got 'firm'"),
        (lambda: polar(12), "length must be a power of two, at least 2, got 12"),
        (lambda: polar(8, 9), r"n_info must be at most 8 \(the length\), got 9"),
        (
            lambda: lane(1, 1, 15, 15, 10),
            "mended_symbols must be fewer .*, got mended_symbols 15, block_symbols 15",
        ),
    ],
)
def test_what_makes_no_code_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_code_is_a_code():
    with pytest.raises(TypeError, match="code must be a Code, got 'polar'"):
        simulate_code("polar", ebn0_linear=1.0)
