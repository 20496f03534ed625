"""The moving parts of pages in a real browser, under the application's content policy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from frontend.harness.pages import MANIFEST, PAGES
from frontend.harness.samples import CHARTS
from frontend.harness.serve import Handler, start

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
SIZES = {"laptop": (1366, 640), "phone": (390, 800)}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, type[Handler]]]:
    """Address of the harness and the handler that keeps what it was sent."""
    built = subprocess.run(
        [sys.executable, FRONTEND / "build.py"], capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(built.stderr.strip())
    running, handler = start()
    yield f"http://127.0.0.1:{running.server_port}", handler
    running.shutdown()


@pytest.fixture(scope="module")
def browser(driver: Any) -> Iterator[Any]:
    """Chromium of the system."""
    if CHROMIUM is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no chromium on PATH")
    running = driver.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
    )
    yield running
    running.close()


class Visit:
    """One page with all that went wrong on it."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base = page, base
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        # the software renderer of a machine without a graphics card speaks of itself
        if message.type in ("error", "warning") and "GL Driver Message" not in message.text:
            self.problems.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:")):
            self.problems.append(f"request elsewhere: {request.url}")

    def open(self, path: str) -> None:
        """Go there and bring every island into view until each has ended well or badly."""
        self.page.goto(self.base + path)
        for figure in self.page.locator("figure[data-island]").all():
            figure.scroll_into_view_if_needed()
            self.settled(figure)

    def settled(self, figure: Any) -> str:
        """State of the island once it has one."""
        self.page.wait_for_function(
            "e => ['ready', 'failed'].includes(e.dataset.state)", arg=figure.element_handle(), timeout=20000
        )
        return figure.get_attribute("data-state")


@pytest.fixture
def visit(browser: Any, server: tuple[str, type[Handler]]) -> Iterator[Callable[..., Visit]]:
    """A fresh page of a given size; at the end nothing may have been reported."""
    base, handler = server
    handler.reports.clear()
    handler.seen.clear()
    made: list[Visit] = []

    def new(size: str = "laptop", **options: Any) -> Visit:
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height}, **options)
        made.append(Visit(page, base))
        return made[-1]

    yield new
    for one in made:
        one.page.close()
    assert handler.reports == []


