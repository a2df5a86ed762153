//! (d) Rhai, a script beside the program: the embedded language that a Rust user is likeliest to reach for.
//!
//! Chosen because it is pure Rust, much used and kept, and the only one of them with decimals of its own; CEL, the other
//! candidate, computes with floats. The script is compiled once and called as a function. It gives totals only, of the
//! sums of the parts, as (c) does; making its arguments of a bill is not timed.

use crate::totals::{Split, Totals};
use rhai::{AST, Array, Dynamic, Engine, Scope};
use rust_decimal::Decimal;

const SCRIPT: &str = include_str!("eight-steps.rhai");

/// The compiled script.
pub struct Expression {
    engine: Engine,
    script: AST,
}

impl Expression {
    pub fn new() -> Expression {
        let engine = Engine::new();
        let script = engine
            .compile(SCRIPT)
            .unwrap_or_else(|error| panic!("{error}"));
        Expression { engine, script }
    }

    /// A bill as the arguments of the function.
    pub fn arguments(totals: &Totals) -> Vec<Dynamic> {
        vec![
            totals.tier.clone().into(),
            totals.category.clone().into(),
            totals.in_scope.into(),
            totals.out_of_scope.into(),
            totals.basic_limit.into(),
            totals.major_deductible.into(),
            totals.major_bands.into(),
            totals.aid_limit.into(),
        ]
    }

    /// What each payer and the patient pay.
    pub fn settle(&self, arguments: &[Dynamic]) -> Array {
        let mut scope = Scope::new();
        self.engine
            .call_fn(&mut scope, &self.script, "settle", arguments.to_vec())
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The amounts of a result.
    pub fn split(found: &Array) -> Split {
        let amount = |found: &Dynamic| found.as_decimal().expect("a decimal");
        found.iter().map(amount).collect::<Vec<Decimal>>()
    }
}

impl Default for Expression {
    fn default() -> Expression {
        Expression::new()
    }
}
