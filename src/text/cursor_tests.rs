use super::*;
use crate::text::{SourceMap, parse};

/// What a reader of a text reports.
fn problems(text: &str, read: impl FnOnce(&Cursor<'_, '_>)) -> String {
    let mut sources = SourceMap::new();
    let sink = Sink::new();
    let node = parse(&mut sources, "a", text.as_bytes(), &sink).unwrap();
    let cursor = Cursor::root(&node, &sink).unwrap();
    read(&cursor);
    cursor.finish();
    format!("{:?}", sink.finish(&sources))
}

#[test]
fn what_is_read_is_not_reported() {
    let text = "s='一'\nb=true\nn=3\nd=2019-01-01\nl=['x','y']\none='z'\n[t]\n[[u]]\nid='v'\n[names]\n甲乙=1";
    let text = text.replace("甲乙", "\"甲乙\"");
    let shown = problems(&text, |cursor| {
        assert_eq!(cursor.req_str("s").unwrap().0, "一");
        assert!(cursor.opt_bool("b").unwrap().0);
        assert_eq!(cursor.opt_u32("n").unwrap().0, 3);
        assert!(cursor.req_date("d").is_some());
        let strings = |key| {
            cursor
                .opt_strings(key)
                .unwrap()
                .iter()
                .map(|s| s.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(strings("l"), ["x", "y"]);
        assert_eq!(strings("one"), ["z"]);
        let child = cursor.req_table("t").unwrap();
        assert_eq!(child.what(), "`t`");
        child.finish();
        assert_eq!(cursor.opt_one_or_many_tables("t").unwrap().len(), 1);
        let mut list = cursor.tables("u");
        let element = list.remove(0);
        assert_eq!(element.what(), "u `v`");
        assert_eq!(element.name_of("x"), "`x` of u `v`");
        assert!(element.has("id"));
        element.finish();
        let names = cursor.opt_table("names").unwrap();
        assert_eq!(names.entries()[0].key, "甲乙");
        names.finish();
        assert!(cursor.opt_str("absent").is_none());
        assert!(cursor.opt_strings("absent").is_none());
        assert!(cursor.tables("absent").is_empty());
    });
    assert_eq!(shown, "");
}

#[test]
fn every_wrong_type_is_reported_at_its_place() {
    let text = "s=1.5\nb='true'\nn=-3\nd='2019-01-01'\nl=['一', 2, []]\nt=true\nu=2019-01-01\nw=[1]\nm=0x10\no=3";
    let shown = problems(text, |cursor| {
        cursor.req_str("s");
        cursor.opt_bool("b");
        cursor.opt_u32("n");
        cursor.opt_u32("m");
        cursor.req_date("d");
        assert_eq!(cursor.opt_strings("l").unwrap().len(), 1);
        assert!(cursor.opt_table("t").is_none());
        assert!(cursor.tables("u").is_empty());
        assert!(cursor.tables("w").is_empty());
        assert!(cursor.opt_one_or_many_tables("o").unwrap().is_empty());
        cursor.req("z");
    });
    assert_eq!(
        shown,
        "\
a:1:1: error[missing-key]: missing key `z` in the file
a:1:3: error[wrong-type]: `s`: expected a string in quotes, found the number `1.5`
a:2:3: error[wrong-type]: `b`: expected `true` or `false` without quotes, found a string
a:3:3: error[bad-value]: `n` cannot be `-3`
a:4:3: error[wrong-type]: `d`: expected a date such as `2019-01-01`, without quotes, found a string
a:5:9: error[wrong-type]: `l`: expected a string in quotes, found the number `2`
a:5:12: error[wrong-type]: `l`: expected a string in quotes, found an empty array
a:6:3: error[wrong-type]: `t`: expected a table, found `true`
a:7:3: error[wrong-type]: `u`: expected an array of tables, `[[u]]`, found the date `2019-01-01`
a:8:4: error[wrong-type]: `w`: expected a table, found the number `1`
a:9:3: error[bad-value]: `m` cannot be `0x10`
a:10:3: error[wrong-type]: `o`: expected a table or an array of tables, found the number `3`"
    );
}

#[test]
fn unknown_keys_come_with_a_suggestion() {
    let mut sources = SourceMap::new();
    let sink = Sink::new();
    let text =
        "[[step]]\nid = \"basic\"\nname = '基本'\ndeductable = 400\nrato = '1%'\n[[step.limit]]\n";
    let node = parse(&mut sources, "a", text.as_bytes(), &sink).unwrap();
    let root = Cursor::root(&node, &sink).unwrap();
    for step in root.tables("step") {
        step.req_str("id");
        step.opt_str("name");
        step.opt("deductible");
        step.opt("ratio");
        for limit in step.tables("limit") {
            limit.req("id");
            limit.finish();
        }
        step.finish();
    }
    root.finish();
    assert_eq!(
        sink.finish(&sources).to_string(),
        "\
error[unknown-key]: unknown key `deductable` in step `basic`
 --> a:4:1
  |
4 | deductable = 400
  | ^^^^^^^^^^
  = help: did you mean `deductible`?

error[unknown-key]: unknown key `rato` in step `basic`
 --> a:5:1
  |
5 | rato = '1%'
  | ^^^^
  = help: did you mean `ratio`?

error[missing-key]: missing key `id` in `limit` of step `basic`
 --> a:6:1
  |
6 | [[step.limit]]
  | ^^^^^^^^^^^^^^"
    );
}
