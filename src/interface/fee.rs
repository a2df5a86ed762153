//! A fee line of the national interface and its four parts.

use super::amounts::{Given, GivenList, Quantity, Share, UnitPrice};
use super::codes::RegionCodes;
use super::error::InterfaceError;
use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::rounding::Rounding;
use crate::vocabulary::Class;
use serde::{Deserialize, Serialize};

/// A line of fees, by the national names: with its four parts, or with what gives them, or both, which must then agree.
///
/// What gives the parts is, in this order: `pric_uplmt_amt` times `cnt` is the most that counts, and the rest is over the
/// limit; `selfpay_prop` of what is left is paid first, rounded to the fen half up (of several, each is of what the one
/// before left); what is left then is in scope. A class C line is wholly at own expense. `pric` times `cnt`, where both are
/// given, must be the line's amount; it is rounded to the fen half up, and so is the limit times the quantity.
///
/// Of four given parts each is held to what gives it, as far as that is given: the part over the limit to the limit, all to
/// the proportion of what is not over the limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Message")]
pub struct FeeLine {
    /// 医疗收费项目类别, such as `09`.
    pub med_chrgitm_type: String,
    /// 收费项目等级: `01`, `02` or `03`.
    pub chrgitm_lv: String,
    /// The line's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medins_list_name: Option<String>,
    /// 明细项目费用总额: the line's amount.
    pub det_item_fee_sumamt: Money,
    /// 数量.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnt: Option<Quantity>,
    /// 单价.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pric: Option<UnitPrice>,
    /// 定价上限金额: the limit on the unit price; 999999 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pric_uplmt_amt: Option<UnitPrice>,
    /// 自付比例: what is paid first; in a message one number, or a list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selfpay_prop: Option<Vec<Share>>,
    /// 全自费.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fulamt_ownpay_amt: Option<Money>,
    /// 超限价.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlmt_amt: Option<Money>,
    /// 先行自付.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preselfpay_amt: Option<Money>,
    /// 符合政策范围.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inscp_scp_amt: Option<Money>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(default)]
    med_chrgitm_type: Given,
    #[serde(default)]
    chrgitm_lv: Given,
    #[serde(default)]
    medins_list_name: Given,
    #[serde(default)]
    det_item_fee_sumamt: Given,
    #[serde(default)]
    cnt: Given,
    #[serde(default)]
    pric: Given,
    #[serde(default)]
    pric_uplmt_amt: Given,
    #[serde(default)]
    selfpay_prop: GivenList,
    #[serde(default)]
    fulamt_ownpay_amt: Given,
    #[serde(default)]
    overlmt_amt: Given,
    #[serde(default)]
    preselfpay_amt: Given,
    #[serde(default)]
    inscp_scp_amt: Given,
}

impl TryFrom<Message> for FeeLine {
    type Error = InterfaceError;

    fn try_from(message: Message) -> Result<FeeLine, InterfaceError> {
        let Message {
            med_chrgitm_type: fee,
            chrgitm_lv: class,
            ..
        } = message;
        Ok(FeeLine {
            med_chrgitm_type: fee.required("feedetail.med_chrgitm_type", "a code such as `09`")?,
            chrgitm_lv: class.required("feedetail.chrgitm_lv", "`01`, `02` or `03`")?,
            medins_list_name: message.medins_list_name.text(),
            det_item_fee_sumamt: message
                .det_item_fee_sumamt
                .amount("feedetail.det_item_fee_sumamt")?,
            cnt: message.cnt.number("feedetail.cnt")?,
            pric: message.pric.number("feedetail.pric")?,
            pric_uplmt_amt: message.pric_uplmt_amt.number("feedetail.pric_uplmt_amt")?,
            selfpay_prop: message.selfpay_prop.numbers("feedetail.selfpay_prop")?,
            fulamt_ownpay_amt: message
                .fulamt_ownpay_amt
                .money("feedetail.fulamt_ownpay_amt")?,
            overlmt_amt: message.overlmt_amt.money("feedetail.overlmt_amt")?,
            preselfpay_amt: message.preselfpay_amt.money("feedetail.preselfpay_amt")?,
            inscp_scp_amt: message.inscp_scp_amt.money("feedetail.inscp_scp_amt")?,
        })
    }
}

