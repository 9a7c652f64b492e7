"""Findings of units drawn together say what findings drawn one by one say."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu.assess.crop_limits import CODE
from jingtu.assess.unit_class import CropPoints, SoilPoints, classify
from jingtu.assess.unit_columns import findings_of_units
from jingtu.assess.unit_findings import findings_of

DAY = date(2021, 11, 15)
levels = st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), max_size=5)
crops = st.lists(st.lists(st.sampled_from(sorted(CODE.values())), min_size=5, max_size=5), max_size=4)
names = st.dictionaries(st.sampled_from(["Cd", "As"]), st.just('S"1 S\\2'), max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(levels, crops, names), max_size=5), st.randoms(use_true_random=False))
def test_columns_say_what_single_findings_say(drawn: list, random: object) -> None:
    twice = [*drawn, *drawn[:2]]  # units that are alike, with names of their own
    points = [(unit, own) for unit, (soil, _crops, _names) in enumerate(twice) for own in soil]
    eaten = [(unit, own) for unit, (_soil, crop, _names) in enumerate(twice) for own in crop]
    soil = SoilPoints(
        np.array([unit for unit, _own in points], np.intp),
        np.array([own for _unit, own in points], np.int8).reshape(-1, 5),
        np.arange(len(points)) * 900.0,
        np.zeros(len(points)),
    )
    outcome = np.array([own for _unit, own in eaten], np.int8).reshape(-1, 5)
    classes = classify(len(twice), soil, CropPoints(np.array([unit for unit, _own in eaten], np.intp), outcome), DAY)
    units = list(range(len(twice)))
    random.shuffle(units)  # type: ignore[attr-defined]
    subjects = [f'1410240"{unit:05d}\\' for unit in units]  # signs that JSON must escape
    columns, owners = findings_of_units(classes, units, subjects, [twice[unit][2] for unit in units])
    single = {place: findings_of(classes, unit, subjects[place], twice[unit][2]) for place, unit in enumerate(units)}
    together: dict[int, list] = {place: [] for place in single}
    for place, finding in zip(owners, columns.rows(), strict=True):
        together[place].append(finding)
    assert together == single
