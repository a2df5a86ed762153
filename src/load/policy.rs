//! Reading a merged tree into a checked policy.

use super::Placed;
use super::cite::Cited;
use super::condition::{FactBuilder, Reach};
use super::layer::Merged;
use super::names::Ids;
use super::selector::SelectorBuilder;
use crate::date::Date;
use crate::limits::{MAX_COUNTERS, MAX_FACTS, MAX_SELECTORS, MAX_VALUES};
use crate::policy::facts::{Facts, Subject};
use crate::policy::figure::{Count, Figure, FigureId};
use crate::policy::info::{Citation, Info, Layer, Named};
use crate::policy::step::{Limit, LimitOn, LimitPer, Slot, Step};
use crate::policy::words::Words;
use crate::policy::{Counters, Policy};
use crate::text::{Code, Cursor, Diagnostic, FileId, Node, Sink, Span, Value};
use crate::year::CounterNames;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

/// A policy in the making.
pub(super) struct Build<'s> {
    pub(super) sink: &'s Sink,
    layers: &'s HashMap<FileId, Layer>,
    /// The file that the policy is named for.
    pub(super) file: FileId,
    pub(super) period: (Date, Option<Date>),
    pub(super) sources: Ids,
    pub(super) payers: Ids,
    pub(super) terms: Ids,
    pub(super) groups: Ids,
    pub(super) group_members: Vec<Vec<u16>>,
    pub(super) disease_ids: Ids,
    pub(super) lists: Ids,
    pub(super) list_members: Vec<Vec<u16>>,
    /// Set by a condition that uses a group or list of an assumed layer: where its members stand.
    pub(super) assumed_members: Cell<Option<Span>>,
    pub(super) tables: Ids,
    pub(super) table_figures: Vec<Option<(FigureId, bool)>>,
    pub(super) shared: Ids,
    /// By shared limit: its number among all limits.
    pub(super) shared_limits: Vec<Option<usize>>,
    pub(super) step_ids: Ids,
    pub(super) words: Words,
    pub(super) facts: FactBuilder,
    pub(super) selectors: SelectorBuilder,
    pub(super) notes: Vec<Citation>,
    /// By note: where the cited thing stands.
    pub(super) note_spans: Vec<Span>,
    pub(super) figures: Vec<Figure>,
    /// By figure: the bills that each of its adjustments reaches.
    pub(super) figure_reaches: Vec<Vec<Reach>>,
    /// By figure: how many values it has, with those of the tables that it names.
    pub(super) figure_sizes: Vec<usize>,
    /// How many values were looked at so far, and where there were too many.
    values: Cell<usize>,
    too_many_values: Cell<Option<Span>>,
    pub(super) limits: Vec<Limit>,
    pub(super) limit_names: Vec<Named>,
    pub(super) steps: Vec<Step>,
    pub(super) step_names: Vec<Named>,
    pub(super) slots: Vec<Slot>,
    pub(super) counters: Vec<Box<str>>,
}

