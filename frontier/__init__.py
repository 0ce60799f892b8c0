"""The laws behind the limits of AI scaling, as plain functions on numbers and arrays.

Each submodule is loaded when it is first used, so ``import frontier`` is as quick as importing NumPy
and brings in neither Matplotlib nor ipywidgets.

What holds for every function: numbers go in and come out in SI units, unless a name says another (`days`,
`months`, `message_bytes`), information in bits, compute in FLOP, ratios linear. Arguments broadcast, scalars
give a plain float, and no argument is changed. Where there is chance, `seed` is anything that
`numpy.random.default_rng` takes. What makes no sense is refused, not clipped and not passed on: a number that
is not finite or not in the range that its description states, and shapes that do not broadcast, raise
ValueError; what is no number, and a masked array, TypeError; a result that does not fit a float, being too
large or too near to 0, OverflowError. The message names the argument, the rule and the offending value.

>>> from frontier import scaling
>>> allocation = scaling.BESIROGLU_2024.optimal(5.76e23)
>>> f"{allocation.n_tokens / allocation.n_params:.0f} tokens per parameter"
'18 tokens per parameter'
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "audit",
        "bekenstein",
        "binding",
        "brownian",
        "ceilings",
        "chapters",
        "codes",
        "compression",
        "decoder",
        "fitting",
        "forecasting",
        "growth",
        "inference",
        "knee",
        "landauer",
        "learning",
        "ledger",
        "measuring",
        "multitask",
        "network",
        "nofreelunch",
        "planning",
        "quantizers",
        "quantum",
        "registry",
        "relations",
        "runs",
        "scaling",
        "selfplay",
        "shannon",
        "show",
        "sweep",
        "transformer",
    ],
)
