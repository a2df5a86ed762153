//! Every limit of [`payer_split::limits`]: what is at it is taken in, what is beyond it is refused by its own error; and up
//! to the limits memory and time grow in step with the input.

use allocation_counter::measure;
use payer_split::limits::*;
use payer_split::{
    Bill, Care, Code, Diagnostics, Dimension, Facility, Held, Icd10, Line, Money, Patient,
    RuleBook, SettleError, Settlement, settle,
};

const HEAD: &str = r#"
[policy]
id = "t"
version = "1"
region = "unstated"
name = "测试"
from = 2020-01-01
to = "open"

[[source]]
id = "S"
title = "t"
date = "undated"

[[payer]]
id = "p"
name = "付款方"
kind = "insurance"
"#;

const STEP: &str = r#"
[[step]]
id = "a"
name = "a"
payer = "p"
source = "S"
ratio = "50%"
"#;

/// A piece for each number: `#` stands for it.
fn repeated(piece: &str, times: usize) -> String {
    let pieces = (0..times).map(|number| piece.replace('#', &number.to_string()));
    pieces.collect()
}

/// The names `PREFIX0`, `PREFIX1`, and so on, as the elements of an array.
fn names(prefix: &str, times: usize) -> String {
    repeated(&format!("\"{prefix}#\","), times)
}

/// The errors of loading a file, each with its message.
fn errors(text: &str) -> Vec<(Code, String)> {
    match RuleBook::from_texts([("t.toml", text)]) {
        Ok(_) => Vec::new(),
        Err(problems) => told(&problems),
    }
}

fn told(problems: &Diagnostics) -> Vec<(Code, String)> {
    let errors = problems.errors();
    errors
        .map(|problem| (problem.code(), problem.message().to_owned()))
        .collect()
}

fn too_many_of(message: impl Into<String>) -> Vec<(Code, String)> {
    vec![(Code::TooMany, message.into())]
}

/// A file made for a count loads at the limit, and is refused as `too-many` with one more.
fn holds(what: &str, most: usize, make: impl Fn(usize) -> String) {
    assert_eq!(errors(&make(most)), [], "{most} {what}");
    let message = format!("{} {what}, and a policy may have {most}", most + 1);
    assert_eq!(errors(&make(most + 1)), too_many_of(message));
}

