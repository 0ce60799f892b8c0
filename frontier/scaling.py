"""How the loss of a language model falls with its size, its data and its compute.

Loss is in nats per token, compute in FLOP, and a law speaks only of the data and the tokenizer it was
fitted on: losses of two laws in this module are numbers from two different worlds, never one axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import (
    Float,
    above,
    all_positive,
    at_least,
    overflowing,
    plain,
    positive,
    positive_fields,
    real,
    same_shape,
)

PF_DAY = 1e15 * 86_400
"""One petaflop/s-day in FLOP, the unit of compute of Kaplan et al. and Brown et al."""


EMBEDDING_SCALE = 47_491
"""Embedding parameters over the cube root of all others (Pearce and Song 2024)."""

R_STAR_TOKENS, R_STAR_PARAMS = 15.387756, 5.309743
"""Repetitions after which one more is worth 1/e: of tokens, of parameters (Muennighoff et al. 2023)."""


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
    """Compute to train a dense decoder: C = 6 N D.

    Parameters
    ----------
    n_params : array_like
        Parameters N, above 0.
    n_tokens : array_like
        Tokens D read in training, above 0. Broadcasts with `n_params`.

    Returns
    -------
    float or ndarray
        Compute in FLOP.

    Raises
    ------
    ValueError
        If an argument is not positive and finite.

    Notes
    -----
    Two FLOP per parameter and token forward, four backward [1]_. Attention over the context is left
    out; it adds a few per cent for the models of this book.

    References
    ----------
    .. [1] Kaplan et al., arXiv:2001.08361 (2020), section 2.1.

    Examples
    --------
    Table D.1 of Brown et al. (2020) prints 3.14e23 for GPT-3:

    >>> f"{training_flop(174_600e6, 300e9):.2e}"
    '3.14e+23'
    """
    n, d = all_positive(n_params=n_params, n_tokens=n_tokens).values()
    with overflowing():
        return plain(6 * n * d)


@dataclass(frozen=True, eq=False)
class ScalingLaw:
    """The parametric law of Hoffmann et al.: L(N, D) = E + A / N^alpha + B / D^beta.

    Parameters
    ----------
    E : array_like
        Irreducible loss in nats per token, above 0.
    A, B : array_like
        Scales of the two terms that more parameters and more data shrink, above 0.
    alpha, beta : array_like
        Their exponents, above 0.

    Raises
    ------
    ValueError
        If a field is not positive and finite, or the fields do not broadcast.

    Notes
    -----
    The fields may be arrays, one entry per draw of a bootstrap; every method then broadcasts, so a band
    is the quantiles of one call. Formula: [1]_, eq. 10; the frontier in closed form: eq. 4. It is a fit
    to runs of one data set, one tokenizer and at most about 1e22 FLOP; beyond, it extrapolates.

    References
    ----------
    .. [1] Hoffmann et al., arXiv:2203.15556 (2022), appendix D.

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

    def __post_init__(self) -> None:
        """Check the fields and keep private copies of arrays."""
        for name, array in positive_fields(self).items():
            array.setflags(write=False)
            object.__setattr__(self, name, plain(array))

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

    def _loss(self, n_params: Float, n_tokens: Float) -> Float:
        """Loss of arguments that are checked already."""
        with overflowing():
            return plain(self.E + self.A * n_params**-self.alpha + self.B * n_tokens**-self.beta)

    def loss(self, n_params: ArrayLike, n_tokens: ArrayLike) -> Float:
        """Loss of a model of `n_params` parameters trained once on `n_tokens` tokens, nats per token.

        Examples
        --------
        Chinchilla itself, 70 billion parameters and 1.4 trillion tokens:

        >>> round(BESIROGLU_2024.loss(70e9, 1.4e12), 3)
        1.974
        """
        n, d = self._checked(n_params=n_params, n_tokens=n_tokens)
        return self._loss(n, d)

    def optimal(self, flop: ArrayLike) -> Allocation:
        """Split a budget C = 6 N D so that the loss is least: N = G (C/6)^(beta/(alpha+beta)).

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
            return Allocation(plain(n_params), plain(n_tokens), plain(self.E + self._reducible(c)))

    def isoflop(self, flop: ArrayLike, n_params: ArrayLike) -> Float:
        """Loss of `n_params` parameters when the budget `flop` fixes the tokens: D = C / 6N.

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
            return self._loss(n, c / 6 / n)

    def marginal(self, flop: ArrayLike) -> Float:
        """Slope of the frontier, dL/dC < 0, in nats per token per FLOP.

        Examples
        --------
        What another per cent of Chinchilla's budget would buy, in nats per token:

        >>> f"{BESIROGLU_2024.marginal(5.76e23) * 5.76e21:.1e}"
        '-2.8e-04'
        """
        (c,) = self._checked(flop=flop)
        with overflowing():
            return plain(-self.frontier_exponent * self._reducible(c) / c)

    def gain(self, flop: ArrayLike, factor: ArrayLike = 10) -> Float:
        """Loss bought by multiplying the budget: L(C) - L(factor C), nats per token.

        Parameters
        ----------
        flop : array_like
            The budget C before it is multiplied, FLOP.
        factor : array_like
            How many times larger the next budget is, above 1.

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
        """Per cent of loss per per cent of compute along the frontier: d ln L / d ln C < 0.

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
            return plain(6 * ((target - self.E) / per_unit) ** (-1 / self.frontier_exponent))


