//! From units to splits and rejects, on all cores.
//!
//! The bills of a chunk are read in parallel, dealt into parts, and each part is settled with the `settle_many` of a
//! workspace of its own, which is kept for the chunks to come. The bills of one person are always in one part, in the
//! order of the input, so each takes up the year to date of the one before.

use super::csv::{Columns, Rowing, record};
use super::output::{Reject, Split};
use super::read::{MOST_BYTES, Unit};
use super::record::{Index, Known, Problem, Record, from_json};
use super::summary::Budgets;
use payer_split::{Bill, Detail, Patient, Policy, Workspace, YearToDate};
use rayon::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::mem;
use std::time::{Duration, Instant};

/// What is written for one unit.
#[derive(Debug)]
pub(crate) enum Line {
    /// A split, as JSON with its line end.
    Split(Vec<u8>),
    Reject(Box<Reject>),
}

/// What a person's last settled bill left.
#[derive(Debug, Clone)]
struct Year {
    to_date: YearToDate,
    /// That bill's id.
    bill: String,
}

/// Settles chunk after chunk.
pub(crate) struct Settler<'a> {
    index: &'a Index<'a>,
    columns: Option<Columns>,
    detail: Detail,
    /// By part of a chunk.
    workspaces: Vec<Workspace>,
    /// By person: this alone grows with the input.
    years: HashMap<String, Year>,
    pub(crate) budgets: Budgets,
    /// The time spent in settling alone, of all cores together, and the bills settled or refused in it.
    pub(crate) settling: Duration,
    pub(crate) tried: u64,
}

/// A record on its way: its place in the chunk, and its text in case it is refused.
struct Job {
    place: usize,
    unit: Unit,
    record: Record,
}

/// What became of a part.
#[derive(Default)]
struct Part {
    lines: Vec<(usize, Line)>,
    years: HashMap<String, Year>,
    budgets: Budgets,
    settling: Duration,
    tried: u64,
}

impl<'a> Settler<'a> {
    pub(crate) fn new(index: &'a Index<'a>, columns: Option<Columns>, detail: Detail) -> Self {
        Settler {
            index,
            columns,
            detail,
            workspaces: Vec::new(),
            years: HashMap::new(),
            budgets: Budgets::default(),
            settling: Duration::ZERO,
            tried: 0,
        }
    }

    /// Settles a chunk; a line for each unit, in order.
    pub(crate) fn settle(&mut self, units: Vec<Unit>) -> Vec<Line> {
        let columns = self.columns.as_ref();
        let read: Vec<(Unit, Result<Record, Problem>)> = units
            .into_par_iter()
            .map_init(Rowing::default, |rowing, unit| {
                let record = parse(columns, rowing, &unit);
                (unit, record)
            })
            .collect();
        let mut lines: Vec<(usize, Line)> = Vec::with_capacity(read.len());
        let mut jobs = Vec::with_capacity(read.len());
        for (place, (unit, record)) in read.into_iter().enumerate() {
            match record {
                Ok(record) => jobs.push(Job {
                    place,
                    unit,
                    record,
                }),
                Err(problem) => lines.push((place, rejected(&unit, None, problem))),
            }
        }
        let dealt = deal(jobs);
        let mut workspaces = mem::take(&mut self.workspaces);
        let most = dealt.len().max(workspaces.len());
        workspaces.resize_with(most, Workspace::new);
        let parts: Vec<Part> = dealt
            .into_par_iter()
            .zip(&mut workspaces)
            .map(|(jobs, workspace)| self.settle_part(jobs, workspace))
            .collect();
        self.workspaces = workspaces;
        for part in parts {
            lines.extend(part.lines);
            self.years.extend(part.years);
            self.budgets.add(&part.budgets);
            self.settling += part.settling;
            self.tried += part.tried;
        }
        lines.sort_unstable_by_key(|(place, _)| *place);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Settles a part's bills, one after another.
    fn settle_part(&self, jobs: Vec<Job>, workspace: &mut Workspace) -> Part {
        // Two closures share it: the one that brings a bill, and the one that takes its settlement.
        let part = RefCell::new(Part::default());
        let started = Cell::new(Instant::now());
        let items = jobs.into_iter().filter_map(|job| {
            let mut part = part.borrow_mut();
            match self.prepare(&mut part, job) {
                Ok(item) => {
                    started.set(Instant::now());
                    Some(item)
                }
                Err(rejected) => {
                    part.lines.push(rejected);
                    None
                }
            }
        });
        workspace.settle_many(items, self.detail, |(job, known), settled| {
            let taken = started.get().elapsed();
            let mut part = part.borrow_mut();
            part.settling += taken;
            part.tried += 1;
            let Ticket {
                place,
                unit,
                id,
                person,
            } = job;
            let line = match settled {
                Ok(settlement) => {
                    part.budgets.count(known.number, settlement);
                    let split = Split {
                        id: &id,
                        person: person.as_deref(),
                        policy: &known.name,
                        settlement,
                    };
                    let split = split.to_json();
                    if let Some(person) = person {
                        let to_date = settlement.year_to_date().clone();
                        part.years.insert(person, Year { to_date, bill: id });
                    }
                    Line::Split(split)
                }
                Err(error) => {
                    let problem = Problem::new(error.kind(), error.to_string());
                    let whose = self.whose(&part, id, person);
                    rejected(&unit, Some(whose), problem)
                }
            };
            part.lines.push((place, line));
        });
        part.into_inner()
    }

    /// Finds the policy, and gives the patient the year to date of the person's earlier bills.
    fn prepare(&self, part: &mut Part, job: Job) -> Result<Item<'_>, (usize, Line)> {
        let Job {
            place,
            unit,
            record,
        } = job;
        let found = self.index.find(&record);
        let Record {
            id,
            person,
            bill,
            mut patient,
            ..
        } = record;
        let earlier = person.as_ref().and_then(|person| self.year(part, person));
        let problem = match (found, earlier) {
            (Err(problem), _) => problem,
            (Ok(_), Some(year)) if patient.year_to_date.is_some() => {
                let reason = format!(
                    "`patient.year_to_date` is given, and the person's bill `{}` above leaves one too",
                    year.bill
                );
                Problem::new("inconsistent", reason)
            }
            (Ok(known), earlier) => {
                if let Some(year) = earlier {
                    patient.year_to_date = Some(year.to_date.clone());
                }
                let ticket = Ticket {
                    place,
                    unit,
                    id,
                    person,
                };
                return Ok(((ticket, known), known.policy, bill, patient));
            }
        };
        let whose = self.whose(part, id, person);
        Err((place, rejected(&unit, Some(whose), problem)))
    }