#[test]
fn sections() {
    holds("steps", MAX_STEPS, |count| {
        format!(
            "{HEAD}{}",
            repeated(&STEP.replace("\"a\"", "\"a#\""), count)
        )
    });
    holds("diseases", MAX_DISEASES, |count| {
        let diseases = repeated(
            "[[disease]]\nid = \"d#\"\nname = \"d#\"\nicd10 = [\"K80\"]\n",
            count,
        );
        let when = format!("when = {{ disease = [{}] }}\n", names("d", count));
        format!("{HEAD}{STEP}{when}{diseases}")
    });
    holds("entries of `[[source]]`", MAX_ENTRIES, |count| {
        // One of them is the head's.
        let sources = repeated(
            "[[source]]\nid = \"S#\"\ntitle = \"t\"\ndate = \"undated\"\n",
            count - 1,
        );
        let cite = "[[left_out]]\nid = \"l#\"\nsource = \"S#\"\ntext = \"t\"\nclause = \"c\"\nreason = \"r\"\n";
        format!("{HEAD}{STEP}{sources}{}", repeated(cite, count - 1))
    });
    holds("entries of `[[payer]]`", MAX_ENTRIES, |count| {
        let payers = repeated(
            "[[payer]]\nid = \"p#\"\nname = \"p#\"\nkind = \"insurance\"\n",
            count - 1,
        );
        let step = STEP.replace("\"a\"", "\"a#\"").replace("\"p\"", "\"p#\"");
        let steps = repeated(&step, count.min(MAX_STEPS) - 1);
        format!("{HEAD}{STEP}{payers}{steps}")
    });
    holds("entries of `[[term]]`", MAX_ENTRIES, |count| {
        let terms = repeated(
            "[[term]]\nid = \"t#\"\nname = \"t#\"\nof = \"category\"\npoverty = false\n",
            count,
        );
        let when = format!("when = {{ category = [{}] }}\n", names("t", count));
        format!("{HEAD}{STEP}{when}{terms}")
    });
    holds("entries of `[[group]]`", MAX_ENTRIES, |count| {
        let groups = repeated(
            "[[group]]\nid = \"g#\"\nname = \"g#\"\ncategories = [\"orphan\"]\n",
            count,
        );
        let when = format!("when = {{ category = [{}] }}\n", names("g", count));
        format!("{HEAD}{STEP}{when}{groups}")
    });
    holds("entries of `[[disease_list]]`", MAX_ENTRIES, |count| {
        let disease = "[[disease]]\nid = \"d\"\nname = \"d\"\nicd10 = [\"K80\"]\n";
        let lists = repeated(
            "[[disease_list]]\nid = \"l#\"\nname = \"l#\"\ndiseases = [\"d\"]\n",
            count,
        );
        let when = format!("when = {{ disease = [{}] }}\n", names("l", count));
        format!("{HEAD}{STEP}{when}{disease}{lists}")
    });
    holds("entries of `[[limit]]`", MAX_ENTRIES, |count| {
        let limits = repeated(
            "[[limit]]\nid = \"l#\"\nname = \"l#\"\nsource = \"S\"\non = \"payment\"\nper = \"bill\"\namount = 10\n",
            count,
        );
        let shared = format!("shared_limits = [{}]\n", names("l", count));
        format!("{HEAD}{STEP}{shared}{limits}")
    });
    holds("entries of `[[benefit]]`", MAX_ENTRIES, |count| {
        let benefits = repeated(
            "[[benefit]]\nid = \"b#\"\nname = \"b#\"\nsource = \"S\"\n",
            count,
        );
        format!("{HEAD}{STEP}{benefits}")
    });
    holds("entries of `[[left_out]]`", MAX_ENTRIES, |count| {
        let left_out = repeated(
            "[[left_out]]\nid = \"l#\"\nsource = \"S\"\ntext = \"t\"\nclause = \"c\"\nreason = \"r\"\n",
            count,
        );
        format!("{HEAD}{STEP}{left_out}")
    });
    holds("entries of `[[exception]]`", MAX_ENTRIES, |count| {
        let exceptions = repeated(
            "[[exception]]\nid = \"e#\"\nlaw = 6\nreason = \"r\"\nsource = \"S\"\n",
            count,
        );
        format!("{HEAD}{STEP}{exceptions}")
    });
    holds("entries of `[[scope]]`", MAX_ENTRIES, |count| {
        let scopes = repeated(
            "[[scope]]\nid = \"s#\"\nname = \"s\"\nmove = [\"own-expense\"]\nto = \"in-scope\"\nsource = \"S\"\n",
            count,
        );
        format!("{HEAD}{STEP}{scopes}")
    });
    holds("entries of `[[table]]`", MAX_ENTRIES, |count| {
        let tables = repeated(
            "[[table]]\nid = \"t#\"\nname = \"t\"\nkind = \"ratio\"\nsource = \"S\"\nvalue = \"1%\"\n",
            count,
        );
        // Every table is named by the ratio of one step, in the entry of an admission.
        let entries = repeated("\"1#\" = { table = \"t#\" }, ", count);
        let ratio = format!("ratio.admission = {{ {entries} other = \"0%\" }}\n");
        let step = STEP.replace("ratio = \"50%\"\n", &ratio);
        format!("{HEAD}{step}{tables}")
    });
}