@dataclass(frozen=True)
class KaplanLaw:
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

    N_c: float
    D_c: float
    alpha_N: float
    alpha_D: float
    N_e: float
    p_N: float

    def __post_init__(self) -> None:
        """Check the constants."""
        positive_fields(self)

    def loss(self, n_params: ArrayLike, n_tokens: ArrayLike) -> Float:
        """Loss in nats per token of `n_params` non-embedding parameters and `n_tokens` tokens."""
        n, d = all_positive(n_params=n_params, n_tokens=n_tokens).values()
        with overflowing():
            return plain(((self.N_c / n) ** (self.alpha_N / self.alpha_D) + self.D_c / d) ** self.alpha_D)

    def optimal(self, flop: ArrayLike) -> Allocation:
        """Best split of a budget in FLOP by the fitted N = N_e C^p_N; tokens are C / 6N.

        Examples
        --------
        Table 6 has 1.3 billion parameters for one PF-day:

        >>> f"{KAPLAN_2020.optimal(PF_DAY).n_params:.2g}"
        '1.3e+09'
        """
        c = positive("flop", flop)
        with overflowing():
            n_params = self.N_e * (c / PF_DAY) ** self.p_N
            n_tokens = plain(c / (6 * n_params))
        return Allocation(plain(n_params), n_tokens, self.loss(n_params, n_tokens))


@dataclass(frozen=True)
class PowerAllocation:
    """An allocation known only as a power of compute: N = n_params (C / flop)^exponent.

    `n_params` at `flop` is one published row, `exponent` the published slope; tokens are C / 6N.
    """

    n_params: float
    flop: float
    exponent: float

    def __post_init__(self) -> None:
        """Check the constants."""
        positive_fields(self)

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
            return plain(n_params), plain(c / (6 * n_params))


@dataclass(frozen=True)
class ComputeLaw:
    """A power law of compute alone: L = scale (C / PF-day)^-exponent, nats per token.

    Examples
    --------
    Ten times the compute takes a tenth off the loss, wherever one starts (Brown et al. 2020, Fig. 3.1):

    >>> round(BROWN_2020.loss(1e22) / BROWN_2020.loss(1e21), 3)
    0.895
    """

    scale: float
    exponent: float

    def __post_init__(self) -> None:
        """Check the constants."""
        positive_fields(self)

    def loss(self, flop: ArrayLike) -> Float:
        """Loss at a budget in FLOP."""
        c = positive("flop", flop)
        with overflowing():
            return plain(self.scale * (c / PF_DAY) ** -self.exponent)

    def flop_to_reach(self, loss: ArrayLike) -> Float:
        """Compute in FLOP that reaches `loss`.

        Examples
        --------
        Half the loss takes millions of times the compute, at any loss, by the exponent 0.048 alone:

        >>> f"{BROWN_2020.flop_to_reach(BROWN_2020.loss(1e23) / 2) / 1e23:.3g}"
        '1.87e+06'
        """
        target = positive("loss", loss)
        with overflowing():
            return plain(PF_DAY * (target / self.scale) ** (-1 / self.exponent))


