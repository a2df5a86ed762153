//! (a) What a specialist writes for this one policy: whole fen, fixed places for everything, no allocation.
//!
//! It gives everything that a [`payer_split::Settlement`] holds: the parts, the record of the steps with the rules that went into them,
//! the payers, the year's counters, and the line × payer matrix. It reads the same [`Bill`] and [`Patient`]; only the year
//! to date is its own type, because a year of named counters would cost it a search by name. It knows no words beyond
//! those of its policy and does not look whether a line's fee is one that anybody knows.

mod figures;
mod lines;

use figures::{
    BAND_RATIO, BAND_TO, CITY_TIER, COUNTY_TIER, EXTREMELY_POOR, LOW_INCOME, MAJOR_ASSISTED,
    MAJOR_OTHERS, MINIMUM_LIVING, ORPHAN, OfCategory, OfTier, REGISTERED_POOR, TOWNSHIP_TIER,
};
use lines::Lines;
use payer_split::{Bill, Care, Category, Date, Patient, Tier};

/// The payers in the order of the rule file, and behind them the patient's column.
pub const PAYERS: [&str; 9] = [
    "basic",
    "major",
    "commercial",
    "aid",
    "charity",
    "township",
    "foundation",
    "county",
    "hospital",
];
const BASIC: usize = 0;
const MAJOR: usize = 1;
const COMMERCIAL: usize = 2;
const AID: usize = 3;
const CHARITY: usize = 4;
const TOWNSHIP: usize = 5;
const FOUNDATION: usize = 6;
const COUNTY: usize = 7;
const HOSPITAL: usize = 8;

/// Columns of the matrix: the payers and the patient.
pub const COLUMNS: usize = PAYERS.len() + 1;

/// Own expense, over the limit, first self-payment, in scope.
pub const PARTS: usize = 4;
const IN_SCOPE: usize = 3;

/// Millionths: of one, and of a fen.
const ONE: i64 = 1_000_000;

/// What a patient's bills of a year have used up, in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Year {
    pub year: u16,
    pub bills: u32,
    pub paid: [i64; PAYERS.len()],
    pub patient: i64,
    pub billed: i64,
    pub in_scope: i64,
    pub basic_deductible: i64,
    /// The deductible of `major`, for information and as counted by the year: these are the same.
    pub major_deductible: i64,
    pub major_bands: i64,
    /// Paid by `basic-inpatient` and by `aid`, as their yearly limits count it.
    pub basic_limit: i64,
    pub aid_limit: i64,
}

/// How a step was worked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rate {
    #[default]
    Unused,
    /// In millionths.
    Ratio(i64),
    Bands,
    Guarantee {
        ratio: i64,
        of: i64,
        reimbursed: i64,
    },
}

/// One step as it was worked; amounts in fen, `exact` in millionths of a fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Step {
    pub base: i64,
    pub deductible: i64,
    pub rate: Rate,
    pub exact: i64,
    /// Whether its limit bound.
    pub limited: bool,
    pub amount: i64,
    /// The paths of the rules that went into it.
    pub used: &'static [&'static str],
}

/// What fell into one band.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Band {
    /// Its place in the policy.
    pub band: usize,
    pub amount: i64,
}

/// The result, which every bill overwrites.
#[derive(Debug, Clone, Default)]
pub struct Settlement {
    pub date: Option<Date>,
    pub total: i64,
    pub parts: [i64; PARTS],
    pub paid: [i64; PAYERS.len()],
    pub patient: i64,
    pub patient_parts: [i64; PARTS],
    /// The steps in the order of the rule file; those that applied come first.
    pub steps: [Step; 8],
    pub applied: usize,
    /// The bands that `major` reached.
    pub bands: [Band; 3],
    pub reached: usize,
    /// Rows of lines; empty where only totals were asked for.
    pub lines: Vec<[i64; COLUMNS]>,
    pub year: Year,
}

/// Why a bill is not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    OutOfForce,
    NoLines,
    TooLarge,
    NoTier,
    LaterYear,
}

/// Settles bills into its own result.
#[derive(Debug, Default)]
pub struct Hand {
    lines: Lines,
    out: Settlement,
}

