"""Drawings, tables and counts of the chapter on Shannon's theory and distributed training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray
from scipy import constants
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from frontier import decoder, registry, shannon
from frontier.chapters.which_binds_first import number
from frontier.show.progress import with_progress
from frontier.show.style import COLORS, CYCLE, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

Array = NDArray[Any]

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
ROOM = 300.0  # kelvin
BYTES = 2  # of a gradient in 16 bits
WORKERS = 1024  # that sum their gradients, wherever the chapter does not say otherwise
BACKWARD = 2 / 3  # of a step's arithmetic: the part during which gradients can already travel
SEQUENCE = 2048  # tokens that GPT-3 sees at once (Brown et al. 2020, section 2.1)
FROM_32 = 270  # the least compression of Lin et al. 2018; ResNet-50's 97 MB are 25.6 million times 32 bits
FEWER = FROM_32 * BYTES / 4  # the same from the chapter's own 16 bits
RUNS = 3  # of the training that compares ways to send gradients
GROUP = 64  # chips that share one copy of the model: our assumption, so that it fits

# The code of Ethernet's fast lanes (Intel 2018): symbols in a block, mended for sure, bits of a symbol.
BLOCK, MENDED, SYMBOL = 544, 15, 10
TOLERATED = 1e-12  # blocks that may fail
LINKS = (
    "TPU host PCIe",
    "TPU data-centre network",
    "Llama 3 network",
    "TPU v5p ICI link",
    "NVLink 4",
    "19-core fibre",
)
RATES = (25e9, 50e9, 100e9, 200e9, 400e9, 800e9, 1.6e12, 3.6e12, 1.02e15)  # bits/s, of the slider
WORDS = {64: 4000, 256: 2000, 1024: 600, 4096: 200}  # sent at each noise level, by length of the code


def short(seconds: float) -> str:
    """Write a time in the unit people would use."""
    if seconds >= 1:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{float(f'{seconds * 1e3:.2g}'):g} ms"


# --- A lane of Ethernet against Shannon --------------------------------------------------------------


class Lane(NamedTuple):
    """One lane: errors it may make before they are mended, the S/N for that, and its capacity in bits/s."""

    error_rate: float
    snr: float
    rate: float
    capacity: float

    @property
    def share(self) -> float:
        """Share of the capacity that is used."""
        return self.rate / self.capacity


def block_loss(error_rate: float) -> float:
    """Return the chance that a block of Ethernet's code is lost when bits err independently."""
    wrong = -np.expm1(SYMBOL * np.log1p(-error_rate))
    return float(shannon.block_failure(BLOCK, MENDED, wrong))


def blocks_a_second() -> float:
    """Return the blocks of Ethernet's code that pass on a lane in a second, at two bits a symbol."""
    return 2 * number(registry.find("Ethernet lane of 100G"), "symbol_rate") / (BLOCK * SYMBOL)


def four_level_error_rate(snr: ArrayLike) -> Any:
    """Return the share of wrong bits of four even levels in Gaussian noise: 3/4 Q(sqrt(snr/5)).

    Levels -3, -1, 1, 3 have the mean square 5; the inner ones err to both sides; neighbours differ in one
    bit of two.
    """
    return 0.75 * ndtr(-np.sqrt(np.asarray(snr) / 5))


def lane() -> Lane:
    """Return the lane of 100 Gb/s at the least signal-to-noise ratio at which its code still copes."""
    line = registry.find("Ethernet lane of 100G")

    def excess(log_rate: float) -> float:
        return float(np.log(block_loss(np.exp(log_rate)) / TOLERATED))

    error_rate = float(np.exp(brentq(excess, np.log(1e-5), np.log(1e-2))))
    snr = float(brentq(lambda x: float(four_level_error_rate(x)) - error_rate, 1, 1000))
    capacity = float(shannon.awgn_capacity(number(line, "symbol_rate") / 2, snr))
    return Lane(error_rate, snr, number(line, "bit_rate"), capacity)


# --- GPT-3's gradients -------------------------------------------------------------------------------


def message(model: registry.Entry) -> float:
    """Return the bytes of all gradients of a model."""
    return BYTES * number(model, "n_params")


