//! What is loaded equals what was built, as far as the public API tells.

use super::model::{Table, Value};
use payer_split::check::summary;
use payer_split::{Certainty, Money, Policy};

/// Compares a policy with the files of which it was loaded, the stated file first. What differs.
pub(crate) fn difference(policy: &Policy, files: &[&Table]) -> Option<String> {
    let expected = expected(files);
    let found = found(policy);
    let differ = expected.iter().zip(&found).find(|(one, two)| one != two);
    if let Some((one, two)) = differ {
        return Some(format!("built {one}, loaded {two}"));
    }
    if expected.len() != found.len() {
        return Some(format!("built {expected:#?}, loaded {found:#?}"));
    }
    let said = summary(policy).en();
    let mut figures = Vec::new();
    for step in steps(files) {
        for part in step.of.iter().copied() {
            figures_of_step(part, files.len() == 1, &mut figures);
        }
    }
    figures
        .into_iter()
        .find(|figure| !said.contains(figure.as_str()))
        .map(|figure| format!("`{figure}` is not in the summary:\n{said}"))
}

/// Everything that has a name in a policy, one line each, in order.
fn found(policy: &Policy) -> Vec<String> {
    let mut lines = vec![
        format!("policy {} {}", policy.full_name(), policy.name()),
        format!("in English {}", policy.name_en()),
        format!("from {}", policy.from()),
        format!(
            "to {}",
            policy
                .to()
                .map_or_else(|| "open".to_owned(), |day| day.to_string())
        ),
        format!("regions {:?}", policy.regions().collect::<Vec<_>>()),
    ];
    lines.extend(policy.sources().iter().map(|source| {
        let date = source.date.map(|date| date.to_string());
        let (publisher, note) = (&source.publisher, &source.note);
        let date = date.as_deref().unwrap_or("undated");
        format!(
            "source {} {} {date} {publisher:?} {note:?}",
            source.id, source.title
        )
    }));
    lines.extend(policy.payers().iter().map(|payer| {
        let (id, name, name_en) = (&payer.id, &payer.name, &payer.name_en);
        format!(
            "payer {id} {name} {name_en} {} {:?}",
            payer.kind.id(),
            payer.code
        )
    }));
    let named = [("step", policy.steps()), ("benefit", policy.benefits())];
    for (what, named) in named {
        lines.extend(named.iter().map(|one| {
            let (id, name, name_en) = (&one.id, &one.name, &one.name_en);
            let (source, clause) = (&one.citation.source, &one.citation.clause);
            let certainty = one.citation.certainty.id();
            format!("{what} {id} {name} {name_en} {source} {clause:?} {certainty}")
        }));
    }
    let mut limits: Vec<String> = policy
        .limits()
        .iter()
        .map(|limit| format!("limit {}", limit.id))
        .collect();
    limits.sort();
    lines.extend(limits);
    lines.extend(policy.left_out().iter().map(|one| {
        format!(
            "left out {} {} {} {}",
            one.id, one.text, one.reason, one.citation.source
        )
    }));
    lines.extend(policy.exceptions().iter().map(|one| {
        let (law, reason, reason_en) = (one.law.number(), &one.reason, &one.reason_en);
        let (source, clause) = (&one.citation.source, &one.citation.clause);
        let id = &one.id;
        format!("exception {id} {law} {reason} {reason_en:?} {source} {clause:?}")
    }));
    lines
}

/// A step as built: the stated one, and what a layer gives of it.
struct Built<'a> {
    id: &'a str,
    of: Vec<&'a Table>,
    layer: bool,
}

/// The steps in their order, after the layers have added, changed and taken away.
fn steps<'a>(files: &[&'a Table]) -> Vec<Built<'a>> {
    let mut steps: Vec<Built<'a>> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let mut added: Vec<&Table> = Vec::new();
        for step in file.tables("step") {
            let id = step.text("id");
            match steps.iter().position(|known| known.id == id) {
                Some(place) if step.has("remove") => {
                    steps.remove(place);
                }
                Some(place) => steps[place].of.push(step),
                None => added.push(step),
            }
        }
        for step in added {
            let beside = |key: &str, by: usize| {
                let id = step.has(key).then(|| step.text(key))?;
                let place = steps.iter().position(|known| known.id == id)?;
                Some(place + by)
            };
            let end = steps.len();
            let place = beside("before", 0).or(beside("after", 1)).unwrap_or(end);
            let built = Built {
                id: step.text("id"),
                of: vec![step],
                layer: number > 0,
            };
            steps.insert(place, built);
        }
    }
    steps
}

