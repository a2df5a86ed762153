//! A stream of choices from which a generator builds what it builds: random bytes, of which fewer and smaller ones make a
//! simpler thing. So generators are plain functions, quick also without optimisation, and proptest still shrinks.

use proptest::prelude::*;
use proptest::strategy::{NewTree, ValueTree};
use proptest::test_runner::TestRunner;

/// Choices to be made; when they run out, every choice is the first.
#[derive(Debug, Clone)]
pub(crate) struct Choices {
    bytes: Vec<u8>,
    at: usize,
}

impl Choices {
    fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    /// A number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let mut number = 0;
        let mut reach = 1u64;
        while reach < end {
            number = number << 8 | u64::from(self.byte());
            reach = reach.saturating_mul(256);
        }
        number % end
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(high.abs_diff(low) + 1)).unwrap()
    }

    /// True this many times of a hundred; false is the simpler choice.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of these, the first of which is the simplest.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// Something this many times of a hundred.
    pub(crate) fn maybe<T>(
        &mut self,
        percent: u64,
        make: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        self.chance(percent).then(|| make(self))
    }

    /// From `low` to `high` things.
    pub(crate) fn several<T>(
        &mut self,
        low: i64,
        high: i64,
        mut make: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        (0..self.between(low, high)).map(|_| make(self)).collect()
    }

    /// Any eight bytes.
    pub(crate) fn any(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }
}

/// What a generator makes of this many random bytes.
pub(crate) fn made<T: std::fmt::Debug>(
    bytes: usize,
    make: impl Fn(&mut Choices) -> T,
) -> impl Strategy<Value = T> {
    Random(bytes).prop_map(move |mut choices| make(&mut choices))
}

#[derive(Debug)]
struct Random(usize);

impl Strategy for Random {
    type Tree = Tree;
    type Value = Choices;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut bytes = vec![0; self.0];
        runner.rng().fill_bytes(&mut bytes);
        Ok(Tree {
            block: bytes.len(),
            bytes,
            at: 0,
            zeroed: Vec::new(),
        })
    }
}

/// Shrinks by setting blocks of bytes to zero: ever smaller ones, from left to right.
#[derive(Debug)]
struct Tree {
    bytes: Vec<u8>,
    block: usize,
    at: usize,
    /// What stood in the block that was set to zero last.
    zeroed: Vec<u8>,
}

impl ValueTree for Tree {
    type Value = Choices;

    fn current(&self) -> Choices {
        Choices {
            bytes: self.bytes.clone(),
            at: 0,
        }
    }

    fn simplify(&mut self) -> bool {
        while self.block > 0 {
            while self.at < self.bytes.len() {
                let end = (self.at + self.block).min(self.bytes.len());
                let block = &mut self.bytes[self.at..end];
                self.at = end;
                if block.iter().any(|&byte| byte != 0) {
                    self.zeroed = block.to_vec();
                    block.fill(0);
                    return true;
                }
            }
            self.block /= 2;
            self.at = 0;
        }
        false
    }

    fn complicate(&mut self) -> bool {
        let zeroed = std::mem::take(&mut self.zeroed);
        let start = self.at - zeroed.len();
        self.bytes[start..self.at].copy_from_slice(&zeroed);
        !zeroed.is_empty()
    }
}
