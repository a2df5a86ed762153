//! The laws of settling, as properties of generated bills.
//!
//! Each test names its law by its number in the rule model. Bills are made up by the crate's own [`strategies`] around
//! what each policy says, so that they reach its conditions and thresholds. The seed is fixed: a failure shows again. More
//! cases: `PROPTEST_CASES=5000 cargo test --test laws`.

#[path = "laws/seen.rs"]
mod seen;

use payer_split::laws::{Audit, Law};
use payer_split::strategies::{
    any_bill_and_patient, any_patient, bill_and_patient, year_and_patient,
};
use payer_split::{
    Bill, Detail, Layer, Line, LineInput, Money, Part, Parts, Patient, Policy, RuleBook,
    SettleError, Settlement, Workspace, settle, strategies,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use seen::Seen;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

/// Bills for each shipped policy and law.
const CASES: u32 = 300;
/// Bills for each mechanism's policy and law: there are many of them, each small.
const CASES_OF_MECHANISMS: u32 = 40;

/// Every case, or for laws that take long to check one in four.
const ALL: u32 = 1;
const QUARTER: u32 = 4;

/// A policy, and how many bills to try.
struct Subject {
    policy: Policy,
    cases: u32,
}

/// The shipped policies.
static SHIPPED: LazyLock<Vec<Subject>> = LazyLock::new(|| subjects(&RuleBook::embedded(), CASES));

/// The policies of the mechanisms and of the worked examples.
static MECHANISMS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    let mut subjects_of_all = Vec::new();
    for directory in ["tests/mechanisms", "tests/worked"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        let book = RuleBook::read_dir(&path).unwrap_or_else(|error| panic!("{error}"));
        subjects_of_all.extend(subjects(&book, CASES_OF_MECHANISMS));
    }
    subjects_of_all
});

fn subjects(book: &RuleBook, cases: u32) -> Vec<Subject> {
    let policies = book.policies();
    policies
        .map(|policy| Subject {
            policy: policy.clone(),
            cases,
        })
        .collect()
}

/// Tries a property on what a strategy for it makes up, for every policy.
fn for_every_policy<S: Strategy>(
    one_in: u32,
    make: impl Fn(&Policy) -> S,
    property: impl Fn(&Policy, S::Value) -> Result<(), TestCaseError>,
) {
    for Subject { policy, cases } in SHIPPED.iter().chain(MECHANISMS.iter()) {
        let config = match std::env::var_os("PROPTEST_CASES") {
            Some(_) => Config::default(),
            None => Config::with_cases(cases / one_in),
        };
        let config = Config {
            failure_persistence: None,
            max_shrink_iters: 2_000,
            ..config
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
        let result = TestRunner::new_with_rng(config, rng)
            .run(&make(policy), |value| property(policy, value));
        if let Err(error) = result {
            panic!("`{}`: {error}", policy.full_name());
        }
    }
}

/// Tries a property on the bills that a policy settles.
fn for_every_settlement(
    one_in: u32,
    property: impl Fn(&Policy, &Bill, &Patient, &Settlement) -> Result<(), TestCaseError>,
) {
    for_every_policy(
        one_in,
        bill_and_patient,
        |policy, (bill, patient)| match settle(policy, &bill, &patient) {
            Ok(settlement) => property(policy, &bill, &patient, &settlement),
            Err(_) => Ok(()),
        },
    );
}

fn sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    amounts
        .into_iter()
        .try_fold(Money::ZERO, |sum, amount| sum.checked_add(amount))
        .unwrap()
}

fn json(settlement: &Settlement) -> String {
    serde_json::to_string(settlement).unwrap()
}

/// Everything of a settlement but its line matrix.
fn totals(settlement: &Settlement) -> serde_json::Value {
    let mut data = serde_json::to_value(settlement).unwrap();
    data["lines"] = serde_json::Value::Null;
    data
}

