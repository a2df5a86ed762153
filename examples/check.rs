//! Checks rule files and runs the cases beside them: `cargo run --example check -- rules`.

use payer_split::check::{self, Coverage, Exercise, Explanation, MutationReport, Project, Report};
use serde_json::{Value, json};
use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

const HELP: &str = "\
Checks rule files: loads them, looks for what is probably not meant, runs the
cases beside them, and reports how much of the rules the cases exercise.

usage: check [OPTIONS] [PATH]...

A PATH is a file or a folder; without one it is `rules`. Of a folder all files
below it are checked. With a file come the files of its folder that are about
the same policy id: other versions and layers, and cases. What these extend is
looked for in their folder and the two above it.

  --format FORMAT   default: each problem with its line and the wrong text
                    underlined, each failing case as a table, the coverage
                    short: one problem a line,
                      path:line:column: error[code]: message
                    json: the same as data
  --coverage        list what of the rules no case exercises, with a case
                    that would, ready to paste
  --mutation        change each figure in turn and list the changes that no
                    case notices (this takes a while)
  --explain CODE    explain a code such as `table-misses`, and stop
  --help            show this and stop

Exit code: 0 if nothing is wrong (warnings and gaps of coverage are not); 1 if
there is an error or a case fails; 2 for wrong usage, or if nothing can be read.
";

fn main() -> ExitCode {
    let outcome = run(env::args_os().skip(1));
    // A reader that has seen enough, such as `head`, closes the pipe.
    let _ = io::stdout().write_all(outcome.stdout.as_bytes());
    let _ = io::stderr().write_all(outcome.stderr.as_bytes());
    ExitCode::from(outcome.code)
}

/// What a run says, and its exit code.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: u8,
}

pub(crate) fn run(args: impl IntoIterator<Item = OsString>) -> Outcome {
    let said = Options::parse(args).and_then(|options| match (options.help, &options.explain) {
        (true, _) => Ok((HELP.to_owned(), 0)),
        (false, Some(code)) => explain(code).map(|text| (text, 0)),
        (false, None) => checked(&options),
    });
    match said {
        Ok((stdout, code)) => Outcome {
            stdout,
            code,
            ..Outcome::default()
        },
        Err(message) => Outcome {
            stderr: format!("error: {message}\n`--help` shows the options\n"),
            code: 2,
            ..Outcome::default()
        },
    }
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Format {
    #[default]
    Default,
    Short,
    Json,
}

#[derive(Default)]
struct Options {
    paths: Vec<String>,
    format: Option<Format>,
    coverage: bool,
    mutation: bool,
    explain: Option<String>,
    help: bool,
}

impl Options {
    fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut args = args.into_iter().map(|arg| {
            arg.into_string()
                .map_err(|arg| format!("`{}` is not UTF-8 text", arg.display()))
        });
        while let Some(arg) = args.next().transpose()? {
            let mut value = || {
                let given = args.next().transpose()?;
                let given = given.filter(|given| !given.starts_with("--"));
                given.ok_or_else(|| format!("expected a value after `{arg}`"))
            };
            match arg.as_str() {
                "--format" => {
                    let format = match value()?.as_str() {
                        "default" => Format::Default,
                        "short" => Format::Short,
                        "json" => Format::Json,
                        other => {
                            return Err(format!(
                                "unknown format `{other}`: expected `default`, `short` or `json`"
                            ));
                        }
                    };
                    if options.format.replace(format).is_some() {
                        return Err("`--format` is given twice".into());
                    }
                }
                "--explain" => options.explain = Some(value()?),
                "--coverage" => options.coverage = true,
                "--mutation" => options.mutation = true,
                "--help" | "-h" => options.help = true,
                option if option.starts_with('-') => {
                    return Err(format!("unknown option `{option}`"));
                }
                _ => options.paths.push(arg),
            }
        }
        if options.paths.is_empty() {
            options.paths.push("rules".into());
        }
        Ok(options)
    }
}

fn explain(code: &str) -> Result<String, String> {
    let explanation = Explanation::of(code).map_err(text)?;
    Ok(explanation.to_string())
}

/// What checking says, and its exit code.
fn checked(options: &Options) -> Result<(String, u8), String> {
    let project = Project::read(&options.paths).map_err(|error| error.to_string())?;
    let report = project.check();
    let format = options.format.unwrap_or_default();
    let wanted = options.coverage || format != Format::Short;
    let has_run = report.cases().len() > report.not_run();
    let coverage = (wanted && has_run).then(|| check::coverage(&project));
    let mutation = options
        .mutation
        .then(|| check::mutation(&project, |_, _| ()));
    let text = match format {
        Format::Json => data(&report, coverage.as_ref(), mutation.as_ref())?,
        format => {
            let mut text = match format {
                Format::Short => report.short().to_string(),
                _ => report.to_string(),
            };
            match coverage {
                Some(coverage) if options.coverage => text.push_str(&format!("\n{coverage}")),
                Some(coverage) if format == Format::Default => text.push_str(&shares(&coverage)),
                _ => {}
            }
            text.extend(mutation.map(|mutation| format!("\n{mutation}")));
            text
        }
    };
    Ok((text, u8::from(!report.passed())))
}

/// How much of each file the cases exercise.
fn shares(coverage: &Coverage) -> String {
    let mut text = format!(
        "coverage of the rules by the cases: {}%\n",
        coverage.percent()
    );
    for policy in coverage.policies() {
        let (touched, expected) = (policy.touched(), policy.expected());
        let count = format!("{touched}/{expected}");
        let percent = policy.percent();
        text.push_str(&format!("{percent:>5}% {count:>9}  {}\n", policy.policy));
    }
    text
}

fn data(
    report: &Report,
    coverage: Option<&Coverage>,
    mutation: Option<&MutationReport>,
) -> Result<String, String> {
    let mut data = serde_json::to_value(report).map_err(text)?;
    data["coverage"] = coverage.map_or(Value::Null, coverage_data);
    if let Some(mutation) = mutation {
        let changes = mutation.unnoticed().map(|change| {
            json!({
                "file": change.file, "line": change.line, "kind": change.kind.id(),
                "old": change.old, "new": change.new, "case": change.case,
            })
        });
        data["mutation"] = json!({
            "changes": mutation.counts(None).total(),
            "unnoticed": changes.collect::<Vec<Value>>(),
        });
    }
    serde_json::to_string_pretty(&data)
        .map(|json| json + "\n")
        .map_err(text)
}

fn coverage_data(coverage: &Coverage) -> Value {
    let policies = coverage.policies().iter().map(|policy| {
        let untouched = policy.untouched().map(|item| {
            let case = match &item.exercise {
                Exercise::Untouched { case } => case.as_deref(),
                _ => None,
            };
            json!({ "what": item.kind.id(), "path": item.path, "line": item.line, "case": case })
        });
        json!({
            "policy": policy.policy, "file": policy.file,
            "touched": policy.touched(), "expected": policy.expected(),
            "untouched": untouched.collect::<Vec<Value>>(),
        })
    });
    json!({ "percent": coverage.percent(), "policies": policies.collect::<Vec<Value>>() })
}

fn text(error: impl Display) -> String {
    error.to_string()
}
