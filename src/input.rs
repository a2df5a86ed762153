//! Bills and patients written as TOML: exact literals, and every problem with its place.
//!
//! The same data as serde reads, but amounts and ratios may be plain literals, and what a patient holds may be a plain
//! name.

use crate::bill::{Bill, Facility};
use crate::date::Date;
use crate::icd10::Icd10;
use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::patient::{Held, Patient};
use crate::ratio::Ratio;
use crate::text::{Code, Cursor, Diagnostic, Diagnostics, Node, Sink, SourceMap, Value, parse};
use crate::vocabulary::Scheme;
use crate::year::YearToDate;

/// An amount in yuan, from its literal's text or from a string.
pub(crate) fn amount(cursor: &Cursor<'_, '_>, key: &str, node: &Node<'_>) -> Option<Money> {
    let text = match &node.value {
        Value::Integer(text) | Value::Float(text) | Value::String(text) => text,
        _ => {
            cursor.wrong_type(key, node, "an amount such as `3000` or `454.92`");
            return None;
        }
    };
    match Money::parse(text) {
        Ok(amount) if amount.is_negative() => {
            let message = format!("{} is `{text}`, less than 0", cursor.name_of(key));
            let diagnostic = Diagnostic::error(Code::AmountBelow0, node.span, message);
            cursor
                .sink()
                .push(diagnostic.expected("an amount of 0 or more"));
            None
        }
        Ok(amount) => Some(amount),
        Err(error) => {
            let diagnostic = Diagnostic::error(
                Code::BadAmount,
                node.span,
                format!("{}: {error}", cursor.name_of(key)),
            );
            cursor
                .sink()
                .push(diagnostic.expected("an amount in yuan such as `3000` or `454.92`"));
            None
        }
    }
}

fn opt_amount(cursor: &Cursor<'_, '_>, key: &'static str) -> Option<Money> {
    amount(cursor, key, cursor.opt(key)?)
}

/// A ratio such as `"85%"`.
pub(crate) fn ratio(cursor: &Cursor<'_, '_>, key: &str, node: &Node<'_>) -> Option<Ratio> {
    let Some(text) = node.as_str() else {
        cursor.wrong_type(key, node, "a ratio in quotes such as `\"85%\"`");
        return None;
    };
    match Ratio::parse(text) {
        Ok(ratio) => Some(ratio),
        Err(error) => {
            let diagnostic = Diagnostic::error(
                Code::BadRatio,
                node.span,
                format!("{}: {error}", cursor.name_of(key)),
            );
            cursor
                .sink()
                .push(diagnostic.expected("a ratio in quotes such as `\"85%\"`"));
            None
        }
    }
}

/// A word that the standard vocabulary does not have may be a policy's own; settling tells. A word that is nearly a
/// standard one of another dimension is not guessed at.
fn opt_word<T: for<'a> From<&'a str>>(cursor: &Cursor<'_, '_>, key: &'static str) -> Option<T> {
    cursor.opt_str(key).map(|(text, _)| T::from(text))
}

fn words<T: for<'a> From<&'a str>>(cursor: &Cursor<'_, '_>, key: &'static str) -> Vec<T> {
    cursor
        .opt_strings(key)
        .unwrap_or_default()
        .into_iter()
        .map(|(text, _)| T::from(text))
        .collect()
}

/// Reads a bill; the caller has read any keys of its own and finishes the cursor.
pub(crate) fn bill(cursor: &Cursor<'_, '_>) -> Option<Bill> {
    let date = cursor.req_date("date").map(|(date, _)| date);
    let care = cursor.req_str("care").map(|(care, _)| care.into());
    let facility = cursor.req_table("facility").map(facility);
    let referred = cursor.opt_bool("referred").map(|(flag, _)| flag);
    let admission = cursor.opt_u32("admission").map(|(number, _)| number);
    let mut diagnoses = Vec::new();
    for (text, span) in cursor.opt_strings("diagnoses").unwrap_or_default() {
        match Icd10::parse(text) {
            Ok(code) => diagnoses.push(code),
            Err(error) => cursor.error(Code::BadCode, span, error.to_string()),
        }
    }
    let outpatient_disease = opt_word(cursor, "outpatient_disease");
    let marks = words(cursor, "marks");
    cursor.req("lines");
    let lines = cursor
        .tables("lines")
        .into_iter()
        .filter_map(line)
        .collect();
    Some(Bill {
        date: date?,
        care: care?,
        facility: facility?,
        referred,
        admission,
        diagnoses,
        outpatient_disease,
        marks,
        lines,
    })
}