def step_time(model: registry.Entry, chip: registry.Entry) -> float:
    """Return the seconds of one step of a training run, from its batch, its chips and their use."""
    flop = 6 * number(model, "n_params") * number(model, "batch_tokens")
    return flop / (number(model, "n_chips") * number(model, "mfu") * number(chip, "flop_per_second"))


def all_reduce(n_bytes: float, bit_rate: float) -> float:
    """Return the seconds in which a ring of the chapter's workers sums a message, latency left out."""
    return float(shannon.ring_allreduce_time(n_bytes, WORKERS, bit_rate / 8))


def link_times(n_bytes: float) -> dict[str, float]:
    """Return the seconds of an all-reduce over each of the chapter's links."""
    return {name: all_reduce(n_bytes, number(registry.find(name), "bit_rate")) for name in LINKS}


def link_table(n_bytes: float, step: float) -> Table[dict[str, str]]:
    """Return what each link carries, what an all-reduce takes over it, and how many steps that is."""
    rows = [
        {
            "link": name,
            "Gb/s": f"{number(registry.find(name), 'bit_rate') / 1e9:,.0f}",
            "all-reduce": short(time),
            "share of a step": f"{time / step:.0%}" if time > 0.01 * step else f"{time / step:.2%}",
        }
        for name, time in link_times(n_bytes).items()
    ]
    return Table(rows, caption="GPT-3's gradients, summed over links of one direction's rate")


def ladder(ax: Axes, n_bytes: float, at_capacity: float, compressed: float, step: float) -> str:
    """Draw the time of an all-reduce over each link; for one of them also at capacity and compressed."""
    times = link_times(n_bytes)
    for y, (name, time) in enumerate(times.items()):
        ax.plot(time, y, "o", color=BLUE, markersize=7, label=name)
    y = list(times).index("Llama 3 network")
    now = times["Llama 3 network"]
    ax.plot(now * at_capacity, y, "D", color=VERMILLION, markersize=6, label="Llama 3 network at capacity")
    ax.plot(now / compressed, y, "s", color=GREEN, markersize=6, label="Llama 3 network, compressed")
    ax.plot([now / compressed, now], [y, y], color="gray", linestyle=":", linewidth=1)
    ax.axvline(step, color="black", linestyle="--", linewidth=0.8, label="one step of GPT-3")
    label(ax, now * at_capacity, y, "at capacity", ha="right", gap=5)
    label(ax, now / compressed, y, "compressed", ha="center", va="top", gap=6)
    label(ax, step, len(times) - 0.6, "one step of GPT-3", ha="right", va="top", gap=3)
    ax.set_yticks(range(len(times)), [f"{name}\n{short(t)}" for name, t in times.items()], fontsize=9)
    log_axis(ax.xaxis)
    ax.set(xlim=(2e-3, 2e2), ylim=(-0.5, len(times) - 0.4), xlabel="Seconds for one sum of all gradients")
    ax.grid(axis="x", color="gray", alpha=0.25, linewidth=0.5)
    ax.tick_params(axis="y", length=0)
    told = ", ".join(f"{name} {short(time)}" for name, time in times.items())
    return (
        f"Time to sum GPT-3's gradients, on a logarithmic axis: {told}. For the Llama 3 network also "
        f"{short(now * at_capacity)} at capacity and {short(now / compressed)} compressed. A dashed line "
        f"marks a step of GPT-3's training, {short(step)}."
    )


# --- Codes -------------------------------------------------------------------------------------------


def decibel(ratio: Any) -> Any:
    """Return a ratio in decibels, the unit of the chapter's drawings and of nothing else."""
    return 10 * np.log10(ratio)


def noise_levels(length: int) -> Array:
    """Return the Eb/N0 at which a code of this length is simulated: from too noisy to comfortable."""
    low, top, step = {64: (0.5, 5, 0.5), 256: (0.5, 4, 0.5), 1024: (0.5, 3, 0.5), 4096: (1, 2.25, 0.25)}[
        length
    ]
    return np.asarray(10 ** (np.arange(low, top + 0.01, step) / 10))


def simulate(length: int) -> shannon.ErrorRates:
    """Send random words in a polar code of rate one half through noise of several strengths."""
    code = shannon.polar(length)
    return shannon.simulate_code(code, noise_levels(length), n_words=WORDS[length], seed=length)


