//! Wrong files: a good file, an edit of it, and the errors that must come of it.

use payer_split::{Code, Diagnostics, RuleBook, Severity};

/// A good file, of which the wrong ones are edits.
pub(crate) const COUNTY: &str = r#"[policy]
id = "county"
version = "2020"
region = "430304"
name = "测试县健康扶贫"
name_en = "A county"
from = 2020-01-01
to = 2020-12-31

[[source]]
id = "S1"
title = "县政府文件"
date = 2019-12-20

[[payer]]
id = "basic"
name = "居民基本医保"
name_en = "Resident basic insurance"
kind = "insurance"

[[payer]]
id = "aid"
name = "医疗救助"
name_en = "Medical aid"
kind = "aid"

# The first step.
[[step]]
id = "basic"
name = "基本医保住院"
name_en = "Basic insurance, inpatient"
payer = "basic"
source = "S1"
clause = "第三条"
when = { care = "inpatient" }
deductible = 400
ratio = "80%"

[[step]]
id = "aid"
name = "医疗救助"
name_en = "Medical aid"
payer = "aid"
source = "S1"
clause = "第五条"
when = { category = "registered-poor" }
ratio = "70%"

[[step.limit]]
id = "year"
amount = 30000
per = "year"
on = "payment"
"#;

/// In a wrong text: what must be underlined stands between these.
const MARKS: [char; 2] = ['«', '»'];
/// In a wrong text: stands for a byte that is not UTF-8.
const BAD_BYTE: char = '\u{fffd}';

/// Files of which at least one is wrong.
pub(crate) struct Wrong {
    pub(crate) title: &'static str,
    files: Vec<File>,
    errors: Vec<(Severity, Code, Option<&'static str>)>,
}

struct File {
    name: &'static str,
    good: String,
    wrong: String,
}

/// Starts from [`COUNTY`].
pub(crate) fn wrong(title: &'static str) -> Wrong {
    Wrong {
        title,
        files: Vec::new(),
        errors: Vec::new(),
    }
    .also("county.toml", COUNTY)
}

impl Wrong {
    /// Adds a good file; edits then are of this one.
    pub(crate) fn also(mut self, name: &'static str, text: &str) -> Wrong {
        self.files.push(File {
            name,
            good: text.to_owned(),
            wrong: text.to_owned(),
        });
        self
    }

    /// Adds good text at the end of the file.
    pub(crate) fn add(mut self, text: &str) -> Wrong {
        let file = self.file();
        for whole in [&mut file.good, &mut file.wrong] {
            whole.push('\n');
            whole.push_str(text);
        }
        self
    }

    /// Puts good text in the place of other good text.
    pub(crate) fn with(mut self, from: &str, to: &str) -> Wrong {
        let title = self.title;
        let file = self.file();
        file.good = replaced(title, &file.good, from, to);
        file.wrong = replaced(title, &file.wrong, from, to);
        self
    }

    /// Makes the file wrong: `to` in the place of `from`.
    pub(crate) fn edit(mut self, from: &str, to: &str) -> Wrong {
        let title = self.title;
        let file = self.file();
        file.wrong = replaced(title, &file.wrong, from, to);
        self
    }

    /// Makes the file wrong: this whole text instead.
    pub(crate) fn instead(mut self, text: &str) -> Wrong {
        self.file().wrong = text.to_owned();
        self
    }

    /// Expects an error; those of one set of files in the order of their places.
    pub(crate) fn error(mut self, code: Code) -> Wrong {
        self.errors.push((Severity::Error, code, None));
        self
    }

    /// Expects a warning, with which the file loads.
    pub(crate) fn warning(mut self, code: Code) -> Wrong {
        self.errors.push((Severity::Warning, code, None));
        self
    }

    /// Expects that the last error comes with this suggestion.
    pub(crate) fn suggests(mut self, name: &'static str) -> Wrong {
        self.errors.last_mut().expect("an error").2 = Some(name);
        self
    }

    fn file(&mut self) -> &mut File {
        self.files.last_mut().expect("a file")
    }

    pub(crate) fn codes(&self) -> Vec<Code> {
        self.errors.iter().map(|(_, code, _)| *code).collect()
    }

    /// What loading the wrong files reports.
    pub(crate) fn problems(&self) -> Diagnostics {
        let files: Vec<(&str, Vec<u8>)> = self
            .files
            .iter()
            .map(|file| (file.name, bytes(&file.wrong.replace(MARKS, ""))))
            .collect();
        problems(files.iter().map(|(name, bytes)| (*name, bytes.as_slice())))
    }

    /// How loading went otherwise than expected, if it did.
    pub(crate) fn failure(&self, reported: &Diagnostics) -> Option<String> {
        let good = self.files.iter().map(|file| (file.name, &*file.good));
        let good = problems(good.map(|(name, text)| (name, text.as_bytes())));
        if !good.is_empty() {
            return Some(format!("## {}: repaired, it has\n{good}", self.title));
        }
        let places = self.files.iter().flat_map(marked);
        let places = places.map(Some).chain(std::iter::repeat(None));
        let expected: Vec<String> = self
            .errors
            .iter()
            .zip(places)
            .map(|((severity, code, suggestion), place)| {
                let place = match place {
                    Some((file, line, column, text)) => format!("{file}:{line}:{column}: `{text}`"),
                    None => format!("{}: as a whole", self.files[0].name),
                };
                format!("{place} {severity} {code} {suggestion:?}")
            })
            .collect();
        let found: Vec<String> = reported
            .iter()
            .map(|d| {
                let place = match d.line().zip(d.column()) {
                    Some((line, column)) => {
                        format!("{}:{line}:{column}: `{}`", d.file(), d.underlined())
                    }
                    None => format!("{}: as a whole", d.file()),
                };
                format!("{place} {} {} {:?}", d.severity(), d.code(), d.suggestion())
            })
            .collect();
        let marks: usize = self.files.iter().map(|file| marked(file).len()).sum();
        if expected == found && marks <= self.errors.len() {
            return None;
        }
        Some(format!(
            "## {}\nexpected ({marks} marked)\n{}\nfound\n{}\n{reported}",
            self.title,
            expected.join("\n"),
            found.join("\n")
        ))
    }
}

/// What loading files reports: the error, or else the warnings.
pub(crate) fn problems<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Diagnostics {
    RuleBook::from_bytes(files).map_or_else(|errors| errors, |book| book.warnings().clone())
}

/// The text with the one occurrence of `from` replaced.
fn replaced(title: &str, text: &str, from: &str, to: &str) -> String {
    let count = text.matches(from).count();
    assert_eq!(count, 1, "{title}: `{from}` must be there once");
    text.replacen(from, to, 1)
}

/// The places between marks: file, line and column from 1 in characters, and the text.
fn marked(file: &File) -> Vec<(&'static str, usize, usize, String)> {
    let mut places = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut line, mut column) = (1, 1);
    for c in file.wrong.chars() {
        for &place in &open {
            let (.., text): &mut (_, _, _, String) = &mut places[place];
            if !MARKS.contains(&c) {
                text.push(c);
            }
        }
        match c {
            '«' => {
                open.push(places.len());
                places.push((file.name, line, column, String::new()));
            }
            '»' => {
                open.pop().expect("a mark that opens");
            }
            '\n' => (line, column) = (line + 1, 1),
            _ => column += 1,
        }
    }
    assert!(open.is_empty(), "a mark without its end");
    places
}

/// The bytes of a text, with the bad byte where it is asked for.
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, part) in text.split(BAD_BYTE).enumerate() {
        if number > 0 {
            out.push(0xC7);
        }
        out.extend(part.bytes());
    }
    out
}