def severe(page: Any) -> list[str]:
    """Serious and critical findings of axe, as rule and place."""
    page.evaluate((FRONTEND / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    findings = page.evaluate("() => axe.run().then(result => result.violations)")
    return [
        f"{finding['id']}: {node['target']} {node['failureSummary']}"
        for finding in findings
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/", "/maps", "/grid"])
def test_every_island_draws_cleanly(visit: Callable[..., Visit], path: str, size: str) -> None:
    """Ready; no console error, no report of the policy, nothing asked elsewhere, no finding of axe."""
    here = visit(size)
    here.open(path)
    figures = here.page.locator("figure[data-island]").all()
    states = {figure.get_attribute("id"): here.settled(figure) for figure in figures}
    assert set(states.values()) == {"ready"}, [figure.get_attribute("data-reason") for figure in figures]
    assert len(states) == {"/": len(CHARTS), "/maps": 3, "/grid": 1}[path]
    assert not any(fallback.is_visible() for fallback in here.page.locator("[data-fallback]").all())
    assert severe(here.page) == []
    overflow = here.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    assert here.problems == []


OVERLAPS = """() => [...document.querySelectorAll("figure[data-island=chart]")].flatMap(figure => {
  const frame = figure.querySelector("svg").getBoundingClientRect();
  const boxes = [...figure.querySelectorAll("svg text")]
    .filter(text => text.textContent.trim())
    .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
  const outside = boxes
    .filter(({ box }) =>
      box.left < frame.left - 2 || box.right > frame.right + 2 || box.bottom > frame.bottom + 3)
    .map(({ text }) => `${figure.id}: ${text} stands outside`);
  const met = boxes.flatMap((a, at) => boxes.slice(at + 1).filter(b =>
    Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 2 &&
    Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
    .map(b => `${figure.id}: ${a.text} meets ${b.text}`));
  return [...outside, ...met];
})"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/", "/english"])
def test_words_keep_apart_and_inside(visit: Callable[..., Visit], path: str, size: str) -> None:
    """No two words of a chart meet and none leaves it, in either language, on a laptop and a phone."""
    here = visit(size)
    here.open(path)
    assert here.page.evaluate(OVERLAPS) == []
    assert here.problems == []


LOADED = "text => document.fonts.check('16px \"Noto Sans SC Variable\"', text)"


def test_tooltips_and_words_are_the_servers(visit: Callable[..., Visit]) -> None:
    """Hovering opens tooltips without a report; what is read in a chart stands in its specification."""
    here = visit()
    here.open("/")
    for key, make in CHARTS.items():
        canvas = here.page.locator(f"#{key} [data-canvas]")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        tips: list[str] = []
        for share in (0.3, 0.5, 0.7):
            here.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.55)
            here.page.wait_for_timeout(60)
            tips += canvas.locator(
                ".island-tip:not([hidden]) span, .island-tip:not([hidden]) b"
            ).all_inner_texts()
        assert tips or key == "slope"  # between its lines there is nothing to speak of
        given = re.sub(r"[\s|]", "", json.dumps(make(), ensure_ascii=False))
        shown = [text for text in canvas.locator("svg text").all_text_contents() if text.strip()]
        assert shown
        assert here.page.evaluate(LOADED, "".join(shown)), "drawn before its type had come"
        foreign = {
            word
            for text in [*shown, *tips]
            for word in re.findall(r"[^\s\d,.−+–%]+", text)
            if word not in given and word != "—"
        }
        assert foreign == set()
        assert canvas.get_attribute("aria-label") == make()["summary"]
    assert here.problems == []


def test_broken_specifications_leave_the_fallback(visit: Callable[..., Visit]) -> None:
    """An island that cannot be drawn says so in its state, and the table's link stays."""
    here = visit()
    here.open("/broken")
    for figure in here.page.locator("figure[data-island]").all():
        assert here.settled(figure) == "failed", figure.get_attribute("id")
        assert figure.locator("[data-fallback]").is_visible()
        assert figure.locator("[data-canvas]").inner_html() == ""


def test_map_without_webgl_leaves_the_fallback(visit: Callable[..., Visit]) -> None:
    """A thin client shows the drawn map of the report."""
    here = visit()
    here.page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"
    )
    here.open("/maps")
    assert {here.settled(figure) for figure in here.page.locator("figure").all()} == {"failed"}
    assert here.page.locator("#diverging [data-fallback]").is_visible()


def test_rows_and_figures_share_hover_and_selection(visit: Callable[..., Visit]) -> None:
    """Pointing at a bar marks its row; pointing at a row marks its bar; a row chosen stays marked."""
    here = visit()
    here.open("/")
    page = here.page
    bars = page.locator("#bars [data-canvas]")
    bars.scroll_into_view_if_needed()
    label = bars.locator("svg text", has_text="新城片区")
    label.hover(force=True)
    page.wait_for_function("() => document.querySelector('tr[data-key=A2]').dataset.hovered === ''")

    page.locator("tr[data-key=A4] td").hover()
    page.wait_for_function(
        "() => [...document.querySelectorAll('#bars svg path')]"
        ".filter(path => path.getAttribute('fill') === 'rgb(233,240,246)').length === 1"
    )
    page.locator("tr[data-key=A4] td").click()
    assert page.locator("tr[data-selected]").get_attribute("data-key") == "A4"
    page.locator("tr[data-key=A4] td").click()
    assert page.locator("tr[data-selected]").count() == 0


def test_map_leads_where_the_server_says(visit: Callable[..., Visit]) -> None:
    """A click on an area goes to its address; names are drawn once their glyphs have come."""
    here = visit()
    here.open("/maps")
    page = here.page
    canvas = page.locator("#diverging [data-canvas]")
    canvas.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => document.querySelector('#diverging [data-canvas]').dataset.names === 'ready'"
    )
    loaded = page.evaluate("() => document.fonts.check('16px \"Noto Sans SC Variable\"', '城关街道')")
    assert loaded
    box = canvas.bounding_box()
    at = {"x": box["width"] * 0.62, "y": box["height"] * 0.5}
    canvas.hover(position=at)
    page.wait_for_function("() => !document.querySelector('#diverging .island-tip').hidden")
    name = page.locator("#diverging .island-tip b").inner_text()
    assert name
    canvas.click(position=at)
    page.wait_for_url(re.compile(r"/went/A\d$"))
    assert here.problems == []


def test_grid_pages_and_sorts_at_the_server(
    visit: Callable[..., Visit], server: tuple[str, type[Handler]]
) -> None:
    """Paging and sorting ask for `page`, `page_size` and `sort`; the last page is that of the count."""
    here = visit()
    here.open("/grid")
    page, asked = here.page, server[1].seen
    assert page.locator(".tabulator-row").count() == 20
    page.get_by_role("button", name="末页").click()
    page.wait_for_function("() => document.querySelectorAll('.tabulator-row').length === 14")
    assert any("page=62&page_size=20&sort=name" in path for _, path, _ in asked)
    page.locator(".tabulator-col", has_text="在校生").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.tabulator-row').textContent.includes('200')")
    assert any("sort=pupils" in path for _, path, _ in asked)
    assert page.locator(".tabulator-row a").first.get_attribute("href").startswith("/went/A")
    assert here.problems == []


def test_forms_and_failures(visit: Callable[..., Visit], server: tuple[str, type[Handler]]) -> None:
    """422 is swapped in, other failures speak in the message area and leave the fragment alone."""
    here = visit()
    here.page.goto(here.base + "/controls")
    page, message = here.page, here.page.locator("#message")
    for button, said in (("denied", "你没有这项权限"), ("worded", "计算服务正忙"), ("cut", "连不上服务器")):
        page.locator(f"#{button}").click()
        message.get_by_text(said).wait_for()
        assert page.locator("#denied").is_visible()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("请写明事由").wait_for()
    posted = next(headers for method, path, headers in server[1].seen if path == "/form")
    assert posted["X-CSRFToken"] == "token"
    page.locator("#more").click()
    assert here.settled(page.locator("#late")) == "ready"
    page.locator("#away").click()
    page.wait_for_url("**/went/login")


def test_pickers(visit: Callable[..., Visit]) -> None:
    """The unit picker works by keyboard alone; choosing a year sends its form."""
    here = visit()
    page = here.page
    page.goto(here.base + "/controls")
    field = page.get_by_role("combobox", name="单位")
    field.fill("街道")
    page.get_by_role("option").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert severe(page) == []
    field.press("ArrowDown")
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    field.fill("A7")
    page.get_by_role("option", name="桃源乡").wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/went/A7")
    page.goto(here.base + "/controls")
    field.fill("云岭")
    field.press("Enter")  # before anything was found: the plain form
    page.wait_for_url("**/went/**")
    page.goto(here.base + "/controls")
    page.get_by_label("学年").select_option("2027")
    page.wait_for_url("**/went/year?year=2027")
    assert here.problems == []


def test_upload(visit: Callable[..., Visit], tmp_path: Path) -> None:
    """A workbook goes up and the page it leads to is shown; a refused one shows the form's reasons."""
    here = visit()
    page = here.page
    full, empty = tmp_path / "学校.xlsx", tmp_path / "empty.xlsx"
    full.write_bytes(b"x" * 300_000)
    empty.write_bytes(b"")
    page.goto(here.base + "/controls")
    page.get_by_label("工作簿").set_input_files(empty)
    page.get_by_role("button", name="上传").click()
    page.get_by_role("alert").get_by_text("文件是空的").wait_for()
    page.goto(here.base + "/controls")
    page.get_by_label("工作簿").set_input_files(full)
    assert page.locator("[data-chosen]").inner_text() == "学校.xlsx 293 KB"
    page.get_by_role("button", name="上传").click()
    page.wait_for_url("**/went/preview")
    page.wait_for_function("() => getComputedStyle(document.querySelector('h1')).textIndent === '7px'")
    page.go_back()
    page.get_by_label("工作簿").wait_for()


def test_rail_remembers_and_guarded_forms_ask(visit: Callable[..., Visit]) -> None:
    """The folded rail stays folded after a reload; leaving typed words asks first."""
    here = visit()
    page = here.page
    page.goto(here.base + "/controls")
    toggle = page.locator("[data-rail-toggle]")
    toggle.click()
    page.reload()
    assert page.locator("html").get_attribute("data-rail") == "folded"
    assert toggle.get_attribute("aria-expanded") == "false"
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("事由").fill("新校推迟一年")
    page.goto(here.base + "/")
    assert asked == ["beforeunload"]


def test_print_fits_the_paper(visit: Callable[..., Visit]) -> None:
    """Charts are laid out for the paper's width before printing and for the screen's after."""
    here = visit()
    here.open("/")
    width = "() => document.querySelector('#heat svg').getBoundingClientRect().width"
    before = here.page.evaluate(width)
    here.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert here.page.evaluate(width) <= 680 < before
    here.page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert here.page.evaluate(width) == before


def test_nothing_moves_when_stillness_is_wished(visit: Callable[..., Visit]) -> None:
    """With reduced motion the islands draw as well."""
    here = visit(reduced_motion="reduce")
    here.open("/")
    assert {here.settled(figure) for figure in here.page.locator("figure").all()} == {"ready"}
    assert here.problems == []


def test_pages_work_without_scripts(visit: Callable[..., Visit]) -> None:
    """The fallback of every figure stands, pickers are plain forms."""
    here = visit(java_script_enabled=False)
    here.page.goto(here.base + "/")
    assert all(fallback.is_visible() for fallback in here.page.locator("[data-fallback]").all())
    here.page.goto(here.base + "/controls")
    here.page.get_by_label("单位").fill("云岭")
    here.page.get_by_role("button", name="查找").click()
    here.page.wait_for_url("**/went/find?q=*")


def test_the_lock_names_no_addresses_and_pins_exactly() -> None:
    """The lock works with any registry; versions of what is asked for are exact."""
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in entry for place, entry in packages.items() if place)
    asked = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    for versions in (asked["dependencies"], asked["devDependencies"]):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())


def test_scripts_hold_no_chinese_and_no_colours() -> None:
    """Words come from the server, colours from the stylesheet."""
    for path in (FRONTEND / "src").rglob("*.ts"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"[\u3400-\u9fff]", code), path.name
        assert not re.search(r"#[0-9A-Fa-f]{6}\b|rgba?\(", code), path.name


def test_build_is_done_once(server: tuple[str, type[Handler]]) -> None:
    """A second run finds everything in place and changes nothing."""
    before = MANIFEST.stat().st_mtime_ns
    done = subprocess.run(
        [sys.executable, FRONTEND / "build.py"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert MANIFEST.stat().st_mtime_ns == before
    assert set(PAGES) >= {"/", "/maps"}