def waterfall(ax: Axes, runs: Mapping[int, shannon.ErrorRates]) -> str:
    """Draw how many words are lost against the energy for each bit, for codes of several lengths."""
    limit = float(shannon.binary_input_ebn0_limit(0.5))
    for (length, run), colour, marker in zip(runs.items(), CYCLE, "osD^", strict=False):
        x, y = decibel(run.ebn0), np.asarray(run.word_error_rate)
        seen = y * run.n_words > 2.5  # fewer lost words say nothing
        bars = [np.clip(y - run.word_low, 0, None)[seen], np.clip(run.word_high - y, 0, None)[seen]]
        ax.errorbar(
            x[seen],
            y[seen],
            bars,
            color=colour,
            marker=marker,
            markersize=4,
            linewidth=1.2,
            label=f"{length:,} bits",
        )
        last = np.flatnonzero(seen)[-1]
        if length == max(runs):
            label(ax, x[last], y[last], f"{length:,} bits", ha="right", va="top", gap=4)
        else:
            label(
                ax, x[last], np.asarray(run.word_low)[last], f"{length:,} bits", ha="center", va="top", gap=2
            )
    ax.axvline(decibel(limit), color="black", linestyle="--", linewidth=1, label="Shannon's limit")
    label(ax, decibel(limit), 1.5e-4, "Shannon's limit", gap=4)
    ax.axvspan(-0.4, decibel(limit), facecolor="gray", alpha=0.15)
    log_axis(ax.yaxis)
    ax.set(xlim=(-0.4, 5.4), ylim=(1e-4, 1.3), xlabel="Energy per data bit, Eb/N0 (dB)")
    title(ax, "Share of words received wrong")
    told = "; ".join(
        f"{length:,} bits: one word in ten at {decibel(needed(run, 0.1)):.1f} dB"
        for length, run in runs.items()
    )
    return (
        f"Share of words received wrong against energy per bit, falling curves that grow steeper and move "
        f"left with the length of the code, towards a line at {decibel(limit):.2f} dB: {told}."
    )


def needed(run: shannon.ErrorRates, share: float) -> float:
    """Return the Eb/N0 at which a code loses this share of words, between two simulated ones."""
    y = np.maximum.accumulate(np.asarray(run.word_error_rate)[::-1])[::-1]
    with np.errstate(divide="ignore"):
        x = np.interp(-np.log(share), -np.log(np.maximum(y, 1e-9)), decibel(run.ebn0))
    return float(10 ** (x / 10))


def energy_table(run: shannon.ErrorRates) -> Table[dict[str, str]]:
    """Return energies of a bit, from Shannon's limit to a transceiver, in joules and over kT ln 2."""
    floor = constants.k * ROOM * np.log(2)
    end = registry.find("Transceiver of 400G")
    rows = {
        "Landauer: one bit erased": floor,
        "Shannon: one bit received, bandwidth free": float(shannon.ebn0_limit(0)) * constants.k * ROOM,
        "the same, half a bit a symbol": float(shannon.ebn0_limit(1)) * constants.k * ROOM,
        "our code of 4,096, one word in ten lost": needed(run, 0.1) * constants.k * ROOM,
        "one transceiver of 400 Gb/s": number(end, "power") / number(end, "bit_rate"),
    }
    return Table(
        [
            {
                "one bit": name,
                "joules": scientific(joules, 3),
                "over kT ln 2": compact_number(joules / floor, 3),
            }
            for name, joules in rows.items()
        ],
        caption="Energy for one bit, with the noise of room temperature",
    )


# --- How many chips ----------------------------------------------------------------------------------


def efficiency(chips: ArrayLike, bytes_per_second: float, batch: float, overlap: float) -> Any:
    """Return the share of time in which chips compute, training GPT-3's size with a fixed batch.

    H100 chips at Llama 3's use of their peak; groups of `GROUP` chips share a copy of the model, each holds
    its part of the gradients and sums it with its peers, in a ring or a tree, whichever is quicker. What
    travels within a group is left out.
    """
    p = np.asarray(chips)
    size = number(registry.find("GPT-3"), "n_params")
    peak = number(registry.find("H100 SXM5"), "flop_per_second")
    use = number(registry.find("Llama 3.1 405B"), "mfu") * peak
    wait = number(registry.find("NCCL over a network"), "duration")
    part, copies = BYTES * size / GROUP, p // GROUP
    pieces = np.sqrt(np.log2(np.maximum(copies, 2)) * part / (bytes_per_second * wait))  # nearly the best
    ring = shannon.ring_allreduce_time(part, copies, bytes_per_second, wait)
    tree = shannon.tree_allreduce_time(part, copies, bytes_per_second, wait, np.maximum(1, pieces.round()))
    return shannon.scaling_efficiency(6 * size * batch / (p * use), np.minimum(ring, tree), overlap)


