"""Draws over HJ 25.3 beside plain Python loops: ten chemicals, all soil routes, twelve parameters that vary.

Run: ``python bench/bench_risk.py [DRAWS] [PEER_DRAWS]`` (1000000 for the full size).

* ours: ``simulate`` on two threads in a fresh process, imports left out, everything it keeps included (tallies,
  quantiles, convergence, rank correlations); the process's largest memory is read from the kernel;
* chemical by chemical: a loop in plain Python with draws of its own for each chemical;
* draws shared: the same loop with each draw, and all that does not depend on the chemical, shared over chemicals.

The loops run fewer draws and their time is scaled to as many as ours; a loop's time is proportional to its draws.
Before anything is timed, both are given the same draws and must agree to twelve digits.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import risk_peers as peers

from jingtu.assess.risk import CANCER, HAZARD, SUBSURFACE, SURFACE, Case, RiskAssessment, assess_risk
from jingtu.assess.risk_draws import DrawnModel, Uncertainty, simulate, varied_name
from jingtu.science.risk import Distribution, Lognormal, Normal, Triangular, Uniform

DAY = date(2021, 9, 15)
THREADS = 2
FULL = "1_000_000 20_000"
CHEMICALS = (
    *("benzene", "toluene", "ethylbenzene", "vinyl_chloride", "trichloroethylene", "tetrachloroethylene"),
    *("naphthalene", "BaP", "As", "Cr6"),
)
VARIED: dict[str, Distribution] = {
    "BWa": Normal(61.8, 9, 35, 110),
    "BWc": Normal(19.2, 3, 10, 35),
    "OSIRa": Triangular(20, 100, 200),
    "OSIRc": Triangular(50, 200, 400),
    "DAIRa": Lognormal(14.5, 3, 5, 40),
    "DAIRc": Lognormal(7.5, 1.5, 3, 20),
    "fom": Lognormal(15, 6, 2, 60),
    "ρb": Triangular(1.35, 1.5, 1.6),
    "Pws": Uniform(0.1, 0.2),
    "ER": Uniform(8, 20),
    "Uair": Lognormal(200, 60, 50, 600),
    "η": Uniform(0.0003, 0.001),
}


def asked() -> tuple[RiskAssessment, Uncertainty]:
    """One made-up parcel, one mg/kg of everything."""
    ones = np.ones((len(CHEMICALS), 1))
    found = assess_risk(Case(DAY, "class1", CHEMICALS, ["S1"], {SURFACE: ones, SUBSURFACE: ones}))
    return found, Uncertainty({varied_name(found, symbol): one for symbol, one in VARIED.items()})


def ours(draws: int) -> None:
    """One run in this process; seconds and largest memory as JSON."""
    found, uncertainty = asked()
    start, busy = time.perf_counter(), time.process_time()
    simulation = simulate(found, uncertainty, draws, 1, workers=THREADS)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    assert all(tally.count == draws for tally in simulation.tallies.values())
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())  # ru_maxrss would be the parent's
    memory = int(peak[1]) / 1024 if peak else float("nan")
    print(json.dumps({"seconds": seconds, "busy": busy, "mebibytes": memory}))


def in_a_fresh_process(draws: int) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, __file__, "--ours", str(draws)], capture_output=True, text=True, check=True
    ).stdout
    return json.loads(told)  # type: ignore[no-any-return]


def plain(found: RiskAssessment) -> tuple[peers.Draw, list[peers.Substance]]:
    """The law's parameters by symbol and the chemicals, as plain numbers."""
    greek = {"ρb": "rho_b", "ρs": "rho_s", "ρw": "rho_w", "δair": "delta_air", "η": "eta", "τ": "tau"}
    greek |= {"θacrack": "theta_acrack", "θwcrack": "theta_wcrack"}
    rows = found.setting.rows
    fixed = {
        greek.get(rows[key].text("symbol"), rows[key].text("symbol")): value
        for key, value in found.setting.values.items()
    }
    held, allocation = found.chemicals.values, found.setting.target(found.chemicals.groups).soil_allocation_ratio
    names = ("oral_slope_kg_d_mg", "unit_risk_m3_mg", "oral_reference_mg_kg_d", "reference_mg_m3", "gut_ratio")
    names += ("skin_ratio", "henry", "air_diffusion_cm2_s", "water_diffusion_cm2_s", "koc_l_kg", "kd_l_kg")
    substances = [
        peers.Substance(*(float(held[name][at]) for name in names), float(np.asarray(allocation)[at]), 1.0, 1.0)
        for at in range(len(CHEMICALS))
    ]
    return fixed, substances


