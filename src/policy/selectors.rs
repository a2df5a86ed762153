//! Selectors: which lines a step covers, and so which lines a policy can tell apart.

/// Which lines match each of a policy's selectors, as bit masks with one bit a selector ([`MAX_SELECTORS`](crate::limits::MAX_SELECTORS)).
///
/// A line's *signature* is the set of selectors that it matches. Lines with the same signature are of the same kind: no
/// step of the policy can tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Selectors {
    /// How many there are.
    pub(crate) count: usize,
    /// By fee category: the selectors that allow it.
    pub(crate) fees: Vec<u64>,
    /// By catalogue class: the selectors that allow it.
    pub(crate) classes: Vec<u64>,
    /// The selectors that do not look at the class.
    pub(crate) any_class: u64,
    /// By mark: the selectors that ask for it.
    pub(crate) marks: Vec<u64>,
    /// The selectors that ask for no mark.
    pub(crate) any_mark: u64,
    /// By mark: the selectors that exclude it.
    pub(crate) except_marks: Vec<u64>,
}

impl Selectors {
    /// The signature of a line; `None` when a selector needs the class of a line that has none.
    pub(crate) fn signature(
        &self,
        fee: u16,
        class: Option<u16>,
        marks: impl Iterator<Item = u16>,
    ) -> Option<u64> {
        let mut signature = self.fees.get(usize::from(fee)).copied().unwrap_or(0);
        let (mut asked, mut excluded) = (self.any_mark, 0);
        for mark in marks {
            asked |= self.marks.get(usize::from(mark)).copied().unwrap_or(0);
            excluded |= self
                .except_marks
                .get(usize::from(mark))
                .copied()
                .unwrap_or(0);
        }
        signature &= asked & !excluded;
        match class {
            Some(class) => {
                Some(signature & self.classes.get(usize::from(class)).copied().unwrap_or(0))
            }
            None if signature & !self.any_class == 0 => Some(signature),
            None => None,
        }
    }
}
