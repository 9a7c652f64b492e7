"""HJ 25.3 in plain Python, one draw after the other: the peers of ``bench_risk.py``.

Two loops over the same twelve varied parameters and six soil routes, both effects: chemical by chemical, each with
draws of its own; and with each draw, and all that does not depend on the chemical, shared over the chemicals.
Numbers come from the standard library's ``random``; nothing is vectorised, nothing is computed twice.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

YEAR_S, DAY_S = 31_536_000.0, 86_400.0
Draw = dict[str, float]
Sampler = Callable[[random.Random], float]


@dataclass(frozen=True, slots=True)
class Substance:
    """One chemical: toxicity, physical chemistry, allocation, contents at the surface and below."""

    oral_slope: float
    unit_risk: float
    oral_reference: float
    reference: float
    gut: float
    skin: float
    henry: float
    air: float
    water: float
    koc: float
    kd: float
    allocation: float
    surface: float
    below: float


def between(pick: Sampler, low: float, high: float) -> Sampler:
    """Drawn again until it lies between the ends."""

    def drawn(source: random.Random) -> float:
        while not low <= (value := pick(source)) <= high:
            pass
        return value

    return drawn


def one_draw(samplers: dict[str, Sampler], source: random.Random) -> Draw:
    """A value of everything that varies."""
    return {name: sampler(source) for name, sampler in samplers.items()}


def chemical_by_chemical(
    fixed: Draw, samplers: dict[str, Sampler], substances: list[Substance], draws: int
) -> list[list[tuple[float, float]]]:
    """For each chemical, risk and hazard of draws of its own."""
    source = random.Random(1)
    return [
        [risk(shared(fixed | one_draw(samplers, source)), substance) for _ in range(draws)] for substance in substances
    ]


def draws_shared(
    fixed: Draw, samplers: dict[str, Sampler], substances: list[Substance], draws: int
) -> list[list[tuple[float, float]]]:
    """For each draw, risk and hazard of every chemical."""
    source, found = random.Random(1), []
    for _ in range(draws):
        here = shared(fixed | one_draw(samplers, source))
        found.append([risk(here, substance) for substance in substances])
    return found


@dataclass(slots=True)
class Here:
    """All of one draw that does not depend on the chemical."""

    carbon: float
    density: float
    water: float
    air: float
    pores: float
    soil_air: float
    soil_water: float
    crack_air: float
    crack_water: float
    outdoor: float
    indoor: float
    depth: float
    crack: float
    lasting: float
    surface_limit: float
    outdoor_limit: float
    indoor_limit: float
    per_kg: float
    oral: tuple[float, float]
    dermal: tuple[float, float]
    dust: tuple[float, float]
    out: tuple[float, float]
    inside: tuple[float, float]


def shared(p: Draw) -> Here:
    """Pore space, dilution, mass limits and what people take in, of one draw."""
    porosity = 1 - p["rho_b"] / p["rho_s"]
    water = p["rho_b"] * p["Pws"] / p["rho_w"]
    air, pores = porosity - water, porosity**2
    outdoor = p["Uair"] * p["W"] * p["delta_air"] / p["A"]
    indoor = p["LB"] * p["ER"] / DAY_S
    lasting = p["tau"] * YEAR_S
    layer = p["dsub"] * p["rho_b"] / lasting * 1000
    return Here(
        p["fom"] / 1700,
        p["rho_b"],
        water,
        air,
        pores,
        air**3.33,
        water**3.33,
        p["theta_acrack"] ** 3.33,
        p["theta_wcrack"] ** 3.33,
        outdoor,
        indoor,
        p["Ls"],
        p["Lcrack"] / (p["Ls"] * p["eta"]),
        lasting,
        p["d"] * p["rho_b"] / (outdoor * lasting) * 1000,
        layer / outdoor,
        layer / indoor,
        p["DAIRa"] / p["BWa"],
        *doses(p),
    )


def doses(p: Draw) -> list[tuple[float, float]]:
    """By mouth, skin, dust, air outdoors and indoors: over a lifetime (child and adult) and of the child alone."""
    found = []
    for rate in (swallowed, on_skin, dust, outdoors, indoors):
        child = rate(p, "c") * p["EDc"] / p["BWc"]
        adult = rate(p, "a") * p["EDa"] / p["BWa"]
        found.append(((child + adult) / p["ATca"], child / p["ATnc"]))
    return found


def swallowed(p: Draw, who: str) -> float:
    return p["OSIR" + who] * p["EF" + who] * p["ABSo"] * 1e-6


def on_skin(p: Draw, who: str) -> float:
    skin = 239 * p["H" + who] ** 0.417 * p["BW" + who] ** 0.517 * p["SER" + who]
    return skin * p["SSAR" + who] * p["EF" + who] * p["Ev"] * 1e-6


def dust(p: Draw, who: str) -> float:
    days = p["fspo"] * p["EFO" + who] + p["fspi"] * p["EFI" + who]
    return p["PM10"] * p["DAIR" + who] * p["PIAF"] * days * 1e-6


def outdoors(p: Draw, who: str) -> float:
    return p["DAIR" + who] * p["EFO" + who]


def indoors(p: Draw, who: str) -> float:
    return p["DAIR" + who] * p["EFI" + who]


def risk(h: Here, s: Substance) -> tuple[float, float]:
    """Risk and hazard of one chemical in one draw; toxicity that is not known adds nothing."""
    surface, out, inside = vapour(h, s)
    skin = 0.0 if math.isnan(s.skin) else s.skin
    parts = (
        (h.oral[0] * s.surface * s.oral_slope, h.oral[1] * s.surface / (s.oral_reference * s.allocation)),
        (
            h.dermal[0] * skin * s.surface * s.oral_slope / s.gut,
            h.dermal[1] * skin * s.surface / (s.oral_reference * s.gut * s.allocation),
        ),
        breathed(h.dust, s.surface, h, s),
        breathed(h.out, surface * s.surface, h, s),
        breathed(h.out, out * s.below, h, s),
        breathed(h.inside, inside * s.below, h, s),
    )
    cancer = hazard = 0.0
    for one, other in parts:
        if not math.isnan(one):
            cancer += one
        if not math.isnan(other):
            hazard += other
    return cancer, hazard


def breathed(dose: tuple[float, float], content: float, h: Here, s: Substance) -> tuple[float, float]:
    return dose[0] * content * s.unit_risk / h.per_kg, dose[1] * content / (s.reference * h.per_kg * s.allocation)


def vapour(h: Here, s: Substance) -> tuple[float, float, float]:
    """Volatilisation factors from the surface and from below to outdoor and indoor air; 0 where there is no vapour."""
    if not (s.henry > 0 and s.air > 0 and s.water > 0):
        return 0.0, 0.0, 0.0
    kd = s.kd if math.isnan(s.koc) else s.koc * h.carbon
    total = kd + (h.water + s.henry * h.air) / h.density
    to_vapour = total / s.henry
    diffusion = (s.air * h.soil_air + s.water / s.henry * h.soil_water) / h.pores
    crack = (s.air * h.crack_air + s.water / s.henry * h.crack_water) / h.pores
    flux = math.sqrt(4 * diffusion / (math.pi * h.lasting * h.density * to_vapour))
    surface = min(h.density / h.outdoor * flux * 1000, h.surface_limit)
    out = min(1000 / ((1 + h.outdoor * h.depth / diffusion) * to_vapour), h.outdoor_limit)
    through = diffusion / (h.indoor * h.depth)
    entry = (1 + through + diffusion / crack * h.crack) / through
    return surface, out, min(1000 / (to_vapour * entry), h.indoor_limit)