def effective_tokens(unique_tokens: ArrayLike, epochs: ArrayLike, r_star: ArrayLike = R_STAR_TOKENS) -> Float:
    """Fresh tokens that repeated ones are worth: D' = U + U R* (1 - exp(-(epochs - 1) / R*)).

    Parameters
    ----------
    unique_tokens : array_like
        Distinct tokens U at hand, above 0.
    epochs : array_like
        Passes over them, at least 1; R = epochs - 1 of them are repetitions.
    r_star : array_like
        R*, above 0: repetitions after which one more is worth 1/e of a fresh pass.

    Returns
    -------
    float or ndarray
        Effective tokens D', at most U (1 + R*).

    Raises
    ------
    ValueError
        If `unique_tokens` or `r_star` is not positive, or `epochs` is below 1.

    Notes
    -----
    Fitted to about 400 runs of up to 9 billion parameters on C4 [1]_; the authors find that beyond
    some 40 passes the formula is too kind or too harsh depending on the size of the model.

    References
    ----------
    .. [1] Muennighoff et al., arXiv:2305.16264 (2023), section 3 and its published code.

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
    """Loss when data must be repeated: E + A / N'^alpha + B / D'^beta, nats per token.

    Parameters
    ----------
    n_params : array_like
        Parameters N, above 0.
    unique_tokens : array_like
        Distinct tokens at hand, above 0.
    epochs : array_like
        Passes over them, at least 1.

    Returns
    -------
    float or ndarray
        Loss on C4 in nats per token.

    Raises
    ------
    ValueError
        If an argument is out of range, or they do not broadcast.

    Notes
    -----
    D' is `effective_tokens`. N' discounts parameters in the same way beyond the size that is optimal
    for the unique tokens, with its own R* [1]_.

    References
    ----------
    .. [1] Muennighoff et al., arXiv:2305.16264 (2023), section 3 and its published code.

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

    Parameters
    ----------
    n_params, n_tokens : array_like
        Parameters and training tokens of the run, above 0.
    law : ScalingLaw
        The law to judge by.

    Returns
    -------
    float or ndarray
        6 N D over `law.flop_to_reach` of the loss that `law` gives to N and D; 1 on the frontier, never less.

    Raises
    ------
    ValueError
        If an argument is not positive and finite.

    Notes
    -----
    More than 1 is no mistake: a smaller model trained for longer is cheaper to use (`inference_optimal`). The
    number means something only for a model trained much as the runs of the law were.

    Examples
    --------
    Chinchilla against GPT-3:

    >>> law = BESIROGLU_2024
    >>> round(excess_compute(70e9, 1.4e12, law), 2), round(excess_compute(174.6e9, 300e9, law), 2)
    (1.0, 1.64)
    """
    _refuse_other_laws(law)
    spent, least = training_flop(n_params, n_tokens), law.flop_to_reach(law.loss(n_params, n_tokens))
    with overflowing():
        return plain(np.divide(spent, least))


def return_per_decade(resource: ArrayLike, score: ArrayLike) -> NDArray[np.float64]:
    """Units of score that each step from run to run bought, per tenfold of a resource: dm / d log10(C).

    Parameters
    ----------
    resource : array_like, shape (n,)
        Compute in FLOP, or parameters, or whatever grew; above 0, rising, two values at least.
    score : array_like, shape (n,)
        What was measured at each, in any unit that is not itself a logarithm of the resource.

    Returns
    -------
    ndarray, shape (n - 1,)
        Units of `score` per tenfold of `resource`, step by step.

    Raises
    ------
    ValueError
        If an argument is not finite and one-dimensional, the two differ in length or hold fewer than two
        values, or `resource` is not positive or does not rise.

    Notes
    -----
    A mean over the step, so two long steps compare with two short ones. It says what the resource bought only
    if nothing else changed from run to run.

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
    return np.asarray(np.diff(points) / np.diff(np.log10(spent)))


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

    Returns
    -------
    Allocation
        Parameters, training tokens and the loss.

    Raises
    ------
    ValueError
        If `loss` is not above E or `inference_tokens` is negative.

    Notes
    -----
    With s the share of the loss above E that is due to the data, the optimum satisfies [1]_
    alpha (1 - s) / (beta s) = 1 + D_use / 3D, and D follows from s: one equation in one unknown, which falls
    in s, solved by bisection. It counts arithmetic only, and every token alike.

    References
    ----------
    .. [1] Sardana et al., arXiv:2401.00448 (2024), section 2, restated.

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
        return Allocation(plain(n_params), plain(n_tokens), plain(target + 0 * n_params))


