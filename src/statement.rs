//! A settlement as a printed statement: who pays how much, by which rule, and where the rule comes from.

mod words;

use crate::language::Language;
use crate::line::{Part, Parts};
use crate::money::Money;
use crate::page::{Page, clean, pad};
use crate::policy::info::{Citation, Layer, Named, Source};
use crate::ratio::Ratio;
use crate::settlement::{BandRecord, Rate, Settlement, StepView};
use std::fmt;
pub(crate) use words::{path_name, place, rounded, split, word};

/// The Chinese of the names that stand beside English ones.
const ZH: Language = Language::Chinese;

/// A settlement's statement in plain text, Chinese with English, 78 columns wide: see [`Settlement::statement`].
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a>(&'a Settlement);

impl Settlement {
    /// The itemised statement, to be displayed: the bill by its parts, every step with its arithmetic and source, what
    /// each payer and the patient pay, the actual reimbursement ratios, benefits, assumptions and sources.
    ///
    /// It is meant for a fixed-width font. Amounts are yuan and stand in one column beside names of any length. The text
    /// ends with a line break, and is the same for equal settlements.
    ///
    /// ```
    /// # use payer_split::*;
    /// # let book = RuleBook::embedded();
    /// # let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
    /// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
    /// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "4549.20".parse()?)?);
    /// # let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
    /// let settlement = settle(policy, &bill, &patient)?;
    /// print!("{}", settlement.statement());
    /// # let text = settlement.statement().to_string();
    /// # assert!(text.contains("岳塘区健康扶贫") && text.ends_with('\n'), "{text}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statement(&self) -> Statement<'_> {
        Statement(self)
    }
}

impl fmt::Display for Statement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Statement(settlement) = *self;
        let page = &mut Page::new(f);
        head(page, settlement)?;
        page.heading("费用  Bill")?;
        parts(page, settlement.parts(), settlement.total())?;
        for scope in settlement.scopes() {
            let text = format!("{}: {}", clean(&scope.what), citation(scope));
            page.text(2, &label(word("scope", ZH), "parts moved"), &text)?;
        }
        steps(page, settlement)?;
        payers(page, settlement)?;
        page.heading("个人负担  The patient's share")?;
        parts(page, settlement.patient_parts(), settlement.patient())?;
        page.heading("实际报销比例  Actual reimbursement")?;
        for (zh, en, ratio) in [
            ("占总费用", "of the total", settlement.reimbursed()),
            (
                "占政策范围内费用",
                "of the in-scope cost",
                settlement.reimbursed_in_scope(),
            ),
        ] {
            page.entry(2, "", &names(zh, en), &ratio.to_string())?;
        }
        benefits(page, settlement)?;
        assumptions(page, settlement)?;
        sources(page, settlement)
    }
}

fn head(page: &mut Page<'_>, settlement: &Settlement) -> fmt::Result {
    let layer = match settlement.info().layer {
        Layer::Stated => "明文层，只按来源所写  stated: only what sources say",
        Layer::Assumed => "假定层，含假定的数字  assumed: with assumed figures",
    };
    let name = both(settlement.policy_name(), settlement.policy_name_en());
    page.text(0, "", "医疗费用结算单  Statement of a medical bill")?;
    page.rule(0, '=')?;
    page.text(2, &label("政策", "policy"), &name)?;
    page.text(2, &label("版本", "version"), &clean(&settlement.policy()))?;
    page.text(2, &label("层", "layer"), layer)?;
    page.text(2, &label("结算日", "date"), &settlement.date().to_string())?;
    page.text(2, &label("单位", "unit"), "元 yuan")
}

/// An amount by its parts.
fn parts(page: &mut Page<'_>, parts: Parts, total: Money) -> fmt::Result {
    for part in Part::ALL {
        let amount = parts.get(part).to_string();
        page.entry(2, "", &names(part.zh(), part.en()), &amount)?;
    }
    page.rule(2, '-')?;
    page.entry(2, "", &names("合计", "total"), &total.to_string())
}