def copy_limit(batch: float) -> int:
    """Return the most copies of the model that a batch can feed, one sequence of GPT-3 each."""
    return int(batch // SEQUENCE)


def group_sizes(batch: float, n: int = 2001) -> Array:
    """Return numbers of chips, in whole groups, up to what the batch can feed."""
    return np.unique(np.geomspace(1, copy_limit(batch), n).round().astype(int)) * GROUP


def most_chips(bytes_per_second: float, batch: float, overlap: float, least: float = 0.9) -> int:
    """Return the most chips, in whole groups, that stay at this efficiency."""
    groups = group_sizes(batch)
    good = efficiency(groups, bytes_per_second, batch, overlap) >= least
    return int(groups[good][-1])


def busy_chips(link: str) -> int:
    """Return the most chips that such a link each keeps busy, with GPT-3's batch and overlap."""
    rate, batch = (number(registry.find(link), "bit_rate"), number(registry.find("GPT-3"), "batch_tokens"))
    return most_chips(rate / 8, batch, BACKWARD)


def scaling(ax: Axes, bytes_per_second: float, batch: float) -> str:
    """Draw efficiency against the number of chips, with and without overlap; say how far it goes."""
    groups = group_sizes(batch, 120)
    for overlap, colour, style, words in (
        (BACKWARD, BLUE, "-", "overlapped"),
        (0.0, VERMILLION, "--", "one after\nthe other"),
    ):
        y = efficiency(groups, bytes_per_second, batch, overlap)
        ax.plot(groups, y, color=colour, linestyle=style, linewidth=1.8, label=words.replace("\n", " "))
        k = int(np.flatnonzero(y >= (1 if overlap else 0.6))[-1])
        label(ax, groups[k], y[k], words, ha="right", va="bottom" if overlap else "top", gap=4)
    ax.axvline(groups[-1], color="black", linestyle=":", linewidth=1, label="one sequence a copy")
    label(ax, groups[-1], 0.5, "one sequence\na copy", gap=3)
    log_axis(ax.xaxis)
    ax.set(xlim=(64, 6e6), ylim=(0, 1.15), xlabel="Chips (H100)")
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    title(ax, "Share of the time spent computing")
    far, near = (most_chips(bytes_per_second, batch, overlap) for overlap in (BACKWARD, 0.0))
    return (
        f"With {speed(bytes_per_second * 8)}, 90% of the time is spent computing up to "
        f"{compact_number(far)} chips, or up to {compact_number(near)} without overlap."
    )


def tokens(n: float) -> str:
    """Write a number of tokens."""
    return f"{compact_number(n)} tokens"


def speed(bits_per_second: float) -> str:
    """Write the rate of a link."""
    return f"{bits_per_second / 1e9:,.0f} Gb/s"


# --- Gradients with fewer bits -----------------------------------------------------------------------


def gradient(weights: decoder.Weights, windows: ArrayLike) -> list[Array]:
    """Return the gradient of some text, one array for each matrix of weights."""
    slopes = decoder.loss_and_gradient(weights, windows)[1]
    return [slopes.embedding, *(matrix for layer in slopes.layers for matrix in layer)]


def gradients_one_by_one(weights: decoder.Weights, windows: ArrayLike) -> Array:
    """Return the gradient of each window by itself, as rows."""
    rows = [gradient(weights, window[None]) for window in np.asarray(windows)]
    return np.array([np.concatenate([matrix.ravel() for matrix in row]) for row in rows])


def rounding_error(slopes: Sequence[Array], bits: int) -> float:
    """Return the squared error of rounding each matrix to so many bits a value, over the squares of all."""
    lost = sum(np.sum((shannon.quantize_gradient(m, bits).values - m) ** 2) for m in slopes)
    return float(lost / sum(np.sum(m**2) for m in slopes))


def fitted_error(slopes: Sequence[Array], bits: int, rounds: int = 100) -> float:
    """Return the error of rounding with levels fitted to each matrix itself, by the method of Lloyd.

    It starts from the levels for Gaussian values and can only get better: each value goes to the nearest
    level, each level to the mean of its values.
    """
    lost = 0.0
    for m in slopes:
        x, n = m.ravel(), 2**bits
        levels = np.sqrt(np.mean(x**2)) * shannon.lloyd_max(bits).levels
        for _ in range(rounds):
            cell = np.searchsorted((levels[1:] + levels[:-1]) / 2, x)
            count = np.bincount(cell, minlength=n)
            levels = np.where(count, np.bincount(cell, x, n) / np.maximum(count, 1), levels)
        lost += float(np.min(np.abs(x[:, None] - levels) ** 2, axis=1).sum())
    return lost / sum(float(np.sum(m**2)) for m in slopes)


def gaussian_share(share: float) -> float:
    """Return which part of all squares the largest of Gaussian values hold: share + 2 t phi(t)."""
    t = -ndtri(share / 2)  # beyond it, on both sides, lies this share
    return float(share + 2 * t * np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi))


