#!/usr/bin/env python3
# pyright: basic
"""核验一次招生派位 · Verify a published admission draw.

    python verify_admission.py 文件夹 [--mine proof.json]

只用 Python 3.8 以上自带的功能，不联网，不用教育局的任何程序。每项核验都可照着下面的文字用别的工具重做。
Standard library only, no network, nothing of the bureau's programs.

V1 文件摘要 digests · V2 先封存后开奖 commitment before event · V3 种子来自公开来源 seed from its sources
V4 每个随机号 every ticket · V5 我的一行在封存之内 my line gives the root · V6 我的结果合乎分数线 my result
V7 人数不超计划 seats · V8 没有可改进的圈 no circle of better places · V9 人工改动列明 changes listed
V10（有 lines.csv 时）逐人重查 everything for everybody
"""

import csv
import hashlib
import io
import json
import os
import sys


def sha(data):
    return hashlib.sha256(data).hexdigest()


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def table(folder, name):
    return list(csv.DictReader(io.StringIO(read(folder, name).decode("utf-8"), newline="")))


def leaf(nonce, line):
    return hashlib.sha256(b"\x00" + nonce + line.encode("utf-8")).digest()


def root_of(level):
    while len(level) > 1:
        up = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = up + level[len(level) - len(level) % 2 :]
    return level[0].hex() if level else sha(b"")


def choices_of(line):
    """版本、受理编号、志愿（项目:类别）……：一行的内容。"""
    version, receipt, *choices = line.split("\t")
    if version != "1":
        raise ValueError("unknown version of a line")
    return receipt, [(part.rsplit(":", 1)[0], int(part.rsplit(":", 1)[1])) for part in choices]


def deserved(choices, ticket, receipt, cutoffs):
    """第一个合乎分数线的志愿；类别小者先，再比随机号，再比受理编号。"""
    for program, level in choices:
        line = cutoffs.get(program)
        if line is None:
            continue
        if line["state"] == "open":
            return program
        if line["last_receipt"] and (level, ticket, receipt) <= key_of(line):
            return program
    return ""


def key_of(row):
    return int(row["last_class"]), row["last_ticket"], row["last_receipt"]


class Bundle:
    """公布的一套文件。"""

    def __init__(self, folder):
        self.folder = folder
        self.announced = json.loads(read(folder, "announcement.json"))
        self.seed = json.loads(read(folder, "seed.json"))
        self.ticket_rows = table(folder, "tickets.csv")
        self.tickets = {row["receipt"]: row["ticket"] for row in self.ticket_rows}
        self.result_rows = table(folder, "results.csv")
        self.results = {row["receipt"]: row["program_id"] for row in self.result_rows}
        self.cutoffs = {row["program_id"]: row for row in table(folder, "cutoffs.csv")}
        self.changes = table(folder, "changes.csv")
        self.changed = {row["receipt"]: row["program_id"] for row in self.changes}


def v1(folder):
    """V1：清单里的每个文件都在，摘要相符，没有多余文件。"""
    manifest = json.loads(read(folder, "manifest.json"))
    here = {name for name in os.listdir(folder) if name not in ("manifest.json", "proof.json")}
    for name in sorted(here ^ set(manifest["files"])):
        yield "V1", "清单与文件不符 listed and present differ: " + name
    for name in sorted(here & set(manifest["files"])):
        if sha(read(folder, name)) != manifest["files"][name]:
            yield "V1", "文件被改动 changed after publication: " + name


def v2_v3(b):
    said = b.announced
    times = [said["frozen_at"], said["announced_at"], said["event_at"], b.seed["drawn_at"]]
    if times != sorted(times) or times[1] >= times[2]:
        yield "V2", "封存、公告、开奖、派位的时间次序不对 wrong order of times: " + " ".join(times)
    results = b.seed["results"]
    canonical = "".join(".".join(str(n) for n in sorted(numbers)) + "./" for numbers in results)
    if len(results) != len(b.announced["sources"]) or not all(results):
        yield "V3", "开奖结果与公告的来源数目不符 sources and results differ"
    if canonical != b.seed["canonical"] or sha(canonical.encode()) != b.seed["digest"]:
        yield "V3", "种子不是由公开结果算出的 the seed does not follow from the results"


def v4(b):
    seed = hashlib.sha256(b.seed["canonical"].encode()).digest()
    head = b"junheng-ticket-1\n" + seed + (b.announced["draw_id"] + "\n\n").encode("utf-8")
    order = [(row["ticket"], row["receipt"]) for row in b.ticket_rows]
    if order != sorted(order) or len(b.tickets) != len(order) or len(order) != b.announced["receipts"]:
        yield "V4", "随机号的次序或个数不对 order or number of tickets is wrong"
    for receipt, ticket in b.tickets.items():
        if sha(head + receipt.encode("utf-8")) != ticket:
            yield "V4", "随机号不是由种子算出的 a ticket does not follow from the seed: " + receipt