/// A table of a thousand values counts when it is read, and three times wherever it is named: as such, and for what may come
/// of it by its own adjustments and by those of the step.
#[test]
fn values_of_figures() {
    let make = |count: usize| {
        let entries: String = (1..1_000)
            .map(|number| format!("\"{number}\" = \"1%\", "))
            .collect();
        let table = format!(
            "[[table]]\nid = \"t\"\nname = \"t\"\nkind = \"ratio\"\nsource = \"S\"\nvalue.admission = {{ {entries} other = \"0%\" }}\n"
        );
        let named = 66;
        let left = count - 1_000 - named * 3_000;
        let steps = (0..named + left.div_ceil(2)).map(|number| {
            let ratio = match number < named {
                true => "ratio.table = \"t\"\n",
                false => "ratio = \"50%\"\n",
            };
            let deductible = match number >= named && (number - named) * 2 + 1 < left {
                true => "deductible = 1\n",
                false => "",
            };
            let step = STEP.replace("\"a\"", &format!("\"a{number}\""));
            step.replace("ratio = \"50%\"\n", ratio) + deductible
        });
        let steps: String = steps.collect();
        format!("{HEAD}{table}{steps}")
    };
    assert_eq!(errors(&make(MAX_VALUES)), []);
    let message = "the figures can come to more than 200000 values by here";
    assert_eq!(errors(&make(MAX_VALUES + 1)), too_many_of(message));
}

#[test]
fn running_totals_of_a_year() {
    let make = |count: usize| {
        let limits = 50;
        // What the payer and the patient paid, what was billed, in scope or not, and the step's deductible.
        let left = count - 5;
        let outpatient = Dimension::OutpatientDisease.words().len();
        let diseases = left / limits - outpatient - 1;
        let rest = left % limits;
        let each = "[[disease]]\nid = \"d#\"\nname = \"d\"\nicd10 = [\"K80\"]\n";
        let by_disease =
            "[[step.limit]]\nid = \"l#\"\non = \"payment\"\nper = \"disease-year\"\namount = 1#\n";
        let by_year = by_disease
            .replace("l#", "y#")
            .replace("disease-year", "year");
        format!(
            "{HEAD}{STEP}when = {{ disease = [{}] }}\n{}{}{}",
            names("d", diseases),
            repeated(by_disease, limits),
            repeated(&by_year, rest),
            repeated(each, diseases),
        )
    };
    assert_eq!(errors(&make(MAX_COUNTERS)), []);
    let message = "more than 100000 running totals of a year";
    assert_eq!(errors(&make(MAX_COUNTERS + 1)), too_many_of(message));
}

#[test]
fn files_loaded_together() {
    let load = |count: usize| {
        let texts: Vec<(String, String)> = (0..count)
            .map(|number| {
                let text = format!("{HEAD}{STEP}");
                let id = format!("id = \"t{number}\"");
                (
                    format!("{number}.toml"),
                    text.replacen("id = \"t\"", &id, 1),
                )
            })
            .collect();
        let texts = texts.iter();
        let texts = texts.map(|(name, text)| (name.as_str(), text.as_str()));
        RuleBook::from_texts(texts).map_err(|problems| told(&problems))
    };
    assert_eq!(load(MAX_FILES).unwrap().policies().count(), MAX_FILES);
    let beyond = load(MAX_FILES + 1).unwrap_err();
    assert_eq!(beyond, too_many_of("more than 10000 rule files"));
}

