//! How far a run is, on the terminal.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

/// A progress bar; silent where there is no terminal.
pub(crate) struct Progress {
    is_on: bool,
    /// How much there is to do, if that is known.
    all: Option<u64>,
    started: Instant,
    shown: Duration,
}

impl Progress {
    pub(crate) fn new(is_on: bool, all: Option<u64>) -> Progress {
        Progress {
            is_on,
            all,
            started: Instant::now(),
            shown: Duration::ZERO,
        }
    }

    /// Shows so much done of all, and how many bills that are; a few times a second.
    pub(crate) fn show(&mut self, done: u64, bills: u64) {
        let elapsed = self.started.elapsed();
        if !self.is_on || elapsed < self.shown + Duration::from_millis(200) {
            return;
        }
        self.shown = elapsed;
        let share = self
            .all
            .and_then(|all| done.saturating_mul(100).checked_div(all));
        let bar = share.map_or_else(String::new, |percent| {
            let filled = usize::try_from(percent.min(100) * 3 / 10).unwrap_or(0);
            let (full, empty) = ("#".repeat(filled), ".".repeat(30 - filled));
            format!("[{full}{empty}] {percent:>3}%  ")
        });
        let rate = per_second(bills, elapsed);
        let _ = write!(io::stderr(), "\r\x1b[K{bar}{bills} bills, {rate} a second");
    }

    /// Takes the bar away; how long it all took.
    pub(crate) fn finish(self) -> Duration {
        if self.is_on {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
        self.started.elapsed()
    }
}

/// How many a second.
pub(crate) fn per_second(count: u64, time: Duration) -> u128 {
    let nanos = u128::from(count) * 1_000_000_000;
    nanos.checked_div(time.as_nanos()).unwrap_or(0)
}
