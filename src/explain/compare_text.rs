//! A comparison in words.

use super::compare::{Cause, Comparison, Difference, is_figure, minus};
use super::inputs::Factor;
use super::text::{cited, number};
use super::why::Why;
use crate::language::Language;
use crate::money::Money;
use crate::page::clean;

impl Comparison {
    /// The differences in words. Ends with a line break.
    pub fn text(&self, language: Language) -> String {
        let t = |zh: String, en: String| match language {
            Language::Chinese => zh,
            Language::English => en,
        };
        let mut text = String::new();
        let (left, right) = &self.policies;
        text += &match left == right {
            true => t(format!("政策 {left}\n"), format!("policy {left}\n")),
            false => t(
                format!("政策 {left} 换成 {right}\n"),
                format!("policy {left}, then {right}\n"),
            ),
        };
        for (one, other) in &self.facts {
            let (one_text, other_text) = (
                clean(one.text.text(language)),
                clean(other.text.text(language)),
            );
            let (name, field) = (one.name.text(language), one.field);
            text += &t(
                format!("{name}由“{one_text}”变为“{other_text}”（{field}）\n"),
                format!("{name}: \"{one_text}\" becomes \"{other_text}\" ({field})\n"),
            );
        }
        let everybody = std::iter::once(&self.total);
        let everybody = everybody.chain(&self.payers).chain([&self.patient]);
        for one in everybody {
            text += &one.text(language);
        }
        text
    }
}

impl Difference {
    /// How much more the right side pays.
    pub fn amount(&self) -> Money {
        minus(self.right, self.left)
    }

    fn text(&self, language: Language) -> String {
        let name = clean(self.name.text(language));
        let Difference { left, right, .. } = self;
        if left == right && self.causes.is_empty() {
            return match language {
                Language::Chinese => format!("{name} {left}，不变\n"),
                Language::English => format!("{name} {left}, the same\n"),
            };
        }
        let more = signed(self.amount());
        let mut text = match language {
            Language::Chinese => format!("{name} {left} → {right}，{more}\n"),
            Language::English => format!("{name} {left} → {right}, {more}\n"),
        };
        // What is behind the patient's was said of the payers.
        let is_payer = !self.id.is_empty();
        for cause in &self.causes {
            text += &cause.text(language, is_payer);
        }
        text
    }
}

impl Cause {
    fn text(&self, language: Language, in_full: bool) -> String {
        let name = clean(self.name.text(language));
        let factor = match self.factor {
            Factor::Bill => language.pick("账单不同", "the bills differ"),
            Factor::Applies => language.pick("只有一边付", "worked on one side only"),
            Factor::Base => language.pick("基数不同", "another base"),
            Factor::Deductible => language.pick("起付线不同", "another deductible"),
            Factor::Rate => language.pick(
                "比例、分段、累计或保证不同",
                "another ratio, band, running total or guarantee",
            ),
            Factor::Limits => language.pick("限额不同", "other limits"),
            Factor::Payment => language.pick("支付比例不同", "another ratio of payment"),
            Factor::Rounding => language.pick("取整不同", "another rounding"),
            Factor::Payers => language.pick("付款方份额不同", "other shares of its payers"),
        };
        let amount = signed(self.amount);
        let mut text = match (name.as_str(), language) {
            ("", _) => format!("  {amount} {factor}\n"),
            (name, Language::Chinese) => format!("  {amount} “{name}”：{factor}\n"),
            (name, Language::English) => format!("  {amount} \"{name}\": {factor}\n"),
        };
        if !in_full {
            return text;
        }
        if let Some(reason) = &self.reason {
            let reason = reason.text(language);
            text += &match language {
                Language::Chinese => format!("    另一边没有付：{reason}\n"),
                Language::English => format!("    the other side paid nothing: {reason}\n"),
            };
            return text;
        }
        if self.factor == Factor::Applies {
            text += language.pick(
                "    另一边的政策没有这个步骤\n",
                "    the other policy has no such step\n",
            );
        }
        for figure in &self.figures {
            let side = |why: &Option<Why>| match why {
                None => language.pick("没有", "none").to_owned(),
                Some(why) => said(why, language),
            };
            let (left, right) = (side(&figure.left), side(&figure.right));
            let label = figure.left.as_ref().or(figure.right.as_ref());
            let label = label.map_or_else(String::new, |why| why.title(language));
            text += &match language {
                Language::Chinese => format!("    {label}：{left} → {right}\n"),
                Language::English => format!("    {label}: {left} → {right}\n"),
            };
        }
        text
    }
}

/// A number with where it comes from: the entry of its table, and its adjustments.
fn said(why: &Why, language: Language) -> String {
    let mut text = number(why.value, language);
    if !is_figure(why.kind) {
        return text;
    }
    let chain = why.all().filter(|own| !own.citations.is_empty());
    let chain: Vec<String> = chain
        .map(|own| {
            let places = own.citations.iter().map(|place| cited(place, language));
            let places: String = places.collect();
            clean(own.name.text(language)) + &places
        })
        .collect();
    if !chain.is_empty() {
        let chain = chain.join(language.pick("，", ", "));
        text += &match language {
            Language::Chinese => format!("（{}）", chain.trim()),
            Language::English => format!(" ({})", chain.trim()),
        };
    }
    text
}

fn signed(money: Money) -> String {
    match money > Money::ZERO {
        true => format!("+{money}"),
        false => money.to_string(),
    }
}