impl Hand {
    /// Settles one bill. The year to date is what this function gave for the patient's last bill.
    pub fn settle(
        &mut self,
        bill: &Bill,
        patient: &Patient,
        before: Option<&Year>,
        matrix: bool,
    ) -> Result<&Settlement, Refused> {
        if bill.date.year() != 2020 {
            return Err(Refused::OutOfForce);
        }
        if bill.lines.is_empty() {
            return Err(Refused::NoLines);
        }
        let out = &mut self.out;
        out.date = Some(bill.date);
        out.year = match before {
            Some(year) if year.year > 2020 => return Err(Refused::LaterYear),
            Some(year) if year.year == 2020 => *year,
            _ => Year::default(),
        };
        out.year.year = 2020;
        out.year.bills += 1;

        let parts = match matrix {
            true => self.lines.gather(&bill.lines),
            false => sum_up(bill),
        };
        let total = parts.iter().sum::<i64>();
        if total > 1_000_000_000_000 {
            return Err(Refused::TooLarge);
        }
        out.parts = parts;
        out.total = total;
        out.paid = [0; PAYERS.len()];
        out.reached = 0;
        out.applied = 0;

        let mut paid = [[0; PAYERS.len()]; PARTS];
        let mut unpaid = parts;
        if bill.care == Care::INPATIENT {
            let aid = aid_of(patient, bill.date);
            let tier = tier_of(bill);
            let scope = basic(out, unpaid[IN_SCOPE], tier, aid.is_some())?;
            unpaid[IN_SCOPE] = major(out, scope, aid.is_some());
            out.applied = 2;
            if let Some(aid) = aid {
                assisted(out, &mut unpaid, aid, &mut paid);
                out.applied = 8;
            }
            paid[IN_SCOPE][..COMMERCIAL].copy_from_slice(&out.paid[..COMMERCIAL]);
        }

        out.patient_parts = unpaid;
        out.patient = unpaid.iter().sum();
        for (counter, paid) in out.year.paid.iter_mut().zip(out.paid) {
            *counter += paid;
        }
        out.year.patient += out.patient;
        out.year.billed += total;
        out.year.in_scope += parts[IN_SCOPE];
        match matrix {
            true => self.lines.divide(&paid, &parts, &mut out.lines),
            false => out.lines.clear(),
        }
        Ok(out)
    }
}

/// The sums of the lines' parts.
fn sum_up(bill: &Bill) -> [i64; PARTS] {
    let mut sums = [0; PARTS];
    for line in &bill.lines {
        let parts = line.parts();
        sums[0] += parts.own_expense.fen();
        sums[1] += parts.over_limit.fen();
        sums[2] += parts.first_self_payment.fen();
        sums[IN_SCOPE] += parts.in_scope.fen();
    }
    sums
}

fn tier_of(bill: &Bill) -> Option<&'static OfTier> {
    let tier = bill.facility.tier.as_ref()?;
    if *tier == Tier::TOWNSHIP {
        Some(&TOWNSHIP_TIER)
    } else if *tier == Tier::COUNTY {
        Some(&COUNTY_TIER)
    } else if *tier == Tier::CITY {
        Some(&CITY_TIER)
    } else {
        None
    }
}

/// The best aid of the categories that the patient holds; none makes the patient not assisted.
fn aid_of(patient: &Patient, date: Date) -> Option<&'static OfCategory> {
    let mut best: Option<&'static OfCategory> = None;
    for held in &patient.categories {
        let what = &held.what;
        let aid: &'static OfCategory = if *what == Category::EXTREMELY_POOR {
            &EXTREMELY_POOR
        } else if *what == Category::ORPHAN {
            &ORPHAN
        } else if *what == Category::MINIMUM_LIVING {
            &MINIMUM_LIVING
        } else if *what == Category::REGISTERED_POOR {
            &REGISTERED_POOR
        } else if *what == Category::LOW_INCOME_FAMILY {
            &LOW_INCOME
        } else {
            continue;
        };
        if held.on(date) && best.is_none_or(|best| best.ratio < aid.ratio) {
            best = Some(aid);
        }
    }
    best
}

/// Half a fen goes up.
fn rounded(exact: i64) -> i64 {
    (exact + ONE / 2) / ONE
}

/// A step that pays a ratio of its base, up to some room.
fn ratio_step(
    base: i64,
    deductible: i64,
    ratio: i64,
    room: i64,
    used: &'static [&'static str],
) -> Step {
    let exact = (base - deductible) * ratio;
    // The limit is whole fen, so that rounding before it gives the same.
    let limited = exact > room * ONE;
    Step {
        base,
        deductible,
        rate: Rate::Ratio(ratio),
        exact,
        limited,
        amount: match limited {
            true => room,
            false => rounded(exact),
        },
        used,
    }
}

