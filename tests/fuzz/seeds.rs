//! Writes the seeds: rule files with what they extend, the handbook's blocks, case files, and bills, patients, years to
//! date and settlements as JSON; and the dictionary of the loader. The README tells how to run it.

use payer_split::check::schema;
use payer_split::{Case, RuleBook};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

type Done = Result<(), Box<dyn Error>>;

/// A seed larger than this slows the fuzzer more than it helps.
const LARGEST: usize = 24_000;

fn main() -> Done {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.join("../..");
    let corpus = here.join("corpus");
    let loader = corpus.join("loader");
    let json = corpus.join("json");
    for directory in [&loader, &json] {
        fs::create_dir_all(directory)?;
    }
    let mut written = 0_usize;
    let mut seed = |directory: &Path, name: String, text: &str| -> Done {
        if text.len() <= LARGEST {
            fs::write(directory.join(name), text)?;
            written += 1;
        }
        Ok(())
    };

    for (number, directory) in ["rules", "tests/mechanisms", "tests/worked"]
        .iter()
        .enumerate()
    {
        let directory = root.join(directory);
        let files = toml_files(&directory)?;
        for (index, path) in files.iter().enumerate() {
            let text = fs::read_to_string(path)?;
            seed(&loader, format!("{number}-{index}"), &text)?;
            // A layer after the file that it extends, as one project.
            if let Some(base) = path
                .to_str()
                .and_then(|name| name.strip_suffix(".assumed.toml"))
                && let Ok(base) = fs::read_to_string(format!("{base}.toml"))
            {
                seed(
                    &loader,
                    format!("{number}-{index}-layers"),
                    &format!("{base}\n###\n{text}"),
                )?;
            }
        }
        let book = RuleBook::read_dir(&directory)?;
        for (index, case) in Case::read_dir(&directory)?.iter().enumerate().step_by(5) {
            let bills: Vec<_> = case.bills.iter().map(|(bill, _)| bill).collect();
            let visit = serde_json::json!({ "patient": &case.patient, "bills": bills });
            seed(&json, format!("{number}-{index}-visit"), &visit.to_string())?;
            if index % 4 == 0 {
                let name = |sort: &str| format!("{number}-{index}-{sort}");
                seed(&json, name("patient"), &written_out(&case.patient)?)?;
                seed(&json, name("bill"), &written_out(&bills.first())?)?;
                for settlement in case.run(&book).results.into_iter().flatten().take(1) {
                    seed(&json, name("settlement"), &written_out(&settlement)?)?;
                    seed(
                        &json,
                        name("year"),
                        &written_out(settlement.year_to_date())?,
                    )?;
                }
            }
        }
    }

    let handbook = fs::read_to_string(root.join("rules/README.en.md"))?;
    let fences: Vec<&str> = handbook.split("\n```").collect();
    let blocks = fences.iter().filter_map(|block| block.strip_prefix("toml"));
    let blocks: Vec<(&str, &str)> = blocks.filter_map(|block| block.split_once('\n')).collect();
    let prelude = blocks.iter().find(|(info, _)| info.contains("prelude"));
    let prelude = prelude.map_or("", |(_, text)| text);
    for (number, (info, text)) in blocks.iter().enumerate() {
        let text = match info.trim() {
            "rule" => format!("{prelude}\n{text}"),
            _ => (*text).to_owned(),
        };
        seed(&loader, format!("handbook-{number}"), &text)?;
    }

    let words = dictionary()?;
    fs::write(here.join("loader.dict"), &words)?;
    println!("{written} seeds, {} words", words.lines().count());
    Ok(())
}

fn written_out(thing: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(thing)
}

fn toml_files(directory: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(toml_files(&path)?);
        } else if path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The language's keys and words, from the schemas of its files.
fn dictionary() -> Result<String, Box<dyn Error>> {
    let mut words = BTreeSet::new();
    for (_, text) in schema::ALL {
        collect(&serde_json::from_str(text)?, &mut words);
    }
    let plain = |word: &&String| {
        word.len() <= 30
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_%".contains(c))
    };
    let lines: String = words
        .iter()
        .filter(plain)
        .map(|word| format!("\"{word}\"\n"))
        .collect();
    let marks = "\"[[\"\n\"]]\"\n\" = \"\n\"\\x0a###\\x0a\"\n\"\\\"\"\n\"{ \"\n\" }\"\n\"\\xe4\\xb9\\xa1\"\n";
    Ok(format!(
        "# Written by seeds.rs from the schemas.\n{marks}{lines}"
    ))
}

fn collect(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "properties" {
                    words.extend(
                        value
                            .as_object()
                            .into_iter()
                            .flat_map(|of| of.keys().cloned()),
                    );
                }
                if key == "enum" || key == "const" {
                    strings(value, words);
                }
                collect(value, words);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        _ => {}
    }
}

fn strings(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(word) => {
            words.insert(word.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| strings(value, words)),
        _ => {}
    }
}