/// Reads one policy; `None` if anything is wrong with it. The span is that of its period, for comparing versions.
pub(super) fn read(
    merged: Merged<'_>,
    layers: &HashMap<FileId, Layer>,
    sink: &Sink,
) -> Option<Placed> {
    let before = sink.error_count();
    let root = Cursor::root(&merged.node, sink)?;
    let mut build = Build::new(&merged, layers, sink, &root)?;
    let sources = build.sources(&root);
    let header = build.header(&root);
    let outer = header
        .as_ref()
        .map(|header| header.cited.clone().without_certainty())
        .unwrap_or_default();
    let payers = build.payers(&root);
    build.terms(&root);
    let diseases = build.diseases(&root);
    build.groups(&root);
    build.named_tables(&root, &outer);
    build.step_ids(&root);
    let counters = build.fixed_counters(payers.len());
    build.shared_limits(&root, &outer);
    let scopes = build.scopes(&root, &outer);
    for (number, cursor) in root.tables("step").into_iter().enumerate() {
        build.step(number, cursor, &outer);
    }
    build.finish_limits();
    let (benefits, benefit_names) = build.benefits(&root, &outer);
    let left_out = build.left_out(&root, &outer);
    let (exceptions, exceptions_when) = build.exceptions(&root, &outer);
    root.finish();
    // First, since it may be why something is not used.
    build.report_too_many();
    build.report_unused();
    build.report_shared_by_one();
    if sink.error_count() > before {
        return None;
    }
    let header = header?;
    let mut facts = build.facts.finish(&build.words, diseases.len());
    facts.counted = build.figures.iter().flat_map(Figure::counted).collect();
    facts.looked_at = looked_at(&facts, &build.figures, &build.limits);
    let selectors = build.selectors.finish(&build.words);
    let info = Info {
        id: header.id.into(),
        version: header.version.into(),
        layer: merged.layer,
        regions: header.regions,
        name: header.name.into(),
        name_en: header.name_en.into(),
        from: build.period.0,
        to: build.period.1,
        citation: header.citation,
        sources: tight(sources),
        payers: tight(payers),
        steps: tight(build.step_names),
        limits: tight(build.limit_names),
        benefits: tight(benefit_names),
        left_out: tight(left_out),
        exceptions: tight(exceptions),
        notes: tight(build.notes),
    };
    let counters = Counters {
        names: Arc::new(CounterNames::new(build.counters)),
        ..counters
    };
    let policy = Policy {
        info: Arc::new(info),
        words: build.words,
        facts,
        diseases,
        selectors,
        scopes,
        figures: tight(build.figures),
        limits: tight(build.limits),
        steps: tight(build.steps),
        slots: tight(build.slots),
        benefits,
        exceptions: exceptions_when,
        counters,
    };
    // A period may come from the file that is extended.
    let own = Some(header.span).filter(|span| span.file == merged.file);
    Some(Placed {
        policy,
        period: own.unwrap_or(merged.span),
        notes: build.note_spans,
        payers: (0..build.payers.len())
            .filter_map(|payer| build.payers.place(payer))
            .collect(),
        files: merged.files,
    })
}

/// A list without room for more: thousands of policies may be kept for long.
pub(super) fn tight<T>(mut list: Vec<T>) -> Vec<T> {
    list.shrink_to_fit();
    list
}

/// What the header says.
struct Header {
    id: String,
    version: String,
    regions: Vec<Box<str>>,
    name: String,
    name_en: String,
    citation: Option<Citation>,
    cited: Cited,
    span: Span,
}

