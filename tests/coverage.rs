//! Coverage of the rules: the cases exercise everything that the shipped files say, or a reason is named.

use payer_split::Case;
use payer_split::check::{Coverage, Exercise, Project, coverage};
use std::path::Path;

fn of(directory: &str) -> Coverage {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    coverage(&Project::read_dir(directory).unwrap())
}

/// Of a province's files everything is exercised that can be.
fn shipped(province: &str) -> Coverage {
    let coverage = of(&format!("rules/{province}"));
    assert!(coverage.policies().len() >= 2);
    for policy in coverage.policies() {
        assert_eq!(policy.untouched().count(), 0, "{coverage}");
        assert_eq!(policy.percent(), 100, "{coverage}");
    }
    coverage
}

#[test]
fn anhui_with_a_row_for_each_file() {
    let coverage = shipped("anhui");
    let text = coverage.to_string();
    let header = text.lines().next().unwrap();
    for column in ["rule file", "steps", "figures", "bands", "limits", "%"] {
        assert!(header.contains(column), "{text}");
    }
    for policy in coverage.policies() {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("{} ", policy.policy)));
        assert!(row.unwrap().ends_with("100%"), "{text}");
    }
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
fn hunan_where_an_unstated_deductible_hides_the_ratio() {
    let coverage = shipped("hunan");
    let stated = coverage
        .policies()
        .iter()
        .find(|policy| policy.policy == "yuetang/2019")
        .unwrap();
    let ratio = stated
        .items
        .iter()
        .find(|item| item.path == "basic-inpatient.ratio")
        .unwrap();
    let behind = Exercise::Behind {
        unstated: "basic-inpatient.deductible".into(),
    };
    assert_eq!(ratio.exercise, behind);
    assert!(stated.expected() < stated.items.len());
}

#[test]
fn jiangsu() {
    shipped("jiangsu");
}

#[test]
fn unnamed() {
    shipped("unnamed");
}

/// For a rule file without cases: a case for each thing that it says; together they exercise all of them, and pass.
fn suggests_all(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/mechanisms")
        .join(name);
    let rules = std::fs::read_to_string(path).unwrap();
    let without = coverage(&Project::from_texts([(name, rules.as_str())]));
    let [policy] = without.policies() else {
        panic!("one policy in {name}")
    };
    assert_eq!(policy.percent(), 0);
    let mut cases = String::new();
    for item in policy.untouched() {
        let Exercise::Untouched { case: Some(case) } = &item.exercise else {
            panic!("{name}: no case for {item:?}")
        };
        assert!(case.contains("to be confirmed against the source"));
        cases.push_str(case);
    }
    let read = Case::read("suggested.cases.toml", &cases).unwrap();
    assert_eq!(read.len(), policy.items.len());
    let files = [
        (name, rules.as_str()),
        ("suggested.cases.toml", cases.as_str()),
    ];
    let project = Project::from_texts(files);
    let report = project.check();
    for (case, result) in report.cases() {
        assert!(result.passed(), "{}: {:?}", case.name, result.mismatches);
    }
    let with = coverage(&project);
    assert_eq!(with.percent(), 100, "{with}");
}

#[test]
fn suggestions_exercise_what_they_are_for() {
    for name in [
        "02a-hospital-by-tier.toml",
        "03a-referred-no-deductible.toml",
        "06a-disease-by-icd.toml",
        "09-fee-categories.toml",
        "14a-essential-drugs-as-class-a.toml",
        "15-ratio-with-bumps.toml",
        "17a-bands-above-deductible.toml",
        "18c-shared-caps.toml",
        "22-minimum-ratio-of-the-bill.toml",
        "38-benefits-not-money.toml",
    ] {
        suggests_all(name);
    }
}
