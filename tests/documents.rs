//! Printed documents: what stands on them, that nothing gets out of its place, and how they look.
//!
//! The files beside this one are documents as they were reviewed, the HTML in a browser and printed;
//! `BLESS=1 cargo test --test documents` writes them anew.

#[path = "documents/settlements.rs"]
mod settlements;

use payer_split::{Document, Language, Money, Particulars, Settlement};
use settlements::{hostile, jurong, long, qingzhen, wushan, yuetang};
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr as _;

const LANGUAGES: [(Language, &str); 2] = [(Language::Chinese, "zh"), (Language::English, "en")];

type Make = for<'a> fn(&'a Settlement, &'a Particulars, Language) -> Document<'a>;

const KINDS: [(&str, Make); 2] = [
    ("sheet", |settlement, particulars, language| {
        Document::one_stop(settlement, particulars, language)
    }),
    ("patient", |settlement, particulars, language| {
        Document::for_patient(settlement, particulars, language)
    }),
];

fn particulars() -> Particulars {
    let some = |text: &str| Some(text.to_owned());
    Particulars {
        patient: some("周桂英"),
        id_number: some("430304********0042"),
        identity: some("建档立卡贫困人口"),
        hospital: some("湘潭市岳塘区人民医院"),
        department: some("普外科"),
        diagnosis: some("胆囊结石（K80.2）"),
        bill_number: some("20200601-0042"),
        admitted: some("2020-05-24"),
        discharged: some("2020-06-01"),
        clerk: some("李明"),
        printed: some("2020-06-01 15:20"),
    }
}

/// Strings that try to get out of their place.
fn attacks() -> Particulars {
    let some = |text: &str| Some(text.to_owned());
    Particulars {
        patient: some("<script>alert('x')</script>"),
        id_number: some("\" onmouseover=\"alert(1)\" '"),
        identity: some("\u{202e}txt.exe\u{2066} & <b>"),
        hospital: some(&"名".repeat(500)),
        department: some("外科\r\n总费用 0.00\n"),
        diagnosis: some(&"e\u{301}\u{302}\u{303}".repeat(200)),
        bill_number: some("]]></style><!-- -->"),
        admitted: some("\u{0}\u{1b}[31m\u{7f}"),
        discharged: some("&amp;&#60;"),
        clerk: some("שרה כהן"),
        printed: some("\u{feff}\u{200f}"),
    }
}

/// Every settlement that is printed here, with what the counter knows of it.
fn all() -> Vec<(&'static str, Settlement, Particulars)> {
    let nobody = Particulars::default();
    vec![
        ("yuetang", yuetang(), particulars()),
        ("jurong", jurong(), particulars()),
        ("wushan", wushan(), nobody.clone()),
        ("qingzhen", qingzhen(), nobody),
        ("long", long(), particulars()),
        ("hostile", hostile(), attacks()),
    ]
}

/// A reviewed document: equal to what is drawn now.
fn reviewed(name: &str, shown: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/documents")
        .join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, shown).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap();
    let differs = shown.lines().zip(reviewed.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "first line that differs from `{name}`");
    assert_eq!(shown.len(), reviewed.len(), "{name}");
}

#[test]
fn documents_are_as_reviewed() {
    for (name, settlement, particulars) in all() {
        for (kind, make) in KINDS {
            for (language, code) in LANGUAGES {
                let document = make(&settlement, &particulars, language);
                reviewed(&format!("{name}-{kind}.{code}.txt"), &document.text());
                if ["yuetang", "long", "hostile"].contains(&name) {
                    reviewed(&format!("{name}-{kind}.{code}.html"), &document.html());
                }
            }
        }
    }
}

