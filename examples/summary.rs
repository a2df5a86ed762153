//! Prints what a rule file says in plain sentences: `cargo run --example summary -- rules/hunan/yuetang/2019.toml`.

use payer_split::check::{Project, summary};
use payer_split::{Policy, RuleBook};
use std::env;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

const HELP: &str = "\
Prints what rule files say in plain sentences, for a person who knows the
policy to confirm.

usage: summary [OPTIONS] [FILE]...

  --policy ID    a built-in policy, by its id or by its full name, such as
                 yuetang/2019/assumed (without a FILE and an ID: yuetang)
  --lang LANG    zh or en (default: zh)
  --help         show this and stop

Exit code: 0; 1 if a file has errors; 2 for wrong usage.
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
    match try_run(args) {
        Ok(stdout) => Outcome {
            stdout,
            ..Outcome::default()
        },
        Err((code, stderr)) => Outcome {
            code,
            stderr: stderr + "\n",
            ..Outcome::default()
        },
    }
}

fn usage(message: impl AsRef<str>) -> (u8, String) {
    let message = message.as_ref();
    (2, format!("error: {message}\n`--help` shows the options"))
}

fn try_run(args: impl IntoIterator<Item = OsString>) -> Result<String, (u8, String)> {
    let (mut files, mut policy, mut english) = (Vec::new(), None, false);
    let mut args = args.into_iter().map(|arg| arg.into_string());
    let mut next = || args.next().transpose().map_err(|_| usage("not UTF-8 text"));
    while let Some(arg) = next()? {
        match arg.as_str() {
            "--help" | "-h" => return Ok(HELP.into()),
            "--lang" => match next()?.as_deref() {
                Some("zh") => english = false,
                Some("en") => english = true,
                _ => return Err(usage("expected `zh` or `en` after `--lang`")),
            },
            "--policy" => {
                let given = next()?.filter(|given| !given.starts_with("--"));
                let given = given.ok_or_else(|| usage("expected an id after `--policy`"))?;
                policy = Some(given);
            }
            option if option.starts_with('-') => {
                return Err(usage(format!("unknown option `{option}`")));
            }
            _ => files.push(arg),
        }
    }
    let policies = match (files.as_slice(), &policy) {
        ([], id) => built_in(id.as_deref().unwrap_or("yuetang"))?,
        (_, Some(_)) => return Err(usage("`--policy` and a file exclude each other")),
        (files, None) => written_in(files)?,
    };
    let texts = policies.iter().map(|policy| match english {
        true => summary(policy).en(),
        false => summary(policy).zh(),
    });
    Ok(texts.collect::<Vec<String>>().join("\n"))
}

/// The policies with an id, or the one with a full name.
fn built_in(id: &str) -> Result<Vec<Policy>, (u8, String)> {
    let book = RuleBook::embedded();
    let named = book.policies();
    let named = named.filter(|policy| policy.id() == id || policy.full_name() == id);
    let named: Vec<Policy> = named.cloned().collect();
    match named.is_empty() {
        true => Err(usage(format!("no built-in policy is called `{id}`"))),
        false => Ok(named),
    }
}

/// The policies that are written in these files. A folder stands for all files below it.
fn written_in(files: &[String]) -> Result<Vec<Policy>, (u8, String)> {
    let project = Project::read(files).map_err(|error| usage(error.to_string()))?;
    let report = project.check();
    if report.diagnostics().has_errors() {
        return Err((1, report.diagnostics().to_string()));
    }
    let is_asked = |name: &str| {
        files.iter().any(|file| {
            let file = file.strip_prefix("./").unwrap_or(file);
            name == file || name.starts_with(&format!("{}/", file.trim_end_matches('/')))
        })
    };
    let policies = project.policies().into_iter();
    let policies: Vec<Policy> = policies
        .filter(|(name, _)| is_asked(name))
        .map(|(_, policy)| policy)
        .collect();
    match policies.is_empty() {
        true => Err(usage("expected a rule file, not a file of cases")),
        false => Ok(policies),
    }
}
