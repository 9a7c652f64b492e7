"""What the texts say: tables, clauses, plans, regions and codes, each with its days in force.

``law.at(day)`` gives a frozen view of the tables; ``law.plan()``, ``law.regions()``,
``law.analytes()`` and ``law.codes(name)`` give the plan, the regions and the closed lists.
Nothing is read from disk before it is asked for.
"""

from jingtu.law.clauses import Clause, cite, clause, clauses
from jingtu.law.codes import (
    CONSTRUCTION,
    CROPS,
    FARMLAND,
    Analyte,
    AnalyteList,
    Code,
    CodeList,
    analyte,
    analytes,
    code_lists,
    codes,
)
from jingtu.law.errors import BrokenTable, LawError, LawNotInForce, UnknownTable
from jingtu.law.governing_day import GoverningDay, governing_days, which_day
from jingtu.law.instruments import (
    Instrument,
    Precision,
    Standing,
    instrument,
    instruments,
    predecessors,
)
from jingtu.law.intervals import Interval
from jingtu.law.plans import Duty, Holder, Plan, PlanClause, PlanNumber, plan, plan_codes
from jingtu.law.regions import Region, RegionSet, boundaries, boundary_text, regions
from jingtu.law.rows import Row, Value
from jingtu.law.source import Certainty
from jingtu.law.tables import Table, table_sources
from jingtu.law.views import LawView, at

__all__ = [
    "CONSTRUCTION",
    "CROPS",
    "FARMLAND",
    "Analyte",
    "AnalyteList",
    "BrokenTable",
    "Certainty",
    "Clause",
    "Code",
    "CodeList",
    "Duty",
    "GoverningDay",
    "Holder",
    "Instrument",
    "Interval",
    "LawError",
    "LawNotInForce",
    "LawView",
    "Plan",
    "PlanClause",
    "PlanNumber",
    "Precision",
    "Region",
    "RegionSet",
    "Row",
    "Standing",
    "Table",
    "UnknownTable",
    "Value",
    "analyte",
    "analytes",
    "at",
    "boundaries",
    "boundary_text",
    "cite",
    "clause",
    "clauses",
    "code_lists",
    "codes",
    "governing_days",
    "instrument",
    "instruments",
    "plan",
    "plan_codes",
    "predecessors",
    "regions",
    "table_sources",
    "which_day",
]
