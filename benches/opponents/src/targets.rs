//! The targets of speed, and whether they are met.

use crate::timing::Times;

/// What was wanted, and what was measured.
#[derive(Debug, Default)]
pub struct Targets(Vec<Target>);

#[derive(Debug)]
struct Target {
    what: String,
    wanted: String,
    found: String,
    is_met: bool,
}

impl Targets {
    /// Notes the targets that a race over bills of this length decides.
    pub fn add(&mut self, lines: usize, matrix: bool, times: &Times) {
        let with = if matrix { "with" } else { "without" };
        let bill = match lines {
            1 => format!("1 line {with} matrix"),
            _ => format!("{lines} lines {with} matrix"),
        };
        match (lines, matrix) {
            (20, true) => {
                self.at_most(
                    format!("{bill}, times hand-written"),
                    1.25,
                    times.ratio("ours", "hand"),
                );
                self.at_least(
                    format!("{bill}, faster than Decimal"),
                    20.0,
                    times.ratio("decimal", "ours"),
                );
                self.at_least(
                    format!("{bill}, faster than zen's totals"),
                    50.0,
                    times.ratio("zen", "ours"),
                );
                self.at_most(
                    format!("{bill}, fresh result, times reused"),
                    1.5,
                    times.ratio("fresh", "ours"),
                );
            }
            (20, false) => {
                self.at_most(
                    format!("{bill}, times hand-written"),
                    2.0,
                    times.ratio("ours", "hand"),
                );
                self.at_least(
                    format!("{bill}, faster than Decimal"),
                    10.0,
                    times.ratio("decimal", "ours"),
                );
                self.at_least(
                    format!("{bill}, faster than zen"),
                    150.0,
                    times.ratio("zen", "ours"),
                );
            }
            (1, true) => {
                self.at_most(
                    format!("{bill}, times hand-written"),
                    2.5,
                    times.ratio("ours", "hand"),
                );
            }
            (1, false) => {
                self.at_most(
                    format!("{bill}, times hand-written"),
                    2.5,
                    times.ratio("ours", "hand"),
                );
                let millions = times.median("ours").map(|ns| 1e3 / ns);
                self.at_least(
                    format!("{bill}, million bills a second a core"),
                    8.0,
                    millions,
                );
            }
            _ => {}
        }
        if lines == 20 {
            let what = format!("{bill}, 80 more steps that do not apply");
            self.at_most(what, 1.05, times.ratio("88 steps", "ours"));
        }
    }

    fn at_most(&mut self, what: String, most: f64, found: Option<f64>) {
        self.note(what, format!("at most {most}"), found, |found| {
            found <= most
        });
    }

    fn at_least(&mut self, what: String, least: f64, found: Option<f64>) {
        self.note(what, format!("at least {least}"), found, |found| {
            found >= least
        });
    }

    /// Of a contender that is not built nothing is said.
    fn note(
        &mut self,
        what: String,
        wanted: String,
        found: Option<f64>,
        meets: impl Fn(f64) -> bool,
    ) {
        if let Some(found) = found {
            self.0.push(Target {
                what,
                wanted,
                found: format!("{found:.3}"),
                is_met: meets(found),
            });
        }
    }

    pub fn print(&self) {
        for target in &self.0 {
            let verdict = if target.is_met { "met" } else { "NOT MET" };
            let Target {
                what,
                wanted,
                found,
                ..
            } = target;
            println!("{what:<56} {wanted:<14} {found:>9}  {verdict}");
        }
    }
}
