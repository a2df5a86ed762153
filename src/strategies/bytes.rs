//! Random bytes as the source of choices: fewer and smaller ones make a simpler thing. So what makes something up is a
//! plain function, quick also without optimisation, and proptest still shrinks.

use crate::probe::Chance;
// The trait of random numbers has another name in each version of `rand`, but proptest's prelude always has it.
use proptest::prelude::*;
use proptest::strategy::{NewTree, ValueTree};
use proptest::test_runner::TestRunner;
use std::fmt::Debug;

/// Choices to be made; when they run out, every choice is the first.
#[derive(Debug, Clone)]
pub(super) struct Bytes {
    bytes: Vec<u8>,
    at: usize,
}

impl Chance for Bytes {
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        let (mut number, mut reach) = (0_u64, 1_u64);
        while reach < end {
            let byte = self.bytes.get(self.at).copied().unwrap_or(0);
            self.at = self.at.saturating_add(1);
            number = number << 8 | u64::from(byte);
            reach = reach.saturating_mul(256);
        }
        usize::try_from(number.checked_rem(end).unwrap_or(0)).unwrap_or(0)
    }

    /// No is the simpler choice.
    fn percent(&mut self, percent: usize) -> bool {
        self.below(100).saturating_add(percent) >= 100
    }
}

/// A number from `low` to `high`, both included.
pub(super) fn between(c: &mut dyn Chance, low: i64, high: i64) -> i64 {
    let width = high.saturating_sub(low).saturating_add(1);
    let number = c.below(usize::try_from(width).unwrap_or(usize::MAX));
    low.saturating_add(i64::try_from(number).unwrap_or(0))
}

/// Something, so often in a hundred.
pub(super) fn maybe<T>(
    c: &mut dyn Chance,
    percent: usize,
    make: impl FnOnce(&mut dyn Chance) -> T,
) -> Option<T> {
    c.percent(percent).then(|| make(c))
}

/// From `low` to `high` things.
pub(super) fn several<T>(
    c: &mut dyn Chance,
    low: i64,
    high: i64,
    mut make: impl FnMut(&mut dyn Chance) -> T,
) -> Vec<T> {
    (0..between(c, low, high)).map(|_| make(c)).collect()
}

/// What is made of this many random bytes.
pub(super) fn made<T: Debug>(
    bytes: usize,
    make: impl Fn(&mut dyn Chance) -> T + Clone,
) -> impl Strategy<Value = T> + Clone {
    Random(bytes).prop_map(move |mut bytes| make(&mut bytes))
}

#[derive(Debug, Clone)]
struct Random(usize);

impl Strategy for Random {
    type Tree = Tree;
    type Value = Bytes;

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
    /// The end of the block that was looked at last.
    at: usize,
    /// What stood in that block before it was set to zero.
    zeroed: Vec<u8>,
}

impl ValueTree for Tree {
    type Value = Bytes;

    fn current(&self) -> Bytes {
        Bytes {
            bytes: self.bytes.clone(),
            at: 0,
        }
    }

    fn simplify(&mut self) -> bool {
        while self.block > 0 {
            while self.at < self.bytes.len() {
                let end = self.at.saturating_add(self.block).min(self.bytes.len());
                let block = self.bytes.get_mut(self.at..end).unwrap_or_default();
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
        let start = self.at.saturating_sub(zeroed.len());
        if let Some(block) = self.bytes.get_mut(start..self.at) {
            block.copy_from_slice(&zeroed);
        }
        !zeroed.is_empty()
    }
}