    fn year<'b>(&'b self, part: &'b Part, person: &str) -> Option<&'b Year> {
        part.years.get(person).or_else(|| self.years.get(person))
    }

    /// Whose bill a reject is, and where later bills of the person go on from.
    fn whose(&self, part: &Part, id: String, person: Option<String>) -> Whose {
        let later = person.as_ref().map(|person| {
            let from = match self.year(part, person) {
                Some(year) => format!("from bill `{}`", year.bill),
                None => "as if there had been no bill yet".to_owned(),
            };
            format!("later bills of `{person}` go on {from}")
        });
        Whose { id, person, later }
    }
}

/// The id and person of a reject that could be read, and what that means for the person's later bills.
#[derive(Debug)]
pub(crate) struct Whose {
    pub(crate) id: String,
    pub(crate) person: Option<String>,
    pub(crate) later: Option<String>,
}

/// What comes back with a settlement.
struct Ticket {
    place: usize,
    unit: Unit,
    id: String,
    person: Option<String>,
}

/// What `settle_many` is given for a bill.
type Item<'a> = ((Ticket, &'a Known<'a>), &'a Policy, Bill, Patient);

fn rejected(unit: &Unit, whose: Option<Whose>, problem: Problem) -> Line {
    Line::Reject(Box::new(Reject::new(unit, whose, problem)))
}

/// Reads the record of a unit.
fn parse(columns: Option<&Columns>, rowing: &mut Rowing, unit: &Unit) -> Result<Record, Problem> {
    if unit.is_cut {
        let reason = format!("longer than {MOST_BYTES} bytes");
        return Err(Problem::new("too-long", reason));
    }
    let text = std::str::from_utf8(&unit.text).map_err(|error| {
        let reason = format!("not UTF-8 text from byte {} on", error.valid_up_to() + 1);
        Problem::new("not-utf-8", reason)
    })?;
    let record = match columns {
        Some(columns) => record(columns, rowing, unit, text)?,
        None => from_json(text)?,
    };
    match unit.doubt {
        None => Ok(record),
        Some(line) => Err(Problem::new(
            "in-doubt",
            format!("line {line}, which does not say whose it is, may belong to this bill"),
        )),
    }
}

/// Deals records into parts: neighbours together, and a person's all into one part, in order.
fn deal(jobs: Vec<Job>) -> Vec<Vec<Job>> {
    let parts = rayon::current_num_threads().saturating_mul(4).max(1);
    let size = jobs.len().div_ceil(parts).max(1);
    let mut dealt: Vec<Vec<Job>> = Vec::new();
    dealt.resize_with(parts, || Vec::with_capacity(size));
    let mut homes: HashMap<String, usize> = HashMap::new();
    for (number, job) in jobs.into_iter().enumerate() {
        let near = number / size;
        let home = match &job.record.person {
            None => near,
            Some(person) => match homes.get(person) {
                Some(home) => *home,
                None => *homes.entry(person.clone()).or_insert(near),
            },
        };
        if let Some(part) = dealt.get_mut(home) {
            part.push(job);
        }
    }
    dealt
}
