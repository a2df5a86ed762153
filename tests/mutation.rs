//! Mutation of the rules: every figure of the shipped files is watched by a case, or the file says why not.

use payer_split::check::{MutationKind, MutationOutcome, MutationReport, Project, mutation};

const RULES: &str = r#"
[policy]
id = "example"
version = "1"
region = "unstated"
name = "例子"
from = 2020-01-01
to = "open"
source = "S"

[[source]]
id = "S"
title = "文件"
date = "undated"

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
when = { care = "inpatient", tier = "county" }
deductible = 400
ratio = "80%"

[[step]]
id = "outpatient"
name = "门诊"
payer = "basic"
source = "S"
when = { care = "outpatient" }
ratio = "50%"

[[step]]
id = "aid"
name = "医疗救助"
payer = "aid"
source = "S"
when = { category = "registered-poor" }
ratio = "70%"

[[step.adjust]]
id = "old"
figure = "ratio"
when = { age = { over = 80 } }
add = "10%"
"#;

const CASE: &str = r#"
[[case]]
name = "县医院"
policy = "example"

[case.patient]
scheme = "resident"

[[case.bill]]
date = 2020-06-01
care = "inpatient"
facility = { tier = "county" }
lines = [{ fee = "surgery", class = "A", amount = 1400 }]
expect = { patient = 600, deductibles = { basic = 400 } }
"#;

fn run(rules: &str, cases: &str) -> MutationReport {
    let files = [("example.toml", rules), ("example.cases.toml", cases)];
    mutation(&Project::from_texts(files), |_, _| ())
}

fn outcome(report: &MutationReport, old: &str) -> Vec<MutationOutcome> {
    let here = report
        .mutations()
        .iter()
        .filter(|mutation| mutation.old.contains(old));
    here.map(|mutation| mutation.outcome.clone()).collect()
}

#[test]
fn a_case_notices_what_it_watches() {
    let report = run(RULES, CASE);
    assert_eq!(outcome(&report, "400"), vec![MutationOutcome::Noticed; 4]);
    assert_eq!(
        outcome(&report, "\"80%\""),
        vec![MutationOutcome::Noticed; 2]
    );
    assert_eq!(
        outcome(&report, "\"50%\""),
        vec![MutationOutcome::Unnoticed; 2]
    );
    assert_eq!(
        outcome(&report, "care = \"inpatient\""),
        [MutationOutcome::Unnoticed]
    );
    // No bill is inpatient and outpatient.
    assert_eq!(
        outcome(&report, "`basic` before"),
        [MutationOutcome::Equivalent]
    );
    assert_eq!(
        outcome(&report, "`outpatient` before"),
        [MutationOutcome::Unnoticed]
    );
    assert_eq!(
        outcome(&report, "adjust `old`"),
        [MutationOutcome::Unnoticed]
    );
    assert_eq!(report.counts(Some(MutationKind::Number)).total(), 2);
    let all = report.counts(None);
    assert_eq!(all.total(), report.mutations().len());
    let text = report.to_string();
    assert!(text.contains("no case notices: example.toml:"), "{text}");
}

#[test]
fn the_suggested_cases_notice_everything() {
    let report = run(RULES, CASE);
    let mut cases = CASE.to_owned();
    for mutation in report.unnoticed() {
        let case = mutation.case.as_deref();
        cases.push_str(case.unwrap_or_else(|| panic!("no case for {mutation}")));
    }
    let report = run(RULES, &cases);
    assert_eq!(report.failing(), 0);
    let left: Vec<String> = report.unnoticed().map(ToString::to_string).collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_reason_excuses_its_line_and_only_where_it_is_needed() {
    let rules = RULES
        .replace("ratio = \"50%\"", "ratio = \"50%\" # unwatched: 没有案例")
        .replace("deductible = 400", "deductible = 400 # unwatched: 多余");
    let report = run(&rules, CASE);
    let excused = vec![MutationOutcome::Excused("没有案例".into()); 2];
    assert_eq!(outcome(&report, "\"50%\""), excused);
    assert_eq!(report.excused().count(), 2);
    let lines: Vec<&str> = rules.lines().collect();
    let stale: Vec<&str> = report
        .stale()
        .iter()
        .map(|(_, line)| lines[line - 1])
        .collect();
    assert_eq!(stale, ["deductible = 400 # unwatched: 多余"]);
}

#[test]
fn what_the_loader_refuses_is_stopped() {
    let rules = RULES.replace("ratio = \"80%\"", "ratio = \"100%\"");
    let report = run(&rules, CASE);
    assert_eq!(
        outcome(&report, "\"100%\"").first(),
        Some(&MutationOutcome::Stopped)
    );
}

/// Every change of every file of a province is noticed, or the file names the reason.
fn shipped(province: &str) {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/").to_owned() + province;
    let project = Project::read_dir(directory).unwrap();
    let report = mutation(&project, |_, _| ());
    assert_eq!(report.failing(), 0, "cases fail without any change");
    assert!(report.counts(None).noticed > 0);
    assert_eq!(report.unnoticed().count(), 0, "{report}");
    assert_eq!(report.stale(), [], "{report}");
}

#[test]
fn anhui() {
    shipped("anhui");
}

#[test]
fn chongqing() {
    shipped("chongqing");
}

#[test]
fn guizhou() {
    shipped("guizhou");
}

#[test]
fn hunan() {
    shipped("hunan");
}

#[test]
fn jiangsu() {
    shipped("jiangsu");
}

#[test]
fn unnamed() {
    shipped("unnamed");
}

#[test]
fn no_province_is_left_out() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let entries = std::fs::read_dir(rules)
        .unwrap()
        .map(|entry| entry.unwrap());
    let directories = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut names: Vec<String> = directories
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != "schema")
        .collect();
    names.sort();
    let tested = [
        "anhui",
        "chongqing",
        "guizhou",
        "hunan",
        "jiangsu",
        "unnamed",
    ];
    assert_eq!(names, tested, "one test for each directory of rules");
}
