//! Lines of text whose amounts stand in one column, whatever names are beside them.

use std::fmt::{Formatter, Result, Write as _};

use unicode_width::UnicodeWidthStr as _;

/// The columns of a page. Amounts end at the last.
const WIDTH: usize = 78;

/// The columns between a text and its amount.
const GAP: usize = 2;

pub(super) struct Page<'a, 'f> {
    out: &'a mut Formatter<'f>,
}

impl<'a, 'f> Page<'a, 'f> {
    pub(super) fn new(out: &'a mut Formatter<'f>) -> Self {
        Page { out }
    }

    /// A heading after an empty line.
    pub(super) fn heading(&mut self, text: &str) -> Result {
        self.out.write_char('\n')?;
        self.text(0, "", text)
    }

    /// A rule across the page, from a column.
    pub(super) fn rule(&mut self, indent: usize, mark: char) -> Result {
        write!(self.out, "{:indent$}", "")?;
        for _ in indent..WIDTH {
            self.out.write_char(mark)?;
        }
        self.out.write_char('\n')
    }

    /// A label and a text, which goes on under itself.
    pub(super) fn text(&mut self, indent: usize, label: &str, text: &str) -> Result {
        self.entry(indent, label, text, "")
    }

    /// A label and a text with an amount, which stands beside the text's last line. Below it, if the text has characters
    /// that some terminals show wide and some narrow: no column can be kept beside those.
    pub(super) fn entry(&mut self, indent: usize, label: &str, text: &str, amount: &str) -> Result {
        let hang = indent.saturating_add(label.width());
        let taken = match amount {
            "" => hang,
            _ => hang.saturating_add(GAP).saturating_add(amount.width()),
        };
        let mut lines = wrap(text, WIDTH.saturating_sub(taken));
        if !amount.is_empty() && text.width() != text.width_cjk() {
            lines.push(String::new());
        }
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.iter().enumerate() {
            let start = match number {
                0 => format!("{:indent$}{label}{line}", ""),
                _ => format!("{:hang$}{line}", ""),
            };
            if number < last || amount.is_empty() {
                writeln!(self.out, "{}", start.trim_end())?;
                continue;
            }
            // What is finer than a fen stands out to the right.
            let end = WIDTH.saturating_add(finer(amount));
            let blank = end
                .saturating_sub(start.width())
                .saturating_sub(amount.width());
            writeln!(self.out, "{start}{:blank$}{amount}", "")?;
        }
        Ok(())
    }
}

/// How many digits a number has after its second decimal.
fn finer(amount: &str) -> usize {
    let decimals = amount.split_once('.').map_or("", |(_, decimals)| decimals);
    let digits = decimals.bytes().filter(u8::is_ascii_digit).count();
    digits.saturating_sub(2)
}

/// A text filled up with blanks to a column, at least one.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let blank = columns.saturating_sub(text.width()).max(1);
    format!("{text}{:blank$}", "")
}

/// A text in one line, without anything that would disturb a terminal.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        }));
    }
    out
}

/// Breaks a text into lines of so many columns: at blanks, and between Chinese characters. What cannot be broken may be
/// longer. At least one line, which may be empty.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    if text.width() <= columns {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    let mut blanks = 0_usize;
    for word in text.split(' ') {
        for piece in pieces(word) {
            let Some(line) = lines.last_mut() else {
                continue;
            };
            let width = line.width().saturating_add(blanks);
            if line.is_empty() {
                line.push_str(&piece);
            } else if width.saturating_add(piece.width()) <= columns {
                line.push_str(&" ".repeat(blanks));
                line.push_str(&piece);
            } else {
                lines.push(piece);
            }
            blanks = 0;
        }
        blanks = blanks.saturating_add(1);
    }
    lines
}

/// A word in pieces that stay whole: single wide characters with the punctuation after them, and runs of narrow ones.
fn pieces(word: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut was_wide = true;
    for c in word.chars() {
        let is_wide = c.to_string().width() > 1;
        let stays = "，。、；：？！）」』》”".contains(c) || (!is_wide && !was_wide);
        match pieces.last_mut() {
            Some(piece) if stays => piece.push(c),
            _ => pieces.push(c.into()),
        }
        was_wide = is_wide;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt;

    struct Entry<'a>(&'a str, &'a str);

    impl fmt::Display for Entry<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> Result {
            Page::new(f).entry(2, &pad("付款", 8), self.0, self.1)
        }
    }

    fn lines(text: &str, amount: &str) -> Vec<String> {
        let entry = Entry(text, amount).to_string();
        entry.lines().map(str::to_owned).collect()
    }

    #[test]
    fn amounts_end_in_the_same_column_beside_any_name() {
        for text in [
            "",
            "basic",
            "城乡居民基本医疗保险",
            "医保（180）A型，B型",
            "a name of very many words that goes on and on until it must be broken somewhere",
            "名称很长的付款方，长到一行写不下，于是要在某个汉字之后换行，金额仍然靠右对齐在同一列",
            "an-id-that-is-one-single-word-and-longer-than-any-line-of-the-page-could-ever-be",
        ] {
            for amount in ["0.00", "10000000000.00"] {
                let lines = lines(text, amount);
                let last = lines.last().unwrap();
                assert!(last.ends_with(amount), "{lines:#?}");
                if !text.starts_with("an-id") {
                    assert_eq!(last.width(), WIDTH, "{lines:#?}");
                    assert!(lines.iter().all(|line| line.width() <= WIDTH), "{lines:#?}");
                }
            }
        }
    }

    #[test]
    fn an_amount_keeps_away_from_characters_of_uncertain_width() {
        let lines = lines("安徽“351”", "3000.00");
        assert_eq!(lines[0], "  付款    安徽“351”");
        assert_eq!(lines[1].trim_start(), "3000.00");
        assert_eq!(lines[1].len(), WIDTH);
    }

    #[test]
    fn decimal_points_stand_below_one_another() {
        let point = |amount| lines("", amount)[0].find('.').unwrap();
        assert_eq!(point("407.46"), point("12.345678"));
    }

    #[test]
    fn lines_break_between_chinese_characters_but_not_before_punctuation() {
        assert_eq!(wrap("甲乙丙，丁 ab cd", 6), ["甲乙", "丙，丁", "ab cd"]);
        assert_eq!(wrap("3800.00元", 4), ["3800.00", "元"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("甲", 0), ["甲"]);
        assert_eq!(wrap("a  bc  d", 7), ["a  bc", "d"]);
    }

    #[test]
    fn nothing_disturbs_the_terminal() {
        assert_eq!(
            clean(" a\n\t b\u{1b}[31m \u{202e}c "),
            "a b\u{fffd}[31m \u{fffd}c"
        );
    }
}
