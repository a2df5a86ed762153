//! Settles a file of bills on all cores, of one county or of many: `cargo run --release --example batch -- --help`.
//!
//! How the bills flow: `read` takes the input apart into bills, in chunks; `record` and `csv` read them, and find
//! their policies; `settle` settles a chunk on all cores by `settle_many` while the next one is read; `output` writes
//! splits and rejects; `summary` adds up what each payer pays. `options` has the help, with the columns of CSV; `make`
//! and `csv_write` make bills up, to try and to measure it.

#[path = "batch/csv.rs"]
mod csv;
#[path = "batch/csv_write.rs"]
mod csv_write;
#[path = "batch/make.rs"]
mod make;
#[path = "batch/options.rs"]
mod options;
#[path = "batch/output.rs"]
mod output;
#[path = "batch/progress.rs"]
mod progress;
#[path = "batch/read.rs"]
mod read;
#[path = "batch/record.rs"]
mod record;
#[path = "batch/settle.rs"]
mod settle;
#[path = "batch/summary.rs"]
mod summary;

use options::{Format, HELP, Options};
use payer_split::{Detail, RuleBook};
use progress::{Progress, per_second};
use read::Reader;
use record::Index;
use settle::{Line, Settler};
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal as _, Write};
use std::process::ExitCode;
use summary::Rejects;

fn main() -> ExitCode {
    let code = run(
        env::args_os().skip(1),
        Streams {
            input: Box::new(BufReader::new(io::stdin())),
            output: Box::new(BufWriter::new(io::stdout())),
            errors: Box::new(io::stderr()),
            is_terminal: io::stderr().is_terminal(),
        },
    );
    ExitCode::from(code)
}

/// What a run reads and writes besides files.
pub(crate) struct Streams<'a> {
    pub(crate) input: Box<dyn BufRead + Send + 'a>,
    pub(crate) output: Box<dyn Write + Send + 'a>,
    pub(crate) errors: Box<dyn Write + 'a>,
    /// Whether `errors` is a terminal, for a progress bar.
    pub(crate) is_terminal: bool,
}

/// Runs the example; its exit code.
pub(crate) fn run(args: impl IntoIterator<Item = OsString>, mut streams: Streams<'_>) -> u8 {
    let done = Options::parse(args).and_then(|options| try_run(&options, &mut streams));
    done.unwrap_or_else(|message| {
        let _ = streams.output.flush();
        let _ = writeln!(
            streams.errors,
            "error: {message}\n`--help` shows the options"
        );
        2
    })
}

fn try_run(options: &Options, streams: &mut Streams<'_>) -> Result<u8, String> {
    if options.help {
        // A reader that has seen enough, such as `head`, closes the pipe.
        let _ = streams.output.write_all(HELP.as_bytes());
        let _ = streams.output.flush();
        return Ok(0);
    }
    let format = options.format()?;
    if let Some(count) = options.make()? {
        let path = options.input()?;
        options.may_write(path)?;
        let progress = Progress::new(streams.is_terminal, None);
        let at = |error| format!("`{path}`: {error}");
        if path == "-" {
            make::make(count, format, &mut streams.output, progress).map_err(at)?;
        } else {
            let mut file = create(path)?;
            make::make(count, format, &mut file, progress).map_err(at)?;
        }
        return Ok(0);
    }
    settle_all(options, format, streams)
}

