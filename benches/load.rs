//! Loading rule files, timed. Run with `cargo bench --bench load`.

#[path = "../tests/counties/mod.rs"]
mod counties;

use counties::{counties, named};
use divan::Bencher;
use payer_split::RuleBook;

fn main() {
    divan::main();
}

fn load(bencher: Bencher<'_, '_>, files: &[(String, String)]) {
    bencher.bench_local(|| RuleBook::from_texts(named(files)).expect("files without mistakes"));
}

/// One file: 307 lines of 巫山县, and 415 of 句容市.
#[divan::bench(args = ["rules/chongqing/wushan/2016.toml", "rules/jiangsu/jurong/2020.toml"])]
fn one_file(bencher: Bencher<'_, '_>, path: &str) {
    let files = RuleBook::embedded_files().filter(|(known, _)| *known == path);
    let files: Vec<(String, String)> = files.map(|(a, b)| (a.into(), b.into())).collect();
    assert_eq!(files.len(), 1, "`{path}` is shipped");
    load(bencher, &files);
}

/// The file of 巫山县 with ten mistakes, each with its message.
#[divan::bench]
fn ten_mistakes(bencher: Bencher<'_, '_>) {
    let text = with_mistakes();
    bencher.bench_local(|| {
        let problems = RuleBook::from_texts([("county.toml", text.as_str())]).unwrap_err();
        assert_eq!(problems.errors().count(), 10);
        problems
    });
}

/// All the files that ship with the crate.
#[divan::bench]
fn all_shipped() -> RuleBook {
    RuleBook::embedded()
}

/// A province and the country, by their stated files: 364 and 3,549 of them.
#[divan::bench(args = [300, 3_000], sample_count = 5, sample_size = 1)]
fn counties_stated(bencher: Bencher<'_, '_>, count: usize) {
    load(bencher, &counties(count, false));
}

/// The same with the assumptions over them: 728 and 7,098 files, each a policy of its own.
#[divan::bench(args = [300, 3_000], sample_count = 5, sample_size = 1)]
fn counties_with_assumptions(bencher: Bencher<'_, '_>, count: usize) {
    load(bencher, &counties(count, true));
}

/// The file of 巫山县 with ten mistakes.
fn with_mistakes() -> String {
    let (_, text) = RuleBook::embedded_files()
        .find(|(path, _)| *path == "rules/chongqing/wushan/2016.toml")
        .expect("a shipped file");
    let mistakes = [
        ("region = \"500237\"", "region = \"50023\""),
        ("certainty = \"about\"", "certainty = \"abuot\""),
        ("kind = \"charity\"", "kind = \"charty\""),
        ("poverty = true", "povrety = true"),
        ("icd10 = [\"H25\"]", "icd10 = [\"H2\"]"),
        ("disease = \"price-limited\"", "disease = \"price-limitd\""),
        ("scheme = \"resident\"", "scheme = \"residents\""),
        ("fees = [\"registration\"", "fees = [\"registratoin\""),
        ("amount = 50000", "amount = 50000.005"),
        ("payer = \"foundation\"", "payer = \"fundation\""),
    ];
    mistakes
        .iter()
        .fold(text.to_owned(), |text, (right, wrong)| {
            assert!(text.contains(right), "`{right}` is in the file");
            text.replacen(right, wrong, 1)
        })
}
