//! The promises of the module tree: text → checked policy → pure settlement, each knowing nothing of the one before.

use payer_split::explain::{
    Adjustment, Asked, Cause, ChangeKind, Comparison, Difference, Explanation, Fact, Factor,
    Failed, FigureDifference, How, Kind, Lack, Reason, Refused, Value, Why, WhyNot, Words,
};
use payer_split::interface::{
    Account, FeeLine, Identity, InterfaceError, ItemFund, PolicyItem, Quantity, Record,
    RegionCodes, Reply, Request, SetlDetail, SetlInfo, Share, UnitPrice,
};
use payer_split::receipt::{Amount, Change, Receipt, ReceiptError, Replay, RuleText};
use payer_split::{
    BandRecord, Bill, Care, Case, CaseReport, Category, Certainty, Citation, Class, Code,
    Collective, Date, DateError, Detail, Diagnostic, Diagnostics, Dimension, DirectoryError,
    Document, Enrolment, Exception, Expectation, Facility, Fee, FindError, Grade, Held, Icd10,
    Icd10Error, Icd10Pattern, Label, Language, Layer, LeftOut, Line, LineError, LineInput,
    LineSplit, Mark, Mismatch, Money, MoneyError, Named, OutpatientDisease, Part, Particulars,
    Parts, Patient, Payer, PayerKind, Periods, Place, Policy, Proportion, Rate, Ratio, RatioError,
    Refusal, Rounding, RoundingMode, RoundingUnit, RuleBook, Scheme, SettleError, Settlement,
    Severity, Source, Statement, StepView, Tier, Word, Workspace, YearToDate,
};
use std::collections::BTreeSet;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::path::{Path, PathBuf};

/// The longest a source file may be: longer ones do more than one job.
const LONGEST: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a directory, by its path from the root with forward slashes, with its text.
fn files(directory: &str) -> Vec<(String, String)> {
    fn collect(path: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => collect(&path, out),
                false => out.push(path),
            }
        }
    }
    let mut paths = Vec::new();
    collect(&root().join(directory), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_str()?
                .replace('\\', "/");
            Some((name, std::fs::read_to_string(&path).ok()?))
        })
        .collect()
}

/// The sources of a module: `src/load.rs` and all below `src/load/`.
fn module(name: &str) -> Vec<(String, String)> {
    let (file, folder) = (format!("src/{name}.rs"), format!("src/{name}/"));
    let sources = files("src").into_iter();
    let sources: Vec<_> = sources
        .filter(|(path, _)| *path == file || path.starts_with(&folder))
        .collect();
    assert!(!sources.is_empty(), "no module `{name}`");
    sources
}

/// The code of a source: without comments, and without its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace("&'static", "&")
}

/// The words of a source: identifiers and keywords.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn never_mentions(modules: &[&str], forbidden: &[&str]) {
    for (path, text) in modules.iter().flat_map(|name| module(name)) {
        let code = code(&text);
        for word in forbidden {
            let found = match word.contains("::") {
                true => code.contains(word),
                false => words(&code).any(|known| known == *word),
            };
            assert!(!found, "`{path}` mentions `{word}`");
        }
    }
}

#[test]
fn settling_knows_nothing_of_texts() {
    never_mentions(
        &[
            "settle",
            "policy",
            "settlement",
            "money",
            "ratio",
            "rounding",
            "year",
        ],
        &[
            "toml",
            "Span",
            "Cursor",
            "Sink",
            "Diagnostic",
            "Diagnostics",
            "crate::text",
            "crate::load",
            "crate::input",
            "crate::case",
            "crate::directory",
            "crate::interface",
            "super::load",
        ],
    );
}

/// Explanations take what they know of a settlement's work from one place, and settling knows nothing of them.
#[test]
fn explaining_watches_from_outside() {
    never_mentions(
        &["settle", "settlement", "policy"],
        &["explain", "Why", "crate::explain"],
    );
    never_mentions(
        &["explain"],
        &[
            "toml",
            "Span",
            "Diagnostics",
            "crate::load",
            "crate::text",
            "Workspace",
            "Work",
            "Buffers",
            "Cells",
        ],
    );
}

#[test]
fn loading_knows_nothing_of_settling() {
    never_mentions(
        &["load", "text"],
        &[
            "settle",
            "settlement",
            "Settlement",
            "SettleError",
            "Workspace",
            "crate::bill",
            "crate::patient",
            "crate::case",
        ],
    );
}

#[test]
fn texts_know_nothing_of_policies() {
    never_mentions(
        &["text"],
        &["crate::policy", "crate::load", "Policy", "RuleBook"],
    );
}

/// What is printed is made of a settlement alone.
#[test]
fn printing_knows_nothing_of_policies_and_settling() {
    never_mentions(
        &["document", "page"],
        &[
            "crate::load",
            "crate::text",
            "settle",
            "Workspace",
            "crate::bill",
            "crate::patient",
            "policy::Policy",
            "RuleBook",
        ],
    );
}

#[test]
fn settling_touches_no_file_clock_environment_or_global() {
    never_mentions(
        &["settle", "settlement", "policy", "year"],
        &[
            "fs",
            "env",
            "io",
            "static",
            "Mutex",
            "RefCell",
            "Instant",
            "SystemTime",
            "thread",
            "rand",
            "HashMap",
            "HashSet",
        ],
    );
}

/// Messages go in and out of what everyone else uses: they know nothing of rule files, nor of the inside of settling.
#[test]
fn the_interface_knows_only_inputs_and_settlements() {
    never_mentions(
        &["interface"],
        &[
            "toml",
            "fs",
            "crate::text",
            "crate::load",
            "crate::input",
            "crate::settle::",
            "Policy",
        ],
    );
}

