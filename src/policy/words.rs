//! The words that a policy knows: the standard vocabulary and its own terms, numbered.

use crate::vocabulary::Dimension;

/// A word that a rule file adds to the standard vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalWord {
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) code: Option<Box<str>>,
    /// A poverty category (law 9).
    pub(crate) poverty: bool,
}

/// The policy's own words, by dimension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words {
    locals: Vec<Vec<LocalWord>>,
}

impl Words {
    pub(crate) fn add(&mut self, dimension: Dimension, word: LocalWord) {
        if self.locals.is_empty() {
            self.locals = vec![Vec::new(); Dimension::ALL.len()];
        }
        if let Some(words) = self.locals.get_mut(dimension as usize) {
            words.push(word);
        }
    }

    /// The policy's own words of a dimension.
    pub(crate) fn locals(&self, dimension: Dimension) -> &[LocalWord] {
        self.locals
            .get(dimension as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// The number of a word given by its standard number, or else by a text that may be a local id, name or code.
    #[inline]
    pub(crate) fn number(
        &self,
        dimension: Dimension,
        standard: Option<usize>,
        text: Option<&str>,
    ) -> Option<u16> {
        match standard {
            Some(standard) => u16::try_from(standard).ok(),
            None => self.local_number(dimension, text?),
        }
    }

    #[cold]
    fn local_number(&self, dimension: Dimension, text: &str) -> Option<u16> {
        let local = self.locals(dimension).iter().position(|word| {
            *word.id == *text || *word.name == *text || word.code.as_deref() == Some(text)
        })?;
        let number = dimension.words().len().checked_add(local)?;
        u16::try_from(number).ok()
    }

    /// The number of a word as written in a rule file.
    pub(crate) fn find(&self, dimension: Dimension, text: &str) -> Option<u16> {
        self.number(dimension, dimension.lookup(text), Some(text))
    }

    /// How many words the dimension has.
    pub(crate) fn count(&self, dimension: Dimension) -> usize {
        dimension
            .words()
            .len()
            .saturating_add(self.locals(dimension).len())
    }

    /// The id of a word.
    pub(crate) fn id(&self, dimension: Dimension, number: u16) -> &str {
        let number = usize::from(number);
        match dimension.words().get(number) {
            Some(word) => word.id,
            None => number
                .checked_sub(dimension.words().len())
                .and_then(|local| self.locals(dimension).get(local))
                .map_or("", |word| &word.id),
        }
    }

    /// Every way to write a word of the dimension, for suggestions.
    pub(crate) fn spellings(&self, dimension: Dimension) -> impl Iterator<Item = &str> {
        let standard = dimension.words().iter().flat_map(|word| [word.id, word.zh]);
        standard.chain(
            self.locals(dimension)
                .iter()
                .flat_map(|word| [&*word.id, &*word.name]),
        )
    }
}
