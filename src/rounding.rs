//! Rounding of exact amounts, always named: a unit and a mode.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// The unit to which an amount is rounded.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum RoundingUnit {
    /// 分, a hundredth of a yuan.
    #[default]
    Fen,
    /// 角, a tenth of a yuan.
    Jiao,
    /// 元.
    Yuan,
}

impl RoundingUnit {
    /// Every unit, the finest first.
    pub const ALL: [RoundingUnit; 3] = [RoundingUnit::Fen, RoundingUnit::Jiao, RoundingUnit::Yuan];

    /// The unit's name in rule files: `fen`, `jiao`, `yuan`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            RoundingUnit::Fen => "fen",
            RoundingUnit::Jiao => "jiao",
            RoundingUnit::Yuan => "yuan",
        }
    }

    /// The unit of that name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<RoundingUnit> {
        RoundingUnit::ALL.into_iter().find(|unit| unit.id() == id)
    }

    pub(crate) const fn fen(self) -> i64 {
        match self {
            RoundingUnit::Fen => 1,
            RoundingUnit::Jiao => 10,
            RoundingUnit::Yuan => 100,
        }
    }
}

/// Which of the two neighbouring amounts is taken. The modes treat amounts below zero as the
/// mirror of those above: a reversal rounds like its bill.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum RoundingMode {
    /// The nearest; a tie away from zero (四舍五入).
    #[default]
    HalfUp,
    /// The nearest; a tie to the even neighbour.
    HalfEven,
    /// The nearest; a tie towards zero.
    HalfDown,
    /// Always away from zero.
    Up,
    /// Always towards zero.
    Down,
}

impl RoundingMode {
    /// Every mode.
    pub const ALL: [RoundingMode; 5] = [
        RoundingMode::HalfUp,
        RoundingMode::HalfEven,
        RoundingMode::HalfDown,
        RoundingMode::Up,
        RoundingMode::Down,
    ];

    /// The mode's name in rule files: `half-up`, `half-even`, `half-down`, `up`, `down`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            RoundingMode::HalfUp => "half-up",
            RoundingMode::HalfEven => "half-even",
            RoundingMode::HalfDown => "half-down",
            RoundingMode::Up => "up",
            RoundingMode::Down => "down",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<RoundingMode> {
        RoundingMode::ALL.into_iter().find(|mode| mode.id() == id)
    }
}

/// How an exact amount becomes one that can be paid. The default is to the fen, half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// The unit.
    pub unit: RoundingUnit,
    /// The mode.
    pub mode: RoundingMode,
}

impl Rounding {
    /// Rounds an exact amount, given in millionths of a fen as [`Ratio::of`](crate::Ratio::of)
    /// makes it. `None` when the outcome lies beyond [`Money::MAX`].
    ///
    /// ```
    /// use payer_split::{Money, Rounding, RoundingMode};
    ///
    /// let tie = 22_500_000; // 22.5 fen
    /// assert_eq!(Rounding::default().round(tie), Some(Money::from_fen(23)));
    /// let even = Rounding { mode: RoundingMode::HalfEven, ..Rounding::default() };
    /// assert_eq!(even.round(tie), Some(Money::from_fen(22)));
    /// ```
    #[must_use]
    #[inline]
    pub fn round(self, millionth_fen: i64) -> Option<Money> {
        if self == Rounding::default() && millionth_fen >= 0 {
            // What most rules say, without a choice and with a constant.
            let halved = millionth_fen.checked_add(500_000)?;
            return Money::bounded(halved / 1_000_000);
        }
        let unit = self.unit.fen().checked_mul(1_000_000)?;
        let whole = millionth_fen.checked_div(unit)?;
        let rest = millionth_fen.checked_rem(unit)?;
        let against_half = rest
            .unsigned_abs()
            .saturating_mul(2)
            .cmp(&unit.unsigned_abs());
        let away = rest != 0
            && match self.mode {
                RoundingMode::HalfUp => against_half.is_ge(),
                RoundingMode::HalfEven if against_half.is_eq() => whole % 2 != 0,
                RoundingMode::HalfEven | RoundingMode::HalfDown => against_half.is_gt(),
                RoundingMode::Up => true,
                RoundingMode::Down => false,
            };
        let step = if away { rest.signum() } else { 0 };
        whole
            .checked_add(step)?
            .checked_mul(self.unit.fen())
            .and_then(Money::bounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_at_and_around_a_tie() {
        // In tenths of a fen: below, at and above two ties, one after an odd and one after an
        // even fen; then what the modes make of them in fen.
        let amounts = [10, 14, 15, 16, 24, 25, 26];
        for (mode, expected) in [
            (RoundingMode::HalfUp, [1, 1, 2, 2, 2, 3, 3]),
            (RoundingMode::HalfEven, [1, 1, 2, 2, 2, 2, 3]),
            (RoundingMode::HalfDown, [1, 1, 1, 2, 2, 2, 3]),
            (RoundingMode::Up, [1, 2, 2, 2, 3, 3, 3]),
            (RoundingMode::Down, [1, 1, 1, 1, 2, 2, 2]),
        ] {
            let rounding = Rounding {
                mode,
                ..Rounding::default()
            };
            for (tenths, fen) in amounts.into_iter().zip(expected) {
                let exact = tenths * 100_000;
                assert_eq!(
                    rounding.round(exact),
                    Some(Money::from_fen(fen)),
                    "{mode:?} {tenths}"
                );
                assert_eq!(
                    rounding.round(-exact),
                    Some(Money::from_fen(-fen)),
                    "{mode:?} -{tenths}"
                );
            }
        }
    }

    #[test]
    fn every_unit() {
        let exact = 12_345_600_000; // 123.456 yuan, 12345.6 fen
        for (unit, shown) in [
            (RoundingUnit::Fen, "123.46"),
            (RoundingUnit::Jiao, "123.50"),
            (RoundingUnit::Yuan, "123.00"),
        ] {
            let rounding = Rounding {
                unit,
                ..Rounding::default()
            };
            assert_eq!(rounding.round(exact).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        assert_eq!(Rounding::default().round(i64::MAX), None);
        assert_eq!(Rounding::default().round(i64::MIN), None);
        assert_eq!(
            Rounding::default().round(1_000_000_000_000_000_000),
            Some(Money::MAX)
        );
    }

    #[test]
    fn ids_are_those_of_serde() {
        for unit in RoundingUnit::ALL {
            assert_eq!(RoundingUnit::from_id(unit.id()), Some(unit));
            assert_eq!(serde_json::to_value(unit).unwrap(), unit.id());
        }
        for mode in RoundingMode::ALL {
            assert_eq!(RoundingMode::from_id(mode.id()), Some(mode));
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.id());
        }
    }
}
