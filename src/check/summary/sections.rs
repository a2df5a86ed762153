//! The whole summary: the header, the steps, and what stands beside them.

use super::figures::{Unit, leaves};
use super::words::Speaker;
use crate::policy::figure::{Change, Figure, FigureId, Node, Value};
use crate::policy::info::{Citation, Layer, NoteId, PayerKind};
use crate::policy::step::Formula;
use crate::vocabulary::Dimension;

/// A page of text: headings, items and what belongs to an item.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        // A name may hold a line break.
        let text = text.split(['\n', '\r']).collect::<Vec<_>>().join(" ");
        self.0.push_str(&" ".repeat(indent));
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    /// A heading with items, each of a first line and further ones; nothing without items.
    fn section(&mut self, heading: &str, items: Vec<Vec<String>>) {
        if items.is_empty() {
            return;
        }
        self.0.push('\n');
        self.line(0, heading);
        for item in items {
            for (number, line) in item.iter().enumerate() {
                self.line(if number == 0 { 2 } else { 6 }, line);
            }
        }
    }
}

pub(super) fn whole(speaker: &Speaker<'_>) -> String {
    let mut page = Page::default();
    speaker.header(&mut page);
    let t = |zh, en| speaker.t(zh, en);
    page.section(
        t("费用归类（先于各步骤）", "Cost moved before the first step"),
        speaker.scopes(),
    );
    let steps = (0..speaker.policy.steps.len()).map(|index| {
        let mut lines = speaker.step_lines(index);
        if let Some(first) = lines.first_mut() {
            *first = format!("{}. {first}", index.saturating_add(1));
        }
        lines
    });
    page.section(
        t("步骤，按付款顺序", "Steps, in the order of payment"),
        steps.collect(),
    );
    page.section(t("共用的表", "Tables that steps share"), speaker.tables());
    page.section(
        t("其他待遇（不是钱）", "Benefits that are not money"),
        speaker.benefits(),
    );
    page.section(
        t("没有写进规则的条款", "Clauses left out"),
        speaker.left_out(),
    );
    page.section(
        t("定律的例外", "Exceptions to the laws of settling"),
        speaker.exceptions(),
    );
    page.section(t("病种", "Diseases"), speaker.diseases());
    let unstated = speaker.unstated().into_iter().map(|path| vec![path]);
    page.section(
        t(
            "未写明的数字（需要它的账单不能结算）",
            "Unstated figures (a bill that needs one is refused)",
        ),
        unstated.collect(),
    );
    let lists = speaker.named_lists().into_iter().map(|list| vec![list]);
    page.section(t("上文的组", "Lists named above"), lists.collect());
    page.0
}