/// The same lines as [`found`], of what was built.
fn expected(files: &[&Table]) -> Vec<String> {
    let stated = files[0];
    let header = stated.get("policy").expect("a header").table();
    let layer = if files.len() > 1 { "/assumed" } else { "" };
    let day = |table: &Table, key: &str| match table.get(key) {
        Some(Value::Day(day)) => day.clone(),
        other => other.map_or(String::new(), |value| value.text().to_owned()),
    };
    let optional = |table: &Table, key: &str| table.has(key).then(|| table.text(key).to_owned());
    let english = |table: &Table| match table.has("name_en") {
        true => table.text("name_en").to_owned(),
        // The id stands in for it.
        false => table.text("id").replace('-', " "),
    };
    let all = |section: &str| -> Vec<&Table> {
        files.iter().flat_map(|file| file.tables(section)).collect()
    };
    let region = Some(header.text("region")).filter(|region| *region != "unstated");
    let also = match header.get("also_regions") {
        Some(Value::List(codes)) => codes.iter().map(Value::text).collect(),
        _ => Vec::new(),
    };
    let regions: Vec<&str> = region.into_iter().chain(also).collect();
    let mut lines = vec![
        format!(
            "policy {}/{}{layer} {}",
            header.text("id"),
            header.text("version"),
            header.text("name")
        ),
        format!("in English {}", english(header)),
        format!("from {}", day(header, "from")),
        format!("to {}", day(header, "to")),
        format!("regions {regions:?}"),
    ];
    lines.extend(all("source").into_iter().map(|source| {
        let (publisher, note) = (optional(source, "publisher"), optional(source, "note"));
        format!(
            "source {} {} {} {publisher:?} {note:?}",
            source.text("id"),
            source.text("title"),
            day(source, "date")
        )
    }));
    lines.extend(all("payer").into_iter().map(|payer| {
        let code = optional(payer, "code");
        let (id, name, kind) = (payer.text("id"), payer.text("name"), payer.text("kind"));
        format!("payer {id} {name} {} {kind} {code:?}", english(payer))
    }));
    let cited = |what: &str, thing: &Table, assumed: bool| {
        let usual = if assumed {
            Certainty::Assumed
        } else {
            Certainty::Stated
        };
        let certainty = match thing.has("certainty") {
            true => thing.text("certainty"),
            false => usual.id(),
        };
        let (id, name) = (thing.text("id"), thing.text("name"));
        let (source, clause) = (thing.text("source"), optional(thing, "clause"));
        let name_en = english(thing);
        format!("{what} {id} {name} {name_en} {source} {clause:?} {certainty}")
    };
    let steps = steps(files);
    lines.extend(
        steps
            .iter()
            .map(|step| cited("step", step.of[0], step.layer)),
    );
    lines.extend(
        all("benefit")
            .into_iter()
            .map(|benefit| cited("benefit", benefit, false)),
    );
    let shared = all("limit").into_iter();
    let mut limits: Vec<String> = shared
        .map(|limit| format!("limit {}", limit.text("id")))
        .collect();
    for step in &steps {
        let own = step.of.iter().flat_map(|part| part.tables("limit"));
        limits.extend(own.map(|limit| format!("limit {}/{}", step.id, limit.text("id"))));
    }
    limits.sort();
    lines.extend(limits);
    lines.extend(all("left_out").into_iter().map(|one| {
        format!(
            "left out {} {} {} {}",
            one.text("id"),
            one.text("text"),
            one.text("reason"),
            one.text("source")
        )
    }));
    lines.extend(all("exception").into_iter().map(|one| {
        let law = match one.get("law") {
            Some(Value::Number(law)) => law,
            other => panic!("no law: {other:?}"),
        };
        let (id, reason, source) = (one.text("id"), one.text("reason"), one.text("source"));
        let (reason_en, clause) = (optional(one, "reason_en"), optional(one, "clause"));
        format!("exception {id} {law} {reason} {reason_en:?} {source} {clause:?}")
    }));
    lines
}

/// The figures that a step itself gives, as a summary writes them; of a step that a layer changes, none: which of its
/// figures remain, the layer says.
fn figures_of_step(step: &Table, is_whole: bool, out: &mut Vec<String>) {
    if !is_whole {
        return;
    }
    for key in ["ratio", "deductible", "bands", "guarantee", "base"] {
        if let Some(value) = step.get(key) {
            figures(value, out);
        }
    }
    for limit in step.tables("limit") {
        if let (Some(amount), true) = (limit.get("amount"), limit.text("on") != "bills") {
            figures(amount, out);
        }
    }
}

fn figures(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Text(text) if text.ends_with('%') => out.push(text.clone()),
        // What is zero a summary says in words.
        Value::Fen(fen) if *fen > 0 => {
            let yuan = Money::from_fen(*fen).to_string();
            out.push(format!("{} yuan", yuan.trim_end_matches(".00")));
        }
        Value::List(values) => values.iter().for_each(|value| figures(value, out)),
        Value::Table(table) => {
            let told = table.0.iter().filter(|(key, _)| key != "range_to");
            told.for_each(|(_, value)| figures(value, out));
        }
        _ => {}
    }
}
