//! A settlement in the words of the national interface.

use super::amounts::Share;
use super::codes::{ACCOUNT, Fund, HOSPITAL, RegionCodes};
use super::error::InterfaceError;
use super::record::Record;
use super::setlinfo::{Account, SetlDetail, SetlInfo, total};
use crate::money::Money;
use crate::policy::info::{Certainty, Citation, Payer, PayerKind};
use crate::ratio::Ratio;
use crate::settlement::{Rate, Settlement, StepView};
use serde::Serialize;

/// The reply to a settlement: its record, and every step as a policy item.
///
/// ```
/// # use payer_split::*;
/// use payer_split::interface::{Account, RegionCodes, Reply};
/// # let book = RuleBook::embedded();
/// # let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
/// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "4549.20".parse()?)?);
/// # let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
/// let settlement = settle(policy, &bill, &patient)?;
/// let reply = Reply::new(&settlement, Money::ZERO, Account::Apart, &RegionCodes::default())?;
///
/// let setlinfo = reply.record.setlinfo();
/// assert_eq!(setlinfo.medfee_sumamt, settlement.total());
/// assert_eq!(Some(setlinfo.hifp_pay), settlement.paid("basic"));
/// assert_eq!(setlinfo.psn_cash_pay, settlement.patient());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reply {
    /// `setlinfo` and `setldetail`, its rows in the order of payment.
    #[serde(flatten)]
    pub record: Record,
    /// The steps that had anything to work on, in the order in which they paid.
    pub policyitems: Vec<PolicyItem>,
}

/// What one step did with the money it worked on: the funds' part of it, and what they left to the patient, of which
/// later items may take more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PolicyItem {
    /// The step's id.
    pub item_code: String,
    /// Its Chinese name.
    pub item_name: String,
    /// What it left to the patient.
    pub psn_amt: Money,
    /// That as a share of the sum: what is left of 1.
    pub psn_ratio: Share,
    /// What it paid.
    pub fund_amt: Money,
    /// That as a share of the sum, after deductibles, limits and all, rounded half up.
    pub fund_ratio: Share,
    /// The money that it worked on, before the deductible.
    pub sum_amt: Money,
    /// Who paid.
    pub funds: Vec<ItemFund>,
}

/// What one fund paid in a policy item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ItemFund {
    /// The fund's code.
    pub fund_pay_type: String,
    /// What it paid.
    pub fund_payamt: Money,
}

impl Reply {
    /// The reply to a settlement of which the person pays so much from the account (zero, where there is none: the account
    /// is not known here).
    ///
    /// # Errors
    ///
    /// [`InterfaceError::NoFundCode`] or [`InterfaceError::FundCode`] for any payer of the policy, whether it pays or not,
    /// that has no fund code or one that cannot be its own; [`InterfaceError::DoesNotFit`] for an account that pays more
    /// than the patient has to, or a ratio with more than four decimals.
    pub fn new(
        settlement: &Settlement,
        acct_pay: Money,
        account: Account,
        codes: &RegionCodes,
    ) -> Result<Reply, InterfaceError> {
        let funds: Vec<PayerFund<'_>> = settlement
            .payers()
            .map(|(payer, amount)| PayerFund::of(settlement, payer, amount, codes))
            .collect::<Result<_, _>>()?;
        let setlinfo = setlinfo(settlement, &funds, acct_pay, account)?;
        let mut paying: Vec<&PayerFund<'_>> = funds
            .iter()
            .filter(|fund| fund.amount != Money::ZERO)
            .collect();
        paying.sort_by_key(|fund| settlement.steps().position(|step| fund.pays_in(step)));
        let mut rows: Vec<SetlDetail> = paying.iter().map(|fund| fund.row(settlement)).collect();
        if acct_pay != Money::ZERO {
            rows.push(SetlDetail {
                fund_pay_type: ACCOUNT.into(),
                inscp_scp_amt: Money::ZERO,
                crt_payb_lmt_amt: None,
                fund_payamt: acct_pay,
                fund_pay_type_name: Some("个人账户".into()),
                setl_proc_info: None,
            });
        }
        let items = settlement.steps().filter(|step| step.base() != Money::ZERO);
        let items = items.map(|step| item(step, &funds));
        Ok(Reply {
            policyitems: items.collect::<Option<_>>().ok_or_else(too_large)?,
            record: Record::new(setlinfo, rows, account)?,
        })
    }
}

fn too_large() -> InterfaceError {
    InterfaceError::too_large("the settlement's amounts")
}

