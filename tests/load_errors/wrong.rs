//! Wrong files: a good file, an edit of it, and the errors that must come of it.

use payer_split::{Code, Diagnostics, RuleBook};

/// A good file, of which the wrong ones are edits.
pub const COUNTY: &str = r#"[policy]
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
pub struct Wrong {
    pub title: &'static str,
    files: Vec<File>,
    errors: Vec<(Code, Option<&'static str>)>,
}

struct File {
    name: &'static str,
    good: String,
    wrong: String,
}

/// Starts from [`COUNTY`].
pub fn wrong(title: &'static str) -> Wrong {
    Wrong {
        title,
        files: Vec::new(),
        errors: Vec::new(),
    }
    .also("county.toml", COUNTY)
}

impl Wrong {
    /// Adds a good file; edits then are of this one.
    pub fn also(mut self, name: &'static str, text: &str) -> Wrong {
        self.files.push(File {
            name,
            good: text.to_owned(),
            wrong: text.to_owned(),
        });
        self
    }

    /// Adds good text at the end of the file.
    pub fn add(mut self, text: &str) -> Wrong {
        let file = self.file();
        for whole in [&mut file.good, &mut file.wrong] {
            whole.push('\n');
            whole.push_str(text);
        }
        self
    }

    /// Puts good text in the place of other good text.
    pub fn with(mut self, from: &str, to: &str) -> Wrong {
        let file = self.file();
        file.good = replaced(&file.good, from, to);
        file.wrong = replaced(&file.wrong, from, to);
        self
    }

    /// Makes the file wrong: `to` in the place of `from`.
    pub fn edit(mut self, from: &str, to: &str) -> Wrong {
        let file = self.file();
        file.wrong = replaced(&file.wrong, from, to);
        self
    }

    /// Makes the file wrong: this whole text instead.
    pub fn instead(mut self, text: &str) -> Wrong {
        self.file().wrong = text.to_owned();
        self
    }

    /// Expects an error; those of one set of files in the order of their places.
    pub fn error(mut self, code: Code) -> Wrong {
        self.errors.push((code, None));
        self
    }

    /// Expects that the last error comes with this suggestion.
    pub fn suggests(mut self, name: &'static str) -> Wrong {
        self.errors.last_mut().expect("an error").1 = Some(name);
        self
    }

    fn file(&mut self) -> &mut File {
        self.files.last_mut().expect("a file")
    }

    pub fn codes(&self) -> Vec<Code> {
        self.errors.iter().map(|(code, _)| *code).collect()
    }

    /// What loading the wrong files reports.
    pub fn problems(&self) -> Diagnostics {
        let files: Vec<(&str, Vec<u8>)> = self
            .files
            .iter()
            .map(|file| (file.name, bytes(&file.wrong.replace(MARKS, ""))))
            .collect();
        problems(files.iter().map(|(name, bytes)| (*name, bytes.as_slice())))
    }

    /// How loading went otherwise than expected, if it did.
    pub fn failure(&self) -> Option<String> {
        let good = self.files.iter().map(|file| (file.name, &*file.good));
        if let Err(found) = RuleBook::from_texts(good) {
            return Some(format!("## {}: repaired, it has\n{found}", self.title));
        }
        let places = self.files.iter().flat_map(marked);
        let places = places.map(Some).chain(std::iter::repeat(None));
        let expected: Vec<String> = self
            .errors
            .iter()
            .zip(places)
            .map(|((code, suggestion), place)| {
                let place = match place {
                    Some((file, line, column, text)) => format!("{file}:{line}:{column}: `{text}`"),
                    None => format!("{}: as a whole", self.files[0].name),
                };
                format!("{place} {code} {suggestion:?}")
            })
            .collect();
        let problems = self.problems();
        let found: Vec<String> = problems
            .iter()
            .map(|d| {
                let place = match d.line().zip(d.column()) {
                    Some((line, column)) => {
                        format!("{}:{line}:{column}: `{}`", d.file(), d.underlined())
                    }
                    None => format!("{}: as a whole", d.file()),
                };
                format!("{place} {} {:?}", d.code(), d.suggestion())
            })
            .collect();
        let marks: usize = self.files.iter().map(|file| marked(file).len()).sum();
        if expected == found && marks <= self.errors.len() {
            return None;
        }
        Some(format!(
            "## {}\nexpected ({marks} marked)\n{}\nfound\n{}\n{problems}",
            self.title,
            expected.join("\n"),
            found.join("\n")
        ))
    }
}

/// What loading files reports; they must not load.
pub fn problems<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Diagnostics {
    RuleBook::from_bytes(files).expect_err("wrong files")
}

/// The text with the one occurrence of `from` replaced.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` must be there once");
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