#[test]
fn law_1_conservation_every_line_every_payer_and_the_totals_sum_to_the_bill() {
    for_every_settlement(ALL, |_, bill, _, settlement| {
        let total = settlement.total();
        prop_assert_eq!(Some(total), bill.total());
        prop_assert_eq!(settlement.parts().total(), Some(total));
        let paid = sum(settlement.payers().map(|(_, amount)| amount));
        prop_assert_eq!(paid.checked_add(settlement.patient()), Some(total));
        prop_assert_eq!(
            settlement.patient_parts().total(),
            Some(settlement.patient())
        );
        // Rows of the matrix.
        prop_assert_eq!(settlement.lines().count(), bill.lines.len());
        for (line, split) in bill.lines.iter().zip(settlement.lines()) {
            prop_assert_eq!(sum(split.amounts().iter().copied()), line.amount());
        }
        // Columns of the matrix.
        let mut columns: Vec<Vec<Money>> = Vec::new();
        for split in settlement.lines() {
            columns.resize(split.amounts().len(), Vec::new());
            for (column, amount) in columns.iter_mut().zip(split.amounts()) {
                column.push(*amount);
            }
        }
        let columns: Vec<Money> = columns.into_iter().map(sum).collect();
        let payers = settlement.payers().map(|(_, amount)| amount);
        let expected: Vec<Money> = payers.chain([settlement.patient()]).collect();
        prop_assert_eq!(columns, expected);
        // Steps, and their payers.
        let mut by_payer: BTreeMap<&str, Money> = BTreeMap::new();
        for step in settlement.steps() {
            prop_assert_eq!(sum(step.payers().map(|(_, amount)| amount)), step.amount());
            for (payer, amount) in step.payers() {
                let paid = by_payer.entry(&payer.id).or_default();
                *paid = sum([*paid, amount]);
            }
        }
        for (payer, amount) in settlement.payers() {
            prop_assert_eq!(
                by_payer.get(payer.id.as_str()).copied().unwrap_or_default(),
                amount
            );
        }
        Ok(())
    });
}

#[test]
fn law_2_nobody_pays_a_negative_amount_and_no_step_more_than_its_base_or_than_was_unpaid() {
    for_every_settlement(ALL, |_, _, _, settlement| {
        let amounts = settlement.payers().map(|(_, amount)| amount);
        let of_lines = settlement.lines().flat_map(|line| line.amounts().to_vec());
        let of_steps = settlement.steps().flat_map(|step| {
            let payers = step.payers().map(|(_, amount)| amount);
            payers
                .chain([step.amount(), step.base(), step.deductible()])
                .collect::<Vec<_>>()
        });
        let parts = settlement.patient_parts();
        let of_patient = [
            parts.own_expense,
            parts.over_limit,
            parts.first_self_payment,
            parts.in_scope,
        ];
        for amount in amounts.chain(of_lines).chain(of_steps).chain(of_patient) {
            prop_assert!(!amount.is_negative(), "{amount}");
        }
        let mut unpaid = settlement.total();
        for step in settlement.steps() {
            prop_assert!(step.deductible() <= step.base(), "`{}`", step.id());
            prop_assert!(
                step.amount() <= step.base(),
                "`{}`: {} of {}",
                step.id(),
                step.amount(),
                step.base()
            );
            prop_assert!(
                step.amount() <= unpaid,
                "`{}`: {} of {unpaid}",
                step.id(),
                step.amount()
            );
            unpaid = unpaid.checked_sub(step.amount()).unwrap();
        }
        prop_assert_eq!(unpaid, settlement.patient());
        // The patient pays no more of a part than there is of it.
        let whole = settlement.parts();
        for part in Part::ALL {
            prop_assert!(parts.get(part) <= whole.get(part));
        }
        Ok(())
    });
}