fn facility(cursor: Cursor<'_, '_>) -> Facility {
    let facility = Facility {
        tier: opt_word(&cursor, "tier"),
        grade: opt_word(&cursor, "grade"),
        place: opt_word(&cursor, "place"),
        designated: cursor.opt_bool("designated").map(|(flag, _)| flag),
        medical: cursor.opt_bool("medical").map(|(flag, _)| flag),
        name: cursor.opt_str("name").map(|(name, _)| name.to_owned()),
        marks: words(&cursor, "marks"),
    };
    cursor.finish();
    facility
}

fn line(cursor: Cursor<'_, '_>) -> Option<Line> {
    let before = cursor.sink().error_count();
    let fee = cursor.req_str("fee").map(|(fee, _)| fee.into());
    let first_share = cursor.opt("first_share").map(|node| match node.as_array() {
        Some(nodes) => nodes
            .iter()
            .filter_map(|node| ratio(&cursor, "first_share", node))
            .collect(),
        None => ratio(&cursor, "first_share", node).into_iter().collect(),
    });
    let parts = cursor.opt_table("parts").map(|parts| {
        let part = |key| {
            parts
                .req(key)
                .and_then(|node| amount(&parts, key, node))
                .unwrap_or_default()
        };
        let read = Parts {
            own_expense: part("own_expense"),
            over_limit: part("over_limit"),
            first_self_payment: part("first_self_payment"),
            in_scope: part("in_scope"),
        };
        parts.finish();
        read
    });
    let input = LineInput {
        amount: opt_amount(&cursor, "amount"),
        class: opt_word(&cursor, "class"),
        first_share,
        price_limit: opt_amount(&cursor, "price_limit"),
        parts,
        marks: words(&cursor, "marks"),
        name: cursor.opt_str("name").map(|(name, _)| name.to_owned()),
        fee: fee?,
    };
    if cursor.sink().error_count() > before {
        cursor.finish();
        return None;
    }
    let line = match Line::from_input(input) {
        Ok(line) => Some(line),
        Err(error) => {
            cursor.error(
                Code::BadValue,
                cursor.span(),
                format!("inconsistent line: {error}"),
            );
            None
        }
    };
    cursor.finish();
    line
}

/// Reads a patient; the caller finishes the cursor.
pub(crate) fn patient(cursor: &Cursor<'_, '_>) -> Option<Patient> {
    let scheme = cursor
        .req_str("scheme")
        .map(|(scheme, _)| Scheme::from(scheme));
    let patient = Patient {
        scheme: scheme.clone().unwrap_or(Scheme::NONE),
        categories: held(cursor, "categories"),
        enrolments: held(cursor, "enrolments"),
        certificates: held(cursor, "certificates"),
        age: cursor.opt_u32("age").map(|(age, _)| age),
        birth_date: cursor.opt_date("birth_date").map(|(date, _)| date),
        insured_years: cursor.opt_u32("insured_years").map(|(years, _)| years),
        year_to_date: cursor.opt_table("year_to_date").and_then(year_to_date),
    };
    scheme.map(|_| patient)
}

/// A list of names, or of tables with a name and a period.
fn held<T: for<'a> From<&'a str>>(cursor: &Cursor<'_, '_>, key: &'static str) -> Vec<Held<T>> {
    let Some(node) = cursor.opt(key) else {
        return Vec::new();
    };
    let Some(nodes) = node.as_array() else {
        cursor.wrong_type(
            key,
            node,
            "an array of names, or of tables with `id`, `from` and `to`",
        );
        return Vec::new();
    };
    let mut out = Vec::new();
    for node in nodes {
        if let Some(text) = node.as_str() {
            out.push(Held::always(text.into()));
            continue;
        }
        let Some(table) = Cursor::of(node, cursor.name_of(key), cursor.sink()) else {
            continue;
        };
        let what = table.req_str("id").map(|(id, _)| id.into());
        let date = |key| -> Option<Date> { table.opt_date(key).map(|(date, _)| date) };
        let (from, to) = (date("from"), date("to"));
        out.extend(what.map(|what| Held { what, from, to }));
        table.finish();
    }
    out
}

