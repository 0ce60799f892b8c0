"""What an answer costs and what thinking longer buys: compute after training, by the arithmetic of each part.

A prompt is read in one pass over its tokens (`prefill_flop`). An answer is written in a pass for each token
(`decode_flop`), which must fetch the weights, once for all texts that are written together, and each text's
own cache (`decode_bytes`). What takes longer, arithmetic or fetching, is the time of a step (`decode_time`).
Energy and money follow (`answer_energy`, `answer_cost`).

What compute after training buys is counted in three ways: attempts of which one must succeed (`coverage`),
reinforcement learning with a ceiling (`rl_score`), and a smaller model that was trained for longer, or thinks
for longer, than a large one (`break_even_tokens`, `matched_thinking`; the best size for a life of use is
`frontier.scaling.inference_optimal`). Arguments may be draws: an interval is the quantiles of one call.

>>> from frontier.transformer import published
>>> f"{decode_flop(published('Llama 3.1 405B'), n_tokens=500, context=1000):.1e} FLOP to write 500 tokens"
'4.1e+14 FLOP to write 500 tokens'
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import hour
from scipy.special import betaln, expit

from frontier._checks import (
    Float,
    above,
    above_zero,
    all_positive,
    at_least,
    between,
    multiplied,
    overflowing,
    plain,
    positive,
    product,
    refuse_where,
    same_shape,
    whole,
)
from frontier.scaling import ScalingLaw
from frontier.transformer import Transformer


class Step(NamedTuple):
    """Seconds of one step of writing: those that the arithmetic takes, and those that fetching takes."""

    compute: Float
    memory: Float

    @property
    def seconds(self) -> Float:
        """Least time of the step, if arithmetic and fetching overlap wholly: the longer of the two."""
        return plain(np.maximum(self.compute, self.memory))

    @property
    def mfu(self) -> Float:
        """Share of the chips' peak that is used at best: 1 where arithmetic binds."""
        return plain(np.divide(self.compute, self.seconds))


def prefill_flop(model: Transformer, context: ArrayLike) -> Float:
    """FLOP to read a prompt at once: a pass over all its tokens, the output table for the last alone.

    Parameters
    ----------
    model : Transformer
        The shape of the model.
    context : array_like
        Tokens of the prompt, whole and at least 1.

    Examples
    --------
    Zhao et al. (2025, Table 2) print 250 GFLOP a token for training DeepSeek-V3 at 4,096 tokens: three times
    the reading, but for the output table, which training needs for every token.

    >>> from frontier.transformer import published
    >>> deepseek = published("DeepSeek-V3")
    >>> table = 2 * deepseek.width * deepseek.vocabulary
    >>> f"{3 * (prefill_flop(deepseek, 4096) / 4096 + table) / 1e9:.0f}"
    '250'
    """
    tokens = whole("context", context, 1).astype(float)
    table = 2.0 * model.width * model.vocabulary
    return plain(tokens * (np.asarray(model.forward_flop(context)) - table) + table)


def decode_flop(model: Transformer, n_tokens: ArrayLike, context: ArrayLike) -> Float:
    """FLOP to write tokens one after the other, each of which looks at all before it.

    With latent attention a query meets what stands for a key in the cache, and not the key unfolded from it:
    that saves unfolding all of them for each token, and multiplies wider vectors.

    Parameters
    ----------
    model : Transformer
        The shape of the model.
    n_tokens, context : array_like
        Tokens that are written, and tokens that stand before the first of them; whole and at least 1. They
        broadcast.

    Examples
    --------
    Twice the parameters for each token is the usual estimate. For 500 tokens of Llama 3.1 70B it is right
    after a prompt of 100 tokens, where attention makes up for the input table, but not after one of 100,000:

    >>> from frontier.transformer import published
    >>> llama = published("Llama 3.1 70B")
    >>> [f"{decode_flop(llama, 500, context) / (1000 * llama.n_params):.2f}" for context in (100, 100_000)]
    ['0.99', '2.85']
    """
    before, written = whole("context", context, 1), whole("n_tokens", n_tokens, 1)
    same_shape(context=before.astype(float), n_tokens=written.astype(float))
    last = before + written
    reach = last if model.window is None else np.minimum(last, model.window)
    rising = np.clip(reach - before, 0, written)  # tokens before the window is full
    first, full, end = (
        np.asarray(model.forward_flop(tokens, "full"))
        for tokens in (before + 1, before + np.maximum(rising, 1), last)
    )
    with overflowing():
        flop = rising * ((first + full) / 2) + (written - rising) * end
        if model.cache_rank and model.head_width and model.value_width:
            wider = 2 * model.cache_rank - model.head_width - model.value_width
            keys = rising * (before + (rising + 1) / 2) + 1.0 * (written - rising) * reach
            flop = flop + 2.0 * model.n_layers * model.n_heads * wider * keys
        return plain(flop)