#[test]
fn within_a_step() {
    holds(
        "entries of `[[step.adjust]]` in one step",
        MAX_IN_STEP,
        |count| {
            let adjusts = "[[step.adjust]]\nid = \"x#\"\nfigure = \"ratio\"\nsubtract = \"0.1%\"\n";
            format!("{HEAD}{STEP}{}", repeated(adjusts, count))
        },
    );
    holds(
        "entries of `[[step.limit]]` in one step",
        MAX_IN_STEP,
        |count| {
            let limits =
                "[[step.limit]]\nid = \"l#\"\non = \"payment\"\nper = \"bill\"\namount = 1#\n";
            format!("{HEAD}{STEP}{}", repeated(limits, count))
        },
    );
    holds("bands in one step", MAX_IN_STEP, |count| {
        let mut text = format!("{HEAD}{}", STEP.replace("ratio = \"50%\"\n", ""));
        text += "[step.bands]\nper = \"bill\"\n";
        for number in 0..count {
            let over = number * 100;
            let to = match number + 1 == count {
                true => String::new(),
                false => format!("to = {}\n", over + 100),
            };
            text += &format!("[[step.bands.band]]\nover = {over}\n{to}ratio = \"50%\"\n");
        }
        text
    });
}

#[test]
fn conditions_and_covers() {
    holds("different tests in conditions", MAX_FACTS, |count| {
        let steps = repeated(
            &(STEP.replace("\"a\"", "\"a#\"") + "when = { insured_years = # }\n"),
            count,
        );
        format!("{HEAD}{steps}")
    });
    holds("different `covers` of lines", MAX_SELECTORS, |count| {
        let steps = repeated(
            &(STEP.replace("\"a\"", "\"a#\"") + "covers = { marks = [\"m#\"] }\n"),
            count,
        );
        let terms = repeated(
            "[[term]]\nid = \"m#\"\nname = \"m#\"\nof = \"mark\"\n",
            count,
        );
        format!("{HEAD}{steps}{terms}")
    });
}

#[test]
fn files_extended_one_after_another() {
    let chain = |layers: usize| {
        let mut files = vec![("0.toml".to_owned(), format!("{HEAD}{STEP}"))];
        for number in 1..=layers {
            let extends = format!("t/{number}");
            let (version, year) = (number + 1, 2020 + number);
            let text = format!(
                "[policy]\nextends = \"{extends}\"\nversion = \"{version}\"\nfrom = {year}-01-01\nto = {year}-12-31\n"
            );
            files.push((format!("{number}.toml"), text));
        }
        if let Some((_, first)) = files.first_mut() {
            *first = first.replace("\"open\"", "2020-12-31");
        }
        let files = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        RuleBook::from_texts(files).map_err(|problems| told(&problems))
    };
    assert_eq!(
        chain(MAX_LAYERS).unwrap().policies().count(),
        MAX_LAYERS + 1
    );
    let message = "33 files extended one after another, and there may be 32";
    assert_eq!(chain(MAX_LAYERS + 1).unwrap_err(), too_many_of(message));
}

#[test]
fn bytes_and_nesting_of_a_file() {
    let mut text = format!("{HEAD}{STEP}#");
    text += &"x".repeat(MAX_FILE_BYTES - text.len());
    assert_eq!(errors(&text), []);
    let message = "the file has more than 1048576 bytes".to_owned();
    assert_eq!(errors(&(text + "x")), [(Code::FileTooLarge, message)]);
    let nested = |deep: usize| {
        let text = format!("x = {}{}\n{HEAD}{STEP}", "[".repeat(deep), "]".repeat(deep));
        errors(&text)
    };
    // What is nested so is no key, but it is read.
    let message = "unknown key `x` in the file".to_owned();
    assert_eq!(nested(MAX_NESTING), [(Code::UnknownKey, message)]);
    let message = "tables and arrays nested deeper than 32".to_owned();
    assert_eq!(nested(MAX_NESTING + 1), [(Code::TooDeep, message)]);
}

