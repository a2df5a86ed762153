//! A document as one page of HTML that loads nothing.
//!
//! Every text goes through [`Html::text`], which escapes it, and names, values, notes and the footer, each as a whole,
//! besides into `bdi`, so that what is in a script that reads from the right leaves the rest in its order.

mod fit;

use super::bar;
use super::content::{Block, Content, Level, Segment, Table};
use crate::language::Language;
use crate::money::Money;
use fit::{Fit, WIDE};

const STYLE: &str = include_str!("style.css");

/// The height of the bar; its width is `UNITS` times `UNIT`.
const HEIGHT: u32 = 60;

/// Stretches of the bar are whole numbers of units, so that the smallest can be seen.
const UNITS: u32 = 250;
const UNIT: u32 = 4;

/// How stretches are filled, and what is written on them: next to one another dark and light, so that they can be told
/// apart without colour.
const FILLS: [(&str, &str); 8] = [
    ("#1d4e79", "#ffffff"),
    ("#cfe0ef", "#14181f"),
    ("#2b6f52", "#ffffff"),
    ("#d3e9c9", "#14181f"),
    ("#855214", "#ffffff"),
    ("#f4dfb2", "#14181f"),
    ("#66397a", "#ffffff"),
    ("#e6d6ee", "#14181f"),
];

/// How the patient's stretch is filled: with the hatching that the bar defines.
const OWN: (&str, &str) = ("url(#own)", "#14181f");

pub(super) fn draw(content: &Content) -> String {
    let mut html = Html(String::new());
    html.page(content);
    html.0
}

/// HTML as it is written.
struct Html(String);

