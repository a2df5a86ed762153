//! Ordinary mistakes, made in every shipped rule file: none that changes a result goes unseen.
//!
//! A mistake is a small edit that a hand or an eye gets wrong ([`kinds`]). Each kind is made at several places of each
//! file in which it has a place. The file is then checked with those that it belongs to and the cases beside them
//! ([`bench`]), as `check` does it: an error stops it, a warning tells of it, a case fails. Whether a mistake that
//! passes changes a result is asked of the bills of the cases and of generated ones.
//! `MISTAKES_PLACES=1000 MISTAKES_BILLS=2000 cargo test --release --test mistakes` tries every place with more bills.

#[path = "mistakes/bench.rs"]
mod bench;
#[path = "mistakes/choices.rs"]
mod choices;
#[path = "mistakes/doc.rs"]
mod doc;
#[path = "mistakes/generate.rs"]
mod generate;
#[path = "mistakes/hints.rs"]
mod hints;
#[path = "mistakes/kinds.rs"]
mod kinds;

use bench::{Bench, Outcome};
use doc::Doc;
use kinds::{Edit, Kind, apply};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::iter::Sum;
use std::sync::Mutex;

const README: &str = include_str!("../README.md");

/// How many places of a file a mistake is made at: the first, the last, and others evenly between them.
const PLACES: usize = 1;

/// How often what came of a kind of mistake.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    stopped: usize,
    warned: usize,
    case: usize,
    harmless: usize,
    unseen: usize,
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), |a, b| Counts {
            stopped: a.stopped + b.stopped,
            warned: a.warned + b.warned,
            case: a.case + b.case,
            harmless: a.harmless + b.harmless,
            unseen: a.unseen + b.unseen,
        })
    }
}

impl Counts {
    fn add(&mut self, outcome: &Outcome) {
        *match outcome {
            Outcome::Stopped(_) => &mut self.stopped,
            Outcome::Warned(_) => &mut self.warned,
            Outcome::Case => &mut self.case,
            Outcome::Harmless => &mut self.harmless,
            Outcome::Unseen(_) => &mut self.unseen,
        } += 1;
    }

    fn total(self) -> usize {
        self.stopped + self.warned + self.case + self.harmless + self.unseen
    }

    /// Those that change a result: a file that is stopped gives none.
    fn changing(self) -> usize {
        self.total() - self.harmless
    }

    fn row(self, name: &str) -> String {
        let Counts {
            stopped,
            warned,
            case,
            harmless,
            unseen,
        } = self;
        let total = self.total();
        format!("{total:>6}{stopped:>8}{warned:>7}{case:>6}{unseen:>7}{harmless:>9}  {name}\n")
    }
}

/// So many of the places, evenly from one to the other, beginning at another one in each file.
fn spread(edits: Vec<Edit>, most: usize, file: usize) -> Vec<Edit> {
    let count = edits.len();
    let most = most.min(count);
    let first = file * count / 4;
    let chosen: BTreeSet<usize> = (0..most)
        .map(|number| (first + number * count / most) % count)
        .collect();
    let edits = edits.into_iter().enumerate();
    edits
        .filter(|(number, _)| chosen.contains(number))
        .map(|(_, edit)| edit)
        .collect()
}

/// What was edited, for a reader.
fn shown(doc: &Doc<'_>, edit: &Edit) -> String {
    let (range, new) = &edit[0];
    let line = doc.text[..range.start].matches('\n').count() + 1;
    let old: String = doc.written(range).chars().take(60).collect();
    let new: String = new.chars().take(60).collect();
    format!("line {line}: {old:?} -> {new:?}")
}

/// The kinds of mistakes; with `MISTAKES_KIND` those whose names contain it.
fn chosen() -> impl Iterator<Item = &'static Kind> {
    let part = std::env::var("MISTAKES_KIND").unwrap_or_default();
    kinds::all().filter(move |kind| kind.name.contains(&part))
}

/// What came of every mistake in the files of one bench.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, Counts>,
    unseen: String,
}

impl Tally {
    fn of(bench: &Bench) -> Tally {
        let places =
            std::env::var("MISTAKES_PLACES").map_or(PLACES, |places| places.parse().unwrap());
        let trace = std::env::var_os("MISTAKES_TRACE").is_some();
        let mut tally = Tally::default();
        for (file, (name, text)) in bench.files.iter().enumerate() {
            let doc = Doc::new(text);
            for kind in chosen() {
                for edit in spread((kind.edits)(&doc), places, file) {
                    let outcome = bench.outcome(file, &apply(text, &edit));
                    tally.counts.entry(kind.name).or_default().add(&outcome);
                    let place = format!("{name} {}: {}", shown(&doc, &edit), kind.name);
                    if trace {
                        println!("{outcome:?} {place}");
                    }
                    if let Outcome::Unseen(bill) = outcome {
                        writeln!(tally.unseen, "{place}\n    {bill}").unwrap();
                    }
                }
            }
        }
        tally
    }

    fn all(&self) -> Counts {
        self.counts.values().copied().sum()
    }
}

/// Every shipped file with every mistake, on as many threads as there are processors.
fn tally() -> Tally {
    let benches = Mutex::new(Bench::all());
    let tallies = Mutex::new(Tally::default());
    let work = || {
        loop {
            let Some(bench) = benches.lock().unwrap().pop() else {
                break;
            };
            let tally = Tally::of(&bench);
            let mut all = tallies.lock().unwrap();
            all.unseen += &tally.unseen;
            for (name, counts) in tally.counts {
                let sum = all.counts.entry(name).or_default();
                *sum = [*sum, counts].into_iter().sum();
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    tallies.into_inner().unwrap()
}

#[test]
fn no_mistake_that_changes_a_result_goes_unseen() {
    let tally = tally();
    let mut table = "  made stopped warned  case unseen harmless  mistake\n".to_owned();
    for kind in chosen() {
        let counts = tally.counts.get(kind.name);
        let counts = counts.unwrap_or_else(|| panic!("no file has a place for: {}", kind.name));
        table += &counts.row(kind.name);
    }
    table += &tally.all().row("all");
    println!("{table}");
    assert!(tally.unseen.is_empty(), "unseen:\n{}", tally.unseen);
    assert!(kinds::all().count() >= 60);
    if ["PLACES", "BILLS", "KIND"]
        .iter()
        .all(|name| std::env::var_os(format!("MISTAKES_{name}")).is_none())
    {
        let sentence = sentence(&tally);
        let readme = README.replace('\n', " ");
        assert!(
            readme.contains(&sentence),
            "the README should say: {sentence}"
        );
    }
}

/// What the README says of it.
fn sentence(tally: &Tally) -> String {
    let all = tally.all();
    let (changing, told) = (all.changing(), all.stopped + all.warned);
    let percent = told * 100 / changing;
    format!(
        "{} such mistakes of {} kinds are made in the rule files by a test. Of the {changing} that change a result the \
         checker alone stops or warns of {percent} %, and with the cases of {} %.",
        all.total(),
        kinds::all().count(),
        (told + all.case) * 100 / changing
    )
}