/// Calls a check with every document, and a word for it.
fn each(mut check: impl FnMut(&str, &Document<'_>)) {
    for (name, settlement, particulars) in all() {
        for (kind, make) in KINDS {
            for (language, code) in LANGUAGES {
                let document = make(&settlement, &particulars, language);
                check(&format!("{name} {kind} {code}"), &document);
            }
        }
    }
}

/// Amounts and percentages end in the same columns, and no line is wider than the page, whatever stands beside them.
#[test]
fn the_columns_of_text_are_aligned() {
    each(|name, document| {
        let text = document.text();
        assert!(text.ends_with('\n') && !text.contains('\t'), "{name}");
        let mut rules = 0;
        for line in text.lines() {
            assert!(line.width() <= 78, "{name}: {line}");
            assert_eq!(line, line.trim_end(), "{name}: blanks at the end");
            if line.trim_start().starts_with("---") {
                rules += 1;
                assert_eq!(line.width(), 78, "{name}: {line}");
            }
            let last = line.rsplit(' ').next().unwrap_or_default();
            let is_percent = last
                .strip_suffix('%')
                .is_some_and(|rest| Money::parse(rest).is_ok());
            let is_amount = last.contains('.') && Money::parse(last).is_ok();
            if line.starts_with("  ") && (is_percent || is_amount) && !line.contains("外科 总费用")
            {
                assert_eq!(line.width(), 78, "{name}: {line}");
            }
        }
        assert!(rules >= 3, "{name}: {text}");
    });
}

/// What the counter and the rule file say never becomes markup: the tags of a document are those of one with plain names.
#[test]
fn hostile_names_stay_names() {
    let tags = |html: &str| -> Vec<String> {
        let tags = html.split('<').skip(1);
        tags.map(|rest| rest.split(['>', ' ']).next().unwrap_or_default().to_owned())
            .collect()
    };
    let settlement = yuetang();
    for (kind, make) in KINDS {
        for (language, _) in LANGUAGES {
            let plain = make(&settlement, &particulars(), language).html();
            let attacked = make(&settlement, &attacks(), language).html();
            assert_eq!(tags(&plain), tags(&attacked), "{kind}");
        }
    }
    each(|name, document| {
        let (text, html) = (document.text(), document.html());
        for forbidden in [
            "<script",
            "<img",
            "<link",
            "onmouseover=\"",
            "onerror=\"",
            "<!--",
            "http://",
            "https://",
            "@import",
        ] {
            assert!(!html.contains(forbidden), "{name}: `{forbidden}`");
        }
        assert_eq!(html.matches("</style>").count(), 1, "{name}");
        for shown in [&text, &html] {
            let is_hidden = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            };
            assert_eq!(shown.chars().find(|c| is_hidden(*c)), None, "{name}");
        }
    });
}

#[test]
fn what_is_too_long_for_its_place_is_cut_off_visibly() {
    let settlement = yuetang();
    let hospital = Particulars {
        hospital: Some("名".repeat(500)),
        ..Particulars::default()
    };
    for (_, make) in KINDS {
        let document = make(&settlement, &hospital, Language::Chinese);
        for shown in [document.text().replace(['\n', ' '], ""), document.html()] {
            let names = shown.matches('名').count();
            assert!((20..=50).contains(&names), "{names}");
            assert!(shown.contains("名..."));
        }
    }
}

/// Every tag that is opened is closed, in order.
#[test]
fn the_html_is_well_formed() {
    each(|name, document| {
        let html = document.html();
        let mut open: Vec<&str> = Vec::new();
        for tag in html
            .split('<')
            .skip(1)
            .filter_map(|rest| rest.split_once('>'))
        {
            let (tag, _) = tag;
            let word = tag.split(' ').next().unwrap_or_default();
            match word.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed), "{name}"),
                None if tag.ends_with('/') || ["meta", "!DOCTYPE"].contains(&word) => {}
                None => open.push(word),
            }
            assert_eq!(tag.matches('"').count() % 2, 0, "{name}: {tag}");
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    });
}

/// A row without its mark of the bar.
fn unmarked(line: &str) -> &str {
    let line = line.trim_start();
    match line.split_once("  ") {
        Some((mark, rest)) if mark.len() == 1 => rest,
        _ => line,
    }
}

/// The amounts of the row of a text document that begins so.
fn amounts(text: &str, name: &str) -> Vec<String> {
    let line = text.lines().find(|line| unmarked(line).starts_with(name));
    let line = line.unwrap_or_else(|| panic!("no row `{name}`:\n{text}"));
    let cells = line.split(name).nth(1).unwrap().split_whitespace();
    cells.map(str::to_owned).collect()
}

fn sheet(settlement: &Settlement) -> String {
    Document::one_stop(settlement, &Particulars::default(), Language::Chinese).text()
}

#[test]
fn payers_stand_in_the_rows_of_their_codes_and_nothing_is_guessed() {
    let text = sheet(&yuetang());
    assert_eq!(amounts(&text, "医疗总费用"), ["4549.20", "100.00%"]);
    assert_eq!(
        amounts(&text, "意外伤害"),
        ["-", "-"],
        "the policy has no such payer"
    );
    assert_eq!(amounts(&text, "医院减免"), ["-", "-"]);
    assert_eq!(
        amounts(&text, "大病保险")[0],
        "0.00",
        "it has this one, and it paid nothing"
    );
    assert_eq!(amounts(&text, "个人支付")[0], "454.92");
    assert_eq!(amounts(&text, "县外就医先行自付"), ["-", "-"], "not told");
    assert_eq!(
        amounts(&text, "计入大病保险起付线的费用"),
        ["740.00", "-"],
        "what it took in, of a deductible of 6000"
    );
    assert!(
        text.contains("依据\n  * 居民医保住院：《嶽塘區"),
        "the clauses: {text}"
    );

    // Chongqing's own fund has no row, nor have the county's budget and the foundation.
    let settlement = wushan();
    let text = sheet(&settlement);
    let other = ["commercial", "foundation", "relief-fund", "budget"]
        .map(|id| settlement.paid(id).unwrap_or_default());
    let other = other
        .into_iter()
        .try_fold(Money::ZERO, Money::checked_add)
        .unwrap();
    assert!(other > Money::ZERO);
    assert_eq!(amounts(&text, "其它")[0], other.to_string());
}

