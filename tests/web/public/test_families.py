"""The families' pages: a code opens one child's result, nothing else opens anything, nothing is left
behind."""

from __future__ import annotations

import io
import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
from tests.web.public.family_editions import PLAN, code_of, written
from tests.web.servers import ROOT, free_port

from junheng.admission import verify_admission
from junheng.admission.public_draw import PublicDraw
from junheng.report.admission import families_edition, families_type
from junheng.web.public import families_limits as limits
from junheng.web.public import families_reading as reading
from junheng.web.public.families_messages import MESSAGES

WEB = Path(reading.__file__).parent


@dataclass
class Site:
    url: str
    workspace: Path
    draw: PublicDraw
    log: Path
    asked: int = 0

    def ask(
        self, path: str, code: str | None = None, address: str = "", **headers: str
    ) -> tuple[int, Message, bytes]:
        """GET, or POST of a code; each from an address of its own unless one is named."""
        self.asked += 1
        headers["X-Forwarded-For"] = address or f"10.9.{self.asked // 250}.{self.asked % 250}"
        data = urllib.parse.urlencode({"code": code}).encode() if code is not None else None
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def children(self) -> list[str]:
        return list(self.draw.frozen.receipts)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    workspace = tmp_path_factory.mktemp("families")
    draw = written(workspace)
    written(workspace, "2027-old", expires="2027-09-01", title="已过期的项目")
    written(workspace, "2027-gone", title="已撤下的项目")
    assert families_edition.withdraw(workspace, "2027-gone")
    port, log = free_port(), workspace / "server.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUNHENG_", "DJANGO_"))}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "JUNHENG_PUBLIC_PROXIES": "1"}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "junheng", "public", str(workspace), "--port", str(port)],
            env=environment,
            stdout=stream,
            stderr=stream,
        )
    held = Site(f"http://127.0.0.1:{port}", workspace, draw, log)
    try:
        for _ in range(200):
            try:
                held.ask("/families/")
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield held
    finally:
        process.terminate()
        process.wait(15)


def test_the_list_shows_open_entries_and_no_others(site: Site) -> None:
    status, _, body = site.ask("/families/")
    text = body.decode()
    assert status == 200 and f'href="/families/{PLAN}"' in text
    assert "已撤下" not in text and site.ask("/families/2027-gone")[0] == 404
    reading_day = reading.today()
    expired = "已过期" not in text
    assert expired == (reading_day.isoformat() >= "2027-09-01")


def test_a_code_opens_its_own_child(site: Site) -> None:
    one, other = site.children()[:2]
    for written_so in (code_of(one), code_of(one).replace("-", " ").lower()):
        status, headers, body = site.ask(f"/families/{PLAN}", written_so)
        text = body.decode()
        assert status == 200 and one in text and other not in text
        assert "no-store" in headers["Cache-Control"]
    for part in (
        "逐条理由",
        "怎样才够",
        "候补位置",
        "如有异议",
        "下载我的证明",
        'lang="en"',
        "Reasons, one by one",
    ):
        assert part in text


def test_a_code_is_nowhere_in_an_address_a_log_or_a_file_name(site: Site) -> None:
    child = site.children()[3]
    code = code_of(child)
    site.ask(f"/families/{PLAN}", code)
    site.ask(f"/families/{PLAN}/proof", code)
    site.ask(f"/families/{PLAN}", code_of("nobody"))
    site.ask(f"/families/{PLAN}", "' OR 1=1 --")
    left = site.log.read_text(encoding="utf-8")
    names = "\n".join(str(path) for path in site.workspace.rglob("*"))
    for trace in (code, code.replace("-", ""), code[:9], child, f"YZ-{child[:6]}", "OR 1=1"):
        assert trace not in left and trace not in names
    assert "<form" in site.ask(f"/families/{PLAN}")[2].decode()
    assert all("method=get" not in one.read_text(encoding="utf-8") for one in WEB.rglob("*.html"))


def test_wrong_codes_get_one_answer_whatever_is_wrong(site: Site) -> None:
    """Another child's, another entry's, unknown, misspelt, withdrawn, no entry, nothing: the same bytes."""
    child = site.children()[0]
    asked = [
        (PLAN, code_of("nobody")),
        (PLAN, code_of(child, "2028-primary")),
        (PLAN, "0000"),
        (PLAN, ""),
        ("2027-gone", code_of(child, "2027-gone")),
        ("no-such-entry", code_of(child)),
        ("..", code_of(child)),
    ]
    answers = [site.ask(f"/families/{plan}", code) for plan, code in asked]
    assert {(status, body) for status, _, body in answers} == {(404, answers[0][2])}
    same = ("Content-Security-Policy", "Cache-Control", "Content-Type")
    assert len({tuple(headers[name] for name in same) for _, headers, _ in answers}) == 1