#[test]
fn amounts() {
    let most = MAX_AMOUNT.to_string();
    let more = "10000000000.01";
    assert_eq!(Money::parse(&most), Ok(MAX_AMOUNT));
    assert!(Money::parse(more).is_err());
    let figure = |amount: &str| errors(&format!("{HEAD}{STEP}deductible = {amount}\n"));
    assert_eq!(figure(&most), []);
    let message = "`a.deductible`: `10000000000.01` is too large".to_owned();
    assert_eq!(figure(more), [(Code::BadAmount, message)]);
    let bill = bill(1, MAX_AMOUNT);
    assert_eq!(settled(&policy(STEP), &bill).unwrap().total(), MAX_AMOUNT);
    let bill = bill.with_line(Line::class_a("bed", Money::from_fen(1)).unwrap());
    let error = settled(&policy(STEP), &bill).unwrap_err();
    assert_eq!(error.kind(), "overflow");
    let message = "overflow in `bill.lines`: amounts go up to 10000000000.00";
    assert_eq!(error.to_string(), message);
}

fn policy(rest: &str) -> RuleBook {
    let text = format!("{HEAD}{rest}");
    RuleBook::from_texts([("t.toml", text.as_str())]).unwrap_or_else(|errors| panic!("{errors}"))
}

fn bill(lines: usize, amount: Money) -> Bill {
    let facility = Facility::default();
    let mut bill = Bill::new("2020-05-01".parse().unwrap(), Care::INPATIENT, facility);
    bill.lines = vec![Line::class_a("bed", amount).unwrap(); lines];
    bill
}

fn settled(book: &RuleBook, bill: &Bill) -> Result<Settlement, SettleError> {
    let policy = book.policies().next().expect("a policy");
    settle(policy, bill, &Patient::new("resident"))
}

/// The bill is refused for one more than there may be.
fn one_too_many(result: Result<Settlement, SettleError>, field: &str, what: &str, most: usize) {
    let error = result.expect_err("too many");
    assert_eq!(error.kind(), "too-many");
    let count = most + 1;
    let message = format!("too many in `{field}`: {count} {what}, and there may be {most}");
    assert_eq!(error.to_string(), message);
}

#[test]
fn lines_of_a_bill() {
    let book = policy(STEP);
    let amount = Money::from_fen(101);
    let settlement = settled(&book, &bill(MAX_LINES, amount)).unwrap();
    assert_eq!(settlement.lines().count(), MAX_LINES);
    assert_eq!(settlement.patient().fen(), 101 * 50_000);
    let beyond = settled(&book, &bill(MAX_LINES + 1, amount));
    one_too_many(beyond, "bill.lines", "lines", MAX_LINES);
}

/// A policy that tells lines apart by ten marks, and lines each with other marks: so many kinds.
fn kinds(count: usize) -> (RuleBook, Bill) {
    let steps = repeated(
        &(STEP.replace("\"a\"", "\"a#\"") + "covers = { marks = [\"m#\"] }\n"),
        10,
    );
    let terms = repeated("[[term]]\nid = \"m#\"\nname = \"m#\"\nof = \"mark\"\n", 10);
    let mut bill = bill(count, Money::from_fen(1_00));
    for (number, line) in bill.lines.iter_mut().enumerate() {
        let marks = (0..10).filter(|bit| number >> bit & 1 == 1);
        for mark in marks {
            *line = line.clone().marked(format!("m{mark}"));
        }
    }
    (policy(&(steps + &terms)), bill)
}

#[test]
fn kinds_of_lines() {
    let (book, bill) = kinds(MAX_KINDS);
    assert_eq!(settled(&book, &bill).unwrap().lines().count(), MAX_KINDS);
    let (book, bill) = kinds(MAX_KINDS + 1);
    let beyond = settled(&book, &bill);
    one_too_many(beyond, "bill.lines", "kinds of lines", MAX_KINDS);
}

