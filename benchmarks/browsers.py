"""Pages in real browsers: what a script in the page measures comes back as JSON.

The page is served from this process; its script posts what it saw to ``/seen``.  So one way works
for every browser, none needs a driver, and nothing else is fetched.
"""

from __future__ import annotations

import http.server
import json
import mimetypes
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SECONDS = 90
"""Nothing that is looked at takes a tenth of this."""

STARTS = 2
"""A browser that tells nothing is started anew: one hangs now and then on a busy machine."""

Files = Mapping[str, bytes] | Callable[[str], bytes | None]
"""What is served, by path: ``/`` is the page."""

BROWSERS = {
    "chromium": (
        ("chromium", "google-chrome"),
        ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--user-data-dir={profile}"),
    ),
    "firefox": (
        ("firefox-esr", "firefox"),
        ("--headless", "--no-remote", "--profile", "{profile}"),
    ),
}  # fmt: skip
"""Programs that may be the browser, and what they are told; each run has an empty profile."""

PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "data:,",
}
"""What keeps Firefox from asking anybody for anything."""

SCRIPT = """<link rel=icon href="data:,"><script>
const complaints = [];
addEventListener("error", e => complaints.push(String(e.message ?? e.target?.src)), true);
addEventListener("unhandledrejection", e => complaints.push(String(e.reason)));
console.error = (...words) => complaints.push(words.join(" "));
const frame = () => new Promise(requestAnimationFrame);
async function fonts(page) {  // Firefox's fonts.ready of a frame is pending for ever now and then
  page.documentElement.getBoundingClientRect();
  await Promise.all([...page.fonts].map(face => face.load()));
  await frame();
}
const tell = seen => fetch("/seen", {method: "POST", body: JSON.stringify({seen, complaints})});
</script>"""
"""What every page may use; errors that nobody catches are complaints."""


LESS_MOTION: Mapping[str, tuple[list[str], dict[str, object]]] = {
    "chromium": (["--force-prefers-reduced-motion"], {}),
    "firefox": ([], {"ui.prefersReducedMotion": 1}),
}
"""What a browser is told for a reader who asks for less motion: arguments, and preferences."""


def look(
    browser: str, page: str, files: Files | None = None, less_motion: bool = False
) -> tuple[Any, list[str]]:
    """Return what a page told with ``tell(..)``, and what went wrong in it.

    Args:
        browser: one of `BROWSERS`.
        page: HTML; `SCRIPT` goes before it.
        files: what the page may ask for.
        less_motion: whether the reader asks for less motion.

    Raises:
        LookupError: the browser is not installed.
        AssertionError: it told nothing.
    """
    names, arguments = BROWSERS[browser]
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        raise LookupError(f"{browser} is not installed")
    answers: queue.Queue[Any] = queue.Queue()
    document = f"<!doctype html><meta charset=utf-8>{SCRIPT}{page}"
    server = _server({"/": document.encode()}, files, answers)
    try:
        address = f"http://127.0.0.1:{server.server_port}/"
        for _ in range(STARTS):
            more, wishes = LESS_MOTION[browser] if less_motion else ([], {})
            command, preferences = [program, *arguments, *more], {**PREFERENCES, **wishes}
            with _running(command, preferences, address), suppress(queue.Empty):
                told = answers.get(timeout=SECONDS)
                return told["seen"], told["complaints"]
    finally:
        server.shutdown()
        server.server_close()
    raise AssertionError(f"{browser} told nothing within {SECONDS} s, {STARTS} times")


@contextmanager
def _running(
    command: Sequence[str], preferences: Mapping[str, object], address: str
) -> Iterator[None]:
    """Run a browser that shows a page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items())
        Path(profile, "user.js").write_text("\n".join(lines), encoding="ascii")
        running = subprocess.Popen(
            [*(part.format(profile=profile) for part in command), address],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(SECONDS)


def _server(
    pages: dict[str, bytes], files: Files | None, answers: queue.Queue[Any]
) -> http.server.ThreadingHTTPServer:
    given = files if callable(files) else (files or {}).get

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = pages.get(path) or given(path)
            self.send_response(404 if body is None else 200)
            kind = "text/html" if path == "/" else mimetypes.guess_type(path)[0]
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_POST(self) -> None:
            told = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            answers.put(json.loads(told))

        def log_message(self, *told: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