def test_a_wrong_code_and_an_unknown_entry_do_the_same_work(site: Site) -> None:
    """Medians of the answering times lie together: both are worked out and held to the same floor."""
    times: dict[str, list[float]] = {PLAN: [], "no-such-entry": []}
    for turn in range(12):
        for plan, held in times.items():
            code, began = code_of(f"nobody-{turn}"), time.perf_counter()
            site.ask(f"/families/{plan}", code)
            held.append(time.perf_counter() - began)
    one, other = (statistics.median(held) for held in times.values())
    assert min(one, other) > 0.02 and abs(one - other) < 0.03


def test_ten_wrong_codes_of_an_address_and_it_waits(site: Site) -> None:
    for turn in range(limits.LIMITS[limits.WRONG]):
        assert site.ask(f"/families/{PLAN}", code_of(f"guess {turn}"), "192.0.2.1")[0] == 404
    right = code_of(site.children()[0])
    status, headers, body = site.ask(f"/families/{PLAN}", right, "192.0.2.1")
    assert status == 429 and 1 <= int(headers["Retry-After"]) <= 60
    assert f"{headers['Retry-After']} 秒后" in body.decode()
    assert site.ask(f"/families/{PLAN}/proof", right, "192.0.2.1")[0] == 429
    assert site.ask(f"/families/{PLAN}", right, "192.0.2.2")[0] == 200, "others are not locked out"
    forged = {"X-Forwarded-For": "192.0.2.9, 192.0.2.1"}
    assert site.ask(f"/families/{PLAN}", right, forged["X-Forwarded-For"])[0] == 429


def test_slips_of_the_pen_are_no_guesses(site: Site) -> None:
    for _ in range(limits.LIMITS[limits.WRONG] + 5):
        assert site.ask(f"/families/{PLAN}", "9F4K-2M7Q", "192.0.2.40")[0] == 404
    assert site.ask(f"/families/{PLAN}", code_of(site.children()[0]), "192.0.2.40")[0] == 200


def test_a_changed_envelope_does_not_open(site: Site) -> None:
    child = site.children()[5]
    code = code_of(child)
    before = {path: path.read_bytes() for path in site.workspace.rglob("sealed/*/*") if PLAN in str(path)}
    assert site.ask(f"/families/{PLAN}", code)[0] == 200
    for path, content in before.items():
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    try:
        assert site.ask(f"/families/{PLAN}", code)[0] == 404
    finally:
        for path, content in before.items():
            path.write_bytes(content)
    assert site.ask(f"/families/{PLAN}", code)[0] == 200


def test_all_envelopes_are_of_one_size_and_named_by_nothing(site: Site) -> None:
    sealed = list((site.workspace / "public" / "families" / PLAN).rglob("sealed/*/*"))
    assert len(sealed) == len(site.children()) and len({path.stat().st_size for path in sealed}) == 1
    assert all(re.fullmatch("[0-9a-f]{64}", path.name) for path in sealed)
    assert site.ask(f"/families/{PLAN}/files/{sealed[0].name}")[0] == 404


