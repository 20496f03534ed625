#!/usr/bin/env python3
"""核验一次公开派位 · Verify a published admission draw: python verify_admission.py 文件夹 [--mine 我的.json]

只用 Python 3.8 以上自带的功能，不联网，不用教育局的任何程序。Standard library only, no network.
V1 文件与清单相符 digests · V2 先封存公告、后开奖 announced before the event · V3 种子来自公告的来源 seed
V4 每个随机号及次序 every ticket · V5 我的一行在封存之内 my line · V6 我的结果合乎分数线 my result
V7 录取不超计划 seats · V8 没有一圈人可以互换而都更好 no circle of better places
V9 人工改动列明、两人签字 changes · V10 逐人重查（有全部行时）everything for everybody
"""

import collections
import csv
import hashlib
import json
import os
import sys
from datetime import datetime

UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, csv.Error)


def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode("utf-8")).hexdigest()


def node(mark, left, right):  # 叶：0、随机串、一行；枝：1、左、右
    return hashlib.sha256(bytes([mark]) + left + right).digest()


class Draw:  # 公布的一套文件和自己的证明；每项核验逐条给出（是否不符, 一句话）
    def __init__(self, folder, mine):
        self.folder, self.files = folder, set(os.listdir(folder))
        self.proof = self.read(os.path.abspath(mine)) if mine else None
        self.manifest, self.said = self.read("manifest.json"), self.read("announcement.json")
        self.seed, self.changes = self.read("seed.json"), self.read("changes.csv")
        seed = hashlib.sha256(self.seed.get("canonical", "").encode("utf-8")).digest()
        self.head = b"junheng-ticket-1\n" + seed + (self.said["draw_id"] + "\n").encode("utf-8")
        self.drawn = [(row["ticket"], row["receipt"]) for row in self.read("tickets.csv")]
        self.spare = [(row["ticket"], row["receipt"]) for row in self.read("spare.csv")]  # 补登用
        self.ticket = {receipt: ticket for ticket, receipt in self.drawn}
        self.ring = self.said.get("ring", False)  # 环形派位：起始号加间隔
        self.apart = self.said.get("lottery") == "programme"  # 一个项目一个随机号
        bound = self.read("bound.csv") if "bound.csv" in self.files else []
        self.pair, lead = {row["receipt"]: row["family"] for row in bound}, {}  # 双胞胎共用较小的随机号
        self.row = self.walked() if self.ring else [(0, *one) for one in self.drawn]
        for at, (_, _, receipt) in enumerate(self.row):
            lead.setdefault(self.pair.get(receipt, receipt), at)
        order = sorted(self.row, key=lambda one: lead[self.pair.get(one[2], one[2])])
        self.place = {ticket: at for at, (_, ticket, _) in enumerate(order)}  # 随机号排第几
        self.cutoffs = {row["program_id"]: row for row in self.read("cutoffs.csv")}
        self.next = {row["program_id"]: row["receipt"] for row in self.read("next_in_line.csv")}
        self.listed = self.read("results.csv") if "results.csv" in self.files else []
        tables = (self.changes, self.listed)
        self.change, self.results = ({row["receipt"]: row for row in rows} for rows in tables)
        sizes = self.said["bands"] or [1]  # 各志愿属第几组
        self.bands = [band for band, size in enumerate(sizes + sizes[-1:] * 999, 1) for _ in range(size)]

    def raw(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def read(self, name):
        text = self.raw(name).decode("utf-8")
        return json.loads(text) if name.endswith(".json") else list(csv.DictReader(text.split("\n")))

    def walked(self):  # 环：编号 = 随机号从小到大第几；从起始号数起，每次取间隔数到的那个
        left = [(number, *one) for number, one in enumerate(self.drawn, 1)]
        ring, found = self.seed.get("ring", {}), []
        at, step = ring.get("start", 1) - 1, ring.get("step", 1)
        while left:
            at %= len(left)
            found.append(left.pop(at))
            at += step - 1
        return found

    def hashed(self, scope, receipt):  # 随机号：种子、派位编号、范围、受理编号的 SHA-256
        return sha(self.head + (scope + "\n" + receipt).encode("utf-8"))

    def mine(self, receipt, program):  # 在这个项目排第几；一个项目一个随机号时，是那个随机号
        place = self.place[self.ticket[receipt]]
        return self.hashed(program.partition("@")[0], receipt) if self.apart else place

    def keys(self, line):  # 受理编号和各志愿：(项目, 先后)。先后 =（志愿组, 类别, 随机号位置），小者在先
        # da 不分志愿组，sd 只看随机号，ia 每个志愿一组，parallel 按公告的各组志愿数，末一个数延续到底
        version, receipt, family, _, *choices = line.split("\t")
        twin = family if family[:6] in ("bound:", "shared") else ""
        if version != "1" or self.pair.get(receipt, "") != twin:
            raise ValueError("another version or other twins 版本或双胞胎不符")
        parts, found = (one.rpartition(":") for one in choices), []
        for band, (program, _, level) in zip(self.bands, parts):  # noqa: B905 - 3.8 没有 strict
            front = {"da": (0, int(level)), "sd": (0, 0)}.get(self.said["mechanism"], (band, int(level)))
            found.append((program, (*front, self.mine(receipt, program))))
        return receipt, found

    def last(self, row):  # 分数线：末位的先后；没有人录取时在一切之前
        last = (int(row["last_band"] or 0), int(row["last_class"] or 0))
        ticket = row["last_ticket"]
        return (*last, ticket if self.apart else self.place[ticket]) if ticket else (-sys.maxsize,)

    def due(self, choices, cutoffs):  # 第一个合乎分数线的志愿
        rows = ((program, key, cutoffs[program]) for program, key in choices)
        return next((one for one, key, row in rows if row["state"] == "open" or key <= self.last(row)), "")

    def misplaced(self, row):  # 去向与抽签不同，须有列明的改动
        change = self.change.get(row["receipt"], {"number": "", "program_id": row["drawn"]})
        return (row["change"], row["program_id"]) != (change["number"], change["program_id"])

    def v1(self):
        files, names = self.manifest["files"], self.files - {"manifest.json", "proof.json"}
        written = json.dumps(self.manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        level = "full" if "lines.csv" in files else "list" if "results.csv" in files else "own"
        told = {"format": "junheng-admission-1", "level": level, "draw_id": self.said["draw_id"]}
        wrong = not told.items() <= self.manifest.items()
        yield wrong or written.encode("utf-8") != self.raw("manifest.json"), "清单被改动 manifest changed"
        for name in sorted(names | set(files)):
            wrong = name not in names or name not in files or sha(self.raw(name)) != files[name]
            yield wrong, "文件被改动、缺少或多出 a file was changed, lost or added: " + name
        wrong = any(files.get(name) != own for name, own in self.said["digests"].items())
        yield wrong, "核验程序不是公告的那一份 not the announced verifier"

    def v2(self):
        when, said = datetime.fromisoformat, dict(self.said)
        name = said.pop("draw_id")
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield name != said["draw"] + "-" + sha(text)[:32], "公告被改动过 the announcement does not fit its id"
        announced, drawn = when(said["announced_at"]), when(self.seed["drawn_at"])
        yield when(said["frozen_at"]) > announced, "公告早于封存 announced before the freeze"
        used = {result["source"]: result["event"] for result in self.seed["results"]}
        for one in said["sources"]:
            for kind in ("", "fallback_") if one["fallback_event"] else ("",):
                event, time, about = one[kind + "event"], when(one[kind + "at"]), ": " + one["name"]
                early = used.get(one["name"]) == event and drawn < time
                due = one["genesis"] + (int(event) - 1) * one["period"] if one["kind"] == "drand" else None
                yield time <= announced, "开奖不晚于公告 the event is not after the announcement" + about
                yield early, "派位早于开奖 drawn before the event" + about
                yield due not in (None, time.timestamp()), "信标轮次不在此时 round at another time" + about

    def v3(self):
        sources, seed, name = self.said["sources"], self.seed, self.said["draw_id"]
        canonical, balls = "", None
        wrong = [one["name"] for one in sources] != [result["source"] for result in seed["results"]]
        yield wrong, "开奖结果与公告的来源不符 results of other sources"
        for one, result in zip(sources, seed["results"]):  # noqa: B905 - 3.8 没有 strict
            event, numbers = result["event"], result.get("numbers", [])
            wrong = event not in (one["event"], one["fallback_event"] or one["event"])
            yield wrong or len(numbers) != one["count"], "期次或号码个数不符 other event or count: " + event
            if one["kind"] == "ring":  # 现场摇出的起始号和间隔，不进种子
                balls = numbers
                continue
            canonical += ".".join(str(n) for n in sorted(numbers)) + "./" if numbers else ""
            if one["kind"] == "drand":
                canonical += "drand/" + str(int(event)) + "/" + result["randomness"] + "/"
                wrong = sha(bytes.fromhex(result["signature"])) != result["randomness"]
                yield wrong, "信标随机值不是其签名的摘要 randomness is not the digest of the signature"
        wrong = (seed["canonical"], seed["digest"], seed["draw_id"]) != (canonical, sha(canonical), name)
        yield wrong, "种子不是由这次的开奖结果算出的 the seed does not follow from the results"
        if self.ring:  # 没有现场摇号，起始号和间隔就由种子算出
            count = max(self.said["receipts"], 1)
            head = b"junheng-ring-1\n" + hashlib.sha256(canonical.encode("utf-8")).digest()
            words = ("start", "step")
            from_seed = [int(sha(head + f"{name}\n{word}".encode()), 16) % count + 1 for word in words]
            start, step = seed["ring"]["start"], seed["ring"]["step"]
            wrong = [start, step] != (balls or from_seed) or not (0 < start <= count and 0 < step <= count)
            yield wrong, "起始号或间隔不是抽出的 start or step of the ring is not what was drawn"

    def v4(self):
        said, scope = self.said, self.said["scope"]
        wrong = len({len(self.ticket), len(self.drawn), said["receipts"]}) > 1
        yield wrong or self.drawn != sorted(self.drawn), "随机号次序或个数不对 order or number of tickets"
        wrong = [receipt for _, receipt in self.spare] != said["spare_receipts"]
        yield wrong, "备用编号与公告的不同 other spare receipts than announced"
        for ticket, receipt in self.drawn + self.spare:
            wrong = self.hashed(scope, receipt) != ticket
            yield wrong, "随机号不是由种子算出的 a ticket does not follow from the seed: " + receipt
        if self.ring:
            told = [(row["place"], row["number"], row["receipt"]) for row in self.read("ring.csv")]
            due = [(str(place), str(number), one) for place, (number, _, one) in enumerate(self.row, 1)]
            wrong = [one[0] for one, other in zip(due, told) if one != other]  # noqa: B905 - 同上
            wrong = wrong or (["+"] if len(due) != len(told) else [])
            yield wrong, "环上的次序不对 the order of the ring does not follow: " + " ".join(wrong[:3])

    def v5(self):
        digest = node(0, bytes.fromhex(self.proof["nonce"]), self.proof["line"].encode("utf-8"))
        for side, other in ((side, bytes.fromhex(other)) for side, other in self.proof["path"]):
            digest = node(1, other, digest) if side == "left" else node(1, digest, other)
        wrong = (digest.hex(), self.proof["draw_id"]) != (self.said["root"], self.said["draw_id"])
        yield wrong, "我的一行不在封存之内 my line does not give the root"

    def v6(self):
        receipt, choices = self.keys(self.proof["line"])
        mine, hidden = dict(self.proof["result"], receipt=receipt), self.proof["withheld"]
        due = self.due(choices, dict(self.cutoffs, **{row["program_id"]: row for row in hidden}))
        yield mine["drawn"] != due, "我的结果不合分数线 my result is not what the cut-offs give"
        own = {one: key[2] for one, key in choices} if self.apart else {}
        yield self.proof.get("tickets", {}) != own, "我在各项目的随机号不对 my tickets are wrong"
        yield self.results.get(receipt, mine) != mine, "我的结果与公布的不同 my result differs from the list"
        yield self.misplaced(mine), "我的去向与抽签不同而未列明 my place differs from the draw, unlisted"

    def v7(self):
        said, listed = self.said, self.listed
        yield sorted(self.cutoffs) != sorted(said["seats"]), "项目与公告不符 other programmes than announced"
        children = sorted(row["receipt"] for row in listed if row["receipt"] not in said["spare_receipts"])
        yield listed and children != sorted(self.ticket), "结果不是每人一行 not one result for every child"
        count = collections.Counter(row["drawn"] for row in listed)
        twins = self.pair.items() if listed else ()
        homes = {(code, self.results[one]["drawn"].partition("@")[0]) for one, code in twins}
        pairs, kept = len(set(self.pair.values())), all(one[:6] == "bound:" for one in self.pair.values())
        wrong = 2 * pairs != len(self.pair) or (kept and listed and len(homes) != pairs)
        yield wrong, "双胞胎被分开 bound twins are parted"
        for program, row in self.cutoffs.items():
            filled, seats = count[program] if listed else int(row["filled"] or 0), int(row["seats"])
            more = seats - said["seats"].get(program, 0)  # 为不拆开双胞胎而声明增加的名额，必须用满
            wrong = filled > seats or (more and not (0 < more <= pairs and row["state"] != "open"))
            yield wrong, "计划数不符或录取超过计划 seats differ or more are admitted: " + program
            right = [(str(filled), "open" if filled < seats else "full"), ("", "withheld")]
            wrong = (row["filled"], row["state"]) not in right
            yield wrong, "录取数或余额状态不符 number admitted, open or full is wrong: " + program

    def v8(self):
        before, arrow = None, {one: self.results[receipt]["drawn"] for one, receipt in self.next.items()}
        while before != len(arrow):  # 去掉不再指向箭头的，剩下的都在圈上或通往圈
            before, arrow = len(arrow), {one: to for one, to in arrow.items() if to in arrow}
        yield arrow, "有一圈孩子可以互换而都更好 a circle could all do better: " + " ".join(sorted(arrow))

    def v9(self):
        last, count, late = "", len(self.changes), self.said["spare_receipts"]
        names = self.read("signatures.csv") if "signatures.csv" in self.files else self.changes
        for number, (row, who) in enumerate(zip(self.changes, names), start=1):  # noqa: B905
            last = sha("\t".join([last, *list(row.values())[:-1]]))
            digests = [row["by_digest"], row["approved_digest"]]
            whole = row["number"] == str(number) and all(row[name] for name in row if name != "program_id")
            wrong = row["link"] != last or not whole or digests[0] == digests[1]
            yield wrong, "改动缺项、断链或只一人签字 a change lacks a field, link or person: " + str(number)
            names_of = [sha(who["salt"] + "\t" + who[one]) for one in ("by", "approved_by") if "salt" in who]
            yield names_of not in ([], digests), "签字人不符 another person signed: " + str(number)
        wrong = (self.manifest["changes"], self.manifest["last_link"]) != (count, last)
        yield wrong or not count == len(self.change) == len(names), "改动条数不符 changes are lost"
        spare = [row["receipt"] for row in self.changes if row["receipt"] in late]
        yield spare != late[: len(spare)], "备用编号未按次序使用 spare receipts out of turn"
        for row in self.listed:
            yield self.misplaced(row), "去向与抽签不同而未列明 a place differs, unlisted: " + row["receipt"]

    def v10(self):
        rows, last, following = self.read("lines.csv"), {}, {}
        level = [node(0, bytes.fromhex(row["nonce"]), row["line"].encode("utf-8")) for row in rows]
        while len(level) > 1:  # 两两相并直到剩一个；落单的原样上升
            up = [node(1, level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
            level = up + level[len(level) - len(level) % 2 :]
        root = level[0].hex() if level else sha("")
        wrong = (root, len(rows)) != (self.said["root"], self.said["receipts"])
        yield wrong, "全部行算出的根与公告不符 all lines together do not give the root"
        for receipt, choices in (self.keys(row["line"]) for row in rows):
            got = self.results[receipt]["drawn"]
            yield got != self.due(choices, self.cutoffs), "结果不合分数线 against the cut-offs: " + receipt
            for program, key in choices:
                if program == got:
                    last[program] = max(last.get(program, key), key)
                    break
                following[program] = min(following.get(program, (key, receipt)), (key, receipt))
        full = {program: self.last(row) for program, row in self.cutoffs.items() if row["state"] != "open"}
        wrong = [one for one, line in full.items() if line != last.get(one, (-sys.maxsize,))]
        yield wrong, "分数线不是末位的 a cut-off is not the last admitted: " + " ".join(wrong)
        due = {program: receipt for program, (_, receipt) in following.items() if program in full}
        yield self.next != due, "候补第一人不符 next in line differs"


def verify(folder, mine=None):  # (做过的编号, 不符之处)；不符之处为 (编号, 一句话)
    found, said = [], "文件缺失或读不出 a file is missing or cannot be read: "
    try:
        b = Draw(folder, mine)
    except UNREADABLE as error:
        return ["V1"], [("V1", said + repr(error))]
    given = {5: mine, 6: mine, 8: b.listed, 10: "lines.csv" in b.files}
    done = [f"V{number}" for number in range(1, 11) if given.get(number, True)]
    for number in done:
        try:
            found += [(number, sentence) for wrong, sentence in getattr(b, number.lower())() if wrong]
        except UNREADABLE as error:
            found.append((number, said + repr(error)))
    return done, found


def main(words):
    if words[1:2] not in ([], ["--mine"]) or len(words) not in (1, 3) or not os.path.isdir(words[0]):
        print(__doc__)
        return 2
    done, found = verify(words[0], words[2] if words[1:] else None)
    print("\n".join(map(" ".join, found)) or "全部相符 everything agrees: " + " ".join(done))
    if not found:
        print("派位编号，请与开奖前的公示对照 draw id: " + Draw(words[0], None).said["draw_id"])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
