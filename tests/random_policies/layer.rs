//! Assumption files over random rule files.

use super::build::{Mode, prune};
use super::figures::percent;
use super::model::{Table, Value};
use crate::choices::Choices;

/// An assumption file over a stated one: it settles, changes, adds and takes away by id.
/// In a file of one pot the new step covers what the others cover.
pub(crate) fn layer(c: &mut Choices, stated: &Table, mode: Mode) -> Table {
    let citing = |table: Table| table.with("source", "A");
    let mut steps = Vec::new();
    for step in stated.tables("step") {
        let mut change = Table::new().with("id", step.text("id"));
        if c.chance(15) && may_go(stated, step) {
            steps.push(change.with("remove", true));
            continue;
        }
        // A figure that is plain uses nothing that would go with it.
        let is_plain = |key: &str| matches!(step.get(key), Some(Value::Text(_) | Value::Fen(_)));
        if is_plain("ratio") && c.chance(60) {
            let ratio = percent(c.between(0, 20) * 5);
            change.put("ratio", citing(Table::new().with("value", ratio)));
        }
        if is_plain("deductible") && c.chance(60) {
            let amount = Value::Fen(c.between(0, 30) * 10_000);
            change.put("deductible", citing(Table::new().with("value", amount)));
        }
        if let (Some(Value::Table(ratio)), true) = (step.get("ratio"), c.chance(60))
            && let [(dimension, Value::Table(entries))] = ratio.0.as_slice()
            && (mode != Mode::Poverty || dimension != "category")
        {
            let plain = entries
                .0
                .iter()
                .filter(|(_, entry)| matches!(entry, Value::Text(_)));
            let plain: Vec<&String> = plain.map(|(word, _)| word).collect();
            if !plain.is_empty() {
                let word = (*c.pick(&plain)).clone();
                let entry = Table::new().with(&word, percent(c.between(0, 20) * 5));
                change.put("ratio", Table::new().with(dimension, entry));
            }
        }
        let id = format!("layer-{}", steps.len());
        match c.below(5) {
            0 => {
                let adjust = citing(Table::new().with("id", id)).with("figure", "ratio");
                let adjust = adjust.with("at_most", percent(c.between(1, 20) * 5));
                change.put("adjust", vec![adjust]);
            }
            1 => {
                let limit = citing(Table::new().with("id", id)).with("per", "year");
                let amount = Value::Fen(c.between(1, 100) * 10_000);
                change.put(
                    "limit",
                    vec![limit.with("on", "payment").with("amount", amount)],
                );
            }
            2 => {
                let round = Table::new().with("unit", "jiao").with("mode", "up");
                change.put("round", round);
            }
            _ => {}
        }
        if change.0.len() > 1 {
            steps.push(change);
        }
    }
    let mut more = citing(Table::named("step-more"))
        .with("payer", "payer-more")
        .with("ratio", percent(c.between(1, 20) * 5));
    let covers = stated
        .tables("step")
        .first()
        .and_then(|step| step.get("covers"));
    more.may("covers", covers.filter(|_| mode.one_pot()).cloned());
    let kept = stated.tables("step").into_iter().filter(|step| {
        let is_gone =
            |change: &&Table| change.text("id") == step.text("id") && change.has("remove");
        !steps.iter().any(|change| is_gone(&change))
    });
    let kept: Vec<&Table> = kept.collect();
    if !kept.is_empty() && c.chance(60) {
        let beside = c.pick(&kept).text("id").to_owned();
        more.put(c.pick::<&str>(&["before", "after"]), beside);
    }
    steps.push(more);
    let header = Table::new()
        .with("extends", "random/2020")
        .with("layer", "assumed");
    let source = Table::new()
        .with("id", "A")
        .with("title", "假定")
        .with("date", "undated");
    let payer = Table::named("payer-more").with("kind", "budget");
    Table::new()
        .with("policy", header)
        .with("source", vec![source])
        .with("payer", vec![payer])
        .with("step", steps)
}

/// Whether a file without this step is still valid: nothing speaks of it, and everything else is still used.
fn may_go(file: &Table, step: &Table) -> bool {
    let mut without = file.clone();
    for (section, things) in &mut without.0 {
        if let ("step", Value::List(things)) = (section.as_str(), things) {
            things.retain(|thing| thing.table() != step);
        }
    }
    let mut pruned = without.clone();
    prune(&mut pruned);
    let mut texts = Vec::new();
    let whole = Value::from(without.clone());
    whole.texts(&mut texts);
    pruned == without && !texts.contains(&step.text("id"))
}