/// Basic insurance; what it leaves of the in-scope cost.
fn basic(
    out: &mut Settlement,
    base: i64,
    tier: Option<&'static OfTier>,
    assisted: bool,
) -> Result<i64, Refused> {
    if base == 0 {
        out.steps[BASIC] = Step::default();
        return Ok(0);
    }
    let tier = tier.ok_or(Refused::NoTier)?;
    let (deductible, ratio, used, asked) = match assisted {
        true => (
            tier.deductible / 2,
            tier.ratio + 50_000,
            &tier.assisted[..],
            3,
        ),
        false => (tier.deductible, tier.ratio, &tier.others[..], 2),
    };
    let deductible = deductible.min(base);
    out.year.basic_deductible += deductible;
    let step = if deductible == base {
        Step {
            base,
            deductible,
            used: &used[..asked],
            ..Step::default()
        }
    } else {
        let room = (15_000_000 - out.year.basic_limit).max(0);
        // A limit above the base does not bind.
        ratio_step(base, deductible, ratio, room.min(base), used)
    };
    out.year.basic_limit += step.amount;
    out.paid[BASIC] = step.amount;
    out.steps[BASIC] = step;
    Ok(base - step.amount)
}

/// Serious illness insurance, by bands over the year; what it leaves of the in-scope cost.
fn major(out: &mut Settlement, base: i64, assisted: bool) -> i64 {
    if base == 0 {
        out.steps[MAJOR] = Step::default();
        return 0;
    }
    let (deductible, used) = match assisted {
        true => (300_000, &MAJOR_ASSISTED),
        false => (600_000, &MAJOR_OTHERS),
    };
    let deductible = (deductible - out.year.major_deductible).max(0).min(base);
    out.year.major_deductible += deductible;
    let low = out.year.major_bands;
    let high = low + (base - deductible);
    out.year.major_bands = high;
    let mut exact = 0;
    let mut over = 0;
    for band in 0..3 {
        let amount = high.min(BAND_TO[band]) - low.max(over);
        over = BAND_TO[band];
        if amount > 0 {
            exact += amount * BAND_RATIO[band];
            out.bands[out.reached] = Band { band, amount };
            out.reached += 1;
        }
    }
    let first = out.bands[0].band;
    let amount = rounded(exact);
    out.paid[MAJOR] = amount;
    out.steps[MAJOR] = Step {
        base,
        deductible,
        rate: Rate::Bands,
        exact,
        limited: false,
        amount,
        used: match out.reached {
            0 => &used[0][..2],
            reached => &used[first][..2 + reached],
        },
    };
    base - amount
}

