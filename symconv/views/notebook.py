"""Shows results in Python and in notebooks: verdicts first, and never a dump of fields.

A derivation is its verdicts and closed forms, as text and as one display of LaTeX; a judgement is
what ``symconv prove`` prints, findings are what ``symconv check`` does, their count first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from symconv.derivation import Derivation
from symconv.documents.findings import Findings
from symconv.proof.prover import Judgement
from symconv.views import check_text

if TYPE_CHECKING:
    from symconv.telling.blocks import Block

LONGEST = 880
"""The most characters of a judgement, which ends after a whole line."""


def text(derivation: Derivation) -> str:
    """Return the verdicts and the closed forms, as ``symconv derive`` prints them."""
    from symconv.notation import Notation
    from symconv.telling import overview
    from symconv.views import plain

    return "\n".join(plain.lines(overview.summary(derivation), Notation()))


def latex(derivation: Derivation) -> str:
    """Return the closed forms of dX and dF, and of a layer's dB, between double dollars."""
    from symconv.mathematics.latex import aligned, aligned_row
    from symconv.notation import Notation
    from symconv.readings.layers import LayerReading
    from symconv.telling.writers import Latex

    if derivation.whole is not None:
        layer = derivation.whole.layer
        told = ("dX", "dF", "dB") if layer.bias else ("dX", "dF")
        reading = LayerReading(layer, Notation())
        return f"$${aligned(aligned_row(reading.closed_form(name)) for name in told)}$$"
    write = Latex(Notation())
    forms = derivation.closed_forms
    pairs = {"dX": forms["input_gradient"], "dF": forms["filter_gradient"]}.items()
    lines = (f"{write.tensor(g)} &= {write.formula(f)}" for g, f in pairs)
    return f"$${aligned(lines)}$$"


def markdown(derivation: Derivation) -> str:
    """Return what ``symconv derive --format markdown`` writes."""
    from symconv.notation import Notation
    from symconv.views import forms

    return "".join(forms.pieces("markdown", _told(derivation), Notation()))


def to_json(derivation: Derivation) -> str:
    """Return what ``symconv derive --format json`` writes."""
    from symconv.views import json

    return "".join(json.chunks(derivation))


def judgement(judged: Judgement) -> str:
    """Return a verdict with its grounds, as ``symconv prove`` prints it, up to `LONGEST`."""
    return "\n".join(line for _, line in _shortened(_judgement(judged)))


def judgement_html(judged: Judgement) -> str:
    """Return a verdict with its grounds in colours."""
    from symconv.views.judgements import STYLES
    from symconv.views.pane import pane

    lines = _shortened(_judgement(judged))
    return pane([(line, STYLES.get(role, ""))] for role, line in lines)


def judgement_markdown(judged: Judgement) -> str:
    """Return a verdict with all its grounds: the first line bold, the rest as it is."""
    (_, first), *rest = _judgement(judged)
    return f"**{first}**\n\n" + _fenced(line for _, line in rest)


def judgement_json(judged: Judgement) -> str:
    """Return what ``symconv prove --format json`` writes."""
    from symconv.proof.run import JudgedClaim
    from symconv.views import proof_json

    return proof_json.text([JudgedClaim(judged)])


def findings_text(found: Findings) -> str:
    """Return what ``symconv check`` prints."""
    return "\n".join(check_text.plain(_findings(found)))


def findings_brief(found: Findings) -> str:
    """Return the count, and what is wrong up to `LONGEST`."""
    return "\n".join(line for _, line in _shortened(_brief(found)))


def findings_html(found: Findings) -> str:
    """Return the count and what is wrong, in colours."""
    from symconv.views.pane import pane

    shown = len(_shortened(_brief(found)))
    *lines, count = _findings(found)
    more = [[("  ..", "")]] if shown <= len(lines) else []
    return pane([count, *lines[: shown - 1 - len(more)], *more])


def findings_markdown(found: Findings) -> str:
    """Return the count in bold, and below it what is wrong, as it is."""
    *lines, count = check_text.plain(_findings(found))
    return f"**{count}**\n" + (f"\n{_fenced(lines)}" if lines else "")


def findings_json(found: Findings) -> str:
    """Return what ``symconv check --format json`` writes."""
    import json

    from symconv.documents.report import as_data

    return json.dumps(as_data(found.reports), indent=1, ensure_ascii=False) + "\n"


def _judgement(judged: Judgement) -> Iterable[tuple[str, str]]:
    from symconv.proof.run import JudgedClaim
    from symconv.views.judgements import lines

    return lines([JudgedClaim(judged)])


def _findings(found: Findings) -> Iterable[check_text.Line]:
    return check_text.lines(found.reports, verbose=False, notation=False)


def _brief(found: Findings) -> Iterable[tuple[str, str]]:
    *lines, count = check_text.plain(_findings(found))
    return (("", line) for line in (count, *lines))


def _shortened(lines: Iterable[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Return the first lines, with their roles, that have at most `LONGEST` characters."""
    kept: list[tuple[str, str]] = []
    for role, line in lines:
        if sum(len(each) + 1 for _, each in kept) + len(line) > LONGEST:
            return [*kept, ("", "  ..")]
        kept.append((role, line))
    return kept


def _fenced(lines: Iterable[str]) -> str:
    return "\n".join(("```text", *lines, "```", ""))


def _told(derivation: Derivation) -> Iterable[Block]:
    from symconv.telling.exposition import tell

    return tell(derivation)


Derivation.text = text
Derivation.latex = latex
Derivation.markdown = markdown
Derivation.to_json = to_json
Judgement.text = judgement
Judgement.html = judgement_html
Judgement.markdown = judgement_markdown
Judgement.to_json = judgement_json
Findings.text = findings_text
Findings.brief = findings_brief
Findings.html = findings_html
Findings.markdown = findings_markdown
Findings.to_json = findings_json
