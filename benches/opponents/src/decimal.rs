//! (b) The function that a competent user writes plainly, with [`Decimal`] throughout: yuan in, yuan out, a vector for
//! every list, a sort for the odd fen.
//!
//! It knows this one policy, as (a) does, and gives the same: steps, payers, the year and the matrix.

use crate::hand;
use payer_split::{Bill, Care, Category, Patient, Tier};
use rust_decimal::{Decimal, RoundingStrategy};

/// What a patient's bills of a year have used up, in yuan.
#[derive(Debug, Clone, Default)]
pub struct Year {
    pub year: u16,
    pub bills: u32,
    pub paid: Vec<Decimal>,
    pub patient: Decimal,
    pub billed: Decimal,
    pub in_scope: Decimal,
    pub basic_deductible: Decimal,
    pub major_deductible: Decimal,
    pub major_bands: Decimal,
    pub basic_limit: Decimal,
    pub aid_limit: Decimal,
}

impl From<&hand::Year> for Year {
    fn from(year: &hand::Year) -> Year {
        let yuan = |fen| Decimal::new(fen, 2);
        Year {
            year: year.year,
            bills: year.bills,
            paid: year.paid.iter().map(|&fen| yuan(fen)).collect(),
            patient: yuan(year.patient),
            billed: yuan(year.billed),
            in_scope: yuan(year.in_scope),
            basic_deductible: yuan(year.basic_deductible),
            major_deductible: yuan(year.major_deductible),
            major_bands: yuan(year.major_bands),
            basic_limit: yuan(year.basic_limit),
            aid_limit: yuan(year.aid_limit),
        }
    }
}

/// One step as it was worked.
#[derive(Debug, Clone, Default)]
pub struct Step {
    pub id: &'static str,
    pub base: Decimal,
    pub deductible: Decimal,
    /// The ratio; of `major` there are bands instead.
    pub ratio: Decimal,
    /// The lower edge, the ratio and the amount of each band reached.
    pub bands: Vec<(Decimal, Decimal, Decimal)>,
    pub exact: Decimal,
    pub limited: bool,
    pub amount: Decimal,
}

#[derive(Debug, Clone, Default)]
pub struct Settlement {
    pub total: Decimal,
    /// Own expense, over the limit, first self-payment, in scope.
    pub parts: Vec<Decimal>,
    pub paid: Vec<Decimal>,
    pub patient: Decimal,
    pub patient_parts: Vec<Decimal>,
    pub steps: Vec<Step>,
    pub lines: Vec<Vec<Decimal>>,
    pub year: Year,
}

/// Settles one bill.
pub fn settle(bill: &Bill, patient: &Patient, year: Option<&Year>, matrix: bool) -> Settlement {
    let lines: Vec<Vec<Decimal>> = bill
        .lines
        .iter()
        .map(|line| {
            let parts = line.parts();
            vec![
                parts.own_expense.into(),
                parts.over_limit.into(),
                parts.first_self_payment.into(),
                parts.in_scope.into(),
            ]
        })
        .collect();
    let parts: Vec<Decimal> = (0..4)
        .map(|part| lines.iter().map(|line| line[part]).sum())
        .collect();
    let total: Decimal = parts.iter().sum();
    let mut year = match year {
        Some(year) if year.year == bill.date.year() => year.clone(),
        _ => Year {
            year: bill.date.year(),
            paid: vec![Decimal::ZERO; hand::PAYERS.len()],
            ..Year::default()
        },
    };
    year.bills += 1;

    let mut work = Work {
        unpaid: parts.clone(),
        payments: Vec::new(),
        steps: Vec::new(),
    };
    let aid = aid(bill, patient);
    if bill.care == Care::INPATIENT {
        work.basic(bill, aid.is_some(), &mut year);
        work.major(aid.is_some(), &mut year);
        if let Some(aid) = aid {
            work.assisted(aid, total, &mut year);
        }
    }

    let mut paid = vec![Decimal::ZERO; hand::PAYERS.len()];
    for (payer, shares) in &work.payments {
        paid[*payer] += shares.iter().sum::<Decimal>();
    }
    for (counter, paid) in year.paid.iter_mut().zip(&paid) {
        *counter += paid;
    }
    let patient: Decimal = work.unpaid.iter().sum();
    year.patient += patient;
    year.billed += total;
    year.in_scope += parts[3];
    Settlement {
        total,
        lines: match matrix {
            true => divide(lines, &work.payments),
            false => Vec::new(),
        },
        parts,
        paid,
        patient,
        patient_parts: work.unpaid,
        steps: work.steps,
        year,
    }
}