def decode_bytes(
    model: Transformer,
    context: ArrayLike,
    batch: ArrayLike = 1,
    bits: ArrayLike = 16,
    cache_bits: ArrayLike = 16,
) -> Float:
    """Bytes fetched from memory for each written token: a share of the weights, and the text's own cache.

    Of a mixture, the experts that at least one of the texts is sent to, if each is sent anywhere with the
    same chance: n (1 - (1 - k/n)^batch) of n. Rows of the input table are looked up and do not count.

    Parameters
    ----------
    model : Transformer
        The shape of the model.
    context : array_like
        Tokens that stand before the one that is written, whole and at least 1.
    batch : array_like
        Texts that are written together, whole and at least 1.
    bits, cache_bits : array_like
        Bits of a weight and of a number in the cache, above 0. All broadcast.

    Examples
    --------
    Of the 671 billion parameters of DeepSeek-V3 one text needs the 36.6 that the notes on its weights name,
    in 8 bits as many gigabytes; 256 texts need nearly all experts, but share them:

    >>> from frontier.transformer import published
    >>> alone, shared = decode_bytes(published("DeepSeek-V3"), 1, [1, 256], bits=8) / 1e9
    >>> f"{alone:.1f} GB, {256 * shared:.0f} GB for 256"
    '36.6 GB, 670 GB for 256'
    """
    tokens, texts = whole("context", context, 1), whole("batch", batch, 1).astype(float)
    weight, number = positive("bits", bits), positive("cache_bits", cache_bits)
    same_shape(context=tokens.astype(float), batch=texts, bits=weight, cache_bits=number)
    looked_up = model.width * (model.n_positions + (0 if model.tied else model.vocabulary))
    spare = 1 - model.n_active_experts / model.n_experts if model.n_experts else 0.0
    others = (model.n_params - model.n_active_params) * (1 - spare ** (texts - 1))
    with overflowing():
        weights = (model.n_active_params - looked_up + others) * weight / 8
        return above_zero(weights / texts + np.asarray(model.cache_bytes(tokens, number)))


def decode_time(
    model: Transformer,
    context: ArrayLike,
    batch: ArrayLike,
    peak: ArrayLike,
    bytes_per_second: ArrayLike,
    bits: ArrayLike = 16,
    cache_bits: ArrayLike = 16,
) -> Step:
    """Least time of a step in which each of `batch` texts gains a token, by arithmetic and by fetching.

    What networks and waiting add is left out, so it is a floor.

    Parameters
    ----------
    model : Transformer
        The shape of the model.
    context, batch : array_like
        Tokens before the one that is written, and texts that are written together; whole and at least 1.
    peak, bytes_per_second : array_like
        FLOP per second and bytes per second from memory of all chips that share the model, above 0.
    bits, cache_bits : array_like
        Bits of a weight and of a number in the cache, above 0. All broadcast.

    Examples
    --------
    In 16 bits and with hardly a cache, arithmetic overtakes fetching at as many texts as an H100 does FLOP
    for each byte that it fetches (NVIDIA 2022), 989.4e12 / 3.35e12 = 295:

    >>> from frontier.transformer import published
    >>> decode_time(published("Llama 2 7B"), 1, [1, 290, 300], 989.4e12, 3.35e12).mfu.round(3).tolist()
    [0.003, 0.971, 1.0]
    """
    given = all_positive(peak=peak, bytes_per_second=bytes_per_second)
    texts = whole("batch", batch, 1).astype(float)
    moved = np.asarray(decode_bytes(model, context, batch, bits, cache_bits))
    same_shape(batch=moved, **given)
    flop = np.asarray(decode_flop(model, 1, context))
    with overflowing():
        compute = above_zero(texts * flop / given["peak"] + 0 * moved)
        return Step(compute, above_zero(texts * moved / given["bytes_per_second"] + 0 * flop))


