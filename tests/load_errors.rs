//! Every way in which a rule file can be wrong: what is said, and under what it stands.
//!
//! [`table`] holds the wrong files, each as an edit of a good one, with the wrong text between `«` and `»`: exactly that
//! must be underlined. What is said of each is in `load_errors/messages.txt`, to be read as an analyst would read it;
//! `BLESS=1 cargo test --test load_errors` writes it anew.

#[path = "load_errors/table.rs"]
mod table;
#[path = "load_errors/wrong.rs"]
mod wrong;

use payer_split::{Code, Diagnostic, Diagnostics, RuleBook};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use wrong::{COUNTY, problems, wrong};

/// What is said of every wrong file of the table.
const MESSAGES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/load_errors/messages.txt"
);

#[test]
fn every_wrong_file_is_refused_at_its_place_and_loads_when_repaired() {
    let failures: Vec<String> = table::ALL
        .iter()
        .filter_map(|(wrong, problems)| wrong.failure(problems))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of the wrong files:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn every_code_has_a_wrong_file() {
    let tested: BTreeSet<Code> = table::ALL
        .iter()
        .flat_map(|(wrong, _)| wrong.codes())
        .collect();
    let missing: Vec<&Code> = Code::ALL
        .iter()
        .filter(|code| !code.is_lint() && !tested.contains(code))
        .collect();
    assert!(missing.is_empty(), "no wrong file for {missing:?}");
}

#[test]
fn titles_differ() {
    let mut titles = BTreeSet::new();
    for (wrong, _) in table::ALL.iter() {
        assert!(
            titles.insert(wrong.title),
            "`{}` is there twice",
            wrong.title
        );
    }
}

#[test]
fn messages_are_as_reviewed() {
    let shown: String = table::ALL
        .iter()
        .map(|(wrong, problems)| format!("## {}\n\n{problems}\n\n", wrong.title))
        .collect();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(MESSAGES, &shown).unwrap();
    }
    let reviewed = std::fs::read_to_string(MESSAGES).unwrap();
    let differs = shown.lines().zip(reviewed.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "first line that differs from `{MESSAGES}`");
    assert_eq!(shown.len(), reviewed.len());
}

/// A message as analysts are to read it: lower case, no full stop, the file's own text in backticks, none of ours.
#[test]
fn messages_are_in_plain_words() {
    for (_, problems) in table::ALL.iter() {
        all_plain(problems);
    }
}

/// What stands where a value of another sort belongs.
const JUNK: [&str; 12] = [
    "0",
    "-1",
    "1.005",
    "\"\"",
    "\"junk\"",
    "\"120%\"",
    "true",
    "2020-02-01",
    "[]",
    "{}",
    "[\"junk\", 3]",
    "{ junk = 1 }",
];

/// Nothing that stands in the place of a value makes loading panic, and whatever is said of it is in plain words and has
/// its place in the file.
#[test]
fn junk_in_the_place_of_any_value_is_refused_in_plain_words() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mechanisms");
    let mut number = 0;
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap();
        if !name.ends_with(".toml") || name.ends_with(".cases.toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((key, _)) = line.split_once(" = ") else {
                continue;
            };
            number += 1;
            let junk = format!("{key} = {}", JUNK[number % JUNK.len()]);
            let wrong = text.replacen(line, &junk, 1);
            let found = problems([("file.toml", wrong.as_bytes())]);
            all_plain(&found);
            for problem in &found {
                let line = problem.line().expect("a place");
                assert!(line <= wrong.lines().count(), "{problem}");
            }
        }
    }
    assert!(number > 2_000, "{number}");
}

/// Checks the wording of every problem.
fn all_plain(problems: &Diagnostics) {
    for problem in problems {
        let texts = [
            Some(problem.message()),
            problem.expectation(),
            problem.place().text(),
        ];
        let others = problem.other_places().iter().map(|place| place.text());
        for text in texts
            .into_iter()
            .chain(others)
            .flatten()
            .chain(problem.notes())
        {
            plain(text).unwrap_or_else(|fault| panic!("{fault}: {problem}"));
        }
    }
}

/// What is wrong with the wording of a text, if anything.
fn plain(text: &str) -> Result<(), &'static str> {
    let quotes = text.matches('`').count();
    let outside: String = text.split('`').step_by(2).collect();
    let is_ours = |word: &&str| {
        [
            "Some(", "None", "Ok(", "Err(", "::", "u32", "i64", "Toml", "parse",
        ]
        .iter()
        .any(|ours| word.contains(ours))
    };
    if text.is_empty() || text.trim() != text {
        Err("blanks around the text")
    } else if text.starts_with(char::is_uppercase) && !text.starts_with("ASCII") {
        Err("a capital letter at the start")
    } else if text.ends_with(['.', '!']) {
        Err("a full stop")
    } else if quotes % 2 == 1 || text.contains("``") {
        Err("backticks that do not pair")
    } else if outside.split_whitespace().any(|word| is_ours(&word)) {
        Err("words of the program")
    } else if outside
        .chars()
        .any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c))
    {
        Err("text of the file without backticks")
    } else {
        Ok(())
    }
}