/// `{ policy = "yuetang", year = 2020, bills = 1, counters = { "paid/basic" = 3000 } }`.
fn year_to_date(cursor: Cursor<'_, '_>) -> Option<YearToDate> {
    let policy = cursor.req_str("policy");
    let year = cursor.req("year").and_then(|_| cursor.opt_u32("year"));
    // How many bills were settled is for information only.
    let bills = cursor.opt_u32("bills").map_or(0, |(bills, _)| bills);
    cursor.req("counters");
    let mut counters = Vec::new();
    if let Some(table) = cursor.opt_table("counters") {
        for entry in table.entries() {
            counters.extend(
                amount(&table, &entry.key, &entry.node)
                    .map(|amount| ((&*entry.key).into(), amount)),
            );
        }
    }
    let year = year.and_then(|(year, span)| {
        let found = u16::try_from(year).ok();
        if found.is_none() {
            cursor.error(
                Code::BadValue,
                span,
                format!("{} cannot be `{year}`", cursor.name_of("year")),
            );
        }
        found
    });
    cursor.finish();
    let (policy, year) = (policy?.0, year?);
    Some(YearToDate {
        bills,
        carried: counters,
        ..YearToDate::new(policy, year)
    })
}

/// Reads one thing from the root table of a text.
fn from_toml<T>(
    name: &str,
    text: &str,
    read: impl FnOnce(&Cursor<'_, '_>) -> Option<T>,
) -> Result<T, Diagnostics> {
    let mut sources = SourceMap::new();
    let sink = Sink::new();
    let node = parse(&mut sources, name, text.as_bytes(), &sink);
    let found = node.as_ref().and_then(|node| {
        let root = Cursor::root(node, &sink)?;
        let found = read(&root);
        root.finish();
        found
    });
    match found {
        Some(found) if sink.error_count() == 0 => Ok(found),
        _ => Err(sink.finish(&sources)),
    }
}

impl Bill {
    /// Reads a bill from TOML; `name` is what messages call the text. Amounts may be literals such as `454.92`, words
    /// may be ids, Chinese names or national codes.
    ///
    /// # Errors
    ///
    /// Every problem of the text, with its place.
    ///
    /// ```
    /// use payer_split::Bill;
    ///
    /// let bill = Bill::from_toml("bill.toml", r#"
    ///     date = 2020-06-01
    ///     care = "普通住院"
    ///     facility = { tier = "county", place = "in-county", designated = true }
    ///     lines = [{ fee = "治疗费", amount = 4549.20, class = "甲类" }]
    /// "#)?;
    /// assert_eq!(bill.total().map(|total| total.to_string()).as_deref(), Some("4549.20"));
    /// # Ok::<(), payer_split::Diagnostics>(())
    /// ```
    pub fn from_toml(name: &str, text: &str) -> Result<Bill, Diagnostics> {
        from_toml(name, text, bill)
    }

    /// Reads a year of bills from TOML: `[[bill]]` tables in order.
    ///
    /// # Errors
    ///
    /// Every problem of the text, with its place.
    pub fn year_from_toml(name: &str, text: &str) -> Result<Vec<Bill>, Diagnostics> {
        from_toml(name, text, |root| {
            root.req("bill")?;
            let bills = root.tables("bill").into_iter().map(|cursor| {
                let bill = bill(&cursor);
                cursor.finish();
                bill
            });
            // All are read, for all their problems.
            let bills: Vec<Option<Bill>> = bills.collect();
            bills.into_iter().collect()
        })
    }
}

impl Patient {
    /// Reads a patient from TOML; `name` is what messages call the text.
    ///
    /// # Errors
    ///
    /// Every problem of the text, with its place.
    ///
    /// ```
    /// use payer_split::Patient;
    ///
    /// let patient = Patient::from_toml("patient.toml", r#"
    ///     scheme = "resident"
    ///     age = 73
    ///     categories = ["低保", { id = "registered-poor", to = 2020-12-31 }]
    /// "#)?;
    /// assert_eq!(patient.categories.len(), 2);
    /// # Ok::<(), payer_split::Diagnostics>(())
    /// ```
    pub fn from_toml(name: &str, text: &str) -> Result<Patient, Diagnostics> {
        from_toml(name, text, patient)
    }
}
