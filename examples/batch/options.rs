//! What is asked for on the command line.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub(crate) const HELP: &str = "\
Settles a file of bills on all cores: writes who pays how much of each, and
what that comes to for each payer.

usage: batch [OPTIONS] INPUT

INPUT is a file of JSON Lines (.jsonl) or of CSV (.csv), or - for stdin.

  --format FORMAT   jsonl or csv, where the ending of INPUT does not say it
                    (stdin: jsonl)
  --out FILE        the splits, as JSON Lines in the order of the bills, or -
                    for stdout; by default INPUT with the ending .splits.jsonl,
                    and stdout for stdin
  --rejects FILE    the bills that were not settled, as JSON Lines: line number,
                    reason, and their own text; by default beside the splits
                    with the ending .rejects.jsonl. One that holds rejects of
                    an earlier run is not overwritten
  --overwrite       but overwrite it
  --summary FILE    the summary as JSON too
  --lines           what each payer pays of each line of a bill too: a row for
                    each line, in the order of the payers, last the patient
  --rules DIR       the rule files below a directory, not the built-in ones
  --chunk N         how many bills are held at once (default: 10000)
  --make N          write N made-up bills for the built-in rule files to INPUT
                    instead, always the same
  --help            show this and stop

The summary stands on stdout, or on stderr where the splits go to stdout.
RAYON_NUM_THREADS says how many cores to use. A file of any length is read in
chunks; only the years to date of persons are kept to the end.

A line of JSON Lines is one bill (here on three):

  {\"id\": \"B1\", \"region\": \"430304\", \"layer\": \"assumed\", \"person\": \"P1\",
   \"bill\": {\"date\": \"2020-06-01\", \"care\": \"inpatient\", ...},
   \"patient\": {\"scheme\": \"resident\", ...}}

with bill and patient as `settle` reads them. Instead of `region` may stand
`policy`, the id of a policy. Without `layer` assumptions are taken where there
are any. Bills with the same `person` are that person's, in the order of the
file: each takes up the year to date that the one before left.

A row of CSV is one line of a bill, the rows of a bill follow one another, and
the header names the columns, in any order:

  bill                its id. Needed, as are date, care, scheme, fee, and
                      region or policy
  line                1, 2, 3 in each bill: where given, a missing row is found
  region policy layer person
  date care referred admission diagnoses outpatient_disease bill_marks
  tier grade place designated medical facility facility_marks
  scheme categories enrolments certificates age birth_date insured_years
  fee amount class first_share price_limit marks name
  own_expense over_limit first_self_payment in_scope
                      instead of amount and class; empty is 0

What is the same for the whole bill stands in its first row, and in the others
again or not at all. Lists have semicolons; what a patient holds for some time
is written registered-poor[2019-01-01..2020-12-31]. A year to date from before
the file can only be given in JSON Lines. A row is one line of the file. If a
row is broken its whole bill is rejected; if it does not even say whose it is,
so are the bills on both sides.

Exit code: 0 if every bill was settled; 1 if some were rejected; 2 for wrong
usage, or if something could not be read or written.
";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    JsonLines,
    Csv,
}

/// The options as given.
#[derive(Debug, Default)]
pub(crate) struct Options {
    input: Option<String>,
    format: Option<String>,
    out: Option<String>,
    rejects: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) rules: Option<String>,
    make: Option<String>,
    chunk: Option<String>,
    overwrite: bool,
    pub(crate) lines: bool,
    pub(crate) help: bool,
}

/// Where a run reads and writes; `-` is stdin or stdout.
#[derive(Debug)]
pub(crate) struct Paths {
    pub(crate) input: String,
    pub(crate) out: String,
    pub(crate) rejects: String,
}