struct Work {
    unpaid: Vec<Decimal>,
    /// By payment in order: the payer, and what it pays of each part.
    payments: Vec<(usize, Vec<Decimal>)>,
    steps: Vec<Step>,
}

impl Work {
    fn basic(&mut self, bill: &Bill, assisted: bool, year: &mut Year) {
        let base = self.unpaid[3];
        let mut step = Step {
            id: "basic-inpatient",
            base,
            ..Step::default()
        };
        if base > Decimal::ZERO {
            let tier = bill.facility.tier.as_ref().expect("a tier");
            let (mut deductible, mut ratio) = if *tier == Tier::TOWNSHIP {
                (Decimal::new(200, 0), percent(85))
            } else if *tier == Tier::COUNTY {
                (Decimal::new(500, 0), percent(75))
            } else if *tier == Tier::CITY {
                (Decimal::new(1000, 0), percent(60))
            } else {
                panic!("the policy says nothing of the tier `{tier}`")
            };
            if assisted {
                deductible *= percent(50);
                ratio += percent(5);
            }
            step.deductible = deductible.min(base);
            year.basic_deductible += step.deductible;
            let room = (Decimal::new(150_000, 0) - year.basic_limit).max(Decimal::ZERO);
            step.pay(ratio, Some(room));
            year.basic_limit += step.amount;
        }
        self.book(0, step.amount, &[3]);
        self.steps.push(step);
    }

    fn major(&mut self, assisted: bool, year: &mut Year) {
        let base = self.unpaid[3];
        let mut step = Step {
            id: "major",
            base,
            ..Step::default()
        };
        if base > Decimal::ZERO {
            let deductible = Decimal::new(if assisted { 3000 } else { 6000 }, 0);
            step.deductible = (deductible - year.major_deductible)
                .max(Decimal::ZERO)
                .min(base);
            year.major_deductible += step.deductible;
            let low = year.major_bands;
            let high = low + base - step.deductible;
            year.major_bands = high;
            let bands = [
                (0, Some(10_000), 60),
                (10_000, Some(50_000), 70),
                (50_000, None, 80),
            ];
            for (over, to, ratio) in bands {
                let over = Decimal::new(over, 0);
                let to = to.map_or(Decimal::MAX, |to| Decimal::new(to, 0));
                let amount = high.min(to) - low.max(over);
                if amount > Decimal::ZERO {
                    step.exact += amount * percent(ratio);
                    step.bands.push((over, percent(ratio), amount));
                }
            }
            step.amount = to_fen(step.exact);
        }
        self.book(1, step.amount, &[3]);
        self.steps.push(step);
    }

    fn assisted(&mut self, aid: Decimal, total: Decimal, year: &mut Year) {
        let step = self.share("commercial", &[0, 1, 2], percent(35), None);
        self.book(2, step.amount, &[0, 1, 2]);
        self.steps.push(step);

        let room = (Decimal::new(30_000, 0) - year.aid_limit).max(Decimal::ZERO);
        let step = self.share("aid", &[3], aid, Some(room));
        year.aid_limit += step.amount;
        self.book(3, step.amount, &[3]);
        self.steps.push(step);

        let step = self.share("charity", &[3], percent(40), Some(Decimal::new(2000, 0)));
        self.book(4, step.amount, &[3]);
        self.steps.push(step);

        let step = self.share("relief-fund", &[3], percent(50), None);
        let shares = largest_remainder(step.amount, &[Decimal::new(60, 0), Decimal::new(40, 0)]);
        self.book(5, shares[0], &[3]);
        self.book(6, shares[1], &[3]);
        self.steps.push(step);

        let every = [0, 1, 2, 3];
        let unpaid: Decimal = self.unpaid.iter().sum();
        let mut step = Step {
            id: "floor",
            base: unpaid,
            ratio: percent(90),
            ..Step::default()
        };
        step.exact = (total * percent(90) - (total - unpaid)).max(Decimal::ZERO);
        step.amount = to_fen(step.exact).min(unpaid);
        self.book(7, step.amount, &every);
        self.steps.push(step);

        let step = self.share("waiver", &every, percent(20), Some(Decimal::new(1000, 0)));
        self.book(8, step.amount, &every);
        self.steps.push(step);
    }

