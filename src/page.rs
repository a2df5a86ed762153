//! Lines of text whose amounts stand in one column, whatever names are beside them.

use std::fmt::{Result, Write};

use unicode_width::UnicodeWidthStr as _;

/// The columns of a page. Amounts end at the last.
pub(crate) const WIDTH: usize = 78;

/// The columns between a text and its amount.
const GAP: usize = 2;

pub(crate) struct Page<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Page<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Page { out }
    }

    /// A heading after an empty line.
    pub(crate) fn heading(&mut self, text: &str) -> Result {
        self.out.write_char('\n')?;
        self.text(0, "", text)
    }

    /// A rule across the page, from a column.
    pub(crate) fn rule(&mut self, indent: usize, mark: char) -> Result {
        write!(self.out, "{:indent$}", "")?;
        for _ in indent..WIDTH {
            self.out.write_char(mark)?;
        }
        self.out.write_char('\n')
    }

    /// A label and a text, which goes on under itself.
    pub(crate) fn text(&mut self, indent: usize, label: &str, text: &str) -> Result {
        self.entry(indent, label, text, "")
    }

    /// A label and a text with an amount, which stands beside the text's last line. Below it, if the text has characters
    /// that some terminals show wide and some narrow: no column can be kept beside those.
    pub(crate) fn entry(&mut self, indent: usize, label: &str, text: &str, amount: &str) -> Result {
        // What is finer than a fen stands out to the right.
        let end = WIDTH.saturating_add(finer(amount));
        self.beside(indent, label, text, amount, end)
    }

    /// The same with several amounts, filled up to columns by the caller, of which the last ends at the edge of the page.
    pub(crate) fn cells(&mut self, indent: usize, label: &str, text: &str, cells: &str) -> Result {
        self.beside(indent, label, text, cells, WIDTH)
    }

    fn beside(
        &mut self,
        indent: usize,
        label: &str,
        text: &str,
        amount: &str,
        end: usize,
    ) -> Result {
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
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let blank = columns.saturating_sub(text.width()).max(1);
    format!("{text}{:blank$}", "")
}

/// The same with the blanks before it.
pub(crate) fn pad_left(text: &str, columns: usize) -> String {
    let blank = columns.saturating_sub(text.width());
    format!("{:blank$}{text}", "")
}

/// What fits into so many columns of a text; three dots say that there was more.
pub(crate) fn clip(text: &str, columns: usize) -> String {
    const MORE: &str = "...";
    // A character of no width takes a place too, or a name could hold thousands of them.
    if text.width() <= columns && text.chars().count() <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(MORE.len());
    let mut out = String::new();
    for c in text.chars() {
        let width = c.to_string().width().max(1);
        let Some(rest) = left.checked_sub(width) else {
            break;
        };
        left = rest;
        out.push(c);
    }
    out + MORE
}

/// A text in one line, without anything that would disturb a terminal or change the order in which the rest is read.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(|c| match c {
            c if is_invisible(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        }));
    }
    out
}

/// Whether a character is a control, or one that shows nothing but directs what is around it.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Breaks a text into lines of so many columns: at blanks, between Chinese characters, and within a word only where it is
/// longer than a line. At least one line, which may be empty.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    if text.width() <= columns {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    let mut blanks = 0_usize;
    for word in text.split(' ') {
        for piece in pieces(word, columns) {
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

/// A word in pieces that stay whole: single wide characters with the punctuation after them, and runs of narrow ones that
/// are no longer than a line.
fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut was_wide = true;
    for c in word.chars() {
        let is_wide = c.to_string().width() > 1;
        let stays = "，。、；：？！）」』》”".contains(c) || (!is_wide && !was_wide);
        match pieces.last_mut() {
            Some(piece) if stays && piece.width() < columns => piece.push(c),
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
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> Result {
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
                assert_eq!(last.width(), WIDTH, "{lines:#?}");
                assert!(lines.iter().all(|line| line.width() <= WIDTH), "{lines:#?}");
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
        assert_eq!(wrap("3800.00元", 8), ["3800.00", "元"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("甲", 0), ["甲"]);
        assert_eq!(wrap("a  bc  d", 7), ["a  bc", "d"]);
        assert_eq!(wrap("ab abcdefgh", 4), ["ab", "abcd", "efgh"]);
    }

    #[test]
    fn nothing_disturbs_the_terminal() {
        assert_eq!(
            clean(" a\n\t b\u{1b}[31m \u{202e}c "),
            "a b\u{fffd}[31m \u{fffd}c"
        );
        let hidden = "\u{200f}\u{61c}\u{feff}\u{e0041}\u{2067}";
        assert_eq!(clean(hidden), "\u{fffd}".repeat(5));
    }

    #[test]
    fn long_texts_are_clipped_to_their_columns() {
        assert_eq!(clip("甲乙丙", 6), "甲乙丙");
        assert_eq!(clip("甲乙丙丁", 7), "甲乙...");
        assert_eq!(clip("甲乙丙丁", 6), "甲...");
        let stacked = format!("a{}", "\u{301}".repeat(500));
        assert_eq!(clip(&stacked, 10).chars().count(), 10);
    }
}
