"""The picture that stands for a page where somebody shares its address: its title and its first figure.

1200 x 630 pixels, the size that networks ask for. resvg draws it, with the fonts that come with Matplotlib
and no others, so every machine draws the same. No page loads it.
"""

import html
import io
from pathlib import Path

import matplotlib
import resvg_py
from PIL import Image, ImageFont

from frontier.show.picture import own_colours

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
FIGURE = 640  # left edge of the figure
PAPER, INK, MUTED, BLUE = "#fffefb", "#23262b", "#565d66", "#14507a"  # the light page of frontier.css
FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")
PLAIN, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"


def wrap(text, size, width):
    """Break bold text into lines of at most so many pixels; a longer word stands alone."""
    font, lines = ImageFont.truetype(BOLD, size), []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def place(svg, x, y, width, height):
    """Return a drawing of a page with colours of its own, at a place of the card."""
    box = f'x="{x}" y="{y}" width="{width}" height="{height}" font-family="DejaVu Sans"'
    return own_colours(svg, INK).replace('width="100%"', box, 1)


def card(title, book, figure, mark):
    """Return the card as PNG; `figure` and `mark` (the sign of the book) are SVG elements."""
    size = next(size for size in (60, 52, 46, 40) if size == 40 or len(wrap(title, size, 520)) <= 4)
    lines = "".join(
        f'<text x="{MARGIN}" y="{MARGIN + size + i * 1.2 * size}">{html.escape(line)}</text>'
        for i, line in enumerate(wrap(title, size, 520))
    )
    foot = HEIGHT - MARGIN
    mark = mark.replace("<svg ", f'<svg x="{MARGIN}" y="{foot - 40}" width="40" height="40" ', 1)
    drawn = resvg_py.svg_to_bytes(
        svg_string=f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
        f'<rect width="12" height="{HEIGHT}" fill="{BLUE}"/>'
        f'<g font-family="DejaVu Sans" font-weight="bold" font-size="{size}" fill="{INK}">{lines}</g>'
        f'{mark}<text x="{MARGIN + 56}" y="{foot - 12}" font-family="DejaVu Sans" font-size="21" '
        f'fill="{MUTED}">{html.escape(book)}</text>'
        f"{place(figure, FIGURE, MARGIN, WIDTH - FIGURE - MARGIN, HEIGHT - 2 * MARGIN)}</svg>",
        skip_system_fonts=True,
        font_files=[str(PLAIN), str(BOLD)],
    )
    file = io.BytesIO()
    # A palette makes it a third of the size.
    Image.open(io.BytesIO(bytes(drawn))).convert("RGB").quantize(128).save(file, "PNG", optimize=True)
    return file.getvalue()
