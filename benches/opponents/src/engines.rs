//! The rule engines (c) and (d), where they are built: with the feature `engines`.

use crate::bills::Case;
use crate::ours::Ours;
use crate::timing::Contender;

/// The names under which they are timed; in the table even where they are not built.
pub const NAMES: [&str; 2] = ["zen", "rhai"];

/// Compares their totals with ours.
///
/// # Errors
///
/// What differs.
#[cfg(feature = "engines")]
pub fn check(cases: &[Case], ours: &mut Ours) -> Result<(), String> {
    use crate::expression::Expression;
    use crate::totals::{Split, Totals, expected};
    use crate::zen::Zen;

    let (zen, rhai) = (Zen::new(), Expression::new());
    let totals: Vec<Totals> = cases.iter().map(Totals::from).collect();
    let inputs: Vec<_> = totals.iter().map(Zen::input).collect();
    let mut results: Vec<Split> = Vec::new();
    // Twice, for a graph that changed its input would not show at once.
    for _ in 0..2 {
        results.clear();
        zen.settle(&inputs, |found| results.push(Zen::split(&found)));
    }
    for ((case, totals), zen) in cases.iter().zip(&totals).zip(results) {
        let expected = expected(case, ours);
        let rhai = Expression::split(&rhai.settle(&Expression::arguments(totals)));
        for (name, found) in NAMES.into_iter().zip([zen, rhai]) {
            if found != expected {
                return Err(format!("{name}: expected {expected:?}, found {found:?}"));
            }
        }
    }
    Ok(())
}

/// Them as contenders; their inputs are made here, before anything is timed.
#[cfg(feature = "engines")]
pub fn contenders<'a>(cases: &[Case]) -> Vec<Contender<'a>> {
    use crate::expression::Expression;
    use crate::totals::Totals;
    use crate::zen::Zen;

    let totals: Vec<Totals> = cases.iter().map(Totals::from).collect();
    let inputs: Vec<_> = totals.iter().map(Zen::input).collect();
    let arguments: Vec<_> = totals.iter().map(Expression::arguments).collect();
    let (zen, rhai) = (Zen::new(), Expression::new());
    vec![
        Contender::new(NAMES[0], cases.len(), move || {
            let mut keys = 0;
            zen.settle(&inputs, |found| {
                keys += i64::from(found.dot("patient").is_some())
            });
            keys
        }),
        Contender::new(NAMES[1], cases.len(), move || {
            let found = arguments.iter().map(|bill| rhai.settle(bill).len() as i64);
            found.sum()
        }),
    ]
}

/// Nothing to compare.
///
/// # Errors
///
/// None.
#[cfg(not(feature = "engines"))]
pub fn check(_: &[Case], _: &mut Ours) -> Result<(), String> {
    Ok(())
}

/// None.
#[cfg(not(feature = "engines"))]
pub fn contenders<'a>(_: &[Case]) -> Vec<Contender<'a>> {
    Vec::new()
}
