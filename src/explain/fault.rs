//! What is wrong with a bill that lacks nothing and is refused all the same, and whose it is to correct.

use super::why::Words;
use crate::money::Money;
use crate::page::clean;
use crate::settle::error::SettleError;

/// What is wrong, and who would have to correct it.
pub(super) fn fault(error: &SettleError) -> (Words, Words) {
    let what = Words::new(clean(&chinese(error)), clean(&error.to_string()));
    let (zh, en) = match error {
        SettleError::OutOfForce { .. } => (
            "由谁更正：选用政策的程序，改用账单日期施行的版本",
            "who would have to correct it: the program that chose the policy, by the version in force on the bill's date",
        ),
        SettleError::OtherPolicy { .. } | SettleError::OtherYear { .. } => (
            "由谁更正：保存年度累计的一方",
            "who would have to correct it: who keeps the year to date",
        ),
        SettleError::TooMany { .. } | SettleError::Overflow { .. } => (
            "由谁更正：提交账单的人；账单属实而确实这样大的，分开提交",
            "who would have to correct it: who submitted the bill; if it is as large as that, in parts",
        ),
        _ => (
            "由谁更正：提交账单的人",
            "who would have to correct it: who submitted the bill",
        ),
    };
    (what, Words::new(zh, en))
}

fn chinese(error: &SettleError) -> String {
    match error {
        SettleError::Inconsistent { field, problem } => {
            let problem = match field.as_str() {
                "bill.lines" => "至少要有一条费用行",
                "bill.admission" => "一年内的住院次数从 1 数起",
                "patient.birth_date" => "出生日期晚于账单日期",
                "patient.age" => "年龄与出生日期不符",
                "patient.categories" | "patient.enrolments" | "patient.certificates" => {
                    "有效期的截止日早于起始日"
                }
                _ => problem,
            };
            format!("`{field}` 有误：{problem}")
        }
        SettleError::UnknownName {
            field,
            name,
            policy,
            suggestion,
            ..
        } => {
            let meant = suggestion.as_ref();
            let meant = meant.map_or_else(String::new, |word| format!("；是否为 `{word}`？"));
            format!("`{field}` 中的 `{name}` 既不是标准用词，也不是政策 `{policy}` 的用词{meant}")
        }
        SettleError::OutOfForce {
            policy,
            from,
            to,
            date,
        } => {
            let to = to.map_or_else(String::new, |to| format!("至 {to} "));
            format!("政策 `{policy}` 自 {from} {to}施行，账单日期为 {date}")
        }
        SettleError::OtherPolicy { found, expected } => {
            format!("年度累计属于政策 `{found}`，应属于 `{expected}`")
        }
        SettleError::OtherYear { year, date } => {
            format!("账单日期 {date} 早于年度累计所属的 {year} 年")
        }
        SettleError::Missing { field, .. } => format!("没有给出 `{field}`"),
        SettleError::Unstated { path, .. } => format!("`{path}` 没有写明"),
        SettleError::TooMany {
            field, count, most, ..
        } => format!("`{field}` 过多：{count} 个，最多 {most} 个"),
        SettleError::Overflow { .. } => format!("金额过大：最多 {}", Money::MAX),
    }
}
