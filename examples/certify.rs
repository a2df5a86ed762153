//! Certifies rule files for every fen of a bill: `cargo run --release --example certify -- rules/hunan/yuetang`.

use payer_split::Money;
use payer_split::check::{Certificate, Project, certify};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

const HELP: &str = "\
Certifies rule files: for every combination of facts that their conditions can
tell apart, and for every fen of a bill, shows that the amounts add up, that
limits and guarantees hold, and that a larger bill is never cheaper for the
patient and never costs more than it is larger.

usage: certify [OPTIONS] [PATH]...

A PATH is a file or a folder, as of `check`; without one it is `rules`.

  --policy NAME   only the policy of this full name (yuetang/2019/assumed)
  --to YUAN       up to this amount of a bill (default: 1000000)
  --json FILE     write the certificates as JSON too
  --help          show this and stop

Exit code: 0 if every claim holds or is declared as an exception; 1 if one does
not, or a rule file has errors; 2 for wrong usage, or if nothing can be read.
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
    match Options::parse(args).and_then(|options| certified(&options)) {
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

#[derive(Default)]
struct Options {
    paths: Vec<String>,
    policy: Option<String>,
    to: Option<Money>,
    json: Option<String>,
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
                "--policy" => options.policy = Some(value()?),
                "--to" => {
                    let amount = Money::parse(&value()?).map_err(|error| error.to_string())?;
                    if amount.is_negative() {
                        return Err("expected an amount above zero after `--to`".into());
                    }
                    options.to = Some(amount);
                }
                "--json" => options.json = Some(value()?),
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

/// The certificates as text, and the exit code.
fn certified(options: &Options) -> Result<(String, u8), String> {
    if options.help {
        return Ok((HELP.to_owned(), 0));
    }
    let project = Project::read(&options.paths).map_err(|error| error.to_string())?;
    let report = project.check();
    if report.diagnostics().has_errors() {
        return Ok((format!("{}\n", report.diagnostics()), 1));
    }
    let names = report.book().policies().map(|policy| policy.full_name());
    let wanted = |name: &String| options.policy.as_ref().is_none_or(|policy| policy == name);
    let names: Vec<String> = names.filter(wanted).collect();
    if names.is_empty() {
        return Err("expected the full name of a policy, such as `yuetang/2019/assumed`".into());
    }
    let million = Money::from_yuan(1_000_000).ok_or("a million yuan")?;
    let certificates = all(&project, &names, options.to.unwrap_or(million))?;
    if let Some(file) = &options.json {
        let json =
            serde_json::to_string_pretty(&certificates).map_err(|error| error.to_string())?;
        fs::write(file, json + "\n").map_err(|error| format!("`{file}`: {error}"))?;
    }
    let mut text: String = certificates
        .iter()
        .map(|certificate| format!("{certificate}\n"))
        .collect();
    let broken = certificates.iter().filter(|found| !found.holds()).count();
    text.push_str(&match (certificates.len(), broken) {
        (all, 0) => format!("certified: {all} of {all} policies\n"),
        (all, broken) => format!("NOT certified: {broken} of {all} policies\n"),
    });
    Ok((text, u8::from(broken > 0)))
}

/// Certifies the policies on all cores, in the order of their names.
fn all(project: &Project, names: &[String], most: Money) -> Result<Vec<Certificate>, String> {
    let bar = Mutex::new(Bar::new(names.len()));
    let next = Mutex::new((0..names.len()).rev());
    let done: Mutex<Vec<(usize, Certificate)>> = Mutex::default();
    let failed: Mutex<Option<String>> = Mutex::default();
    let work = || {
        while let Some(number) = next.lock().ok().and_then(|mut next| next.next()) {
            let Some(name) = names.get(number) else { break };
            let certificate = certify(project, name, most, |plans, of| {
                if let Ok(mut bar) = bar.lock() {
                    bar.show(name, number, plans, of);
                }
            });
            match certificate {
                Ok(certificate) => done
                    .lock()
                    .map(|mut done| done.push((number, certificate)))
                    .unwrap_or_default(),
                Err(error) => failed
                    .lock()
                    .map(|mut failed| *failed = Some(error.to_string()))
                    .unwrap_or_default(),
            }
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..cores.min(names.len()) {
            scope.spawn(work);
        }
    });
    if let Some(error) = failed.into_inner().ok().flatten() {
        return Err(error);
    }
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(number, _)| *number);
    Ok(done
        .into_iter()
        .map(|(_, certificate)| certificate)
        .collect())
}

/// A progress bar on the terminal; silent where there is none.
struct Bar {
    /// By policy: plans done, and of how many.
    plans: Vec<(usize, usize)>,
    shown: String,
    is_terminal: bool,
}

impl Bar {
    fn new(policies: usize) -> Bar {
        Bar {
            plans: vec![(0, 0); policies],
            shown: String::new(),
            is_terminal: io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, name: &str, number: usize, done: usize, of: usize) {
        if let Some(plans) = self.plans.get_mut(number) {
            *plans = (done, of);
        }
        let finished = self.plans.iter().filter(|(done, of)| *of > 0 && done == of);
        let (finished, all) = (finished.count(), self.plans.len());
        let filled = (finished * 30).checked_div(all).unwrap_or(0);
        let line = format!(
            "[{}{}] {finished}/{all} policies; {name}: {done}/{of} plans",
            "#".repeat(filled),
            ".".repeat(30 - filled)
        );
        if self.is_terminal && line != self.shown {
            let end = if finished == all { "\n" } else { "" };
            let _ = write!(io::stderr(), "\r\x1b[K{line}{end}");
            self.shown = line;
        }
    }
}