/// Yearly limits of shipped policies, by the counter that must never pass them.
const LIMITS: [(&str, &str, &str); 11] = [
    (
        "yuetang/2019/assumed",
        "limit/basic-inpatient/year",
        "150000",
    ),
    ("yuetang/2019/assumed", "limit/aid/year", "30000"),
    (
        "zhangjiajie/2019/assumed",
        "limit/basic-inpatient/year",
        "150000",
    ),
    ("zhangjiajie/2019/assumed", "limit/aid/year", "30000"),
    (
        "prefecture-service-card/2020/assumed",
        "limit/basic-inpatient/year",
        "150000",
    ),
    (
        "prefecture-service-card/2020/assumed",
        "limit/aid/year",
        "30000",
    ),
    ("jurong/2020/assumed", "limit/aid-together", "75000"),
    ("jurong/2020/assumed", "limit/aid-serious/year", "10000"),
    (
        "qingzhen/first-raise/assumed",
        "limit/inpatient-year",
        "150000",
    ),
    (
        "qingzhen/first-raise/assumed",
        "limit/major-outpatient/year",
        "40000",
    ),
    (
        "qingzhen/second-raise/assumed",
        "limit/inpatient-year",
        "200000",
    ),
];

/// Settles a year of bills, the year to date carried; what is refused is left out.
fn settle_year(policy: &Policy, bills: &[Bill], patient: &Patient) -> Vec<Settlement> {
    let mut patient = patient.clone();
    let mut settlements = Vec::new();
    for bill in bills {
        if let Ok(settlement) = settle(policy, bill, &patient) {
            patient.year_to_date = Some(settlement.year_to_date().clone());
            settlements.push(settlement);
        }
    }
    settlements
}

#[test]
fn law_3_no_limit_is_ever_exceeded_over_any_sequence_of_bills_of_a_year() {
    let reached = RefCell::new(BTreeSet::new());
    for_every_policy(ALL, year_and_patient, |policy, (bills, patient)| {
        let name = policy.full_name();
        for settlement in settle_year(policy, &bills, &patient) {
            for (_, counter, limit) in LIMITS.iter().filter(|(policy, ..)| *policy == name) {
                let used = settlement.year_to_date().counter(counter);
                let limit = limit.parse().unwrap();
                prop_assert!(used <= limit, "`{counter}` is {used}");
                if used == limit {
                    reached.borrow_mut().insert((name.clone(), *counter));
                }
            }
        }
        Ok(())
    });
    // Most of them are reached, so that they could have been exceeded.
    assert!(reached.borrow().len() >= 6, "{reached:?}");
}

#[test]
fn law_3_counters_of_a_year_never_fall_and_add_up_to_what_the_bills_say() {
    for_every_policy(QUARTER, year_and_patient, |policy, (bills, patient)| {
        let settlements = settle_year(policy, &bills, &patient);
        let mut before: BTreeMap<String, Money> = BTreeMap::new();
        for settlement in &settlements {
            let year = settlement.year_to_date();
            let now: BTreeMap<String, Money> = year
                .counters()
                .map(|(name, amount)| (name.to_owned(), amount))
                .collect();
            for (name, amount) in &before {
                let counted = now.get(name).copied().unwrap_or_default();
                prop_assert!(counted >= *amount, "`{name}`: {amount}, then {counted}");
            }
            before = now;
        }
        let Some(last) = settlements.last() else {
            return Ok(());
        };
        let year = last.year_to_date();
        prop_assert_eq!(year.bills(), u32::try_from(settlements.len()).unwrap());
        prop_assert_eq!(
            year.billed(),
            sum(settlements.iter().map(Settlement::total))
        );
        prop_assert_eq!(
            year.in_scope(),
            sum(settlements.iter().map(|s| s.parts().in_scope))
        );
        prop_assert_eq!(
            year.paid("patient"),
            sum(settlements.iter().map(Settlement::patient))
        );
        for payer in policy.payers() {
            let paid = settlements.iter().filter_map(|s| s.paid(&payer.id));
            prop_assert_eq!(year.paid(&payer.id), sum(paid));
        }
        for step in policy.steps() {
            let used = settlements.iter().filter_map(|s| s.step(&step.id));
            let used = sum(used.map(|step| step.deductible()));
            prop_assert_eq!(year.deductible(&step.id), used);
        }
        Ok(())
    });
}

/// Two bills that say the same in another way: both are settled alike, or refused alike.
fn settled_alike(
    policy: &Policy,
    bills: [&Bill; 2],
    patient: &Patient,
) -> Result<(), TestCaseError> {
    let settle = |bill| {
        let mut workspace = Workspace::new();
        let settled = workspace.settle(policy, bill, patient, Detail::Totals);
        settled.cloned().map_err(|error| error.kind())
    };
    let [one, other] = bills.map(settle);
    prop_assert_eq!(one, other);
    Ok(())
}

