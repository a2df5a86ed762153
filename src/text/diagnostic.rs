//! Problems found in files: what users see of them.

use std::fmt;
use std::sync::Arc;

use super::source::{FileId, SourceFile, SourceMap};
use super::span::Span;

/// Whether a problem keeps a file from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, but something in it is probably not meant so.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Defines [`Code`] from one list, so that none of its parts can miss an entry.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What kind of problem it is: stable, to be matched on or looked up.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as messages show it.
            ///
            /// ```
            /// # use payer_split::Code;
            /// assert_eq!(Code::UnknownKey.as_str(), "unknown-key");
            /// ```
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

codes! {
    /// The text is not TOML.
    Syntax = "syntax",
    /// The file is not UTF-8 text.
    NotUtf8 = "not-utf8",
    /// The file holds nothing but blanks and comments.
    EmptyFile = "empty-file",
    /// The file is larger than any rule file can sensibly be.
    FileTooLarge = "file-too-large",
    /// Tables and arrays are nested deeper than any rule file needs.
    TooDeep = "too-deep",
    /// A key that must be given is not.
    MissingKey = "missing-key",
    /// A key that nothing reads: mostly a misspelt one.
    UnknownKey = "unknown-key",
    /// A value of another type than its key takes.
    WrongType = "wrong-type",
    /// A name or id that nothing defines.
    UnknownName = "unknown-name",
    /// Two things of a kind have the same id.
    DuplicateId = "duplicate-id",
    /// An id that is not ASCII letters, digits and hyphens.
    BadId = "bad-id",
    /// An amount that is not yuan with at most two decimals.
    BadAmount = "bad-amount",
    /// A ratio that is not a percentage with at most four decimals.
    BadRatio = "bad-ratio",
    /// A date that the calendar does not have.
    BadDate = "bad-date",
    /// A region that is not a six-digit code of GB/T 2260.
    BadRegion = "bad-region",
    /// A diagnosis code or range that is not one of ICD-10.
    BadCode = "bad-code",
    /// A value outside of what its key takes.
    BadValue = "bad-value",
    /// Keys that exclude one another stand together.
    Conflict = "conflict",
    /// Money between two bands belongs to neither.
    BandGap = "band-gap",
    /// Money belongs to two bands.
    BandOverlap = "band-overlap",
    /// Bands do not rise.
    BandOrder = "band-order",
    /// The last band has an upper edge: nothing is paid above it.
    BandEnds = "band-ends",
    /// A ratio is, or could become, more than 100 %.
    RatioOver100 = "ratio-over-100",
    /// A ratio is, or could become, less than 0.
    RatioBelow0 = "ratio-below-0",
    /// An amount is less than 0.
    AmountBelow0 = "amount-below-0",
    /// An adjusted ratio would have more decimals than can be kept exactly.
    RatioTooFine = "ratio-too-fine",
    /// A limit that no step uses.
    LimitUnused = "limit-unused",
    /// A shared limit that only one step uses.
    LimitSharedByOne = "limit-shared-by-one",
    /// A group, disease, list, table, payer or term that nothing uses.
    Unused = "unused",
    /// A source that nothing cites.
    SourceUncited = "source-uncited",
    /// A step, an adjustment or an entry of a table that no bill can reach.
    StepNeverApplies = "step-never-applies",
    /// A table lacks an entry for a value that a bill may have.
    TableMisses = "table-misses",
    /// Two versions of a policy are in force on the same day.
    VersionOverlap = "version-overlap",
    /// A period ends before it starts.
    PeriodOrder = "period-order",
    /// A file extends one that is not there.
    ExtendsUnknown = "extends-unknown",
    /// A file extends itself, perhaps by way of others.
    ExtendsCycle = "extends-cycle",
    /// A step refers to one that does not come earlier.
    Forward = "forward",
    /// The shares of a step's payers do not sum to 100 %.
    SharesSum = "shares-sum",
    /// More things of a kind than the format holds.
    TooMany = "too-many",
    /// A ratio so small that a percentage was probably typed as a ratio, or points as a factor.
    RatioTiny = "ratio-tiny",
    /// A ratio that is probably the patient's share instead of the payer's.
    PatientsShare = "patients-share",
    /// A ratio that falls where bands rise.
    RatioFalls = "ratio-falls",
    /// A figure that goes against the usual order of tiers, grades or places.
    OrderUnusual = "order-unusual",
    /// An amount larger than any that can be meant.
    AmountAbsurd = "amount-absurd",
    /// An amount so small that it was probably typed in another unit.
    AmountTiny = "amount-tiny",
    /// A cap below the deductible of its step.
    CapBelowDeductible = "cap-below-deductible",
    /// An adjustment whose outcome a later one always replaces.
    AdjustShadowed = "adjust-shadowed",
    /// A step that can never pay anything.
    StepNeverPays = "step-never-pays",
    /// A payer of which no step can ever pay anything.
    PayerNeverPays = "payer-never-pays",
    /// Two steps that pay the same money of the same patient in the same role.
    SameRole = "same-role",
    /// A guarantee of more money than its step covers.
    GuaranteeOutOfReach = "guarantee-out-of-reach",
    /// Days between two versions of a policy on which none is in force.
    VersionGap = "version-gap",
    /// A counter of the year that a new version within the year does not carry on.
    CounterLost = "counter-lost",
    /// An assumption in the place of a figure that a source states.
    AssumptionShadows = "assumption-shadows",
    /// A poverty category with which its holder pays more than without.
    PovertyPaysMore = "poverty-pays-more",
}

