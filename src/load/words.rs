//! A file's own words: terms, groups of categories, diseases and lists of them.

use super::cite::Cited;
use super::condition::is_empty;
use super::policy::Build;
use crate::icd10::Icd10Pattern;
use crate::policy::Disease;
use crate::policy::words::LocalWord;
use crate::text::{Code, Cursor, Diagnostic, Span};
use crate::vocabulary::Dimension;

impl<'s> Build<'s> {
    /// Words of the file's own.
    pub(super) fn terms(&mut self, root: &Cursor<'_, 's>) {
        for cursor in root.tables("term") {
            let id = self.id(&cursor, &self.terms);
            let names = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let dimensions = Dimension::ALL.map(|dimension| (dimension.id(), dimension));
            let dimension = cursor
                .req("of")
                .and_then(|node| self.word(node, &cursor.name_of("of"), &dimensions));
            let code = cursor.opt_str("code").map(|(code, _)| code.to_owned());
            let poverty = cursor.opt_bool("poverty");
            if let (Some((_, span)), Some(dimension)) = (poverty, dimension)
                && dimension != Dimension::Category
            {
                let message = format!("`poverty` of a {dimension} in {}", cursor.what());
                let diagnostic = Diagnostic::error(Code::Conflict, span, message);
                self.sink
                    .push(diagnostic.expected("`poverty` only with `of = \"category\"`"));
            }
            if let (Some((id, span)), Some(dimension)) = (id, dimension) {
                // What is known by its id is known, whatever else is wrong with it.
                let name = names.map_or_else(|| id.clone(), |(name, _)| name);
                let mut taken = false;
                for text in [&id, &name] {
                    if self.words.find(dimension, text).is_some() {
                        taken = true;
                        let message =
                            format!("the {dimension} `{text}` is already in the vocabulary");
                        let at = if *text == id {
                            span
                        } else {
                            cursor.opt_str("name").map_or(span, |(_, span)| span)
                        };
                        self.sink
                            .push(Diagnostic::error(Code::DuplicateId, at, message).expected(
                                "a word of its own, or none: standard words need no `[[term]]`",
                            ));
                    }
                }
                self.terms.add(&id, span);
                if taken {
                    self.terms.use_id(&id);
                }
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
    pub(super) fn dimension_word(
        &self,
        dimension: Dimension,
        text: &str,
        span: Span,
    ) -> Option<u16> {
        let found = self.words.find(dimension, text);
        match found {
            Some(number) => self.use_word(dimension, number),
            None => {
                let known = self.words.spellings(dimension);
                let sort = dimension.id().replace('_', " ");
                let article = if sort.starts_with(['e', 'o']) {
                    "an"
                } else {
                    "a"
                };
                let expected =
                    format!("{article} {sort} of the standard vocabulary or of this file");
                self.unknown_word(&sort, text, span, known, &expected);
            }
        }
        found
    }

    /// Reports a word that nobody knows.
    pub(super) fn unknown_word<'n>(
        &self,
        sort: &str,
        text: &str,
        span: Span,
        known: impl Iterator<Item = &'n str>,
        expected: &str,
    ) {
        let diagnostic =
            Diagnostic::error(Code::UnknownName, span, format!("unknown {sort} `{text}`"));
        let near = self.near(text, known);
        // What was meant is used.
        for ids in [&self.terms, &self.groups, &self.disease_ids, &self.lists] {
            near.map(|near| ids.use_id(near));
        }
        self.sink
            .push(diagnostic.did_you_mean(near).expected(expected));
    }

    pub(super) fn diseases(&mut self, root: &Cursor<'_, 's>) -> Vec<Disease> {
        let mut diseases = Vec::new();
        for cursor in root.tables("disease") {
            Cited::default().and(self, &cursor);
            let id = self.id(&cursor, &self.disease_ids);
            let names = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let mut patterns = Vec::new();
            for (text, span) in cursor.opt_strings("icd10").unwrap_or_default() {
                match Icd10Pattern::parse(text) {
                    Ok(pattern) => patterns.push(pattern),
                    Err(error) => {
                        let place = cursor.name_of("icd10");
                        let diagnostic = Diagnostic::of_error(Code::BadCode, span, &place, &error);
                        self.sink.push(diagnostic);
                    }
                }
            }
            let outpatient: Vec<u16> = cursor
                .opt_strings("outpatient")
                .unwrap_or_default()
                .into_iter()
                .filter_map(|(text, span)| {
                    self.dimension_word(Dimension::OutpatientDisease, text, span)
                })
                .collect();
            if !cursor.has("icd10") && !cursor.has("outpatient") {
                let diagnostic = Diagnostic::error(
                    Code::MissingKey,
                    cursor.span(),
                    format!("missing key `icd10` in {}", cursor.what()),
                );
                self.sink.push(diagnostic.expected(
                    "the ICD-10 codes of the disease, such as `icd10 = [\"K80\"]`, or `outpatient`",
                ));
            }
            if let Some((id, span)) = id {
                let name = names.map_or_else(|| id.clone(), |(name, _)| name);
                self.disease_ids.add(&id, span);
                diseases.push(Disease {
                    id: id.into(),
                    name: name.into(),
                    patterns,
                    outpatient,
                });
            }
            cursor.finish();
        }
        for cursor in root.tables("disease_list") {
            Cited::default().and(self, &cursor);
            let id = self.id(&cursor, &self.lists);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let named = cursor.req_strings("diseases").unwrap_or_default();
            let members: Vec<u16> = named
                .into_iter()
                .filter_map(|(text, span)| {
                    let number = self.disease_ids.number(text);
                    if number.is_none() {
                        let expected = "the id of a `[[disease]]` of this file";
                        self.unknown_word("disease", text, span, self.disease_ids.ids(), expected);
                    }
                    u16::try_from(number?).ok()
                })
                .collect();
            if let Some((id, span)) = id {
                if cursor.opt("diseases").is_some_and(is_empty) {
                    cursor.error(
                        Code::BadValue,
                        cursor.key_span("diseases"),
                        format!("the disease list `{id}` is empty"),
                    );
                }
                self.lists.add_at(&id, span, cursor.key_span("diseases"));
                if self.disease_ids.contains(&id) {
                    let message = format!("`{id}` is a disease and a disease list");
                    self.sink.push(
                        Diagnostic::error(Code::DuplicateId, span, message)
                            .expected("an id that no disease has"),
                    );
                    self.lists.use_id(&id);
                }
                self.list_members.push(members);
            }
            cursor.finish();
        }
        diseases
    }

    pub(super) fn groups(&mut self, root: &Cursor<'_, 's>) {
        for cursor in root.tables("group") {
            Cited::default().and(self, &cursor);
            let id = self.id(&cursor, &self.groups);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let named = cursor.req_strings("categories").unwrap_or_default();
            let members: Vec<u16> = named
                .into_iter()
                .filter_map(|(text, span)| self.dimension_word(Dimension::Category, text, span))
                .collect();
            if let Some((id, span)) = id {
                if cursor.opt("categories").is_some_and(is_empty) {
                    cursor.error(
                        Code::BadValue,
                        cursor.key_span("categories"),
                        format!("the group `{id}` is empty"),
                    );
                }
                self.groups.add_at(&id, span, cursor.key_span("categories"));
                if self.words.find(Dimension::Category, &id).is_some() {
                    let message = format!("`{id}` is a category and a group");
                    self.sink.push(
                        Diagnostic::error(Code::DuplicateId, span, message)
                            .expected("an id that no category has"),
                    );
                    self.groups.use_id(&id);
                }
                self.group_members.push(members);
            }
            cursor.finish();
        }
    }
}
