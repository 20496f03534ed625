"""Serve the harness under the application's content policy: python -m frontend.harness.serve [PORT]."""

from __future__ import annotations

import json
import mimetypes
import sys
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from frontend.harness import pages
from frontend.harness.maps import areas, name_of
from frontend.harness.samples import signed, text

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DIST = ROOT / "src" / "junheng" / "web" / "static" / "dist"
TOKENS = ROOT / "src" / "junheng" / "report" / "templates" / "style.css"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'; report-uri /policy-report"
)
ROWS = 1234


def rows(query: dict[str, str]) -> dict[str, object]:
    """One page of schools, as the API answers; never more than a hundred."""
    number, size = int(query["page"]), min(int(query["page_size"]), 100)
    order = query.get("sort", "name")
    every = [
        {
            "code": f"A{at}",
            "name": f"{name_of(at)}第{at}小学",
            "url": f"/went/A{at}",
            "stage": "小学",
            "pupils": 200 + at * 7919 % 1800,
            "gap": at * 104729 % 900 - 450,
        }
        for at in range(ROWS)
    ]
    every.sort(key=lambda row: row[order.lstrip("-")], reverse=order.startswith("-"))
    items = every[(number - 1) * size : number * size]
    for row in items:
        row |= {"pupils_text": text(row["pupils"]), "gap_text": signed(row["gap"])}
    return {"items": items, "count": ROWS}


@cache
def areas_text(count: int) -> str:
    """GeoJSON of the sample areas."""
    return json.dumps(areas(count))


def units(asked: str) -> dict[str, object]:
    """Areas whose name or code holds what is asked."""
    found = [at for at in range(40) if asked.lower() in f"a{at}" or asked in name_of(at)]
    return {
        "results": [
            {"code": f"A{at}", "name": name_of(at), "level": "乡镇", "path": "云州县", "url": f"/went/A{at}"}
            for at in found[:8]
        ]
    }


class Handler(BaseHTTPRequestHandler):
    """Answers the harness's few addresses; keeps what the browser reports and what was sent."""

    protocol_version = "HTTP/1.1"
    reports: list[str]
    seen: list[tuple[str, str, dict[str, str]]]

    def log_message(self, format: str, *arguments: object) -> None:
        """Stay quiet."""

    def answer(
        self, body: str | bytes, kind: str = "text/html; charset=utf-8", code: int = 200, **more: str
    ) -> None:
        """Send `body` with the policy."""
        data = body.encode() if isinstance(body, str) else body
        self.send_response(code)
        headers = {"Content-Type": kind, "Content-Length": str(len(data)), "Content-Security-Policy": POLICY}
        for name, value in (headers | {key.replace("_", "-"): value for key, value in more.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def file(self, path: Path, root: Path) -> None:
        """Send a file below `root`."""
        if not path.resolve().is_relative_to(root.resolve()) or not path.is_file():
            return self.answer("", code=404)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return self.answer(path.read_bytes(), kind, Cache_Control="max-age=60")

    def do_GET(self) -> None:
        """Pages, files and data."""
        address = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        path = address.path
        type(self).seen.append(("GET", self.path, dict(self.headers.items())))
        if path in pages.PAGES:
            self.answer(pages.PAGES[path]())
        elif path.startswith("/static/dist/"):
            self.file(DIST / path.removeprefix("/static/dist/"), DIST)
        elif path == "/harness/tokens.css":
            self.file(TOKENS, TOKENS.parent)
        elif path == "/harness/harness.css":
            self.file(HERE / "harness.css", HERE)
        elif path == "/areas.json":
            self.answer(areas_text(int(query["count"])), "application/geo+json")
        elif path == "/rows.json":
            self.answer(json.dumps(rows(query)), "application/json")
        elif path == "/units.json":
            self.answer(json.dumps(units(query.get("q", ""))), "application/json")
        elif path == "/went/preview":
            self.answer(pages.page(path, "", '<link rel="stylesheet" href="/harness/preview.css">'))
        elif path == "/harness/preview.css":
            self.answer("h1 { text-indent: 7px; }", "text/css")
        elif path.startswith("/went/"):
            self.answer(pages.page(path, ""))
        elif path == "/status/403":
            self.answer("<h1>403</h1>", code=403)
        elif path == "/status/500":
            self.answer("<h1>500</h1><p data-message>计算服务正忙</p>", code=500)
        elif path == "/hang":
            self.close_connection = True
        elif path == "/login":
            self.answer(b"", code=204, HX_Redirect="/went/login")
        elif path == "/fragment":
            self.answer(pages.figure("chart", "late", pages.CHARTS["bars"]()))
        else:
            self.answer("", code=404)

    def do_POST(self) -> None:
        """Forms, uploads and policy reports."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).seen.append(("POST", self.path, dict(self.headers.items())))
        if self.path == "/policy-report":
            type(self).reports.append(body.decode())
            self.answer(b"", code=204)
        elif self.path == "/form":
            form = '<form id="again"><p role="alert">请写明事由</p></form>'
            self.answer(form, code=422) if body == b"reason=" else self.answer("<p id='done'>已提交</p>")
        elif self.path == "/upload":
            if b"empty.xlsx" in body:
                self.answer(pages.page("退回", '<p role="alert">文件是空的</p>'), code=422)
            else:
                self.answer(b"", code=302, Location="/went/preview")
        else:
            self.answer("", code=404)


def start(port: int = 0) -> tuple[ThreadingHTTPServer, type[Handler]]:
    """A running server and the handler class that keeps its reports."""
    handler = type("Kept", (Handler,), {"reports": [], "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, handler


if __name__ == "__main__":
    running, _ = start(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    print(f"http://127.0.0.1:{running.server_port}/")
    threading.Event().wait()
