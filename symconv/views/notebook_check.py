"""Shows findings in Python and in notebooks: their count first, then what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from symconv.documents.findings import Findings
from symconv.views import check_text
from symconv.views.pane import fenced, pane, shortened


def text(found: Findings) -> str:
    """Return what ``symconv check`` prints."""
    shown = check_text.lines(found.reports, verbose=False, notation=False)
    return "\n".join(check_text.plain(shown))


def brief(found: Findings) -> str:
    """Return the count, and what is wrong, up to a length."""
    return "\n".join(line for _, line in shortened(_brief(found)))


def html(found: Findings) -> str:
    """Return the count and what is wrong, in colours."""
    shown = len(shortened(_brief(found)))
    lines, count = [*_found(found)], check_text.count(found.reports)
    more = [[("  ..", "")]] if shown <= len(lines) else []
    return pane([count, *lines[: shown - 1 - len(more)], *more])


def markdown(found: Findings) -> str:
    """Return the count in bold, and below it what is wrong, as it is."""
    *lines, count = check_text.plain([*_found(found), check_text.count(found.reports)])
    return f"**{count}**\n" + (f"\n{fenced(lines)}" if lines else "")


def to_json(found: Findings) -> str:
    """Return what ``symconv check --format json`` writes."""
    import json

    from symconv.documents.report import as_data

    return json.dumps(as_data(found.reports), indent=1, ensure_ascii=False) + "\n"


def _found(found: Findings) -> Iterable[check_text.Line]:
    return check_text.found(found.reports)


def _brief(found: Findings) -> Iterable[tuple[str, str]]:
    *lines, count = check_text.plain([*_found(found), check_text.count(found.reports)])
    return (("", line) for line in (count, *lines))


Findings.text = text
Findings.brief = brief
Findings.html = html
Findings.markdown = markdown
Findings.to_json = to_json