#[test]
fn what_a_bill_and_a_patient_name() {
    let term =
        "unless = { enrolment = \"e\" }\n[[term]]\nid = \"e\"\nname = \"e\"\nof = \"enrolment\"\n";
    let book = policy(&format!("{STEP}{term}"));
    let policy = book.policies().next().unwrap();
    let code: Icd10 = "K80".parse().unwrap();
    let check = |field: &str, make: &dyn Fn(usize, &mut Bill, &mut Patient)| {
        let run = |count| {
            let (mut bill, mut patient) = (bill(1, Money::from_fen(1)), Patient::new("resident"));
            make(count, &mut bill, &mut patient);
            settle(policy, &bill, &patient)
        };
        assert!(run(MAX_NAMED).is_ok(), "{field}");
        let (_, what) = field.rsplit_once('.').expect("a field of something");
        one_too_many(run(MAX_NAMED + 1), field, what, MAX_NAMED);
    };
    check("bill.diagnoses", &|count, bill, _| {
        bill.diagnoses = vec![code; count];
    });
    check("bill.marks", &|count, bill, _| {
        bill.marks = vec!["implant".into(); count];
    });
    check("bill.facility.marks", &|count, bill, _| {
        bill.facility.marks = vec!["implant".into(); count];
    });
    check("bill.lines.marks", &|count, bill, _| {
        for _ in 0..count {
            bill.lines[0] = bill.lines[0].clone().marked("implant");
        }
    });
    check("patient.categories", &|count, _, patient| {
        patient.categories = vec![Held::always("orphan".into()); count];
    });
    check("patient.enrolments", &|count, _, patient| {
        patient.enrolments = vec![Held::always("e".into()); count];
    });
    check("patient.certificates", &|count, _, patient| {
        patient.certificates = vec![Held::always("diabetes".into()); count];
    });
}

/// Ten times the size takes at most little more than ten times the allocations, and twice that memory, since buffers grow by
/// doubling. Counted, not timed: what is counted is the same on every machine.
fn linear(what: &str, sizes: &[usize], run: &dyn Fn(usize)) {
    let mut before: Option<(u64, u64)> = None;
    for &size in sizes {
        let memory = measure(|| run(size));
        let (peak, count) = (memory.bytes_max, memory.count_total);
        println!("{what}: {size}: {peak} bytes at most, {count} allocations");
        if let Some((old_peak, old_count)) = before {
            let message = format!("{what}: {peak} bytes after {old_peak}");
            assert!(peak <= old_peak * 22, "{message}");
            let message = format!("{what}: {count} allocations after {old_count}");
            assert!(count <= old_count * 11, "{message}");
        }
        before = Some((peak, count));
    }
}

#[test]
fn settling_is_linear_in_lines() {
    let book = policy(STEP);
    let bills = [1_000, 10_000, MAX_LINES].map(|lines| (lines, bill(lines, Money::from_fen(101))));
    linear("lines", &[1_000, 10_000, MAX_LINES], &|lines| {
        let (_, bill) = bills.iter().find(|(size, _)| *size == lines).unwrap();
        assert!(settled(&book, bill).is_ok());
    });
}

/// What may fill a file up to its size: a section with a piece for every number, each right or each wrong.
const FILLED: [(&str, &str); 14] = [
    ("comments", "# a comment #\n"),
    (
        "sources",
        "[[source]]\nid = \"S#\"\ntitle = \"t\"\ndate = \"undated\"\n",
    ),
    (
        "the same source",
        "[[source]]\nid = \"S0\"\ntitle = \"t\"\ndate = \"undated\"\n",
    ),
    (
        "diseases",
        "[[disease]]\nid = \"d#\"\nname = \"d#\"\nicd10 = [\"K80\"]\n",
    ),
    (
        "terms",
        "[[term]]\nid = \"t#\"\nname = \"t#\"\nof = \"category\"\npoverty = true\n",
    ),
    (
        "groups",
        "[[group]]\nid = \"g#\"\nname = \"g#\"\ncategories = [\"orphan\"]\n",
    ),
    (
        "lists of unknown diseases",
        "[[disease_list]]\nid = \"l#\"\nname = \"l\"\ndiseases = [\"unknown#\"]\n",
    ),
    (
        "steps",
        "[[step]]\nid = \"a#\"\nname = \"a\"\npayer = \"p\"\nsource = \"S\"\nratio = \"50%\"\n",
    ),
    (
        "steps behind later ones",
        "[[step]]\nid = \"1#\"\nafter = \"2#\"\n",
    ),
    (
        "steps of unknown payers",
        "[[step]]\nid = \"a#\"\nname = \"a\"\npayer = \"q#\"\nsource = \"S\"\nratio = \"50%\"\n",
    ),
    (
        "benefits",
        "[[benefit]]\nid = \"b#\"\nname = \"b#\"\nsource = \"S\"\n",
    ),
    ("unknown sections", "[[what#]]\nid = \"b#\"\n"),
    ("unknown keys", "[x#]\nid = 1\n"),
    ("what is no TOML", "= #\n"),
];

