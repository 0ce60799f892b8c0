"""How the loss of a language model falls with its size, its data and its compute.

Loss is in nats per token (per byte, where a law was fitted to such runs), compute in FLOP. A law speaks only
of the data and the tokenizer it was fitted on: losses of two laws in this module are numbers from two
different worlds, never one axis.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import (
    Constants,
    Float,
    above,
    above_zero,
    all_positive,
    at_least,
    one_of,
    overflowing,
    plain,
    positive,
    product,
    real,
    same_shape,
)

PF_DAY = 1e15 * 86_400
"""One petaflop/s-day in FLOP, the unit of compute of Kaplan et al. and Brown et al."""


@cache
def _published() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with (files("frontier") / "data" / "laws.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["law"], {})[row["constant"]] = float(row["value"])
    return found


def constants(law: str) -> dict[str, float]:
    """Return what a paper prints of a law, by the name of the constant.

    ``frontier/data/laws.csv`` has them all, each with its source and its place there.

    Examples
    --------
    >>> constants("Brown 2020")
    {'scale': 2.57, 'exponent': 0.048}
    """
    return dict(_published()[one_of("law", law, _published())])


R_STAR_TOKENS = constants("Muennighoff 2023")["r_star_tokens"]
"""Repetitions of tokens after which one more is worth 1/e (Muennighoff et al. 2023)."""

R_STAR_PARAMS = constants("Muennighoff 2023")["r_star_params"]
"""The same for parameters beyond those that the data can use."""


class Allocation(NamedTuple):
    """A compute budget spent: parameters, tokens, and the loss (nats per token) it reaches."""

    n_params: Float
    n_tokens: Float
    loss: Float

    @property
    def tokens_per_param(self) -> Float:
        """Training tokens for each parameter, a ratio."""
        return self.n_tokens / self.n_params


def training_flop(n_params: ArrayLike, n_tokens: ArrayLike) -> Float:
    """Compute to train a dense decoder, in FLOP: C = 6 N D.

    Two FLOP per parameter and token forward, four backward (Kaplan et al., arXiv:2001.08361, section 2.1).
    Attention over the context is left out, more of it for small models and long texts; `frontier.transformer`
    counts it.

    Parameters
    ----------
    n_params, n_tokens : array_like
        Parameters N, and tokens D read in training, above 0. They broadcast.

    Examples
    --------
    Table D.1 of Brown et al. (2020) prints 3.14e23 for GPT-3:

    >>> f"{training_flop(174_600e6, 300e9):.2e}"
    '3.14e+23'
    """
    return product(6, *all_positive(n_params=n_params, n_tokens=n_tokens).values())


@dataclass(frozen=True, eq=False)
class ScalingLaw(Constants):
    """The parametric law of Hoffmann et al.: L(N, D) = E + A / N^alpha + B / D^beta.

    The fields may be arrays, one entry per draw of a bootstrap; every method then broadcasts, so a band
    is the quantiles of one call. Formula: Hoffmann et al., arXiv:2203.15556 (2022), eq. 10; the frontier in
    closed form: eq. 4. A fit holds for the data set, the tokenizer and the budgets of its runs.

    Parameters
    ----------
    E : array_like
        Irreducible loss in nats per token, or in the unit of the runs, at least 0.
    A, B, alpha, beta : array_like
        Scales of the two terms that more parameters and more data shrink, and their exponents, above 0.

    Examples
    --------
    Chinchilla's budget under the replication of Besiroglu et al.:

    >>> n, d, loss = BESIROGLU_2024.optimal(5.76e23)
    >>> f"{n:.2e} parameters, {d:.2e} tokens, {loss:.3f} nats"
    '7.22e+10 parameters, 1.33e+12 tokens, 1.974 nats'
    """

    E: Float
    A: Float
    B: Float
    alpha: Float
    beta: Float

    _may_be_zero = frozenset({"E"})

    @property
    def frontier_exponent(self) -> Float:
        """Exponent of compute along the frontier: L - E falls as C^-(alpha beta / (alpha + beta))."""
        return self.alpha * self.beta / (self.alpha + self.beta)

    @property
    def _balance(self) -> Float:
        """G of Hoffmann et al., eq. 4: where a FLOP buys as much as parameters and as data."""
        return (self.alpha * self.A / (self.beta * self.B)) ** (1 / (self.alpha + self.beta))

    def _reducible(self, flop: Float) -> Float:
        """Loss above E on the frontier: K (C/6)^-gamma."""
        scale = self.A * self._balance**-self.alpha + self.B * self._balance**self.beta
        return scale * (flop / 6) ** -self.frontier_exponent

    def _checked(self, **arguments: ArrayLike) -> list[NDArray[np.float64]]:
        """Return the arguments as arrays, refusing what is not positive or does not broadcast."""
        arrays = {name: positive(name, value) for name, value in arguments.items()}
        same_shape(**arrays, law=np.asarray(self._balance))
        return list(arrays.values())

    def loss(self, n_params: ArrayLike, n_tokens: ArrayLike) -> Float:
        """Loss of a model of `n_params` parameters trained once on `n_tokens` tokens, nats per token.

        Examples
        --------
        Chinchilla itself, 70 billion parameters and 1.4 trillion tokens:

        >>> round(BESIROGLU_2024.loss(70e9, 1.4e12), 3)
        1.974
        """
        n, d = self._checked(n_params=n_params, n_tokens=n_tokens)
        with overflowing():
            return plain(self.E + self.A * n**-self.alpha + self.B * d**-self.beta)

    def optimal(self, flop: ArrayLike) -> Allocation:
        """Split a budget of C FLOP so that the loss is least: C = 6 N D with N = G (C/6)^(beta/(alpha+beta)).

        The loss of the allocation is in nats per token.

        Examples
        --------
        The constants as Hoffmann et al. print them do not give their famous 20 tokens per parameter:

        >>> round(HOFFMANN_2022_ROUNDED.optimal(5.76e23).tokens_per_param)
        93
        """
        (c,) = self._checked(flop=flop)
        share = self.beta / (self.alpha + self.beta)
        with overflowing():
            n_params = self._balance * (c / 6) ** share
            n_tokens = (c / 6) ** (1 - share) / self._balance
            return Allocation(above_zero(n_params), above_zero(n_tokens), plain(self.E + self._reducible(c)))

    def isoflop(self, flop: ArrayLike, n_params: ArrayLike) -> Float:
        """Loss in nats per token of `n_params` parameters when a budget of C FLOP fixes the tokens: C / 6N.

        Examples
        --------
        Half and twice the best size cost nearly nothing:

        >>> best = BESIROGLU_2024.optimal(1e21)
        >>> losses = BESIROGLU_2024.isoflop(1e21, best.n_params * np.array([0.5, 1, 2]))
        >>> [round(float(x), 3) for x in losses - best.loss]
        [0.015, 0.0, 0.015]
        """
        c, n = self._checked(flop=flop, n_params=n_params)
        with overflowing():
            return plain(self.E + self.A * n**-self.alpha + self.B * (c / 6 / n) ** -self.beta)

    def tokens_to_reach(self, loss: ArrayLike, n_params: ArrayLike) -> Float:
        """Training tokens with which a model of `n_params` parameters reaches `loss`, nats per token.

        Examples
        --------
        What 1e21 FLOP buy at best is reached by a model half as large with 2.5 times the tokens:

        >>> best = BESIROGLU_2024.optimal(1e21)
        >>> tokens = BESIROGLU_2024.tokens_to_reach(best.loss, best.n_params * np.array([1, 0.5]))
        >>> [round(float(times), 1) for times in tokens / best.n_tokens]
        [1.0, 2.5]
        """
        target, n = self._checked(loss=loss, n_params=n_params)
        return self._other(target, self.A * n**-self.alpha, self.B, self.beta, "however many tokens")

    def params_to_reach(self, loss: ArrayLike, n_tokens: ArrayLike) -> Float:
        """Parameters with which a model trained on `n_tokens` tokens reaches `loss`, nats per token.

        Examples
        --------
        >>> f"{BESIROGLU_2024.params_to_reach(1.974, 1.4e12):.0e}"
        '7e+10'
        """
        target, d = self._checked(loss=loss, n_tokens=n_tokens)
        return self._other(target, self.B * d**-self.beta, self.A, self.alpha, "however many parameters")

    def _other(self, loss: Float, spent: Float, scale: Float, exponent: Float, words: str) -> Float:
        """Solve for what makes up the rest of the loss, once one term is known."""
        return _resource(loss, self.E + spent, scale, exponent, f" (what remains {words})")

    def gain(self, flop: ArrayLike, factor: ArrayLike = 10) -> Float:
        """Loss bought by a budget in FLOP times a factor above 1: L(C) - L(factor C), nats per token.

        Examples
        --------
        Each tenfold buys the same fraction of what the one before bought; nothing else happens:

        >>> gains = BESIROGLU_2024.gain(np.array([1e20, 1e21, 1e22]))
        >>> [round(float(r), 3) for r in gains[1:] / gains[:-1]]
        [0.663, 0.663]
        """
        c, times = self._checked(flop=flop, factor=above("factor", factor, 1))
        with overflowing():
            return plain(self._reducible(c) * -np.expm1(-self.frontier_exponent * np.log(times)))

    def elasticity(self, flop: ArrayLike) -> Float:
        """Per cent of loss per per cent of compute, at a budget in FLOP on the frontier: d ln L / d ln C < 0.

        Of L - E it is the constant ``-frontier_exponent``; of L it fades as L nears E, which is why
        log L against log C bends even though the law has no bend.

        Examples
        --------
        At Chinchilla's budget a per cent of compute buys a seventieth of a per cent of loss:

        >>> f"{BESIROGLU_2024.elasticity(5.76e23):.4f} of {-BESIROGLU_2024.frontier_exponent:.3f}"
        '-0.0142 of -0.178'
        """
        (c,) = self._checked(flop=flop)
        with overflowing():
            reducible = self._reducible(c)
            return plain(-self.frontier_exponent * reducible / (self.E + reducible))

    def flop_to_reach(self, loss: ArrayLike) -> Float:
        """Least compute, in FLOP, that reaches `loss` (nats per token, above E).

        Examples
        --------
        >>> f"{BESIROGLU_2024.flop_to_reach(2.0):.2e}"
        '2.47e+23'
        """
        target = real("loss", loss)
        same_shape(loss=target, law=np.asarray(self._balance))
        target = above("loss", target, self.E, " (the irreducible loss E)")
        per_unit = self._reducible(6.0)  # the reducible loss at C/6 = 1
        with overflowing():
            return above_zero(6 * ((target - self.E) / per_unit) ** (-1 / self.frontier_exponent))


@dataclass(frozen=True, eq=False)
class PowerLaw(Constants):
    """A law in one resource: L = E + scale / X^exponent, nats per token.

    Along a frontier, or wherever sizes and data rise together, this is all that losses tell:
    `frontier.fitting.fit_power` finds it. The fields may be arrays, one entry per draw.

    Parameters
    ----------
    E : array_like
        Irreducible loss in nats per token, at least 0.
    scale, exponent : array_like
        What the resource shrinks, and how fast, above 0.

    Examples
    --------
    >>> round(PowerLaw(E=2, scale=100, exponent=0.1).loss(1e20), 9)
    3.0
    """

    E: Float
    scale: Float
    exponent: Float

    _may_be_zero = frozenset({"E"})

    def loss(self, resource: ArrayLike) -> Float:
        """Loss in nats per token that so much of the resource reaches."""
        x = positive("resource", resource)
        same_shape(resource=x, law=np.asarray(self.exponent))
        with overflowing():
            return plain(self.E + self.scale * x**-self.exponent)

    def resource_to_reach(self, loss: ArrayLike) -> Float:
        """How much of the resource reaches `loss` (nats per token, above E).

        Examples
        --------
        >>> f"{PowerLaw(E=2, scale=100, exponent=0.1).resource_to_reach(3):.0e}"
        '1e+20'
        """
        target = real("loss", loss)
        same_shape(loss=target, law=np.asarray(self.exponent))
        return _resource(target, self.E, self.scale, self.exponent, " (the irreducible loss E)")


@dataclass(frozen=True, eq=False)
class KaplanLaw(Constants):
    """The joint law of Kaplan et al.: L(N, D) = [(N_c/N)^(alpha_N/alpha_D) + D_c/D]^alpha_D.

    N counts parameters without embeddings; the loss is in nats per token on WebText2, a data set and a
    tokenizer that no other law of this module shares. There is no irreducible term, so the law must
    break down somewhere, as its authors say. Joint form: arXiv:2001.08361, eq. 1.5, constants of Table 2;
    allocation: N = N_e C^p_N with C in PF-days, Table 6.

    Examples
    --------
    >>> round(KAPLAN_2020.loss(1.5e9, 1e10), 2)
    2.37
    """

    N_c: Float
    D_c: Float
    alpha_N: Float
    alpha_D: Float
    N_e: Float
    p_N: Float

    def loss(self, n_params: ArrayLike, n_tokens: ArrayLike) -> Float:
        """Loss in nats per token of `n_params` non-embedding parameters and `n_tokens` tokens."""
        n, d = all_positive(n_params=n_params, n_tokens=n_tokens).values()
        with overflowing():
            return plain(((self.N_c / n) ** (self.alpha_N / self.alpha_D) + self.D_c / d) ** self.alpha_D)

    def optimal(self, flop: ArrayLike) -> Allocation:
        """Best split of a budget in FLOP by the fitted N = N_e C^p_N; tokens C / 6N, loss in nats per token.

        Examples
        --------
        Table 6 has 1.3 billion parameters for one PF-day:

        >>> f"{KAPLAN_2020.optimal(PF_DAY).n_params:.2g}"
        '1.3e+09'
        """
        c = positive("flop", flop)
        with overflowing():
            n_params = self.N_e * (c / PF_DAY) ** self.p_N
            n_tokens = above_zero(c / (6 * n_params))
        return Allocation(above_zero(n_params), n_tokens, self.loss(n_params, n_tokens))


@dataclass(frozen=True, eq=False)
class PowerAllocation(Constants):
    """An allocation known only as a power of compute: N = n_params (C / flop)^exponent.

    `n_params` at so many FLOP is one published row, `exponent` the published slope; tokens are C / 6N.
    """

    n_params: Float
    flop: Float
    exponent: Float

    def optimal(self, flop: ArrayLike) -> tuple[Float, Float]:
        """Parameters and tokens for a budget in FLOP.

        Examples
        --------
        >>> n, d = HOFFMANN_2022_APPROACH_1.optimal(5.76e23)
        >>> round(d / n)
        21
        """
        c = positive("flop", flop)
        with overflowing():
            n_params = self.n_params * (c / self.flop) ** self.exponent
            return above_zero(n_params), above_zero(c / (6 * n_params))


def effective_tokens(unique_tokens: ArrayLike, epochs: ArrayLike, r_star: ArrayLike = R_STAR_TOKENS) -> Float:
    """Fresh tokens that repeated ones are worth: D' = U + U R* (1 - exp(-(epochs - 1) / R*)).

    Fitted to the authors' own runs on C4, of up to 9 billion parameters, with the law under
    `data_constrained_loss` given (Muennighoff et al., arXiv:2305.16264, 2023, section 3 and published code);
    beyond some 40 passes, they find, it is too kind or too harsh depending on the size of the model.

    Parameters
    ----------
    unique_tokens : array_like
        Distinct tokens U at hand, above 0.
    epochs : array_like
        Passes over them, at least 1; R = epochs - 1 of them are repetitions.
    r_star : array_like
        R*, above 0: repetitions after which one more is worth 1/e of a fresh pass.

    Examples
    --------
    >>> round(effective_tokens(1.0, 4), 2)
    3.73
    """
    unique, passes = positive("unique_tokens", unique_tokens), at_least("epochs", epochs, 1)
    scale = positive("r_star", r_star)
    same_shape(unique_tokens=unique, epochs=passes, r_star=scale)
    with overflowing():
        return plain(unique * (1 - scale * np.expm1(-(passes - 1) / scale)))


def data_constrained_loss(n_params: ArrayLike, unique_tokens: ArrayLike, epochs: ArrayLike) -> Float:
    """Loss on C4 when data must be repeated: E + A / N'^alpha + B / D'^beta, nats per token.

    D' is `effective_tokens`. N' discounts in the same way parameters beyond the size that is optimal for the
    unique tokens, with its own R* (Muennighoff et al. 2023, section 3 and published code).

    Use differences, not the value: E, A, B and alpha = beta come from 54 points that the authors read off a
    figure of Hoffmann et al. about C4, not from their own runs, and only the two R* from those. Of their 41
    runs with a single pass the formula is below every loss, by 6 to 30%, in the median 11% (our count, from
    their code). "The actual loss value is unlikely to be useful", they write there, "but rather the trend".

    Parameters
    ----------
    n_params, unique_tokens : array_like
        Parameters N, and distinct tokens at hand, above 0.
    epochs : array_like
        Passes over them, at least 1.

    Examples
    --------
    Four passes over 25 billion tokens are nearly as good as one over 100 billion:

    >>> fresh = data_constrained_loss(4.2e9, 100e9, 1)
    >>> round(data_constrained_loss(4.2e9, 25e9, 4) - fresh, 3)
    0.016
    """
    n, unique = positive("n_params", n_params), positive("unique_tokens", unique_tokens)
    passes = at_least("epochs", epochs, 1)
    same_shape(n_params=n, unique_tokens=unique, epochs=passes)
    tokens = effective_tokens(unique, passes)
    law = MUENNIGHOFF_2023
    with overflowing():
        matched = np.minimum(n, law._balance * (unique * law._balance) ** (law.beta / law.alpha))
        ratio = np.asarray(plain(n / matched))
    return law.loss(effective_tokens(matched, ratio, r_star=R_STAR_PARAMS), tokens)


def excess_compute(n_params: ArrayLike, n_tokens: ArrayLike, law: ScalingLaw) -> Float:
    """How many times the least compute for its loss a run spent, as if trained on the data of `law`.

    Its 6 N D over the least compute with the loss that `law` gives it; 1 on the frontier, never less. More
    than 1 is no mistake: a smaller model trained for longer is cheaper to use (`inference_optimal`). The
    number means something only for a model trained much as the runs of the law were.

    Parameters
    ----------
    n_params, n_tokens : array_like
        Parameters and training tokens of the run, above 0.
    law : ScalingLaw
        The law to judge by.

    Examples
    --------
    Chinchilla against GPT-3:

    >>> law = BESIROGLU_2024
    >>> round(excess_compute(70e9, 1.4e12, law), 2), round(excess_compute(174.6e9, 300e9, law), 2)
    (1.0, 1.64)
    """
    _refuse_other_laws(law)
    n, d = all_positive(n_params=n_params, n_tokens=n_tokens).values()
    same_shape(n_params=n, n_tokens=d, law=np.asarray(law._balance))
    # With t the logarithm of how far the two terms are out of balance, and p and q their shares in balance:
    # (p + q e^-t)^(1/alpha) (q + p e^t)^(1/beta). The loss is left out: L - E would cancel.
    q = np.asarray(law.frontier_exponent / law.beta)
    p = np.asarray(law.frontier_exponent / law.alpha)
    t = np.log(law.alpha * law.A) - law.alpha * np.log(n) - np.log(law.beta * law.B) + law.beta * np.log(d)
    with overflowing():
        near = np.log1p(q * np.expm1(-t)) / law.alpha + np.log1p(p * np.expm1(t)) / law.beta
        far = np.logaddexp(np.log(p), np.log(q) - t) / law.alpha
        far = far + np.logaddexp(np.log(q), np.log(p) + t) / law.beta
        return plain(np.exp(np.where(np.abs(t) < 1, near, far)))


def return_per_decade(resource: ArrayLike, score: ArrayLike) -> NDArray[np.float64]:
    """Units of score that each step from run to run bought, per tenfold of a resource: dm / d log10(C).

    The n - 1 means over each step, so two long steps compare with two short ones. It says what the resource
    bought only if nothing else changed from run to run.

    Parameters
    ----------
    resource : array_like, shape (n,)
        Compute in FLOP, or parameters, or whatever grew; above 0, rising, two values at least.
    score : array_like, shape (n,)
        What was measured at each, in any unit that is not itself a logarithm of the resource.

    Examples
    --------
    The ratings of Hex agents rise by 500 Elo for each order of magnitude of compute (Jones,
    arXiv:2104.03113, 2021):

    >>> return_per_decade([1e14, 1e15, 1e16], [-1000, -500, 0])
    array([500., 500.])
    """
    spent, points = positive("resource", resource), real("score", score)
    if spent.ndim != 1 or spent.shape != points.shape or len(spent) < 2:
        shapes = f"{spent.shape} and {points.shape}"
        raise ValueError(f"resource and score must be two lists of one length, at least 2, got {shapes}")
    if not np.all(np.diff(spent) > 0):
        raise ValueError(f"resource must rise from run to run, got {spent.tolist()}")
    with overflowing():
        growth = np.diff(spent) / spent[:-1]
        decades = np.where(growth < 1, np.log1p(growth) / np.log(10), np.diff(np.log10(spent)))
        return np.asarray(plain(np.diff(points) / decades))


def inference_optimal(loss: ArrayLike, inference_tokens: ArrayLike, law: ScalingLaw) -> Allocation:
    """Reach a loss with the least compute for training and use together: 6 N D + 2 N D_use.

    Parameters
    ----------
    loss : array_like
        The loss to reach, nats per token, above the law's E.
    inference_tokens : array_like
        Tokens D_use that the model will read and write over its life, at least 0.
    law : ScalingLaw
        The law that says which sizes and data reach the loss.

    Notes
    -----
    With s the share of the loss above E that is due to the data, the optimum satisfies (Sardana et al.,
    arXiv:2401.00448, 2024, section 2, restated) alpha (1 - s) / (beta s) = 1 + D_use / 3D, and D follows from
    s: one equation in one unknown, which falls in s, solved by bisection. It counts arithmetic only, and
    every token alike.

    Examples
    --------
    A 13-billion-parameter model meant to be used for two trillion tokens: Figure 1 of the source trains 7
    billion parameters for longer instead and saves 17% of the compute, with its own rounding of constants.

    >>> law = HOFFMANN_2022
    >>> alone = inference_optimal(law.optimal(4.816e22).loss, 0, law)
    >>> used = inference_optimal(alone.loss, 2e12, law)
    >>> f"{alone.n_params:.3g} {used.n_params:.2g}"
    '1.3e+10 7.1e+09'
    >>> costs = [6 * n * d + 2 * n * 2e12 for n, d, _loss in (alone, used)]
    >>> f"{1 - costs[1] / costs[0]:.0%}"
    '16%'
    """
    _refuse_other_laws(law)
    target, use = real("loss", loss), at_least("inference_tokens", inference_tokens, 0)
    same_shape(loss=target, inference_tokens=use, law=np.asarray(law._balance))
    reducible = above("loss", target, law.E, " (the irreducible loss E)") - law.E

    def tokens(share: Float) -> Float:
        return (law.B / (reducible * share)) ** (1 / law.beta)

    with overflowing():
        high = law.alpha / (law.alpha + law.beta) + 0 * (reducible + use)  # the share without any use
        low = law.alpha / (law.alpha + law.beta * (1 + use / (3 * tokens(high))))
        for _halving in range(60):
            share = np.sqrt(low * high)
            too_large = law.alpha * (1 - share) / (law.beta * share) < 1 + use / (3 * tokens(share))
            low, high = np.where(too_large, low, share), np.where(too_large, share, high)
        n_params = (law.A / (reducible * (1 - high))) ** (1 / law.alpha)
        n_tokens = tokens(high)
        return Allocation(above_zero(n_params), above_zero(n_tokens), plain(target + 0 * n_params))


def _resource(loss: Float, rest: Float, scale: Float, exponent: Float, meaning: str) -> Float:
    """Solve loss = rest + scale / resource^exponent; `meaning` says what the rest is."""
    left = above("loss", loss, rest, meaning) - rest
    with overflowing():
        return above_zero((scale / left) ** (1 / exponent))


def _refuse_other_laws(law: object) -> None:
    if not isinstance(law, ScalingLaw):
        raise TypeError(f"law must be a ScalingLaw, got {law!r}")


@cache
def besiroglu_2024_draws() -> ScalingLaw:
    """Joint draws of the five constants of `BESIROGLU_2024`, as one law with array fields.

    How they were made stands in ``frontier/data/README.md``. Use them together: ln A and alpha, and ln B
    and beta, are correlated above 0.99, so independent errors give bands several times too wide.

    Examples
    --------
    The authors' own 95% interval of alpha is 0.317 to 0.373:

    >>> np.quantile(besiroglu_2024_draws().alpha, [0.025, 0.975]).round(2).tolist()
    [0.32, 0.37]
    """
    path = files("frontier") / "data" / "besiroglu_2024_draws.csv"
    with path.open(encoding="utf-8") as file:
        columns = np.loadtxt(file, delimiter=",", skiprows=1, unpack=True)
    return ScalingLaw(*columns)


def _scaling_law(name: str) -> ScalingLaw:
    """Return a law of the file, where scales may stand as logarithms, or as N_0 and D_0: A = N_0^alpha."""
    c = constants(name)
    c |= {k[3:]: float(np.exp(value)) for k, value in c.items() if k.startswith("ln_")}
    if "N_0" in c:
        c |= {"A": c["N_0"] ** c["alpha"], "B": c["D_0"] ** c["beta"]}
    return ScalingLaw(c["E"], c["A"], c["B"], c["alpha"], c["beta"])


def _henighan(name: str) -> PowerLaw:
    """Return a row of Table 1 of Henighan et al., whose compute is in petaflop/s-days, as a law of FLOP."""
    c = constants(f"Henighan 2020, {name}")
    return PowerLaw(c["E"], (c["C_0"] * PF_DAY) ** c["exponent"], c["exponent"])


KAPLAN_2020 = KaplanLaw(**constants("Kaplan 2020"))
"""Kaplan et al. (2020): joint fit of Table 2, allocation of Table 6. N without embeddings."""

HOFFMANN_2022 = _scaling_law("Hoffmann 2022, approach 3, unrounded")
"""Approach 3 of Hoffmann et al. at the precision of their TeX source."""

HOFFMANN_2022_ROUNDED = _scaling_law("Hoffmann 2022, approach 3, as printed")
"""The same fit as printed, eq. 10. Rounding the exponents moves its optimum by half: see `optimal`."""

HOFFMANN_2022_APPROACH_1 = PowerAllocation(**constants("Hoffmann 2022, approach 1"))
"""Envelope of training curves: the row of Table 3 at Gopher's budget, the slope of Table 2."""

