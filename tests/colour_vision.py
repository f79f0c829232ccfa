"""Colours as people see them: four kinds of vision and a grey print, and how far two are apart.

Colour blindness after Machado, Oliveira and Fernandes (2009), at full severity; the difference of
two colours is CIEDE2000 as Sharma, Wu and Dalal (2005) state it.
"""

from __future__ import annotations

from enum import Enum
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Triple = tuple[float, float, float]

Matrix = tuple[Triple, Triple, Triple]


class Vision(Enum):
    """Who looks; the value takes linear red, green and blue to what is seen of them."""

    NORMAL = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    PROTANOPE = (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    )
    DEUTERANOPE = (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    )
    TRITANOPE = (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    )
    GREY = ((0.2126, 0.7152, 0.0722),) * 3


def difference(one: str, other: str, vision: Vision = Vision.NORMAL) -> float:
    """Return how different two colours RRGGBB look: 1 is just seen, black and white are 100."""
    return ciede2000(lab(one, vision), lab(other, vision))


def lab(colour: str, vision: Vision = Vision.NORMAL) -> Triple:
    """Return L*, a*, b* (D65) of a colour RRGGBB as somebody sees it."""
    given = [_linear(int(colour[k : k + 2], 16) / 255) for k in (0, 2, 4)]
    seen = [min(max(value, 0.0), 1.0) for value in _times(vision.value, given)]
    x, y, z = (_cube_root(v / white) for v, white in zip(_times(_XYZ, seen), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)

_WHITE = (0.95047, 1.0, 1.08883)


def _times(matrix: Matrix, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _cube_root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def ciede2000(one: Triple, other: Triple) -> float:
    """Return the difference of two colours in L*, a*, b*."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = (1 - sqrt(mean**7 / (mean**7 + 25**7))) / 2
    c1, c2 = hypot((1 + g) * a1, b1), hypot((1 + g) * a2, b2)
    h1, h2 = degrees(atan2(b1, (1 + g) * a1)) % 360, degrees(atan2(b2, (1 + g) * a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    of_light = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    of_chroma, of_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    tilt = 2 * sqrt(chroma**7 / (chroma**7 + 25**7))
    tilt *= -sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    lightness = (l2 - l1) / of_light
    saturation = (c2 - c1) / of_chroma
    shade = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / of_hue
    return sqrt(lightness**2 + saturation**2 + shade**2 + tilt * saturation * shade)
