"""The laws behind the limits of AI scaling, as plain functions on numbers and arrays.

Each submodule is loaded when it is first used, so ``import frontier`` is as quick as importing NumPy
and brings in neither Matplotlib nor ipywidgets.

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
        "chapters",
        "codes",
        "compression",
        "decoder",
        "fitting",
        "growth",
        "knee",
        "landauer",
        "ledger",
        "multitask",
        "network",
        "nofreelunch",
        "quantizers",
        "quantum",
        "registry",
        "scaling",
        "shannon",
        "show",
        "sweep",
    ],
)
