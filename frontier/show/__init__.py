"""What shows things: style, picture, slider, table, words, progress, CSV.

Whatever a notebook needs stands here by its name; Matplotlib and ipywidgets are loaded when first used.

>>> from frontier.show import scientific
>>> scientific(3.14e23)
'3.1 × 10²³'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bars": ["bars"],
        "picture": ["Picture", "picture"],
        "progress": ["with_progress"],
        "residuals": ["residuals"],
        "series": ["as_csv"],
        "slider": ["Control", "Explorer", "explore"],
        "style": ["COLORS", "CYCLE", "dot", "figure", "label", "log_axis", "title", "without_y"],
        "table": ["Table"],
        "words": ["compact_number", "in_time", "plain_or_scientific", "power_of_ten", "scientific"],
    },
)