def kept_largest(slopes: Sequence[Array], share: float) -> tuple[float, float]:
    """Return bits a value and squared error if only the largest are sent, in 16 bits, with their places."""
    squares = np.sort(np.concatenate([m.ravel() for m in slopes]) ** 2)[::-1]
    n = max(1, round(share * squares.size))
    bits = 16 * n / squares.size + float(shannon.binary_entropy(n / squares.size))
    return bits, float(squares[n:].sum() / squares.sum())


def rate_distortion(ax: Axes, slopes: Sequence[Array]) -> str:
    """Draw error against bits for Gaussian values, and for a gradient: rounded, or only its largest sent."""
    bits = np.arange(1, 7)
    line = np.linspace(0, 6, 50)
    table = [shannon.lloyd_max(int(b)).distortion for b in bits]
    own = [rounding_error(slopes, int(b)) for b in bits]
    sparse = np.array([kept_largest(slopes, share) for share in (0.003, 0.01, 0.03, 0.06)])
    least = np.asarray(shannon.gaussian_distortion(1, sparse[:, 0]))
    where = ["below" if error < limit else "above" for error, limit in zip(sparse[:, 1], least, strict=True)]
    ax.plot(
        line,
        shannon.gaussian_distortion(1, line),
        color="black",
        linestyle="-",
        linewidth=1.2,
        label="limit for Gaussian values",
    )
    ax.plot(
        bits,
        table,
        color=BLUE,
        linestyle="--",
        marker="o",
        markerfacecolor="none",
        markersize=5,
        label="rounded: Gaussian",
    )
    ax.plot(
        bits, own, color=VERMILLION, linestyle="-.", marker="s", markersize=5, label="rounded: a gradient"
    )
    ax.plot(
        *sparse.T,
        color=GREEN,
        linestyle=":",
        marker="D",
        markersize=5,
        label="largest only: the same gradient",
    )
    label(
        ax,
        3.2,
        shannon.gaussian_distortion(1, 3.2),
        "limit for\nGaussian values",
        ha="right",
        va="top",
        gap=6,
    )
    label(ax, bits[4], table[4], "rounded: Gaussian", gap=3)
    label(ax, bits[3], own[3], "rounded: a gradient", gap=5)
    label(ax, 0.05, 0.07, "largest only:\nthe same\ngradient", va="top", gap=2)
    log_axis(ax.yaxis)
    ax.set(xlim=(0, 7.4), ylim=(2e-4, 1.6), xlabel="Bits for each value")
    title(ax, "Squared error, over the squares of all")
    return (
        f"Squared error against bits a value. Limit for Gaussian values: a quarter for each bit more. "
        f"Gaussian values rounded one by one: {table[1]:.2g} at 2 bits. A gradient at the end of training "
        f"rounded to the same levels: {own[1]:.2g} at 2 bits, {own[3]:.2g} at 4. Of the same gradient only "
        f"the largest 1% sent: {sparse[1, 1]:.2g} at {sparse[1, 0]:.2g} bits, {where[1]} the limit for "
        f"Gaussian values, {least[1]:.2g}. The largest 3%: {sparse[2, 1]:.2g} at {sparse[2, 0]:.2g} bits, "
        f"{where[2]} the limit, {least[2]:.2g}."
    )


