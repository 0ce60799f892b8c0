"""What a program's games against itself take: operations counted from the algorithm, energy, Elo.

The time that all chips played makes the moves, each move takes so many evaluations of a network, each of
these so many operations. A chip's peak rate does not enter, so it can check the count.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import constants
from scipy.special import expit

from frontier import landauer
from frontier._checks import (
    Float,
    above_zero,
    all_positive,
    overflowing,
    positive,
    product,
    real,
    share,
    single,
)
from frontier.registry import Range, find, number


class SelfPlay(NamedTuple):
    """What games against itself took, as `self_play` returns it.

    `plies` are the moves of one side in a game, `flop` the operations for one position; `peak_share` is the
    share of all operations in what the chips can do: above 1, the assumptions contradict one another.
    """

    plies: float
    flop: float
    operations: Range
    peak_share: float
    energy: Range

    @property
    def energy_per_operation(self) -> Range:
        """Joules for each operation; the ends take the kindest and the harshest of both counts."""
        joules, ops = self.energy, self.operations
        return Range(joules.value / ops.value, joules.low / ops.high, joules.high / ops.low)

    def overhead(self, bits_per_op: float, temperature: float = 300.0) -> Range:
        """How many times Landauer's bound was spent, if each operation erased so many bits."""
        each = (landauer.overhead(x, bits_per_op, temperature) for x in self.energy_per_operation)
        return Range(*map(float, each))


def convolutional_flop(
    side: ArrayLike, planes: ArrayLike, n_filters: ArrayLike, n_blocks: ArrayLike, kernel: ArrayLike
) -> Float:
    """FLOP of one position in a network of convolutions: 2 s^2 k^2 f (p + 2 b f), two for each multiply-add.

    The heads that give an opinion of moves and position are left out: little more than one layer.

    Parameters
    ----------
    side, planes, n_filters, n_blocks, kernel : array_like
        Squares s along a side of the board and planes p that describe the position; filters f of each
        convolution, blocks b of two convolutions after a first one, and squares k along a side of a filter.
        All above 0; they broadcast.

    Examples
    --------
    AlphaZero's network for chess (Silver et al., Science 362, 1140, 2018):

    >>> convolutional_flop(side=8, planes=119, n_filters=256, n_blocks=19, kernel=3)
    2903998464.0
    """
    s, p, f, b, k = all_positive(
        side=side, planes=planes, n_filters=n_filters, n_blocks=n_blocks, kernel=kernel
    ).values()
    with overflowing():
        return product(2, s, s, k, k, f, p + 2 * b * f)


def self_play(
    n_chips: float,
    duration: float,
    move_time: float,
    n_simulations: float,
    flop: float,
    *,
    n_games: float,
    peak: float,
    power: ArrayLike,
    least: float = 0.5,
) -> SelfPlay:
    """Count the operations of games from their time: chips x seconds / time of a move x simulations x FLOP.

    Energy is that of these chips alone: without hosts, cooling and the chips that train the network.

    Parameters
    ----------
    n_chips, duration, n_games : float
        Chips that played, the seconds for which all of them did, and the games.
    move_time : float
        Seconds that a chip thinks about a move, one move at a time.
    n_simulations, flop : float
        Evaluations of the network for a move, and operations of each: see `convolutional_flop`.
    peak, power : float, float or Range
        Operations per second of a chip at most; watts of a chip, with its least and most if they are known.
    least : float
        Share of the count that there was at least, between 0 and 1: half is our allowance.
    """
    given = {"n_chips": n_chips, "duration": duration, "move_time": move_time, "n_simulations": n_simulations}
    given |= {"flop": flop, "n_games": n_games, "peak": peak}
    numbers = [single(name, positive(name, value)) for name, value in given.items()]
    chips, time, move, simulations, each, games, rate = numbers
    watts = positive("power", power)
    if watts.shape not in ((), (3,)):
        raise ValueError(f"power must be one number, or a value, its least and most, got shape {watts.shape}")
    count = (chips, time, simulations, each)
    done, most = float(product(*count, over=(move,))), float(product(chips, time, rate))
    operations = Range(done, float(product(*count, share("least", least), over=(move,))), most)
    energy = Range(*np.broadcast_to(product(watts, chips, time), 3).tolist())
    plies, busy = product(chips, time, over=(move, games)), product(simulations, each, over=(move, rate))
    return SelfPlay(float(plies), each, operations, float(busy), energy)


def expected_score(elo: ArrayLike) -> Float:
    """Share of the points that a player wins, a draw being half, `elo` ahead: 1 / (1 + 10^(-elo / 400)).

    Parameters
    ----------
    elo : array_like
        How far the player's Elo rating is above the other's; may be negative.

    Examples
    --------
    Silver et al. (Nature 529, 484, 2016): a gap of 230 points is a 79% chance to win:

    >>> round(expected_score(230), 2)
    0.79
    """
    return above_zero(expit(real("elo", elo) * (np.log(10) / 400)))


def alphazero(game: str) -> SelfPlay:
    """Count AlphaZero's games against itself from published facts, all of one run.

    Parameters
    ----------
    game : str
        ``"chess"``, ``"shogi"`` or ``"Go"``, as in Science 2018, or the shorter ``"Go, preprint"`` of 2017.

    Examples
    --------
    The length of a game was not published:

    >>> [round(alphazero(game).plies) for game in ("chess", "shogi", "Go")]
    [92, 112, 201]

    The only published estimate of its compute, 3.67e22 FLOP, is of the shorter run (see the registry):

    >>> f"{alphazero('Go, preprint').operations.value:.2e}"
    '3.97e+22'
    """
    name = f"AlphaZero ({game})"
    body = (number("AlphaZero", quantity) for quantity in ("n_filters", "n_blocks", "kernel"))
    return self_play(
        number(name, "n_chips"),
        number(name, "training_days") * constants.day,
        number(f"A move of AlphaZero, {game.partition(',')[0]}", "duration"),
        number("AlphaZero's search", "count"),
        float(convolutional_flop(number(name, "board_side"), number(name, "input_planes"), *body)),
        n_games=number(name, "n_games"),
        peak=number("TPU v1", "int8_per_second"),
        power=find("TPU v1").power.range,
    )
