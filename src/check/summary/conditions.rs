//! Conditions in words, from the facts that they ask for.

use super::words::Speaker;
use crate::policy::facts::{Condition, Subject};

/// How deep "any of" is followed; the loader makes one level inside another at most.
const DEEPEST: usize = 4;

impl Speaker<'_> {
    /// Every test of a condition as a phrase; all must hold.
    pub(super) fn tests(&self, condition: &Condition) -> Vec<String> {
        self.tests_at(condition, 0)
    }

    /// One fact as a phrase, as it must be.
    pub(crate) fn says(&self, fact: usize, holds: bool) -> String {
        self.fact(fact, holds, 0)
    }

    fn tests_at(&self, condition: &Condition, depth: usize) -> Vec<String> {
        let facts = self.policy.facts.subjects.len();
        let asked = (0..facts).filter(|&fact| condition.all.contains(fact));
        let asked = asked.map(|fact| self.fact(fact, true, depth));
        let excluded = (0..facts).filter(|&fact| condition.none.contains(fact));
        asked
            .chain(excluded.map(|fact| self.fact(fact, false, depth)))
            .collect()
    }

    /// All tests in one phrase; empty without any.
    pub(crate) fn condition(&self, condition: &Condition) -> String {
        self.all(&self.tests(condition))
    }

    fn all(&self, tests: &[String]) -> String {
        match self.t(true, false) {
            true => tests.join("，"),
            false => self.and(tests),
        }
    }

    /// "Where …, " before what happens under a condition.
    pub(super) fn where_(&self, condition: &Condition) -> String {
        match self.condition(condition).as_str() {
            "" => self.t("所有账单：", "On every bill, ").into(),
            tests => self.t(format!("凡{tests}的账单："), format!("Where {tests}, ")),
        }
    }

    fn fact(&self, fact: usize, holds: bool, depth: usize) -> String {
        match self.policy.facts.subjects.get(fact) {
            Some(Some(subject)) => self.test(*subject, fact, holds),
            _ => self.any(fact, holds, depth),
        }
    }

    /// A test of one field.
    fn test(&self, subject: Subject, fact: usize, holds: bool) -> String {
        let facts = &self.policy.facts;
        let flag = |zh_yes: &'static str, zh_no, en_yes, en_no| {
            let asks = facts.of(subject, 1).contains(fact);
            match asks == holds {
                true => self.t(zh_yes, en_yes),
                false => self.t(zh_no, en_no),
            }
            .to_owned()
        };
        let (key, values) = match subject {
            Subject::Designated => {
                return flag(
                    "机构为定点",
                    "机构非定点",
                    "the facility is designated",
                    "the facility is not designated",
                );
            }
            Subject::Medical => {
                return flag(
                    "机构为医疗机构",
                    "机构非医疗机构",
                    "the facility is a medical institution",
                    "the facility is no medical institution",
                );
            }
            Subject::Referred => {
                return flag(
                    "已按规定转诊",
                    "未按规定转诊",
                    "properly referred",
                    "not properly referred",
                );
            }
            Subject::Certified => {
                return flag(
                    "持有本次门诊病种的证",
                    "没有本次门诊病种的证",
                    "certified for the bill's outpatient disease",
                    "not certified for the bill's outpatient disease",
                );
            }
            Subject::Hospital => {
                let hospitals = facts.hospitals.iter();
                let names: Vec<String> = hospitals
                    .filter(|(_, set)| set.contains(fact))
                    .map(|(name, _)| name.to_string())
                    .collect();
                (self.t("机构名称", "hospital"), self.or(&names))
            }
            Subject::Age => (self.t("年龄（周岁）", "age"), self.range(fact)),
            Subject::InsuredYears => (
                self.t("连续参保年数", "years of continuous insurance"),
                self.range(fact),
            ),
            Subject::Admission => (
                self.t("年内住院次序", "number of the stay in the year"),
                self.range(fact),
            ),
            Subject::Date => (self.t("结算日", "day of settlement"), self.dates(fact)),
            _ => {
                let all = facts.by_value.get(subject.index());
                let count = u16::try_from(all.map_or(0, Vec::len)).unwrap_or(u16::MAX);
                let values: Vec<u16> = (0..count)
                    .filter(|&value| facts.of(subject, usize::from(value)).contains(fact))
                    .collect();
                (self.field(subject), self.values(subject, &values))
            }
        };
        match holds {
            true => self.t(format!("{key}为{values}"), format!("{key} is {values}")),
            false => self.t(
                format!("{key}不为{values}"),
                format!("{key} is not {values}"),
            ),
        }
    }

    /// What a field is called.
    pub(crate) fn field(&self, subject: Subject) -> &'static str {
        match subject {
            Subject::Category => self.t("身份", "category"),
            Subject::Scheme => self.t("参保险种", "scheme"),
            Subject::Enrolment => self.t("登记项目", "enrolment"),
            Subject::Certificate => self.t("所持门诊病种证", "certificate"),
            Subject::Care => self.t("医疗类别", "care"),
            Subject::Tier => self.t("机构层级", "tier"),
            Subject::Grade => self.t("医院等级", "grade"),
            Subject::Place => self.t("就医地", "place"),
            Subject::FacilityMark => self.t("机构标识", "facility mark"),
            Subject::Mark => self.t("账单标识", "mark of the bill"),
            Subject::OutpatientDisease => self.t("门诊病种", "outpatient disease"),
            Subject::Disease => self.t("病种", "disease"),
            Subject::Referred => self.t("转诊", "referral"),
            Subject::Admission => self.t("住院次序", "stay"),
            other => other.key(),
        }
    }

    fn range(&self, fact: usize) -> String {
        let numbers = &self.policy.facts.numbers;
        let Some(test) = numbers.iter().find(|test| test.fact == fact) else {
            return String::new();
        };
        match (test.low, test.high) {
            (low, high) if low == high => low.to_string(),
            (low, u32::MAX) => self.t(format!("{low} 或以上"), format!("{low} or more")),
            (0, high) => self.t(format!("{high} 或以下"), format!("{high} or less")),
            (low, high) => self.t(format!("{low} 至 {high}"), format!("{low} to {high}")),
        }
    }

    fn dates(&self, fact: usize) -> String {
        let dates = &self.policy.facts.dates;
        let test = dates.iter().find(|test| test.fact == fact);
        let (from, to) = test.map_or((None, None), |test| (test.from, test.to));
        match (from, to) {
            (Some(from), Some(to)) => self.t(format!("{from} 至 {to}"), format!("{from} to {to}")),
            (Some(from), None) => self.t(format!("{from} 起"), format!("{from} or later")),
            (None, Some(to)) => self.t(format!("{to} 止"), format!("{to} or earlier")),
            (None, None) => String::new(),
        }
    }

    /// Any of several conditions.
    fn any(&self, fact: usize, holds: bool, depth: usize) -> String {
        let deeper = depth.saturating_add(1);
        if deeper > DEEPEST {
            return "…".into();
        }
        let derived = &self.policy.facts.derived;
        let alternatives = derived.iter().filter(|derived| derived.fact == fact);
        let alternatives: Vec<String> = alternatives
            .flat_map(|derived| &derived.any)
            .map(|condition| self.all(&self.tests_at(condition, deeper)))
            .map(|tests| self.t(format!("（{tests}）"), format!("({tests})")))
            .collect();
        let any = self.or(&alternatives);
        match holds {
            true => any,
            false => self.t(format!("不符合{any}"), format!("not {any}")),
        }
    }
}