def _refuse_other_laws(law: object) -> None:
    if not isinstance(law, ScalingLaw):
        raise TypeError(f"law must be a ScalingLaw, got {law!r}")


def total_params(non_embedding: ArrayLike) -> Float:
    """Parameters with embeddings, from those without: N_T = N + 47,491 N^(1/3).

    Parameters
    ----------
    non_embedding : array_like
        Parameters without embeddings, as Kaplan et al. count, above 0.

    Returns
    -------
    float or ndarray
        Parameters with embeddings, as Hoffmann et al. count.

    Raises
    ------
    ValueError
        If `non_embedding` is not positive and finite.

    Notes
    -----
    Fitted by Pearce and Song to the models of Hoffmann et al. [1]_: their shapes and their vocabulary.

    References
    ----------
    .. [1] Pearce and J. Song, arXiv:2406.12907 (2024), eq. 4 and their published script.

    Examples
    --------
    Embeddings dominate small models and vanish in large ones:

    >>> [round(total_params(n) / n, 2) for n in (1e6, 1e8, 1e10)]
    [5.75, 1.22, 1.01]
    """
    n = positive("non_embedding", non_embedding)
    return plain(n + EMBEDDING_SCALE * np.cbrt(n))


def non_embedding_params(total: ArrayLike) -> Float:
    """Parameters without embeddings, from those with: the inverse of `total_params`, in closed form.

    Parameters
    ----------
    total : array_like
        Parameters with embeddings, above 0.

    Returns
    -------
    float or ndarray
        Parameters without embeddings.

    Raises
    ------
    ValueError
        If `total` is not positive and finite.

    Examples
    --------
    >>> round(non_embedding_params(total_params(1.5e9)))
    1500000000
    """
    n = positive("total", total)
    # y^3 + w y = n has one real root, by Viete's hyperbolic form: nothing cancels for any n.
    w = EMBEDDING_SCALE
    root = 2 * np.sqrt(w / 3) * np.sinh(np.arcsinh(1.5 * n / w * np.sqrt(3 / w)) / 3)
    return plain(root**3)


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


HOFFMANN_2022 = ScalingLaw(
    E=float(np.exp(0.5267228)), A=float(np.exp(6.0073404)), B=float(np.exp(6.0179186)),
    alpha=0.33917084, beta=0.2849083,
)  # fmt: skip
"""Approach 3 of Hoffmann et al. at the precision of their TeX source."""

HOFFMANN_2022_ROUNDED = ScalingLaw(E=1.69, A=406.4, B=410.7, alpha=0.34, beta=0.28)
"""The same fit as printed, eq. 10. Rounding the exponents moves its optimum by half: see `optimal`."""

HOFFMANN_2022_APPROACH_1 = PowerAllocation(n_params=67e9, flop=5.76e23, exponent=0.50)
"""Envelope of training curves: the row of Table 3 at Gopher's budget, the slope of Table 2."""

BESIROGLU_2024 = ScalingLaw(E=1.8172, A=482.01, B=2085.43, alpha=0.3478, beta=0.3658)
"""Besiroglu et al. (2024), Table 1: approach 3 refitted to the points of Hoffmann et al., Figure 4."""

HOFFMANN_2022_APPROACH_2 = PowerAllocation(n_params=1e12, flop=1.59e26, exponent=0.49)
"""Minima of isoFLOP curves: a row of Table A3, the slope of Table 2.

The row for 1 trillion parameters, since that for 67 billion disagrees by 3.5% with all the others."""

MUENNIGHOFF_2023 = ScalingLaw(
    E=float(np.exp(0.6254804)), A=float(np.exp(6.255414)), B=float(np.exp(7.3049974)),
    alpha=0.3526596, beta=0.3526596,
)  # fmt: skip
"""The law under `data_constrained_loss`, fitted on C4; constants of the authors' published code."""

KAPLAN_2020 = KaplanLaw(N_c=6.4e13, D_c=1.8e13, alpha_N=0.076, alpha_D=0.103, N_e=1.3e9, p_N=0.73)
"""Kaplan et al. (2020): joint fit of Table 2, allocation of Table 6. N without embeddings."""

BROWN_2020 = ComputeLaw(scale=2.57, exponent=0.048)
"""Brown et al. (2020), Figure 3.1: validation loss of the GPT-3 family against compute."""
