//! Every explanation keeps its word.

use super::{Example, Explanation, explain};
use crate::check::CASE_FAILS;
use crate::text::{Code, Severity};
use std::collections::BTreeSet;

/// The codes of what an example has, with the failures of its cases.
fn codes(example: &Example) -> (BTreeSet<&'static str>, String) {
    let report = example.project().check();
    let found = report.diagnostics().iter().map(|d| d.code().as_str());
    let failing = report.cases().iter().filter(|(_, case)| !case.passed());
    let codes = found.chain(failing.map(|_| CASE_FAILS)).collect();
    (codes, format!("{report}"))
}

#[test]
fn every_wrong_example_has_its_problem_and_no_right_one_has_any() {
    let mut failures = Vec::new();
    for explanation in Explanation::all() {
        let code = explanation.code;
        let (found, shown) = codes(&explanation.wrong);
        if !found.contains(code) {
            failures.push(format!(
                "the wrong example of {code} has {found:?}\n{shown}"
            ));
        }
        let (found, shown) = codes(&explanation.right);
        if !found.is_empty() {
            failures.push(format!(
                "the right example of {code} has {found:?}\n{shown}"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_code_has_its_own_explanation() {
    for &code in Code::ALL {
        assert_eq!(explain(code).code, code.as_str());
        assert_eq!(code.as_str().parse(), Ok(code));
        assert_eq!(Explanation::of(code.as_str()), Ok(explain(code)));
    }
    assert_eq!(Explanation::all().count(), Code::ALL.len() + 1);
}

#[test]
fn a_wrong_example_shows_little_else() {
    for explanation in Explanation::all() {
        let report = explanation.wrong.project().check();
        let errors = report.diagnostics().iter();
        let errors = errors.filter(|d| d.severity() == Severity::Error);
        let others: Vec<_> = errors
            .filter(|d| d.code().as_str() != explanation.code)
            .collect();
        assert!(others.is_empty(), "{}: {others:?}", explanation.code);
    }
}

#[test]
fn explanations_are_in_both_languages() {
    let is_zh = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for explanation in Explanation::all() {
        for text in [explanation.meaning, explanation.why, explanation.remedy] {
            let code = explanation.code;
            assert!(text.zh.chars().any(is_zh), "{code}: {}", text.zh);
            assert!(text.zh.ends_with('。'), "{code}: {}", text.zh);
            assert!(text.en.ends_with('.'), "{code}: {}", text.en);
            assert!(text.en.starts_with(char::is_alphanumeric) || text.en.starts_with('"'));
        }
        assert_ne!(explanation.wrong, explanation.right);
    }
}

#[test]
fn a_code_is_found_by_its_text() {
    let error = Explanation::of("band-gaps").unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown code `band-gaps`: did you mean `band-gap`?"
    );
    let error = Explanation::of("nonsense").unwrap_err();
    assert_eq!(error.to_string(), "unknown code `nonsense`");
}

#[test]
fn an_explanation_shows_all_of_itself() {
    assert_eq!(
        explain(Code::RatioTiny).to_string(),
        "\
ratio-tiny

意思 / meaning
  比例小得不像比例：可能把小数写成了百分数，或把百分点写成了倍数。
  A ratio so small that a fraction was probably typed as a percentage, or points as a factor.

为什么 / why
  0.8% 只付千分之八。
  0.8 % pays eight in a thousand.

怎样做 / what to do
  要的是 80% 就写 \"80%\"；“提高 5 个百分点”是 add = \"5%\"，不是 multiply。
  Write \"80%\" where 80 % is meant; \"5 points more\" is add = \"5%\", not multiply.

错 / wrong
  ratio = \"0.8%\"

对 / right
  ratio = \"80%\"
"
    );
}