impl Code {
    /// Whether the code is only of [`check`](crate::check::Project::check): what loads and is probably not meant.
    ///
    /// ```
    /// # use payer_split::Code;
    /// assert!(Code::RatioTiny.is_lint() && !Code::UnknownKey.is_lint());
    /// ```
    #[must_use]
    pub fn is_lint(self) -> bool {
        self >= Self::RatioTiny
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a file, with what there is to say about it.
#[derive(Clone)]
pub struct Label {
    file: FileId,
    /// `None` for a file as a whole.
    span: Option<Span>,
    text: Option<String>,
    /// Set when the load is over.
    source: Option<Arc<SourceFile>>,
}

impl Label {
    fn new(file: FileId, span: Option<Span>) -> Self {
        Self {
            file,
            span,
            text: None,
            source: None,
        }
    }

    /// The file, named as the caller named it.
    #[must_use]
    pub fn file(&self) -> &str {
        self.source.as_ref().map_or("", |source| source.name())
    }

    /// The line, from 1; `None` for a file as a whole.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.position().map(|(line, _)| line)
    }

    /// The column, from 1, in characters; `None` for a file as a whole.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.position().map(|(_, column)| column)
    }

    /// The text at the place; empty for a file as a whole.
    #[must_use]
    pub fn underlined(&self) -> &str {
        let place = self.source.as_ref().zip(self.byte_range());
        place.map_or("", |(source, (start, end))| source.slice(start, end))
    }

    /// What there is to say about the place.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    fn position(&self) -> Option<(usize, usize)> {
        let (start, _) = self.byte_range()?;
        Some(self.source.as_ref()?.position(start))
    }

    /// The place in bytes of the file's text.
    pub(super) fn byte_range(&self) -> Option<(usize, usize)> {
        let span = self.span?;
        Some((
            usize::try_from(span.start).ok()?,
            usize::try_from(span.end).ok()?,
        ))
    }

    /// The file's text.
    pub(super) fn source(&self) -> Option<&SourceFile> {
        self.source.as_deref()
    }

    fn resolve(&mut self, sources: &SourceMap) {
        self.source = sources.get(self.file).cloned();
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::render::place(f, self)
    }
}

/// One problem in a file: what is wrong, where, and what was expected.
///
/// `Display` shows it with the line at fault and the wrong text underlined;
/// [`short`](Self::short) in one line.
#[derive(Clone)]
pub struct Diagnostic {
    severity: Severity,
    code: Code,
    message: String,
    primary: Label,
    secondary: Vec<Label>,
    expected: Option<String>,
    suggestion: Option<String>,
    notes: Vec<String>,
    witness: Option<String>,
}