impl Options {
    pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut args = args.into_iter().map(|arg| {
            arg.into_string()
                .map_err(|arg| format!("`{}` is not UTF-8 text", arg.display()))
        });
        while let Some(arg) = args.next().transpose()? {
            let value = match arg.as_str() {
                "--format" => &mut options.format,
                "--out" => &mut options.out,
                "--rejects" => &mut options.rejects,
                "--summary" => &mut options.summary,
                "--rules" => &mut options.rules,
                "--make" => &mut options.make,
                "--chunk" => &mut options.chunk,
                "--overwrite" => {
                    options.overwrite = true;
                    continue;
                }
                "--lines" => {
                    options.lines = true;
                    continue;
                }
                "--help" | "-h" => {
                    options.help = true;
                    continue;
                }
                option if option.starts_with('-') && option != "-" => {
                    return Err(format!("unknown option `{option}`"));
                }
                _ => {
                    if let Some(other) = options.input.replace(arg) {
                        return Err(format!("expected one file of bills, found `{other}` too"));
                    }
                    continue;
                }
            };
            let given = args.next().transpose()?;
            let given = given.filter(|given| !given.starts_with("--"));
            let given = given.ok_or_else(|| format!("expected a value after `{arg}`"))?;
            if value.replace(given).is_some() {
                return Err(format!("`{arg}` is given twice"));
            }
        }
        Ok(options)
    }

    pub(crate) fn input(&self) -> Result<&str, String> {
        let input = self.input.as_deref();
        input.ok_or_else(|| "expected a file of bills, or `-` for stdin".into())
    }

    /// How many bills are to be made up, if any.
    pub(crate) fn make(&self) -> Result<Option<u64>, String> {
        number("--make", self.make.as_deref())
    }

    /// How many bills are held at once; twice that while one chunk is settled and the next is read.
    pub(crate) fn chunk(&self) -> Result<usize, String> {
        match number("--chunk", self.chunk.as_deref())? {
            Some(0) => Err("expected a number above zero after `--chunk`".into()),
            chunk => Ok(chunk.unwrap_or(10_000)),
        }
    }

    pub(crate) fn format(&self) -> Result<Format, String> {
        let input = self.input()?;
        let ending = Path::new(input).extension().and_then(|name| name.to_str());
        match (self.format.as_deref(), ending) {
            (Some("jsonl"), _) => Ok(Format::JsonLines),
            (Some("csv"), _) => Ok(Format::Csv),
            (Some(other), _) => Err(format!(
                "unknown format `{other}`: expected `jsonl` or `csv`"
            )),
            (None, Some("jsonl" | "ndjson")) => Ok(Format::JsonLines),
            (None, Some("csv")) => Ok(Format::Csv),
            (None, None) if input == "-" => Ok(Format::JsonLines),
            (None, _) => Err(format!(
                "expected a file that ends in `.jsonl` or `.csv`, or `--format`, found `{input}`"
            )),
        }
    }

    /// Where to read and write, if nothing is lost by it.
    pub(crate) fn paths(&self) -> Result<Paths, String> {
        let input = self.input()?.to_owned();
        let beside = |path: &str, ending| {
            let path = Path::new(path).with_extension(ending);
            path.into_os_string().into_string().ok()
        };
        let out = match &self.out {
            Some(out) => Some(out.clone()),
            None if input == "-" => Some("-".into()),
            None => beside(&input, "splits.jsonl"),
        };
        let out = out.ok_or("expected `--out`")?;
        let rejects = match (&self.rejects, out.as_str(), input.as_str()) {
            (Some(rejects), ..) if rejects == "-" => None,
            (Some(rejects), ..) => Some(rejects.clone()),
            (None, "-", "-") => None,
            (None, "-", file) => beside(file, "rejects.jsonl"),
            (None, out, _) => {
                let stem = out.strip_suffix(".splits.jsonl").unwrap_or(out);
                match stem == out {
                    true => beside(out, "rejects.jsonl"),
                    false => Some(format!("{stem}.rejects.jsonl")),
                }
            }
        };
        let rejects = rejects.ok_or("expected a file after `--rejects`")?;
        let files = [
            ("the input", Some(&input)),
            ("`--out`", Some(&out)),
            ("`--rejects`", Some(&rejects)),
            ("`--summary`", self.summary.as_ref()),
        ];
        let mut places: Vec<(&str, PathBuf)> = Vec::new();
        for (what, path) in files {
            let Some(place) = path.and_then(|path| place(path)) else {
                continue;
            };
            if let Some((other, _)) = places.iter().find(|(_, known)| *known == place) {
                let path = place.display();
                return Err(format!("{other} and {what} are the same file `{path}`"));
            }
            places.push((what, place));
        }
        self.may_write(&rejects)?;
        Ok(Paths {
            input,
            out,
            rejects,
        })
    }

    /// Refuses to overwrite a file that holds something that may be nowhere else.
    pub(crate) fn may_write(&self, path: &str) -> Result<(), String> {
        let holds = |found: fs::Metadata| found.is_file() && found.len() > 0;
        if !self.overwrite && fs::metadata(path).is_ok_and(holds) {
            return Err(format!(
                "`{path}` is there already: move it away, or say `--overwrite`"
            ));
        }
        Ok(())
    }
}

fn number<T: FromStr>(option: &str, text: Option<&str>) -> Result<Option<T>, String> {
    let wrong = |text| format!("expected a number after `{option}`, found `{text}`");
    text.map(|text| text.parse().map_err(|_| wrong(text)))
        .transpose()
}

/// Where a file is or will be, whatever way leads there; `None` for stdin, stdout and devices.
fn place(path: &str) -> Option<PathBuf> {
    if path == "-" {
        return None;
    }
    let path = Path::new(path);
    if let Ok(found) = path.canonicalize() {
        return found.is_file().then_some(found);
    }
    let folder = match path.parent()? {
        folder if folder.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}