fn setlinfo(
    settlement: &Settlement,
    funds: &[PayerFund<'_>],
    acct_pay: Money,
    account: Account,
) -> Result<SetlInfo, InterfaceError> {
    let patient = settlement.patient();
    if acct_pay < Money::ZERO || acct_pay > patient {
        return Err(InterfaceError::does_not_fit(
            "acct_pay",
            &acct_pay.to_string(),
            &format!("from 0 to what the patient pays, `{patient}`"),
        ));
    }
    let sum = |wanted: &[Fund]| {
        let of = funds.iter().filter(|fund| wanted.contains(&fund.fund));
        total(of.map(|fund| fund.amount)).ok_or_else(too_large)
    };
    let is_basic = |payer: &Payer| fund_of(funds, payer).is_some_and(|of| of.fund == Fund::Basic);
    let basic_alone = |step: &StepView<'_>| {
        let mut payers = step.payers();
        payers.all(|(payer, share)| share == Money::ZERO || is_basic(payer))
    };
    let basic = || {
        let pays = |step: &StepView<'_>| step.payers().any(|(payer, _)| is_basic(payer));
        settlement.steps().filter(pays)
    };
    let cash = patient.checked_sub(acct_pay).ok_or_else(too_large)?;
    let hospital = sum(&[Fund::Hospital])?;
    let paid = settlement.reimbursed().part.checked_sub(hospital);
    let (fund_pay_sumamt, psn_part_amt) = match account {
        Account::Apart => (paid, patient),
        Account::WithFunds => (paid.and_then(|paid| paid.checked_add(acct_pay)), cash),
    };
    let parts = settlement.parts();
    let info = SetlInfo {
        medfee_sumamt: settlement.total(),
        fulamt_ownpay_amt: parts.own_expense,
        overlmt_selfpay: parts.over_limit,
        preselfpay_amt: parts.first_self_payment,
        inscp_scp_amt: parts.in_scope,
        act_pay_dedc: total(basic().map(|step| step.deductible())).ok_or_else(too_large)?,
        hifp_pay: sum(&[Fund::Basic])?,
        cvlserv_pay: sum(&[Fund::CivilServants])?,
        hifes_pay: sum(&[Fund::Enterprise])?,
        hifmi_pay: sum(&[Fund::MajorIllness])?,
        hifob_pay: sum(&[Fund::LargeSums])?,
        // No code of the list is this fund's.
        hifdm_pay: Money::ZERO,
        maf_pay: sum(&[Fund::Aid])?,
        hosp_part_amt: hospital,
        oth_pay: sum(&[Fund::Other])?,
        fund_pay_sumamt: fund_pay_sumamt.ok_or_else(too_large)?,
        psn_part_amt,
        acct_pay,
        psn_cash_pay: cash,
        pool_prop_selfpay: match one_ratio(basic(), basic_alone) {
            Some(ratio) => Some(Share::of_ratio("setlinfo.pool_prop_selfpay", ratio)?),
            None => None,
        },
        acct_mulaid_pay: None,
        balc: None,
    };
    Ok(info)
}

/// The one ratio at which steps paid; nothing if they paid by bands, by several ratios, only a share of what the ratio gave,
/// with other payers, or not at all.
fn one_ratio<'a>(
    steps: impl Iterator<Item = StepView<'a>>,
    pays_whole: impl Fn(&StepView<'a>) -> bool,
) -> Option<Ratio> {
    let mut one = None;
    for step in steps.filter(|step| step.amount() != Money::ZERO) {
        let is_whole = step.payment_ratio() == Ratio::ONE && pays_whole(&step);
        match step.rate() {
            Rate::Ratio(ratio) if is_whole && one.is_none_or(|known| known == ratio) => {
                one = Some(ratio);
            }
            _ => return None,
        }
    }
    one
}

/// A payer as a fund of the national interface.
struct PayerFund<'a> {
    payer: &'a Payer,
    code: String,
    fund: Fund,
    amount: Money,
}