/// The rows of payers sum to what all paid, and with the person to the total, whatever the policy.
#[test]
fn the_sheet_sums() {
    for (name, settlement, _) in all() {
        let text = sheet(&settlement);
        let mut sum = 0;
        for row in [
            "基本医保",
            "大病保险",
            "意外伤害",
            "特惠保",
            "医疗救助",
            "医院减免",
            "财政兜底",
            "其它",
        ] {
            let amount = &amounts(&text, row)[0];
            sum += if amount == "-" {
                0
            } else {
                Money::parse(amount).unwrap().fen()
            };
        }
        let paid = Money::parse(&amounts(&text, "各方支付合计")[0])
            .unwrap()
            .fen();
        assert_eq!(sum, paid, "{name}");
        assert_eq!(
            paid + settlement.patient().fen(),
            settlement.total().fen(),
            "{name}"
        );
    }
}

/// The bar has a mark for everybody who paid, in the order of payment, and fills its width.
#[test]
fn the_bar_shows_everybody_who_paid() {
    for (name, settlement, particulars) in all() {
        let text = Document::for_patient(&settlement, &particulars, Language::Chinese).text();
        let bar = text
            .lines()
            .find_map(|line| line.trim().strip_prefix('[')?.strip_suffix(']'));
        let bar = bar.unwrap_or_else(|| panic!("{name}: no bar"));
        assert_eq!(bar.chars().count(), 74, "{name}: {bar}");
        let paying = settlement
            .payers()
            .filter(|(_, amount)| *amount > Money::ZERO)
            .count();
        let mut marks: Vec<char> = bar.chars().collect();
        marks.dedup();
        let expected: String = "123456789ABCDEF"
            .chars()
            .take(paying)
            .chain(['.'])
            .collect();
        let seen: String = marks.into_iter().collect();
        let has_own = settlement.patient() > Money::ZERO;
        let expected = if has_own {
            expected
        } else {
            expected.replace('.', "")
        };
        assert_eq!(seen, expected, "{name}");
    }
}

/// What does not fit on the page is counted, not dropped in silence; the text has everything.
#[test]
fn notes_that_do_not_fit_are_counted() {
    let settlement = long();
    let particulars = particulars();
    let document = Document::for_patient(&settlement, &particulars, Language::Chinese);
    let html = document.html();
    let (_, section) = html.split_once("<h2>依据</h2>").unwrap();
    let (section, _) = section.split_once("</section>").unwrap();
    let (_, more) = section.split_once("另有 ").unwrap();
    let left_out: usize = more.split(' ').next().unwrap().parse().unwrap();
    let shown = section.matches("<li>").count() - 1;
    assert_eq!(shown + left_out, 12, "{section}");
    assert!(shown > 0);
    let text = document.text();
    assert!(!text.contains("另有"));
    for number in 0..12 {
        let payer = "某某市城乡居民及建档立卡贫困人口大额医疗费用补充保障和临时困难救助专项基金";
        let payer = format!("{payer}（第{}期）", number + 1);
        let title = "《关于进一步做好某某市城乡居民及建档立卡贫困人口基本医疗有保障工作若干政策措施的通知（试行）》";
        let text = text.replace(['\n', ' '], "");
        for entry in [
            format!("*{payer}：{title}第{number}条{payer}"),
            format!("*{payer}（比例）：《邻近各州县同类办法中可供比照的数字》第{number}款"),
        ] {
            assert!(text.contains(&entry), "{entry}\n{text}");
        }
    }
}

#[test]
fn a_bill_of_nothing_is_printed_without_a_bar() {
    let settlement = settlements::nothing();
    let nobody = Particulars::default();
    let statement = Document::for_patient(&settlement, &nobody, Language::English);
    assert!(statement.text().contains("0.00"));
    assert!(!statement.html().contains("class=\"bar\""));
    assert!(!statement.text().contains('['));
}

#[test]
fn particulars_are_plain_data() {
    let all = attacks();
    let json = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Particulars>(&json).unwrap(), all);
    let none: Particulars = serde_json::from_str("{}").unwrap();
    assert_eq!(none, Particulars::default());
    let wrong = serde_json::from_str::<Particulars>(r#"{"name":"x"}"#).unwrap_err();
    assert!(
        wrong.to_string().contains("unknown field `name`"),
        "{wrong}"
    );
}
