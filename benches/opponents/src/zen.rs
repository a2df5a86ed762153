//! (c) `zen-engine` (GoRules): the eight steps as a graph of eight expression nodes, compiled, with
//! `arbitrary_precision`, so that its numbers are decimals.
//!
//! It gives totals only: what each payer and the patient pay. It is given the sums of the parts instead of the lines, and
//! these as its own values: making them of a bill is not timed.

use crate::totals::{Split, Totals};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::runtime::Runtime;
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, DecisionEngine, Variable};

/// Each step's node: its expressions in order; `$` is what the node has found so far.
const NODES: [(&str, &[(&str, &str)]); 8] = [
    (
        "basic-inpatient",
        &[
            (
                "assisted",
                "category in ['extremely-poor', 'minimum-living', 'registered-poor', 'orphan', 'low-income-family']",
            ),
            (
                "stated",
                "tier == 'township' ? 200 : tier == 'county' ? 500 : 1000",
            ),
            (
                "basic_deductible",
                "min([$.assisted ? $.stated * 0.5 : $.stated, in_scope])",
            ),
            (
                "ratio",
                "(tier == 'township' ? 0.85 : tier == 'county' ? 0.75 : 0.60) + ($.assisted ? 0.05 : 0)",
            ),
            (
                "basic",
                "min([round((in_scope - $.basic_deductible) * $.ratio, 2), max([150000 - basic_limit, 0])])",
            ),
            ("after_basic", "in_scope - $.basic"),
        ],
    ),
    (
        "major",
        &[
            (
                "deductible",
                "min([max([(assisted ? 3000 : 6000) - major_deductible, 0]), after_basic])",
            ),
            ("high", "major_bands + after_basic - $.deductible"),
            (
                "first",
                "max([min([$.high, 10000]) - major_bands, 0]) * 0.6",
            ),
            (
                "second",
                "max([min([$.high, 50000]) - max([major_bands, 10000]), 0]) * 0.7",
            ),
            (
                "third",
                "max([$.high - max([major_bands, 50000]), 0]) * 0.8",
            ),
            ("major", "round($.first + $.second + $.third, 2)"),
            ("after_major", "after_basic - $.major"),
        ],
    ),
    (
        "commercial",
        &[("commercial", "round(out_of_scope * 0.35, 2)")],
    ),
    (
        "aid",
        &[
            (
                "aid_ratio",
                "category == 'extremely-poor' ? 0.90 : category == 'minimum-living' ? 0.75 : \
                 category == 'registered-poor' ? 0.70 : category == 'orphan' ? 0.80 : 0.60",
            ),
            (
                "aid",
                "min([round(after_major * $.aid_ratio, 2), max([30000 - aid_limit, 0])])",
            ),
            ("after_aid", "after_major - $.aid"),
        ],
    ),
    (
        "charity",
        &[
            ("charity", "min([round(after_aid * 0.4, 2), 2000])"),
            ("after_charity", "after_aid - $.charity"),
        ],
    ),
    (
        "relief-fund",
        &[
            ("relief", "round(after_charity * 0.5, 2)"),
            ("township", "round($.relief * 0.6, 2)"),
            ("foundation", "$.relief - $.township"),
        ],
    ),
    (
        "floor",
        &[
            ("total", "in_scope + out_of_scope"),
            (
                "unpaid",
                "after_charity - relief + out_of_scope - commercial",
            ),
            (
                "county",
                "max([round($.total * 0.9 - ($.total - $.unpaid), 2), 0])",
            ),
        ],
    ),
    (
        "waiver",
        &[
            ("hospital", "min([round((unpaid - county) * 0.2, 2), 1000])"),
            ("patient", "unpaid - county - $.hospital"),
        ],
    ),
];

/// The keys of the payers in the order of the rule file, and the patient's.
const FOUND: [&str; 10] = [
    "basic",
    "major",
    "commercial",
    "aid",
    "charity",
    "township",
    "foundation",
    "county",
    "hospital",
    "patient",
];

/// The compiled graph.
pub struct Zen {
    decision: Decision,
    runtime: Runtime,
}

impl Zen {
    pub fn new() -> Zen {
        let content: DecisionContent = serde_json::from_value(graph()).expect("a graph");
        let engine = DecisionEngine::default();
        let mut decision = engine
            .create_decision(Arc::new(content))
            .expect("a decision");
        decision.compile();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        Zen { decision, runtime }
    }

    /// A bill as its own values.
    pub fn input(totals: &Totals) -> Variable {
        let value: Value = serde_json::from_str(&totals.to_json()).expect("an object");
        Variable::from(value)
    }

    /// What each bill's graph gives. All bills are one task, so that no task's start is timed.
    pub fn settle(&self, inputs: &[Variable], mut found: impl FnMut(Variable)) {
        self.runtime.block_on(async {
            for input in inputs {
                let response = self.decision.evaluate(input.clone()).await;
                found(response.unwrap_or_else(|error| panic!("{error:?}")).result);
            }
        });
    }

    /// The payers' and the patient's amounts of a result.
    pub fn split(result: &Variable) -> Split {
        let amount = |key: &&str| match result.dot(key) {
            Some(Variable::Number(amount)) => amount,
            other => panic!("`{key}` is {other:?}"),
        };
        FOUND.iter().map(amount).collect()
    }
}

impl Default for Zen {
    fn default() -> Zen {
        Zen::new()
    }
}

/// The nodes in a row, between an input and an output.
fn graph() -> Value {
    let mut nodes = vec![json!({ "id": "in", "name": "in", "type": "inputNode", "content": {} })];
    let mut edges = Vec::new();
    let mut before = "in";
    for (id, expressions) in NODES {
        let expressions: Vec<Value> = expressions
            .iter()
            .map(|(key, value)| json!({ "id": key, "key": key, "value": value }))
            .collect();
        nodes.push(json!({
            "id": id, "name": id, "type": "expressionNode",
            "content": { "expressions": expressions, "passThrough": true, "executionMode": "single" },
        }));
        edges.push(
            json!({ "id": format!("to-{id}"), "sourceId": before, "targetId": id, "type": "edge" }),
        );
        before = id;
    }
    nodes.push(json!({ "id": "out", "name": "out", "type": "outputNode", "content": {} }));
    edges.push(json!({ "id": "to-out", "sourceId": before, "targetId": "out", "type": "edge" }));
    json!({ "nodes": nodes, "edges": edges })
}
