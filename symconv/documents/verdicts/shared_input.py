"""An input that several convolutions read: its gradient adds the part of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symconv.documents.elements.equations import VALUE, ElementEquation
from symconv.documents.notation.reading import NotationReading, Region
from symconv.documents.verdicts.verdict import AGREE, NOT_JUDGED, EquationVerdict


def sharing(regions: Sequence[Region], equations: Sequence[ElementEquation]) -> dict[int, str]:
    """Return for regions, by their identity, another output that their input feeds.

    Of y = x * w and z = x * v only the sum of both parts is the gradient of x.
    """
    groups: dict[tuple[object, ...], dict[tuple[str, ...], NotationReading]] = {}
    for region in regions:
        if any(equations[k].target.kind == VALUE for k in region.members) and region.readings:
            reading = region.readings[0]
            names = (reading.filter, *reading.outputs)
            groups.setdefault(_input(reading), {}).setdefault(names, reading)
    found: dict[int, str] = {}
    for region in regions:
        others = groups.get(_input(region.readings[0]), {}) if region.readings else {}
        own = {region.readings[0].filter, *region.readings[0].outputs} if others else set()
        other = next((r for names, r in others.items() if own.isdisjoint(names)), None)
        if other is not None:
            found[id(region)] = other.outputs[0]
    return found


def _input(reading: NotationReading) -> tuple[object, ...]:
    return reading.input, reading.geometry.input


def with_every_part(judgement: EquationVerdict, region: Region, other: str) -> EquationVerdict:
    """Return a verdict; the part of one convolution alone is not the gradient of the input."""
    if judgement.verdict != AGREE or not judgement.target.startswith("dx"):
        return judgement
    name = region.readings[0].input
    reason = f"{name} feeds {other} as well, whose part of this gradient is not looked at"
    return replace(judgement, verdict=NOT_JUDGED, reason=reason, reason_place=judgement.place)