#[test]
fn problems_are_shown_with_their_lines() {
    let text = COUNTY
        .replace(
            "when = { care = \"inpatient\" }",
            "when = { category = \"建档立卡贫困户\", teir = \"县\" }",
        )
        .replace("ratio = \"70%\"", "ratio = \"120%\"");
    assert_eq!(
        problems([("rules/测试县.toml", text.as_bytes())]).to_string(),
        "\
error[unknown-key]: unknown key `teir` in `when` of step `basic`
  --> rules/测试县.toml:35:32
   |
35 | when = { category = \"建档立卡贫困户\", teir = \"县\" }
   |                                       ^^^^
   = help: did you mean `tier`?

error[ratio-over-100]: `aid.ratio` is `120%`, more than 100%
  --> rules/测试县.toml:47:9
   |
47 | ratio = \"120%\"
   |         ^^^^^^
   = expected: a ratio from `\"0%\"` to `\"100%\"`"
    );
}

#[test]
fn the_problems_of_all_files_come_at_once() {
    let other = COUNTY
        .replace("\"county\"", "\"town\"")
        .replace("ratio = \"80%\"", "ratio = 80");
    let county = COUNTY.replace("payer = \"aid\"", "payer = \"aids\"");
    let found = problems([
        ("a.toml", county.as_bytes()),
        ("b.toml", b"[policy\n"),
        ("c.toml", other.as_bytes()),
    ]);
    let places: Vec<(&str, Code)> = found.iter().map(|d| (d.file(), d.code())).collect();
    assert_eq!(
        places,
        [
            ("a.toml", Code::UnknownName),
            ("b.toml", Code::Syntax),
            ("c.toml", Code::BadRatio),
        ],
        "{found}"
    );
}

#[test]
fn a_large_file_is_refused_at_once() {
    let bytes = vec![b'#'; 50_000_000];
    let start = Instant::now();
    let found = problems([("large.toml", bytes.as_slice())]);
    assert!(start.elapsed() < Duration::from_secs(1));
    let codes: Vec<Code> = found.iter().map(Diagnostic::code).collect();
    assert_eq!(codes, [Code::FileTooLarge]);
}

#[test]
fn a_problem_is_told_once_however_many_files_inherit_it() {
    let town = |name: &str| {
        format!(
            "[policy]\nextends = \"county/2020\"\nid = \"{name}\"\nregion = \"unstated\"\n\
             name = \"镇\"\n"
        )
    };
    let (one, two) = (town("one"), town("two"));
    let third = "[policy]\nextends = \"two/2020\"\nlayer = \"assumed\"\n";
    let wrong = wrong("inherited")
        .edit("ratio = \"80%\"", "ratio = «\"180%\"»")
        .edit("payer = \"aid\"", "payer = «\"ad\"»")
        .also("one.toml", &one)
        .also("two.toml", &two)
        .also("third.toml", third)
        .error(Code::RatioOver100)
        .error(Code::UnknownName)
        .suggests("aid");
    assert_eq!(wrong.failure(&wrong.problems()), None);
}

#[test]
fn what_is_wrong_in_a_parent_is_not_blamed_on_the_files_that_extend_it() {
    let town = "[policy]\nextends = \"county/2020\"\nid = \"town\"\nregion = \"unstated\"\n\n\
                [[step]]\nid = \"aid\"\nratio = \"60%\"\n";
    for (edit, code) in [
        (("[policy]", "[policy«»"), Code::Syntax),
        (("id = \"county\"", "id = «7»"), Code::WrongType),
        (("id = \"county\"", "«ID» = \"county\""), Code::UnknownKey),
        (("from = 2020-01-01", "from = «\"2020\"»"), Code::WrongType),
        (("[policy]", "[«polity»]"), Code::MissingKey),
    ] {
        let wrong = wrong("parent").edit(edit.0, edit.1).also("town.toml", town);
        let found = wrong.problems();
        assert!(found.iter().all(|d| d.file() == "county.toml"), "{found}");
        assert!(found.iter().any(|d| d.code() == code), "{found}");
    }
}

#[test]
fn a_child_is_still_checked_beside_a_parent_with_problems() {
    let town = "[policy]\nextends = \"county/2020\"\nid = \"town\"\nregion = \"unstated\"\n\n\
                [[step]]\nid = \"aid\"\nratio = \"60\"\n";
    let wrong = wrong("both")
        .edit("deductible = 400", "deductible = «4.005»")
        .also("town.toml", town)
        .edit("ratio = \"60\"", "ratio = «\"60\"»")
        .error(Code::BadAmount)
        .error(Code::BadRatio);
    let found = wrong.problems();
    let places: Vec<(&str, Code)> = found.iter().map(|d| (d.file(), d.code())).collect();
    assert_eq!(
        places,
        [
            ("county.toml", Code::BadAmount),
            ("town.toml", Code::BadRatio)
        ],
        "{found}"
    );
}

#[test]
fn the_good_file_has_no_problems() {
    let book = RuleBook::from_texts([("county.toml", COUNTY)]).unwrap();
    assert!(book.warnings().is_empty(), "{}", book.warnings());
}