impl<'a> PayerFund<'a> {
    fn of(
        settlement: &Settlement,
        payer: &'a Payer,
        amount: Money,
        codes: &RegionCodes,
    ) -> Result<PayerFund<'a>, InterfaceError> {
        let wrong = |code: &str, problem: String| InterfaceError::FundCode {
            payer: payer.id.clone(),
            name: payer.name.clone(),
            policy: settlement.policy(),
            code: code.into(),
            problem,
        };
        let code = match (&payer.code, codes.fund_pay_type.get(&payer.id)) {
            (Some(own), Some(given)) if own != given => {
                let problem = format!("expected the rule file's `code`, `{own}`");
                return Err(wrong(given, problem));
            }
            (own, given) => own.as_ref().or(given),
        };
        let is_hospital = payer.kind == PayerKind::Hospital;
        let code = match code {
            Some(code) => code.clone(),
            // Every hospital has the same.
            None if is_hospital => HOSPITAL.into(),
            None => {
                return Err(InterfaceError::NoFundCode {
                    payer: payer.id.clone(),
                    name: payer.name.clone(),
                    policy: settlement.policy(),
                });
            }
        };
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong(&code, "expected six digits".into()));
        }
        let fund = Fund::of(&code);
        let problem = match (fund, is_hospital) {
            (Fund::Hospital, false) => "it is the hospital's, expected a fund's",
            (Fund::Account, _) => {
                "it is the person's account, which is part of what the patient pays: expected a fund's"
            }
            // A hospital may have a code of the region's own beside the national one.
            (Fund::Hospital | Fund::Other, true) | (_, false) => {
                let fund = if is_hospital { Fund::Hospital } else { fund };
                return Ok(PayerFund {
                    payer,
                    code,
                    fund,
                    amount,
                });
            }
            (_, true) => "it is a fund's, expected the hospital's, `999996`",
        };
        Err(wrong(&code, problem.into()))
    }

    /// The code of the row: all that hospitals bear is under the national one.
    fn row_code(&self) -> &str {
        match self.fund {
            Fund::Hospital => HOSPITAL,
            _ => &self.code,
        }
    }

    fn pays_in(&self, step: StepView<'_>) -> bool {
        step.payers()
            .any(|(payer, share)| payer.id == self.payer.id && share != Money::ZERO)
    }

    /// What the payer paid, and in which steps.
    fn row(&self, settlement: &Settlement) -> SetlDetail {
        let shares: Vec<(StepView<'_>, Money)> = settlement
            .steps()
            .flat_map(|step| {
                step.payers()
                    .map(move |(payer, share)| (step, payer, share))
            })
            .filter(|(_, payer, share)| payer.id == self.payer.id && *share != Money::ZERO)
            .map(|(step, _, share)| (step, share))
            .collect();
        let limit = match shares.as_slice() {
            [(step, share)] if *share == step.amount() => limit(step),
            _ => None,
        };
        let words: Vec<String> = shares
            .iter()
            .filter_map(|(step, share)| {
                let named = step.named()?;
                let cited = cited(&named.citation, step);
                Some(format!("{} {share}（{cited}）", named.name))
            })
            .collect();
        let mut words = words.join("；");
        if self.row_code() != self.code {
            words = format!("地方代码 {}；{words}", self.code);
        }
        SetlDetail {
            fund_pay_type: self.row_code().into(),
            inscp_scp_amt: settlement.parts().in_scope,
            crt_payb_lmt_amt: limit,
            fund_payamt: self.amount,
            fund_pay_type_name: Some(self.payer.name.clone()),
            setl_proc_info: Some(words),
        }
    }
}

/// The most that a limit let a step pay. A settlement does not say how much a limit was, but where it took a yuan or more
/// off a payment (less may be rounding) that was paid whole, the payment is what was left of it.
fn limit(step: &StepView<'_>) -> Option<Money> {
    let yuan = Money::from_yuan(1)?;
    let cut = Ratio::ONE.of(step.amount().checked_add(yuan)?)? <= step.exact_millionths();
    let by_limit = step.limits().next().is_some() && !step.is_all_paid();
    (cut && by_limit && step.payment_ratio() == Ratio::ONE).then(|| step.amount())
}

/// Where a step comes from, in Chinese, and whether it leans on an assumption.
fn cited(citation: &Citation, step: &StepView<'_>) -> String {
    let mut text = citation.source.clone();
    if let Some(clause) = &citation.clause {
        text = format!("{text} {clause}");
    }
    let assumes = step.used().any(|used| used.certainty == Certainty::Assumed);
    match citation.certainty {
        Certainty::Stated if assumes => format!("{text}，含假定"),
        Certainty::Stated => text,
        Certainty::Assumed => format!("{text}，假定"),
        certainty if assumes => format!("{text}，{}，含假定", certainty.zh()),
        certainty => format!("{text}，{}", certainty.zh()),
    }
}

fn fund_of<'f, 'a>(funds: &'f [PayerFund<'a>], payer: &Payer) -> Option<&'f PayerFund<'a>> {
    funds.iter().find(|fund| fund.payer.id == payer.id)
}

/// A step as a policy item.
fn item(step: StepView<'_>, funds: &[PayerFund<'_>]) -> Option<PolicyItem> {
    let named = step.named()?;
    let (paid, sum) = (step.amount(), step.base());
    let fund_ratio = Share::of_amounts(paid, sum)?;
    let one = Share::of_amounts(sum, sum)?;
    let paying = step.payers().filter(|(_, share)| *share != Money::ZERO);
    let paying = paying.map(|(payer, share)| {
        Some(ItemFund {
            fund_pay_type: fund_of(funds, payer)?.row_code().into(),
            fund_payamt: share,
        })
    });
    Some(PolicyItem {
        item_code: named.id.clone(),
        item_name: named.name.clone(),
        psn_amt: sum.checked_sub(paid)?,
        psn_ratio: Share::from_units(one.units().checked_sub(fund_ratio.units())?)?,
        fund_amt: paid,
        fund_ratio,
        sum_amt: sum,
        funds: paying.collect::<Option<_>>()?,
    })
}
