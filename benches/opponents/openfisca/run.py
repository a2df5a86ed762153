"""The eight steps in OpenFisca-Core, on bills that `ratios --export` wrote.

    ratios --export 20 100000 > bills.json
    python run.py bills.json

OpenFisca computes with arrays: a formula is worked for all bills at once. Its numbers are whole fen, for its own floats
have 32 bits, which do not hold the fen of a large bill; ratios are whole per cent, so that `(amount * per cent + 50) // 100`
rounds half a fen up exactly. It gives totals, of the sums of the parts: what each payer and the patient pay. Every amount
is compared with the library's before anything is timed. Reading the file and laying the arrays out is not timed.
"""

import json
import sys
import time

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2020"
ROUNDS = 15
PAYERS = [
    "basic",
    "major",
    "commercial",
    "aid",
    "charity",
    "township",
    "foundation",
    "county",
    "hospital",
    "patient",
]

Bill = build_entity(key="bill", plural="bills", label="A bill", is_person=True)


class Tier(Enum):
    township = "township"
    county = "county"
    city = "city"


class Category(Enum):
    extremely_poor = "extremely-poor"
    minimum_living = "minimum-living"
    registered_poor = "registered-poor"
    orphan = "orphan"
    low_income_family = "low-income-family"


def since_2020(tree):
    """Parameters as OpenFisca wants them: every value from a date on."""
    if isinstance(tree, dict):
        return {key: since_2020(value) for key, value in tree.items()}
    return {"values": {"2020-01-01": {"value": tree}}}


PARAMETERS = since_2020(
    {
        # Fen and per cent, of the assisted: half the deductible and five points more.
        "basic": {
            "deductible": {"township": 10_000, "county": 25_000, "city": 50_000},
            "ratio": {"township": 90, "county": 80, "city": 65},
            "limit": 15_000_000,
        },
        "major": {
            "deductible": 300_000,
            "first": {"to": 1_000_000, "ratio": 60},
            "second": {"to": 5_000_000, "ratio": 70},
            "third": {"ratio": 80},
        },
        "commercial": {"ratio": 35},
        "aid": {
            "ratio": {
                "extremely_poor": 90,
                "minimum_living": 75,
                "registered_poor": 70,
                "orphan": 80,
                "low_income_family": 60,
            },
            "limit": 3_000_000,
        },
        "charity": {"ratio": 40, "limit": 200_000},
        "relief": {"ratio": 50, "township": 60},
        "floor": {"ratio": 90},
        "waiver": {"ratio": 20, "limit": 100_000},
    }
)


def per_cent(amount, ratio):
    """The share in whole fen, half a fen up."""
    return (amount.astype(np.int64) * ratio.astype(np.int64) + 50) // 100


def number(ratio):
    return np.asarray(ratio)


def given(name, value_type=int, **more):
    """A variable that the bill brings."""
    kind = {"value_type": value_type, "entity": Bill, "definition_period": DateUnit.YEAR}
    return type(name, (Variable,), {**kind, **more})


def step(formula):
    """A variable that a formula works out."""
    kind = {"value_type": int, "entity": Bill, "definition_period": DateUnit.YEAR}
    return type(formula.__name__, (Variable,), {**kind, "formula": formula})


def basic(bill, period, parameters):
    rule = parameters(period).basic
    tier = bill("tier", period)
    scope = bill("in_scope", period)
    deductible = np.minimum(rule.deductible[tier], scope)
    room = np.maximum(rule.limit - bill("basic_limit", period), 0)
    return np.minimum(per_cent(scope - deductible, rule.ratio[tier]), room)


def after_basic(bill, period):
    return bill("in_scope", period) - bill("basic", period)


def major(bill, period, parameters):
    rule = parameters(period).major
    base = bill("after_basic", period)
    used = bill("major_deductible", period)
    deductible = np.minimum(np.maximum(rule.deductible - used, 0), base)
    low = bill("major_bands", period).astype(np.int64)
    high = low + base - deductible
    first, second = rule.first.to, rule.second.to
    hundredths = (
        np.maximum(np.minimum(high, first) - low, 0) * rule.first.ratio
        + np.maximum(np.minimum(high, second) - np.maximum(low, first), 0) * rule.second.ratio
        + np.maximum(high - np.maximum(low, second), 0) * rule.third.ratio
    )
    return (hundredths + 50) // 100


def after_major(bill, period):
    return bill("after_basic", period) - bill("major", period)


