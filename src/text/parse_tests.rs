use super::*;
use crate::text::Diagnostics;

/// Reads bytes as the file `a.toml`.
fn read(bytes: &(impl AsRef<[u8]> + ?Sized)) -> (Option<Node<'_>>, Diagnostics) {
    let mut sources = SourceMap::new();
    let sink = Sink::new();
    let node = parse(&mut sources, "a.toml", bytes.as_ref(), &sink);
    (node, sink.finish(&sources))
}

/// The one error of bytes that are no file.
fn refused(bytes: impl AsRef<[u8]>) -> Diagnostic {
    let (node, diagnostics) = read(&bytes);
    assert!(node.is_none());
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    diagnostics.iter().next().unwrap().clone()
}

/// The table of a file without errors.
fn table(text: &str) -> Table<'_> {
    let (node, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{diagnostics}");
    node.unwrap().as_table().unwrap().clone()
}

fn text_of(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

#[test]
fn bad_utf8_has_a_place() {
    let mut bytes = "a = 1\nname = \"岳塘".as_bytes().to_vec();
    bytes.extend(b"\xc7\xf8\"\n");
    let error = refused(&bytes);
    assert_eq!(error.code(), Code::NotUtf8);
    assert_eq!((error.line(), error.column()), (Some(2), Some(11)));
    assert_eq!(error.underlined(), "\u{fffd}");
    assert_eq!(error.message(), "the file is not UTF-8 text: byte 0xC7");

    let marked = [b"\xef\xbb\xbf".as_slice(), &bytes].concat();
    let error = refused(&marked);
    assert_eq!((error.line(), error.column()), (Some(2), Some(11)));

    let cut_off = refused(b"a = \"\xe5\xb2");
    assert_eq!((cut_off.line(), cut_off.column()), (Some(1), Some(6)));
}

#[test]
fn a_file_of_nothing_is_refused() {
    for text in ["", "\n", "# only this\r\n\t\n", "\u{feff}"] {
        let error = refused(text);
        assert_eq!(error.code(), Code::EmptyFile);
        assert_eq!(error.line(), None);
        assert_eq!(error.file(), "a.toml");
        let shown = "error[empty-file]: the file is empty but for blanks and comments\n --> a.toml";
        assert_eq!(error.to_string(), shown);
    }
}

#[test]
fn a_large_file_is_refused() {
    let mut text = "a = 1\n".to_owned() + &"#".repeat(MAX_FILE_BYTES - 6);
    assert!(read(&text).0.is_some());
    text.push('#');
    let error = refused(&text);
    assert_eq!(error.code(), Code::FileTooLarge);
    assert_eq!(
        error.short(),
        "a.toml: error[file-too-large]: the file has more than 1048576 bytes"
    );
}

#[test]
fn deep_nesting_is_refused_before_anything_recurses() {
    let limit = MAX_NESTING;
    for deep in [
        "a = ".to_owned() + &"[".repeat(100_000),
        "a = ".to_owned() + &"{b=".repeat(100_000),
        "a = ".to_owned() + &"[".repeat(100_000) + &"]".repeat(100_000),
        "a".to_owned() + &".a".repeat(100_000) + " = 1",
        "[".repeat(100_000),
        "a = { b.c = ".repeat(limit),
        "a = [\"\"\"x\"\"\"\"\"".to_owned() + &"\n, [".repeat(limit),
        "a = ['''\\'''".to_owned() + &", [".repeat(limit),
        "a = [\"\\\\\"".to_owned() + &", [".repeat(limit),
        // A string that is not closed ends with its line.
        "a = [\"\n".to_owned() + &", [".repeat(limit),
    ] {
        let error = refused(&deep);
        assert_eq!(error.code(), Code::TooDeep, "{}", &deep[..20]);
    }
    let error = refused(format!("甲 = {}", "[".repeat(limit + 1)));
    assert_eq!((error.line(), error.column()), (Some(1), Some(5 + limit)));
    assert_eq!(error.underlined(), "[");
}

#[test]
fn what_is_not_deep_is_not_refused() {
    let limit = MAX_NESTING;
    for fine in [
        format!("a = {}{}", "[".repeat(limit), "]".repeat(limit)),
        format!("a = {}1{}", "{b=".repeat(limit), "}".repeat(limit)),
        "[a.b]\nc.d = 1.5\n[[a.c]]\nd.e = 2.5\n[[a.c]]\n".to_owned(),
        format!("a = [{}]", "1.5, ".repeat(1000)),
        format!("a = [{}]", "{ b.c = 1.5, d.e = \"x.y\" },\n".repeat(1000)),
        format!(
            "a = \"{0}\"\nb = '{0}'\nc = \"\"\"{0}\"\"\"\nd = '''{0}'''\n# {0}",
            "[".repeat(99)
        ),
        format!(
            "a = \"\\\"{0}\"\nb = \"\"\"\"\"{0}\\\"\"\"{0}\"\"\"\"\n",
            "[".repeat(99)
        ),
    ] {
        let (node, diagnostics) = read(&fine);
        assert!(node.is_some(), "{diagnostics}");
    }
}

#[test]
fn much_of_anything_is_quick() {
    for piece in [
        "\"", "'", "\"\"\"", "'''\n", "[a]\n", "a=\n", "\u{0}", "a=1\n", "#\n", "\\", "省", ",",
    ] {
        let text = piece.repeat(MAX_FILE_BYTES / 8 / piece.len());
        let (node, diagnostics) = read(&text);
        assert!(node.is_none());
        assert!(
            diagnostics.has_errors() && diagnostics.len() <= 200,
            "{piece}"
        );
    }
}

#[test]
fn several_syntax_errors_come_out_in_one_run() {
    let text = "a = 80%\nb = [1,,2]\nc = 1\nc = 2\nd = \"x\ne = 2019-02-30\nf = 1_\n名 = 1\ng =\nh = “1”\n";
    let (node, diagnostics) = read(text);
    assert!(node.is_none());
    assert_eq!(
        format!("{diagnostics:?}"),
        "a.toml:1:5: error[syntax]: `80%` is not a value\n\
         a.toml:2:8: error[syntax]: extra comma in array\n\
         a.toml:4:1: error[syntax]: key `c` is given twice\n\
         a.toml:5:7: error[syntax]: string without its closing quotes\n\
         a.toml:6:5: error[bad-date]: `2019-02-30` is not a date\n\
         a.toml:7:6: error[syntax]: `_` may only go between digits\n\
         a.toml:8:1: error[syntax]: `名` cannot be a key\n\
         a.toml:9:4: error[syntax]: missing value\n\
         a.toml:10:5: error[syntax]: `“1”` is not a value"
    );
}

#[test]
fn every_value_keeps_its_place_and_its_digits() {
    let text = "\
s = \"一\\n二\"
i = 1_000
x = 0xFF
f = +454.90
b = true
d = 2019-01-02
t = 2019-01-02T03:04:05
e = []
a = [1, '二', { x.y = 3 }]
";
    let table = table(text);
    let shown: Vec<_> = table
        .entries()
        .iter()
        .map(|e| (&*e.key, text_of(text, e.node.span)))
        .collect();
    let expected = [
        ("s", "\"一\\n二\""),
        ("i", "1_000"),
        ("x", "0xFF"),
        ("f", "+454.90"),
        ("b", "true"),
        ("d", "2019-01-02"),
        ("t", "2019-01-02T03:04:05"),
        ("e", "[]"),
        ("a", "[1, '二', { x.y = 3 }]"),
    ];
    assert_eq!(shown, expected);
    let value = |key| table.get(key).unwrap().value.clone();
    assert_eq!(value("s"), Value::String("一\n二".into()));
    assert_eq!(value("i"), Value::Integer("1000".into()));
    assert_eq!(value("x"), Value::Integer("0xFF".into()));
    assert_eq!(value("f"), Value::Float("+454.90".into()));
    assert_eq!(value("b"), Value::Boolean(true));
    assert_eq!(value("d"), Value::Date("2019-01-02".into()));
    assert_eq!(value("t"), Value::Datetime("2019-01-02T03:04:05".into()));
    let inner = &table.get("a").unwrap().as_array().unwrap()[2];
    let dotted = inner.as_table().unwrap().entry("x").unwrap();
    assert_eq!(text_of(text, dotted.key_span), "x");
    assert_eq!(text_of(text, dotted.node.span), "x");
}

#[test]
fn tables_stand_in_the_order_of_the_file() {
    let text = "z = 1\n[policy]\nid = 'a'\n[[step]]\nid = '1'\nratio.tier = {}\n[step.bands]\n[[step.limit]]\n[[step]]\n[a.b]\n";
    let root = table(text);
    let keys = |table: &Table<'_>| {
        table
            .entries()
            .iter()
            .map(|e| e.key.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(keys(&root), "z policy step a");
    assert_eq!(text_of(text, root.get("policy").unwrap().span), "[policy]");
    let steps = root.get("step").unwrap().as_array().unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!(text_of(text, steps[1].span), "[[step]]");
    assert_eq!(steps[1].span.start, 86);
    let step = steps[0].as_table().unwrap();
    assert_eq!(keys(step), "id ratio bands limit");
    assert_eq!(text_of(text, step.get("ratio").unwrap().span), "ratio");
    assert_eq!(
        text_of(text, step.get("bands").unwrap().span),
        "[step.bands]"
    );
    assert_eq!(text_of(text, root.get("a").unwrap().span), "a");
}

#[test]
fn byte_order_mark_and_crlf_do_not_move_places() {
    let (node, diagnostics) = read("\u{feff}a = 1\r\nb = \"一\" x\r\n");
    assert!(node.is_none());
    let error = diagnostics.iter().next().unwrap();
    assert_eq!(
        (error.line(), error.column()),
        (Some(2), Some(9)),
        "{error}"
    );
    let root = table("\u{feff}a = 1\r\nb = 2\r\n");
    assert_eq!(root.entries()[1].key_span.start, 7);
}
