"""Crops judged together by arrays are judged as one by one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess.crop_limits import CODE, outcomes_of
from jingtu.assess.crops import CropSample, findings_of
from jingtu.plain.reported import Reported

DAY = date(2021, 11, 15)
FIVE = law.analytes().element_set("five")
# limits themselves and their doubles among them, so that equality is met often
contents = st.sampled_from(["0.05", "0.1", "0.2", "0.20000000000000000001", "0.4", "0.5", "1", "1.0000000001", "2"])
numbers = (contents | st.decimals("0.001", "3", places=3).map(str)).map(Decimal)
results = st.one_of(
    numbers.map(lambda value: Reported(value, None, "")),
    st.one_of(st.none(), numbers).map(lambda limit: Reported(None, limit, "ND")),
    st.just(Reported(None, None, "NM")),
)
samples = st.builds(
    CropSample,
    subject=st.just("N"),
    crop=st.sampled_from(["", "wheat", "maize", "rice", "foxtail_millet", "potato", "tomato"]),
    harvested_on=st.sampled_from([None, date(2010, 9, 1), date(2021, 6, 12), date(2021, 9, 20), date(2023, 9, 20)]),
    results=st.dictionaries(st.sampled_from([*FIVE, "As_inorganic"]), results),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(samples, max_size=5), st.sampled_from([1.0, 1.5, 2.0]))
def test_together_as_one_by_one(drawn: list[CropSample], heavy: float) -> None:
    outcome, index = outcomes_of(drawn, DAY, heavy)
    for own, highest, sample in zip(outcome, index, drawn, strict=True):
        *levels, whole = findings_of(sample, DAY)
        found = {each.part("analyte"): each.outcome for each in levels}
        assert own.tolist() == [CODE[found.get(code, "not_judged")] for code in FIVE]
        assert np.isnan(highest) == (whole.value is None)
        if whole.value is not None:
            assert (highest > heavy) == (whole.value > Decimal(heavy))
