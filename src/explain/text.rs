//! An explanation in words: a line for each number, with what went into it below.

use super::how::{Adjustment, ChangeKind, How};
use super::why::{Kind, Value, Why};
use super::{Asked, Explanation};
use crate::language::Language;
use crate::money::Money;
use crate::page::clean;
use crate::policy::info::{Certainty, Citation};
use crate::rounding::Rounding;
use crate::statement::{rounded, yuan};
use std::fmt::Write as _;

impl Why {
    /// The explanation in words: this number, and indented below it everything that went in. Amounts are yuan; what was
    /// said before is not said again. Ends with a line break.
    pub fn text(&self, language: Language) -> String {
        let mut page = Page {
            language,
            out: String::new(),
            said: Vec::new(),
        };
        page.tree(self, 0, Mark::None);
        page.out
    }

    /// What the number is called, without the entry of a table.
    pub(super) fn title(&self, language: Language) -> String {
        let page = Page {
            language,
            out: String::new(),
            said: Vec::new(),
        };
        match self.kind {
            Kind::Ratio
            | Kind::PaymentRatio
            | Kind::Fixed
            | Kind::DeductibleFigure
            | Kind::LimitAmount => page.label(&Why::given(self.kind, self.value)),
            _ => page.label(self),
        }
    }
}

/// What a number did among others of which one was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// It decided.
    Bound,
    /// It applied, and something else decided.
    Open,
    /// It is a number of bills.
    Count,
}

struct Page<'w> {
    language: Language,
    out: String,
    /// What was said with all that went into it.
    said: Vec<&'w Why>,
}

