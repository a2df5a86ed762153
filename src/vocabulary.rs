//! The standard vocabulary of bills and patients, in eleven dimensions.
//!
//! A word is standard (it has an id, a Chinese and an English name, and perhaps a code of the
//! national settlement interface) or local: one that a rule file adds as a term.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Makes a dimension's type from its table of words. A row is
/// `CONSTANT "id" "Chinese name" "English name"`, then perhaps `codes ["01"]`, perhaps
/// `also ["other name"]` and perhaps `is poverty`.
macro_rules! dimension {
    (
        $(#[$about:meta])*
        $name:ident {
            $($constant:ident $id:literal $zh:literal $en:literal
                $(codes $codes:tt)? $(also $also:tt)? $(is $poverty:ident)?;)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Term);

        impl $name {
            /// The dimension of these words.
            pub const DIMENSION: Dimension = Dimension::$name;

            /// The standard words.
            pub const WORDS: &'static [Word] = &[$(
                Word {
                    id: $id,
                    zh: $zh,
                    en: $en,
                    codes: dimension!(@list $($codes)?),
                    also: dimension!(@list $($also)?),
                    poverty: dimension!(@is_poverty $($poverty)?),
                },
            )*];

            dimension!(@constants $name 0; $($constant $zh $en;)*);

            /// The word of this id, Chinese name or national code; a local word, kept as it is
            /// written, where the standard vocabulary has none of that name.
            #[must_use]
            pub fn named(text: &str) -> $name {
                $name(Term::named(Self::DIMENSION, text))
            }

            /// The id of a standard word, or the text of a local one.
            #[must_use]
            pub fn id(&self) -> &str {
                match &self.0 {
                    Term::Standard(_) => self.entry().map_or("", |word| word.id),
                    Term::Local(text) => text,
                }
            }

            /// The position among the standard words; `None` for a local word.
            #[must_use]
            pub fn standard_index(&self) -> Option<usize> {
                match &self.0 {
                    Term::Standard(index) => Some(usize::from(*index)),
                    Term::Local(_) => None,
                }
            }

            /// The text of a local word; `None` for a standard one.
            #[must_use]
            pub fn local(&self) -> Option<&str> {
                match &self.0 {
                    Term::Standard(_) => None,
                    Term::Local(text) => Some(text),
                }
            }

            /// The entry of a standard word; `None` for a local one.
            #[must_use]
            pub fn entry(&self) -> Option<&'static Word> {
                self.standard_index().and_then(|index| Self::WORDS.get(index))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name::named(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name::named(&text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.id())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.id()).finish()
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                String::deserialize(deserializer).map($name::from)
            }
        }
    };
    (@list) => { &[] };
    (@list $list:tt) => { &$list };
    (@is_poverty) => { false };
    (@is_poverty poverty) => { true };
    (@constants $name:ident $index:expr;) => {};
    (@constants $name:ident $index:expr; $constant:ident $zh:literal $en:literal; $($rest:tt)*) => {
        #[doc = concat!($zh, ", ", $en, ".")]
        pub const $constant: $name = $name(Term::Standard($index));
        dimension!(@constants $name $index + 1; $($rest)*);
    };
}

mod words;

pub use words::{
    Care, Category, Class, Enrolment, Fee, Grade, Mark, OutpatientDisease, Place, Scheme, Tier,
};

/// A word of the standard vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// The id in files and bills, ASCII kebab-case (a class is a capital letter).
    pub id: &'static str,
    /// The Chinese name.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
    /// The codes of the national interface for this word; the first is the one to write.
    pub codes: &'static [&'static str],
    /// Other Chinese names that are understood.
    pub also: &'static [&'static str],
    /// Whether this is a category of the poor.
    pub poverty: bool,
}

impl Word {
    /// Whether the text is the word's id, one of its Chinese names, or one of its codes.
    #[must_use]
    pub fn is_called(&self, text: &str) -> bool {
        self.id == text
            || self.zh == text
            || self.codes.contains(&text)
            || self.also.contains(&text)
    }
}