def answer_energy(
    flop: ArrayLike, peak: ArrayLike, mfu: ArrayLike, power: ArrayLike, pue: ArrayLike
) -> Float:
    """Energy of an answer in joules: the time that a chip takes for it, times the power of its site.

    Parameters
    ----------
    flop, peak : array_like
        FLOP of the answer, and FLOP per second of a chip at its peak; above 0.
    mfu : array_like
        Share of the peak that is used, above 0 and between 0 and 1.
    power : array_like
        Mean power of a chip with its share of the server, in watts, above 0.
    pue : array_like
        Energy of the site for each joule of its servers, at least 1. All broadcast.

    Examples
    --------
    Epoch AI's query: 1e14 FLOP on an H100 that uses a tenth of its peak, 70% of 1,275 watts, 1.2 for the site
    (You 2025), in watt-hours:

    >>> round(answer_energy(1e14, 9.89e14, 0.1, 0.7 * 1275, 1.2) / 3600, 3)
    0.301
    """
    given = all_positive(flop=flop, peak=peak, mfu=mfu, power=power)
    between("mfu", mfu, 0, 1)
    site = at_least("pue", pue, 1)
    same_shape(**given, pue=site)
    return product(given["flop"], given["power"], site, over=(given["peak"], given["mfu"]))


def answer_cost(flop: ArrayLike, peak: ArrayLike, mfu: ArrayLike, price_per_chip_hour: ArrayLike) -> Float:
    """Price of the time that a chip takes for an answer, in the unit of the price.

    Parameters
    ----------
    flop, peak : array_like
        FLOP of the answer, and FLOP per second of a chip at its peak; above 0.
    mfu : array_like
        Share of the peak that is used, above 0 and between 0 and 1.
    price_per_chip_hour : array_like
        What an hour of a chip costs, above 0. All broadcast.

    Examples
    --------
    The same query, at the two dollars an hour that DeepSeek-AI (2024) reckons with: a twentieth of a cent.

    >>> f"{answer_cost(1e14, 9.89e14, 0.1, 2.0):.1e}"
    '5.6e-04'
    """
    given = all_positive(flop=flop, peak=peak, mfu=mfu, price_per_chip_hour=price_per_chip_hour)
    between("mfu", mfu, 0, 1)
    return product(given["flop"], given["price_per_chip_hour"], over=(given["peak"], given["mfu"], hour))


def coverage(success: ArrayLike, n_samples: ArrayLike, concentration: ArrayLike | None = None) -> Float:
    """Share of problems that at least one of several attempts solves; somebody must tell which one.

    For one problem 1 - (1 - p)^k. Problems differ: if their chances are spread as a beta distribution with
    the mean p and the sum of exponents s, it is 1 - B(ps, (1 - p)s + k) / B(ps, (1 - p)s), which for many
    attempts nears 1 as k^-ps: slowly, where many problems are nearly hopeless.

    Parameters
    ----------
    success : array_like
        Chance that one attempt succeeds, on average over problems, between 0 and 1.
    n_samples : array_like
        Attempts at each problem, whole and at least 1.
    concentration : array_like, optional
        How alike the problems are, s above 0 and at most a million; all alike unless given. All broadcast.

    Notes
    -----
    The beta distribution is our choice among the long-tailed ones, as that of Roberts et al.,
    arXiv:2604.01411 (2026). Brown et al., arXiv:2407.21787 (2024), fit an exponentiated power law instead.

    Examples
    --------
    Brown et al. solve 15.9% of the issues of SWE-bench Lite with one attempt and 56% with 250, where issues
    that were alike would all be solved:

    >>> round(coverage(0.159, 250), 6), round(coverage(0.159, 250, concentration=0.767), 3)
    (1.0, 0.56)
    """
    p, k = between("success", success, 0, 1), whole("n_samples", n_samples, 1).astype(float)
    if concentration is None:
        same_shape(success=p, n_samples=k)
        with overflowing():
            return above_zero(np.where(p == 1, 1.0, -np.expm1(k * np.log1p(-p))), but=p == 0)
    s = positive("concentration", concentration)
    same_shape(success=p, n_samples=k, concentration=s)
    if np.any(s > 1e6):  # where a difference of two logarithms of B would have lost its digits
        raise ValueError(f"concentration must be at most a million, got {s.max():g}")
    inside = np.where((p == 0) | (p == 1), 0.5, p)
    with overflowing():
        a, b = inside * s, (1 - inside) * s
        found = -np.expm1(betaln(a, b + k) - betaln(a, b))
    return above_zero(np.where(inside == p, found, p), but=p == 0)