impl<'w> Page<'w> {
    fn t<T>(&self, zh: T, en: T) -> T {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    fn tree(&mut self, why: &'w Why, depth: usize, mark: Mark) {
        if let (Kind::Bounded, [only]) = (why.kind, why.from.as_slice())
            && only.value.millionths() == why.value.millionths()
        {
            return self.tree(only, depth, mark);
        }
        let again = why.has_more() && self.said.contains(&why);
        let indent = depth.saturating_mul(2);
        let _ = write!(self.out, "{:indent$}{}", "", self.label(why));
        let _ = write!(
            self.out,
            "{}{}",
            self.t("：", ": "),
            match (why.how, why.from.as_slice()) {
                _ if mark == Mark::Count => bills(why.value, self.language),
                (How::Bills, [allowed, used]) if allowed.value != Value::NoLimit => {
                    let left = allowed
                        .value
                        .bills()
                        .saturating_sub(used.value.bills())
                        .max(0);
                    self.t(format!("还可付 {left} 次"), format!("{left} more bills"))
                }
                _ => number(why.value, self.language),
            }
        );
        if !again {
            let formula = self.formula(why);
            self.out.push_str(&formula);
        }
        let aside = match (mark, again) {
            (Mark::Bound, _) => self.t("，起了作用", ", which decided"),
            (Mark::Open, _) => self.t("，没有起作用", ", which did not bind"),
            _ => "",
        };
        self.out.push_str(aside);
        if again {
            self.out.push_str(self.t("（见上）", " (see above)"));
        } else {
            for citation in &why.citations {
                let _ = write!(self.out, "{}", cited(citation, self.language));
            }
        }
        self.out.push('\n');
        if again || !why.has_more() {
            return;
        }
        self.said.push(why);
        let decided = why.decided_by();
        for (place, from) in why.from.iter().enumerate() {
            let mark = match from.kind {
                _ if why.how == How::Bills => Mark::Count,
                Kind::Limit if from.value == Value::NoLimit => Mark::None,
                Kind::Limit | Kind::Unpaid if why.how == How::Least => match decided {
                    Some(decided) if decided == place => Mark::Bound,
                    _ => Mark::Open,
                },
                _ => Mark::None,
            };
            self.tree(from, depth.saturating_add(1), mark);
        }
    }

    /// What a number is called.
    fn label(&self, why: &Why) -> String {
        let name = clean(why.name.text(self.language));
        let quoted = self.t(format!("“{name}”"), format!("\"{name}\""));
        // A payer may be named for what it bears: 医院负担.
        let pays = match name.ends_with("负担") {
            true => name.clone(),
            false => format!("{name}付"),
        };
        let aside = match name.as_str() {
            "" => String::new(),
            name => self.t(format!("（{name}）"), format!(" ({name})")),
        };
        let plain = |zh: &str, en: &str| self.t(zh, en).to_owned();
        match why.kind {
            Kind::Total => plain("总费用", "the bill"),
            Kind::Payer => self.t(pays.clone(), format!("{name} pays")),
            Kind::Patient => plain("个人负担", "the patient pays"),
            Kind::Cell => self.t(format!("{pays}这一行"), format!("{name} pays of the line")),
            Kind::PatientOfLine => plain("个人负担这一行", "the patient pays of the line"),
            Kind::Part => name,
            Kind::Billed => self.t(format!("账单上的{name}"), format!("billed {name}")),
            Kind::PaidBefore if why.id.is_empty() => name,
            Kind::PaidBefore => self.t(format!("{quoted}已付"), format!("paid by {quoted}")),
            Kind::DeductibleBefore => self.t(
                format!("{quoted}的起付线"),
                format!("the deductible of {quoted}"),
            ),
            Kind::Step => self.t(format!("步骤{quoted}付"), format!("the step {quoted} pays")),
            Kind::StepShare if name.is_empty() => plain("其中可分的", "of it divided"),
            Kind::StepShare => self.t(format!("其中{pays}"), format!("of it {name} pays")),
            Kind::PayerShare => plain("该付款方的份额", "that payer's share"),
            Kind::StepOfCell => self.t(format!("其中用于{name}"), format!("of it, {name}")),
            Kind::StepOfLine => self.t(
                format!("步骤{quoted}付这一行"),
                format!("{quoted} of the line"),
            ),
            Kind::Weight => plain("权重", "weight"),
            Kind::Whole => plain("权重合计", "all weights"),
            Kind::Formula => plain("按公式", "by the formula"),
            Kind::Limited => plain("限额以内", "within the limits"),
            Kind::PaymentRatio => self.t(
                format!("按结果的比例支付{aside}"),
                format!("ratio of the result that is paid{aside}"),
            ),
            Kind::PaidShare => plain("按比例支付", "that ratio of it"),
            Kind::Band => self.t(format!("{name}一段"), format!("band {name}")),
            Kind::Slice => plain("进入本段的金额", "amount in the band"),
            Kind::Low => plain("本次起点", "this bill begins at"),
            Kind::High => plain("本次终点", "this bill ends at"),
            Kind::YearTotal => plain("本年此前累计", "counted this year before"),
            Kind::Above => plain("起付线以上", "above the deductible"),
            Kind::Base => plain("基数", "base"),
            Kind::Covered => plain("所付范围内的费用", "money covered"),
            Kind::Fixed => self.t(format!("定额{aside}"), format!("fixed amount{aside}")),
            Kind::Deductible => plain("起付线扣除", "deductible used"),
            Kind::DeductibleFigure => {
                self.t(format!("起付线{aside}"), format!("deductible{aside}"))
            }
            Kind::DeductibleLeft => plain("本年尚余起付线", "deductible left this year"),
            Kind::Used => plain("此前已用", "used before"),
            Kind::Ratio => self.t(format!("比例{aside}"), format!("ratio{aside}")),
            Kind::Entry => self.t(format!("原定{aside}"), format!("as set{aside}")),
            Kind::Best => plain(
                "同时符合几项，取对患者最好的",
                "several entries hold, the best for the patient counts",
            ),
            Kind::Table => self.t(format!("共用的表“{name}”"), format!("the table \"{name}\"")),
            Kind::Adjusted => self.t(format!("调整后{aside}"), format!("adjusted{aside}")),
            Kind::By => plain("调整的数", "by"),
            Kind::ShareOf => name,
            Kind::Bounded => plain("取整、限定后", "after rounding and bounds"),
            Kind::Limit if why.value == Value::NoLimit || why.how == How::Bills => name,
            Kind::Limit => self.t(format!("{name}，尚余"), format!("{name}, left of it")),
            Kind::LimitAmount => self.t(
                format!("限额金额{aside}"),
                format!("amount of the limit{aside}"),
            ),
            Kind::Together => self.t(
                format!("{quoted}已付，合计在内"),
                format!("paid by {quoted}, counted together"),
            ),
            Kind::Unpaid => plain("尚未付的费用", "still unpaid"),
            Kind::Promised => plain("保证报销到", "promised"),
            Kind::Guaranteed => plain("保证所按的费用", "of the cost"),
            Kind::Reimbursed => plain("此前已报销", "reimbursed before"),
        }
    }

    /// How a number comes from what went in, after an equals sign.
    fn formula(&self, why: &Why) -> String {
        let language = self.language;
        let numbers: Vec<String> = why
            .from
            .iter()
            .map(|why| number(why.value, language))
            .collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        match (why.how, numbers.as_slice()) {
            (How::Sum, [_, _, ..]) => format!(" = {}", numbers.join(" + ")),
            (How::Less, [_, _, ..]) => {
                let zero = match why.is_cut_to_zero() {
                    true => self.t("，不足零的作零", ", not below zero"),
                    false => "",
                };
                format!(" = {}{zero}", numbers.join(" − "))
            }
            (How::Product, [a, b]) => format!(" = {a} × {b}"),
            (How::Least, _) => {
                let bounded = why.from.iter().zip(&numbers);
                let bounded = bounded.filter(|(why, _)| why.value != Value::NoLimit);
                let numbers: Vec<&str> = bounded.map(|(_, number)| *number).collect();
                match numbers.len() {
                    0 | 1 => String::new(),
                    _ => self.t(
                        format!("，取 {} 中最小的", numbers.join("、")),
                        format!(", the least of {}", numbers.join(", ")),
                    ),
                }
            }
            (How::Greatest, [_, _, ..]) => self.t(
                format!("，取 {} 中最大的", numbers.join("、")),
                format!(", the greatest of {}", numbers.join(", ")),
            ),
            (How::Rounded { rounding, at_most }, [_]) => self.rounding(why, rounding, at_most),
            (How::Clamped { at_least, at_most }, [_]) => {
                let (least, most) = (at_least.map(Value::Money), at_most.map(Value::Money));
                self.bounds(why.value, least, most)
            }
            (How::Adjusted(adjustment), [before, by @ ..]) => {
                self.adjustment(adjustment, why.value, before, by.first().copied())
            }
            (How::Portion { odd, place }, [of, weight, whole]) => {
                let up = match place <= odd {
                    true => self.t(
                        format!("，尾数从大到小排第 {place}，前 {odd} 名各多得一分"),
                        format!(
                            ", its remainder is number {place}, the first {odd} get a fen more"
                        ),
                    ),
                    false => self.t("，舍去尾数".to_owned(), ", rounded down".to_owned()),
                };
                let quota = match why.quota() {
                    Some((quota, true)) => number(quota, language),
                    Some((quota, false)) => number(quota, language) + "…",
                    None => String::new(),
                };
                self.t(
                    format!("，{of} × {weight} ÷ {whole} = {quota}{up}"),
                    format!(", {of} × {weight} ÷ {whole} = {quota}{up}"),
                )
            }
            (How::Capped, [_, _]) => self
                .t("，按份额已够付清，全部付清", ", paid in full")
                .to_owned(),
            (How::Bills, [_, _]) => {
                let counts: Vec<String> = why
                    .from
                    .iter()
                    .map(|why| bills(why.value, language))
                    .collect();
                let counts = counts.join(" − ");
                format!(" = {counts}")
            }
            _ => String::new(),
        }
    }

    fn rounding(&self, why: &Why, rounding: Rounding, at_most: Option<Money>) -> String {
        let source = why.from.first().and_then(|why| why.value.millionths());
        if source == why.value.millionths() {
            return String::new();
        }
        let bounded = match at_most == why.value.money() {
            true => self.t("，不超过限额", ", but not over the limit"),
            false => "",
        };
        let comma = self.t("，", ", ");
        format!("{comma}{}{bounded}", rounded(rounding, self.language))
    }

    /// The bounds of a value, and whether they are what it comes to.
    fn bounds(&self, value: Value, at_least: Option<Value>, at_most: Option<Value>) -> String {
        let mut text = String::new();
        for (bound, zh, en) in [
            (at_least, "不低于", "at least"),
            (at_most, "不高于", "at most"),
        ] {
            let Some(bound) = bound else {
                continue;
            };
            let most = number(bound, self.language);
            text += &match bound == value {
                true => self.t(format!("，但{zh} {most}"), format!(", but {en} {most}")),
                false => self.t(
                    format!("，{zh} {most} 没有起作用"),
                    format!(", {en} {most} did not bind"),
                ),
            };
        }
        text
    }

    fn adjustment(
        &self,
        adjustment: Adjustment,
        value: Value,
        before: &str,
        by: Option<&str>,
    ) -> String {
        let Adjustment {
            change,
            times,
            in_all,
            at_least,
            at_most,
            ..
        } = adjustment;
        let by = by.unwrap_or_default();
        // Points of a ratio, not a share of it.
        let by = match (by.strip_suffix('%'), change) {
            (Some(points), ChangeKind::Add | ChangeKind::Subtract) => self.t(
                format!("{points} 个百分点"),
                format!("{points} percentage points"),
            ),
            _ => by.to_owned(),
        };
        let by = match times {
            1 => by,
            times => format!("{by} × {times}"),
        };
        // A bound that decided makes an equation untrue.
        let equals = match [at_least, at_most].contains(&Some(value)) {
            true => self.t("，按 ", ", from "),
            false => " = ",
        };
        let changed = match change {
            ChangeKind::Set if by == number(Value::Money(Money::ZERO), self.language) => self.t(
                format!("，原为 {before}，免除"),
                format!(", waived, was {before}"),
            ),
            ChangeKind::Set => self.t(
                format!("，由 {before} 改为 {by}"),
                format!(", changed from {before} to {by}"),
            ),
            ChangeKind::Add => format!("{equals}{before} + {by}"),
            ChangeKind::Subtract => format!("{equals}{before} − {by}"),
            ChangeKind::Multiply => format!("{equals}{before} × {by}"),
            ChangeKind::Bound => String::new(),
        };
        let in_all = in_all.map_or_else(String::new, |most| {
            let most = number(most, self.language);
            self.t(
                format!("（合计最多 {most}）"),
                format!(" ({most} at most in all)"),
            )
        });
        changed + &in_all + &self.bounds(value, at_least, at_most)
    }
}

/// Source, clause and, where it is not the text itself, how sure it is; in brackets.
pub(super) fn cited(citation: &Citation, language: Language) -> String {
    let clause = citation.clause.as_deref().unwrap_or_default();
    let place = clean(&format!("{} {clause}", citation.source));
    let certainty = citation.certainty;
    match (language, certainty) {
        (Language::Chinese, Certainty::Stated) => format!("〔{place}〕"),
        (Language::Chinese, _) => format!("〔{place}，{}〕", certainty.zh()),
        (Language::English, Certainty::Stated) => format!(" [{place}]"),
        (Language::English, _) => format!(" [{place}, {}]", certainty.id()),
    }
}

impl Why {
    /// Whether there is anything below it to be said.
    fn has_more(&self) -> bool {
        match (self.kind, self.how) {
            (Kind::Part, How::Same) => false,
            _ => !self.from.is_empty(),
        }
    }

