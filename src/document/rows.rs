//! In which row of the one-stop sheet a payer stands.

use crate::policy::info::{Payer, PayerKind};

/// A row of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    Basic,
    Major,
    Accident,
    Supplement,
    Aid,
    Hospital,
    Floor,
    Other,
}

impl Row {
    /// Every row, in the order of the sheet.
    pub(super) const ALL: [Row; 8] = [
        Row::Basic,
        Row::Major,
        Row::Accident,
        Row::Supplement,
        Row::Aid,
        Row::Hospital,
        Row::Floor,
        Row::Other,
    ];

    pub(super) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Row::Basic => ("基本医保", "Basic medical insurance"),
            Row::Major => ("大病保险", "Major illness insurance"),
            Row::Accident => ("意外伤害", "Accident insurance"),
            Row::Supplement => ("特惠保", "Poverty relief supplement"),
            Row::Aid => ("医疗救助", "Medical aid"),
            Row::Hospital => ("医院减免", "Hospital waiver"),
            Row::Floor => ("财政兜底", "Government floor"),
            Row::Other => ("其它", "Other"),
        }
    }

    /// The fund codes that mean the row in Hunan or in the whole country.
    const fn codes(self) -> &'static [&'static str] {
        match self {
            Row::Basic => &["310100", "310101", "390100", "390101"],
            Row::Major => &["390200", "390201"],
            Row::Supplement => &["620101"],
            Row::Aid => &["610100", "610101"],
            Row::Hospital => &["630101", "999996"],
            Row::Floor => &["640101"],
            Row::Accident | Row::Other => &[],
        }
    }

    /// What a payer without a code is called that can be nothing else.
    const fn words(self) -> &'static [&'static str] {
        match self {
            Row::Basic => &["基本医保", "基本医疗保险", "新农合", "新型农村合作医疗"],
            Row::Major => &["大病保险", "大病医疗保险"],
            Row::Accident => &["意外伤害"],
            Row::Supplement => &["特惠保"],
            Row::Aid => &["医疗救助"],
            Row::Floor => &["兜底"],
            Row::Hospital | Row::Other => &[],
        }
    }

    /// Whether a payer of that kind may stand in the row: one code can mean different things in different places.
    fn takes(self, kind: PayerKind) -> bool {
        match self {
            Row::Basic | Row::Major => kind == PayerKind::Insurance,
            Row::Accident => matches!(kind, PayerKind::Insurance | PayerKind::Commercial),
            Row::Supplement => kind == PayerKind::Commercial,
            Row::Aid => kind == PayerKind::Aid,
            Row::Hospital => kind == PayerKind::Hospital,
            Row::Floor => kind == PayerKind::Budget,
            Row::Other => true,
        }
    }

    /// The row of a payer: by its code, or without one by its kind and name. What could stand in two rows, or in none,
    /// stands under the others.
    pub(super) fn of(payer: &Payer) -> Row {
        if payer.kind == PayerKind::Hospital {
            return Row::Hospital;
        }
        let is_meant = |row: &Row| match &payer.code {
            Some(code) => row.codes().contains(&code.as_str()),
            None => row.words().iter().any(|word| payer.name.contains(word)),
        };
        let mut rows = Row::ALL.into_iter();
        let mut fitting = rows
            .by_ref()
            .filter(|row| row.takes(payer.kind) && is_meant(row));
        match (fitting.next(), fitting.next()) {
            (Some(row), None) => row,
            _ => Row::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: PayerKind, code: Option<&str>, name: &str) -> Row {
        Row::of(&Payer {
            id: "payer".into(),
            name: name.into(),
            name_en: "Payer".into(),
            kind,
            code: code.map(str::to_owned),
        })
    }

    #[test]
    fn a_code_says_the_row_if_the_kind_agrees() {
        use PayerKind::{Aid, Budget, Charity, Commercial, Insurance};
        assert_eq!(row(Insurance, Some("390201"), "大病"), Row::Major);
        assert_eq!(
            row(Commercial, Some("620101"), "扶贫特惠保"),
            Row::Supplement
        );
        assert_eq!(row(Budget, Some("640101"), "政府兜底"), Row::Floor);
        // Elsewhere the same code may be another fund,
        assert_eq!(row(Charity, Some("620101"), "基金会"), Row::Other);
        // and a code of its own is another fund, whatever its name.
        assert_eq!(
            row(Aid, Some("610103"), "医疗救助（健康扶贫基金）"),
            Row::Other
        );
    }

    #[test]
    fn without_a_code_kind_and_name_must_say_it() {
        use PayerKind::{Aid, Budget, Charity, Commercial, Insurance};
        assert_eq!(row(Insurance, None, "城乡居民基本医保"), Row::Basic);
        assert_eq!(row(Insurance, None, "慢性病补充医保（180）"), Row::Other);
        assert_eq!(row(Commercial, None, "商业补充大病保险"), Row::Other);
        assert_eq!(row(Charity, None, "扶贫基金会大病救助"), Row::Other);
        assert_eq!(row(Aid, None, "民政医疗救助"), Row::Aid);
        assert_eq!(row(Aid, None, "计生医疗扶助"), Row::Other);
        assert_eq!(row(Budget, None, "县财政"), Row::Other);
        assert_eq!(row(Insurance, None, "基本医保和大病保险"), Row::Other);
    }

    #[test]
    fn the_hospital_has_its_row() {
        assert_eq!(row(PayerKind::Hospital, None, "医院"), Row::Hospital);
        let other = row(PayerKind::Hospital, Some("999996"), "医院负担");
        assert_eq!(other, Row::Hospital);
    }
}