#[test]
fn law_5_the_order_of_the_lines_changes_no_payers_total() {
    for_every_policy(
        ALL,
        |policy| {
            let keys = prop::collection::vec(any::<u32>(), LINES);
            (bill_and_patient(policy), keys)
        },
        |policy, ((bill, patient), keys)| {
            let mut shuffled = bill.clone();
            let mut lines: Vec<(u32, Line)> = keys.into_iter().zip(shuffled.lines).collect();
            lines.sort_by_key(|(key, _)| *key);
            shuffled.lines = lines.into_iter().map(|(_, line)| line).collect();
            prop_assert_eq!(shuffled.lines.len(), bill.lines.len());
            settled_alike(policy, [&bill, &shuffled], &patient)
        },
    );
}

/// More lines than a bill of the strategies has.
const LINES: usize = 8;

/// The line as two of the same kind, with the same parts in sum; where each is cut, in millionths.
fn split(line: &Line, cuts: [i64; 4]) -> [Line; 2] {
    let whole = Part::ALL.map(|part| line.parts().get(part).fen());
    let mut first = whole;
    for (fen, cut) in first.iter_mut().zip(cuts) {
        *fen = *fen * cut / 1_000_000;
    }
    let mut second = whole;
    for (rest, taken) in second.iter_mut().zip(first) {
        *rest -= taken;
    }
    [first, second].map(|fen| {
        let [own_expense, over_limit, first_self_payment, in_scope] = fen.map(Money::from_fen);
        let parts = Parts {
            own_expense,
            over_limit,
            first_self_payment,
            in_scope,
        };
        let input = LineInput {
            parts: Some(parts),
            amount: None,
            first_share: None,
            price_limit: None,
            ..line.input().clone()
        };
        Line::from_input(input).unwrap()
    })
}

#[test]
fn law_5_splitting_a_line_in_two_of_the_same_kind_changes_no_payers_total() {
    for_every_policy(
        ALL,
        |policy| {
            let cuts = [(); 4].map(|()| 0..=1_000_000_i64);
            let cuts = prop::collection::vec(prop::option::of(cuts), LINES);
            (bill_and_patient(policy), cuts)
        },
        |policy, ((bill, patient), cuts)| {
            let mut cut = bill.clone();
            cut.lines = Vec::new();
            for (line, cuts) in bill.lines.iter().zip(cuts) {
                match cuts {
                    Some(cuts) => cut.lines.extend(split(line, cuts)),
                    None => cut.lines.push(line.clone()),
                }
            }
            prop_assert_eq!(cut.total(), bill.total());
            settled_alike(policy, [&bill, &cut], &patient)
        },
    );
}

#[test]
fn law_8_the_same_inputs_give_the_same_result_to_the_byte() {
    // Loaded a second time, from the same texts.
    let again = RuleBook::embedded();
    for_every_settlement(QUARTER, |policy, bill, patient, settlement| {
        let first = json(settlement);
        prop_assert_eq!(&first, &json(&settle(policy, bill, patient).unwrap()));
        if let Some(policy) = again.named(&policy.full_name()) {
            prop_assert_eq!(&first, &json(&settle(policy, bill, patient).unwrap()));
        }
        // And what is read back is the same.
        let read: Settlement = serde_json::from_str(&first).unwrap();
        prop_assert_eq!(&first, &json(&read));
        Ok(())
    });
}

#[test]
fn law_8_totals_are_the_same_with_and_without_the_matrix() {
    for_every_settlement(QUARTER, |policy, bill, patient, settlement| {
        let mut workspace = Workspace::new();
        let without = workspace
            .settle(policy, bill, patient, Detail::Totals)
            .unwrap();
        prop_assert_eq!(without.lines().count(), 0);
        prop_assert_eq!(totals(without), totals(settlement));
        Ok(())
    });
}