fn settle_all(options: &Options, format: Format, streams: &mut Streams<'_>) -> Result<u8, String> {
    let (paths, most) = (options.paths()?, options.chunk()?);
    let book = match &options.rules {
        None => RuleBook::embedded(),
        Some(rules) => RuleBook::read_dir(rules).map_err(|error| error.to_string())?,
    };
    let index = Index::new(&book);

    let mut length = None;
    let input: Box<dyn BufRead + Send + '_> = if paths.input == "-" {
        Box::new(&mut streams.input)
    } else {
        let cannot = |error| format!("cannot read `{}`: {error}", paths.input);
        let file = File::open(&paths.input).map_err(cannot)?;
        let found = file.metadata().map_err(cannot)?;
        length = found.is_file().then_some(found.len());
        Box::new(BufReader::with_capacity(1 << 18, file))
    };
    let mut reader = match format {
        Format::JsonLines => Reader::json_lines(input),
        Format::Csv => Reader::csv(input).map_err(|error| format!("`{}`: {error}", paths.input))?,
    };
    let splits: Box<dyn Write + Send + '_> = match paths.out.as_str() {
        "-" => Box::new(&mut streams.output),
        path => Box::new(create(path)?),
    };
    let mut writer = Writer {
        splits,
        splits_path: &paths.out,
        rejects: create(&paths.rejects)?,
        rejects_path: &paths.rejects,
        rejected: Rejects::default(),
    };
    let detail = match options.lines {
        true => Detail::Lines,
        false => Detail::Totals,
    };
    let mut settler = Settler::new(&index, reader.columns().cloned(), detail);
    let mut progress = Progress::new(streams.is_terminal, length);

    let read = |reader: &mut Reader<'_>| {
        let chunk = reader.chunk(most);
        chunk.map_err(|error| format!("cannot read on in `{}`: {error}", paths.input))
    };
    let mut chunk = read(&mut reader)?;
    while !chunk.is_empty() {
        // The next chunk is read while this one is settled.
        let (next, lines) = rayon::join(|| read(&mut reader), || settler.settle(chunk));
        writer.write(&lines)?;
        progress.show(
            reader.bytes(),
            settler.budgets.bills() + writer.rejected.bills(),
        );
        chunk = next?;
    }
    writer.finish()?;
    let time = progress.finish();
    let rejected = writer.rejected.clone();
    drop((writer, reader));

    let table = summary::table(index.policies(), &settler.budgets, &rejected);
    let said = match paths.out.as_str() {
        "-" => streams.errors.write_all(table.as_bytes()),
        _ => streams.output.write_all(table.as_bytes()),
    };
    said.and_then(|()| streams.output.flush())
        .map_err(|error| format!("cannot write the summary: {error}"))?;
    if let Some(path) = &options.summary {
        let data = summary::data(index.policies(), &settler.budgets, &rejected);
        let json = serde_json::to_string_pretty(&data).map_err(|error| error.to_string())?;
        fs::write(path, json + "\n").map_err(|error| format!("`{path}`: {error}"))?;
    }
    let bills = settler.budgets.bills() + rejected.bills();
    let _ = writeln!(
        streams.errors,
        "{bills} bills in {}.{:03} s: {} a second on {} cores; settling alone {} a second a core",
        time.as_secs(),
        time.subsec_millis(),
        per_second(bills, time),
        rayon::current_num_threads(),
        per_second(settler.tried, settler.settling),
    );
    Ok(u8::from(rejected.bills() > 0))
}

/// Where splits and rejects go.
struct Writer<'a> {
    splits: Box<dyn Write + Send + 'a>,
    splits_path: &'a str,
    rejects: BufWriter<File>,
    rejects_path: &'a str,
    rejected: Rejects,
}

impl Writer<'_> {
    fn write(&mut self, lines: &[Line]) -> Result<(), String> {
        for line in lines {
            match line {
                Line::Split(json) => self
                    .splits
                    .write_all(json)
                    .map_err(|error| cannot_write(self.splits_path, error))?,
                Line::Reject(reject) => {
                    self.rejected.count(reject);
                    self.rejects
                        .write_all(&reject.to_json())
                        .map_err(|error| cannot_write(self.rejects_path, error))?;
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), String> {
        let splits = self.splits.flush();
        splits.map_err(|error| cannot_write(self.splits_path, error))?;
        let rejects = self.rejects.flush();
        rejects.map_err(|error| cannot_write(self.rejects_path, error))
    }
}

fn cannot_write(path: &str, error: io::Error) -> String {
    format!("cannot write `{path}`: {error}")
}

fn create(path: &str) -> Result<BufWriter<File>, String> {
    let file = File::create(path).map_err(|error| cannot_write(path, error))?;
    Ok(BufWriter::with_capacity(1 << 18, file))
}