def v5_v6(b, proof):
    digest = leaf(bytes.fromhex(proof["nonce"]), proof["line"])
    for side, text in proof["path"]:
        other = bytes.fromhex(text)
        digest = hashlib.sha256(b"\x01" + (other + digest if side == "left" else digest + other)).digest()
    if digest.hex() != b.announced["root"]:
        yield "V5", "我的一行不在封存之内 my line does not give the root"
    receipt, choices = choices_of(proof["line"])
    yield from one_result(b, "V6", receipt, choices)


def one_result(b, number, receipt, choices):
    if receipt not in b.tickets or receipt not in b.results:
        yield number, "缺随机号或结果 no ticket or no result: " + receipt
        return
    due = b.changed.get(receipt)
    if due is None:
        due = deserved(choices, b.tickets[receipt], receipt, b.cutoffs)
    if due != b.results[receipt]:
        said = ", ".join((receipt, due or "-", b.results[receipt] or "-"))
        yield number, "结果不合分数线 result against the cut-offs: " + said


def v7(b):
    seats = b.announced["seats"]
    count = dict.fromkeys(seats, 0)
    for program in b.results.values():
        if program:
            count[program] = count.get(program, 0) + 1
    added = {}
    for row in b.changes:
        added[row["program_id"]] = added.get(row["program_id"], 0) + 1
    if len(b.result_rows) != b.announced["receipts"] or set(b.results) != set(b.tickets):
        yield "V7", "结果不是每人一行 not one result for every receipt"
    for program in sorted(set(seats) | set(count) | set(b.cutoffs)):
        row = b.cutoffs.get(program)
        if row is None or program not in seats:
            yield "V7", "项目不在公告或分数线表中 programme not announced or without a row: " + program
        elif int(row["seats"]) != seats[program] or int(row["filled"]) != count[program]:
            yield "V7", "计划数或录取数不符 seats or filled differ: " + program
        elif count[program] > seats[program] + added.get(program, 0):
            yield "V7", "录取超过计划 more admitted than seats: " + program
        elif (row["state"] == "open") != (count[program] - added.get(program, 0) < seats[program]):
            yield "V7", "余额状态不符 open or full is wrong: " + program


def v8(b):
    arrow = {}
    for row in table(b.folder, "next_in_line.csv"):
        arrow[row["program_id"]] = b.results.get(row["receipt"], "")
    for first in arrow:
        seen, at = set(), first
        while at in arrow and at not in seen:
            seen.add(at)
            at = arrow[at]
        if at in seen:
            yield "V8", "有一圈孩子可以互换而都更好 a circle of children could all do better: " + at
            return


def v9(b):
    for number, row in enumerate(b.changes, start=1):
        whole = all(row[name] for name in ("receipt", "ground", "document_no", "by", "approved_by", "at"))
        if int(row["number"]) != number or not whole or row["by"] == row["approved_by"]:
            yield "V9", f"改动缺号、缺依据或缺第二人 a change lacks number, ground or second person: {number}"


def v10(b):
    rows = table(b.folder, "lines.csv")
    leaves = [leaf(bytes.fromhex(row["nonce"]), row["line"]) for row in rows]
    if root_of(leaves) != b.announced["root"] or len(rows) != b.announced["receipts"]:
        yield "V10", "全部行算出的根与封存不符 all lines together do not give the root"
    last, following = {}, {}
    for row in rows:
        receipt, choices = choices_of(row["line"])
        yield from one_result(b, "V10", receipt, choices)
        if receipt in b.changed:
            continue
        for program, level in choices:
            key = (level, b.tickets.get(receipt, ""), receipt)
            if b.results.get(receipt) == program:
                last[program] = max(last.get(program, key), key)
                break
            following[program] = min(following.get(program, key), key)
    for program, row in b.cutoffs.items():
        if row["state"] == "full" and row["last_receipt"] and last.get(program) != key_of(row):
            yield "V10", "分数线不是末位的 cut-off is not the last admitted: " + program
    named = {row["program_id"]: row["receipt"] for row in table(b.folder, "next_in_line.csv")}
    full = {program for program, row in b.cutoffs.items() if row["state"] == "full"}
    if named != {program: key[2] for program, key in following.items() if program in full}:
        yield "V10", "候补第一人不符 next in line differs"


def verify(folder, mine=None):
    """所有不符之处：(编号, 一句话)；空表示全部相符。"""
    found = []
    try:
        found += v1(folder)
        b = Bundle(folder)
        for check in (v2_v3, v4, v7, v8, v9):
            found += check(b)
        if os.path.exists(os.path.join(folder, "lines.csv")):
            found += v10(b)
        if mine:
            found += v5_v6(b, json.loads(read("", mine)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        found.append(("V1", f"文件缺失或读不出 a file is missing or cannot be read: {error!r}"))
    return found


def main(words):
    mine = words[words.index("--mine") + 1] if "--mine" in words[:-1] else None
    folders = [word for word in words if not word.startswith("--") and word != mine]
    if len(folders) != 1:
        print(__doc__)
        return 2
    found = verify(folders[0], mine)
    for number, sentence in found:
        print(number, sentence)
    if not found:
        print("全部相符。核验清单摘要（请与公示对照）Everything agrees; digest of the manifest:")
        print(sha(read(folders[0], "manifest.json")))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
