//! The check example: exit codes, its formats, what it reads, and how a failing case is shown.

#[expect(dead_code, reason = "`main` hands `run` the process's arguments")]
#[path = "../examples/check.rs"]
mod check;

use payer_split::check::{self as check_lib, Project};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

fn run(words: &[&str]) -> check::Outcome {
    check::run(words.iter().map(Into::into))
}

/// A folder for a test, with these files; its path.
fn folder(name: &str, files: &[(&str, &str)]) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("check")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder.into_os_string().into_string().unwrap()
}

const RULES: &str = r#"[policy]
id = "here"
version = "1"
region = "unstated"
name = "此地"
from = 2020-01-01
to = 2020-12-31
source = "S"

[[source]]
id = "S"
title = "文件"
date = 2019-12-01

[[payer]]
id = "basic"
name = "基本医保"
kind = "insurance"

[[payer]]
id = "aid"
name = "医疗救助"
kind = "aid"

[[step]]
id = "basic"
name = "基本医保"
payer = "basic"
source = "S"
when = { care = "inpatient" }
deductible = 400
ratio = "80%"

[[step]]
id = "aid"
name = "医疗救助"
payer = "aid"
source = "S"
when = { care = "inpatient", category = "poor" }
ratio = "70%"

[[step.limit]]
id = "bill"
amount = 500
per = "bill"
on = "payment"

[[group]]
id = "poor"
name = "贫困人口"
categories = ["registered-poor"]
"#;

const CASE: &str = r#"[[case]]
name = "住院 5000"
policy = "here"
source = "S"

[case.patient]
scheme = "resident"
categories = ["registered-poor"]

[[case.bill]]
date = 2020-06-01
care = "inpatient"
facility = {}
lines = [{ fee = "western-medicine", class = "A", amount = 5000 }]

[case.bill.expect]
patient = 820
payers = { basic = 3680, aid = 500 }
steps = { aid = 500 }
deductibles = { basic = 400 }
"#;

/// What differs between a run and what is expected is easier to see line by line.
fn assert_lines(found: &str, expected: &str) {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<String>>();
    assert_eq!(lines(found), lines(expected), "found:\n{found}");
}

