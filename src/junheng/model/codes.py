"""Code lists: national codes (JY/T 1001, GB/T) re-keyed as facts, and Junheng's own short lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeList:
    """`entries` maps each allowed code to its (Chinese, English) name."""

    name: str
    zh: str
    en: str
    source: str
    entries: dict[str, tuple[str, str]]


_OWN = "Junheng"
_NATIONAL = "JY/T 1001"

LISTS: tuple[CodeList, ...] = (
    CodeList(
        "area_level",
        "区域层级",
        "area level",
        _OWN,
        {
            "province": ("省", "province"),
            "city": ("市", "city"),
            "county": ("县（区）", "county or district"),
            "school_district": ("学区", "school district"),
            "town": ("街道、镇、乡", "street, town or township"),
            "village": ("社区、村", "community or village"),
        },
    ),
    CodeList(
        "school_kind",
        "办学类型",
        "kind of school",
        _NATIONAL,
        {
            "111": ("幼儿园", "kindergarten"),
            "119": ("附设幼儿班", "attached kindergarten classes"),
            "211": ("小学", "primary school"),
            "218": ("小学教学点", "primary teaching point"),
            "219": ("附设小学班", "attached primary classes"),
            "311": ("初级中学", "junior secondary school"),
            "312": ("九年一贯制学校", "nine-year school"),
            "319": ("附设普通初中班", "attached junior classes"),
            "341": ("完全中学", "complete secondary school"),
            "342": ("高级中学", "senior secondary school"),
            "345": ("十二年一贯制学校", "twelve-year school"),
            "349": ("附设普通高中班", "attached senior classes"),
            "511": ("盲人学校", "school for the blind"),
            "512": ("聋人学校", "school for the deaf"),
            "513": ("培智学校", "school for children with intellectual disabilities"),
            "514": ("其他特教学校", "other special school"),
            "519": ("附设特教班", "attached special classes"),
        },
    ),
    CodeList(
        "ownership",
        "办园办学性质",
        "ownership",
        _OWN,
        {
            "public": ("公办", "public"),
            "private_inclusive": ("普惠性民办", "inclusive private"),
            "private": ("民办", "private"),
        },
    ),
    CodeList(
        "urban_rural",
        "城乡分类",
        "urban or rural",
        _NATIONAL,
        {
            "111": ("主城区", "main urban area"),
            "112": ("城乡结合区", "urban fringe"),
            "121": ("镇中心区", "town centre"),
            "122": ("镇乡结合区", "town fringe"),
            "123": ("特殊区域", "special area"),
            "210": ("乡中心区", "township centre"),
            "220": ("村庄", "village"),
        },
    ),
    CodeList(
        "school_system",
        "学制",
        "school system",
        _OWN,
        {"63": ("六三学制", "six-three system"), "54": ("五四学制", "five-four system")},
    ),
    CodeList(
        "grade",
        "年级",
        "grade",
        _OWN,
        {
            "K0": ("托班", "nursery class"),
            "K1": ("小班", "kindergarten first year"),
            "K2": ("中班", "kindergarten second year"),
            "K3": ("大班", "kindergarten third year"),
            **{
                f"G{n:02d}": (f"{zh}年级", f"grade {n}") for n, zh in enumerate("一二三四五六七八九", start=1)
            },
            "G10": ("高一", "grade 10"),
            "G11": ("高二", "grade 11"),
            "G12": ("高三", "grade 12"),
        },
    ),
    CodeList(
        "stage",
        "学段",
        "stage",
        _OWN,
        {
            "kindergarten": ("学前", "kindergarten"),
            "primary": ("小学", "primary"),
            "junior": ("初中", "junior secondary"),
            "senior": ("高中", "senior secondary"),
            "special": ("特殊教育", "special education"),
        },
    ),
    CodeList(
        "birth_basis",
        "出生口径",
        "basis of births",
        _OWN,
        {
            "certificate": ("出生医学证明", "birth certificates"),
            "vaccination": ("预防接种", "vaccination register"),
            "registration": ("户籍出生登记", "household registration"),
            "statistics": ("统计年鉴", "statistical yearbook"),
        },
    ),
    CodeList(
        "population_basis",
        "人口口径",
        "basis of population",
        _OWN,
        {
            "census": ("人口普查", "census"),
            "resident": ("常住人口", "resident population"),
            "registered": ("户籍人口", "registered population"),
        },
    ),
    CodeList(
        "sex",
        "性别",
        "sex",
        "GB/T 2261.1",
        {"0": ("不分性别", "both"), "1": ("男", "male"), "2": ("女", "female")},
    ),
    CodeList(
        "housing_kind",
        "住房类型",
        "kind of housing",
        _OWN,
        {
            "commercial": ("商品住房", "commercial housing"),
            "resettlement": ("安置房", "resettlement housing"),
            "affordable": ("保障性住房", "affordable housing"),
            "rental": ("租赁住房", "rental housing"),
        },
    ),
    CodeList(
        "housing_status",
        "项目状态",
        "status of housing project",
        _OWN,
        {
            "planned": ("规划", "planned"),
            "approved": ("已批", "approved"),
            "building": ("在建", "under construction"),
            "completed": ("已交付", "handed over"),
        },
    ),
    CodeList(
        "seat_status",
        "学位状态",
        "status of seats",
        _OWN,
        {
            "open": ("在用", "in use"),
            "approved": ("已批未开", "approved, not open"),
            "building": ("在建", "under construction"),
            "closed": ("停用", "closed"),
        },
    ),
    CodeList(
        "school_event",
        "学校变动",
        "school event",
        _OWN,
        {
            "open": ("开办", "opened"),
            "close": ("停办", "closed"),
            "merge": ("并入", "merged into"),
            "split": ("分设", "split from"),
            "move": ("迁址", "moved"),
            "rename": ("更名", "renamed"),
        },
    ),
    CodeList(
        "lever",
        "措施",
        "lever",
        _OWN,
        {
            "FertilityShift": ("出生变化", "fertility shift"),
            "BirthsOverride": ("指定出生数", "births override"),
            "MigrationShift": ("人口流动变化", "migration shift"),
            "MigrantAccess": ("随迁入学放宽", "migrant access"),
            "HousingCompletion": ("住房交付", "housing completion"),
            "YieldShift": ("入学系数变化", "yield shift"),
            "FeederShift": ("升学去向调整", "feeder shift"),
            "BoundaryShift": ("片区调整", "boundary shift"),
            "VocationalSplit": ("普职分流", "vocational split"),
            "GradeStructure": ("学制调整", "grade structure"),
            "ClassSize": ("班额标准", "class size"),
            "ElasticClasses": ("弹性班额", "elastic classes"),
            "Open": ("新建", "open"),
            "Expand": ("扩建", "expand"),
            "Close": ("停办", "close"),
            "Merge": ("合并", "merge"),
            "Relocate": ("过渡校址", "relocate"),
            "ShareStage": ("跨学段共用", "share between stages"),
            "Boarding": ("寄宿", "boarding"),
            "CapacityChange": ("学位增减", "capacity change"),
        },
    ),
    CodeList(
        "lever_scope",
        "措施范围",
        "scope of a lever",
        _OWN,
        {
            "region": ("全区域", "whole region"),
            "area": ("片区", "area"),
            "school": ("学校", "school"),
        },
    ),
)

CODE_LISTS: dict[str, CodeList] = {code_list.name: code_list for code_list in LISTS}