fn steps(page: &mut Page<'_>, settlement: &Settlement) -> fmt::Result {
    page.heading("付款步骤，按付款顺序  Steps, in the order in which they pay")?;
    if settlement.steps().next().is_none() {
        page.text(2, "", "没有适用的步骤  no step applied")?;
    }
    for (number, step) in (1..).zip(settlement.steps()) {
        if let Some(named) = step.named() {
            let number = pad(&format!("{number}."), 4);
            page.text(2, &number, &names(&named.name, &named.name_en))?;
            Work { page, step, named }.print()?;
        }
    }
    Ok(())
}

/// A step's arithmetic, down to what each of its payers pays, and where it comes from.
struct Work<'p, 'o, 's> {
    page: &'p mut Page<'o>,
    step: StepView<'s>,
    named: &'s Named,
}

impl Work<'_, '_, '_> {
    fn print(&mut self) -> fmt::Result {
        let rate = self.step.rate();
        if rate != Rate::Unused || self.step.base() != Money::ZERO {
            self.row("基数", "base", "", &self.step.base().to_string())?;
            self.cite(&["base", "fixed"])?;
            if self.uses("deductible") || self.step.deductible() != Money::ZERO {
                self.row("起付线", "deductible", "", &less(self.step.deductible()))?;
                self.cite(&["deductible"])?;
            }
        }
        self.formula(rate)?;
        self.limits()?;
        for (payer, amount) in self.step.payers() {
            let payer = match rate {
                Rate::Unused => "没有可付的费用 nothing left to pay".into(),
                _ => both(&payer.name, &payer.name_en),
            };
            self.row("付款", "pays", &payer, &amount.to_string())?;
        }
        let source = citation(&self.named.citation);
        self.row("依据", "source", &source, "")?;
        self.cite_others()
    }

    fn formula(&mut self, rate: Rate) -> fmt::Result {
        let exact = self.step.exact_millionths();
        match rate {
            Rate::Unused => Ok(()),
            Rate::Ratio(ratio) => {
                let rest = self.step.base().checked_sub(self.step.deductible());
                let product = product(rest.unwrap_or_default(), ratio);
                self.row("比例", "ratio", &product, &yuan(exact))?;
                self.cite(&["ratio"])
            }
            Rate::Bands => {
                let bands = self.step.bands();
                for band in bands {
                    let product = pad(&range(band), 22) + &product(band.amount, band.ratio);
                    self.row("分段", "band", &product, &share(band.amount, band.ratio))?;
                }
                match bands {
                    [_] => {}
                    [] => self.row("分段", "bands", "未进入任何一段 no band reached", "0.00")?,
                    _ => self.row("各段", "bands", "", &yuan(exact))?,
                }
                self.cite(&["bands", "ratio"])
            }
            Rate::Guarantee {
                ratio,
                of,
                reimbursed,
            } => {
                self.row("保证", "guarantee", &product(of, ratio), &share(of, ratio))?;
                self.cite(&["guarantee", "ratio"])?;
                let met = match exact {
                    0 => "已达到保证 the guarantee is met",
                    _ => "",
                };
                self.row("已报销", "reimbursed", met, &less(reimbursed))
            }
        }
    }

    fn limits(&mut self) -> fmt::Result {
        for limit in self.step.limits() {
            self.row("封顶", "limited by", &limit_names(limit), "")?;
            let own = limit.id.strip_prefix(&self.named.id);
            let path = match own.and_then(|own| own.strip_prefix('/')) {
                Some(own) => format!("{}.limit.{own}", self.named.id),
                None => format!("limit.{}", limit.id),
            };
            let is_its = |citation: &&Citation| {
                let rest = citation.what.strip_prefix(&path);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let figures = self.step.used().filter(is_its);
            self.cite_all(std::iter::once(&limit.citation).chain(figures))?;
        }
        match self.step.is_all_paid() {
            true => self.row(
                "封顶",
                "limited by",
                "未付部分已付完 nothing more was unpaid",
                "",
            ),
            false => Ok(()),
        }
    }

    fn row(&mut self, zh: &str, en: &str, text: &str, amount: &str) -> fmt::Result {
        self.page.entry(6, &label(zh, en), text, amount)
    }

    /// What of the step's own figures a citation is about, such as `ratio`.
    fn figure<'a>(&self, citation: &'a Citation) -> Option<&'a str> {
        let rest = citation.what.strip_prefix(&self.named.id)?;
        let rest = rest.strip_prefix('.')?;
        Some(rest.split_once('.').map_or(rest, |(figure, _)| figure))
    }

    fn uses(&self, figure: &str) -> bool {
        self.step
            .used()
            .any(|citation| self.figure(citation) == Some(figure))
    }

    /// Where figures come from, if not from where the step does.
    fn cite(&mut self, figures: &[&str]) -> fmt::Result {
        let used = self.step.used().filter(|used| {
            let figure = self.figure(used);
            figure.is_some_and(|figure| figures.contains(&figure))
        });
        self.cite_all(used.collect::<Vec<_>>())
    }

    fn cite_all<'a>(&mut self, citations: impl IntoIterator<Item = &'a Citation>) -> fmt::Result {
        let mut once = vec![citation(&self.named.citation)];
        for text in citations.into_iter().map(citation) {
            if !once.contains(&text) {
                self.row("", "", &text, "")?;
                once.push(text);
            }
        }
        Ok(())
    }

    /// Where anything else that the step used comes from: shared tables, conditions.
    fn cite_others(&mut self) -> fmt::Result {
        let own = citation(&self.named.citation);
        let mut once = Vec::new();
        for used in self.step.used() {
            let figure = self.figure(used).unwrap_or_default();
            let is_cited =
                CITED.contains(&figure) || used.what.starts_with("limit.") || citation(used) == own;
            let (path, _) = split(&used.what);
            let key = match figure {
                "" => path.split_once('.').map_or(path, |(first, _)| first),
                figure => figure,
            };
            let text = format!("{}: {}", both(word(key, ZH), path), citation(used));
            if !is_cited && !once.contains(&text) {
                self.row("", "", &text, "")?;
                once.push(text);
            }
        }
        Ok(())
    }
}

