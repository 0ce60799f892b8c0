"""Numbers as people write them, in plain Unicode: for captions, tables, ticks and sentences."""

from __future__ import annotations

from frontier._checks import between, real, single, whole

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_WORDS = {1e12: " trillion", 1e9: " billion", 1e6: " million", 1e3: " thousand", 1: ""}


def power_of_ten(value: float, _position: object = None) -> str:
    """Write a power of ten, or a plain number near one. Fits Matplotlib's `FuncFormatter`.

    Examples
    --------
    >>> power_of_ten(1e24), power_of_ten(0.1), power_of_ten(100), power_of_ten(1)
    ('10²⁴', '0.1', '100', '1')
    """
    number = _finite(value)
    return f"{number:g}" if number == 0 or 1e-3 <= abs(number) <= 1e3 else scientific(number)


def scientific(value: float, digits: int = 2) -> str:
    """Write a number with its power of ten, rounded to `digits`.

    Examples
    --------
    >>> scientific(3.14e23), scientific(1e24), scientific(174.6e9, 4)
    ('3.1 × 10²³', '10²⁴', '1.746 × 10¹¹')
    """
    mantissa, exponent = f"{_finite(value):.{_digits(digits) - 1}e}".split("e")
    if float(mantissa) == 0:
        return "0"
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
    short = {1.0: power, -1.0: f"-{power}"}
    return short.get(float(mantissa), f"{mantissa} × {power}")


def compact_number(value: float, digits: int = 2) -> str:
    """Write a count with the words people use for it, rounded to `digits`.

    Examples
    --------
    >>> [compact_number(x) for x in (53e9, 1.07e12, 128e6, 20.4)]
    ['53 billion', '1.1 trillion', '130 million', '20']
    """
    rounded = float(f"{_finite(value):.{_digits(digits) - 1}e}") + 0.0  # minus zero is zero
    if abs(rounded) > 1e15:
        return scientific(value, digits)
    for size, word in _WORDS.items():
        if abs(rounded) >= size:
            return f"{rounded / size:,.12g}{word}"
    return f"{rounded:g}"


def in_time(seconds: float) -> str:
    """Write a time in the unit that people would use.

    Examples
    --------
    >>> in_time(0.5), in_time(7200), in_time(8.7e6), in_time(87e3)
    ('0.5 seconds', '2 hours', '100 days', '1 day')
    """
    units = {"years": 365.25 * 86_400, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
    name = next((unit for unit, size in units.items() if _finite(seconds) >= size), "seconds")
    count = compact_number(seconds / units[name])
    return f"{count} {name.removesuffix('s') if count == '1' else name}"


def plain_or_scientific(value: float) -> str:
    """Write every digit that was typed, with a power of ten where the number is long.

    Examples
    --------
    >>> plain_or_scientific(76.2), plain_or_scientific(174.6e9), plain_or_scientific(2e12)
    ('76.2', '1.746 × 10¹¹', '2 × 10¹²')
    """
    number = _finite(value)
    if number == 0 or 1e-3 <= abs(number) < 1e5:
        return f"{number:.12g}"
    digits = len(f"{number:.12e}".split("e")[0].rstrip("0").lstrip("-").replace(".", ""))
    return scientific(number, digits)


def _finite(value: float) -> float:
    return float(single("value", real("value", value)))


def _digits(digits: int) -> int:
    return int(single("digits", between("digits", whole("digits", digits), 1, 17)))
