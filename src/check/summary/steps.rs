//! A step in words: one sentence of who pays what of which money on which bills, then its figures a line each.

use super::figures::{Unit, leaves};
use super::words::Speaker;
use crate::line::Part;
use crate::money::Money;
use crate::policy::figure::{FigureId, Node};
use crate::policy::info::Citation;
use crate::policy::step::{Band, Bands, Covers, Formula, Guarantee, Step};
use crate::vocabulary::Dimension;

/// How a figure stands in a sentence: as its one value, as unstated, or in a line below.
enum Said {
    Plain(String),
    Unstated,
    Listed,
}

impl Speaker<'_> {
    /// The lines of a step, the first its name.
    pub(super) fn step_lines(&self, index: usize) -> Vec<String> {
        let (Some(step), Some(named)) = (
            self.policy.steps.get(index),
            self.policy.info.steps.get(index),
        ) else {
            return Vec::new();
        };
        let around = &named.citation;
        let mut lines = vec![format!("{} [{}]", self.name(named), named.id)];
        lines.push(self.sentence(index, step, around));
        if let Some(figure) = step.base.fixed {
            let label = self.t("定额", "fixed amount");
            // The sentence only says that there is one.
            if let Some(amount) = self.plain(figure, Unit::Amount, around) {
                lines.push(self.t(format!("{label}：{amount}"), format!("{label}: {amount}")));
            }
            lines.extend(self.figure_lines(label, "", figure, Unit::Amount, around));
        }
        lines.extend(self.deductible_lines(index, step, around));
        match &step.formula {
            Formula::Ratio(figure) => {
                let label = self.t("比例", "ratio");
                lines.extend(self.figure_lines(label, "", *figure, Unit::Ratio, around));
            }
            Formula::Bands(bands) => lines.extend(self.band_lines(bands, around)),
            Formula::Guarantee(guarantee) => {
                let label = self.t("比例", "ratio");
                lines.extend(self.figure_lines(label, "", guarantee.ratio, Unit::Ratio, around));
            }
        }
        let own = step.cost_limits.iter().chain(&step.payment_limits);
        lines.extend(own.flat_map(|&limit| self.limit(limit, Some(index), around)));
        let payment = step.payment.into_iter();
        let payment = payment.flat_map(|share| self.adjusts(share, Unit::Ratio, around));
        lines.extend(payment.map(|line| {
            self.t(
                format!("所付金额调整：{line}"),
                format!("the payment adjusted: {line}"),
            )
        }));
        let rounding = self.rounding(step.rounding);
        lines.extend(rounding.map(|rounding| {
            self.t(
                format!("付款{rounding}"),
                format!("the payment is {rounding}"),
            )
        }));
        let source = self.citation(around);
        lines.push(self.t(format!("依据：{source}"), format!("source: {source}")));
        for note in step.notes.iter().skip(1) {
            if let Some(part) = self.policy.info.note(*note) {
                let key = part.what.rsplit('.').next().unwrap_or_default();
                let (key, source) = (self.part_of_step(key), self.citation(part));
                lines.push(self.t(
                    format!("其中{key}：{source}"),
                    format!("its {key}: {source}"),
                ));
            }
        }
        lines
    }

    /// What a key is called whose value an assumption gave to a step.
    fn part_of_step<'k>(&self, key: &'k str) -> &'k str {
        match key {
            "when" | "unless" => self.t("条件", "condition"),
            "covers" => self.t("所付费用", "money covered"),
            "base" => self.t("基数", "base"),
            "payer" | "payers" => self.t("付款方", "payers"),
            "round" => self.t("取整", "rounding"),
            "shared_limits" => self.t("共用限额", "shared limits"),
            "before" | "after" => self.t("次序", "place in the order"),
            other => other,
        }
    }

    /// "Where …, X pays 80% of … above a deductible of …."
    fn sentence(&self, index: usize, step: &Step, around: &Citation) -> String {
        let payers = self.payers(step);
        let where_ = self.where_(&step.condition);
        let money = self.money_of(step);
        let above = step.deductible.as_ref().map(|own| {
            let per = match own.year {
                Some(_) => self.t("一年", "a year"),
                None => self.t("每张账单", "a bill"),
            };
            match self.said(own.figure, Unit::Amount, around) {
                Said::Plain(amount) => self.t(
                    format!("中超过{per}起付线 {amount}的部分"),
                    format!(" above a deductible of {amount} {per}"),
                ),
                Said::Unstated => self.t(
                    "中超过起付线（未写明）的部分".into(),
                    " above an unstated deductible".into(),
                ),
                Said::Listed => self.t(
                    "中超过起付线（见下）的部分".into(),
                    " above the deductible below".into(),
                ),
            }
        });
        let money = money + &above.unwrap_or_default();
        let text = match &step.formula {
            Formula::Ratio(figure) => match self.said(*figure, Unit::Ratio, around) {
                Said::Plain(ratio) => self.t(
                    format!("{payers}付{money}的 {ratio}"),
                    format!("{payers} pays {ratio} of {money}"),
                ),
                Said::Unstated => self.t(
                    format!("{payers}按未写明的比例付{money}"),
                    format!("{payers} pays an unstated ratio of {money}"),
                ),
                Said::Listed => self.t(
                    format!("{payers}按下列比例付{money}"),
                    format!("{payers} pays the ratio below of {money}"),
                ),
            },
            Formula::Bands(_) => self.t(
                format!("{payers}按下列分段付{money}"),
                format!("{payers} pays by the bands below of {money}"),
            ),
            Formula::Guarantee(guarantee) => {
                let of = self.covers(guarantee.of);
                let counting = self.counting(index, guarantee);
                let up_to = match self.said(guarantee.ratio, Unit::Ratio, around) {
                    Said::Plain(ratio) => self.t(format!(" {ratio}"), ratio),
                    Said::Unstated => self.t("未写明的比例", "an unstated ratio").into(),
                    Said::Listed => self.t("下列比例", "the ratio below").into(),
                };
                self.t(
                    format!("{payers}用{money}补足，使{of}报销到{up_to}，{counting}"),
                    format!(
                        "{payers} tops up what is reimbursed to {up_to} of {of}, out of {money}, {counting}"
                    ),
                )
            }
        };
        self.t(format!("{where_}{text}。"), format!("{where_}{text}."))
    }

    /// How a sentence can name a figure.
    fn said(&self, figure: FigureId, unit: Unit, around: &Citation) -> Said {
        if let Some(text) = self.plain(figure, unit, around) {
            return Said::Plain(text);
        }
        let root = self.policy.figure(figure).map(|figure| &figure.root);
        match root {
            Some(Node::Leaf(_)) => Said::Unstated,
            _ => Said::Listed,
        }
    }

    fn payers(&self, step: &Step) -> String {
        let slots = self.policy.slots.get(step.slots.clone());
        let names: Vec<String> = match slots.unwrap_or_default() {
            [only] => vec![self.payer(only.payer).to_owned()],
            several => several
                .iter()
                .map(|slot| {
                    let (payer, share) = (self.payer(slot.payer), slot.share);
                    self.t(format!("{payer}（{share}）"), format!("{payer} ({share})"))
                })
                .collect(),
        };
        self.and(&names)
    }

    /// The money on which a step pays.
    fn money_of(&self, step: &Step) -> String {
        let covers = self.covers(step.covers);
        let base = &step.base;
        let mut text = match base.billed {
            true => self.t(
                format!("账单上的{covers}（不论谁已付）"),
                format!("{covers} as billed, whoever has paid of it"),
            ),
            false => self.t(
                format!("尚未付的{covers}"),
                format!("what is still unpaid of {covers}"),
            ),
        };
        if base.fixed.is_some() {
            text = self.t(
                format!("{text}（按定额计）"),
                format!("{text}, counted as a fixed amount"),
            );
        }
        let steps = self.policy.steps.iter().enumerate();
        let less: Vec<String> = steps
            .filter(|(_, other)| base.less.contains(&other.slots))
            .map(|(other, _)| self.step(other))
            .collect();
        if !less.is_empty() {
            let less = self.and(&less);
            text = self.t(
                format!("{text}减去{less}所付"),
                format!("{text}, less what {less} paid"),
            );
        }
        if !base.less_deductible_of.is_empty() {
            let steps = base.less_deductible_of.iter();
            let steps: Vec<String> = steps.map(|&other| self.step(other)).collect();
            let steps = self.and(&steps);
            text = self.t(
                format!("{text}减去{steps}用掉的起付线"),
                format!("{text}, less the deductible that {steps} used"),
            );
        }
        text
    }

    /// Which parts of which lines.
    pub(super) fn covers(&self, covers: Covers) -> String {
        let parts = match covers.parts {
            [true, true, true, true] => match covers.selector {
                0 => self.t("全部费用", "the whole bill").to_owned(),
                _ => self.t("费用", "the cost").to_owned(),
            },
            [false, false, false, true] => self.t("政策范围内费用", "the in-scope cost").to_owned(),
            parts => {
                let parts = self.part_names(parts);
                self.t(format!("{parts}费用"), format!("the {parts} cost"))
            }
        };
        let lines = self.lines(covers.selector);
        parts + &self.aside(&lines)
    }

    pub(super) fn part_names(&self, parts: [bool; 4]) -> String {
        let names = Part::ALL.into_iter().zip(parts);
        let names: Vec<String> = names
            .filter(|(_, is_in)| *is_in)
            .map(|(part, _)| self.t(part.zh(), part.en()).to_owned())
            .collect();
        self.and(&names)
    }

    /// The lines of a selector: "only …, not …".
    pub(super) fn lines(&self, bit: u64) -> String {
        if bit == 0 {
            return String::new();
        }
        let selectors = &self.policy.selectors;
        let only = |dimension, names: Vec<u16>| {
            let names: Vec<String> = names
                .into_iter()
                .map(|number| self.word(dimension, number))
                .collect();
            names
        };
        let chosen = |masks: &[u64], has: bool| -> Vec<u16> {
            let masks = (0_u16..).zip(masks);
            let masks = masks.filter(|(_, mask)| (**mask & bit != 0) == has);
            masks.map(|(number, _)| number).collect()
        };
        let (fees, not_fees) = (
            chosen(&selectors.fees, true),
            chosen(&selectors.fees, false),
        );
        let mut said = Vec::new();
        if !not_fees.is_empty() {
            said.push(match fees.len() <= not_fees.len() {
                true => {
                    let fees = self.or(&only(Dimension::Fee, fees));
                    self.t(format!("限{fees}"), format!("only for {fees}"))
                }
                false => {
                    let fees = self.or(&only(Dimension::Fee, not_fees));
                    self.t(format!("不含{fees}"), format!("not for {fees}"))
                }
            });
        }
        if selectors.any_class & bit == 0 {
            let classes = self.or(&only(Dimension::Class, chosen(&selectors.classes, true)));
            said.push(self.t(format!("限{classes}"), format!("only {classes}")));
        }
        if selectors.any_mark & bit == 0 {
            let marks = self.or(&only(Dimension::Mark, chosen(&selectors.marks, true)));
            said.push(self.t(
                format!("限标识为{marks}的明细"),
                format!("only lines marked {marks}"),
            ));
        }
        let except = chosen(&selectors.except_marks, true);
        if !except.is_empty() {
            let marks = self.or(&only(Dimension::Mark, except));
            said.push(self.t(
                format!("不含标识为{marks}的明细"),
                format!("not lines marked {marks}"),
            ));
        }
        self.clauses(said)
    }

    /// A figure that the sentence could not hold, and its adjustments.
    fn figure_lines(
        &self,
        label: &str,
        more: &str,
        figure: FigureId,
        unit: Unit,
        around: &Citation,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        if self.plain(figure, unit, around).is_none() || !more.is_empty() {
            let mut text = self.figure(figure, unit, around);
            if !more.is_empty() {
                text = self.t(format!("{text}；{more}"), format!("{text}; {more}"));
            }
            lines.push(self.t(format!("{label}：{text}"), format!("{label}: {text}")));
        }
        let adjusts = self.adjusts(figure, unit, around).into_iter();
        lines.extend(adjusts.map(|line| {
            self.t(
                format!("{label}调整：{line}"),
                format!("{label} adjusted: {line}"),
            )
        }));
        lines
    }

    fn deductible_lines(&self, index: usize, step: &Step, around: &Citation) -> Vec<String> {
        let Some(own) = &step.deductible else {
            return Vec::new();
        };
        let mut more = Vec::new();
        if self.plain(own.figure, Unit::Amount, around).is_none() {
            more.push(match own.year {
                Some(_) => self
                    .t("一年一次，全年累计", "counted over the year")
                    .to_owned(),
                None => self.t("每张账单", "each bill").to_owned(),
            });
        }
        // One counter of the year belongs to the earlier step with which this one shares it.
        let steps = self.policy.steps.iter().enumerate().take(index);
        let mut earlier = steps.filter(|(_, other)| {
            let of = other.deductible.as_ref().and_then(|other| other.year);
            own.year.is_some() && of == own.year
        });
        if let Some((other, _)) = earlier.next() {
            let other = self.step(other);
            more.push(self.t(format!("与{other}合计"), format!("together with {other}")));
        }
        let mut lines = self.figure_lines(
            self.t("起付线", "deductible"),
            &self.clauses(more),
            own.figure,
            Unit::Amount,
            around,
        );
        lines.extend(
            own.within
                .into_iter()
                .flat_map(|limit| self.limit(limit, Some(index), around)),
        );
        lines
    }

    fn band_lines(&self, bands: &Bands, around: &Citation) -> Vec<String> {
        let how = [
            match bands.year {
                Some(_) => self.t("全年累计", "over the year"),
                None => self.t("每张账单", "each bill"),
            },
            match bands.absolute {
                true => self.t("从零起算", "counted from zero"),
                false => self.t("从起付线起算", "counted from the deductible"),
            },
            match bands.whole {
                true => self.t(
                    "整额按所在段的比例",
                    "the whole amount at the ratio of its band",
                ),
                false => self.t("各段按各段的比例", "every slice at its own ratio"),
            },
        ];
        let how = self.clauses(how.map(str::to_owned));
        // What most of the bands are cited by is said once.
        let mut notes = Vec::new();
        for band in &bands.bands {
            if let Some(figure) = self.policy.figure(band.ratio) {
                leaves(&figure.root, &mut notes);
            }
        }
        let inside = self.most_cited(&notes).unwrap_or(around);
        let cited = self.unlike(inside, around);
        let mut lines = vec![self.t(
            format!("分段（{how}）{cited}："),
            format!("bands ({how}){cited}:"),
        )];
        for band in &bands.bands {
            let ratio = self.figure(band.ratio, Unit::Ratio, inside);
            let edges = self.edges(band, bands.whole);
            lines.push(self.t(format!("  {edges}：{ratio}"), format!("  {edges}: {ratio}")));
        }
        // Every band has the same adjustments.
        let adjusts = bands.bands.first().map(|band| band.ratio);
        let adjusts = adjusts.map(|ratio| self.adjusts(ratio, Unit::Ratio, around));
        lines.extend(adjusts.unwrap_or_default().into_iter().map(|line| {
            self.t(
                format!("各段比例调整：{line}"),
                format!("the ratio of every band adjusted: {line}"),
            )
        }));
        lines
    }

    /// Where the whole amount goes by its band, an edge one fen below a yuan was written as "from" or "under" that yuan.
    fn edges(&self, band: &Band, whole: bool) -> String {
        let next = |edge: Money| {
            let is_below = whole && edge.fen().rem_euclid(100) == 99;
            is_below
                .then(|| edge.checked_add(Money::from_fen(1)))
                .flatten()
        };
        let low = match next(band.over) {
            Some(from) => {
                let from = self.money(from);
                self.t(format!("满 {from}"), format!("from {from}"))
            }
            None => {
                let over = self.money(band.over);
                self.t(format!("超过 {over}"), format!("over {over}"))
            }
        };
        let high = band.to.map(|to| match next(to) {
            Some(under) => {
                let under = self.money(under);
                self.t(format!("不满 {under}"), format!("under {under}"))
            }
            None => {
                let to = self.money(to);
                self.t(format!("至 {to}"), format!("up to {to}"))
            }
        });
        std::iter::once(low)
            .chain(high)
            .collect::<Vec<_>>()
            .join(self.t("", " "))
    }

    /// Whose payments a guarantee counts as reimbursed.
    fn counting(&self, index: usize, guarantee: &Guarantee) -> String {
        if guarantee.counts.iter().all(|counts| *counts) {
            return self
                .t("此前各步所付都算在内", "counting all earlier payments")
                .into();
        }
        let steps = self.policy.steps.iter().enumerate().take(index);
        let counted: Vec<String> = steps
            .filter(|(_, step)| {
                let counts = guarantee.counts.get(step.slots.clone());
                counts.unwrap_or_default().contains(&true)
            })
            .map(|(step, _)| self.step(step))
            .collect();
        let steps = self.and(&counted);
        match counted.is_empty() {
            true => self
                .t("此前所付都不算", "counting no earlier payment")
                .into(),
            false => self.t(
                format!("只算{steps}所付"),
                format!("counting only the payments of {steps}"),
            ),
        }
    }
}