#[test]
fn law_8_a_reused_workspace_gives_what_a_fresh_one_gives() {
    let workspace = RefCell::new(Workspace::new());
    // Refused bills go through it too.
    for_every_policy(QUARTER, bill_and_patient, |policy, (bill, patient)| {
        let mut reused = workspace.borrow_mut();
        for detail in [Detail::Totals, Detail::Lines] {
            let mut fresh = Workspace::new();
            let fresh = fresh.settle(policy, &bill, &patient, detail).map(json);
            prop_assert_eq!(
                fresh,
                reused.settle(policy, &bill, &patient, detail).map(json)
            );
        }
        Ok(())
    });
}

#[test]
fn law_10_a_policy_that_loads_never_makes_settle_panic_on_any_bill() {
    let settled = Cell::new(0);
    for_every_policy(
        ALL,
        |policy| {
            // Any bill with any patient; and each with a good other half, to come further.
            let good = bill_and_patient(policy);
            let wild = any_bill_and_patient(policy);
            prop_oneof![
                wild.clone(),
                (wild.clone(), good.clone()).prop_map(|((bill, _), (_, patient))| (bill, patient)),
                (good.clone(), wild).prop_map(|((bill, _), (_, patient))| (bill, patient)),
                (good, any_patient()).prop_map(|((bill, _), patient)| (bill, patient)),
                (strategies::any_bill(), any_patient()),
            ]
        },
        |policy, (bill, patient)| {
            let before = (bill.clone(), patient.clone());
            match settle(policy, &bill, &patient) {
                Ok(settlement) => {
                    settled.set(settled.get() + 1);
                    prop_assert_eq!(Some(settlement.total()), bill.total());
                    prop_assert!(!settlement.patient().is_negative());
                    // What can be settled can be shown.
                    prop_assert!(!settlement.statement().to_string().is_empty());
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
            prop_assert_eq!(before, (bill, patient));
            Ok(())
        },
    );
    assert!(
        settled.get() > 200,
        "only {} bills were settled",
        settled.get()
    );
}

#[test]
fn law_10_a_year_of_bills_with_lines_up_to_a_million_yuan_never_overflows() {
    for_every_policy(QUARTER, year_and_patient, |policy, (bills, mut patient)| {
        for bill in bills {
            match settle(policy, &bill, &patient) {
                Ok(settlement) => {
                    patient.year_to_date = Some(settlement.year_to_date().clone());
                }
                Err(error) => {
                    prop_assert!(!matches!(error, SettleError::Overflow { .. }), "{error}")
                }
            }
        }
        Ok(())
    });
}

/// Steps that never pay, also with assumptions: a figure of theirs is unstated there too, or the assumption is that they
/// pay nothing.
const NEVER_PAY: [(&str, &str); 10] = [
    ("wushan/2016/assumed", "price-excess"),
    ("wushan/2018/assumed", "price-excess"),
    ("qingzhen/first-raise/assumed", "tuberculosis-excess"),
    ("qingzhen/second-raise/assumed", "tuberculosis-excess"),
    ("jurong/2020/assumed", "basic-employee"),
    ("jurong/2020/assumed", "aid-outpatient"),
    ("jurong/2020/assumed", "aid-chronic"),
    ("county-15-percent/2018/assumed", "price-excess"),
    ("county-6543/2020/assumed", "basic-outpatient"),
    ("county-6543/2020/assumed", "basic-special-outpatient"),
];

/// The laws say nothing if no bill is settled: the generator must bring every step that its policy states in full to pay,
/// and an assumed layer to settle most bills.
#[test]
fn generated_bills_reach_every_step() {
    let paid = RefCell::new(BTreeMap::<String, BTreeSet<String>>::new());
    let settled = RefCell::new(BTreeMap::<String, u32>::new());
    for_every_policy(ALL, bill_and_patient, |policy, (bill, patient)| {
        if let Ok(settlement) = settle(policy, &bill, &patient) {
            let name = policy.full_name();
            *settled.borrow_mut().entry(name.clone()).or_default() += 1;
            let mut paid = paid.borrow_mut();
            let steps = paid.entry(name).or_default();
            let paying = settlement
                .steps()
                .filter(|step| step.amount() > Money::ZERO);
            steps.extend(paying.map(|step| step.id().to_owned()));
        }
        Ok(())
    });
    let mut missing = Vec::new();
    for Subject { policy, cases, .. } in SHIPPED.iter().chain(MECHANISMS.iter()) {
        let name = policy.full_name();
        let paid = paid.borrow().get(&name).cloned().unwrap_or_default();
        let settled = settled.borrow().get(&name).copied().unwrap_or_default();
        let is_whole = policy.layer() == Layer::Assumed || *cases == CASES_OF_MECHANISMS;
        if is_whole && settled * 4 < *cases {
            missing.push(format!("`{name}`: {settled} of {cases} bills settled"));
        }
        for step in policy
            .steps()
            .iter()
            .filter(|step| is_whole && !paid.contains(&step.id))
        {
            if !NEVER_PAY.contains(&(name.as_str(), step.id.as_str())) {
                missing.push(format!("`{name}`: `{}` never paid", step.id));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The laws say little of thresholds if no bill sits at one.
#[test]
fn generated_bills_sit_at_thresholds_beside_them_and_on_ties() {
    let seen = RefCell::new(Seen::default());
    for_every_policy(ALL, year_and_patient, |policy, (bills, patient)| {
        for settlement in settle_year(policy, &bills, &patient) {
            seen.borrow_mut().look(policy, &settlement);
        }
        Ok(())
    });
    let seen = seen.into_inner();
    let both = |one: &BTreeSet<_>, other: &BTreeSet<_>| one.intersection(other).count();
    let found = [
        ("at a deductible", both(&seen.deductibles, &seen.bases), 120),
        ("a fen above one", seen.above_deductible.len(), 60),
        ("at a limit", both(&seen.bound, &seen.unbound), 140),
        ("a fen above one", seen.above_limit.len(), 45),
        (
            "at the edge of a band",
            both(&seen.edges, &seen.at_edge),
            45,
        ),
        ("a fen above one", seen.above_edge.len(), 35),
        ("a fen below a guarantee", seen.due.len(), 20),
        ("at a guarantee", seen.met.len(), 15),
        ("at a tie", seen.ties.len(), 130),
    ];
    for (what, found, _) in found {
        println!("{what}: {found}");
    }
    for (what, found, least) in found {
        assert!(found >= least, "{what}: only {found} of {least}");
    }
}

/// Every case of a directory's case files: its policy, bills and patient.
fn for_every_case(directory: &str, mut look: impl FnMut(&Policy, &[Bill], &Patient)) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let project = payer_split::check::Project::read_dir(&path).unwrap();
    let report = project.check();
    for (case, _) in report.cases() {
        let bills: Vec<Bill> = case.bills.iter().map(|(bill, _)| bill.clone()).collect();
        let policies = report.book().policies();
        let mut of_case = policies.filter(|policy| {
            policy.id() == case.policy
                && policy.layer() == case.layer
                && policy.is_in_force(bills[0].date)
        });
        if let Some(policy) = of_case.next() {
            look(policy, &bills, &case.patient);
        }
    }
}

#[test]
fn every_law_holds_or_is_declared() {
    let audit = RefCell::new(Audit::new());
    for_every_policy(QUARTER, year_and_patient, |policy, (bills, patient)| {
        audit.borrow_mut().observe(policy, &bills, &patient);
        Ok(())
    });
    let mut audit = audit.into_inner();
    for directory in [
        "rules",
        "tests/mechanisms",
        "tests/worked",
        "tests/practice",
    ] {
        for_every_case(directory, |policy, bills, patient| {
            audit.observe(policy, bills, patient);
        });
    }
    for law in Law::ALL {
        println!(
            "{law}: kept {}, silent {}",
            audit.kept(law),
            audit.silent(law)
        );
        // Each law has something to say.
        assert!(audit.kept(law) >= 500, "{law}: {}", audit.kept(law));
    }
    let undeclared: Vec<String> = audit.undeclared().map(ToString::to_string).collect();
    assert!(undeclared.is_empty(), "{}", undeclared.join("\n"));
    let never: Vec<_> = audit.never_happened().collect();
    assert!(never.is_empty(), "{never:?}");
}
