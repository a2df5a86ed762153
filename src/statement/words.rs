//! What the paths and places of rule files are called in print.

use crate::language::Language;
use crate::page::clean;
use crate::policy::info::Citation;
use crate::rounding::{Rounding, RoundingMode, RoundingUnit};
use crate::settlement::Settlement;

/// The source and the clause of a citation.
pub(crate) fn place(citation: &Citation) -> String {
    let clause = citation.clause.as_deref().unwrap_or_default();
    clean(&format!("{} {clause}", citation.source))
}

/// The figure of a path such as `aid.ratio.county`, and the rest, which says which of its entries or adjustments.
pub(crate) fn split(path: &str) -> (&str, Option<&str>) {
    let second = path.match_indices('.').nth(1);
    let split = second.and_then(|(dot, _)| path.split_at_checked(dot));
    split.map_or((path, None), |(figure, rest)| {
        (figure, rest.strip_prefix('.'))
    })
}

/// What a path such as `aid.ratio` means.
pub(crate) fn path_name(settlement: &Settlement, path: &str, language: Language) -> String {
    let (first, second) = path.split_once('.').unwrap_or((path, ""));
    let step = settlement.step(first).and_then(|step| step.named());
    let name = step.map(|step| language.pick(&step.name, &step.name_en));
    match (name, second) {
        (Some(name), "") => name.into(),
        (Some(name), figure) => {
            let comma = language.pick("，", ", ");
            format!("{name}{comma}{}", word(figure, language))
        }
        (None, _) => word(first, language).into(),
    }
}

/// The word for a key of rule files.
pub(crate) fn word(key: &str, language: Language) -> &'static str {
    let (zh, en) = match key {
        "deductible" => ("起付线", "deductible"),
        "ratio" => ("比例", "ratio"),
        "bands" => ("分段", "bands"),
        "guarantee" => ("保证", "guarantee"),
        "limit" => ("限额", "limit"),
        "base" | "fixed" => ("基数", "base"),
        "covers" => ("所付范围", "what is covered"),
        "when" | "unless" => ("适用条件", "conditions"),
        "payer" | "payers" => ("付款方", "payers"),
        "round" => ("取整", "rounding"),
        "table" => ("共用的表", "shared tables"),
        "scope" => ("费用归类", "parts of the cost"),
        "benefit" => ("其他待遇", "benefits"),
        _ => ("其他", "other"),
    };
    language.pick(zh, en)
}

/// To what is rounded, and how.
pub(crate) fn rounded(rounding: Rounding, language: Language) -> String {
    let unit = match rounding.unit {
        RoundingUnit::Fen => language.pick("分", "the fen"),
        RoundingUnit::Jiao => language.pick("角", "the jiao"),
        RoundingUnit::Yuan => language.pick("元", "the yuan"),
    };
    let mode = match rounding.mode {
        RoundingMode::HalfUp => language.pick("四舍五入", "half up"),
        RoundingMode::HalfEven => language.pick("四舍六入五成双", "half to even"),
        RoundingMode::HalfDown => language.pick("五舍六入", "half down"),
        RoundingMode::Up => language.pick("进一", "always up"),
        RoundingMode::Down => language.pick("舍去尾数", "always down"),
    };
    match language {
        Language::Chinese => format!("取整到{unit}，{mode}"),
        Language::English => format!("rounded to {unit}, {mode}"),
    }
}