impl Diagnostic {
    /// An error at a place. Messages start in lower case and end without a full stop.
    pub(crate) fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(
            Severity::Error,
            code,
            Label::new(span.file, Some(span)),
            message.into(),
        )
    }

    /// An error whose text says what is wrong and then, after ": expected", what should be there.
    pub(crate) fn of_error(
        code: Code,
        span: Span,
        place: &str,
        error: &dyn std::error::Error,
    ) -> Self {
        let text = error.to_string();
        let (problem, expected) = match text.split_once(": expected ") {
            Some((problem, expected)) => (problem, Some(expected)),
            None => (text.as_str(), None),
        };
        let diagnostic = Self::error(code, span, format!("{place}: {problem}"));
        match expected {
            Some(expected) => diagnostic.expected(expected),
            None => diagnostic,
        }
    }

    /// A warning at a place.
    pub(crate) fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(
            Severity::Warning,
            code,
            Label::new(span.file, Some(span)),
            message.into(),
        )
    }

    /// An error of a file as a whole.
    pub(crate) fn file_error(code: Code, file: FileId, message: impl Into<String>) -> Self {
        Self::new(
            Severity::Error,
            code,
            Label::new(file, None),
            message.into(),
        )
    }

    fn new(severity: Severity, code: Code, primary: Label, message: String) -> Self {
        Self {
            severity,
            code,
            // An empty text of the file is shown with its quotes.
            message: message.replace("``", "`\"\"`"),
            primary,
            secondary: Vec::new(),
            expected: None,
            suggestion: None,
            notes: Vec::new(),
            witness: None,
        }
    }

    /// Says something beside the underlining.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = Some(text.into());
        self
    }

    /// Says what was expected: "a ratio such as `85%`".
    pub(crate) fn expected(mut self, what: impl Into<String>) -> Self {
        self.expected = Some(what.into());
        self
    }

    /// Suggests what may have been meant.
    pub(crate) fn did_you_mean(mut self, name: Option<&str>) -> Self {
        self.suggestion = name.map(str::to_owned);
        self
    }

    /// Shows a second place: "first defined here".
    pub(crate) fn secondary(mut self, span: Span, text: impl Into<String>) -> Self {
        let mut label = Label::new(span.file, Some(span));
        label.text = Some(text.into());
        self.secondary.push(label);
        self
    }

    /// Adds a sentence of explanation.
    pub(crate) fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Shows it by a patient and a bill, written as a case.
    pub(crate) fn witnessed(mut self, case: Option<String>) -> Self {
        self.witness = case;
        self
    }

    /// Whether it keeps the file from being used.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What kind of problem it is.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file, named as the caller named it.
    #[must_use]
    pub fn file(&self) -> &str {
        self.primary.file()
    }

    /// The line, from 1; `None` for a file as a whole.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.primary.line()
    }

    /// The column, from 1, in characters; `None` for a file as a whole.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.primary.column()
    }

    /// The wrong text itself; empty for a file as a whole.
    #[must_use]
    pub fn underlined(&self) -> &str {
        self.primary.underlined()
    }

    /// The place of the problem.
    #[must_use]
    pub fn place(&self) -> &Label {
        &self.primary
    }

    /// Other places that have to do with it, such as an earlier definition.
    #[must_use]
    pub fn other_places(&self) -> &[Label] {
        &self.secondary
    }

    /// What was expected instead.
    #[must_use]
    pub fn expectation(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// What may have been meant: a name to put in the place of the wrong one.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// Further explanations.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().map(String::as_str)
    }

    /// The smallest patient and bill found that show the problem: the text of a case, ready to be put in a case file,
    /// expecting what the rules as they stand come to.
    #[must_use]
    pub fn witness(&self) -> Option<&str> {
        self.witness.as_deref()
    }

    /// The problem in one line: `path:line:column: error[code]: message`.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{self:?}")
    }

    /// Whether the other one says the same of the same place, as when several files inherit it.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        self.code == other.code && self.order() == other.order() && self.message == other.message
    }

    fn resolve(&mut self, sources: &SourceMap) {
        self.primary.resolve(sources);
        for label in &mut self.secondary {
            label.resolve(sources);
        }
    }

    /// Problems stand in the order of the files, and in a file from top to bottom.
    fn order(&self) -> (FileId, Option<Span>) {
        (self.primary.file, self.primary.span)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::render::full(f, self)
    }
}

impl fmt::Debug for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::render::short(f, self)
    }
}

/// Everything that was found wrong in the files of one load: the error of loading, and,
/// if it holds only warnings, what a load that went well has to say.
///
/// `Display` shows every problem with the line at fault; `Debug` has a line for each.
#[derive(Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    omitted: usize,
}

impl Diagnostics {
    /// The problems in order, each with the text of its file.
    pub(super) fn resolve(mut list: Vec<Diagnostic>, omitted: usize, sources: &SourceMap) -> Self {
        for diagnostic in &mut list {
            diagnostic.resolve(sources);
        }
        list.sort_by_key(Diagnostic::order);
        Self { list, omitted }
    }

    /// Adds the problems of other files, behind these.
    pub(crate) fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(others);
    }

    /// The problems, in the order of the files and in each from top to bottom.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many there are, without those [`omitted`](Self::omitted).
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether there is an error among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.of(Severity::Error)
    }

    /// The warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.of(Severity::Warning)
    }

    /// How many further problems were found but not kept, since there were so many.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().filter(move |d| d.severity == severity)
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::render::all(f, self, "\n\n", super::render::full)
    }
}

impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::render::all(f, self, "\n", super::render::short)
    }
}

impl std::error::Error for Diagnostics {}