#[test]
fn loading_is_linear_in_bytes() {
    for (what, piece) in FILLED {
        let of_size = |bytes: usize| {
            let mut text = format!("{HEAD}{STEP}");
            let mut number = 0;
            while text.len() + piece.len() + 10 < bytes {
                text += &piece.replace('#', &number.to_string());
                number += 1;
            }
            text
        };
        let sizes = [MAX_FILE_BYTES / 10, MAX_FILE_BYTES];
        let texts = sizes.map(|size| (size, of_size(size)));
        linear(what, &sizes, &|size| {
            let (_, text) = texts.iter().find(|(bytes, _)| *bytes == size).unwrap();
            let _ = RuleBook::from_texts([("t.toml", text.as_str())]);
        });
    }
}

/// What a small file could make large: it is refused, and before it takes more memory or work than a full file.
#[test]
fn what_multiplies_is_refused() {
    let term = |of: &str| {
        let poverty = match of {
            "category" => "poverty = false\n",
            _ => "",
        };
        let term = "[[term]]\nid = \"x#\"\nname = \"x#\"\nof = \"x\"\n";
        repeated(&(term.replace('x', of) + poverty), 33)
    };
    let table = |number: usize, value: &str| {
        format!(
            "[[table]]\nid = \"t{number}\"\nname = \"t\"\nkind = \"ratio\"\nsource = \"S\"\n{value}\n"
        )
    };
    let tables: String = (1..500)
        .map(|number| {
            let named = format!("{{ table = \"t{}\" }}", number - 1);
            table(
                number,
                &format!("value.category = {{ orphan = {named}, other = {named} }}"),
            )
        })
        .collect();
    let adjusts: String = ["mark", "enrolment", "category"]
        .map(|of| {
            let adjust = format!(
                "[[step.adjust]]\nid = \"{of}#\"\nfigure = \"ratio\"\nadd = \"0.1%\"\nwhen = {{ {of} = \"{of}#\" }}\n"
            );
            repeated(&adjust, 33)
        })
        .concat();
    let terms = ["mark", "enrolment", "category"].map(term).concat();
    let diseases = 9_000;
    let disease = "[[disease]]\nid = \"d#\"\nname = \"d\"\nicd10 = [\"K80\"]\n";
    let list = format!(
        "[[disease_list]]\nid = \"all\"\nname = \"all\"\ndiseases = [{}]\n{}",
        names("d", diseases),
        repeated(disease, diseases)
    );
    let stays: String = (1..1_000).map(|stay| format!("\"{stay}\" = V, ")).collect();
    let by_stay = |value: &str| format!("{{ {stays} other = V }}").replace('V', value);
    let steps = |more: &str| repeated(&(STEP.replace("\"a\"", "\"a#\"") + more), 1_000);
    // One table for a long list is not many.
    let one = STEP.replace(
        "ratio = \"50%\"",
        "ratio.table = \"t0\"\nwhen = { disease = \"all\" }",
    );
    let text = format!("{HEAD}{one}{}{list}", table(0, "value = \"1%\""));
    assert_eq!(errors(&text), []);
    for (what, text, message) in [
        (
            "tables that name a table twice",
            format!("{HEAD}{STEP}{}{tables}", table(0, "value = \"1%\"")),
            "values by here",
        ),
        (
            "adjustments with conditions of different kinds",
            format!("{HEAD}{STEP}{adjusts}{terms}"),
            "values by here",
        ),
        (
            "a long list in every condition",
            format!("{HEAD}{}{list}", steps("when = { disease = \"all\" }\n")),
            "values by here",
        ),
        (
            "values that each hold for a long list",
            format!(
                "{HEAD}{}when = {{ disease = \"all\" }}\nratio.admission = {}\ndeductible.admission = {}\n\
                 [[step.limit]]\nid = \"l\"\non = \"payment\"\nper = \"bill\"\namount.admission = {}\n{list}",
                STEP.replace("ratio = \"50%\"\n", ""),
                by_stay("\"1%\""),
                by_stay("1"),
                by_stay("1"),
            ),
            "values by here",
        ),
        (
            "a long list in every table",
            format!(
                "{HEAD}{}{list}",
                steps("deductible.disease = { all = 1, other = 0 }\n")
            ),
            "values by here",
        ),
        (
            "limits by disease in every step",
            format!(
                "{HEAD}{}{list}",
                steps(
                    "[[step.limit]]\nid = \"l\"\non = \"payment\"\nper = \"disease-year\"\namount = 1\n"
                )
            ),
            "running totals of a year",
        ),
    ] {
        assert!(text.len() <= MAX_FILE_BYTES, "{what}");
        let mut found = Vec::new();
        let memory = measure(|| found = errors(&text));
        let (peak, count) = (memory.bytes_max, memory.count_total);
        println!("{what}: {peak} bytes at most, {count} allocations");
        let refused =
            |(code, told): &(Code, String)| *code == Code::TooMany && told.contains(message);
        assert!(found.iter().any(refused), "{what}: {found:?}");
        assert!(peak <= 200 * MAX_FILE_BYTES as u64, "{what}: {peak}");
        assert!(count <= 4 * MAX_FILE_BYTES as u64, "{what}: {count}");
    }
}

