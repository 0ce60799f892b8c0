"""What belongs to one chapter of the book: its numbers, tables and drawings, one module a chapter.

Each function takes Axes and numbers, draws, and returns what it drew in words, the alternative text. Axes
first, so that a figure of your own can hold any of them.
"""