def samplers() -> dict[str, peers.Sampler]:
    """The same distributions by the standard library."""
    greek = {"ρb": "rho_b", "η": "eta"}
    return {greek.get(symbol, symbol): sampler(one) for symbol, one in VARIED.items()}


def sampler(one: Distribution) -> peers.Sampler:
    match one:
        case Normal():
            return peers.between(lambda source: source.gauss(one.mean, one.deviation), one.low, one.high)
        case Lognormal():
            spread = float(np.sqrt(np.log1p((one.deviation / one.mean) ** 2)))
            middle = float(np.log(one.mean)) - spread**2 / 2
            return peers.between(lambda source: source.lognormvariate(middle, spread), one.low, one.high)
        case Triangular():
            return lambda source: source.triangular(one.low, one.high, one.mode)
        case Uniform():
            return lambda source: source.uniform(one.low, one.high)
    raise ValueError(f"no sampler for {one}")


def agree(found: RiskAssessment, uncertainty: Uncertainty, draws: int = 50) -> None:
    """The same draws give both the same, and both draw from the same distributions."""
    fixed, substances = plain(found)
    model = DrawnModel(found, uncertainty, 1)
    drawn = model.draw(0, draws)
    totals = model.totals(drawn)
    symbols = dict(zip((varied_name(found, symbol) for symbol in VARIED), samplers(), strict=True))
    for at in range(draws):
        here = peers.shared(fixed | {symbols[name]: float(values[at]) for name, values in drawn.items()})
        for number, substance in enumerate(substances):
            cancer, hazard = peers.risk(here, substance)
            np.testing.assert_allclose(
                [totals[CANCER][number, at], totals[HAZARD][number, at]], [cancer, hazard], 1e-12
            )
    source, many = random.Random(7), 4000
    for symbol, one in zip(samplers(), VARIED.values(), strict=True):
        values = np.array([samplers()[symbol](source) for _ in range(many)])
        middle, spread = one.quantile(np.array([0.5, 0.9])), values.std()
        assert np.abs(np.quantile(values, [0.5, 0.9]) - middle).max() < 6 * spread / np.sqrt(many), symbol


def timed(run: Callable[..., object], *given: object) -> tuple[float, float]:
    """Seconds by the clock, and seconds the processor was at it."""
    start, busy = time.perf_counter(), time.process_time()
    run(*given)
    return time.perf_counter() - start, time.process_time() - busy


def main(draws: int = 200_000, peer_draws: int = 4_000, repeats: int = 3) -> tuple[float, float, float]:
    found, uncertainty = asked()
    agree(found, uncertainty)
    fixed, substances = plain(found)
    given = (fixed, samplers(), substances)
    runs = sorted((in_a_fresh_process(draws) for _ in range(repeats)), key=lambda run: run["seconds"])
    mine, busy = runs[repeats // 2]["seconds"], runs[repeats // 2]["busy"]
    memory = max(run["mebibytes"] for run in runs)
    scale = draws / peer_draws
    alone, alone_busy = (scale * taken for taken in timed(peers.chemical_by_chemical, *given, peer_draws))
    shared, shared_busy = (scale * taken for taken in timed(peers.draws_shared, *given, peer_draws))
    print(f"draws × chemicals × routes             {draws:>12,} × {len(CHEMICALS)} × 6, both effects")
    print("                                          by the clock    processor")
    print(
        f"ours, {THREADS} threads, fresh process          {mine:>12.2f} s {busy:>10.2f} s   at most {memory:,.0f} MiB"
    )
    print(f"loop, chemical by chemical            {alone:>12.1f} s {alone_busy:>10.1f} s   from {peer_draws:,} draws")
    print(f"loop, draws shared over chemicals     {shared:>12.1f} s {shared_busy:>10.1f} s   from {peer_draws:,} draws")
    print(f"ratio (loop by chemical / ours)       {alone / mine:>12.1f} × {alone_busy / busy:>10.1f} ×")
    print(f"ratio (draws shared / ours)           {shared / mine:>12.1f} × {shared_busy / busy:>10.1f} ×")
    return alone / mine, shared / mine, memory


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        ours(int(sys.argv[2]))
    else:
        main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