impl Speaker<'_> {
    fn header(&self, page: &mut Page) {
        let info = &self.policy.info;
        page.line(
            0,
            &format!(
                "{} [{}]",
                self.t(&info.name, &info.name_en),
                info.full_name()
            ),
        );
        let regions = match info.regions.as_slice() {
            [] => self.t("未写明", "unstated").to_owned(),
            regions => regions.join(self.t("、", ", ")),
        };
        page.line(
            2,
            &self.t(format!("地区：{regions}"), format!("region: {regions}")),
        );
        let source = info.citation.as_ref().map(|source| self.citation(source));
        let source = source.unwrap_or_default();
        let period = match info.to {
            Some(to) => self.t(
                format!("{} 至 {to}", info.from),
                format!("{} to {to}", info.from),
            ),
            None => self.t(
                format!("{} 起", info.from),
                format!("from {} on", info.from),
            ),
        };
        let period = self.clauses([
            self.t(
                format!("有效（按结算日）：{period}"),
                format!("in force (by day of settlement): {period}"),
            ),
            source,
        ]);
        page.line(2, &period);
        page.line(
            2,
            match info.layer {
                Layer::Stated => self.t(
                    "层：明文，只有来源写明的内容",
                    "layer: stated, only what the sources say",
                ),
                Layer::Assumed => self.t(
                    "层：假定，来源没有的数字用了假定",
                    "layer: assumed, with assumptions where the sources are silent",
                ),
            },
        );
        let payers = info.payers.iter().map(|payer| {
            let name = self.t(&payer.name, &payer.name_en);
            let code = payer.code.iter().cloned();
            let about = self.clauses(std::iter::once(self.kind(payer.kind).to_owned()).chain(code));
            vec![format!("{name} [{}]{}", payer.id, self.aside(&about))]
        });
        page.section(self.t("付款方", "Payers"), payers.collect());
        let sources = info.sources.iter().map(|source| {
            let date = match source.date {
                Some(date) => date.to_string(),
                None => self.t("未注日期", "undated").into(),
            };
            let rest = [source.publisher.clone().unwrap_or_default(), date];
            let about = self.clauses(std::iter::once(source.title.clone()).chain(rest));
            let note = source.note.clone();
            let first = self.t(
                format!("{}：{about}", source.id),
                format!("{}: {about}", source.id),
            );
            std::iter::once(first).chain(note).collect()
        });
        page.section(self.t("来源", "Sources"), sources.collect());
    }

    fn kind(&self, kind: PayerKind) -> &'static str {
        match kind {
            PayerKind::Insurance => self.t("医保基金", "insurance fund"),
            PayerKind::Commercial => self.t("商业补充保险", "commercial supplement"),
            PayerKind::Aid => self.t("医疗救助", "medical aid"),
            PayerKind::Charity => self.t("慈善", "charity"),
            PayerKind::Budget => self.t("财政", "government budget"),
            PayerKind::PublicHealth => self.t("公共卫生", "public health"),
            PayerKind::Hospital => self.t("医院", "hospital"),
            PayerKind::Unstated => self.t("没有出处写明是谁", "no source says who"),
        }
    }

    fn source_line(&self, citation: &Citation) -> String {
        let source = self.citation(citation);
        self.t(format!("依据：{source}"), format!("source: {source}"))
    }

    fn scopes(&self) -> Vec<Vec<String>> {
        let scopes = self.policy.scopes.iter().filter_map(|scope| {
            let citation = self.policy.info.note(scope.note)?;
            let id = citation
                .what
                .strip_prefix("scope.")
                .unwrap_or(&citation.what);
            let where_ = self.where_(&scope.condition);
            let lines = self.aside(&self.lines(scope.selector));
            let moved = self.part_names(scope.moves);
            let to = self.t(scope.to.zh(), scope.to.en());
            Some(vec![
                format!("[{id}]"),
                self.t(
                    format!("{where_}{moved}费用{lines}算作{to}费用。"),
                    format!("{where_}the {moved} cost{lines} counts as {to} cost."),
                ),
                self.source_line(citation),
            ])
        });
        scopes.collect()
    }

    /// The named tables: figures whose name is `table.ID`.
    fn tables(&self) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        for (number, figure) in self.policy.figures.iter().enumerate() {
            let Some(id) = figure.name.strip_prefix("table.") else {
                continue;
            };
            let Some(citation) = self.table_citation(figure) else {
                continue;
            };
            let unit = self.unit(number);
            let value = self.figure(FigureId(number), unit, citation);
            let mut lines = vec![self.t(format!("{id}：{value}"), format!("{id}: {value}"))];
            let adjusts = self.adjusts(FigureId(number), unit, citation).into_iter();
            lines.extend(
                adjusts.map(|line| self.t(format!("调整：{line}"), format!("adjusted: {line}"))),
            );
            let rounding = self.rounding(figure.rounding);
            lines.extend(rounding);
            lines.push(self.source_line(citation));
            out.push(lines);
        }
        out
    }

    /// Where a table comes from.
    fn table_citation(&self, figure: &Figure) -> Option<&Citation> {
        let mut notes: Vec<NoteId> = Vec::new();
        leaves(&figure.root, &mut notes);
        notes.extend(figure.adjusts.iter().map(|adjust| adjust.note));
        self.most_cited(&notes)
    }

    /// What a named table holds: ratios if a ratio refers to it.
    fn unit(&self, table: usize) -> Unit {
        let policy = self.policy;
        let of_steps = policy.steps.iter().flat_map(|step| match &step.formula {
            Formula::Ratio(ratio) => vec![*ratio],
            Formula::Bands(bands) => bands.bands.iter().map(|band| band.ratio).collect(),
            Formula::Guarantee(guarantee) => vec![guarantee.ratio],
        });
        let mut ratios: Vec<FigureId> = of_steps.collect();
        // A named table may refer to further ones, which stand before it.
        let mut next = 0;
        while let Some(figure) = ratios.get(next).and_then(|id| policy.figure(*id)) {
            referred(&figure.root, &mut ratios);
            next = next.saturating_add(1);
        }
        match ratios.contains(&FigureId(table)) {
            true => Unit::Ratio,
            false => Unit::Amount,
        }
    }

    fn benefits(&self) -> Vec<Vec<String>> {
        let benefits = self.policy.info.benefits.iter().zip(&self.policy.benefits);
        let benefits = benefits.map(|(named, condition)| {
            let bills = match self.condition(condition).as_str() {
                "" => self.t("所有账单", "on every bill").to_owned(),
                tests => self.t(format!("凡{tests}的账单"), format!("where {tests}")),
            };
            vec![
                format!("{} [{}]", self.name(named), named.id),
                bills,
                self.source_line(&named.citation),
            ]
        });
        benefits.collect()
    }

    fn left_out(&self) -> Vec<Vec<String>> {
        let left_out = self.policy.info.left_out.iter().map(|clause| {
            let text = self.t(Some(&clause.text), clause.text_en.as_ref());
            let reason = self.t(Some(&clause.reason), clause.reason_en.as_ref());
            let (text, reason) = (
                text.unwrap_or(&clause.text),
                reason.unwrap_or(&clause.reason),
            );
            vec![
                format!("{text} [{}]", clause.id),
                self.t(format!("原因：{reason}"), format!("reason: {reason}")),
                self.source_line(&clause.citation),
            ]
        });
        left_out.collect()
    }

    fn exceptions(&self) -> Vec<Vec<String>> {
        let declared = self.policy.info.exceptions.iter();
        let exceptions = declared.zip(&self.policy.exceptions);
        let exceptions = exceptions.map(|(exception, condition)| {
            let law = exception.law;
            let reason = exception.reason_en.as_ref().unwrap_or(&exception.reason);
            let bills = match self.condition(condition).as_str() {
                "" => self.t("所有账单", "on every bill").to_owned(),
                tests => self.t(format!("凡{tests}的账单"), format!("where {tests}")),
            };
            vec![
                self.t(
                    format!(
                        "定律 {}：{} [{}]",
                        law.number(),
                        law.sentence_zh(),
                        exception.id
                    ),
                    format!(
                        "law {}: {} [{}]",
                        law.number(),
                        law.sentence(),
                        exception.id
                    ),
                ),
                bills,
                self.t(
                    format!("原因：{}", exception.reason),
                    format!("reason: {reason}"),
                ),
                self.source_line(&exception.citation),
            ]
        });
        exceptions.collect()
    }

    /// The codes by which diseases are told.
    fn diseases(&self) -> Vec<Vec<String>> {
        let diseases = (0_u16..).zip(&self.policy.diseases);
        let diseases = diseases.map(|(number, disease)| {
            let mut codes: Vec<String> = disease.patterns.iter().map(ToString::to_string).collect();
            let outpatient = disease.outpatient.iter();
            let outpatient: Vec<String> = outpatient
                .map(|&word| self.word(Dimension::OutpatientDisease, word))
                .collect();
            if !outpatient.is_empty() {
                let names = self.or(&outpatient);
                codes.push(self.t(
                    format!("门诊病种{names}"),
                    format!("outpatient disease {names}"),
                ));
            }
            let (name, codes) = (self.disease(number), self.clauses(codes));
            vec![self.t(
                format!("{name} [{}]：{codes}", disease.id),
                format!("{name} [{}]: {codes}", disease.id),
            )]
        });
        diseases.collect()
    }

    /// The paths of all unstated values.
    fn unstated(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for figure in &self.policy.figures {
            unstated_leaves(&figure.root, &mut notes);
            let adjusts = figure.adjusts.iter();
            let adjusts = adjusts.filter(|adjust| adjust.change == Change::Set(Value::Unstated));
            notes.extend(adjusts.map(|adjust| adjust.note));
        }
        let mut paths: Vec<String> = Vec::new();
        for citation in notes
            .into_iter()
            .filter_map(|note| self.policy.info.note(note))
        {
            if !paths.contains(&citation.what) {
                paths.push(citation.what.clone());
            }
        }
        paths
    }
}

/// The named tables to which a figure refers.
fn referred(node: &Node, out: &mut Vec<FigureId>) {
    match node {
        Node::Leaf(_) => {}
        Node::Named(id) => {
            if !out.contains(id) {
                out.push(*id);
            }
        }
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            for node in entries.chain(&table.other) {
                referred(node, out);
            }
        }
    }
}

fn unstated_leaves(node: &Node, out: &mut Vec<NoteId>) {
    match node {
        Node::Leaf(leaf) if leaf.value == Value::Unstated => out.push(leaf.note),
        Node::Leaf(_) | Node::Named(_) => {}
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            for node in entries.chain(&table.other) {
                unstated_leaves(node, out);
            }
        }
    }
}
