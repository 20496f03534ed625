"""What each school has: teachers counted, areas, equipment, classes one by one, special rooms one by one."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.people import GRADE
from junheng.model.tables.places import SCHOOL_ID, SOURCE, YEAR

_MOST_STAFF = 3000
_MOST_AREA = 2_000_000


def _people(name: str, zh: str, en: str, about_zh: str, about_en: str, example: str, *aliases: str) -> Column:
    return Column(
        name, "integer", zh, en, about_zh, about_en, unit="人 persons", minimum=0, maximum=_MOST_STAFF,
        example=example, aliases=aliases,
    )  # fmt: skip


def _area(name: str, zh: str, en: str, about_zh: str, about_en: str, example: str, *aliases: str) -> Column:
    return Column(
        name, "number", zh, en, about_zh, about_en, unit="㎡ m²", minimum=0, maximum=_MOST_AREA,
        example=example, aliases=aliases, decimals=2,
    )  # fmt: skip


SCHOOL_YEARS = Table(
    "school_years",
    "学校条件",
    "school conditions",
    "每校每学段每年的教师、用房、场地、设备；多学段学校分不清学段的资源另填一行“各学段共用”，按学生数折算分摊",
    "Teachers, rooms, grounds and equipment by school, stage and year; what a school of several stages cannot tell apart goes into a further row `shared` and is split by pupils",
    key=("school_id", "stage", "year"),
    columns=(
        SCHOOL_ID,
        Column("stage", "code", "学段", "stage", "学段；各学段共用、分不清的资源填“各学段共用”", "Stage; `shared` for what several stages use and nobody can tell apart", required=True, codes="stage_or_shared", example="primary", aliases=("学段类别",)),
        YEAR,
        _people("full_time_teachers", "专任教师数", "full-time teachers", "专任教师，含长期聘用的合同教师，不含兼任", "Full-time teachers, those on long contracts included, part-time ones not", "62", "专任教师", "专任教师人数"),
        _people("degree_teachers", "高于规定学历教师数", "teachers above the required degree", "高于规定学历的专任教师：小学为专科及以上，初中为本科及以上", "Full-time teachers whose degree is above the one required: college and up in primary, bachelor and up in junior school", "60", "高于规定学历教师", "高一级学历教师数", "学历达标教师数"),
        _people("backbone_teachers", "骨干教师数", "backbone teachers", "县级及以上认定的骨干教师", "Teachers recognised as backbone at county level or above", "13", "骨干教师", "县级以上骨干教师", "县级及以上骨干教师数"),
        _people("pe_teachers", "体育教师数", "PE teachers", "体育专任教师", "Full-time PE teachers", "5", "体育教师", "体育专任教师"),
        _people("music_teachers", "音乐教师数", "music teachers", "音乐专任教师", "Full-time music teachers", "3", "音乐教师", "音乐专任教师"),
        _people("art_teachers", "美术教师数", "art teachers", "美术（含书法、艺术综合）专任教师", "Full-time teachers of fine art, calligraphy and arts", "3", "美术教师", "美术专任教师", "艺术教师数"),
        _people("visiting_pe_art_teachers", "走教体育艺术教师数", "visiting PE and art teachers", "走教、交流到校的体育、音乐、美术教师；只供乡村小规模学校计入", "PE, music and art teachers who come from other schools; counted for small rural schools only", "0", "走教教师", "走教体音美教师"),
        _people("certified_teachers", "持证教师数", "certified teachers", "持有相应教师资格证的专任教师", "Full-time teachers with the fitting certificate", "62", "持教师资格证人数", "持证上岗教师"),
        _people("trained_teachers", "完成培训学时教师数", "teachers with their training hours", "五年内完成规定培训学时的专任教师", "Full-time teachers who have done the hours of training asked for in five years", "62", "完成360学时教师数", "五年培训达标教师"),
        _people("staff", "教职工数", "staff", "全部教职工", "All staff", "70", "教职工", "教职工人数"),
        _people("care_staff", "保育员数", "care staff", "幼儿园保育员", "Care staff of kindergartens", "0", "保育员", "保育人员"),
        _people("counsellors", "专职心理教师数", "counsellors", "专职心理健康教育教师", "Full-time teachers of mental health", "1", "专职心理教师", "心理健康教师"),
        _people("part_time_counsellors", "兼职心理教师数", "part-time counsellors", "兼职心理健康教育教师", "Part-time teachers of mental health", "2", "兼职心理教师"),
        _area("teaching_area", "教学及辅助用房面积", "teaching and auxiliary rooms", "教学及辅助用房，含室内体育用房", "Teaching and auxiliary rooms, indoor sports included", "5340.00", "教学及辅助用房", "教学辅助用房面积", "教学行政用房"),
        _area("indoor_sports_area", "室内体育用房面积", "indoor sports rooms", "教学及辅助用房中的室内体育用房", "Indoor sports rooms among the teaching rooms", "420.00", "体育馆面积", "室内体育用房", "风雨操场面积"),
        _area("sports_ground_area", "运动场地面积", "sports grounds", "室外体育运动场地", "Outdoor sports grounds", "7800.00", "体育运动场馆面积", "运动场面积", "体育运动场地面积", "室外运动场地面积"),
        _area("extra_sports_area", "另计运动场地面积", "further sports grounds", "屋顶、地下或签约的校外场馆；中心城区按规定可另计", "Roofs, basements and signed venues outside, which crowded centres may count", "0.00", "签约场馆面积", "屋顶运动场面积"),
        _area("building_area", "校舍建筑面积", "floor area", "校舍建筑面积", "Floor area of all buildings", "8600.00", "建筑面积", "校舍面积", "园舍建筑面积"),
        _area("activity_area", "幼儿活动用房面积", "activity rooms", "幼儿园幼儿活动用房", "Activity rooms of a kindergarten", "", "活动用房面积", "幼儿活动用房"),
        _area("outdoor_area", "室外游戏场地面积", "outdoor play area", "幼儿园室外游戏活动场地", "Outdoor play area of a kindergarten", "", "室外场地面积", "室外游戏场地", "户外活动场地面积"),
        _area("site_area", "占地面积", "site", "学校占地", "Area of the site", "21000.00", "学校占地面积", "占地", "用地面积"),
        Column("equipment_value", "number", "教学仪器设备值", "equipment", "教学仪器设备的账面原值，以元计（不是万元）", "Book value of teaching equipment at cost, in yuan (not ten thousands)", unit="元 yuan", minimum=0, maximum=2_000_000_000, example="2650000.00", aliases=("教学仪器设备资产值", "教学仪器设备总值", "仪器设备值", "设备总值"), decimals=2),
        Column("multimedia_rooms", "integer", "网络多媒体教室数", "multimedia rooms", "接入网络的多媒体教室", "Multimedia rooms on the network", unit="间 rooms", minimum=0, maximum=1000, example="28", aliases=("网络多媒体教室", "多媒体教室数", "多媒体教室")),
        Column("planned_year", "year", "规划设计年份", "year of design", "园舍、校舍规划设计的年份；各年要求不同", "Year the buildings were designed; requirements differ by it", minimum=1900, maximum=2100, example="2004", aliases=("设计年份", "规划年份")),
        Column("inclusive", "flag", "普惠性", "inclusive", "是否普惠性幼儿园（公办或认定的普惠性民办）", "Whether a kindergarten is inclusive: public, or private and recognised so", example="", aliases=("是否普惠", "普惠性幼儿园", "是否普惠性")),
        Column("smart_campus", "flag", "智慧校园", "smart campus", "是否达到智慧校园建设要求", "Whether the school counts as a smart campus", example="是", aliases=("是否智慧校园", "数字校园")),
        Column("bandwidth_mbps", "number", "出口带宽", "bandwidth", "互联网出口带宽", "Bandwidth to the internet", unit="Mbps Mbps", minimum=0, maximum=1_000_000, example="1000", aliases=("网络带宽", "带宽")),
        SOURCE,
    ),
)  # fmt: skip

CLASSES = Table(
    "classes",
    "班级",
    "classes",
    "每个教学班一行：年级与人数；班额逐班核对，不取平均",
    "One row for each class: its grade and pupils, since sizes are judged class by class and never on average",
    key=("school_id", "year", "class_id"),
    columns=(
        SCHOOL_ID,
        YEAR,
        Column("class_id", "code", "班级编号", "class id", "校内班级编号，如 1年级03班 填 G01-03", "Number of the class within the school, as G01-03", required=True, example="G01-03", aliases=("班号", "班级代码", "班级")),
        GRADE,
        Column("pupils", "integer", "班级人数", "pupils", "该班学年初学生数", "Pupils of the class at the start of the year", unit="人 pupils", required=True, minimum=0, maximum=200, example="44", aliases=("学生数", "班额", "人数", "班级学生数")),
        Column("mixed_age", "flag", "混龄或复式", "mixed ages", "是否混龄班、复式班；是则年级填人数最多的年级", "Whether several grades share the class; if so, the grade is the largest of them", example="否", aliases=("混龄班", "复式班")),
    ),
)  # fmt: skip

ROOMS = Table(
    "rooms",
    "专用教室",
    "special rooms",
    "每间专用教室、功能室一行：类别与面积；普通教室在“学位”表中计数",
    "One row for each special room with its kind and area; ordinary classrooms are counted in the table of seats",
    key=("school_id", "room_id"),
    columns=(
        SCHOOL_ID,
        Column("room_id", "code", "教室编号", "room id", "校内教室的固定编号", "Fixed number of the room within the school", required=True, example="M-01", aliases=("房间编号", "教室代码", "房号")),
        Column("kind", "code", "教室类别", "kind", "专用教室类别", "Kind of room", required=True, codes="room_kind", example="music", aliases=("专用教室类别", "用途", "教室类型")),
        Column("area", "number", "使用面积", "area", "使用面积", "Usable area", unit="㎡ m²", minimum=0, maximum=20_000, example="96.50", aliases=("教室面积", "面积", "房间面积"), decimals=2),
        Column("built_year", "year", "建成年份", "built", "教室建成的年份", "Year the room was built", minimum=1900, maximum=2100, example="2012", aliases=("建成时间",)),
        Column("year_from", "year", "启用学年", "in use from", "作此用途的第一个学年；一直如此则留空", "First school year of this use; empty if always", minimum=1900, maximum=2100, example="2012"),
        Column("year_to", "year", "停用学年", "in use to", "作此用途的最后一个学年；仍在用则留空", "Last school year of this use; empty while it lasts", minimum=1900, maximum=2100, example=""),
    ),
)  # fmt: skip

TABLES = (SCHOOL_YEARS, CLASSES, ROOMS)