    /// Whether more was taken off than there was.
    fn is_cut_to_zero(&self) -> bool {
        let mut sizes = self.from.iter().filter_map(|why| why.value.millionths());
        let first = sizes.next().unwrap_or_default();
        let rest = sizes.fold(0i128, i128::saturating_add);
        first < rest
    }
}

/// A number of bills, which limits count as a yuan each.
fn bills(value: Value, language: Language) -> String {
    match value {
        Value::Money(_) => value.bills().to_string(),
        _ => number(value, language),
    }
}

/// A number in words: yuan, a percentage, or that there is none.
pub(super) fn number(value: Value, language: Language) -> String {
    match value {
        Value::Money(money) => money.to_string(),
        Value::Exact(exact) => yuan(exact),
        Value::Ratio(ratio) => ratio.to_string(),
        Value::NoLimit => language.pick("不封顶", "without limit").into(),
        Value::Unstated => language.pick("未写明", "unstated").into(),
    }
}

impl Explanation {
    /// The whole explanation in words: every amount, every step that paid nothing, and the sources that were cited. Ends
    /// with a line break.
    pub fn text(&self, language: Language) -> String {
        let settlement = self.settlement();
        let name = match language {
            Language::Chinese => settlement.policy_name(),
            Language::English => settlement.policy_name_en(),
        };
        let mut text = format!(
            "{} {} {}\n",
            clean(name),
            settlement.policy(),
            settlement.date()
        );
        for scope in settlement.scopes() {
            let what = clean(&scope.what);
            text += &match language {
                Language::Chinese => format!("按规定改计了费用的归类：{what}"),
                Language::English => format!("parts counted otherwise: {what}"),
            };
            let _ = writeln!(text, "{}", cited(scope, language));
        }
        let why = self.why(&Asked::Total);
        text += &why
            .as_ref()
            .map_or_else(String::new, |why| why.text(language));
        let mut sources: Vec<&str> = Vec::new();
        let whys = why
            .iter()
            .chain(self.idle().filter_map(|idle| idle.why.as_ref()));
        for citation in whys.flat_map(Why::all).flat_map(|why| &why.citations) {
            sources.push(&citation.source);
        }
        if self.idle().next().is_some() {
            text += language.pick("\n没有付的步骤\n", "\nsteps that paid nothing\n");
        }
        for idle in self.idle() {
            text.extend(
                idle.text(language)
                    .lines()
                    .map(|line| format!("  {line}\n")),
            );
            sources.push(&idle.citation.source);
        }
        let cited = settlement.info().sources.iter();
        let cited: Vec<_> = cited
            .filter(|source| sources.contains(&&*source.id))
            .collect();
        if !cited.is_empty() {
            text += language.pick("\n来源\n", "\nsources\n");
        }
        for source in cited {
            let publisher = source.publisher.iter().map(|publisher| clean(publisher));
            let date = source.date.map(|date| date.to_string());
            let undated = || language.pick("未注日期", "undated").to_owned();
            let parts = std::iter::once(clean(&source.title)).chain(publisher);
            let parts: Vec<String> = parts.chain([date.unwrap_or_else(undated)]).collect();
            let parts = parts.join(language.pick("，", ", "));
            let _ = writeln!(text, "  {}  {parts}", clean(&source.id));
        }
        text
    }
}
