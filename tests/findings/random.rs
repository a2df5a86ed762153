//! What random rule files found.

use super::{line, load, step, year};
use payer_split::check::summary;
use payer_split::laws::{Law, Verdict};
use payer_split::{Bill, Money, Patient, Policy, settle};

/// The policy of these rules.
fn policy(rules: &str) -> Policy {
    let book = load(rules).unwrap_or_else(|codes| panic!("{codes:?}\n{rules}"));
    book.policies().next().expect("a policy").clone()
}

fn patient(keys: &str) -> Patient {
    Patient::from_toml("p", &format!("scheme = \"resident\"\n{keys}"))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// A bill of 1,000 in scope from a facility of which nothing is given.
fn bill() -> Bill {
    let text = format!(
        "date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{}",
        line("1000")
    );
    Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// `other` is what the entries leave, wherever it stands.
#[test]
fn other_may_stand_before_the_entries() {
    let inner =
        "{ tier = { township = \"80%\", county = \"70%\", city = \"60%\", province = \"50%\" } }";
    let last = format!("ratio = {{ tier = {{ village = \"90%\", other = {inner} }} }}");
    let first = format!("ratio = {{ tier = {{ other = {inner}, village = \"90%\" }} }}");
    let (last, first) = (policy(&step(&last)), policy(&step(&first)));
    assert_eq!(summary(&last).en(), summary(&first).en());
}

/// In which order the entries of a table stand, a summary does not say: not by where it puts a citation either.
#[test]
fn a_summary_does_not_depend_on_the_order_of_entries() {
    let bands = |entries: &str| {
        step(&format!(
            "[step.bands]\nper = \"bill\"\nband = [{{ over = 0, to = 500, ratio.tier = {{ {entries} }} }}, {{ over = 500, ratio = \"60%\" }}]"
        ))
    };
    let (county, city) = (
        "county = { value = \"50%\", clause = \"第5条\" }",
        "city = \"40%\"",
    );
    let one = policy(&bands(&format!("{county}, {city}, other = \"30%\"")));
    let two = policy(&bands(&format!("{city}, other = \"30%\", {county}")));
    assert_eq!(summary(&one).zh(), summary(&two).zh());
    let said = summary(&one).en();
    assert!(said.contains("every slice at its own ratio):"), "{said}");
    assert!(said.contains("county 50% [S 第5条]"), "{said}");
}

/// Of two entries that hold and are equal the same one counts, wherever they stand: the bill leans on assumptions or not.
#[test]
fn which_of_equal_entries_counts_does_not_depend_on_their_order() {
    let both = patient("categories = [\"orphan\", \"extremely-poor\"]");
    let leans = |entries: &str| {
        let rules = step(&format!(
            "ratio.category = {{ {entries}, other = \"10%\" }}"
        ));
        let settled = settle(&policy(&rules), &bill(), &both).expect("settled");
        settled.assumptions().count()
    };
    let assumed = "orphan = { value = \"50%\", certainty = \"assumed\" }";
    let stated = "extremely-poor = \"50%\"";
    assert_eq!(
        leans(&format!("{assumed}, {stated}")),
        leans(&format!("{stated}, {assumed}"))
    );
}

/// What a step counts over the year, though others have paid it, hangs on its condition: a field that is not given
/// refuses the bill.
#[test]
fn what_counts_a_billed_base_needs_the_fields_of_its_condition() {
    let billed = |base: &str| {
        let counting = step(&format!(
            "when = {{ tier = \"county\" }}\n{base}\nratio = \"50%\"\ndeductible = {{ value = 300, per = \"year\" }}"
        ));
        let rules = step("ratio = \"100%\"") + &counting.replacen("id = \"a\"", "id = \"b\"", 1);
        let settled = settle(&policy(&rules), &bill(), &patient(""));
        settled.map(|_| ()).map_err(|error| error.kind())
    };
    assert_eq!(billed("base = { of = \"billed\" }"), Err("missing"));
    assert_eq!(billed(""), Ok(()));
}

/// A step of which nothing is left to pay has put nothing into its limit on the cost, and its base says so.
#[test]
fn what_is_paid_already_uses_up_no_limit_on_the_cost() {
    let billed = step("base = { of = \"billed\" }\nratio = \"50%\"")
        + "\n[[step.limit]]\nid = \"c\"\namount = 100\nper = \"bill\"\non = \"cost\"\n";
    let rules = step("ratio = \"100%\"") + &billed.replacen("id = \"a\"", "id = \"b\"", 1);
    let policy = policy(&rules);
    assert_eq!(
        Law::Limits.check(&policy, &[bill()], &patient("")),
        Verdict::Kept
    );
    let settled = settle(&policy, &bill(), &patient("")).expect("settled");
    let base = settled.step("b").map(|step| step.base());
    assert_eq!(base, Some(Money::ZERO));
}

/// A share of the bill has no greatest amount, so that no adjust of it goes too far: 5 % of 1,000 + 100, times 100 %.
#[test]
fn a_share_may_be_raised_and_then_multiplied() {
    let rules = step("ratio = \"100%\"\ndeductible = { share = \"5%\", of = \"total\" }")
        + "\n[[step.adjust]]\nid = \"more\"\nfigure = \"deductible\"\nadd = 100\n"
        + "\n[[step.adjust]]\nid = \"times\"\nfigure = \"deductible\"\nmultiply = \"100%\"\n";
    let settled = year(&rules, "scheme = \"resident\"", &[&line("1000")]);
    assert_eq!(settled[0].patient().to_string(), "150.00");
}

/// Where there is no number to change, an adjust counts nothing: the bill is refused for the figure that no source
/// states, and a limit of `"none"` stays one, whether the years of insurance are given or not.
#[test]
fn nothing_is_counted_where_there_is_no_number() {
    let years = |figure: &str| {
        format!(
            "\n[[step.adjust]]\nid = \"years\"\nfigure = \"{figure}\"\nadd = {}\nper = \"insured-year\"\nadd_at_most = {}\n",
            if figure == "ratio" { "\"1%\"" } else { "10" },
            if figure == "ratio" { "\"5%\"" } else { "50" },
        )
    };
    let unstated = policy(&(step("ratio = \"unstated\"") + &years("ratio")));
    let refused = settle(&unstated, &bill(), &patient("")).expect_err("refused");
    assert_eq!(refused.kind(), "unstated");
    let unlimited = step("ratio = \"50%\"")
        + "\n[[step.limit]]\nid = \"c\"\namount = \"none\"\nper = \"year\"\non = \"payment\"\n"
        + &years("c");
    let settled = year(&unlimited, "scheme = \"resident\"", &[&line("1000")]);
    assert_eq!(settled[0].patient().to_string(), "500.00");
}
