//! Reading a merged tree into a checked policy.

use super::cite::Cited;
use super::condition::{FactBuilder, Reach};
use super::layer::Merged;
use super::names::Ids;
use super::selector::SelectorBuilder;
use crate::date::Date;
use crate::icd10::Icd10Pattern;
use crate::policy::facts::Condition;
use crate::policy::figure::{Figure, FigureId};
use crate::policy::info::{Citation, Info, Layer, LeftOut, Named, Payer, PayerKind, Source};
use crate::policy::step::{Limit, Scope, Slot, Step};
use crate::policy::words::{LocalWord, Words};
use crate::policy::{Counters, Disease, Policy};
use crate::text::{Code, Cursor, Diagnostic, FileId, Node, Sink, Span, Value};
use crate::vocabulary::Dimension;
use crate::year::CounterNames;
use std::sync::Arc;

/// A policy in the making.
pub(super) struct Build<'s> {
    pub(super) sink: &'s Sink,
    layers: &'s [(FileId, Layer)],
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
    pub(super) figures: Vec<Figure>,
    /// By figure: the bills that each of its adjustments reaches.
    pub(super) figure_reaches: Vec<Vec<Reach>>,
    pub(super) limits: Vec<Limit>,
    pub(super) limit_names: Vec<Named>,
    pub(super) steps: Vec<Step>,
    pub(super) step_names: Vec<Named>,
    pub(super) slots: Vec<Slot>,
    pub(super) counters: Vec<Box<str>>,
}