/// The handbook's table of sizes, in both languages, has every constant with its number.
#[test]
fn the_handbook_says_the_same() {
    let all = [
        ("MAX_FILE_BYTES", MAX_FILE_BYTES),
        ("MAX_NESTING", MAX_NESTING),
        ("MAX_LAYERS", MAX_LAYERS),
        ("MAX_FILES", MAX_FILES),
        ("MAX_STEPS", MAX_STEPS),
        ("MAX_DISEASES", MAX_DISEASES),
        ("MAX_ENTRIES", MAX_ENTRIES),
        ("MAX_IN_STEP", MAX_IN_STEP),
        ("MAX_FACTS", MAX_FACTS),
        ("MAX_SELECTORS", MAX_SELECTORS),
        ("MAX_VALUES", MAX_VALUES),
        ("MAX_COUNTERS", MAX_COUNTERS),
        ("MAX_LINES", MAX_LINES),
        ("MAX_KINDS", MAX_KINDS),
        ("MAX_NAMED", MAX_NAMED),
    ];
    let mut rows: Vec<String> = all
        .iter()
        .map(|(name, most)| format!("| {most} | `{name}` |"))
        .collect();
    rows.push(format!("| {MAX_AMOUNT} | `MAX_AMOUNT` |"));
    for handbook in [
        include_str!("../rules/README.md"),
        include_str!("../rules/README.en.md"),
    ] {
        let table: Vec<&str> = handbook
            .lines()
            .filter(|line| line.contains("`MAX_"))
            .collect();
        assert_eq!(table.len(), rows.len());
        for (line, row) in table.iter().zip(&rows) {
            assert!(line.ends_with(row), "{line}: {row}");
        }
    }
}
