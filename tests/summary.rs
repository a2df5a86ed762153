//! Policies in plain sentences: what they say, that they say all of it, and the example that prints them.

#[expect(dead_code, reason = "`main` hands `run` the process's arguments")]
#[path = "../examples/summary.rs"]
mod summary;

use payer_split::RuleBook;
use payer_split::check::{self, Project};
use std::path::Path;

/// Compares with a file, or writes it where the environment says so.
fn assert_is(name: &str, text: &str) {
    let path = Path::new("tests/summary").join(name);
    if std::env::var_os("WRITE_SUMMARIES").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = expected.replace("\r\n", "\n");
    assert!(
        text == expected,
        "`tests/summary/{name}` says otherwise; look at what changed with WRITE_SUMMARIES=1.\n{text}"
    );
}

#[test]
fn policies_are_told_in_plain_sentences() {
    let book = RuleBook::embedded();
    for name in [
        "yuetang/2019",
        "yuetang/2019/assumed",
        "anhui/2016/assumed",
        "jurong/2020/assumed",
    ] {
        let summary = check::summary(book.named(name).unwrap());
        let file = name.replace('/', "-");
        assert_is(&format!("{file}.zh.txt"), &summary.zh());
        assert_is(&format!("{file}.en.txt"), &summary.en());
    }
}

/// What every file here can say.
fn everything() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for folder in ["rules", "tests/mechanisms", "tests/practice"] {
        let project = Project::read_dir(folder).unwrap();
        let rules = project.rules();
        files
            .extend(rules.map(|(name, bytes)| {
                (name.to_owned(), String::from_utf8(bytes.to_vec()).unwrap())
            }));
    }
    files
}

/// The ratios and amounts that a text gives, as a summary shows them.
fn figures(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap());
    let lines = lines.filter(|line| {
        let key = line.split('=').next().unwrap().trim();
        ![
            "title",
            "name",
            "name_en",
            "note",
            "text",
            "text_en",
            "reason",
            "reason_en",
            "clause",
        ]
        .contains(&key)
    });
    let mut found = Vec::new();
    let is_number = |text: &str| {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let decimals = digits.strip_prefix('.').unwrap_or(digits);
        text.starts_with(|c: char| c.is_ascii_digit())
            && decimals.chars().all(|c| c.is_ascii_digit())
    };
    for line in lines {
        for (number, piece) in line.split('"').enumerate() {
            if number % 2 == 1 {
                // A ratio in quotes, without needless zeros.
                let ratio = piece.strip_suffix('%').filter(|ratio| is_number(ratio));
                let short = |ratio: &str| match ratio.contains('.') {
                    true => ratio.trim_end_matches('0').trim_end_matches('.').to_owned(),
                    false => ratio.to_owned(),
                };
                found.extend(ratio.map(short).filter(|ratio| ratio != "0"));
                continue;
            }
            // Smaller numbers may be ages, and a number with hyphens is a date.
            let words = piece.split([' ', ',', '}', ']']);
            let amounts = words.map(|word| word.replace('_', ""));
            found.extend(amounts.filter(|word| is_number(word) && word.len() > 2));
        }
    }
    found
}

#[test]
fn every_figure_of_every_file_is_told() {
    let files = everything();
    let project = Project::from_texts(
        files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    );
    let policies = project.policies();
    assert!(policies.len() > 60, "{}", policies.len());
    for (file, policy) in policies {
        let (_, text) = files.iter().find(|(name, _)| *name == file).unwrap();
        let summary = check::summary(&policy);
        for told in [summary.zh(), summary.en()] {
            for figure in figures(text) {
                assert!(told.contains(&figure), "{file}: {figure}\n{told}");
            }
            for odd in [
                "  ，", "，，", "（）", "()", ", ,", " .", "〔〕", "[]", "：：", "，。",
            ] {
                assert!(!told.contains(odd), "{file}: {odd}\n{told}");
            }
        }
    }
}

fn run(words: &[&str]) -> summary::Outcome {
    summary::run(words.iter().map(Into::into))
}

#[test]
fn the_example_prints_a_file_or_a_policy() {
    let book = RuleBook::embedded();
    let stated = check::summary(book.named("yuetang/2019").unwrap());
    let file = run(&["rules/hunan/yuetang/2019.toml"]);
    assert_eq!((file.code, file.stderr.as_str()), (0, ""));
    assert_eq!(file.stdout, stated.zh());
    let english = run(&["rules/hunan/yuetang/2019.toml", "--lang", "en"]);
    assert_eq!(english.stdout, stated.en());
    assert_eq!(run(&["--policy", "yuetang/2019"]).stdout, stated.zh());
    let both = run(&["--policy", "yuetang"]).stdout;
    assert_eq!(both, run(&[]).stdout);
    assert!(both.contains("[yuetang/2019]") && both.contains("[yuetang/2019/assumed]"));
}

#[test]
fn the_example_tells_wrong_usage_apart() {
    for (words, code, message) in [
        (&["--polcy"][..], 2, "unknown option `--polcy`"),
        (&["--lang", "fr"], 2, "expected `zh` or `en`"),
        (&["--policy"], 2, "expected an id after `--policy`"),
        (
            &["--policy", "yuetan"],
            2,
            "no built-in policy is called `yuetan`",
        ),
        (&["nowhere.toml"], 2, "cannot read `nowhere.toml`"),
        (
            &["tests/mechanisms/nothing", "--policy", "a"],
            2,
            "exclude each other",
        ),
        (&["Cargo.toml"], 1, "missing section `[policy]`"),
    ] {
        let outcome = run(words);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (code, ""),
            "{words:?}"
        );
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
}