def commercial(bill, period, parameters):
    return per_cent(bill("out_of_scope", period), number(parameters(period).commercial.ratio))


def aid(bill, period, parameters):
    rule = parameters(period).aid
    ratio = rule.ratio[bill("category", period)]
    room = np.maximum(rule.limit - bill("aid_limit", period), 0)
    return np.minimum(per_cent(bill("after_major", period), ratio), room)


def after_aid(bill, period):
    return bill("after_major", period) - bill("aid", period)


def charity(bill, period, parameters):
    rule = parameters(period).charity
    return np.minimum(per_cent(bill("after_aid", period), number(rule.ratio)), rule.limit)


def after_charity(bill, period):
    return bill("after_aid", period) - bill("charity", period)


def relief(bill, period, parameters):
    return per_cent(bill("after_charity", period), number(parameters(period).relief.ratio))


def township(bill, period, parameters):
    return per_cent(bill("relief", period), number(parameters(period).relief.township))


def foundation(bill, period):
    return bill("relief", period) - bill("township", period)


def after_relief(bill, period):
    scope = bill("after_charity", period) - bill("relief", period)
    return scope + bill("out_of_scope", period) - bill("commercial", period)


def county(bill, period, parameters):
    total = (bill("in_scope", period) + bill("out_of_scope", period)).astype(np.int64)
    reimbursed = total - bill("after_relief", period)
    target = total * number(parameters(period).floor.ratio) - reimbursed * 100
    return (np.maximum(target, 0) + 50) // 100


def after_county(bill, period):
    return bill("after_relief", period) - bill("county", period)


def hospital(bill, period, parameters):
    rule = parameters(period).waiver
    return np.minimum(per_cent(bill("after_county", period), number(rule.ratio)), rule.limit)


def patient(bill, period):
    return bill("after_county", period) - bill("hospital", period)


AMOUNTS = [
    "in_scope",
    "out_of_scope",
    "basic_limit",
    "major_deductible",
    "major_bands",
    "aid_limit",
]
FORMULAS = [
    basic,
    after_basic,
    major,
    after_major,
    commercial,
    aid,
    after_aid,
    charity,
    after_charity,
    relief,
    township,
    foundation,
    after_relief,
    county,
    after_county,
    hospital,
    patient,
]


def eight_steps():
    system = TaxBenefitSystem([Bill])
    system.parameters = ParameterNode("", data=PARAMETERS)
    system.add_variable(given("tier", Enum, possible_values=Tier, default_value=Tier.county))
    system.add_variable(
        given(
            "category",
            Enum,
            possible_values=Category,
            default_value=Category.registered_poor,
        )
    )
    for name in AMOUNTS:
        system.add_variable(given(name))
    for formula in FORMULAS:
        system.add_variable(step(formula))
    return system


def fen(yuan):
    return int(yuan.replace(".", ""))


def settle(system, inputs, count):
    """What everyone pays of all bills."""
    simulation = SimulationBuilder().build_default_simulation(system, count=count)
    for name, values in inputs.items():
        simulation.set_input(name, PERIOD, values)
    return {name: simulation.calculate(name, PERIOD) for name in PAYERS}


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python run.py bills.json")
    with open(sys.argv[1], encoding="utf-8") as file:
        # Amounts are decimals of two places; their text is taken, so that no float comes between.
        cases = json.load(file, parse_float=fen, parse_int=lambda yuan: int(yuan) * 100)
    bills = [case["bill"] for case in cases]
    inputs = {name: np.array([bill[name] for bill in bills], dtype=np.int32) for name in AMOUNTS}
    for name, words in [("tier", Tier), ("category", Category)]:
        places = {word.value: place for place, word in enumerate(words)}
        inputs[name] = words.encode(np.array([places[bill[name]] for bill in bills]))

    system = eight_steps()
    found = settle(system, inputs, len(bills))
    for name in PAYERS:
        expected = np.array([case["pays"][name] for case in cases])
        wrong = np.flatnonzero(found[name] != expected)
        if wrong.size:
            place = wrong[0]
            sys.exit(f"bill {place}: `{name}` expected {expected[place]}, found {found[name][place]}")
    print(f"{len(bills)} bills equal to the fen")

    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        settle(system, inputs, len(bills))
        times.append(time.perf_counter() - start)
    seconds = sorted(times)[ROUNDS // 2]
    rate = len(bills) / seconds
    print(f"{rate:,.0f} bills a second, {1e9 / rate:,.0f} ns a bill, totals only (median of {ROUNDS} rounds)")


main()
