//! Bills as a flat table: a row is one line of a bill, and the rows of a bill follow one another.
//!
//! Every row is one line of the file and read by itself, so a stray quote breaks its own row only.

use super::read::Unit;
use super::record::{Problem, Record};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use payer_split::{Bill, Date, Facility, Held, Icd10, Layer, Line, LineInput, Money, Parts};
use payer_split::{Patient, Ratio};
use std::fmt::Display;
use std::str::FromStr;

/// Makes the columns from a table: `Name "name in the header"`.
macro_rules! columns {
    ($($column:ident $name:literal,)*) => {
        /// A column of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Column { $($column,)* }

        impl Column {
            /// Every column, in the order in which they are written.
            pub(crate) const ALL: &[Column] = &[$(Column::$column,)*];

            /// The column's name in the header.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Column::$column => $name,)* }
            }
        }
    };
}

columns! {
    Bill "bill", Line "line", Region "region", Policy "policy", Layer "layer", Person "person",
    Date "date", Care "care", Tier "tier", Grade "grade", Place "place",
    Designated "designated", Medical "medical", Facility "facility",
    FacilityMarks "facility_marks", Referred "referred", Admission "admission",
    Diagnoses "diagnoses", OutpatientDisease "outpatient_disease", BillMarks "bill_marks",
    Scheme "scheme", Categories "categories", Enrolments "enrolments",
    Certificates "certificates", Age "age", BirthDate "birth_date",
    InsuredYears "insured_years",
    Fee "fee", Amount "amount", Class "class", FirstShare "first_share",
    PriceLimit "price_limit", OwnExpense "own_expense", OverLimit "over_limit",
    FirstSelfPayment "first_self_payment", InScope "in_scope", Marks "marks", Name "name",
}

/// Without these there is no bill.
const NEEDED: [Column; 5] = [
    Column::Bill,
    Column::Date,
    Column::Care,
    Column::Scheme,
    Column::Fee,
];

impl Column {
    /// Whether it tells of a line; the others tell of the bill, once or the same in every row.
    pub(crate) fn is_of_line(self) -> bool {
        self == Column::Line || self as usize >= Column::Fee as usize
    }
}

/// Where the columns stand in the file.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// By column.
    places: Vec<Option<usize>>,
    count: usize,
}

impl Columns {
    /// Reads the header.
    pub(crate) fn parse(rows: &mut Rows, header: &[u8]) -> Result<Columns, String> {
        let row = rows.read(header)?;
        let mut places = vec![None; Column::ALL.len()];
        for place in 0..row.len() {
            let name = row.field(place).unwrap_or_default();
            let name = String::from_utf8_lossy(name);
            let name = name.trim();
            let found = Column::ALL.iter().zip(&mut places);
            let (_, known) = found
                .into_iter()
                .find(|(column, _)| column.name() == name)
                .ok_or_else(|| {
                    let names: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
                    format!(
                        "unknown column `{name}`: expected some of `{}`",
                        names.join("`, `")
                    )
                })?;
            if known.replace(place).is_some() {
                return Err(format!("the column `{name}` is there twice"));
            }
        }
        let columns = Columns {
            places,
            count: row.len(),
        };
        let missing = NEEDED
            .into_iter()
            .find(|&column| columns.place(column).is_none());
        let has_policy = [Column::Region, Column::Policy]
            .into_iter()
            .any(|column| columns.place(column).is_some());
        match missing {
            Some(column) => Err(format!("expected a column `{}`", column.name())),
            None if !has_policy => Err("expected a column `region` or `policy`".into()),
            None => Ok(columns),
        }
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }

    /// Whose row it is, if the row can be read so far.
    pub(crate) fn bill_id(&self, rows: &mut Rows, row: &[u8]) -> Option<Vec<u8>> {
        let row = rows.read(row).ok()?;
        let id = row.field(self.place(Column::Bill)?)?.trim_ascii();
        (!id.is_empty()).then(|| id.to_vec())
    }
}

/// Splits rows into fields, in buffers that it keeps.
#[derive(Debug)]
pub(crate) struct Rows {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Default for Rows {
    fn default() -> Rows {
        let mut builder = ReaderBuilder::new();
        Rows {
            reader: builder.terminator(Terminator::Any(b'\n')).build(),
            text: Vec::new(),
            ends: Vec::new(),
        }
    }
}

/// The fields of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn field(&self, place: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).and_then(|last| self.ends.get(last));
        self.text.get(start.copied().unwrap_or(0)..end)
    }
}

