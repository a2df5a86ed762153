//! The clauses by which a bill was settled.

use super::content;
use crate::language::Language;
use crate::money::Money;
use crate::policy::info::{Certainty, Citation};
use crate::settlement::Settlement;

/// The columns that the title of a source may take, and a clause.
const PLACE: usize = 240;

/// Each step that paid, and where it comes from.
pub(super) fn of_steps(settlement: &Settlement, language: Language) -> Vec<String> {
    let paid = settlement
        .steps()
        .filter(|step| step.amount() > Money::ZERO);
    let entries = paid.filter_map(|step| {
        let named = step.named()?;
        let name = content::name(language.pick(&named.name, &named.name_en));
        let place = place(settlement, &named.citation, language);
        Some(format!("{name}{}{place}", language.pick("：", ": ")))
    });
    entries.collect()
}

/// Title, clause, and how sure it is where it is less than stated.
pub(super) fn place(settlement: &Settlement, citation: &Citation, language: Language) -> String {
    let title = content::shown(&content::title(settlement, &citation.source), PLACE);
    let clause = content::shown(citation.clause.as_deref().unwrap_or_default(), PLACE);
    let certainty = citation.certainty;
    let sure = match (certainty, language) {
        (Certainty::Stated | Certainty::Assumed, _) => String::new(),
        (_, Language::Chinese) => format!("（{}）", certainty.zh()),
        (_, Language::English) => format!(" ({})", certainty.id()),
    };
    match language {
        Language::Chinese => format!("《{title}》{clause}{sure}"),
        Language::English => format!("{title} {clause}{sure}"),
    }
}