    /// A step that pays a ratio of what is unpaid of some parts.
    fn share(
        &self,
        id: &'static str,
        parts: &[usize],
        ratio: Decimal,
        limit: Option<Decimal>,
    ) -> Step {
        let mut step = Step {
            id,
            base: parts.iter().map(|&part| self.unpaid[part]).sum(),
            ..Step::default()
        };
        step.pay(ratio, limit);
        step
    }

    /// Books a payment on some parts, in proportion to what is unpaid of each.
    fn book(&mut self, payer: usize, amount: Decimal, parts: &[usize]) {
        let weights: Vec<Decimal> = (0..4)
            .map(|part| match parts.contains(&part) {
                true => self.unpaid[part],
                false => Decimal::ZERO,
            })
            .collect();
        let shares = largest_remainder(amount, &weights);
        for (unpaid, share) in self.unpaid.iter_mut().zip(&shares) {
            *unpaid -= share;
        }
        self.payments.push((payer, shares));
    }
}

impl Step {
    /// The ratio of the base above the deductible, up to a limit.
    fn pay(&mut self, ratio: Decimal, limit: Option<Decimal>) {
        self.ratio = ratio;
        self.exact = (self.base - self.deductible) * ratio;
        self.amount = match limit {
            Some(limit) if self.exact > limit => {
                self.limited = true;
                limit
            }
            _ => to_fen(self.exact),
        };
    }
}

/// The best aid ratio of the patient's categories; without one the patient is not assisted.
fn aid(bill: &Bill, patient: &Patient) -> Option<Decimal> {
    let held = patient
        .categories
        .iter()
        .filter(|held| held.on(bill.date))
        .filter_map(|held| {
            let ratios = [
                (Category::EXTREMELY_POOR, 90),
                (Category::MINIMUM_LIVING, 75),
                (Category::REGISTERED_POOR, 70),
                (Category::ORPHAN, 80),
                (Category::LOW_INCOME_FAMILY, 60),
            ];
            ratios.into_iter().find(|(known, _)| *known == held.what)
        });
    held.map(|(_, ratio)| percent(ratio)).max()
}

fn percent(percent: i64) -> Decimal {
    Decimal::new(percent, 2)
}

/// Half a fen goes up.
fn to_fen(exact: Decimal) -> Decimal {
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Divides an amount in proportion to weights: shares are cut off at the fen, and the odd fen go to the largest
/// remainders, ties to the first.
fn largest_remainder(amount: Decimal, weights: &[Decimal]) -> Vec<Decimal> {
    let whole: Decimal = weights.iter().sum();
    if amount == Decimal::ZERO {
        return vec![Decimal::ZERO; weights.len()];
    }
    let fen = Decimal::new(1, 2);
    let mut shares = Vec::new();
    let mut remainders = Vec::new();
    for (place, weight) in weights.iter().enumerate() {
        let product = amount * weight;
        let share = (product / whole).round_dp_with_strategy(2, RoundingStrategy::ToZero);
        remainders.push((product - share * whole, place));
        shares.push(share);
    }
    let mut odd = amount - shares.iter().sum::<Decimal>();
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, place) in remainders {
        if odd == Decimal::ZERO {
            break;
        }
        shares[place] += fen;
        odd -= fen;
    }
    shares
}

/// A row a line, a column a payer and the last for the patient.
fn divide(lines: Vec<Vec<Decimal>>, payments: &[(usize, Vec<Decimal>)]) -> Vec<Vec<Decimal>> {
    let mut unpaid = lines;
    let mut matrix = vec![vec![Decimal::ZERO; hand::PAYERS.len() + 1]; unpaid.len()];
    for (payer, amounts) in payments {
        for (part, amount) in amounts.iter().enumerate() {
            let weights: Vec<Decimal> = unpaid.iter().map(|line| line[part]).collect();
            let shares = largest_remainder(*amount, &weights);
            for ((row, line), share) in matrix.iter_mut().zip(&mut unpaid).zip(shares) {
                row[*payer] += share;
                line[part] -= share;
            }
        }
    }
    for (row, line) in matrix.iter_mut().zip(&unpaid) {
        row[hand::PAYERS.len()] = line.iter().sum();
    }
    matrix
}