impl Html {
    /// Markup, as it is.
    fn raw(&mut self, markup: &str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// A text, escaped for any place between tags and in quoted attributes.
    fn text(&mut self, text: &str) -> &mut Html {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// A text that may come from anybody, kept apart from the direction of what is around it.
    fn name(&mut self, text: &str) -> &mut Html {
        self.raw("<bdi>").text(text).raw("</bdi>")
    }

    fn number(&mut self, number: u32) -> &mut Html {
        self.raw(&number.to_string())
    }

    fn page(&mut self, content: &Content) {
        let language = content.language.pick("zh-CN", "en");
        let fit = Fit::of(content);
        self.raw("<!DOCTYPE html>\n<html lang=\"").raw(language);
        self.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
        self.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        self.raw("<title>").text(&content.title).raw("</title>\n");
        self.raw("<style>\n").raw(STYLE).raw("</style>\n</head>\n");
        self.raw("<body class=\"")
            .raw(fit.class())
            .raw("\">\n<main>\n<header>\n");
        self.raw("<h1>").text(&content.title).raw("</h1>\n");
        self.raw("<p>")
            .name(&content.subtitle)
            .raw("</p>\n</header>\n");
        self.facts(&content.facts);
        for block in &content.blocks {
            match block {
                Block::Totals(totals) => self.totals(totals),
                Block::Bar(segments) => self.bar(segments, content.language),
                Block::Table(table) => self.table(table),
                Block::Notes(heading, before, entries) => {
                    self.notes(heading, before, entries, fit, content.language);
                }
            }
        }
        if !content.signatures.is_empty() {
            self.raw("<ul class=\"sign\">\n");
            for (name, value) in &content.signatures {
                self.raw("<li>").text(name).raw(" <span>").name(value);
                self.raw("</span></li>\n");
            }
            self.raw("</ul>\n");
        }
        self.raw("<footer>").name(&content.footer);
        self.raw("</footer>\n</main>\n</body>\n</html>\n");
    }

    /// Two to a row; the last alone takes the whole of its row.
    fn facts(&mut self, facts: &[(&'static str, String)]) {
        self.raw("<table class=\"facts\">\n");
        for pair in facts.chunks(2) {
            self.raw("<tr>");
            let last = match pair.len() {
                1 => "<td colspan=\"3\">",
                _ => "<td>",
            };
            for (name, value) in pair {
                self.raw("<th scope=\"row\">").text(name).raw("</th>");
                self.raw(last).name(value).raw("</td>");
            }
            self.raw("</tr>\n");
        }
        self.raw("</table>\n");
    }

    fn totals(&mut self, totals: &[(&'static str, String)]) {
        self.raw("<ul class=\"totals\">\n");
        for (name, amount) in totals {
            self.raw("<li><span>").text(name).raw("</span><b>");
            self.text(amount).raw("</b></li>\n");
        }
        self.raw("</ul>\n");
    }

    fn bar(&mut self, segments: &[Segment], language: Language) {
        self.raw("<svg class=\"bar\" role=\"img\" viewBox=\"0 0 1000 ");
        self.number(HEIGHT).raw("\" aria-label=\"");
        for (number, segment) in segments.iter().enumerate() {
            let comma = if number > 0 {
                language.pick("，", ", ")
            } else {
                ""
            };
            self.text(comma)
                .text(&segment.name)
                .raw(" ")
                .text(&segment.percent);
        }
        self.raw("\">\n");
        self.raw("<defs><pattern id=\"own\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"9\" height=\"9\" fill=\"#ffffff\"/><rect width=\"2\" height=\"9\" fill=\"#c9ced4\"/></pattern></defs>\n");
        let amounts: Vec<Money> = segments.iter().map(|segment| segment.amount).collect();
        let mut x = 0_u32;
        let mut fills = FILLS.iter().cycle();
        for (segment, units) in segments.iter().zip(bar::divide(&amounts, UNITS)) {
            let fill = match segment.mark {
                Some(_) => fills.next().copied().unwrap_or(OWN),
                None => OWN,
            };
            let width = units.saturating_mul(UNIT);
            if width > 0 {
                self.stretch(segment, x, width, fill);
            }
            x = x.saturating_add(width);
        }
        self.raw("</svg>\n");
    }

    /// A stretch of the bar, with its mark and percentage as far as there is room for them.
    fn stretch(&mut self, segment: &Segment, x: u32, width: u32, fill: (&str, &str)) {
        let (fill, ink) = fill;
        self.raw("<rect x=\"")
            .number(x)
            .raw("\" y=\"1\" width=\"")
            .number(width);
        self.raw("\" height=\"").number(HEIGHT.saturating_sub(2));
        self.raw("\" fill=\"")
            .raw(fill)
            .raw("\" stroke=\"#14181f\" stroke-width=\"1.5\"/>");
        let short = match segment.mark {
            Some(mark) => mark.to_string(),
            None => segment.name.clone(),
        };
        let long = format!("{short}  {}", segment.percent);
        let label = match (segment.mark, width) {
            (_, 150..) => &long,
            (Some(_), 24..) | (None, 46..) => &short,
            _ => "",
        };
        if !label.is_empty() {
            let middle = x.saturating_add(width.checked_div(2).unwrap_or_default());
            self.raw("<text x=\"")
                .number(middle)
                .raw("\" y=\"38\" text-anchor=\"middle\" font-size=\"22\" fill=\"");
            self.raw(ink).raw("\"");
            if segment.mark.is_none() {
                // On the hatching, letters need a rim.
                self.raw(" stroke=\"#ffffff\" stroke-width=\"5\" paint-order=\"stroke\"");
            }
            self.raw(">").text(label).raw("</text>");
        }
        self.raw("\n");
    }

    fn table(&mut self, table: &Table) {
        let class = match table.rows.iter().any(|row| row.mark.is_some()) {
            true => "<table class=\"amounts marked\">",
            false => "<table class=\"amounts\">",
        };
        self.raw(class).raw("\n<thead><tr>");
        for (number, column) in table.columns.iter().enumerate() {
            let class = if number > 0 {
                "<th scope=\"col\" class=\"n\">"
            } else {
                "<th scope=\"col\">"
            };
            self.raw(class).text(column).raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        let mut fills = FILLS.iter().cycle();
        for row in &table.rows {
            let class = match (row.level, row.mark) {
                (Level::Plain, Some(_)) => "<tr class=\"keyed\">",
                (Level::Plain, None) => "<tr>",
                (Level::Part, _) => "<tr class=\"part\">",
                (Level::Sum, _) => "<tr class=\"sum\">",
            };
            self.raw(class).raw("<th scope=\"row\">");
            if let Some(mark) = row.mark {
                self.key(mark, fills.next().copied().unwrap_or(OWN));
            }
            self.name(&row.name).raw("</th>");
            for cell in &row.cells {
                self.raw("<td class=\"n\">").text(cell).raw("</td>");
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n");
    }

    /// The colour and mark of a payer's stretch of the bar.
    fn key(&mut self, mark: char, (fill, ink): (&str, &str)) {
        self.raw("<svg class=\"key\" viewBox=\"0 0 34 27\" aria-hidden=\"true\"><rect x=\"1\" y=\"1\" width=\"32\" height=\"25\" fill=\"");
        self.raw(fill).raw("\" stroke=\"#14181f\" stroke-width=\"1.5\"/><text x=\"17\" y=\"21\" text-anchor=\"middle\" font-size=\"20\" fill=\"");
        self.raw(ink)
            .raw("\">")
            .text(&mark.to_string())
            .raw("</text></svg>");
    }

    fn notes(
        &mut self,
        heading: &str,
        before: &str,
        entries: &[String],
        fit: Fit,
        language: Language,
    ) {
        let (shown, left_out) = fit.split(entries);
        let class = match shown.len() >= WIDE {
            true => "<section class=\"notes wide\">\n<h2>",
            false => "<section class=\"notes\">\n<h2>",
        };
        self.raw(class).text(heading).raw("</h2>\n");
        if !before.is_empty() {
            self.raw("<p>").text(before).raw("</p>\n");
        }
        self.raw("<ul>\n");
        for entry in shown {
            self.raw("<li>").name(entry).raw("</li>\n");
        }
        if left_out > 0 {
            let more = match language {
                Language::Chinese => format!("另有 {left_out} 条，见逐项结算单"),
                Language::English => format!("{left_out} more: see the itemised statement"),
            };
            self.raw("<li>").text(&more).raw("</li>\n");
        }
        self.raw("</ul>\n</section>\n");
    }
}
