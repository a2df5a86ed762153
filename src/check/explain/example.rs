//! Examples: a few lines that stand in a small project.

use crate::check::Project;
use std::fmt;

/// What stands before the lines of an example: a file up to a step whose formula they give.
const COUNTY: &str = r#"[policy]
id = "county"
version = "2020"
region = "430304"
name = "示例县"
from = 2020-01-01
to = 2020-06-30

[[source]]
id = "S1"
title = "示例县实施细则"
date = 2019-12-20

[[payer]]
id = "basic"
name = "基本医保"
kind = "insurance"

[[step]]
id = "basic"
name = "基本医保住院"
payer = "basic"
source = "S1"
when = { care = "inpatient" }
"#;

/// The rest of the file beside which an example stands.
const REST: &str = r#"deductible = 400
ratio.tier = { township = "90%", county = "80%", other = "unstated" }

[[step.limit]]
id = "year"
amount = 30000
per = "year"
on = "payment"
"#;

/// In an example: a byte that is not UTF-8, which editors show so.
const BAD_BYTE: char = '\u{fffd}';

/// Where the lines of an example stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// In a step, whose formula they give, and behind it.
    Step,
    /// In a file of their own, alone.
    Alone,
    /// In a file of their own, beside that of a county.
    Beside,
    /// In a case file, beside the file of a county.
    Case,
}

/// A few lines of a file. `Display` shows them indented; [`project`](Self::project) puts them where they belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    lines: &'static str,
    stands: Stands,
    /// How often the lines are repeated, `#` in them being the number.
    times: usize,
}

impl Example {
    /// In a step.
    pub(super) const fn step(lines: &'static str) -> Example {
        Example::new(lines, Stands::Step)
    }

    /// In a step and behind it, so many times.
    pub(super) const fn repeated(lines: &'static str, times: usize) -> Example {
        Example {
            times,
            ..Example::step(lines)
        }
    }

    /// A file of its own.
    pub(super) const fn alone(lines: &'static str) -> Example {
        Example::new(lines, Stands::Alone)
    }

    /// A file beside that of a county.
    pub(super) const fn beside(lines: &'static str) -> Example {
        Example::new(lines, Stands::Beside)
    }

    /// A case file beside the file of a county.
    pub(super) const fn case(lines: &'static str) -> Example {
        Example::new(lines, Stands::Case)
    }

    const fn new(lines: &'static str, stands: Stands) -> Example {
        Example {
            lines,
            stands,
            times: 1,
        }
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &'static str {
        self.lines
    }

    /// The lines in the files where they belong: a project to check.
    #[must_use]
    pub fn project(&self) -> Project {
        let lines = match self.times {
            1 => self.lines.to_owned(),
            times => (0..times)
                .map(|number| self.lines.replace('#', &number.to_string()))
                .collect(),
        };
        let county = || ("county.toml", format!("{COUNTY}{REST}"));
        let files = match self.stands {
            Stands::Step if self.times > 1 => {
                vec![("county.toml", format!("{COUNTY}{REST}\n{lines}"))]
            }
            Stands::Step => vec![("county.toml", format!("{COUNTY}{lines}"))],
            Stands::Alone => vec![("county.toml", lines)],
            Stands::Beside => vec![county(), ("second.toml", lines)],
            Stands::Case => vec![county(), ("county.cases.toml", lines)],
        };
        let files = files.into_iter();
        Project::from_bytes(files.map(|(name, text)| (name.to_owned(), bytes(&text))))
    }
}

/// The bytes of a text, with the bad byte where it is asked for.
fn bytes(text: &str) -> Vec<u8> {
    let parts: Vec<&[u8]> = text.split(BAD_BYTE).map(str::as_bytes).collect();
    parts.join(&0xC7)
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.lines.lines().enumerate() {
            let start = if number == 0 { "" } else { "\n" };
            let indent = if line.is_empty() { "" } else { "  " };
            write!(f, "{start}{indent}{line}")?;
        }
        match self.times {
            1 => Ok(()),
            times => write!(f, "\n  … × {times}"),
        }
    }
}
