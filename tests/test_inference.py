"""What answers cost against brute force and published numbers, and what thinking longer buys."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import beta

from frontier import scaling
from frontier.inference import (
    Step,
    answer_cost,
    answer_energy,
    break_even_tokens,
    coverage,
    decode_bytes,
    decode_flop,
    decode_time,
    matched_thinking,
    prefill_flop,
    rl_score,
)
from frontier.registry import number
from frontier.transformer import published

DENSE, GROUPED, MIXED, LATENT, WINDOWED = (
    published(name) for name in ("GPT-3", "Llama 3.1 70B", "Mixtral 8x7B", "DeepSeek-V3", "Mistral 7B")
)
MODELS = [DENSE, GROUPED, MIXED, LATENT, WINDOWED]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.n_params / 1e9:.0f}B")


def a_token(model, keys):
    """Count the multiply-adds of one written token that sees so many, matrix by matrix."""
    head, value = model.head_width or model.width // model.n_heads, model.value_width
    groups = model.n_kv_heads or model.n_heads
    n = 0
    for layer in range(model.n_layers):
        if model.cache_rank:  # down to the latent, up by the halves of the unfolding, keys met as latents
            n += model.width * model.query_rank
            n += model.query_rank * model.n_heads * (head + model.rope_width)
            n += model.width * (model.cache_rank + model.rope_width)
            n += model.n_heads * model.cache_rank * (head + value)
            n += keys * model.n_heads * (2 * model.cache_rank + model.rope_width)
            n += model.n_heads * value * model.width
        else:
            n += model.width * head * (2 * model.n_heads + 2 * groups)
            n += keys * model.n_heads * 2 * head
        gate = 3 if model.gated else 2
        if model.n_experts and layer >= model.n_dense_layers:
            inner = model.expert_width or model.feedforward
            n += gate * model.width * inner * (model.n_active_experts + model.n_shared_experts)
            n += model.width * model.n_experts
        else:
            n += gate * model.width * model.feedforward
    return n + model.width * model.vocabulary


@every_model
@pytest.mark.parametrize(("context", "written"), [(1, 1), (7, 5), (4090, 12), (5000, 3)])
def test_writing_is_the_sum_over_its_tokens_matrix_by_matrix(model, context, written):
    """Over the edge of the window of 4,096 tokens, too."""
    reach = model.window or np.inf
    brute = sum(2 * a_token(model, int(min(t, reach))) for t in range(context + 1, context + written + 1))
    assert decode_flop(model, written, context) == pytest.approx(brute, rel=1e-12)


@pytest.mark.parametrize("model", [DENSE, GROUPED, MIXED, WINDOWED])
@pytest.mark.parametrize("context", [1, 6, 4100])
def test_reading_at_once_costs_what_token_by_token_would_without_the_output_table(model, context):
    """Where a latent is unfolded, reading is another sum: that of `Transformer.forward_flop`."""
    reach = model.window or np.inf
    table = 2 * model.width * model.vocabulary
    brute = sum(2 * a_token(model, int(min(t, reach))) - table for t in range(1, context + 1)) + table
    assert prefill_flop(model, context) == pytest.approx(brute, rel=1e-12)


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_the_experts_that_a_batch_needs_are_those_that_a_draw_needs(batch):
    rng, n, k = np.random.default_rng(0), MIXED.n_experts, MIXED.n_active_experts
    needed = [
        len(set(np.concatenate([rng.permutation(n)[:k] for _ in range(batch)]))) for _draw in range(20_000)
    ]
    expert = (MIXED.n_params - MIXED.n_active_params) / (n - k)
    weights = MIXED.n_active_params - MIXED.width * MIXED.vocabulary + (np.mean(needed) - k) * expert
    found = batch * (decode_bytes(MIXED, 1, batch) - MIXED.cache_bytes(1))
    assert found == pytest.approx(2 * weights, rel=0.005)


@every_model
def test_a_large_batch_fetches_all_weights_once_and_each_text_its_cache(model):
    batch = 10**6
    table = model.width * (model.n_positions + (0 if model.tied else model.vocabulary))
    fetched = decode_bytes(model, 3000, batch, bits=8, cache_bits=4)
    assert fetched == pytest.approx((model.n_params - table) / batch + model.cache_bytes(3000, 4))


def test_grouped_queries_make_long_contexts_cheap_to_fetch_but_not_to_compute():
    """Llama 3.1 70B has 8 heads of keys for 64 of queries (Grattafiori et al. 2024, Table 3)."""
    whole = dataclasses.replace(GROUPED, n_kv_heads=None)
    assert whole.cache_bytes(1) == 8 * GROUPED.cache_bytes(1)
    keys = [decode_flop(m, 1, 100_000) - decode_flop(m, 1, 1) for m in (whole, GROUPED)]
    assert keys[0] == keys[1]
    times = [decode_time(m, 100_000, 64, 8 * 989.4e12, 8 * 3.35e12) for m in (whole, GROUPED)]
    assert times[0].memory > 5 * times[1].memory


def test_no_batch_lets_arithmetic_bind_where_the_cache_is_long():
    step = decode_time(GROUPED, 100_000, [1, 100, 10_000], 8 * 989.4e12, 8 * 3.35e12)
    assert np.all(step.memory > step.compute)
    assert np.all(np.diff(step.mfu) > 0)
    assert Step(1.0, 2.0).seconds == 2.0


def test_deepseek_serves_at_an_eighth_of_the_peak_or_so():
    """14,800 tokens a second and node of 8 chips, after 4,989 tokens on average."""
    rate = number("DeepSeek's service, 2025", "tokens_per_second") / 8
    context = int(number("DeepSeek's service, 2025", "context"))
    flop = decode_flop(LATENT, 1, context)
    assert 0.1 < rate * flop / number("H800 SXM", "fp8_per_second") < 0.2


def test_an_answer_of_epoch_and_its_harder_case():
    """The spreadsheet behind You (2025): 0.301 and 1.304 watt-hours."""
    usual = answer_energy(2 * 100e9 * 500, 9.89e14, 0.1, 0.7 * 1275, 1.2) / 3600
    harder = answer_energy(2 * 200e9 * 500, 9.89e14, 0.05, 0.7 * 1275, 1.3) / 3600
    assert (round(usual, 3), round(harder, 3)) == (0.301, 1.304)


@given(st.floats(1e10, 1e18), st.floats(0.01, 1))
def test_energy_and_price_are_of_the_same_time(flop, mfu):
    hours = answer_cost(flop, 1e15, mfu, 1.0)
    assert answer_energy(flop, 1e15, mfu, 1000.0, 1.5) == pytest.approx(1500 * 3600 * hours)


@given(st.floats(1e-3, 0.999), st.integers(1, 10_000), st.floats(0.5, 20))
def test_coverage_is_the_mean_over_problems(p, k, s):
    brute = np.mean(1 - (1 - beta.ppf((np.arange(4000) + 0.5) / 4000, p * s, (1 - p) * s)) ** k)
    assert coverage(p, k, s) == pytest.approx(brute, abs=2e-3)


def test_coverage_in_closed_form():
    """Uniform chances (p 1/2, s 2) miss with k attempts 1/(k + 1); alike ones by the power."""
    k = np.array([1, 4, 99])
    np.testing.assert_allclose(coverage(0.5, k, 2), 1 - 1 / (k + 1))
    np.testing.assert_allclose(coverage(0.1, k, 1e6), 1 - 0.9**k, rtol=1e-4)
    with pytest.raises(ValueError, match="concentration must be at most a million, got 2e"):
        coverage(0.1, k, 2e6)
    assert coverage([0.0, 1.0], 3).tolist() == coverage([0.0, 1.0], 3, 2.0).tolist() == [0, 1]
    assert quad(lambda p: 1 - (1 - p) ** 4, 0, 1)[0] == pytest.approx(0.8)


def test_many_attempts_approach_all_as_a_power():
    missed = 1 - coverage(0.159, np.array([10**6, 10**8]), 0.767)
    assert np.log(missed[0] / missed[1]) / np.log(100) == pytest.approx(0.159 * 0.767, rel=1e-3)


def test_the_larger_model_and_the_longer_thought_cost_the_same():
    n, d, use, times = 1e9, 2e10, 3e9, 14
    k = matched_thinking(times, d, use)
    assert 6 * n * d + k * 2 * n * use == pytest.approx(times * (6 * n * d + 2 * n * use))


@pytest.mark.parametrize("factor", [1.3, 2.0, 3.0])
def test_from_the_break_even_on_the_smaller_model_is_cheaper(factor):
    law, loss = scaling.BESIROGLU_2024, 2.1
    best = law.optimal(law.flop_to_reach(loss))
    small = best.n_params / factor
    read = law.tokens_to_reach(loss, small)

    def saved(log_use):
        use = np.exp(log_use)
        return (
            6 * best.n_params * best.n_tokens + 2 * best.n_params * use - 6 * small * read - 2 * small * use
        )

    brute = np.exp(brentq(saved, 0, 60, xtol=1e-12))
    assert break_even_tokens(loss, factor, law) == pytest.approx(brute, rel=1e-9)
    assert saved(np.log(brute) + 0.1) > 0 > saved(np.log(brute) - 0.1)


def test_too_small_a_model_never_reaches_the_loss():
    with pytest.raises(ValueError, match="however many tokens"):
        break_even_tokens(2.1, 10, scaling.BESIROGLU_2024)


def test_reinforcement_learning_is_half_way_at_its_midpoint_and_ends_at_its_ceiling():
    found = rl_score([1e-9, 50.0, 1e9], 0.2, 0.6, 50.0, 2.0)
    np.testing.assert_allclose(found, [0.2, 0.4, 0.6])
    with pytest.raises(ValueError, match="asymptote must not be below before"):
        rl_score(1.0, 0.6, 0.2, 1.0, 2.0)