/// A dimension of the vocabulary: what a word says something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Dimension {
    /// The patient's identity; see [`Category`].
    Category,
    /// What a line of a bill is for; see [`Fee`].
    Fee,
    /// The catalogue class of a line; see [`Class`].
    Class,
    /// The kind of treatment that a bill is for; see [`Care`].
    Care,
    /// The administrative tier of the facility; see [`Tier`].
    Tier,
    /// The grade of the hospital; see [`Grade`].
    Grade,
    /// Where the facility is, seen from the patient's pool; see [`Place`].
    Place,
    /// The patient's insurance scheme; see [`Scheme`].
    Scheme,
    /// The chronic or special disease of an outpatient bill; see [`OutpatientDisease`].
    OutpatientDisease,
    /// A mark on a line, a bill or a facility; see [`Mark`].
    Mark,
    /// Something for which the patient is enrolled; see [`Enrolment`].
    Enrolment,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Dimension; 11] = [
        Dimension::Category,
        Dimension::Fee,
        Dimension::Class,
        Dimension::Care,
        Dimension::Tier,
        Dimension::Grade,
        Dimension::Place,
        Dimension::Scheme,
        Dimension::OutpatientDisease,
        Dimension::Mark,
        Dimension::Enrolment,
    ];

    /// The dimension's name in files, ASCII snake_case.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Dimension::Category => "category",
            Dimension::Fee => "fee",
            Dimension::Class => "class",
            Dimension::Care => "care",
            Dimension::Tier => "tier",
            Dimension::Grade => "grade",
            Dimension::Place => "place",
            Dimension::Scheme => "scheme",
            Dimension::OutpatientDisease => "outpatient_disease",
            Dimension::Mark => "mark",
            Dimension::Enrolment => "enrolment",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Dimension::Category => "人员类别",
            Dimension::Fee => "费用类别",
            Dimension::Class => "目录类别",
            Dimension::Care => "医疗类别",
            Dimension::Tier => "机构层级",
            Dimension::Grade => "医院等级",
            Dimension::Place => "就医地",
            Dimension::Scheme => "参保险种",
            Dimension::OutpatientDisease => "门诊病种",
            Dimension::Mark => "标识",
            Dimension::Enrolment => "参加项目",
        }
    }

    /// The English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Dimension::Category => "category",
            Dimension::Fee => "fee",
            Dimension::Class => "catalogue class",
            Dimension::Care => "kind of care",
            Dimension::Tier => "tier",
            Dimension::Grade => "hospital grade",
            Dimension::Place => "place of care",
            Dimension::Scheme => "insurance scheme",
            Dimension::OutpatientDisease => "outpatient disease",
            Dimension::Mark => "mark",
            Dimension::Enrolment => "enrolment",
        }
    }

    /// The dimension of that name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Dimension> {
        Dimension::ALL
            .into_iter()
            .find(|dimension| dimension.id() == id)
    }

    /// The dimension's standard words.
    #[must_use]
    pub const fn words(self) -> &'static [Word] {
        match self {
            Dimension::Category => Category::WORDS,
            Dimension::Fee => Fee::WORDS,
            Dimension::Class => Class::WORDS,
            Dimension::Care => Care::WORDS,
            Dimension::Tier => Tier::WORDS,
            Dimension::Grade => Grade::WORDS,
            Dimension::Place => Place::WORDS,
            Dimension::Scheme => Scheme::WORDS,
            Dimension::OutpatientDisease => OutpatientDisease::WORDS,
            Dimension::Mark => Mark::WORDS,
            Dimension::Enrolment => Enrolment::WORDS,
        }
    }

    /// The dimension's collective words, which rule files may write for several words at once.
    ///
    /// ```
    /// use payer_split::Dimension;
    ///
    /// let stays = &Dimension::Care.collectives()[0];
    /// assert_eq!((stays.id, stays.zh), ("any-inpatient", "各类住院"));
    /// assert!(stays.members.contains(&"inpatient"));
    /// ```
    #[must_use]
    pub const fn collectives(self) -> &'static [Collective] {
        match self {
            Dimension::Care => words::CARE_COLLECTIVES,
            _ => &[],
        }
    }

    /// The position among [`Dimension::words`] of the word that has this id, Chinese name or
    /// code.
    ///
    /// ```
    /// use payer_split::Dimension;
    ///
    /// assert_eq!(Dimension::Fee.lookup("床位费"), Some(0));
    /// assert_eq!(Dimension::Fee.lookup("01"), Some(0));
    /// assert_eq!(Dimension::Fee.lookup("陪护费"), None);
    /// ```
    #[must_use]
    pub fn lookup(self, text: &str) -> Option<usize> {
        self.words().iter().position(|word| word.is_called(text))
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// A word for several words of a dimension: only rule files use it, a bill is always of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collective {
    /// Its id.
    pub id: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// The ids of the words that it stands for.
    pub members: &'static [&'static str],
}