impl<'s> Build<'s> {
    fn new(
        merged: &Merged<'_>,
        layers: &'s HashMap<FileId, Layer>,
        sink: &'s Sink,
        root: &Cursor<'_, 's>,
    ) -> Option<Build<'s>> {
        let policy = root.req_table("policy")?;
        let from = policy.req_date("from").map(|(date, _)| date);
        let to = match policy.req("to") {
            Some(Node {
                value: Value::String(text),
                ..
            }) if text == "open" => Some(None),
            Some(
                node @ Node {
                    value: Value::Date(_),
                    ..
                },
            ) => policy.date("to", node).map(|(date, _)| Some(date)),
            Some(node) => {
                policy.wrong_type(
                    "to",
                    node,
                    "a date such as `2020-12-31`, without quotes, or `\"open\"`",
                );
                None
            }
            None => None,
        };
        let period = from.zip(to);
        if let Some((from, Some(to))) = period
            && to < from
        {
            let message = format!("the policy ends on {to}, before it begins on {from}");
            // One of them may come from the file that is extended.
            let keys = ["to", "from"].map(|key| policy.key_span(key));
            let span = keys.into_iter().find(|span| span.file == merged.file);
            sink.push(
                Diagnostic::error(Code::PeriodOrder, span.unwrap_or(merged.span), message)
                    .expected("a `to` that is not before `from`"),
            );
        }
        // Without a period the rest can still be checked.
        let fallback = Date::new(2000, 1, 1).ok()?;
        let period = (from.unwrap_or(fallback), to.flatten());
        Some(Build {
            sink,
            layers,
            file: merged.file,
            period,
            sources: Ids::default(),
            payers: Ids::default(),
            terms: Ids::default(),
            groups: Ids::default(),
            group_members: Vec::new(),
            disease_ids: Ids::default(),
            lists: Ids::default(),
            list_members: Vec::new(),
            assumed_members: Cell::default(),
            tables: Ids::default(),
            table_figures: Vec::new(),
            shared: Ids::default(),
            shared_limits: Vec::new(),
            step_ids: Ids::default(),
            words: Words::default(),
            facts: FactBuilder::default(),
            selectors: SelectorBuilder::default(),
            notes: Vec::new(),
            note_spans: Vec::new(),
            figures: Vec::new(),
            figure_reaches: Vec::new(),
            figure_sizes: Vec::new(),
            values: Cell::default(),
            too_many_values: Cell::default(),
            limits: Vec::new(),
            limit_names: Vec::new(),
            steps: Vec::new(),
            step_names: Vec::new(),
            slots: Vec::new(),
            counters: Vec::new(),
        })
    }

    /// The layer of the file in which something stands.
    pub(super) fn layer_of(&self, file: FileId) -> Layer {
        self.layers.get(&file).copied().unwrap_or(Layer::Stated)
    }

    fn header(&mut self, root: &Cursor<'_, 's>) -> Option<Header> {
        let policy = root.req_table("policy")?;
        let id = policy
            .req_str("id")
            .and_then(|(id, span)| self.check_id(id, span).map(|()| id.to_owned()));
        let version = policy
            .req_str("version")
            .map(|(version, _)| version.to_owned());
        for key in ["layer", "extends", "from", "to"] {
            policy.opt(key);
        }
        let mut regions = Vec::new();
        let region = policy
            .req_str("region")
            .filter(|(region, _)| *region != "unstated");
        for (code, span) in region
            .into_iter()
            .chain(policy.opt_strings("also_regions").into_iter().flatten())
        {
            if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
                regions.push(code.into());
            } else {
                let diagnostic = Diagnostic::error(
                    Code::BadRegion,
                    span,
                    format!("`{code}` cannot be a region code"),
                );
                self.sink.push(diagnostic.expected(
                    "six digits of GB/T 2260 in quotes, such as `\"430304\"`, or `\"unstated\"`",
                ));
            }
        }
        let names = self.names(&policy, id.as_deref().unwrap_or_default());
        let cited = Cited::default().and(self, &policy);
        let span = policy.key_span("from");
        let citation = if cited.has_source() {
            let note = self.note("policy", &cited, span);
            self.citation(note).cloned()
        } else {
            None
        };
        policy.finish();
        let (name, name_en) = names?;
        Some(Header {
            id: id?,
            version: version?,
            regions,
            name,
            name_en,
            citation,
            cited,
            span,
        })
    }

    fn step_ids(&mut self, root: &Cursor<'_, 's>) {
        for cursor in root.tables("step") {
            // A step whose id is wrong keeps its place.
            match self.id(&cursor, &self.step_ids) {
                Some((id, span)) => self.step_ids.add(&id, span),
                None => self.step_ids.add("", cursor.span()),
            }
        }
    }

    /// The counters that every policy has.
    fn fixed_counters(&mut self, payers: usize) -> Counters {
        let mut names: Vec<Box<str>> = (0..payers)
            .map(|payer| format!("paid/{}", self.payers.id(payer)).into())
            .collect();
        let deductibles = names.len();
        names.extend(
            self.step_ids
                .ids()
                .map(|id| format!("deductible/{id}").into()),
        );
        let patient = names.len();
        names.extend(["paid/patient", "billed/total", "billed/in-scope"].map(Into::into));
        self.counters = names;
        Counters {
            names: Arc::default(),
            paid: 0,
            deductibles,
            patient,
            billed: patient.saturating_add(1),
            in_scope: patient.saturating_add(2),
        }
    }

    /// A new counter of the year to date.
    pub(super) fn counter(&mut self, name: String) -> usize {
        if self.counts_on() {
            self.counters.push(name.into());
        }
        self.counters.len().saturating_sub(1)
    }

    /// Whether there are not yet too many counters; one too many tells that there are.
    pub(super) fn counts_on(&self) -> bool {
        self.counters.len() <= MAX_COUNTERS
    }

    fn report_unused(&self) {
        // A disease counts as used by a list that is used.
        for (list, members) in self.list_members.iter().enumerate() {
            if self.lists.is_used(list) {
                for &member in members {
                    self.disease_ids.use_number(usize::from(member));
                }
            }
        }
        let remove = "something that uses it, or its removal";
        self.sources.report_unused(
            self,
            self.file,
            Code::SourceUncited,
            "source",
            "something that cites it, or its removal",
        );
        for (ids, sort) in [
            (&self.payers, "payer"),
            (&self.terms, "term"),
            (&self.groups, "group"),
            (&self.disease_ids, "disease"),
            (&self.lists, "disease list"),
            (&self.tables, "table"),
        ] {
            ids.report_unused(self, self.file, Code::Unused, sort, remove);
        }
        self.shared.report_unused(
            self,
            self.file,
            Code::LimitUnused,
            "limit",
            "a step with it in `shared_limits` (a limit on deductibles: in `within` of its `deductible`), or its removal",
        );
    }

    /// A limit that is shared by one step only is probably that step's own.
    fn report_shared_by_one(&self) {
        for (number, id, span) in self.shared.used_once(self.file) {
            let limit = self.shared_limits.get(number).copied().flatten();
            let on = limit
                .and_then(|limit| self.limits.get(limit))
                .map(|limit| limit.on);
            if matches!(on, Some(LimitOn::Payment | LimitOn::Cost)) {
                let message = format!("the limit `{id}` is shared by one step only");
                let diagnostic = Diagnostic::warning(Code::LimitSharedByOne, span, message);
                self.sink.push(
                    diagnostic
                        .expected(
                            "a `[[step.limit]]` of that step, or a second step that shares it",
                        )
                        .note("a shared limit counts what all its steps pay together"),
                );
            }
        }
    }

    /// Counts values that are looked at. Once there are too many it is `false`, and nothing further is worth a look.
    pub(super) fn count_values(&self, count: usize, span: Span) -> bool {
        let sum = self.values.get().saturating_add(count);
        self.values.set(sum);
        if sum > MAX_VALUES && self.too_many_values.get().is_none() {
            self.too_many_values.set(Some(span));
        }
        sum <= MAX_VALUES
    }

    fn report_too_many(&self) {
        let file = Span::start_of(self.file);
        if !self.counts_on() {
            let message = format!("more than {MAX_COUNTERS} running totals of a year");
            self.sink.push(
                Diagnostic::error(Code::TooMany, file, message)
                    .expected("fewer diseases, or fewer limits per disease and year"),
            );
        }
        if let Some(span) = self.too_many_values.get() {
            let message = format!("the figures can come to more than {MAX_VALUES} values by here");
            self.sink.push(
                Diagnostic::error(Code::TooMany, span, message).expected(
                    "smaller tables, or fewer adjustments with conditions of different kinds on one figure",
                ),
            );
        }
        for (count, most, what) in [
            (self.facts.len(), MAX_FACTS, "different tests in conditions"),
            (
                self.selectors.len(),
                MAX_SELECTORS,
                "different `covers` of lines",
            ),
        ] {
            if count > most {
                self.sink.error(
                    Code::TooMany,
                    file,
                    format!("{count} {what}, and a policy may have {most}"),
                );
            }
        }
    }
}

/// By subject: whether a condition, a table or a limit looks at it.
fn looked_at(facts: &Facts, figures: &[Figure], limits: &[Limit]) -> [bool; Subject::ALL.len()] {
    let mut subjects = facts.counted.clone();
    for adjust in figures.iter().flat_map(|figure| &figure.adjusts) {
        let further = matches!(adjust.per, Some((Count::FurtherCertificate, _)));
        subjects.extend(further.then_some(Subject::Certificate));
    }
    for limit in limits {
        if matches!(limit.per, LimitPer::DiseaseYear(_)) {
            subjects.extend([Subject::Disease, Subject::OutpatientDisease]);
        }
    }
    let is_in_condition = |subject: &Subject| !facts.about(*subject).is_empty();
    subjects.extend(Subject::ALL.into_iter().filter(is_in_condition));
    if subjects.contains(&Subject::Certified) {
        subjects.extend([Subject::OutpatientDisease, Subject::Certificate]);
    }
    Subject::ALL.map(|subject| subjects.contains(&subject))
}
