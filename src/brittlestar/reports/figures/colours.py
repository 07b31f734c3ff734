"""Colours of figures: those of Okabe and Ito (2008), told apart with every common colour vision.

Shape or dash repeats what colour says. Text is dark on white.
"""

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY = "#56B4E9", "#AA4499", "#767676"
INK, QUIET = "#1a1a1a", "#595959"
DARK = {
    BLUE: "#4da3e0",
    ORANGE: "#f0b429",
    GREEN: "#2fbf91",
    RED: "#ff8a3d",
    SKY: "#7cc8f2",
    PURPLE: "#d683d0",
    GREY: "#9a9a9a",
    INK: "#e8e6e3",
    QUIET: "#b3afa9",
    "#4d4d4d": "#b3afa9",
    "#8c8c8c": "#7d7a75",
    "#c4c4c4": "#4a4844",
    "#ebebeb": "#33322f",
    "white": "#1b1a18",
}
"""Colours of pictures in a page whose reader prefers dark: what a page puts in the place of each colour above and of
the greys in use. Text and lines keep a contrast of 4.5 or more against the page's dark ground (WCAG 2.2, 1.4.3)."""