/// The steps for assisted patients only.
fn assisted(
    out: &mut Settlement,
    unpaid: &mut [i64; PARTS],
    aid: &'static OfCategory,
    paid: &mut [[i64; PAYERS.len()]; PARTS],
) {
    let steps = &mut out.steps;
    let payers = &mut out.paid;

    // Commercial: the parts out of scope.
    let base = unpaid[0] + unpaid[1] + unpaid[2];
    steps[2] = Step::default();
    if base != 0 {
        steps[2] = ratio_step(base, 0, 350_000, base, &["commercial", "commercial.ratio"]);
        let [own, over, first, _] = *unpaid;
        pay(
            COMMERCIAL,
            steps[2].amount,
            base,
            [own, over, first, 0],
            unpaid,
            paid,
        );
        payers[COMMERCIAL] = steps[2].amount;
    }

    // Aid, charity and the relief fund: what is left in scope.
    let mut scope = unpaid[IN_SCOPE];
    steps[3] = Step::default();
    steps[4] = Step::default();
    steps[5] = Step::default();
    if scope != 0 {
        let room = (3_000_000 - out.year.aid_limit).max(0);
        steps[3] = ratio_step(scope, 0, aid.ratio, room.min(scope), &aid.used);
        payers[AID] = steps[3].amount;
        out.year.aid_limit += steps[3].amount;
        scope -= steps[3].amount;
    }
    if scope != 0 {
        let used = &["charity", "charity.ratio", "charity.limit.bill"];
        steps[4] = ratio_step(scope, 0, 400_000, scope.min(200_000), used);
        payers[CHARITY] = steps[4].amount;
        scope -= steps[4].amount;
    }
    if scope != 0 {
        let used = &["relief-fund", "relief-fund.ratio"];
        steps[5] = ratio_step(scope, 0, 500_000, scope, used);
        let amount = steps[5].amount;
        scope -= amount;
        // 60 to 40: a remainder of a half cannot be, so the larger one is that of the nearer share.
        let township = (amount * 6 + 5) / 10;
        payers[TOWNSHIP] = township;
        payers[FOUNDATION] = amount - township;
    }
    unpaid[IN_SCOPE] = scope;
    paid[IN_SCOPE][AID..COUNTY].copy_from_slice(&payers[AID..COUNTY]);

    // The county's floor, and the hospital's waiver: every part.
    let base = unpaid.iter().sum::<i64>();
    steps[6] = Step::default();
    if base != 0 {
        let reimbursed = out.total - base;
        let exact = (out.total * 900_000 - reimbursed * ONE).max(0);
        let amount = rounded(exact);
        steps[6] = Step {
            base,
            deductible: 0,
            rate: Rate::Guarantee {
                ratio: 900_000,
                of: out.total,
                reimbursed,
            },
            exact,
            limited: false,
            amount,
            used: &["floor", "floor.guarantee"],
        };
        payers[COUNTY] = amount;
        pay(COUNTY, amount, base, *unpaid, unpaid, paid);
    }
    let base = base - steps[6].amount;
    steps[7] = Step::default();
    if base != 0 {
        let used = &["waiver", "waiver.ratio", "waiver.limit.bill"];
        steps[7] = ratio_step(base, 0, 200_000, base.min(100_000), used);
        payers[HOSPITAL] = steps[7].amount;
        pay(HOSPITAL, steps[7].amount, base, *unpaid, unpaid, paid);
    }
}

/// Divides a payment among the parts in proportion to their weights (`whole` in all), and books it.
fn pay(
    payer: usize,
    amount: i64,
    whole: i64,
    weights: [i64; PARTS],
    unpaid: &mut [i64; PARTS],
    paid: &mut [[i64; PAYERS.len()]; PARTS],
) {
    if amount == 0 {
        return;
    }
    if let Some(part) = weights.iter().position(|&weight| weight == whole) {
        unpaid[part] -= amount;
        paid[part][payer] = amount;
        return;
    }
    let shares = match whole >> 32 {
        0 => among_parts(amount.unsigned_abs(), whole.unsigned_abs(), weights),
        _ => among_parts_wide(amount, whole, weights),
    };
    for part in 0..PARTS {
        unpaid[part] -= shares[part];
        paid[part][payer] = shares[part];
    }
}

/// By largest remainder, ties to the first part. One division: the reciprocal is at most one too low a share off.
fn among_parts(amount: u64, whole: u64, weights: [i64; PARTS]) -> [i64; PARTS] {
    if amount == whole {
        return weights;
    }
    let reciprocal = (amount << 32) / whole;
    let mut shares = [0u64; PARTS];
    let mut remainders = [0u64; PARTS];
    let mut odd = amount;
    for part in 0..PARTS {
        let weight = weights[part].unsigned_abs();
        let mut share = weight.wrapping_mul(reciprocal) >> 32;
        let mut remainder = weight
            .wrapping_mul(amount)
            .wrapping_sub(share.wrapping_mul(whole));
        if remainder >= whole {
            share = share.wrapping_add(1);
            remainder = remainder.wrapping_sub(whole);
        }
        shares[part] = share;
        remainders[part] = remainder;
        odd = odd.wrapping_sub(share);
    }
    for _ in 0..odd {
        let mut largest = 0;
        for part in 1..PARTS {
            if remainders[part] > remainders[largest] {
                largest = part;
            }
        }
        shares[largest] += 1;
        remainders[largest] = 0;
    }
    shares.map(|share| share.cast_signed())
}

/// The same for amounts whose products need more than 64 bits.
#[cold]
fn among_parts_wide(amount: i64, whole: i64, weights: [i64; PARTS]) -> [i64; PARTS] {
    let mut shares = [0; PARTS];
    crate::plain::largest_remainder(amount, whole, &weights, &mut shares);
    shares
}