Send = Callable[[int, list[Array]], list[Array]]


def with_memory(send: Callable[[Array], Array], *, remember: bool = True) -> Send:
    """Return a sender that adds to each gradient what it failed to send of the last, if it remembers."""
    rest: dict[tuple[int, int], Array] = {}

    def send_all(worker: int, slopes: list[Array]) -> list[Array]:
        arrived = []
        for k, own in enumerate(slopes):
            wanted = own + rest.get((worker, k), 0) if remember else own
            arrived.append(send(wanted))
            rest[worker, k] = wanted - arrived[-1]
        return arrived

    return send_all


def round_to(bits: int) -> Callable[[Array], Array]:
    """Return a function that rounds a matrix to so many bits a value."""
    return lambda m: shannon.quantize_gradient(m, bits).values


def largest(share: float) -> Callable[[Array], Array]:
    """Return a function that keeps only the largest values of a matrix."""

    def keep(m: Array) -> Array:
        n = max(1, round(share * m.size))
        return np.where(np.abs(m) >= np.partition(np.abs(m).ravel(), -n)[-n], m, 0)

    return keep


SENDERS: dict[str, tuple[float, Callable[[], Send | None]]] = {
    "everything": (32, lambda: None),
    "4 bits": (4, lambda: with_memory(round_to(4), remember=False)),
    "2 bits": (2, lambda: with_memory(round_to(2), remember=False)),
    "2 bits, error kept for the next step": (2, lambda: with_memory(round_to(2))),
    "largest 1%, rest kept for the next step": (
        0.01 * 16 + float(shannon.binary_entropy(0.01)),
        lambda: with_memory(largest(0.01)),
    ),
}
"""Ways to send a gradient: bits a value, and a fresh sender."""


def trained(windows: ArrayLike, held_out: ArrayLike, runs: int = RUNS) -> dict[str, Array]:
    """Return the losses of two workers' models on new text, for each way to send their gradients.

    Each run has its own first weights and its own order of the text, the same for every way.
    """
    text = np.asarray(windows)
    losses: dict[str, list[float]] = {name: [] for name in SENDERS}
    cases = [(seed, name) for seed in range(runs) for name in SENDERS]
    for seed, name in with_progress(cases, "Training models"):
        order = np.random.default_rng(seed).permutation(len(text))
        _bits, sender = SENDERS[name]
        options: dict[str, Any] = {"seed": seed, "dtype": np.float64, "workers": 2, "send": sender()}
        model = decoder.train(16, 1, text[order], rate=0.02, batch=8, **options)
        losses[name].append(decoder.loss(model, held_out))
    return {name: np.array(found) for name, found in losses.items()}


def extra(losses: Mapping[str, Array], name: str) -> str:
    """Write how much more loss a way to send leaves, run by run: mean, least and most."""
    more = losses[name] - losses["everything"]
    return f"{more.mean():.2f} ({more.min():.2f} to {more.max():.2f})"


def training_table(losses: Mapping[str, Array]) -> Table[dict[str, str | None]]:
    """Return the loss after training for each way to send gradients."""
    rows: list[dict[str, str | None]] = [
        {
            "sent": name,
            "bits a value": f"{SENDERS[name][0]:.3g}",
            "times fewer": f"{32 / SENDERS[name][0]:.0f}",
            "loss, nats": f"{found.mean():.2f}",
            "extra loss (least to most)": None if name == "everything" else extra(losses, name),
        }
        for name, found in losses.items()
    ]
    return Table(rows, caption="Loss on new text after 200 steps of two workers, mean of the runs")


def batch_table(multiples: Sequence[float]) -> Table[dict[str, str]]:
    """Return what a batch costs in steps and in examples, by multiples of the critical one."""
    rows = []
    for multiple in multiples:
        cost = shannon.batch_cost(multiple, 1)
        rows.append(
            {
                "batch over critical": f"{multiple:g}",
                "steps over fewest": f"{cost.steps:.2f}",
                "compute over least": f"{cost.examples:.2f}",
            }
        )
    return Table(rows, caption="The price of a batch, to reach the same loss")
