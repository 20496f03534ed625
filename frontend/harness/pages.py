"""Pages of the harness: every island with sample data, the small behaviours, and what must fail well."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from frontend.harness.maps import MAPS, diverging, name_of
from frontend.harness.samples import CHARTS, Spec, english

MANIFEST = (
    Path(__file__).resolve().parents[2] / "src" / "junheng" / "web" / "static" / "dist" / "manifest.json"
)
GRID: Spec = {
    "kind": "grid",
    "title": "全部学校",
    "url": "/rows.json",
    "pageSize": 20,
    "key": "code",
    "sort": "name",
    "columns": [
        {"field": "name", "title": "学校", "link": "url", "width": 180},
        {"field": "stage", "title": "学段", "sortable": False},
        {"field": "pupils", "title": "在校生", "unit": "人", "align": "right", "show": "pupils_text"},
        {"field": "gap", "title": "学位余缺", "unit": "个", "align": "right", "show": "gap_text"},
    ],
    "words": {
        "none": "—",
        "empty": "没有符合条件的学校",
        "failed": "未能取得数据，请稍后重试",
        "loading": "正在读取",
        "first": "首页",
        "previous": "上一页",
        "next": "下一页",
        "last": "末页",
        "page": "第几页",
    },
}


def figure(island: str, key: str, spec: Spec | str) -> str:
    """A figure as the server draws it: caption, canvas, fallback and specification."""
    title = spec["title"] if isinstance(spec, dict) else "坏的规格"
    body = spec if isinstance(spec, str) else json.dumps(spec, ensure_ascii=False)
    safe = body.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return f"""<figure data-island="{island}" data-spec="{key}-spec" id="{key}">
<figcaption>{escape(title)}</figcaption>
<div data-canvas></div>
<p data-fallback><a href="/went/table">{escape(title)}：查看表格</a></p>
</figure>
<script type="application/json" id="{key}-spec">{safe}</script>"""


def page(title: str, body: str, style: str = "") -> str:
    """The frame of every page."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    script, fonts = (manifest[key]["file"] for key in ("src/main.ts", "src/fonts.css"))
    return f"""<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/dist/{fonts}"><link rel="stylesheet" href="/harness/tokens.css">
<link rel="stylesheet" href="/harness/harness.css">{style}
<script type="module" src="/static/dist/{script}"></script></head>
<body hx-headers:inherited='{{"X-CSRFToken": "token"}}' data-words-failed="没有成功，请重试"
 data-words-offline="连不上服务器" data-words-403="你没有这项权限"><main><h1>{escape(title)}</h1>
<div id="message" role="status" aria-live="polite" hidden></div>
{body}</main></body></html>"""


def english_charts() -> str:
    """All kinds of chart in longer words."""
    figures = "".join(figure("chart", key, english(make())) for key, make in CHARTS.items())
    return page("Charts", f'<div class="show">{figures}</div>')


def charts() -> str:
    """All kinds of chart, with a table that shares their keys."""
    rows = "".join(
        f'<tr data-key="A{at}"><th scope="row">{name_of(at)}</th><td>{at}</td></tr>' for at in range(9)
    )
    head = '<thead><tr><th scope="col">片区</th><th scope="col">序号</th></tr></thead>'
    table = f'<table id="rows">{head}<tbody>{rows}</tbody></table>'
    figures = "".join(figure("chart", key, make()) for key, make in CHARTS.items())
    return page("图", f'<div class="show">{figures}</div>{table}')


def maps() -> str:
    """All scales of map."""
    return page(
        "地图",
        f'<div class="show">{"".join(figure("map", key, make()) for key, make in MAPS.items())}</div>',
    )


def large() -> str:
    """Three thousand areas."""
    return page("三千个片区", figure("map", "large", diverging(3000)))


def grid() -> str:
    """Rows fetched page by page."""
    return page("表", figure("grid", "grid", GRID))


def broken() -> str:
    """Specifications that cannot be drawn."""
    parts = [
        figure("chart", "unreadable", "{"),
        figure("chart", "unknown", {"kind": "pie", "title": "没有这种图"}),
        figure("chart", "incomplete", {"kind": "fan", "title": "缺了数据"}),
        figure("map", "nowhere", {**diverging(), "url": "/missing.json"}),
        figure("grid", "rowless", {**GRID, "url": "/missing.json"}),
        figure("gauge", "gauge", {"kind": "gauge", "title": "没有这种部件"}),
    ]
    return page("坏的规格", "".join(parts))


def controls() -> str:
    """Pickers, forms, messages, upload, rail."""
    return page(
        "操作",
        """<button type="button" data-rail-toggle aria-controls="rail" aria-expanded="true">收起</button>
<nav id="rail" aria-label="房间"><a href="/">图</a></nav>
<button type="button" data-print>打印</button>
<form action="/went/find" method="get"><label for="unit">单位</label>
<input id="unit" name="q" data-combobox data-source="/units.json?q="
 data-count="{n} 个单位" data-none="没有这个单位">
<button>查找</button></form>
<form action="/went/year" method="get" data-submit-on-change><label for="year">学年</label>
<select id="year" name="year"><option>2026</option><option>2027</option></select><button>换</button></form>
<form hx-post="/form" hx-target="this" hx-swap="outerHTML" hx-status:422="swap:outerHTML" data-guard>
<label for="reason">事由</label><input id="reason" name="reason"><button>提交</button></form>
<p id="fragment"><button type="button" id="denied" hx-get="/status/403" hx-target="#fragment">无权</button>
<button type="button" id="worded" hx-get="/status/500" hx-target="#fragment">出错</button>
<button type="button" id="cut" hx-get="/hang" hx-target="#fragment">断线</button>
<button type="button" id="away" hx-get="/login" hx-target="#fragment">登出</button></p>
<div id="later"><button type="button" id="more" hx-get="/fragment" hx-target="#later">更多</button></div>
<form action="/upload" method="post" enctype="multipart/form-data">
<div data-dropzone><label for="file">工作簿</label> <input type="file" id="file" name="file">
<div data-chosen></div><progress hidden aria-label="上传"></progress></div><button>上传</button></form>""",
    )


PAGES = {
    "/": charts,
    "/english": english_charts,
    "/maps": maps,
    "/large": large,
    "/grid": grid,
    "/broken": broken,
    "/controls": controls,
}
