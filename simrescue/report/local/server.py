"""The local web server: only for this computer, only reading, only what the list names.

A page elsewhere in the browser cannot use it: it answers to its own host names alone, and to no request that
another site has set off. Names in addresses are looked up in the list of runs; no path is ever made from them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from socket import socket
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from simrescue.errors import SimrescueError
from simrescue.experiment.store.manifest import MANIFEST
from simrescue.experiment.store.stored_results import read_results
from simrescue.report.local import views
from simrescue.report.local.shelf import Stored, stored_runs
from simrescue.wording import LANGUAGES, Language, bilingual, translated

HOST = "127.0.0.1"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
KEPT_PAGES = 6
THREADS = 8
CONNECTIONS = 128
"""Connections that may be silent at a time."""
SILENCE_S = 10.0
"""How long a connection may be silent, before its request or within it."""
GLANCE_S = 0.05
FONT, FONT_KIND = "data/fonts/NotoSansSC-Everyday-Regular.otf", "font/otf"
_BUILDING = Lock()
Query = dict[str, str]


class NotFoundError(Exception):
    """Nothing here has that name."""


class Server(HTTPServer):
    """Serves the results below one folder.

    A connection gets one of a few threads when it has said something, not before: who opens connections and is silent
    holds no thread, and is put out after a while, the oldest first where there are many.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self._pool = ThreadPoolExecutor(THREADS, "page")
        self._silent: dict[socket, float] = {}
        self._selector = DefaultSelector()
        super().__init__((HOST, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Wait for a new connection's first word."""
        self._silent[request] = time.monotonic()
        self._selector.register(request, EVENT_READ, client_address)
        if len(self._silent) > CONNECTIONS:
            self._put_out(next(iter(self._silent)))

    def serve_forever(self, poll_interval: float = GLANCE_S) -> None:
        """As of any server (`poll_interval`: seconds); looks at the silent connections as often as for new ones."""
        super().serve_forever(min(poll_interval, GLANCE_S))

    def service_actions(self) -> None:
        """Hand those who have spoken to a thread, and put out who was silent too long."""
        for key, _ in self._selector.select(0) if self._silent else ():
            request: Any = key.fileobj
            self._selector.unregister(request)
            del self._silent[request]
            self._pool.submit(self._answer, request, key.data)
        oldest = time.monotonic() - SILENCE_S
        for request in [one for one, since in self._silent.items() if since < oldest]:
            self._put_out(request)

    def server_close(self) -> None:
        """Close all connections and end the threads."""
        super().server_close()
        for request in list(self._silent):
            self._put_out(request)
        self._selector.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _put_out(self, request: socket) -> None:
        self._selector.unregister(request)
        del self._silent[request]
        self.shutdown_request(request)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # it went away
        finally:
            self.shutdown_request(request)

    @property
    def hosts(self) -> set[str]:
        """The names under which a browser of this computer asks."""
        return {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    def run(self, name: str) -> Stored:
        """The stored run of a name. Raises NotFoundError."""
        found = next((run for run in stored_runs(self.folder) if run.name == name), None)
        if found is None:
            raise NotFoundError(name)
        return found


def make_server(folder: Path, port: int) -> Server:
    """A server for the results below a folder, at 127.0.0.1 and the port (0: any free one); not yet serving.

    Raises SimrescueError where the port is taken.
    """
    try:
        return Server(folder, port)
    except OSError as problem:
        raise SimrescueError(
            bilingual(
                "port {port} cannot be used: {reason}; choose another with --port", port=port, reason=problem.strerror
            )
        ) from problem


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    server_version = "simrescue"
    sys_version = ""
    timeout = SILENCE_S

    def do_GET(self) -> None:
        """Answer with a page, or with why there is none."""
        if self.headers.get("Host", "") not in self.server.hosts:
            self._send(HTTPStatus.MISDIRECTED_REQUEST, b"This server answers to its own name only.", "text/plain")
            return
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            self._send(HTTPStatus.FORBIDDEN, b"Another site asked for this.", "text/plain")
            return
        address = urlsplit(self.path)
        if address.path == "/font":
            self._send(HTTPStatus.OK, files("simrescue").joinpath(FONT).read_bytes(), FONT_KIND)
            return
        wanted = self.headers.get("Accept-Language", "")[:2].lower()
        try:
            query = dict(parse_qsl(address.query, max_num_fields=10))
        except ValueError:
            lang = _language(wanted)
            text = views.problem_page(translated("The address has too many fields.", lang), lang)
            self._send(HTTPStatus.BAD_REQUEST, text.encode())
            return
        self._answer(address.path, query, _language(query.get("lang", ""), wanted))

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _answer(self, path: str, query: Query, lang: Language) -> None:
        try:
            content, policy = _page(self.server, path, query, lang)
            self._send(HTTPStatus.OK, content, policy=policy)
        except NotFoundError:
            text = views.problem_page(translated("There is no such page or run.", lang), lang)
            self._send(HTTPStatus.NOT_FOUND, text.encode())
        except Exception as problem:  # noqa: BLE001
            # A damaged store may be wrong in any way; the page says so and the server goes on.
            text = str(problem) if isinstance(problem, SimrescueError) else f"{type(problem).__name__}: {problem}"
            self._send(HTTPStatus.UNPROCESSABLE_ENTITY, views.problem_page(text, lang).encode())

    def _send(self, status: HTTPStatus, body: bytes, kind: str = "text/html", policy: str = POLICY) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "max-age=3600" if kind == FONT_KIND else "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Requests are not told on the screen."""


def _language(*wanted: str) -> Language:
    """The first of the languages wanted that there is, else English."""
    return next((lang for one in wanted for lang in LANGUAGES if one == lang), LANGUAGES[0])


def _page(server: Server, path: str, query: Query, lang: Language) -> tuple[bytes, str]:
    """The page for an address, and its content security policy."""
    first, _, name = path.strip("/").partition("/")
    if path == "/":
        return views.list_page(
            stored_runs(server.folder), lang, query.get("q", ""), query.get("only", "all")
        ).encode(), POLICY
    if path == "/compare":
        pair = [server.run(query.get(key, "")) for key in ("a", "b")]
        return views.compare_page(pair[0], pair[1], lang).encode(), POLICY
    run = server.run(unquote(name))
    if first == "run":
        return views.run_page(run, lang).encode(), POLICY
    build = _BUILDERS.get(first)
    if build is None:
        raise NotFoundError(path)
    with _BUILDING:
        changed = (run.path / MANIFEST).stat().st_mtime_ns
        # Pages that are whole files carry their own policy, with the checksums of their scripts.
        return build(run.path, changed, query.get("which", "median"), lang), "frame-ancestors 'none'"


@lru_cache(maxsize=KEPT_PAGES)
def _replay(path: Path, _changed: int, asked: str, lang: Language) -> bytes:
    from simrescue.report.replay import page, which

    results = read_results(path)
    number = which(results, int(asked) if asked.isdecimal() and len(asked) < 9 else asked)
    return page(results, number, "both", first=lang)


@lru_cache(maxsize=KEPT_PAGES)
def _report(path: Path, _changed: int, _asked: str, lang: Language) -> bytes:
    from simrescue.report.writer import write_report

    with tempfile.TemporaryDirectory() as folder:
        return write_report([path], lang, Path(folder) / "report.html").read_bytes()


_BUILDERS: dict[str, Callable[[Path, int, str, Language], bytes]] = {"replay": _replay, "report": _report}