/// What a word of any dimension is inside.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Term {
    /// The position among the dimension's standard words.
    Standard(u8),
    /// A word that is not standard, as it was written.
    Local(Box<str>),
}

impl Term {
    fn named(dimension: Dimension, text: &str) -> Term {
        match dimension.lookup(text).map(u8::try_from) {
            Some(Ok(index)) => Term::Standard(index),
            _ => Term::Local(text.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_means_one_word() {
        for dimension in Dimension::ALL {
            let mut seen = BTreeSet::new();
            for (index, word) in dimension.words().iter().enumerate() {
                let names = [word.id, word.zh].into_iter();
                for name in names
                    .chain(word.codes.iter().copied())
                    .chain(word.also.iter().copied())
                {
                    assert!(seen.insert(name), "`{name}` twice in {dimension}");
                    assert_eq!(dimension.lookup(name), Some(index));
                }
                assert!(!word.en.is_empty());
                assert!(!word.poverty || dimension == Dimension::Category);
                let is_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                assert!(
                    word.id.bytes().all(is_id) || dimension == Dimension::Class,
                    "{}",
                    word.id
                );
            }
        }
    }

    #[test]
    fn dimensions_have_distinct_names() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::from_id(dimension.id()), Some(dimension));
            assert_eq!(serde_json::to_value(dimension).unwrap(), dimension.id());
        }
        let distinct = |name: fn(Dimension) -> &'static str| {
            Dimension::ALL
                .into_iter()
                .map(name)
                .collect::<BTreeSet<_>>()
                .len()
        };
        assert_eq!(distinct(Dimension::zh), Dimension::ALL.len());
        assert_eq!(distinct(Dimension::en), Dimension::ALL.len());
    }

    #[test]
    fn constants_point_at_their_words() {
        assert_eq!(Fee::BED.id(), "bed");
        assert_eq!(Fee::PREMIUM.entry().unwrap().zh, "参保费");
        assert_eq!(Class::C.id(), "C");
        assert_eq!(Tier::COUNTY, Tier::named("县"));
        assert_eq!(
            Category::DESTITUTE_WORKER.entry().unwrap().id,
            "destitute-worker"
        );
        assert_eq!(Fee::BED.standard_index(), Some(0));
        assert_eq!(Enrolment::WORDS, []);
    }

    #[test]
    fn local_words_are_kept_as_written() {
        let word = Fee::from(" 床位费");
        assert_eq!(word.local(), Some(" 床位费"));
        assert_eq!(word.id(), " 床位费");
        assert_eq!((word.standard_index(), word.entry()), (None, None));
        assert_ne!(word, Fee::BED);
    }

    #[test]
    fn words_are_their_ids_in_json() {
        let json = serde_json::to_string(&[Fee::named("09"), Fee::named("陪护费")]).unwrap();
        assert_eq!(json, r#"["western-medicine","陪护费"]"#);
        let read: Vec<Fee> = serde_json::from_str(r#"["西药费","陪护费"]"#).unwrap();
        assert_eq!(read, [Fee::WESTERN_MEDICINE, Fee::named("陪护费")]);
        assert_eq!(format!("{:?} {}", Fee::BED, Fee::BED), r#"Fee("bed") bed"#);
    }

    #[test]
    fn the_categories_of_the_poor() {
        let others: Vec<_> = Category::WORDS
            .iter()
            .filter(|word| !word.poverty)
            .map(|word| word.id)
            .collect();
        assert_eq!(others, ["preferential-care"]);
    }
}
