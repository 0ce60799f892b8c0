"""Refusing bad input in one voice: the argument, the rule, the offending value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import reduce
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = float | NDArray[np.float64]


def real(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return `value` as a float array, refusing what is not finite real numbers."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must not be a masked array: its mask would be lost")
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # integers beyond 64 bits, fractions, decimals
            numbers = (isinstance(x, (Real, Decimal)) and not isinstance(x, bool) for x in array.flat)
            array = array.astype(float) if all(numbers) else np.asarray("not numbers")
    except (ValueError, OverflowError):
        raise ValueError(f"{name} must be finite numbers in a regular array, got {value!r}") from None
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers, got {value!r}")
    array = array.astype(float)
    _refuse(name, "finite", array, ~np.isfinite(array))
    return array


def positive(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return `value` as a float array, refusing anything not above zero."""
    array = real(name, value)
    _refuse(name, "positive", array, array <= 0)
    return array


def at_least(name: str, value: ArrayLike, least: float) -> NDArray[np.float64]:
    """Return `value` as a float array, refusing anything below `least`."""
    array = real(name, value)
    _refuse(name, f"at least {least:g}", array, array < least)
    return array


def between(name: str, value: ArrayLike, least: float, most: float) -> NDArray[np.float64]:
    """Return `value` as a float array, refusing anything outside `least` to `most`, ends included."""
    array = real(name, value)
    _refuse(name, f"between {least:g} and {most:g}", array, (array < least) | (array > most))
    return array


def whole(name: str, value: ArrayLike, least: int = 0) -> NDArray[np.int64]:
    """Return `value` as an integer array, refusing fractions and anything below `least`."""
    array = at_least(name, value, least)
    given = np.asarray(value)  # what it was before it was rounded to a float
    _refuse(name, "a whole number", given, given != np.floor(given))
    _refuse(name, f"at most {2**53}", given, given > 2**53)  # beyond, floats skip whole numbers
    return array.astype(np.int64)


def single(name: str, array: NDArray[Any]) -> Any:
    """Return the number in an array without axes, refusing an array of several."""
    if array.ndim:
        raise ValueError(f"{name} must be one number, got an array of shape {array.shape}")
    return array.item()


def share(name: str, value: float) -> float:
    """Return one number strictly between 0 and 1, such as the coverage of an interval."""
    part = float(single(name, real(name, value)))
    if not 0 < part < 1:
        raise ValueError(f"{name} must be between 0 and 1, got {_shortest(part)}")
    return part


def exact(name: str, value: Any) -> Fraction:
    """Return a real number as the fraction that it is: a float is a binary one."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    try:
        return Fraction(value)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        raise ValueError(f"{name} must be finite, got {value!r}") from None


def generator(seed: Any) -> np.random.Generator:
    """Return NumPy's random generator for a seed, refusing what NumPy cannot use."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as problem:
        rule = "seed must be something that numpy.random.default_rng takes"
        raise type(problem)(f"{rule}, got {seed!r}") from None


def above(name: str, value: ArrayLike, bound: ArrayLike, meaning: str = "") -> NDArray[np.float64]:
    """Return `value` as a float array, refusing anything not above `bound` (which broadcasts)."""
    array, limit = real(name, value), np.asarray(bound, dtype=float)
    bad = array <= limit
    if np.any(bad):
        worst = np.unravel_index(int(np.argmax(bad)), bad.shape)
        limit_there, value_there = (np.broadcast_to(x, bad.shape)[worst] for x in (limit, array))
        raise ValueError(f"{name} must be above {limit_there:.6g}{meaning}, got {_shortest(value_there)}")
    return array