/// The figures whose citations stand beside them, if anywhere.
const CITED: [&str; 7] = [
    "base",
    "fixed",
    "deductible",
    "ratio",
    "bands",
    "guarantee",
    "limit",
];

fn payers(page: &mut Page<'_>, settlement: &Settlement) -> fmt::Result {
    page.heading("各方付款  Payers")?;
    for (payer, amount) in settlement.payers() {
        let names = names(&payer.name, &payer.name_en);
        page.entry(2, "", &names, &amount.to_string())?;
    }
    let patient = settlement.patient().to_string();
    page.entry(2, "", &names("个人", "The patient"), &patient)?;
    page.rule(2, '-')?;
    let total = settlement.total().to_string();
    page.entry(2, "", &names("合计", "total"), &total)
}

fn benefits(page: &mut Page<'_>, settlement: &Settlement) -> fmt::Result {
    if settlement.benefits().next().is_some() {
        page.heading("其他待遇  Benefits that are not money")?;
    }
    for benefit in settlement.benefits() {
        let source = citation(&benefit.citation);
        page.text(2, "", &names(&benefit.name, &benefit.name_en))?;
        page.text(6, &label("依据", "source"), &source)?;
    }
    Ok(())
}

/// The assumptions by where they come from, those of one figure together.
fn assumptions(page: &mut Page<'_>, settlement: &Settlement) -> fmt::Result {
    let mut places: Vec<(String, Vec<Figure<'_>>)> = Vec::new();
    for citation in settlement.assumptions() {
        let place = place(citation);
        let (path, detail) = split(&citation.what);
        let figure = || (path, Vec::from_iter(detail));
        match places.iter_mut().find(|(known, _)| *known == place) {
            None => places.push((place, vec![figure()])),
            Some((_, figures)) => match figures.iter_mut().find(|(known, _)| *known == path) {
                None => figures.push(figure()),
                Some((_, details)) => details.extend(detail),
            },
        }
    }
    if !places.is_empty() {
        page.heading("所依的假定  Assumptions that the amounts lean on")?;
    }
    for (place, figures) in places {
        page.text(2, &label("依据", "source"), &place)?;
        for (path, details) in figures {
            let zh = path_name(settlement, path, ZH);
            let details = match details.as_slice() {
                [] => String::new(),
                details => format!(" ({})", details.join(", ")),
            };
            page.text(6, "", &names(&zh, &format!("{path}{details}")))?;
        }
    }
    Ok(())
}

/// The path of a figure, and which of its entries and adjustments.
type Figure<'a> = (&'a str, Vec<&'a str>);

/// The sources that are cited, in the policy's order.
fn sources(page: &mut Page<'_>, settlement: &Settlement) -> fmt::Result {
    let used = settlement.steps().flat_map(|step| step.used());
    let named = settlement.steps().filter_map(|step| step.named());
    let limits = settlement.steps().flat_map(|step| step.limits());
    let cited: Vec<&str> = named
        .chain(limits)
        .chain(settlement.benefits())
        .map(|named| &named.citation)
        .chain(used)
        .chain(settlement.scopes())
        .map(|citation| citation.source.as_str())
        .collect();
    let is_cited = |source: &&Source| cited.contains(&source.id.as_str());
    if !cited.is_empty() {
        page.heading("来源  Sources")?;
    }
    for source in settlement.info().sources.iter().filter(is_cited) {
        let date = match source.date {
            Some(date) => date.to_string(),
            None => "未注日期 undated".into(),
        };
        let title = clean(&source.title);
        let text = match &source.publisher {
            Some(publisher) => format!("{title}，{}，{date}", clean(publisher)),
            None => format!("{title}，{date}"),
        };
        page.text(2, &pad(&clean(&source.id), 14), &text)?;
    }
    Ok(())
}

/// A Chinese and an English name side by side; the English ones stand in a column below short Chinese names.
fn names(zh: &str, en: &str) -> String {
    format!("{}{}", pad(&clean(zh), 22), clean(en))
}

/// The same in running text.
fn both(zh: &str, en: &str) -> String {
    clean(&format!("{zh} {en}"))
}

fn label(zh: &str, en: &str) -> String {
    pad(zh, 8) + &pad(en, 12)
}

/// A step's own limit has no name but its id.
fn limit_names(limit: &Named) -> String {
    match limit.name == limit.id {
        true => both("限额 limit", &limit.id),
        false => both(&limit.name, &format!("{} ({})", limit.name_en, limit.id)),
    }
}

/// Source, clause and how sure it is.
fn citation(citation: &Citation) -> String {
    let certainty = citation.certainty;
    let place = place(citation);
    format!("{place}（{} {}）", certainty.zh(), certainty.id())
}

/// The edges of a band.
fn range(band: &BandRecord) -> String {
    match band.to {
        Some(to) => format!("{} - {to}", band.over),
        None => format!("> {}", band.over),
    }
}

fn product(money: Money, ratio: Ratio) -> String {
    format!("{money} * {ratio}")
}

fn share(money: Money, ratio: Ratio) -> String {
    ratio.of(money).map_or_else(|| "-".into(), yuan)
}

fn less(money: Money) -> String {
    money.checked_neg().unwrap_or(money).to_string()
}

/// Millionths of a fen in yuan: with two decimals, or as many as it takes.
pub(crate) fn yuan(millionths: i64) -> String {
    let size = millionths.unsigned_abs();
    let sign = if millionths < 0 { "-" } else { "" };
    let decimals = format!("{:08}", size % 100_000_000);
    let (fen, finer) = decimals.split_at_checked(2).unwrap_or_default();
    let finer = finer.trim_end_matches('0');
    format!("{sign}{}.{fen}{finer}", size / 100_000_000)
}

#[cfg(test)]
mod tests;
