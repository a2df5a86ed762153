use crate::text::source::SourceFile;
use crate::text::{Code, Diagnostic, Diagnostics, Sink, SourceMap, Span};

/// A problem at the first occurrence of `wrong` in a text, or at its end.
fn at(text: &str, wrong: &str, build: impl Fn(Span) -> Diagnostic) -> Diagnostics {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("rules/岳塘.toml", text));
    let start = text.find(wrong).unwrap_or(text.len());
    let sink = Sink::new();
    sink.push(build(Span::new(file, start..start + wrong.len())));
    sink.finish(&sources)
}

fn error(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownName, span, "unknown tier `conty`")
}

#[test]
fn the_underlining_stands_under_the_place_after_chinese() {
    let text = "[[step]]\nname = \"基本医保\"\nratio = { 县级 = '90%', conty = '80%' }\n";
    let shown = at(text, "conty", |span| {
        error(span)
            .label("a tier")
            .expected("one of the tiers of `tier`")
            .did_you_mean(Some("county"))
            .note("tiers are the levels of hospitals")
    });
    assert_eq!(
        shown.to_string(),
        "\
error[unknown-name]: unknown tier `conty`
 --> rules/岳塘.toml:3:23
  |
3 | ratio = { 县级 = '90%', conty = '80%' }
  |                         ^^^^^ a tier
  = expected: one of the tiers of `tier`
  = help: did you mean `county`?
  = note: tiers are the levels of hospitals"
    );
    let error = shown.iter().next().unwrap();
    assert_eq!(
        error.short(),
        "rules/岳塘.toml:3:23: error[unknown-name]: unknown tier `conty`"
    );
    assert_eq!(error.underlined(), "conty");
    assert_eq!(error.suggestion(), Some("county"));
}

#[test]
fn chinese_is_underlined_at_its_width() {
    let shown = at("a = '县，x'\r\n", "县，x", error);
    assert_eq!(
        shown.to_string(),
        "\
error[unknown-name]: unknown tier `conty`
 --> rules/岳塘.toml:1:6
  |
1 | a = '县，x'
  |      ^^^^^"
    );
}

#[test]
fn tabs_are_four_blanks_and_control_characters_are_replaced() {
    let shown = at("\ta\t= '\u{1b}[31m\u{202e}' # x", "# x", error);
    assert_eq!(
        shown.to_string(),
        "\
error[unknown-name]: unknown tier `conty`
 --> rules/岳塘.toml:1:15
  |
1 |     a    = '\u{fffd}[31m\u{fffd}' # x
  |                     ^^^"
    );
}

#[test]
fn of_several_lines_the_first_is_shown() {
    let shown = at("a = [\n  1,\n]\n", "[\n  1,\n]", error);
    let error = shown.iter().next().unwrap();
    assert_eq!(error.underlined(), "[\n  1,\n]");
    assert!(
        shown.to_string().ends_with("\n1 | a = [\n  |     ^"),
        "{shown}"
    );
}

#[test]
fn the_end_of_a_file_has_a_caret() {
    let shown = at("a = 1\n", "\u{0}", error);
    assert!(
        shown.to_string().ends_with(":2:1\n  |\n2 |\n  | ^"),
        "{shown}"
    );
    let shown = at("a = 1", "\u{0}", error);
    assert!(
        shown
            .to_string()
            .ends_with(":1:6\n  |\n1 | a = 1\n  |      ^"),
        "{shown}"
    );
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let lines = |text: &str, wrong: &str| {
        let shown = at(text, wrong, error).to_string();
        let mut lines = shown
            .lines()
            .skip(3)
            .map(|line| line.get(4..).unwrap().to_owned());
        (lines.next().unwrap(), lines.next().unwrap())
    };
    let long = format!("a = '{}' # X {}", "县".repeat(200), "y".repeat(200));
    let (line, under) = lines(&long, "X");
    let blanks = under.find('^').unwrap();
    assert_eq!(under.trim(), "^");
    assert_eq!(
        line.chars()
            .take_while(|c| *c != 'X')
            .map(|c| super::Cell::of(c).width())
            .sum::<usize>(),
        blanks
    );
    assert!(line.starts_with("…县") && line.ends_with("y…"));
    assert!(super::columns(&line) <= super::WIDEST + 2);

    let (line, under) = lines(&long, "a");
    assert!(line.starts_with("a = '县") && line.ends_with("县…"));
    assert_eq!(under, "^");

    // The place itself is longer than fits.
    let (line, under) = lines(&long, &long);
    assert!(line.starts_with("a = '县") && line.ends_with("县…"));
    assert_eq!(under.len(), super::columns(&line) - 1);
}

#[test]
fn other_places_are_shown_too() {
    let text = "id = \"甲\"\n\n\n\n\n\n\n\n\nid = \"甲\"\n";
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("a.toml", text));
    let sink = Sink::new();
    let again = text.rfind("\"甲\"").unwrap();
    let twice = Diagnostic::error(
        Code::DuplicateId,
        Span::new(file, again..again + 5),
        "two of `甲`\n",
    )
    .label("again")
    .secondary(Span::new(file, 5..10), "first here");
    sink.push(twice);
    sink.push(Diagnostic::warning(
        Code::Unused,
        Span::new(file, 0..2),
        "nothing uses it",
    ));
    let all = sink.finish(&sources);
    assert_eq!(
        all.to_string(),
        "\
warning[unused]: nothing uses it
 --> a.toml:1:1
  |
1 | id = \"甲\"
  | ^^

error[duplicate-id]: two of `甲`\\n
  --> a.toml:10:6
   |
10 | id = \"甲\"
   |      ^^^^ again
  ::: a.toml:1:6
   |
 1 | id = \"甲\"
   |      ---- first here"
    );
    assert!(all.has_errors());
    assert_eq!((all.errors().count(), all.warnings().count()), (1, 1));
    assert_eq!(
        format!("{all:?}"),
        "a.toml:1:1: warning[unused]: nothing uses it\na.toml:10:6: error[duplicate-id]: two of `甲`\\n"
    );
}

#[test]
fn very_many_problems_are_counted_only() {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("a.toml", ""));
    let sink = Sink::new();
    for number in 0..205 {
        let start = Span::start_of(file);
        sink.push(Diagnostic::warning(
            Code::Unused,
            start,
            format!("x {number}"),
        ));
    }
    sink.error(Code::Unused, Span::start_of(file), "the last");
    let all = sink.finish(&sources);
    assert!(all.has_errors(), "warnings do not crowd out an error");
    assert_eq!((all.len(), all.omitted()), (201, 5));
    assert!(
        all.to_string()
            .ends_with("\n\nnote: 5 more problems are not shown")
    );
}

#[test]
fn a_problem_that_is_found_again_is_told_once() {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("a.toml", "ab"));
    let sink = Sink::new();
    for end in [1, 1, 2, 1] {
        sink.error(Code::Unused, Span::new(file, 0..end), "x");
    }
    assert_eq!(sink.error_count(), 4, "for each file that inherits it");
    let all = sink.finish(&sources);
    assert_eq!((all.len(), all.omitted()), (2, 0));
}