impl FeeLine {
    /// The line. `path` is what messages call it, such as `feedetail[0]`.
    ///
    /// # Errors
    ///
    /// [`InterfaceError`], naming the field and its value: an unknown code, parts or what gives them missing, below zero,
    /// not summing to the line, or not following from the rest.
    pub fn line(&self, path: &str, codes: &RegionCodes) -> Result<Line, InterfaceError> {
        let field = |name: &str| format!("{path}.{name}");
        let fee = codes.fee(&field("med_chrgitm_type"), &self.med_chrgitm_type)?;
        let class = codes.class(&field("chrgitm_lv"), &self.chrgitm_lv)?;
        self.check_signs(&field)?;
        self.check_price(&field)?;
        let given = self.given_parts(&field)?;
        let parts = self.parts_by_rule(&class, given, &field)?;
        if let Some(given) = given {
            self.agree(given, parts, &field)?;
        }
        let line = Line::from_input(LineInput {
            fee,
            amount: Some(self.det_item_fee_sumamt),
            class: Some(class),
            parts: Some(parts),
            name: self.medins_list_name.clone(),
            ..LineInput::default()
        });
        line.map_err(|_| InterfaceError::too_large(&format!("the parts of `{path}`")))
    }

    fn parts(&self) -> [(&'static str, Option<Money>); 4] {
        [
            ("fulamt_ownpay_amt", self.fulamt_ownpay_amt),
            ("overlmt_amt", self.overlmt_amt),
            ("preselfpay_amt", self.preselfpay_amt),
            ("inscp_scp_amt", self.inscp_scp_amt),
        ]
    }

    /// Nothing of a line is below zero: what is taken back is a reversal.
    fn check_signs(&self, field: &impl Fn(&str) -> String) -> Result<(), InterfaceError> {
        let amounts = self.parts().into_iter();
        let amounts = amounts.chain([("det_item_fee_sumamt", Some(self.det_item_fee_sumamt))]);
        let amounts = amounts.filter_map(|(name, amount)| {
            amount
                .filter(|amount| amount.is_negative())
                .map(|amount| (name, amount.to_string()))
        });
        let cnt = self.cnt.filter(|cnt| cnt.units() < 0);
        let prices = [("pric", self.pric), ("pric_uplmt_amt", self.pric_uplmt_amt)];
        let prices = prices.into_iter().filter_map(|(name, price)| {
            price
                .filter(|price| price.units() < 0)
                .map(|price| (name, price.to_string()))
        });
        let numbers = cnt
            .map(|cnt| ("cnt", cnt.to_string()))
            .into_iter()
            .chain(prices);
        match amounts.chain(numbers).next() {
            Some((name, value)) => Err(InterfaceError::does_not_fit(
                &field(name),
                &value,
                "0 or more",
            )),
            None => Ok(()),
        }
    }

    /// The price times the quantity is the amount, where all are given.
    fn check_price(&self, field: &impl Fn(&str) -> String) -> Result<(), InterfaceError> {
        let (Some(pric), Some(cnt)) = (self.pric, self.cnt) else {
            return Ok(());
        };
        let by = format!("`pric` `{pric}` * `cnt` `{cnt}`");
        let expected = pric.times(cnt);
        let expected = expected.ok_or_else(|| InterfaceError::TooLarge {
            of: format!("`{}` `{pric}` * `cnt` `{cnt}`", field("pric")),
        })?;
        match expected == self.det_item_fee_sumamt {
            true => Ok(()),
            false => Err(InterfaceError::Disagrees {
                field: field("det_item_fee_sumamt"),
                value: self.det_item_fee_sumamt,
                by,
                expected,
            }),
        }
    }

    /// The four parts, where they are given: all of them, and summing to the line.
    fn given_parts(
        &self,
        field: &impl Fn(&str) -> String,
    ) -> Result<Option<Parts>, InterfaceError> {
        let parts = match self.parts().map(|(_, amount)| amount) {
            [None, None, None, None] => return Ok(None),
            [
                Some(own_expense),
                Some(over_limit),
                Some(first_self_payment),
                Some(in_scope),
            ] => Parts {
                own_expense,
                over_limit,
                first_self_payment,
                in_scope,
            },
            _ => {
                let absent = self
                    .parts()
                    .into_iter()
                    .find(|(_, amount)| amount.is_none());
                let name = absent.map_or("", |(name, _)| name);
                return Err(InterfaceError::missing(
                    &field(name),
                    "all four parts of a line (`fulamt_ownpay_amt`, `overlmt_amt`, `preselfpay_amt`, `inscp_scp_amt`), \
                     or none",
                ));
            }
        };
        let sum = parts.total();
        let sum = sum.ok_or_else(|| InterfaceError::too_large(&field("inscp_scp_amt")))?;
        match sum == self.det_item_fee_sumamt {
            true => Ok(Some(parts)),
            false => Err(InterfaceError::Sum {
                field: field("det_item_fee_sumamt"),
                value: self.det_item_fee_sumamt,
                of: "its four parts".into(),
                sum,
            }),
        }
    }

    /// The parts that follow from class, limit and proportion. Where one of those is not there, the given parts stand for
    /// it; without them it is [`InterfaceError::Missing`].
    fn parts_by_rule(
        &self,
        class: &Class,
        given: Option<Parts>,
        field: &impl Fn(&str) -> String,
    ) -> Result<Parts, InterfaceError> {
        let amount = self.det_item_fee_sumamt;
        if *class == Class::C {
            self.check_shares(
                Share::WHOLE_ONLY,
                "1 for class C, which is wholly at own expense",
                field,
            )?;
            return Ok(Parts {
                own_expense: amount,
                ..Parts::default()
            });
        }
        self.check_shares(Share::UP_TO_WHOLE, "a share from 0 to 1", field)?;
        let too_large = || InterfaceError::too_large(&field("det_item_fee_sumamt"));
        let over_limit = match (self.over_limit(field), given) {
            (Err(InterfaceError::Missing { .. }), Some(given)) => given.over_limit,
            (over_limit, _) => over_limit?,
        };
        let counted = amount.checked_sub(over_limit).ok_or_else(too_large)?;
        let shares = match (&self.selfpay_prop, given) {
            (Some(shares), _) => shares.as_slice(),
            // Nothing says what is paid first but the part itself: so even of class A, out of the county.
            (None, Some(given)) => {
                return Ok(Parts {
                    over_limit,
                    ..given
                });
            }
            (None, None) if *class == Class::A => &[],
            (None, None) => {
                let expected = "what is paid first of class B (0 for nothing), or the four parts";
                return Err(InterfaceError::missing(&field("selfpay_prop"), expected));
            }
        };
        let mut in_scope = counted;
        for share in shares {
            let first = share.ratio().of(in_scope);
            let first = first.and_then(|exact| Rounding::default().round(exact));
            let left = first.and_then(|first| in_scope.checked_sub(first));
            in_scope = left.ok_or_else(too_large)?;
        }
        Ok(Parts {
            own_expense: Money::ZERO,
            over_limit,
            first_self_payment: counted.checked_sub(in_scope).ok_or_else(too_large)?,
            in_scope,
        })
    }

    /// What is above the limit on the price; [`InterfaceError::Missing`] where the limit, or its quantity, is not given.
    fn over_limit(&self, field: &impl Fn(&str) -> String) -> Result<Money, InterfaceError> {
        let amount = self.det_item_fee_sumamt;
        let limit = self.pric_uplmt_amt.ok_or_else(|| {
            let expected = "the limit on the unit price (999999 for none), or the four parts";
            InterfaceError::missing(&field("pric_uplmt_amt"), expected)
        })?;
        if limit == UnitPrice::NONE {
            return Ok(Money::ZERO);
        }
        let cnt = self.cnt.ok_or_else(|| {
            let expected = "the quantity to which the limit applies, or the four parts";
            InterfaceError::missing(&field("cnt"), expected)
        })?;
        // A limit beyond all amounts does not limit.
        let counted = limit.times(cnt).map_or(amount, |most| most.min(amount));
        let over = amount.checked_sub(counted);
        over.ok_or_else(|| InterfaceError::too_large(&field("det_item_fee_sumamt")))
    }

    fn check_shares(
        &self,
        allowed: std::ops::RangeInclusive<i64>,
        expected: &str,
        field: &impl Fn(&str) -> String,
    ) -> Result<(), InterfaceError> {
        let mut shares = self.selfpay_prop.iter().flatten();
        match shares.find(|share| !allowed.contains(&share.units())) {
            Some(share) => Err(InterfaceError::does_not_fit(
                &field("selfpay_prop"),
                &share.to_string(),
                expected,
            )),
            None => Ok(()),
        }
    }

    /// Whether given parts are those that follow.
    fn agree(
        &self,
        given: Parts,
        by_rule: Parts,
        field: &impl Fn(&str) -> String,
    ) -> Result<(), InterfaceError> {
        let pairs = [
            (given.own_expense, by_rule.own_expense),
            (given.over_limit, by_rule.over_limit),
            (given.first_self_payment, by_rule.first_self_payment),
            (given.in_scope, by_rule.in_scope),
        ];
        let names = self.parts().map(|(name, _)| name);
        match names
            .into_iter()
            .zip(pairs)
            .find(|(_, (given, rule))| given != rule)
        {
            None => Ok(()),
            Some((name, (value, expected))) => Err(InterfaceError::Disagrees {
                field: field(name),
                value,
                by: "the line's class, limit and proportion".into(),
                expected,
            }),
        }
    }
}