/// Reads one policy; `None` if anything is wrong with it. The span is that of its period, for comparing versions.
pub(super) fn read(merged: &Merged, layers: &[(FileId, Layer)], sink: &Sink) -> Option<(Policy, Span)> {
    let before = sink.error_count();
    let root = Cursor::root(&merged.node, sink)?;
    let mut build = Build::new(merged, layers, sink, &root)?;
    let sources = build.sources(&root);
    let header = build.header(&root, merged.layer);
    let outer = header.as_ref().map(|header| header.cited.clone()).unwrap_or_default();
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
    root.finish();
    build.report_unused(&diseases);
    build.report_too_many();
    if sink.error_count() > before {
        return None;
    }
    let header = header?;
    let facts = build.facts.finish(&build.words, diseases.len());
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
        sources,
        payers,
        steps: build.step_names,
        limits: build.limit_names,
        benefits: benefit_names,
        left_out,
        notes: build.notes,
    };
    let counters = Counters { names: Arc::new(CounterNames(build.counters)), ..counters };
    let policy = Policy {
        info: Arc::new(info),
        words: build.words,
        facts,
        diseases,
        selectors,
        scopes,
        figures: build.figures,
        limits: build.limits,
        steps: build.steps,
        slots: build.slots,
        benefits,
        counters,
    };
    Some((policy, header.span))
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
    fn new(merged: &Merged, layers: &'s [(FileId, Layer)], sink: &'s Sink, root: &Cursor<'_, 's>) -> Option<Build<'s>> {
        let policy = root.req_table("policy")?;
        let from = policy.req_date("from").map(|(date, _)| date);
        let to = match policy.req("to") {
            Some(Node { value: Value::String(text), .. }) if text == "open" => Some(None),
            Some(node @ Node { value: Value::Date(_), .. }) => policy.date("to", node).map(|(date, _)| Some(date)),
            Some(node) => {
                policy.wrong_type("to", node, "a date such as `2020-12-31`, without quotes, or `\"open\"`");
                None
            }
            None => None,
        };
        let period = from.zip(to);
        if let Some((from, Some(to))) = period
            && to < from
        {
            let message = format!("the policy ends on {to}, before it begins on {from}");
            sink.push(Diagnostic::error(Code::PeriodOrder, policy.key_span("to"), message).expected("a `to` that is not before `from`"));
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
            tables: Ids::default(),
            table_figures: Vec::new(),
            shared: Ids::default(),
            shared_limits: Vec::new(),
            step_ids: Ids::default(),
            words: Words::default(),
            facts: FactBuilder::default(),
            selectors: SelectorBuilder::default(),
            notes: Vec::new(),
            figures: Vec::new(),
            figure_reaches: Vec::new(),
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
        self.layers.iter().find(|(known, _)| *known == file).map_or(Layer::Stated, |(_, layer)| *layer)
    }

    fn header(&mut self, root: &Cursor<'_, 's>, layer: Layer) -> Option<Header> {
        let policy = root.req_table("policy")?;
        let id = policy.req_str("id").and_then(|(id, span)| self.check_id(id, span).map(|()| id.to_owned()));
        let version = policy.req_str("version").map(|(version, _)| version.to_owned());
        for key in ["layer", "extends", "from", "to"] {
            policy.opt(key);
        }
        let mut regions = Vec::new();
        let region = policy.req_str("region").filter(|(region, _)| *region != "unstated");
        for (code, span) in region.into_iter().chain(policy.opt_strings("also_regions").into_iter().flatten()) {
            if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
                regions.push(code.into());
            } else {
                let diagnostic = Diagnostic::error(Code::BadRegion, span, format!("`{code}` cannot be a region code"));
                self.sink.push(diagnostic.expected("six digits of GB/T 2260 in quotes, such as `\"430304\"`, or `\"unstated\"`"));
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
        let _ = layer;
        policy.finish();
        let (name, name_en) = names?;
        Some(Header { id: id?, version: version?, regions, name, name_en, citation, cited, span })
    }

    fn sources(&mut self, root: &Cursor<'_, 's>) -> Vec<Source> {
        let mut sources = Vec::new();
        for cursor in root.tables("source") {
            let id = self.id(&cursor, &self.sources);
            let text = |key| cursor.opt_str(key).map(|(text, _)| text.to_owned());
            let title = cursor.req_str("title").map(|(title, _)| title.to_owned());
            let (publisher, note) = (text("publisher"), text("note"));
            let date = match cursor.req("date") {
                Some(Node { value: Value::String(text), .. }) if text == "undated" => None,
                Some(node @ Node { value: Value::Date(_), .. }) => cursor.date("date", node).map(|(date, _)| date),
                Some(node) => {
                    cursor.wrong_type("date", node, "a date such as `2020-12-12`, without quotes, or `\"undated\"`");
                    None
                }
                None => None,
            };
            if let (Some((id, span)), Some(title)) = (id, title) {
                self.sources.add(&id, span);
                sources.push(Source { id, title, publisher, date, note });
            }
            cursor.finish();
        }
        sources
    }

    fn payers(&mut self, root: &Cursor<'_, 's>) -> Vec<Payer> {
        let mut payers = Vec::new();
        for cursor in root.tables("payer") {
            let id = self.id(&cursor, &self.payers);
            let names = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let kinds = PayerKind::ALL.map(|kind| (kind.id(), kind));
            let kind = cursor.req("kind").and_then(|node| self.word(node, &cursor.name_of("kind"), &kinds));
            let code = cursor.opt_str("code").map(|(code, _)| code.to_owned());
            if let Some(("patient", span)) = id.as_ref().map(|(id, span)| (id.as_str(), *span)) {
                let diagnostic = Diagnostic::error(Code::BadId, span, "the patient is no `[[payer]]`");
                self.sink.push(diagnostic.expected("another id: the patient pays what nobody else does"));
            }
            if let (Some((id, span)), Some((name, name_en)), Some(kind)) = (id, names, kind) {
                self.payers.add(&id, span);
                payers.push(Payer { id, name, name_en, kind, code });
            }
            cursor.finish();
        }
        payers
    }

    /// Words of the file's own.
    fn terms(&mut self, root: &Cursor<'_, 's>) {
        for cursor in root.tables("term") {
            let id = self.id(&cursor, &self.terms);
            let names = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let dimensions = Dimension::ALL.map(|dimension| (dimension.id(), dimension));
            let dimension = cursor.req("of").and_then(|node| self.word(node, &cursor.name_of("of"), &dimensions));
            let code = cursor.opt_str("code").map(|(code, _)| code.to_owned());
            let poverty = cursor.opt_bool("poverty");
            if let (Some((_, span)), Some(dimension)) = (poverty, dimension)
                && dimension != Dimension::Category
            {
                let diagnostic = Diagnostic::error(Code::Conflict, span, format!("`poverty` of a {dimension}"));
                self.sink.push(diagnostic.expected("`poverty` only with `of = \"category\"`"));
            }
            if let (Some((id, span)), Some((name, _)), Some(dimension)) = (id, names, dimension) {
                for text in [&id, &name] {
                    if self.words.find(dimension, text).is_some() {
                        let message = format!("the {dimension} `{text}` is already in the vocabulary");
                        let at = if *text == id { span } else { cursor.opt_str("name").map_or(span, |(_, span)| span) };
                        self.sink.push(Diagnostic::error(Code::DuplicateId, at, message).expected("a word of its own, or none: standard words need no `[[term]]`"));
                    }
                }
                self.terms.add(&id, span);
                let word = LocalWord {
                    id: id.into(),
                    name: name.into(),
                    code: code.map(Into::into),
                    poverty: poverty.is_some_and(|(poverty, _)| poverty),
                };
                self.words.add(dimension, word);
            }
            cursor.finish();
        }
    }

    /// Marks a word of the file's own as used.
    pub(super) fn use_word(&self, dimension: Dimension, number: u16) {
        self.terms.use_id(self.words.id(dimension, number));
    }

    /// The number of a word in a rule file; reports one that nobody knows.
    pub(super) fn dimension_word(&self, dimension: Dimension, text: &str, span: Span) -> Option<u16> {
        let found = self.words.find(dimension, text);
        match found {
            Some(number) => self.use_word(dimension, number),
            None => self.unknown_word(dimension.id(), text, span, self.words.spellings(dimension)),
        }
        found
    }

    /// Reports a word that nobody knows.
    pub(super) fn unknown_word<'n>(&self, sort: &str, text: &str, span: Span, known: impl Iterator<Item = &'n str>) {
        let diagnostic = Diagnostic::error(Code::UnknownName, span, format!("unknown {sort} `{text}`"));
        let near = crate::text::suggest(text, known);
        self.sink.push(diagnostic.did_you_mean(near).expected(format!("a {sort} of the standard vocabulary or of this file")));
    }

    fn diseases(&mut self, root: &Cursor<'_, 's>) -> Vec<Disease> {
        let mut diseases = Vec::new();
        for cursor in root.tables("disease") {
            let id = self.id(&cursor, &self.disease_ids);
            let names = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let mut patterns = Vec::new();
            for (text, span) in cursor.opt_strings("icd10").unwrap_or_default() {
                match Icd10Pattern::parse(text) {
                    Ok(pattern) => patterns.push(pattern),
                    Err(error) => cursor.error(Code::BadCode, span, error.to_string()),
                }
            }
            let outpatient: Vec<u16> = cursor
                .opt_strings("outpatient")
                .unwrap_or_default()
                .into_iter()
                .filter_map(|(text, span)| self.dimension_word(Dimension::OutpatientDisease, text, span))
                .collect();
            if !cursor.has("icd10") && !cursor.has("outpatient") {
                let diagnostic = Diagnostic::error(Code::MissingKey, cursor.span(), format!("missing key `icd10` in {}", cursor.what()));
                self.sink.push(diagnostic.expected("the ICD-10 codes of the disease, such as `icd10 = [\"K80\"]`, or `outpatient`"));
            }
            if let (Some((id, span)), Some((name, _))) = (id, names) {
                self.disease_ids.add(&id, span);
                diseases.push(Disease { id: id.into(), name: name.into(), patterns, outpatient });
            }
            cursor.finish();
        }
        for cursor in root.tables("disease_list") {
            let id = self.id(&cursor, &self.lists);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let named = cursor.req_strings("diseases").unwrap_or_default();
            let members: Vec<u16> = named
                .into_iter()
                .filter_map(|(text, span)| {
                    let number = self.disease_ids.ids().position(|id| id == text);
                    if number.is_none() {
                        self.unknown_word("disease", text, span, self.disease_ids.ids());
                    }
                    u16::try_from(number?).ok()
                })
                .collect();
            if let Some((id, span)) = id {
                if members.is_empty() {
                    cursor.error(Code::BadValue, cursor.key_span("diseases"), format!("the disease list `{id}` is empty"));
                }
                if self.disease_ids.contains(&id) {
                    cursor.error(Code::DuplicateId, span, format!("`{id}` is a disease and a disease list"));
                }
                self.lists.add(&id, span);
                self.list_members.push(members);
            }
            cursor.finish();
        }
        diseases
    }

    fn groups(&mut self, root: &Cursor<'_, 's>) {
        for cursor in root.tables("group") {
            let id = self.id(&cursor, &self.groups);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let named = cursor.req_strings("categories").unwrap_or_default();
            let members: Vec<u16> =
                named.into_iter().filter_map(|(text, span)| self.dimension_word(Dimension::Category, text, span)).collect();
            if let Some((id, span)) = id {
                if members.is_empty() {
                    cursor.error(Code::BadValue, cursor.key_span("categories"), format!("the group `{id}` is empty"));
                }
                if self.words.find(Dimension::Category, &id).is_some() {
                    cursor.error(Code::DuplicateId, span, format!("`{id}` is a category and a group"));
                }
                self.groups.add(&id, span);
                self.group_members.push(members);
            }
            cursor.finish();
        }
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
        let mut names: Vec<Box<str>> = (0..payers).map(|payer| format!("paid/{}", self.payers.id(payer)).into()).collect();
        let deductibles = names.len();
        names.extend(self.step_ids.ids().map(|id| format!("deductible/{id}").into()));
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
        self.counters.push(name.into());
        self.counters.len().saturating_sub(1)
    }

    fn scopes(&mut self, root: &Cursor<'_, 's>, outer: &Cited) -> Vec<Scope> {
        let mut ids = Ids::default();
        let mut scopes = Vec::new();
        for cursor in root.tables("scope") {
            let id = self.id(&cursor, &ids);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let cited = self.cite(&cursor, outer);
            let (condition, _) = self.condition(&cursor);
            let selector = cursor.opt_table("covers").map_or(0, |covers| self.selector(covers));
            let moves = cursor.req("move").map(|node| self.parts(node, &cursor.name_of("move")));
            let to = cursor.req("to").and_then(|node| self.part(node, &cursor.name_of("to")));
            if let (Some((id, span)), Some(moves), Some(to)) = (id, moves, to) {
                let note = self.note(&format!("scope.{id}"), &cited, cursor.span());
                scopes.push(Scope { condition, selector, moves, to, note });
                ids.add(&id, span);
            }
            cursor.finish();
        }
        scopes
    }

    fn benefits(&mut self, root: &Cursor<'_, 's>, outer: &Cited) -> (Vec<Condition>, Vec<Named>) {
        let mut ids = Ids::default();
        let (mut conditions, mut names) = (Vec::new(), Vec::new());
        for cursor in root.tables("benefit") {
            let id = self.id(&cursor, &ids);
            let named = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let cited = self.cite(&cursor, outer);
            let (condition, _) = self.condition(&cursor);
            if let (Some((id, span)), Some((name, name_en))) = (id, named) {
                let note = self.note(&format!("benefit.{id}"), &cited, cursor.span());
                if let Some(citation) = self.citation(note).cloned() {
                    ids.add(&id, span);
                    conditions.push(condition);
                    names.push(Named { id, name, name_en, citation });
                }
            }
            cursor.finish();
        }
        (conditions, names)
    }

    fn left_out(&mut self, root: &Cursor<'_, 's>, outer: &Cited) -> Vec<LeftOut> {
        let mut ids = Ids::default();
        let mut left_out = Vec::new();
        for cursor in root.tables("left_out") {
            let id = self.id(&cursor, &ids);
            let text = |key| cursor.opt_str(key).map(|(text, _)| text.to_owned());
            let (text_en, reason_en) = (text("text_en"), text("reason_en"));
            let text = cursor.req_str("text").map(|(text, _)| text.to_owned());
            let reason = cursor.req_str("reason").map(|(text, _)| text.to_owned());
            let cited = self.cite(&cursor, outer);
            if let (Some((id, span)), Some(text), Some(reason)) = (id, text, reason) {
                let note = self.note(&format!("left_out.{id}"), &cited, cursor.span());
                if let Some(citation) = self.citation(note).cloned() {
                    ids.add(&id, span);
                    left_out.push(LeftOut { id, text, text_en, reason, reason_en, citation });
                }
            }
            cursor.finish();
        }
        left_out
    }

    fn report_unused(&self, diseases: &[Disease]) {
        // A disease counts as used by a list that is used.
        for (list, members) in self.list_members.iter().enumerate() {
            if self.lists.is_used(list) {
                for &member in members {
                    self.disease_ids.use_number(usize::from(member));
                }
            }
        }
        let _ = diseases;
        let remove = "something that uses it, or its removal";
        self.sources.report_unused(self, self.file, Code::SourceUncited, "source", "something that cites it, or its removal");
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
        self.shared.report_unused(self, self.file, Code::LimitUnused, "limit", "a step with it in `shared_limits`, or its removal");
    }

    fn report_too_many(&self) {
        let file = Span::start_of(self.file);
        for (count, most, what) in [
            (self.facts.len(), crate::policy::facts::MAX_FACTS, "different tests in conditions"),
            (self.selectors.len(), crate::policy::selectors::MAX_SELECTORS, "different `covers` of lines"),
            (self.step_ids.len(), MAX_STEPS, "steps"),
            (self.disease_ids.len(), MAX_DISEASES, "diseases"),
        ] {
            if count > most {
                self.sink.error(Code::TooMany, file, format!("{count} {what}, and a policy may have {most}"));
            }
        }
    }
}

/// How many steps a policy may have.
pub(crate) const MAX_STEPS: usize = 1000;
/// How many diseases a policy may have.
pub(crate) const MAX_DISEASES: usize = 10_000;
