//! `covers`: which lines and parts a step looks at.

use super::policy::Build;
use crate::line::Part;
use crate::policy::selectors::Selectors;
use crate::policy::words::Words;
use crate::text::{Code, Cursor, Node};
use crate::vocabulary::Dimension;

/// Numbers the different choices of lines; the same choice has one bit.
#[derive(Debug, Default)]
pub(super) struct SelectorBuilder {
    list: Vec<Selector>,
}

/// A choice of lines; `None` is no restriction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Selector {
    fees: Option<Vec<u16>>,
    except_fees: Vec<u16>,
    classes: Option<Vec<u16>>,
    marks: Option<Vec<u16>>,
    except_marks: Vec<u16>,
}

impl SelectorBuilder {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    fn bit(&mut self, selector: Selector) -> u64 {
        if selector == Selector::default() {
            return 0;
        }
        let number = match self.list.iter().position(|known| *known == selector) {
            Some(number) => number,
            None => {
                self.list.push(selector);
                self.list.len().saturating_sub(1)
            }
        };
        // Too many are reported at the end.
        u32::try_from(number)
            .ok()
            .and_then(|number| 1u64.checked_shl(number))
            .unwrap_or(0)
    }

    /// Lays the selectors out by word.
    pub(super) fn finish(self, words: &Words) -> Selectors {
        let masks = |dimension: Dimension, asks: &dyn Fn(&Selector, u16) -> bool| {
            let count = u16::try_from(words.count(dimension)).unwrap_or(u16::MAX);
            (0..count)
                .map(|word| self.mask(|selector| asks(selector, word)))
                .collect::<Vec<u64>>()
        };
        let within = |list: &Option<Vec<u16>>, word: u16| {
            list.as_ref().is_none_or(|list| list.contains(&word))
        };
        Selectors {
            count: self.list.len(),
            fees: masks(Dimension::Fee, &|selector, fee| {
                within(&selector.fees, fee) && !selector.except_fees.contains(&fee)
            }),
            classes: masks(Dimension::Class, &|selector, class| {
                within(&selector.classes, class)
            }),
            any_class: self.mask(|selector| selector.classes.is_none()),
            marks: masks(Dimension::Mark, &|selector, mark| {
                selector
                    .marks
                    .as_ref()
                    .is_some_and(|marks| marks.contains(&mark))
            }),
            any_mark: self.mask(|selector| selector.marks.is_none()),
            except_marks: masks(Dimension::Mark, &|selector, mark| {
                selector.except_marks.contains(&mark)
            }),
        }
    }

    fn mask(&self, asks: impl Fn(&Selector) -> bool) -> u64 {
        let bits = self
            .list
            .iter()
            .zip(0u32..)
            .filter(|(selector, _)| asks(selector));
        bits.fold(0, |mask, (_, bit)| {
            mask | 1u64.checked_shl(bit).unwrap_or(0)
        })
    }
}

impl<'s> Build<'s> {
    /// The lines that a `covers` table chooses, as a bit of their signatures. Its `parts` are read by the step.
    pub(super) fn selector(&mut self, covers: Cursor<'_, 's>) -> u64 {
        let read = |dimension: Dimension, key: &'static str| {
            let named = covers.opt_strings(key)?;
            if named.is_empty() {
                covers.error(
                    Code::BadValue,
                    covers.key_span(key),
                    format!("{} is empty", covers.name_of(key)),
                );
            }
            let mut words: Vec<u16> = named
                .into_iter()
                .filter_map(|(text, span)| self.dimension_word(dimension, text, span))
                .collect();
            words.sort_unstable();
            words.dedup();
            Some(words)
        };
        let selector = Selector {
            fees: read(Dimension::Fee, "fees"),
            except_fees: read(Dimension::Fee, "except_fees").unwrap_or_default(),
            classes: read(Dimension::Class, "classes"),
            marks: read(Dimension::Mark, "marks"),
            except_marks: read(Dimension::Mark, "except_marks").unwrap_or_default(),
        };
        covers.finish();
        self.selectors.bit(selector)
    }

    /// A list of parts, or `"all"`.
    pub(super) fn parts(&self, node: &Node<'_>, place: &str) -> [bool; 4] {
        let mut parts = [false; 4];
        if node.as_str() == Some("all") {
            return [true; 4];
        }
        let each = match node.as_array() {
            Some(nodes) => nodes,
            None => std::slice::from_ref(node),
        };
        if each.is_empty() {
            self.sink
                .error(Code::BadValue, node.span, format!("{place} is empty"));
        }
        for node in each {
            let set = self
                .part(node, place)
                .and_then(|part| parts.get_mut(part.index()));
            if let Some(set) = set {
                *set = true;
            }
        }
        parts
    }

    /// One part of a line.
    pub(super) fn part(&self, node: &Node<'_>, place: &str) -> Option<Part> {
        self.word(node, place, &Part::ALL.map(|part| (part.id(), part)))
    }
}
