"""An implementation that is run in this process: what the child does, and `symconv.testing`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symconv.implementations import opaque, probes
from symconv.implementations.calls import Caller, Ending, Run
from symconv.implementations.edited import edited
from symconv.implementations.probes import Probe
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.source import Implementation
from symconv.implementations.trials import Found


class LocalSubject:
    """Runs an implementation here."""

    def __init__(self, implementation: Implementation, found: Found) -> None:
        self.implementation = implementation
        self.found = found
        self.caller = Caller(implementation, found.binding)

    def run(self, sizes: TrialSizes, asked: Sequence[Probe | None]) -> list[Run]:
        """Run on each probe; None: on opaque scalars, whose tables of terms come back."""
        made = []
        for probe in asked:
            if probe is None:
                made.append(self._opaque(sizes))
                continue
            _dirty(sizes)
            leaves = probe.leaves(sizes.layer, self.found.binding.passes_bias)
            made.append(self.caller.run(sizes, leaves, probe.upstream))
            if made[-1].ending in (Ending.REFUSED, Ending.FAILED) and len(made) == 1:
                return made * len(asked)
        return made

    def with_edit(self, line: int, text: str) -> LocalSubject | None:
        """Return what runs with another line in its text, or None: it is no program then."""
        made = edited(self.implementation, line, text)
        return None if made is None else LocalSubject(made, self.found)

    def _opaque(self, sizes: TrialSizes) -> Run:
        layer = sizes.layer
        leaves = probes.opaque_leaves(layer, self.found.binding.passes_bias)
        try:
            run = self.caller.run(sizes, leaves, lambda shape: probes.opaque_upstream(layer, shape))
            tables = {name: opaque.table(array) for name, array in run.arrays.items()}
        except opaque.LookedAtDataError as error:
            return Run(Ending.LOOKED, message=str(error))
        if run.ending is not Ending.DONE or run.shapes:
            return Run(Ending.LOOKED, message=run.message)
        extents = {name: array.shape for name, array in run.arrays.items()}
        return Run(Ending.DONE, tables=tables, extents=extents)


def _dirty(sizes: TrialSizes) -> None:
    """Leave numbers in memory, so that code that reads what it did not write shows it."""
    layer = sizes.layer
    shapes = (layer.input, layer.filter, layer.output)
    left = [np.full(shape, 1e30) for shape in shapes for _ in range(2)]
    del left
