//! Choosing at random: among things, and how often.

/// A source of choices.
pub(crate) trait Chance {
    /// A number below `end`; zero if there is none.
    fn below(&mut self, end: usize) -> usize;

    /// Yes, so often in a hundred.
    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

impl dyn Chance + '_ {
    /// One of some things; none if there are none.
    pub(crate) fn one_of<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let number = self.below(from.len());
        from.get(number).cloned()
    }
}

/// A fixed series of random numbers, always the same: there is no other source of chance than the number of throws so
/// far.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Default for Dice {
    fn default() -> Dice {
        Dice(0x9e37_79b9_7f4a_7c15)
    }
}

impl Chance for Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(self.0.checked_rem(end).unwrap_or(0)).unwrap_or(0)
    }
}
