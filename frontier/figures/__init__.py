"""What the chapters draw, one module a chapter.

Each function takes Axes and numbers, draws, and returns what it drew in words, the alternative text. Axes
first, so that a figure of your own can hold any of them.
"""