impl Rows {
    /// Splits one row, given without its line end.
    pub(crate) fn read(&mut self, row: &[u8]) -> Result<Row<'_>, String> {
        let fields = row.iter().filter(|byte| **byte == b',').count() + 1;
        self.text.resize(self.text.len().max(row.len() + 1), 0);
        self.ends.resize(self.ends.len().max(fields + 1), 0);
        self.reader.reset();
        let (mut written, mut ended) = (0, 0);
        let mut state = ReadRecordResult::InputEmpty;
        for piece in [row, b"\n"] {
            let text = self.text.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(ended..).unwrap_or_default();
            let (found, _, wrote, found_ends) = self.reader.read_record(piece, text, ends);
            state = found;
            written += wrote;
            ended += found_ends;
        }
        match state {
            ReadRecordResult::Record => Ok(Row {
                text: self.text.get(..written).unwrap_or_default(),
                ends: self.ends.get(..ended).unwrap_or_default(),
            }),
            _ => Err("a quote is not closed on its line".into()),
        }
    }
}

/// What reads the rows of bills, on one core.
#[derive(Debug, Default)]
pub(crate) struct Rowing {
    first: Rows,
    other: Rows,
}

/// Reads the rows of one bill.
pub(crate) fn record(
    columns: &Columns,
    rowing: &mut Rowing,
    unit: &Unit,
    text: &str,
) -> Result<Record, Problem> {
    let numbered = || {
        let rows = (unit.line..).zip(text.split('\n'));
        rows.filter(|(_, row)| !row.trim().is_empty())
    };
    // The bill's first line stands beside the reason anyway.
    let at = |number: u64, reason: String| {
        let reason = match number == unit.line {
            true => reason,
            false => format!("line {number}: {reason}"),
        };
        Problem::new("not-a-bill", reason)
    };
    let whole = |number: u64, row: &Row<'_>| match row.len() == columns.count {
        true => Ok(()),
        false => {
            let (found, count) = (row.len(), columns.count);
            let reason = format!("found {found} columns, expected {count} as in the header");
            Err(at(number, reason))
        }
    };
    let Some((number, first)) = numbered().next() else {
        return Err(at(unit.line, "expected a row".into()));
    };
    let first = rowing
        .first
        .read(first.as_bytes())
        .map_err(|reason| at(number, reason))?;
    whole(number, &first)?;
    let head = Fields {
        columns,
        row: first,
    };
    let mut record = head.record().map_err(|reason| at(number, reason))?;
    for (place, (number, row)) in (1..).zip(numbered()) {
        let row = rowing
            .other
            .read(row.as_bytes())
            .map_err(|reason| at(number, reason))?;
        whole(number, &row)?;
        let fields = Fields { columns, row };
        fields
            .must_go_with(&head, place)
            .map_err(|reason| at(number, reason))?;
        let line = fields.line().map_err(|reason| at(number, reason))?;
        record.bill.lines.push(line);
    }
    Ok(record)
}

/// The fields of a row by their columns.
#[derive(Debug, Clone, Copy)]
struct Fields<'a> {
    columns: &'a Columns,
    row: Row<'a>,
}

