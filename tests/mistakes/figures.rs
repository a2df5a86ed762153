//! Slips in ratios and amounts.

use super::{Edit, Kind, in_condition, is_text, kind, last, under, unquoted, values};
use crate::doc::{Doc, Place, Sort};

pub(super) const RATIOS: &[Kind] = &[
    kind("ratio: the quotes and the sign left out", |doc| {
        ratios(doc, |digits| Some(digits.to_owned()))
    }),
    kind("ratio: the quotes left out", |doc| {
        ratios(doc, |digits| Some(format!("{digits}%")))
    }),
    kind("ratio: the sign left out inside the quotes", |doc| {
        ratios(doc, |digits| Some(format!("\"{digits}\"")))
    }),
    kind("ratio: typed as a part of one", |doc| {
        ratios(doc, |digits| Some(fraction(digits)))
    }),
    kind("ratio: a part of one with a percent sign", |doc| {
        ratios(doc, |digits| Some(format!("\"{}%\"", fraction(digits))))
    }),
    kind("ratio: full-width percent sign", |doc| {
        ratios(doc, |digits| Some(format!("\"{digits}％\"")))
    }),
    kind("ratio: two percent signs", |doc| {
        ratios(doc, |digits| Some(format!("\"{digits} %%\"")))
    }),
    kind("ratio: 百分之 in words", |doc| {
        ratios(doc, |digits| Some(format!("\"百分之{digits}\"")))
    }),
    kind("ratio: the patient's share, not the payer's", |doc| {
        ratios(doc, |digits| {
            let rest = 100_u32.checked_sub(digits.parse().ok()?)?;
            (rest.to_string() != digits).then(|| format!("\"{rest}%\""))
        })
    }),
    kind("ratio: two digits exchanged", |doc| {
        ratios(doc, |digits| Some(format!("\"{}%\"", exchanged(digits)?)))
    }),
    kind("ratio: a digit typed twice", |doc| {
        ratios(doc, |digits| {
            Some(format!("\"{}{digits}%\"", digits.get(..1)?))
        })
    }),
    kind("ratio: a digit left out", |doc| {
        ratios(doc, |digits| {
            let rest = digits.get(1..).filter(|rest| rest.parse::<u32>().is_ok())?;
            Some(format!("\"{rest}%\""))
        })
    }),
    kind("ratio: negative", |doc| {
        ratios(doc, |digits| Some(format!("\"-{digits}%\"")))
    }),
    kind("ratio: nothing between the quotes", |doc| {
        ratios(doc, |_| Some("\"\"".to_owned()))
    }),
    kind("ratio: zero where no source says it", |doc| {
        unstated(doc, true, "\"0%\"")
    }),
    kind("ratio: a figure where no source says it", |doc| {
        unstated(doc, true, "\"80%\"")
    }),
];

pub(super) const AMOUNTS: &[Kind] = &[
    kind("amount: a zero too many", |doc| {
        amounts(doc, |number| Some(format!("{number}0")))
    }),
    kind("amount: a zero too few", |doc| {
        amounts(doc, |number| Some(number.strip_suffix('0')?.to_owned()))
    }),
    kind("amount: in fen", |doc| {
        amounts(doc, |number| Some(format!("{number}00")))
    }),
    kind("amount: in 万", |doc| {
        amounts(doc, |number| Some(number.strip_suffix("0000")?.to_owned()))
    }),
    kind("amount: 万 typed behind it", |doc| {
        amounts(doc, |number| {
            Some(format!("{}万", number.strip_suffix("0000")?))
        })
    }),
    kind("amount: 万 as text", |doc| {
        amounts(doc, |number| {
            Some(format!("\"{}万\"", number.strip_suffix("0000")?))
        })
    }),
    kind("amount: in quotes", |doc| {
        amounts(doc, |number| Some(format!("\"{number}\"")))
    }),
    kind("amount: with its unit", |doc| {
        amounts(doc, |number| Some(format!("{number}元")))
    }),
    kind("amount: thousands comma", |doc| {
        amounts(doc, |number| {
            let at = number.len().checked_sub(3).filter(|at| *at > 0)?;
            Some(format!("{},{}", &number[..at], &number[at..]))
        })
    }),
    kind("amount: three decimals", |doc| {
        amounts(doc, |number| Some(format!("{number}.005")))
    }),
    kind("amount: full-width digits", |doc| {
        amounts(doc, |number| {
            let wide = |digit: char| char::from_u32(u32::from(digit) + 0xFEE0);
            number.chars().map(wide).collect()
        })
    }),
    kind("amount: negative", |doc| {
        amounts(doc, |number| Some(format!("-{number}")))
    }),
    kind("amount: two digits exchanged", |doc| {
        amounts(doc, |number| {
            let digits = exchanged(number)?;
            Some(digits.trim_start_matches('0').to_owned()).filter(|digits| !digits.is_empty())
        })
    }),
    kind("amount: the first digit left out", |doc| {
        amounts(doc, |number| {
            let rest = number.get(1..)?.trim_start_matches('0');
            Some(if rest.is_empty() { "0" } else { rest }.to_owned())
        })
    }),
    kind("amount: zero instead of the figure", |doc| {
        amounts(doc, |_| Some("0".to_owned()))
    }),
    kind("amount: unstated though it is stated", |doc| {
        amounts(doc, |_| Some("\"unstated\"".to_owned()))
    }),
    kind("amount: zero where no source says it", |doc| {
        unstated(doc, false, "0")
    }),
    kind("amount: none where no source says it", |doc| {
        unstated(doc, false, "\"none\"")
    }),
    kind("figure: `unstated` misspelt", |doc| {
        values(doc, is_text, |written| {
            (written == "\"unstated\"").then(|| "\"unstatd\"".to_owned())
        })
    }),
    kind("figure: another word for `none`", |doc| {
        let chosen = |place: &Place| last(place) == "amount";
        values(doc, chosen, |written| {
            (written == "\"none\"").then(|| "\"unlimited\"".to_owned())
        })
    }),
];

/// One edit at each percentage.
fn ratios(doc: &Doc<'_>, to: impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    values(doc, is_text, |written| {
        let digits = unquoted(written)?.strip_suffix('%')?;
        let number = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        number.then(|| to(digits)).flatten()
    })
}

/// One edit at each amount but zero.
fn amounts(doc: &Doc<'_>, to: impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    let chosen = |place: &Place| {
        let number = place.sort == Sort::Number && !in_condition(place);
        number && under(place, &["step", "table", "limit"])
    };
    values(doc, chosen, |written| {
        (written != "0").then(|| to(written)).flatten()
    })
}

/// One edit at each figure that is unstated: of ratios, or of amounts.
fn unstated(doc: &Doc<'_>, ratio: bool, to: &str) -> Vec<Edit> {
    let chosen = |place: &Place| {
        let has = |wanted: &str| place.path.split('.').any(|key| key == wanted);
        match ratio {
            true => has("ratio"),
            false => has("deductible") || has("amount"),
        }
    };
    values(doc, chosen, |written| {
        (written == "\"unstated\"").then(|| to.to_owned())
    })
}

/// `65` as `0.65`.
fn fraction(digits: &str) -> String {
    match digits.len() {
        1 => format!("0.0{digits}"),
        2 => format!("0.{digits}"),
        _ => "1.0".to_owned(),
    }
}

/// The first two digits in each other's place, where that makes a difference.
fn exchanged(digits: &str) -> Option<String> {
    let (first, second) = (digits.get(..1)?, digits.get(1..2)?);
    (first != second && second != ".").then(|| format!("{second}{first}{}", &digits[2..]))
}
