"""Cases for code in any language, and the answers that it gives: two files of numpy arrays.

A file of cases has, for the case k, ``x_k``, ``w_k``, ``b_k``, ``dy_k`` in float64, and
``stride_k``, ``padding_k`` (before and after, for each axis), ``dilation_k``, ``groups_k`` in whole
numbers.  A file of answers has ``dx_k``, ``dw_k``, ``db_k`` for the cases that the code takes, and
``y_k`` if wanted.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symconv.errors import how_many
from symconv.implementations import plan
from symconv.implementations.calls import Ending, Run
from symconv.implementations.diagnosis import Named, diagnose
from symconv.implementations.interface import Form, Interface
from symconv.implementations.judge import Examined, Examiner, Refusal, Survey
from symconv.implementations.probes import Probe
from symconv.implementations.report import VerifyReport
from symconv.implementations.sizes import TrialSizes
from symconv.implementations.source import ImplementationError
from symconv.implementations.truth import convolution

_FACE = Interface(2, groups=True, stride=Form.EACH, padding=Form.PAIRS, dilation=Form.EACH)
_PLAIN = Interface(2, stride=Form.ONE, padding=Form.ONE)
_NAMES = {"y": ("y",), "dX": ("dx",), "dF": ("dw", "df"), "db": ("db",)}


def cases(seed: int = 0) -> list[TrialSizes]:
    """Return the sizes of all cases: first those that most code takes, then general ones."""
    found = [
        sizes
        for face in (_PLAIN, _FACE)
        for sizes in plan.cover(face, lambda _: True, lambda _: True, seed=seed)
    ]
    return list(dict.fromkeys(found))


def case_file(seed: int = 0) -> bytes:
    """Return the cases as a file of numpy arrays."""
    arrays: dict[str, NDArray[Any]] = {}
    for k, sizes in enumerate(cases(seed)):
        layer, probe = sizes.layer, Probe(seed + 1)
        leaves = probe.leaves(layer, bias=True)
        assert leaves.b is not None
        arrays |= {
            f"x_{k}": leaves.x,
            f"w_{k}": leaves.f,
            f"b_{k}": leaves.b,
            f"dy_{k}": probe.upstream(layer.output),
            f"stride_{k}": np.array(layer.geometry.stride),
            f"padding_{k}": np.array(layer.geometry.padding),
            f"dilation_{k}": np.array(layer.geometry.dilation),
            f"groups_{k}": np.array(layer.groups),
        }
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


class AnswerSubject:
    """Answers in a file, as if code were run: what is not there is refused."""

    def __init__(self, answers: dict[str, NDArray[Any]], seed: int) -> None:
        self.answers = answers
        self.numbers = {sizes: k for k, sizes in enumerate(cases(seed))}
        self.seed = seed

    def run(self, sizes: TrialSizes, asked: Any) -> list[Run]:
        """Return the answer to a case, the same for every probe."""
        k = self.numbers.get(sizes)
        found = {
            name: self.answers[f"{key}_{k}"]
            for name, keys in _NAMES.items()
            for key in keys
            if f"{key}_{k}" in self.answers
        }
        if not found:
            return [Run(Ending.REFUSED, message="no answer")] * len(asked)
        layer = sizes.layer
        if "y" not in found:
            leaves = Probe(self.seed + 1).leaves(layer, bias=True)
            assert leaves.b is not None
            plain = convolution(layer).forward(leaves.x, leaves.f)
            found["y"] = plain + leaves.b[:, None, None]
        if "db" in found and found["db"].size == layer.filters:
            found["db"] = found["db"].reshape(-1)
        return [Run(Ending.DONE, found)] * len(asked)


def judge_answers(path: str, seed: int = 0) -> VerifyReport:
    """Return what is said of answers.

    Raises:
        ImplementationError: the file cannot be read, or holds no answer.
    """
    answers = _read(path)
    subject = AnswerSubject(answers, seed)
    known = {
        f"{key}_{k}" for k in subject.numbers.values() for keys in _NAMES.values() for key in keys
    }
    strange = [name for name in answers if name not in known]
    if strange or not answers:
        what = f"{strange[0]!r} is no answer" if strange else "there is no answer in it"
        raise ImplementationError(
            f"{path}: {what}; write dx_K, dw_K, db_K for case K of 0 to {len(subject.numbers) - 1}"
        )
    examiner = Examiner(subject, _FACE, Probe(seed + 1))
    seen: list[Examined] = []
    missing: list[TrialSizes] = []
    for sizes in subject.numbers:
        each = examiner.glance(sizes)
        if each.accepted:
            seen.append(each)
            examiner.seen[sizes] = each
        else:
            missing.append(sizes)
    cases = how_many(len(subject.numbers), "case")
    refusals = [
        Refusal(None, f"{len(missing)} of {cases} have no answer", sizes, True)
        for sizes in missing[:1]
    ]
    survey = Survey(_FACE, tuple(seen), tuple(refusals), examiner, plan.Pool(_FACE), True)
    named = Named(path, "answers", "x NCHW, w KCRS, y NKPQ; answers from a file", "", ())
    return VerifyReport((diagnose(named, survey),))


def _read(path: str) -> dict[str, NDArray[Any]]:
    try:
        with np.load(Path(path), allow_pickle=False) as file:
            return {name: np.asarray(file[name]) for name in file.files}
    except FileNotFoundError:
        raise ImplementationError(f"{path}: no such file") from None
    except (OSError, ValueError, zipfile.BadZipFile, AttributeError, EOFError):
        raise ImplementationError(f"{path}: it is no file of numpy arrays (.npz)") from None
