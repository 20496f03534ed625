"""A parent with a phone: code, result, proof, verification, in a real browser; then a forged proof."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.browsing import axe
from tests.web.public.family_editions import PLAN, code_of, written
from tests.web.servers import ROOT, free_port

SMALL = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    workspace = tmp_path_factory.mktemp("journey")
    draw = written(workspace)
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUNHENG_", "DJANGO_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "junheng", "public", str(workspace), "--port", str(port)],
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{url}/families/", timeout=5).close()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield url, list(draw.frozen.receipts)
    finally:
        process.terminate()
        process.wait(15)


def phone(browser: Any, url: str, **other: Any) -> tuple[Any, list[str]]:
    """A tab of a phone and what goes wrong in it: errors, breaches of the policy, requests elsewhere."""
    page = browser.new_context(viewport=SMALL, locale="zh-CN", accept_downloads=True, **other).new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda ask: None if ask.url.startswith((url, "data:")) else faults.append(ask.url))
    return page, faults


def fits(page: Any) -> bool:
    return page.evaluate("() => document.documentElement.scrollWidth") <= SMALL["width"]


def looked_up(page: Any, url: str, child: str) -> None:
    page.goto(f"{url}/families/")
    assert fits(page)
    page.click(".entries a")
    assert fits(page)
    page.fill("#code", code_of(child).lower().replace("-", " "))
    page.click("form button")
    page.wait_for_selector(".headline")


def test_code_result_proof_verification(site: tuple[str, list[str]], browser: Any, tmp_path: Path) -> None:
    url, children = site
    page, faults = phone(browser, url)
    looked_up(page, url, children[1])
    assert fits(page) and page.url == f"{url}/families/{PLAN}", "nothing of the child in the address"
    assert children[1] in page.inner_text(".who")
    assert page.inner_text("section[lang='en'] .headline")
    assert page.evaluate(
        "() => [...document.querySelectorAll('button, a.next')].every(e => e.offsetHeight >= 44)"
    )
    found = axe(page)
    with page.expect_download() as held:
        page.click(".proof button")
    assert held.value.suggested_filename == f"proof-{PLAN}.json"
    proof = tmp_path / "proof.json"
    held.value.save_as(proof)
    page.click(".proof a.next")
    asked: list[str] = []
    page.on("request", lambda ask: asked.append(f"{ask.method} {ask.post_data or ''}"))
    page.set_input_files("#proof", proof)
    page.click("#go")
    page.wait_for_selector("#said.good")
    assert fits(page)
    states = page.eval_on_selector_all("[data-check]", "all => all.map(one => one.dataset.state)")
    assert states == ["good"] * 5
    assert asked and set(asked) == {"GET "}, "the proof is sent nowhere"
    forged = json.loads(proof.read_text(encoding="utf-8"))
    forged["line"] += " "
    proof.write_text(json.dumps(forged), encoding="utf-8")
    page.set_input_files("#proof", proof)
    page.click("#go")
    page.wait_for_selector("#said.bad")
    assert page.get_attribute("[data-check='V5']", "data-state") == "bad"
    assert page.get_attribute("[data-check='V4']", "data-state") == "good"
    assert [*found, *axe(page), *faults] == []
    assert page.context.cookies() == []
    page.context.close()


def test_somebody_elses_proof_is_no_proof_of_a_changed_place(
    site: tuple[str, list[str]], browser: Any, tmp_path: Path
) -> None:
    url, children = site
    page, _ = phone(browser, url)
    looked_up(page, url, children[4])
    with page.expect_download() as held:
        page.click(".proof button")
    proof = tmp_path / "proof.json"
    held.value.save_as(proof)
    changed = json.loads(proof.read_text(encoding="utf-8"))
    changed["result"]["drawn"] = "p0" if changed["result"]["drawn"] != "p0" else "p1"
    proof.write_text(json.dumps(changed), encoding="utf-8")
    page.goto(f"{url}/families/{PLAN}/verify")
    page.set_input_files("#proof", proof)
    page.click("#go")
    page.wait_for_selector("#said.bad")
    assert page.get_attribute("[data-check='V6']", "data-state") == "bad"
    page.context.close()


def test_without_scripts_everything_but_verifying_works(site: tuple[str, list[str]], browser: Any) -> None:
    url, children = site
    page, faults = phone(browser, url, java_script_enabled=False)
    looked_up(page, url, children[2])
    assert page.inner_text(".headline")
    page.click(".proof a.next")
    assert page.is_visible(".warn") and not page.is_visible("#here")
    page.click("details summary")
    with page.expect_download() as held:
        page.click("a[href$='all.zip']")
    assert held.value.suggested_filename == f"{PLAN}.zip" and faults == []
    page.context.close()


def test_printed_it_is_a_sheet_without_the_code(site: tuple[str, list[str]], browser: Any) -> None:
    url, children = site
    page, _ = phone(browser, url)
    looked_up(page, url, children[3])
    page.emulate_media(media="print")
    assert page.is_visible(".headline") and not page.is_visible(".proof button")
    shown = page.inner_text("body")
    code = code_of(children[3])
    assert code not in shown and code.replace("-", "") not in shown
    page.context.close()


def test_a_wrong_code_says_what_to_do(site: tuple[str, list[str]], browser: Any) -> None:
    url, _ = site
    page, _ = phone(browser, url)
    page.goto(f"{url}/families/{PLAN}")
    page.fill("#code", "9F4K-2M7Q")
    page.click("form button")
    assert "核对查询码" in page.inner_text("main") and fits(page) and axe(page) == []
    page.context.close()
