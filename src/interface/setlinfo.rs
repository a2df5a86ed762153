//! The amounts of a settlement record, `setlinfo`, and its rows by fund, `setldetail`.

use super::amounts::{Given, Share};
use super::error::InterfaceError;
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// Whether the person's account counts as a fund, which each region settles for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// It does not: `psn_part_amt` is the account and the cash. So nearly everywhere.
    #[default]
    Apart,
    /// It does: `fund_pay_sumamt` has the account in it, and `psn_part_amt` is the cash. So in Guangdong.
    WithFunds,
}

impl Account {
    pub(super) fn is_apart(&self) -> bool {
        *self == Account::Apart
    }
}

macro_rules! setlinfo {
    ($($(#[$about:meta])* $field:ident,)*) => {
        /// The amounts of a settlement record (`setlinfo`), by their national names. Plain data: [`SetlInfo::check`] holds
        /// them against one another.
        ///
        /// Everything is N16,2 but `pool_prop_selfpay`. Read from a message, all amounts but the last two must be there, and
        /// fields that are not amounts (numbers of persons, names) are left alone.
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(try_from = "Message")]
        pub struct SetlInfo {
            $($(#[$about])* pub $field: Money,)*
            /// 统筹支付比例: the ratio at which the basic fund paid, where that is one ratio. N5,4.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub pool_prop_selfpay: Option<Share>,
            /// 个人账户共济: what of the account was a relative's.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub acct_mulaid_pay: Option<Money>,
            /// 余额: what is left in the account.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub balc: Option<Money>,
        }

        #[derive(Deserialize)]
        struct Message {
            $(#[serde(default)] $field: Given,)*
            #[serde(default)]
            pool_prop_selfpay: Given,
            #[serde(default)]
            acct_mulaid_pay: Given,
            #[serde(default)]
            balc: Given,
        }

        impl TryFrom<Message> for SetlInfo {
            type Error = InterfaceError;

            fn try_from(message: Message) -> Result<SetlInfo, InterfaceError> {
                Ok(SetlInfo {
                    $($field: message.$field.amount(concat!("setlinfo.", stringify!($field)))?,)*
                    pool_prop_selfpay: message.pool_prop_selfpay.number("setlinfo.pool_prop_selfpay")?,
                    acct_mulaid_pay: message.acct_mulaid_pay.money("setlinfo.acct_mulaid_pay")?,
                    balc: message.balc.money("setlinfo.balc")?,
                })
            }
        }

        impl SetlInfo {
            /// The amounts of the bill by their fields; not the balance, which is of the account.
            pub(super) fn amounts(&self) -> Vec<(&'static str, Money)> {
                let shared = self.acct_mulaid_pay.unwrap_or_default();
                vec![$((stringify!($field), self.$field),)* ("acct_mulaid_pay", shared)]
            }

            /// The same amounts with the other sign. The ratio stays; what the balance comes to is not known.
            pub(super) fn negated(&self) -> Option<SetlInfo> {
                Some(SetlInfo {
                    $($field: self.$field.checked_neg()?,)*
                    pool_prop_selfpay: self.pool_prop_selfpay,
                    acct_mulaid_pay: match self.acct_mulaid_pay {
                        Some(amount) => Some(amount.checked_neg()?),
                        None => None,
                    },
                    balc: None,
                })
            }
        }
    };
}

setlinfo! {
    /// 医疗费总额: the bill's total.
    medfee_sumamt,
    /// 全自费: outside the catalogue.
    fulamt_ownpay_amt,
    /// 超限价自费: above price limits.
    overlmt_selfpay,
    /// 先行自付: first self-payments.
    preselfpay_amt,
    /// 符合政策范围: in scope.
    inscp_scp_amt,
    /// 实际支付起付线: the deductible used by the basic fund.
    act_pay_dedc,
    /// 基本统筹: the basic fund, of employees or residents.
    hifp_pay,
    /// 公务员: the civil servants' aid.
    cvlserv_pay,
    /// 企业补充: a company's supplement.
    hifes_pay,
    /// 居民大病: residents' major illness insurance.
    hifmi_pay,
    /// 职工大额: employees' aid for large sums.
    hifob_pay,
    /// 伤残人员: the fund of disabled servicemen.
    hifdm_pay,
    /// 医疗救助: medical aid.
    maf_pay,
    /// 医院负担: the hospital.
    hosp_part_amt,
    /// 其他: every other payer, named in the rows by fund.
    oth_pay,
    /// 基金支付总额: the sum of the funds.
    fund_pay_sumamt,
    /// 个人负担: the person.
    psn_part_amt,
    /// 个人账户: the person's account.
    acct_pay,
    /// 个人现金: the person in cash.
    psn_cash_pay,
}

impl SetlInfo {
    /// Holds the amounts against one another.
    ///
    /// - The four parts sum to the total.
    /// - The funds, the hospital and the person sum to the total.
    /// - The account and the cash sum to the person.
    /// - The funds sum to their total.
    ///
    /// Where the account counts as a fund ([`Account::WithFunds`]) it is in the funds' total, and the person has the cash.
    ///
    /// # Errors
    ///
    /// [`InterfaceError::Sum`] with the field, its amount and what the others come to; [`InterfaceError::TooLarge`].
    ///
    /// ```
    /// use payer_split::interface::{Account, SetlInfo};
    ///
    /// let amount = |text: &str| text.parse::<payer_split::Money>();
    /// let mut record = SetlInfo {
    ///     medfee_sumamt: amount("4.52")?,
    ///     preselfpay_amt: amount("0.23")?,
    ///     inscp_scp_amt: amount("4.29")?,
    ///     act_pay_dedc: amount("4.29")?,
    ///     psn_part_amt: amount("4.52")?,
    ///     psn_cash_pay: amount("4.52")?,
    ///     ..SetlInfo::default()
    /// };
    /// record.check(Account::Apart)?;
    ///
    /// record.psn_cash_pay = amount("4.50")?;
    /// assert_eq!(
    ///     record.check(Account::Apart).unwrap_err().to_string(),
    ///     "`setlinfo.psn_part_amt` is `4.52`, but `acct_pay` and `psn_cash_pay` come to `4.50`: expected the same amount",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check(&self, account: Account) -> Result<(), InterfaceError> {
        let own = match account {
            Account::Apart => Some(("acct_pay", self.acct_pay)),
            Account::WithFunds => None,
        };
        let in_funds = match account {
            Account::Apart => None,
            Account::WithFunds => Some(("acct_pay", self.acct_pay)),
        };
        sums(
            ("medfee_sumamt", self.medfee_sumamt),
            [
                ("fulamt_ownpay_amt", self.fulamt_ownpay_amt),
                ("overlmt_selfpay", self.overlmt_selfpay),
                ("preselfpay_amt", self.preselfpay_amt),
                ("inscp_scp_amt", self.inscp_scp_amt),
            ],
        )?;
        sums(
            ("medfee_sumamt", self.medfee_sumamt),
            [
                ("fund_pay_sumamt", self.fund_pay_sumamt),
                ("hosp_part_amt", self.hosp_part_amt),
                ("psn_part_amt", self.psn_part_amt),
            ],
        )?;
        let cash = [("psn_cash_pay", self.psn_cash_pay)];
        sums(
            ("psn_part_amt", self.psn_part_amt),
            own.into_iter().chain(cash),
        )?;
        let funds = [
            ("hifp_pay", self.hifp_pay),
            ("cvlserv_pay", self.cvlserv_pay),
            ("hifes_pay", self.hifes_pay),
            ("hifmi_pay", self.hifmi_pay),
            ("hifob_pay", self.hifob_pay),
            ("hifdm_pay", self.hifdm_pay),
            ("maf_pay", self.maf_pay),
            ("oth_pay", self.oth_pay),
        ];
        sums(
            ("fund_pay_sumamt", self.fund_pay_sumamt),
            funds.into_iter().chain(in_funds),
        )
    }
}

/// Checks that fields of setlinfo sum to another.
fn sums(
    (field, value): (&str, Money),
    of: impl IntoIterator<Item = (&'static str, Money)>,
) -> Result<(), InterfaceError> {
    let of: Vec<_> = of.into_iter().collect();
    let names = || {
        let quoted: Vec<String> = of.iter().map(|(name, _)| format!("`{name}`")).collect();
        match quoted.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        }
    };
    let sum = total(of.iter().map(|(_, amount)| *amount));
    let sum = sum.ok_or_else(|| InterfaceError::too_large(&names()))?;
    match sum == value {
        true => Ok(()),
        false => Err(InterfaceError::Sum {
            field: format!("setlinfo.{field}"),
            value,
            of: names(),
            sum,
        }),
    }
}

/// The sum, if it is an amount.
pub(super) fn total(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
    let mut amounts = amounts.into_iter();
    amounts.try_fold(Money::ZERO, Money::checked_add)
}

/// What one fund paid (`setldetail`), by the national names. The account and the hospital have rows too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "DetailMessage")]
pub struct SetlDetail {
    /// The fund's code, as the region uses it: six digits.
    pub fund_pay_type: String,
    /// 符合政策范围金额: the in-scope cost. In a [`Reply`](super::Reply) it is the settlement's, in each fund's row alike;
    /// what the fund's steps worked on, which may be out of scope, is the `sum_amt` of the policy items.
    pub inscp_scp_amt: Money,
    /// 本次可支付限额: the most that a limit let the fund pay, where one cut it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crt_payb_lmt_amt: Option<Money>,
    /// 基金支付金额: what the fund paid.
    pub fund_payamt: Money,
    /// 基金支付类型名称: the fund's name, up to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fund_pay_type_name: Option<String>,
    /// 结算过程信息: how it was worked out, in words, up to 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setl_proc_info: Option<String>,
}

#[derive(Deserialize)]
struct DetailMessage {
    #[serde(default)]
    fund_pay_type: Given,
    #[serde(default)]
    inscp_scp_amt: Given,
    #[serde(default)]
    crt_payb_lmt_amt: Given,
    #[serde(default)]
    fund_payamt: Given,
    #[serde(default)]
    fund_pay_type_name: Given,
    #[serde(default)]
    setl_proc_info: Given,
}

impl TryFrom<DetailMessage> for SetlDetail {
    type Error = InterfaceError;

    fn try_from(message: DetailMessage) -> Result<SetlDetail, InterfaceError> {
        let code = message.fund_pay_type;
        Ok(SetlDetail {
            fund_pay_type: code.required("setldetail.fund_pay_type", FUND_CODE)?,
            inscp_scp_amt: message.inscp_scp_amt.amount("setldetail.inscp_scp_amt")?,
            crt_payb_lmt_amt: message
                .crt_payb_lmt_amt
                .money("setldetail.crt_payb_lmt_amt")?,
            fund_payamt: message.fund_payamt.amount("setldetail.fund_payamt")?,
            fund_pay_type_name: message.fund_pay_type_name.text(),
            setl_proc_info: message.setl_proc_info.text(),
        })
    }
}

/// What a fund's code is.
const FUND_CODE: &str = "a code of six digits, such as `390100`";

impl SetlDetail {
    /// Whether everything fits its field.
    pub(super) fn check(&self) -> Result<(), InterfaceError> {
        let code = &self.fund_pay_type;
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            let field = "setldetail.fund_pay_type";
            return Err(InterfaceError::does_not_fit(field, code, FUND_CODE));
        }
        for (field, text, width) in [
            ("fund_pay_type_name", &self.fund_pay_type_name, 200),
            ("setl_proc_info", &self.setl_proc_info, 4000),
        ] {
            if let Some(text) = text.as_ref().filter(|text| text.chars().count() > width) {
                return Err(InterfaceError::does_not_fit(
                    &format!("setldetail.{field}"),
                    text,
                    &format!("up to {width} characters"),
                ));
            }
        }
        Ok(())
    }

    /// The row with the amounts' other sign. A limit is what it is.
    pub(super) fn negated(&self) -> Option<SetlDetail> {
        Some(SetlDetail {
            inscp_scp_amt: self.inscp_scp_amt.checked_neg()?,
            fund_payamt: self.fund_payamt.checked_neg()?,
            ..self.clone()
        })
    }
}
