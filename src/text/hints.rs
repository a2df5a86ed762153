//! What was probably meant by a text that is no TOML.

/// What may stand in the place of a value that is none.
pub(super) fn value(wrong: &str) -> &'static str {
    let text = wrong.trim();
    let starts_with_digit = text.starts_with(|c: char| c.is_ascii_digit() || is_wide_digit(c));
    let is_date = |text: &str| text.contains(['/', '年']);
    match text {
        "是" | "否" | "真" | "假" | "yes" | "no" | "True" | "False" | "TRUE" | "FALSE" => {
            "`true` or `false`"
        }
        text if starts_with_digit && text.ends_with(['%', '％']) => {
            "a ratio in straight quotes with its percent sign, such as `\"85%\"`"
        }
        text if starts_with_digit && is_date(text) => "a date such as `2019-01-01`",
        _ if starts_with_digit => {
            "an amount in yuan, in plain digits without its unit, such as `150000` or `454.92`"
        }
        _ => "a number, a date, `true`, `false`, or text in straight quotes",
    }
}

/// What may stand in the place of a key that is none.
pub(super) fn key(wrong: &str) -> &'static str {
    let ideograph = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    match wrong {
        wrong if wrong.starts_with([':', '：', '＝']) => "`=` between a key and its value",
        wrong if wrong.starts_with(['【', '［']) => "a header in `[[` and `]]`",
        wrong if wrong.starts_with(ideograph) => {
            "a key of ASCII letters, digits, `-` and `_`; a comment begins with `#`"
        }
        _ => "a key of ASCII letters, digits, `-` and `_`",
    }
}

fn is_wide_digit(c: char) -> bool {
    ('０'..='９').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_known_by_its_shape() {
        for (wrong, expected) in [
            ("85%", "a ratio"),
            ("85％", "a ratio"),
            ("2019/01/01", "a date"),
            ("2019年1月1日", "a date"),
            ("15万", "an amount"),
            ("400元", "an amount"),
            ("４００", "an amount"),
            ("是", "`true`"),
            ("“基本医保”", "a number, a date"),
        ] {
            assert!(value(wrong).starts_with(expected), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_known_by_its_shape() {
        for (wrong, expected) in [
            (":", "`=`"),
            ("＝", "`=`"),
            ("【【", "a header"),
            (
                "湖南省",
                "a key of ASCII letters, digits, `-` and `_`; a comment",
            ),
            ("§", "a key"),
        ] {
            assert!(key(wrong).starts_with(expected), "{wrong}");
        }
    }
}