HOFFMANN_2022_APPROACH_2 = PowerAllocation(**constants("Hoffmann 2022, approach 2"))
"""Minima of isoFLOP curves: the row of Table A3 for 1 trillion parameters, the slope of Table 2."""

HOFFMANN_2022_BUDGETS = tuple(constants("Hoffmann 2022, isoFLOP curves").values())
"""Budgets of the isoFLOP curves of Hoffmann et al., section 3.2 and Figure 4, in FLOP."""

BESIROGLU_2024 = _scaling_law("Besiroglu 2024")
"""Besiroglu et al. (2024), Table 1: approach 3 refitted to the points of Hoffmann et al., Figure 4."""

LARGEST_RUN = constants("Besiroglu 2024")["largest_run"]
"""Largest run behind `BESIROGLU_2024` and `besiroglu_2024_draws`, in FLOP; beyond, they extrapolate."""

MUENNIGHOFF_2023 = _scaling_law("Muennighoff 2023")
"""The law under `data_constrained_loss`: the authors' tied fit to 54 points of Hoffmann et al. on C4."""

HENIGHAN_2020_IMAGES = _henighan("image tokens")
"""Loss of image tokens on a grid of 32 x 32 against compute in FLOP: Henighan et al. (2020), Table 1."""

HENIGHAN_2020_TEXT_TO_IMAGE = _henighan("text to image")
"""Loss of caption and picture, the one after the other, against compute in FLOP: the same table."""

FINZI_2026_IMAGES = _scaling_law("Finzi 2026, images")
"""The fits behind `HENIGHAN_2020_IMAGES` as Finzi et al. (2026), Table 1, converted them: not measured so."""
