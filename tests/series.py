"""Read what a figure shows by its label, as its table of data names it."""

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.container import BarContainer, ErrorbarContainer


def series(ax, name):
    """Return x and y of the one line, bars or cloud of points with this label; of bars, place and height.

    Of a band, the ends at each x stand side by side in y, and so do the ends of horizontal or vertical lines.
    """
    artists = [*ax.lines, *ax.containers, *ax.collections, *ax.patches]
    found = [artist for artist in artists if artist.get_label() == name]
    if len(found) != 1:
        known = sorted({str(artist.get_label()) for artist in artists} - {""})
        raise AssertionError(f"{len(found)} series called {name!r}; there are {known}")
    artist = found[0]
    if isinstance(artist, ErrorbarContainer):
        artist = artist.lines[0]
    if isinstance(artist, BarContainer):
        flat = artist.orientation == "horizontal"
        places = [bar.get_y() if flat else bar.get_x() for bar in artist]
        return np.array(places), np.array([bar.get_width() if flat else bar.get_height() for bar in artist])
    if isinstance(artist, PathCollection):
        return np.asarray(artist.get_offsets()).T
    if isinstance(artist, LineCollection):
        ends = np.array(artist.get_segments())
        return ends[:, :, 0], ends[:, :, 1]
    if isinstance(artist, PolyCollection):
        corners = np.concatenate([path.vertices for path in artist.get_paths()])
        at = np.unique(corners[:, 0])
        edges = [corners[corners[:, 0] == x, 1] for x in at]
        return at, np.array([[edge.min(), edge.max()] for edge in edges])
    return np.asarray(artist.get_xdata(), float), np.asarray(artist.get_ydata(), float)