def rl_score(
    flop: ArrayLike, before: ArrayLike, asymptote: ArrayLike, midpoint: ArrayLike, exponent: ArrayLike
) -> Float:
    """Score after reinforcement learning: before + (asymptote - before) / (1 + (midpoint / C)^exponent).

    A sigmoid in the logarithm of compute with a ceiling, unlike the power laws of pre-training (Khatri et
    al., arXiv:2510.13786, 2025, equation 1).

    Parameters
    ----------
    flop, midpoint : array_like
        Compute of the reinforcement learning, in FLOP or hours of a chip, and that at which half of the gain
        is made, in the same unit; above 0.
    before, asymptote : array_like
        Score without it, and the score that no compute exceeds, which is not below; between 0 and 1.
    exponent : array_like
        How steep the curve is, above 0. All broadcast.

    Examples
    --------
    With an exponent of 2, ten times the compute of the midpoint has bought 99% of all that it can buy:

    >>> round(rl_score(10.0, 0.0, 1.0, 1.0, 2.0), 4)
    0.9901
    """
    given = all_positive(flop=flop, midpoint=midpoint, exponent=exponent)
    low, high = between("before", before, 0, 1), between("asymptote", asymptote, 0, 1)
    same_shape(before=low, asymptote=high, **given)
    refuse_where(high < low, "asymptote must not be below before", asymptote=high, before=low)
    with overflowing():
        gained = expit(given["exponent"] * (np.log(given["flop"]) - np.log(given["midpoint"])))
    return plain(low + (high - low) * gained)


def matched_thinking(factor: ArrayLike, n_tokens: ArrayLike, inference_tokens: ArrayLike) -> Float:
    """Return how many times its compute for an answer a small model may spend at the FLOP of a large one.

    A model M times as large, trained on the same tokens D and used for D_use, costs M (6 N D + 2 N D_use).
    The small one costs 6 N D + 2 k N D_use, hence k = M + 3 (M - 1) D / D_use (Snell et al.,
    arXiv:2408.03314, 2024, section 7).

    Parameters
    ----------
    factor : array_like
        How many times larger the large model is, M, above 1.
    n_tokens, inference_tokens : array_like
        Tokens D of the training, and D_use that the large model writes over its life; above 0. All broadcast.

    Examples
    --------
    Against a model 14 times as large, as in Snell et al., when as much is written as was read in training,
    and when much more is:

    >>> matched_thinking(14, 1e12, [1e12, 1e15]).round(1).tolist()
    [53.0, 14.0]
    """
    times = above("factor", factor, 1)
    given = all_positive(n_tokens=n_tokens, inference_tokens=inference_tokens)
    same_shape(factor=times, **given)
    with overflowing():
        saved = multiplied(3, times - 1, given["n_tokens"], over=(given["inference_tokens"],))
        return plain(times + saved)


def break_even_tokens(loss: ArrayLike, factor: ArrayLike, law: ScalingLaw) -> Float:
    """Tokens of use from which a smaller model pays that was trained longer, to the same loss.

    The smaller has 1/factor of the parameters N of the compute-optimal model, and needs more tokens, D' in
    place of D; it has paid once 2 (N - N') D_use = 6 N' D' - 6 N D.

    Parameters
    ----------
    loss : array_like
        The loss of both, nats per token, above the law's E.
    factor : array_like
        How many times smaller the model is, above 1. They broadcast.
    law : ScalingLaw
        The law that says which sizes and data reach the loss; too small a model never does, which is refused.

    Examples
    --------
    Seven billion parameters in place of 13 (Sardana et al., arXiv:2401.00448, 2024, Figure 1) pay long before
    the two trillion tokens for which they are best:

    >>> from frontier.scaling import HOFFMANN_2022
    >>> loss = HOFFMANN_2022.optimal(4.816e22).loss
    >>> f"{break_even_tokens(loss, 13 / 7, HOFFMANN_2022):.1e}"
    '6.4e+11'
    """
    target, times = positive("loss", loss), above("factor", factor, 1)
    same_shape(loss=target, factor=times, law=np.asarray(law.frontier_exponent))
    best = law.optimal(law.flop_to_reach(target))
    small = best.n_params / times
    read = law.tokens_to_reach(target, small)
    with overflowing():
        return above_zero(3 * (read / times - best.n_tokens) / (1 - 1 / times))