def test_the_proof_and_the_files_satisfy_the_stand_alone_verifier(site: Site, tmp_path: Path) -> None:
    child = site.children()[2]
    status, headers, proof = site.ask(f"/families/{PLAN}/proof", code_of(child))
    assert status == 200 and "no-store" in headers["Cache-Control"]
    assert headers["Content-Disposition"] == f'attachment; filename="proof-{PLAN}.json"'
    _, _, packed = site.ask(f"/families/{PLAN}/files/all.zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        held.extractall(tmp_path / "files")
    (tmp_path / "mine.json").write_bytes(proof)
    done, found = verify_admission.verify(str(tmp_path / "files"), str(tmp_path / "mine.json"))
    assert found == [] and {"V1", "V4", "V5", "V6"} <= set(done)
    forged = json.loads(proof)
    forged["result"]["drawn"] = "p9"
    (tmp_path / "mine.json").write_text(json.dumps(forged), encoding="utf-8")
    assert "V6" in [
        number
        for number, _ in verify_admission.verify(str(tmp_path / "files"), str(tmp_path / "mine.json"))[1]
    ]


def test_no_public_file_names_a_child(site: Site) -> None:
    _, _, packed = site.ask(f"/families/{PLAN}/files/all.zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        everything = b"".join(held.read(name) for name in held.namelist())
    for child in site.children():
        assert f"YZ-{child[:6]}".encode() not in everything


def test_headers_are_strict_and_no_cookie_is_set(site: Site) -> None:
    paths = (
        "/families/",
        f"/families/{PLAN}",
        f"/families/{PLAN}/verify",
        "/families/-/style.css",
        "/families/x",
    )
    for path in paths:
        _, headers, _ = site.ask(path)
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        assert headers["Set-Cookie"] is None and headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer" and headers["X-Frame-Options"] == "DENY"
        assert ("script-src" in policy) == path.endswith("/verify")


def test_what_cannot_be_asked_is_refused(site: Site) -> None:
    right = code_of(site.children()[0])
    assert site.ask(f"/families/{PLAN}", right, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert site.ask(f"/families/{PLAN}/proof")[0] == 405
    assert site.ask("/families/", right)[0] == 405
    assert site.ask(f"/families/{PLAN}", "A" * 20_000)[0] == 400
    assert site.ask(f"/families/{PLAN}?code={right}")[0] == 200
    assert site.children()[0].encode() not in site.ask(f"/families/{PLAN}?code={right}")[2]
    for path in ("files/../entry.json", "files/%2e%2e%2fentry.json", "files/entry.json", "current", "files/"):
        assert site.ask(f"/families/{PLAN}/{path}")[0] == 404


def test_a_day_passes_and_everything_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, expires="2027-09-01")
    monkeypatch.setattr(reading.settings, "PUBLIC", tmp_path / "public", raising=False)
    first = reading.date(2027, 8, 31)
    for day, there in ((first, True), (first + timedelta(days=1), False)):
        monkeypatch.setattr(reading, "today", lambda day=day: day)
        assert bool(reading.entry(PLAN)) == there == bool(reading.entries())


def test_an_edition_is_replaced_in_one_step_and_erased_whole(tmp_path: Path) -> None:
    draw = written(tmp_path)
    first = families_edition.shown(tmp_path, PLAN)
    assert first is not None and first.families == len(draw.frozen.receipts)
    written(tmp_path)
    assert families_edition.shown(tmp_path, PLAN) == first, "the same content is the same edition"
    written(tmp_path, objection="另一句话")
    second = families_edition.shown(tmp_path, PLAN)
    home = families_edition.folder(tmp_path, PLAN)
    assert second is not None and second.name != first.name
    assert [path.name for path in home.iterdir() if path.is_dir()] == [second.name]
    assert families_edition.withdraw(tmp_path, PLAN) == second.name
    assert families_edition.shown(tmp_path, PLAN) is None and families_edition.withdraw(tmp_path, PLAN) == ""
    assert families_edition.erase(tmp_path, PLAN) and not home.exists()
    assert not families_edition.erase(tmp_path, PLAN)


def test_a_killed_writer_leaves_what_was_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    first = families_edition.shown(tmp_path, PLAN)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(families_edition, "_put", killed)
        with pytest.raises(KeyboardInterrupt):
            written(tmp_path, objection="写到一半")
    assert families_edition.shown(tmp_path, PLAN) == first


def test_tries_are_forgotten_after_a_minute() -> None:
    now = [1000.0]
    limiter = limits.Limiter(lambda: now[0])
    key, other = (limits.WRONG, "a"), (limits.WRONG, "b")
    for _ in range(limits.LIMITS[limits.WRONG]):
        assert limiter.wait(key) == 0
        limiter.count(key)
        now[0] += 1
    assert limiter.wait(key) == 50 and limiter.wait(other) == 0 and limiter.wait(other, key) == 50
    now[0] += 49.5
    assert limiter.wait(key) == 1
    now[0] += 0.5
    assert limiter.wait(key) == 0
    for turn in range(limits.MOST_KEYS + 10):
        limiter.count((limits.TRIES, str(turn)))
    assert len(limiter._tries) == limits.MOST_KEYS


def test_every_word_of_the_pages_stands_in_both_languages_and_is_used() -> None:
    used: set[str] = set()
    for template in (WEB / "templates" / "families").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        names = set(re.findall(r"\b(?:t|e|part\.t)\.([a-z_0-9]+)", text))
        assert {f"families.{name}" for name in names} <= MESSAGES.keys(), template.name
        used |= names
    named = {name.removeprefix("families.") for name in MESSAGES}
    spoken = {name for name in named if name.startswith(("check_v", "js_"))} | {"place", "busy_text"}
    assert named == used | spoken
    assert all(zh and en for zh, en in MESSAGES.values())
    characters = {sign for words in MESSAGES.values() for sign in "".join(words) if not sign.isascii()}
    assert characters <= set(families_type.PAGE), "the edition's type holds every character of the pages"


def test_the_type_of_an_entry_is_its_own(site: Site) -> None:
    _, _, style = site.ask(f"/families/{PLAN}/type/type.css")
    names = re.findall(r"url\((.*?)\)", style.decode())
    assert len(names) == 2
    for name in names:
        status, headers, body = site.ask(f"/families/{PLAN}/type/{name}")
        assert status == 200 and headers["Content-Type"] == "font/woff2" and body[:4] == b"wOF2"
        assert len(body) < 150_000
    assert site.ask(f"/families/{PLAN}/type/entry.json")[0] == 404
