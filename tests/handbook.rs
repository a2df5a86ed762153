//! The handbook keeps its word: every TOML block of it loads, its cases pass, and the two languages are in step.

use payer_split::{Case, Code, RuleBook};

const ZH: &str = include_str!("../rules/README.md");
const EN: &str = include_str!("../rules/README.en.md");

/// A fenced block: its info string, its text, and the line on which it begins.
#[derive(Debug, PartialEq)]
struct Block<'a> {
    info: &'a str,
    text: String,
    line: usize,
}

fn blocks(handbook: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (number, line) in (1..).zip(handbook.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block {
                    info,
                    text: String::new(),
                    line: number + 1,
                })
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text = format!("{}{line}\n", block.text),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

fn toml(handbook: &str) -> Vec<Block<'_>> {
    blocks(handbook)
        .into_iter()
        .filter(|block| block.info.starts_with("toml"))
        .collect()
}

#[test]
fn every_block_loads() {
    let blocks = toml(ZH);
    let prelude = blocks
        .iter()
        .find(|block| block.info == "toml rule prelude")
        .unwrap()
        .text
        .clone();
    let (mut files, mut cases) = (Vec::<(String, String)>::new(), 0);
    for block in blocks {
        let name = format!("block at line {}", block.line);
        match block.info {
            "toml rule" | "toml layer" => {
                if block.info == "toml rule" {
                    files.clear();
                }
                files.push((name, block.text));
                book(&files);
            }
            "toml case" => {
                let book = book(&files);
                for case in
                    Case::read(&name, &block.text).unwrap_or_else(|problems| panic!("{problems}"))
                {
                    let report = case.run(&book);
                    assert!(
                        report.passed(),
                        "{name}: {}: {:?}",
                        case.name,
                        report.mismatches
                    );
                    cases += 1;
                }
            }
            "toml rule prelude" => {}
            "toml step" => {
                let lines = prelude.lines().count();
                let text = format!("{prelude}{}", block.text);
                // The prelude offers more than each fragment uses.
                let unused = [Code::Unused, Code::SourceUncited, Code::LimitUnused];
                if let Err(problems) = RuleBook::from_texts([(name.as_str(), text.as_str())]) {
                    for problem in problems.errors() {
                        let offered =
                            unused.contains(&problem.code()) && problem.line().unwrap() <= lines;
                        assert!(offered, "{problem}");
                    }
                }
            }
            other => panic!("line {}: unknown mark `{other}`", block.line),
        }
    }
    assert!(cases >= 2, "the handbook shows cases");
}

fn book(files: &[(String, String)]) -> RuleBook {
    let texts = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    RuleBook::from_texts(texts).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn the_two_languages_are_in_step() {
    let code = |handbook: &'static str| -> Vec<(&str, String)> {
        blocks(handbook)
            .into_iter()
            .map(|block| (block.info, block.text))
            .collect()
    };
    for (zh, en) in code(ZH).into_iter().zip(code(EN)) {
        // Prose blocks (commands, messages) may differ in their comments; TOML may not differ at all.
        assert_eq!(zh.0, en.0);
        if zh.0.starts_with("toml") {
            assert_eq!(zh.1, en.1);
        }
    }
    assert_eq!(blocks(ZH).len(), blocks(EN).len());
    let headings = |handbook: &'static str| -> Vec<(usize, String)> {
        let mut inside = false;
        let lines = handbook.lines().filter(move |line| {
            inside ^= line.starts_with("```");
            !inside && line.starts_with('#')
        });
        lines
            .map(|line| {
                let level = line.chars().take_while(|c| *c == '#').count();
                let number: String = line
                    .trim_start_matches(['#', ' '])
                    .chars()
                    .take_while(|c| c.is_ascii_digit() || *c == '.')
                    .collect();
                (level, number)
            })
            .collect()
    };
    assert_eq!(headings(ZH), headings(EN));
}

#[test]
fn every_mechanism_has_its_place() {
    for handbook in [ZH, EN] {
        let chapter = handbook.split("\n## 22").nth(1).unwrap();
        for number in 1..=38 {
            let heading = format!("\n#### {number}.");
            assert!(
                chapter.contains(&heading),
                "no mechanism {number} in chapter 22"
            );
        }
    }
}

#[test]
fn every_code_is_explained() {
    for handbook in [ZH, EN] {
        let chapter = handbook.split("\n## 23").nth(1).unwrap();
        let chapter = chapter.split("\n## 24").next().unwrap();
        for code in Code::ALL {
            let listed = format!("`{code}`");
            let mut rows = chapter.lines().filter(|line| line.starts_with("| `"));
            assert!(
                rows.any(|row| row.contains(&listed)),
                "chapter 23 does not list {listed}"
            );
        }
    }
}

/// Chapter 18.4 shows what is printed. An ellipsis stands for lines left out.
#[test]
fn what_is_shown_is_what_is_printed() {
    let reply = include_str!("../examples/interface/reply.json");
    for (handbook, document, explanation) in [
        (
            ZH,
            include_str!("documents/yuetang-patient.zh.txt"),
            include_str!("explain/yuetang.zh.txt"),
        ),
        (
            EN,
            include_str!("documents/yuetang-patient.en.txt"),
            include_str!("explain/yuetang.en.txt"),
        ),
    ] {
        let chapter = handbook.split("\n### 18.4 ").nth(1).expect("the chapter");
        let shown = blocks(chapter.split("\n## ").next().expect("its text"));
        assert_eq!(shown.len(), 3);
        for (block, printed) in shown.iter().zip([document, explanation, reply]) {
            let mut rest = printed;
            for piece in block.text.split("…\n") {
                let at = rest
                    .find(piece)
                    .unwrap_or_else(|| panic!("not printed:\n{piece}"));
                rest = &rest[at + piece.len()..];
            }
        }
    }
}
