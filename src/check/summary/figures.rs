//! Figures in words: values, tables with all their entries, adjustments, limits.

use super::words::Speaker;
use crate::money::Money;
use crate::policy::facts::Subject;
use crate::policy::figure::{Adjust, Change, Count, Figure, FigureId, Node, ShareOf, Value};
use crate::policy::info::{Citation, NoteId};
use crate::policy::step::{Limit, LimitOn, LimitPer};
use crate::ratio::Ratio;

/// What the numbers of a figure are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Ratio,
    Amount,
    /// Bills, of which each counts as one yuan.
    Bills,
}

impl Speaker<'_> {
    /// A figure's own value if it is one value, with its citation where it has another than what stands around it.
    pub(super) fn plain(&self, id: FigureId, unit: Unit, around: &Citation) -> Option<String> {
        let figure = self.policy.figure(id)?;
        match &figure.root {
            Node::Leaf(leaf) if leaf.value != Value::Unstated => {
                let value = self.value_of(leaf.value, unit);
                Some(value + &self.own_citation(leaf.note, around))
            }
            _ => None,
        }
    }

    /// A figure with all its entries.
    pub(super) fn figure(&self, id: FigureId, unit: Unit, around: &Citation) -> String {
        let figure = self.policy.figure(id);
        figure.map_or_else(String::new, |figure| self.root(figure, unit, around))
    }

    fn root(&self, figure: &Figure, unit: Unit, around: &Citation) -> String {
        // Where all entries have one citation, it is said once.
        let mut notes = Vec::new();
        leaves(&figure.root, &mut notes);
        let mut said = notes
            .iter()
            .map(|note| self.own_citation(*note, around))
            .collect::<Vec<_>>();
        said.sort_unstable();
        said.dedup();
        match said.as_slice() {
            [once] => self.node(&figure.root, unit, None) + once,
            _ => self.node(&figure.root, unit, Some(around)),
        }
    }

    fn node(&self, node: &Node, unit: Unit, around: Option<&Citation>) -> String {
        match node {
            Node::Leaf(leaf) => {
                let value = self.value_of(leaf.value, unit);
                value
                    + &around
                        .map_or_else(String::new, |around| self.own_citation(leaf.note, around))
            }
            Node::Named(id) => {
                let name = self.policy.figure(*id).map_or("", |figure| &figure.name);
                let name = name.strip_prefix("table.").unwrap_or(name);
                self.t(
                    format!("见共用的表“{name}”"),
                    format!("see the table \"{name}\""),
                )
            }
            Node::Table(table) => {
                // Entries of one value stand together.
                let mut rows: Vec<(Vec<u16>, String)> = Vec::new();
                for entry in &table.entries {
                    let text = self.node(&entry.node, unit, around);
                    match rows.iter_mut().find(|(_, known)| *known == text) {
                        Some((values, _)) => values.extend(&entry.values),
                        None => rows.push((entry.values.clone(), text)),
                    }
                }
                let within = |text: &str, node: &Node| match node {
                    Node::Table(_) => self.aside(text).trim_start().to_owned(),
                    _ => text.to_owned(),
                };
                let mut said: Vec<String> = Vec::new();
                for (values, text) in &rows {
                    let first = table
                        .entries
                        .iter()
                        .find(|entry| values.first() == entry.values.first());
                    let text = first.map_or(text.clone(), |entry| within(text, &entry.node));
                    let values = self.values(table.subject, values);
                    let blank = if text.starts_with('（') { "" } else { " " };
                    said.push(format!("{values}{blank}{text}"));
                }
                if let Some(other) = &table.other {
                    let text = within(&self.node(other, unit, around), other);
                    said.push(self.t(format!("其余 {text}"), format!("others {text}")));
                }
                let by = self.field(table.subject);
                self.t(
                    format!("按{by}：{}", said.join("，")),
                    format!("by {by}: {}", said.join(", ")),
                )
            }
        }
    }

    fn number(&self, number: i64, unit: Unit) -> String {
        match unit {
            Unit::Ratio => Ratio::from_millionths(number).to_string(),
            Unit::Amount => self.money(Money::from_fen(number)),
            Unit::Bills => {
                let bills = Money::from_fen(number).to_string();
                let bills = bills.trim_end_matches('0').trim_end_matches('.');
                self.t(format!("{bills} 张账单"), format!("{bills} bills"))
            }
        }
    }

    pub(super) fn value_of(&self, value: Value, unit: Unit) -> String {
        match value {
            Value::Number(number) => self.number(number, unit),
            Value::NoLimit => self.t("不封顶", "without limit").into(),
            Value::Unstated => self.t("未写明", "unstated").into(),
            Value::Share {
                share,
                of,
                at_least,
                at_most,
            } => {
                let of = match of {
                    ShareOf::Total => self.t("总费用", "the whole bill"),
                    ShareOf::InScope => self.t("政策范围内费用", "the in-scope cost"),
                    ShareOf::Base => self.t("本步骤基数", "the step's base"),
                };
                let bounds = self.bounds(
                    at_least.map(Money::fen),
                    at_most.map(Money::fen),
                    Unit::Amount,
                );
                let share = self.t(format!("{of}的 {share}"), format!("{share} of {of}"));
                self.clauses(std::iter::once(share).chain(bounds))
            }
        }
    }

    fn bounds(&self, at_least: Option<i64>, at_most: Option<i64>, unit: Unit) -> Vec<String> {
        let low = at_least.map(|low| self.number(low, unit));
        let high = at_most.map(|high| self.number(high, unit));
        let low = low.map(|low| self.t(format!("不低于 {low}"), format!("at least {low}")));
        let high = high.map(|high| self.t(format!("不高于 {high}"), format!("at most {high}")));
        low.into_iter().chain(high).collect()
    }

    /// Clauses of a sentence.
    pub(super) fn clauses(&self, clauses: impl IntoIterator<Item = String>) -> String {
        let clauses: Vec<String> = clauses
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        clauses.join(self.t("，", ", "))
    }

    /// The adjustments of a figure, a line each, in the order in which they are worked.
    pub(super) fn adjusts(&self, id: FigureId, unit: Unit, around: &Citation) -> Vec<String> {
        let figure = self.policy.figure(id);
        let adjusts = figure.map_or(&[][..], |figure| &figure.adjusts);
        adjusts
            .iter()
            .map(|adjust| {
                let change = self.change(adjust, unit);
                let change = match self.condition(&adjust.condition).as_str() {
                    "" => change,
                    tests => self.t(
                        format!("凡{tests}：{change}"),
                        format!("where {tests}: {change}"),
                    ),
                };
                change + &self.own_citation(adjust.note, around)
            })
            .collect()
    }

    fn change(&self, adjust: &Adjust, unit: Unit) -> String {
        // Points of a ratio, not a share of it.
        let by = |number| match unit {
            Unit::Amount | Unit::Bills => self.number(number, unit),
            Unit::Ratio => {
                let points = Ratio::from_millionths(number).to_string();
                let points = points.trim_end_matches('%');
                self.t(
                    format!("{points} 个百分点"),
                    format!("{points} percentage points"),
                )
            }
        };
        let change = match adjust.change {
            Change::Bound => String::new(),
            Change::Set(Value::Number(0)) => self.t("免除，计为 0", "waived: 0").into(),
            Change::Set(Value::Unstated) => self
                .t("改变，但改成多少未写明", "changed, by how much is unstated")
                .into(),
            Change::Set(value) => {
                let value = self.value_of(value, unit);
                self.t(format!("改为 {value}"), format!("becomes {value}"))
            }
            Change::Add(number) => {
                let by = by(number);
                self.t(format!("加 {by}"), format!("plus {by}"))
            }
            Change::Subtract(number) => {
                let by = by(number);
                self.t(format!("减 {by}"), format!("less {by}"))
            }
            Change::Multiply(ratio) => {
                self.t(format!("乘以 {ratio}"), format!("multiplied by {ratio}"))
            }
        };
        let per = adjust.per.map(|(count, bound)| {
            let count = match count {
                Count::InsuredYear => self
                    .t("每连续参保一年", "for each year of insurance")
                    .to_owned(),
                Count::FurtherCertificate => {
                    let of = match adjust.certificates.as_slice() {
                        [] => String::new(),
                        of => self.aside(&self.values(Subject::Certificate, of)),
                    };
                    self.t(
                        format!("每多持有一个门诊病种证{of}"),
                        format!("for each further certificate{of}"),
                    )
                }
                Count::EarlierAdmission => self
                    .t("年内此前每住院一次", "for each earlier stay of the year")
                    .to_owned(),
            };
            let bound = bound.map(by);
            let bound = bound.map(|bound| {
                self.t(
                    format!("合计最多 {bound}"),
                    format!("{bound} at most in all"),
                )
            });
            self.clauses(std::iter::once(count).chain(bound))
        });
        let bounds = self.bounds(adjust.at_least, adjust.at_most, unit);
        // A ratio is never rounded.
        let rounding = adjust.rounding.and_then(|rounding| self.rounding(rounding));
        self.clauses(
            std::iter::once(change)
                .chain(per)
                .chain(bounds)
                .chain(rounding),
        )
    }

    /// A limit: how much of what, with whom it is shared, and its adjustments.
    pub(super) fn limit(
        &self,
        number: usize,
        step: Option<usize>,
        around: &Citation,
    ) -> Vec<String> {
        let (Some(limit), Some(named)) = (
            self.policy.limits.get(number),
            self.policy.info.limits.get(number),
        ) else {
            return Vec::new();
        };
        let id = named.id.split_once('/').map_or(&*named.id, |(_, own)| own);
        let most = self.t("最多", "at most");
        let per = match (&limit.per, limit.on) {
            (LimitPer::Bill, LimitOn::Cost) => {
                self.t("每张账单计入的费用", "of the cost of a bill")
            }
            (LimitPer::Bill, _) => self.t("每张账单付", "a bill"),
            (LimitPer::Year(_), LimitOn::Cost) => self.t("一年计入的费用", "of the cost of a year"),
            (LimitPer::Year(_), LimitOn::Deductible) => {
                self.t("一年起付线合计", "of deductibles a year")
            }
            (LimitPer::Year(_), _) => self.t("一年付", "a year"),
            (LimitPer::DiseaseYear(_), LimitOn::Cost) => self.t(
                "每个病种一年计入的费用",
                "of the cost of a disease and year",
            ),
            (LimitPer::DiseaseYear(_), _) => self.t("每个病种一年付", "a disease and year"),
        };
        let unit = match limit.on {
            LimitOn::Bills => Unit::Bills,
            _ => Unit::Amount,
        };
        let amount = self.figure(limit.figure, unit, around);
        let mut said = vec![match self.is_open(limit.figure) {
            true => self.t(format!("{per}：{amount}"), format!("{per}: {amount}")),
            false => self.t(
                format!("{per}{most} {amount}"),
                format!("{most} {amount} {per}"),
            ),
        }];
        said.extend(self.together_with(limit));
        said.extend(self.shared_with(number, step));
        let label = self.t(format!("限额 {id}："), format!("limit {id}: "));
        let lines = std::iter::once(label + &self.clauses(said));
        let adjusts = self.adjusts(limit.figure, unit, around).into_iter();
        let adjusts = adjusts.map(|line| {
            self.t(
                format!("限额 {id} 调整：{line}"),
                format!("limit {id} adjusted: {line}"),
            )
        });
        lines.chain(adjusts).collect()
    }

    /// Whether a figure is not one amount.
    fn is_open(&self, id: FigureId) -> bool {
        let root = self.policy.figure(id).map(|figure| &figure.root);
        !matches!(root, Some(Node::Leaf(leaf)) if matches!(leaf.value, Value::Number(_) | Value::Share { .. }))
    }

    fn together_with(&self, limit: &Limit) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for (slot, counts) in self.policy.slots.iter().zip(&limit.together_with) {
            let name = self.payer(slot.payer);
            if *counts && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        let payers = self.and(&names);
        (!names.is_empty()).then(|| {
            self.t(
                format!("连同{payers}在这些费用上所付"),
                format!("together with what {payers} pay of that money"),
            )
        })
    }

    fn shared_with(&self, number: usize, step: Option<usize>) -> Option<String> {
        let uses = |other: &crate::policy::step::Step| {
            let within = other.deductible.as_ref().and_then(|own| own.within);
            other.cost_limits.contains(&number)
                || other.payment_limits.contains(&number)
                || within == Some(number)
        };
        let others = self.policy.steps.iter().enumerate();
        let others: Vec<String> = others
            .filter(|(index, other)| Some(*index) != step && uses(other))
            .map(|(index, _)| self.step(index))
            .collect();
        let steps = self.and(&others);
        (!others.is_empty())
            .then(|| self.t(format!("与{steps}合计"), format!("together with {steps}")))
    }
}

/// The notes of all values of a figure.
pub(super) fn leaves(node: &Node, out: &mut Vec<NoteId>) {
    match node {
        Node::Leaf(leaf) => out.push(leaf.note),
        Node::Named(_) => {}
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            for node in entries.chain(&table.other) {
                leaves(node, out);
            }
        }
    }
}