/// Only one module reads from a disk.
#[test]
fn only_the_directory_module_touches_a_disk() {
    for (path, text) in files("src") {
        if path != "src/directory.rs" {
            assert!(!code(&text).contains("std::fs"), "`{path}` touches a disk");
        }
    }
}

/// No amount goes through a binary fraction on its way from the file's text to the result. The one place that may name
/// them refuses what a data format gives as a float.
#[test]
fn there_are_no_floats() {
    for (path, text) in files("src") {
        let code = code(&text).replace("fn visit_f64<E: serde::de::Error>(self, yuan: f64)", "");
        for float in ["f32", "f64"] {
            let found = words(&code).any(|word| word == float);
            assert!(!found, "`{path}` mentions `{float}`");
        }
    }
}

#[test]
fn sources_are_short() {
    for (path, text) in files("src") {
        if path.ends_with(".rs") {
            let lines = text.lines().count();
            assert!(lines <= LONGEST, "`{path}` has {lines} lines");
        }
    }
}

#[test]
fn every_rule_file_is_embedded() {
    let on_disk: BTreeSet<(String, String)> = files("rules")
        .into_iter()
        .filter(|(path, _)| path.ends_with(".toml") && !path.ends_with(".cases.toml"))
        .map(|(path, text)| (path, text.replace("\r\n", "\n")))
        .collect();
    let embedded: BTreeSet<(String, String)> = RuleBook::embedded_files()
        .map(|(path, text)| (path.to_owned(), text.replace("\r\n", "\n")))
        .collect();
    let paths = |files: &BTreeSet<(String, String)>| -> Vec<String> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(paths(&embedded), paths(&on_disk));
    assert_eq!(embedded, on_disk);
}

#[test]
fn the_embedded_rule_files_have_no_warnings() {
    let warnings = RuleBook::embedded().warnings().clone();
    assert!(warnings.is_empty(), "{warnings}");
}

/// The stated layer holds no assumption: it is in the name of the file and of the policy.
#[test]
fn assumed_layers_are_named_so() {
    for (path, text) in RuleBook::embedded_files() {
        let says_assumed = text.lines().any(|line| line == "layer = \"assumed\"");
        assert_eq!(path.ends_with(".assumed.toml"), says_assumed, "{path}");
    }
}

fn plain<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}
fn data<T: Clone + std::fmt::Debug + Send + Sync + 'static>() {}
fn error<T: std::error::Error + Send + Sync + 'static>() {}

/// Every public type can be moved to, and shared between, threads, and used after a caught panic.
#[test]
fn public_types_are_send_sync_unpin_and_unwind_safe() {
    macro_rules! all {
        ($($type:ty),* $(,)?) => {
            $(plain::<$type>(); data::<$type>();)*
        };
    }
    all![Amount, Change, Receipt, Replay, RuleText];
    all![
        BandRecord,
        Bill,
        Care,
        Case,
        CaseReport,
        Category,
        Certainty,
        Citation,
        Class,
        Code,
        Collective,
        Date,
        Detail,
        Diagnostic,
        Diagnostics,
        Dimension,
        Enrolment,
        Exception,
        Expectation,
        Facility,
        Fee,
        Grade,
        Held<Category>,
        Icd10,
        Icd10Pattern,
        Label,
        Language,
        Layer,
        LeftOut,
        Line,
        LineInput,
        Mark,
        Mismatch,
        Money,
        Named,
        OutpatientDisease,
        Part,
        Particulars,
        Parts,
        Patient,
        Payer,
        PayerKind,
        Periods,
        Place,
        Policy,
        Proportion,
        Rate,
        Ratio,
        Rounding,
        RoundingMode,
        RoundingUnit,
        RuleBook,
        Scheme,
        Settlement,
        Severity,
        Source,
        Tier,
        Word,
        Workspace,
        YearToDate,
    ];
    // Of the national interface.
    all![
        Account,
        FeeLine,
        Identity,
        InterfaceError,
        ItemFund,
        PolicyItem,
        Quantity,
        Record,
        RegionCodes,
        Reply,
        Request,
        SetlDetail,
        SetlInfo,
        Share,
        UnitPrice,
    ];
    // Of explanations.
    all![
        Adjustment,
        Asked,
        Cause,
        ChangeKind,
        Comparison,
        Difference,
        Explanation,
        Fact,
        Factor,
        Failed,
        FigureDifference,
        How,
        Kind,
        Lack,
        Reason,
        Refused,
        Value,
        Why,
        WhyNot,
        Words,
    ];
    plain::<StepView<'_>>();
    plain::<LineSplit<'_>>();
    plain::<Statement<'_>>();
    plain::<Document<'_>>();
    error::<DateError>();
    error::<Diagnostics>();
    error::<DirectoryError>();
    error::<FindError>();
    error::<Icd10Error>();
    error::<InterfaceError>();
    error::<LineError>();
    error::<MoneyError>();
    error::<RatioError>();
    error::<ReceiptError>();
    error::<Refusal>();
    error::<Refused>();
    error::<SettleError>();
}

/// The list above is the whole of the crate's root.
#[test]
fn the_list_of_public_types_is_whole() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let here = include_str!("architecture.rs");
    let known: BTreeSet<&str> = words(here).collect();
    let exported = lib
        .split("pub use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next());
    for name in exported.flat_map(words) {
        if name.starts_with(char::is_uppercase) {
            assert!(known.contains(name), "`{name}` is public and not listed");
        }
    }
}
