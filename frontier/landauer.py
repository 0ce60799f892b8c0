"""What it costs to forget: Landauer's bound, its price in time, and what steps of logic forget.

Energies are in joules, temperatures in kelvin. A simulated erasure is `frontier.brownian`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import constants

from frontier._checks import (
    Float,
    all_positive,
    at_least,
    between,
    multiplied,
    plain,
    positive,
    product,
    same_shape,
    whole,
)

Integers = NDArray[np.int64]

_KT_LN2 = constants.k * np.log(2)  # Landauer's bound for one bit at one kelvin, in joules


NOT = np.array([1, 0])
"""The negation of one bit."""

CNOT = np.array([0, 1, 3, 2])
"""Controlled NOT, pattern 2c + t: the target t flips where the control c is 1."""

TOFFOLI = np.array([0, 1, 2, 3, 4, 5, 7, 6])
"""Controlled controlled NOT, pattern 4a + 2b + t: the target t flips where a and b are 1."""

FREDKIN = np.array([0, 1, 2, 3, 4, 6, 5, 7])
"""Controlled swap, pattern 4c + 2x + y: x and y change places where the control c is 1."""

for _gate in (NOT, CNOT, TOFFOLI, FREDKIN):
    _gate.setflags(write=False)


def erasure_energy(bits: ArrayLike, temperature: ArrayLike) -> Float:
    """Least heat, in joules, given off when information is erased: E = bits * k_B * T * ln 2.

    Parameters
    ----------
    bits : array_like
        Bits of information lost, at least 0. Fractions are meant: see `erased_bits`.
    temperature : array_like
        Of the surroundings, in kelvin, above 0. Broadcasts with `bits`.

    Notes
    -----
    Only a logically irreversible step pays this price (Landauer, IBM J. Res. Dev. 5, 183, 1961); a
    reversible one can be free (Bennett, IBM J. Res. Dev. 17, 525, 1973). It is a mean over many erasures:
    single ones fluctuate below it. It supposes that both values of the bit are memories of equal energy and
    volume; a reset that succeeds with probability P only pays for 1 - h(P) bits, h being the binary
    entropy. It is a bound without a clock: a reset in a given time costs more
    (`finite_time_erasure_energy`). It says nothing about moving, copying or reading information.

    Examples
    --------
    Landauer (1961) puts it as 0.6931 kT per restored bit; at 300 K that is the 3e-21 J of Berut et al.
    (arXiv:1503.06537, section 1):

    >>> from scipy.constants import k
    >>> round(erasure_energy(1, 300) / (k * 300), 4)
    0.6931
    >>> f"{erasure_energy(1, 300):.3e}"
    '2.871e-21'
    """
    n, temp = at_least("bits", bits, 0), positive("temperature", temperature)
    same_shape(bits=n, temperature=temp)
    return product(n, temp, _KT_LN2)


def overhead(energy_per_op: ArrayLike, bits_per_op: ArrayLike, temperature: ArrayLike) -> Float:
    """How many times the Landauer bound an operation costs: E / (bits k_B T ln 2).

    Below 1, the machine erases less than was assumed. The distance to a bound on erasing, not to a bound on
    computing: made reversible, the same operation has no such floor. No technology is known that would come
    near the bound at the speed of a chip.

    Parameters
    ----------
    energy_per_op : array_like
        Energy of one operation, in joules, at least 0.
    bits_per_op : array_like
        Bits that one operation erases, above 0. An assumption about the design of the machine, not a
        measurement, so it has no default: 1 and 32 per FLOP are both defended.
    temperature : array_like
        Temperature of the surroundings, in kelvin, above 0. All arguments broadcast.

    Examples
    --------
    An H100 (700 W, 989.4 TFLOP/s dense BF16), if every operation erased a single bit:

    >>> f"{overhead(700 / 989.4e12, 1, 300):.2g}"
    '2.5e+08'
    """
    joule, n = at_least("energy_per_op", energy_per_op, 0), positive("bits_per_op", bits_per_op)
    temp = positive("temperature", temperature)
    same_shape(energy_per_op=joule, bits_per_op=n, temperature=temp)
    return product(joule, over=(n, temp, _KT_LN2))


def training_floor(n_params: ArrayLike, n_examples: ArrayLike, temperature: ArrayLike) -> Float:
    """Least heat, in joules, of training a machine whose parameters are moved by physics: E = 2 N D k_B T.

    Parameters
    ----------
    n_params, n_examples : array_like
        Trainable parameters N, and examples D (for language, tokens) that each move all of them, above 0.
    temperature : array_like
        Of the surroundings, in kelvin, above 0. All arguments broadcast.

    Notes
    -----
    Tkachenko (arXiv:2503.09980, abstract) derives E of the order of this for slow analogue networks, in which
    an answer can cost nothing. A short way to it, ours: a parameter that drifts by d in the time t, with the
    mobility m, gives off d^2 / (m t), while heat spreads it by s, where s^2 = 2 m k_B T t. For the example to
    be seen above the heat, d must be at least s: that is 2 k_B T for each parameter and example. It asks that
    each example show by itself; examples that push a parameter the same way could share one such step. It is
    no bound on digital machines, which pay by the bit (`erasure_energy`), and reversible ones need not pay.

    Examples
    --------
    GPT-3, 175 billion parameters and 300 billion tokens. The same comes out if each of its 6 N D operations
    erased 1 / (3 ln 2) of a bit:

    >>> f"{training_floor(175e9, 300e9, 300):.0f} J"
    '435 J'
    >>> round(training_floor(175e9, 300e9, 300) / erasure_energy(6 * 175e9 * 300e9, 300), 3)
    0.481
    """
    given = all_positive(n_params=n_params, n_examples=n_examples, temperature=temperature)
    return product(2, *given.values(), constants.k)


def finite_time_erasure_energy(
    duration: ArrayLike, temperature: ArrayLike, diffusivity: ArrayLike, half_separation: ArrayLike
) -> Float:
    """Least mean cost, in joules, of erasing a bit in a given time: kT ln 2 + kT W^2 / (D tau), W^2 = 2 a^2.

    Parameters
    ----------
    duration, temperature : array_like
        Time tau of the whole cycle, in seconds, and temperature of the surroundings, in kelvin, above 0.
    diffusivity, half_separation : array_like
        Diffusion coefficient D of the particle that holds the bit, in m^2/s, and half the distance between
        the wells, a, in metres, above 0. All arguments broadcast.

    Notes
    -----
    An overdamped particle carried from one distribution to another in the time tau dissipates at least
    kT W^2 / (D tau) beyond the second law, W being the (quadratic) Wasserstein distance between the two, and
    some protocol attains it (Aurell et al., Phys. Rev. Lett. 106, 250601, 2011). Here half the mass moves by
    2a and half stays. That holds for narrow wells and an erasure that ends as it began, at rest in a well.
    In wells of standard deviation s, W^2 is smaller by nearly 2 sqrt(2/pi) a s: an eighth in those of
    `frontier.brownian`. If the particle only has to end anywhere beyond the barrier, the extra term can
    shrink to a quarter (Proesmans et al., Phys. Rev. Lett. 125, 100602, 2020). A bit held in something other
    than an overdamped particle is not bound by it.

    Examples
    --------
    In units of kT, a cycle of 10 a^2/D costs at least ln 2 + 2/10, of 1000 a^2/D hardly more than ln 2:

    >>> from scipy.constants import k
    >>> tau = np.array([10, 1000])
    >>> [round(float(x), 3) for x in finite_time_erasure_energy(tau, 300, 1, 1) / (k * 300)]
    [0.893, 0.695]
    """
    tau, temp, diffusion, a = all_positive(
        duration=duration, temperature=temperature, diffusivity=diffusivity, half_separation=half_separation
    ).values()
    return product(temp, constants.k, np.log(2) + multiplied(2, a, a, over=(tau, diffusion)))


def erased_bits(truth_table: ArrayLike, input_distribution: ArrayLike | None = None) -> Float:
    """Information that a truth table loses, in bits, of shape (...): H(input) - H(output).

    Exactly 0 for a reversible step: each input that occurs has its own output.

    Parameters
    ----------
    truth_table : array_like of int, shape (n,)
        The output for each of the inputs 0, 1, ... n - 1, as whole numbers from 0; bit patterns are read as
        binary numbers, so AND is ``[0, 0, 0, 1]``. n need not be a power of two.
    input_distribution : array_like, shape (..., n), optional
        Probability of each input; sums to 1 along the last axis. By default every input is as likely.

    Notes
    -----
    As outputs follow from inputs, this is the entropy H(input | output) of what cannot be told from the
    output. It belongs to a table together with a distribution: a gate whose inputs are always the same
    erases nothing. Correlation with the rest of the machine is left out; with a copy of the inputs
    elsewhere, an AND need not cost anything. The heat is `erasure_energy` of this.

    Examples
    --------
    Landauer's RESTORE TO ONE loses one bit, an AND of two even bits 2 - h(1/4):

    >>> erased_bits([1, 1]), round(erased_bits([0, 0, 0, 1]), 4)
    (1.0, 1.1887)

    Inside a Toffoli gate whose target starts as 0 the same AND erases nothing. Dropping the two inputs
    afterwards does, and costs what the AND would have:

    >>> prepared = [1/4, 0, 1/4, 0, 1/4, 0, 1/4, 0]
    >>> erased_bits(TOFFOLI, prepared)
    0.0
    >>> round(erased_bits(TOFFOLI & 1, prepared), 4)
    1.1887
    """
    table = _table("truth_table", truth_table)
    n = table.size
    given = np.full(n, 1 / n) if input_distribution is None else input_distribution
    p = between("input_distribution", given, 0, 1)
    if p.ndim == 0 or p.shape[-1] != n:
        raise ValueError(f"input_distribution must have {n} entries along its last axis, got shape {p.shape}")
    total = p.sum(axis=-1)
    if np.any(np.abs(total - 1) > 1e-9):
        worst = total.flat[np.argmax(np.abs(total - 1))]
        raise ValueError(f"input_distribution must sum to 1, got {worst:.12g}")
    values, place = np.unique(table, return_inverse=True)
    q = np.zeros((values.size, *p.shape[:-1]))  # probability of each output
    np.add.at(q, place, np.moveaxis(p, -1, 0))
    reached = np.moveaxis(q[place], 0, -1)
    ratio = np.divide(reached, p, out=np.ones_like(p), where=p > 0)  # 1 / P(input | output)
    return plain(np.sum(p * np.log2(ratio), axis=-1))


def apply_gate(gate: ArrayLike, states: ArrayLike, wires: ArrayLike | None = None) -> int | Integers:
    """Send bit patterns through a reversible gate; return the new ones, in the shape of `states`.

    After Fredkin and Toffoli, Int. J. Theor. Phys. 21, 219 (1982). A permutation has an inverse,
    ``np.argsort(gate)``; the four gates of this module are their own. Reversible is not free: the bits of a
    gate that nobody asked for stay, and throwing them away is what costs.

    Parameters
    ----------
    gate : array_like of int, shape (2**w,)
        A permutation of the patterns of w bits, such as `TOFFOLI`; the first bit of the gate counts most.
    states : array_like of int
        States of all wires as binary numbers, at least 0; any shape.
    wires : array_like of int, shape (w,), optional
        The wires that the bits of the gate are, first bit first, all different, from 0 to 52; wire k counts
        2^k. By default w - 1, ... 1, 0: the gate sits on the lowest wires. Others are left alone.

    Examples
    --------
    With its target at 0 a Toffoli gate computes AND, and a second one undoes it:

    >>> states = np.array([0b000, 0b010, 0b100, 0b110])
    >>> (apply_gate(TOFFOLI, states) & 1).tolist()
    [0, 0, 0, 1]
    >>> apply_gate(TOFFOLI, apply_gate(TOFFOLI, states)).tolist()
    [0, 2, 4, 6]
    """
    table, state = _table("gate", gate), whole("states", states)
    width = table.size.bit_length() - 1
    if table.size < 2 or table.size != 2**width or not np.array_equal(np.sort(table), np.arange(table.size)):
        raise ValueError(f"gate must be a permutation of 0 to 2**w - 1, got {table.tolist()}")
    line = whole("wires", np.arange(width)[::-1] if wires is None else wires)
    if line.shape != (width,) or np.unique(line).size != width or np.any(line > 52):
        raise ValueError(f"wires must be {width} different numbers from 0 to 52, got {line.tolist()}")
    bit = np.int64(1) << line
    weight = np.int64(1) << np.arange(width)[::-1]
    pattern = ((state[..., None] & bit) != 0) @ weight
    new_bits = (table[pattern][..., None] & weight) != 0
    result = (state & ~bit.sum()) | (new_bits @ bit)
    return int(result) if np.ndim(result) == 0 else result


def _table(name: str, value: ArrayLike) -> Integers:
    """Return a truth table as integers, refusing anything but one row of them."""
    table = whole(name, value)
    if table.ndim != 1 or table.size == 0:
        raise ValueError(f"{name} must be one row of whole numbers, got shape {table.shape}")
    return table