def same_shape(**arrays: NDArray[np.float64]) -> None:
    """Refuse arguments that do not broadcast, naming each with its shape."""
    try:
        np.broadcast_shapes(*(a.shape for a in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {a.shape}" for name, a in arrays.items())
        raise ValueError(f"arguments must broadcast against each other, got {shapes}") from None


def refuse_where(bad: NDArray[np.bool_], rule: str, **arrays: NDArray[np.float64]) -> None:
    """Refuse arguments that do not fit each other, with their values at the first such place."""
    if np.any(bad):
        first = {name: np.broadcast_to(array, bad.shape)[bad][0] for name, array in arrays.items()}
        raise ValueError(f"{rule}, got {', '.join(f'{name} {_shortest(x)}' for name, x in first.items())}")


def all_positive(**values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return arguments as float arrays, refusing anything not above zero, and what does not broadcast."""
    arrays = {name: positive(name, value) for name, value in values.items()}
    same_shape(**arrays)
    return arrays


def one_of(name: str, value: object, known: Iterable[str]) -> str:
    """Return the known text that is meant, in whatever case; refuse any other with the nearest ones."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, got {value!r}")
    texts = list(known)
    if value in texts:
        return value
    same = [text for text in texts if text.lower() == value.lower()]
    if len(same) == 1:
        return same[0]
    short = {"".join(filter(str.isalnum, text.lower())): text for text in texts}
    wanted = "".join(filter(str.isalnum, value.lower()))
    inside = sorted((text for text in short if wanted and wanted in text), key=len)
    close = [short[text] for text in (inside or get_close_matches(wanted, short, n=3))[:3]]
    listed = ("; " if any("," in text for text in texts) else ", ").join(texts)
    rule = f"one of {listed}" if len(texts) <= 12 else f"one of {len(texts)} known, such as {texts[0]}"
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise ValueError(f"{name} must be {rule}, got {value!r}{hint}")


class ByValue:
    """Equality and hash of a frozen dataclass by its fields, arrays among them; needs ``eq=False``."""

    def __eq__(self, other: object) -> bool:
        """Say whether another of the same kind has the same values, arrays in the same shapes."""
        return isinstance(other, ByValue) and self._key() == other._key()

    def __hash__(self) -> int:
        """Make equal ones the same key of a dictionary."""
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        values = [getattr(self, field.name) for field in fields(self)]  # type: ignore[arg-type]
        arrays = [(x.shape, x.dtype.str, x.tobytes()) if isinstance(x, np.ndarray) else x for x in values]
        return (type(self), *arrays)


class Constants(ByValue):
    """A frozen dataclass of numbers or arrays above 0, of which it keeps private copies."""

    _may_be_zero: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        """Check the fields and keep private copies of arrays."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        zero = self._may_be_zero
        arrays = {k: at_least(k, v, 0) if k in zero else positive(k, v) for k, v in given.items()}
        same_shape(**arrays)
        for name, array in arrays.items():
            array.setflags(write=False)
            object.__setattr__(self, name, plain(array))


def words(**texts: object) -> None:
    """Refuse texts that are not, or say nothing."""
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{name} must not be empty, got {text!r}")


def overflowing() -> np.errstate:
    """Let a result overflow without a warning, for `plain` to refuse it."""
    return np.errstate(over="ignore", divide="ignore", invalid="ignore")


def plain(value: Float) -> Float:
    """Return a 0-d result as a Python float, anything larger as it is: scalar in, scalar out."""
    if not np.all(np.isfinite(value)):
        raise OverflowError("the result is too large for a floating-point number")
    return float(value) if np.ndim(value) == 0 else value


def above_zero(value: Float, but: ArrayLike = False) -> Float:
    """Return a result as `plain` does, refusing one too near to 0 for a float, `but` where 0 is right."""
    if np.any((np.abs(value) < np.finfo(float).tiny) & ~np.asarray(but)):
        raise OverflowError("the result is too small for a floating-point number")
    return plain(value)


def multiplied(*factors: ArrayLike, over: tuple[ArrayLike, ...] = ()) -> NDArray[np.float64]:
    """Multiply arrays and divide by others so that only the result need fit a float; where not, 0 or inf."""
    size, power = np.ones(()), np.zeros((), dtype=int)
    for factor, sign in [*((x, 1) for x in factors), *((x, -1) for x in over)]:
        mantissa, exponent = np.frexp(np.asarray(factor, dtype=float))
        size, carry = np.frexp(size * mantissa if sign > 0 else size / mantissa)
        power = power + sign * exponent + carry
    with overflowing():
        return np.asarray(np.ldexp(size, power))


def product(*factors: ArrayLike, over: tuple[ArrayLike, ...] = ()) -> Float:
    """Return what `multiplied` does, refusing a result that does not fit a float; a factor of 0 gives 0."""
    nothing = reduce(np.logical_or, (np.equal(factor, 0) for factor in factors))
    return above_zero(multiplied(*factors, over=over), but=nothing)


def near_power_of_two(values: NDArray[np.float64]) -> float:
    """Return a unit for numbers above 0 in which the largest is about 1, and no digit of any is lost."""
    return float(2.0 ** np.floor(np.log2(values.max())))


def _refuse(name: str, rule: str, array: NDArray[Any], bad: NDArray[np.bool_]) -> None:
    if bad.any():
        raise ValueError(f"{name} must be {rule}, got {_shortest(array[bad].flat[0])}")


def _shortest(value: float) -> str:
    """Write -7e9 as -7e+09, but 0.99999999 in full: it must not read like the bound it misses."""
    rounded = f"{float(value):.6g}"
    return rounded if float(rounded) == value else str(value)