#[test]
fn nothing_is_wrong() {
    let here = folder("right", &[("1.toml", RULES), ("1.cases.toml", CASE)]);
    let outcome = run(&[&here]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let first = outcome.stdout.lines().next();
    assert_eq!(
        first,
        Some("rules: 1 policy, loaded without problems; 1 case as expected")
    );
    let coverage = "coverage of the rules by the cases: ";
    assert!(outcome.stdout.contains(coverage), "{}", outcome.stdout);
    assert_eq!(run(&[&here, "--format", "short"]).stdout, "");
}

#[test]
fn the_shipped_rules_pass() {
    let outcome = run(&["rules", "--format", "short"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
}

#[test]
fn rules_without_cases_are_said_to_have_none() {
    let here = folder("no-cases", &[("1.toml", RULES)]);
    let outcome = run(&[&here]);
    let expected = "rules: 1 policy, loaded without problems; no cases\n";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, expected));
}

#[test]
fn a_wrong_file_is_underlined() {
    let wrong = RULES.replace("ratio = \"80%\"", "ratoi = \"80%\"");
    let here = folder("wrong", &[("1.toml", &wrong), ("1.cases.toml", CASE)]);
    let outcome = run(&[&here]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let shown = outcome.stdout.replace(&here, "");
    assert_lines(
        &shown,
        "\
error[missing-key]: step `basic` has no formula
  --> /1.toml:25:1
   |
25 | [[step]]
   | ^^^^^^^^
   = expected: one of `ratio`, `bands`, `guarantee`

error[unknown-key]: unknown key `ratoi` in step `basic`
  --> /1.toml:32:1
   |
32 | ratoi = \"80%\"
   | ^^^^^
   = help: did you mean `ratio`?

rules: 0 policies, 2 errors; 1 case not run, for the errors of their rules
",
    );
}

#[test]
fn the_short_format_has_one_problem_a_line() {
    let wrong = RULES.replace("ratio = \"80%\"", "ratio = \"0.80%\"");
    let case = CASE.replace("basic = 3680", "basic = 3681");
    let here = folder("short", &[("1.toml", &wrong), ("1.cases.toml", &case)]);
    let outcome = run(&["--format", "short", &here]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(
        lines[0].starts_with(&format!("{here}/1.toml:32:9: warning[ratio-tiny]: ")),
        "{}",
        outcome.stdout
    );
    let failure = format!(
        "{here}/1.cases.toml:1:1: error[case-fails]: `住院 5000`: bill 1: `patient` expected `820.00`, found `4463.20` (and 1 more)"
    );
    assert_eq!(lines.last(), Some(&failure.as_str()), "{}", outcome.stdout);
}

#[test]
fn warnings_alone_are_not_wrong() {
    let tiny = RULES.replace("ratio = \"80%\"", "ratio = \"0.80%\"");
    let here = folder("warning", &[("1.toml", &tiny)]);
    let outcome = run(&["--format", "short", &here]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("warning["), "{}", outcome.stdout);
}

#[test]
fn json_says_the_same_as_short() {
    let wrong = RULES.replace("ratio = \"80%\"", "ratio = \"0.80%\"");
    let case = CASE.replace("basic = 3680", "basic = 3681");
    let here = folder("json", &[("1.toml", &wrong), ("1.cases.toml", &case)]);
    let outcome = run(&["--format", "json", &here]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let data: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(data["passed"], false);
    assert_eq!(data["policies"], serde_json::json!(["here/1"]));
    assert_eq!(data["cases"]["failed"], 1);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let problems = data["problems"].as_array().unwrap().iter();
    let lines: Vec<String> = problems
        .map(|problem| {
            let (file, severity) = (text(&problem["file"]), text(&problem["severity"]));
            let (code, message) = (text(&problem["code"]), text(&problem["message"]));
            let (line, column) = (&problem["line"], &problem["column"]);
            format!("{file}:{line}:{column}: {severity}[{code}]: {message}")
        })
        .collect();
    let short = run(&["--format", "short", &here]).stdout;
    assert_eq!(lines.join("\n") + "\n", short);
    let failure = data["problems"].as_array().unwrap().last().unwrap();
    let rows = failure["bills"][0]["rows"].as_array().unwrap();
    let basic = rows.iter().find(|row| row["what"] == "payers.basic");
    let basic = basic.unwrap();
    assert_eq!(
        (&basic["expected"], &basic["computed"]),
        (&"3681.00".into(), &"36.80".into())
    );
    assert_eq!(basic["differs"], true);
    assert!(data["coverage"]["percent"].is_number());
}

#[test]
fn a_failing_case_is_shown_side_by_side() {
    let case = CASE
        .replace("basic = 3680, aid = 500", "basic = 3700, aid = 500")
        .replace(
            "deductibles = { basic = 400 }",
            "deductibles = { basic = 300 }\nreimbursed = \"83%\"",
        );
    let here = folder("failing", &[("1.toml", RULES), ("1.cases.toml", &case)]);
    let outcome = run(&[&here]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let shown = outcome.stdout.replace(&here, "");
    let shown = shown.split("coverage of").next().unwrap();
    assert_lines(
        shown,
        "\
error[case-fails]: the case `住院 5000` comes out otherwise
  --> /1.cases.toml:1:1
   = the case's source: S
   bill 1 of 2020-06-01, here/1
                                              expected     computed
     basic 基本医保                                         3680.00      (5000.00 - 400.00) * 80% = 3680.00
       its deductible                           300.00       400.00  !=
     aid 医疗救助                               500.00       500.00      1320.00 * 70% = 924.00
                                                                         limited by aid/bill
     payer basic 基本医保                      3700.00      3680.00  !=
     payer aid 医疗救助                         500.00       500.00
     the patient 个人                           820.00       820.00
     `reimbursed`: expected `83%`, computed `84%`

rules: 1 policy, loaded without problems; 1 of 1 case failed
",
    );
}

#[test]
fn a_refused_bill_says_why() {
    let rules = RULES.replace("ratio = \"80%\"", "ratio = \"unstated\"");
    let here = folder("refused", &[("1.toml", &rules), ("1.cases.toml", CASE)]);
    let outcome = run(&[&here]);
    assert_eq!(outcome.code, 1);
    let line = "   bill 1 of 2020-06-01: refused: unstated `ratio` of `basic` (基本医保)";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
}

#[test]
fn wrong_usage_is_told_apart() {
    for (words, message) in [
        (&["--formt", "json"][..], "unknown option `--formt`"),
        (&["--format"], "expected a value after `--format`"),
        (&["--format", "xml"], "unknown format `xml`"),
        (
            &["--format", "json", "--format", "json"],
            "`--format` is given twice",
        ),
        (&["nowhere"], "cannot read `nowhere`"),
        (&["src"], "no rule files or case files below `src`"),
        (
            &["--explain", "table-missed"],
            "did you mean `table-misses`",
        ),
        (&["--explain"], "expected a value after `--explain`"),
    ] {
        let outcome = run(words);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (2, ""),
            "{words:?}"
        );
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
    }
}

#[test]
fn codes_are_explained() {
    let codes = payer_split::Code::ALL.iter().map(|code| code.as_str());
    for code in codes.chain([check_lib::CASE_FAILS]) {
        let outcome = run(&["--explain", code]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{code}");
        assert!(outcome.stdout.contains(code), "{}", outcome.stdout);
        let breaks = outcome.stdout.ends_with('\n') && !outcome.stdout.ends_with("\n\n");
        assert!(breaks, "{}", outcome.stdout);
    }
}

#[test]
fn what_the_cases_miss_is_listed() {
    let here = folder("mutation", &[("1.toml", RULES), ("1.cases.toml", CASE)]);
    let outcome = run(&[&here, "--coverage", "--mutation"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    for text in ["rule file", "`aid.limit.bill`", "no case notices: "] {
        assert!(outcome.stdout.contains(text), "{}", outcome.stdout);
    }
    let json = run(&[&here, "--mutation", "--format", "json"]).stdout;
    let data: Value = serde_json::from_str(&json).unwrap();
    let unnoticed = data["mutation"]["unnoticed"].as_array().unwrap();
    assert!(!unnoticed.is_empty(), "{json}");
    let untouched = &data["coverage"]["policies"][0]["untouched"];
    assert!(!untouched.as_array().unwrap().is_empty(), "{json}");
}

#[test]
fn it_helps() {
    let outcome = run(&["--help"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.lines().all(|line| line.len() <= 80));
}

/// The names of the files of a project, without the folder that the test made.
fn files(project: &Project, folder: &str) -> Vec<String> {
    let names = project.rules().chain(project.cases());
    let short = |name: &str| {
        name.strip_prefix(folder)
            .unwrap_or(name)
            .trim_start_matches('/')
            .to_owned()
    };
    names.map(|(name, _)| short(name)).collect()
}

#[test]
fn a_file_is_read_with_what_belongs_to_it() {
    let assumed = "[policy]\nextends = \"here/1\"\nlayer = \"assumed\"\n";
    let other = RULES.replace("\"here\"", "\"there\"");
    let county = "[policy]\nextends = \"here/1\"\nid = \"county\"\n";
    let here = folder(
        "companions",
        &[
            ("province/1.toml", RULES),
            ("province/1.assumed.toml", assumed),
            ("province/1.cases.toml", CASE),
            ("province/other.toml", &other),
            (
                "province/other.cases.toml",
                &CASE.replace("\"here\"", "\"there\""),
            ),
            ("province/county/2.toml", county),
            ("far/away/3.toml", &county.replace("\"county\"", "\"far\"")),
            ("elsewhere/1.toml", &RULES.replace("\"here\"", "\"else\"")),
        ],
    );
    let read = |path: &str| files(&Project::read([format!("{here}/{path}")]).unwrap(), &here);
    // The other files of its policy, but not those of another one.
    assert_eq!(
        read("province/1.toml"),
        [
            "province/1.assumed.toml",
            "province/1.toml",
            "province/1.cases.toml"
        ]
    );
    // A file of cases brings the rules.
    assert_eq!(
        read("province/other.cases.toml"),
        ["province/other.toml", "province/other.cases.toml"]
    );
    // What is extended comes from above, without what belongs to it there.
    assert_eq!(
        read("province/county/2.toml"),
        ["province/1.toml", "province/county/2.toml"]
    );
    assert_eq!(
        read("province/county"),
        ["province/1.toml", "province/county/2.toml"]
    );
    assert_eq!(
        read("far/away/3.toml"),
        ["far/away/3.toml", "province/1.toml"]
    );
    // A folder has all below it.
    assert_eq!(read("province").len(), 6);
    assert_eq!(read("").len(), 8);
    // Nothing twice.
    let both = Project::read([
        format!("{here}/province/1.toml"),
        format!("{here}/province"),
    ]);
    assert_eq!(both.unwrap().rules().count(), 4);
}

#[test]
fn a_shipped_file_is_read_with_what_belongs_to_it() {
    let project = Project::read(["rules/anhui/huangshan/2016.toml"]).unwrap();
    let names: Vec<&str> = project.rules().map(|(name, _)| name).collect();
    assert!(names.contains(&"rules/anhui/2016.toml"), "{names:?}");
    assert!(
        names.contains(&"rules/anhui/huangshan/2016.assumed.toml"),
        "{names:?}"
    );
    assert!(project.check().passed());
    // A path may begin at the folder itself.
    let dotted = Project::read(["./rules/anhui/huangshan/2016.toml"]).unwrap();
    assert_eq!(dotted, project);
}