impl<'a> Fields<'a> {
    /// A field without blanks around it; `None` where it is empty, or the file has no such column.
    fn text(&self, column: Column) -> Option<&'a str> {
        let field = self.row.field(self.columns.place(column)?)?;
        let text = std::str::from_utf8(field).ok()?.trim();
        (!text.is_empty()).then_some(text)
    }

    fn needed(&self, column: Column) -> Result<&'a str, String> {
        self.text(column)
            .ok_or_else(|| format!("`{}` is missing", column.name()))
    }

    fn word<T: From<&'a str>>(&self, column: Column) -> Option<T> {
        self.text(column).map(T::from)
    }

    fn owned(&self, column: Column) -> Option<String> {
        self.text(column).map(str::to_owned)
    }

    fn value<T: FromStr<Err: Display>>(&self, column: Column) -> Result<Option<T>, String> {
        self.text(column)
            .map(|text| {
                text.parse()
                    .map_err(|error| format!("`{}` is `{text}`: {error}", column.name()))
            })
            .transpose()
    }

    fn flag(&self, column: Column) -> Result<Option<bool>, String> {
        match self.text(column) {
            None => Ok(None),
            Some("true" | "是") => Ok(Some(true)),
            Some("false" | "否") => Ok(Some(false)),
            Some(other) => Err(format!(
                "`{}` is `{other}`: expected `true` or `false`",
                column.name()
            )),
        }
    }

    /// The entries of a list, between semicolons.
    fn list(&self, column: Column) -> impl Iterator<Item = &'a str> {
        let text = self.text(column).unwrap_or_default();
        text.split(';')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
    }

    fn words<T: From<&'a str>>(&self, column: Column) -> Vec<T> {
        self.list(column).map(T::from).collect()
    }

    fn values<T: FromStr<Err: Display>>(&self, column: Column) -> Result<Vec<T>, String> {
        self.list(column)
            .map(|text| {
                text.parse()
                    .map_err(|error| format!("`{}` has `{text}`: {error}", column.name()))
            })
            .collect()
    }

    /// What a patient holds: `name`, or `name[from..to]` with either day left out where it is open.
    fn held<T: From<&'a str>>(&self, column: Column) -> Result<Vec<Held<T>>, String> {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => Date::parse(text)
                .map(Some)
                .map_err(|error| format!("`{}`: {error}", column.name())),
        };
        self.list(column)
            .map(|entry| {
                let period = entry
                    .strip_suffix(']')
                    .and_then(|entry| entry.rsplit_once('['))
                    .and_then(|(name, days)| Some((name, days.split_once("..")?)));
                match period {
                    Some((name, (from, to))) => {
                        Ok(Held::during(name.trim().into(), day(from)?, day(to)?))
                    }
                    None => Ok(Held::always(entry.into())),
                }
            })
            .collect()
    }

    /// What a bill's first row says of it, without the lines.
    fn record(&self) -> Result<Record, String> {
        let layer = match self.text(Column::Layer) {
            None => None,
            Some("stated") => Some(Layer::Stated),
            Some("assumed") => Some(Layer::Assumed),
            Some(other) => {
                return Err(format!(
                    "`layer` is `{other}`: expected `stated` or `assumed`"
                ));
            }
        };
        let date = Date::parse(self.needed(Column::Date)?)
            .map_err(|error| format!("`{}`: {error}", Column::Date.name()))?;
        let facility = Facility {
            tier: self.word(Column::Tier),
            grade: self.word(Column::Grade),
            place: self.word(Column::Place),
            designated: self.flag(Column::Designated)?,
            medical: self.flag(Column::Medical)?,
            name: self.owned(Column::Facility),
            marks: self.words(Column::FacilityMarks),
        };
        let mut bill = Bill::new(date, self.needed(Column::Care)?, facility);
        bill.referred = self.flag(Column::Referred)?;
        bill.admission = self.value(Column::Admission)?;
        bill.diagnoses = self.values::<Icd10>(Column::Diagnoses)?;
        bill.outpatient_disease = self.word(Column::OutpatientDisease);
        bill.marks = self.words(Column::BillMarks);
        let mut patient = Patient::new(self.needed(Column::Scheme)?);
        patient.categories = self.held(Column::Categories)?;
        patient.enrolments = self.held(Column::Enrolments)?;
        patient.certificates = self.held(Column::Certificates)?;
        patient.age = self.value(Column::Age)?;
        patient.birth_date = self.value(Column::BirthDate)?;
        patient.insured_years = self.value(Column::InsuredYears)?;
        Ok(Record {
            id: self.needed(Column::Bill)?.to_owned(),
            region: self.owned(Column::Region),
            policy: self.owned(Column::Policy),
            layer,
            person: self.owned(Column::Person),
            bill,
            patient,
        })
    }

    /// A row says of the bill what the first one says, or nothing; and where rows are numbered, none is left out.
    fn must_go_with(&self, head: &Fields<'_>, place: u64) -> Result<(), String> {
        if let Some(number) = self.text(Column::Line)
            && number.parse() != Ok(place)
        {
            return Err(format!(
                "`line` is `{number}`, expected `{place}`: rows of the bill are missing, or are elsewhere"
            ));
        }
        for &column in Column::ALL.iter().filter(|column| !column.is_of_line()) {
            let (first, here) = (head.text(column), self.text(column));
            if here.is_some() && here != first {
                return Err(format!(
                    "`{}` is `{}`, and `{}` in the bill's first row",
                    column.name(),
                    here.unwrap_or_default(),
                    first.unwrap_or_default()
                ));
            }
        }
        Ok(())
    }

    fn line(&self) -> Result<Line, String> {
        let part = |column| self.value::<Money>(column);
        let given = [
            part(Column::OwnExpense)?,
            part(Column::OverLimit)?,
            part(Column::FirstSelfPayment)?,
            part(Column::InScope)?,
        ];
        let parts = given.iter().any(Option::is_some).then(|| {
            let [own_expense, over_limit, first_self_payment, in_scope] =
                given.map(Option::unwrap_or_default);
            Parts {
                own_expense,
                over_limit,
                first_self_payment,
                in_scope,
            }
        });
        let first_share = self.values::<Ratio>(Column::FirstShare)?;
        let input = LineInput {
            fee: self.needed(Column::Fee)?.into(),
            amount: self.value(Column::Amount)?,
            class: self.word(Column::Class),
            first_share: (!first_share.is_empty()).then_some(first_share),
            price_limit: self.value(Column::PriceLimit)?,
            parts,
            marks: self.words(Column::Marks),
            name: self.owned(Column::Name),
        };
        Line::from_input(input).map_err(|error| error.to_string())
    }
}
