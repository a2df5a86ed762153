//! The batch example: splits, rejects and budgets, in the order of the input, whatever its format and condition.

#[expect(dead_code, reason = "`main` hands `run` the process's streams")]
#[path = "../examples/batch.rs"]
mod batch;

use payer_split::{Bill, Layer, Money, Patient, RuleBook, settle};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A run that has ended.
struct Ended {
    code: u8,
    stdout: String,
    stderr: String,
}

fn run_on(input: &[u8], line: &str) -> Ended {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = batch::Streams {
        input: Box::new(input),
        output: Box::new(&mut stdout),
        errors: Box::new(&mut stderr),
        is_terminal: false,
    };
    let code = batch::run(line.split_whitespace().map(Into::into), streams);
    Ended {
        code,
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

fn run(line: &str) -> Ended {
    run_on(b"", line)
}

/// An empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("batch")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The values of a file of JSON Lines.
fn values(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What became of an input: exit code, splits and rejects.
struct Batch {
    code: u8,
    stdout: String,
    splits: Vec<Value>,
    rejects: Vec<Value>,
}

impl Batch {
    /// Runs on an input of this file name, in an empty folder, with options.
    fn of(test: &str, name: &str, input: &[u8], options: &str) -> Batch {
        let folder = folder(test);
        let path = folder.join(name);
        fs::write(&path, input).unwrap();
        let ended = run(&format!("{} {options}", path.display()));
        assert!(ended.code < 2, "{}", ended.stderr);
        let batch = Batch {
            code: ended.code,
            stdout: ended.stdout,
            splits: values(&folder.join("bills.splits.jsonl")),
            rejects: values(&folder.join("bills.rejects.jsonl")),
        };
        assert_eq!(batch.code, u8::from(!batch.rejects.is_empty()));
        batch
    }

    fn csv(test: &str, rows: &[&str]) -> Batch {
        Batch::of(test, "bills.csv", rows.join("\n").as_bytes(), "")
    }

    fn ids(&self) -> Vec<&str> {
        let ids = self.splits.iter().map(|split| split["id"].as_str());
        ids.map(Option::unwrap).collect()
    }

    /// Line, kind and text of each reject.
    fn rejected(&self) -> Vec<(u64, &str, &str)> {
        let rejects = self.rejects.iter().map(|reject| {
            let text = |key: &str| reject[key].as_str().unwrap();
            (reject["line"].as_u64().unwrap(), text("kind"), text("text"))
        });
        rejects.collect()
    }

    fn reason(&self, place: usize) -> &str {
        self.rejects[place]["reason"].as_str().unwrap()
    }
}

const JSON_LINES: &str = include_str!("../examples/batch/bills.jsonl");
const CSV: &str = include_str!("../examples/batch/bills.csv");

/// Yuetang's published bill, as a line of JSON with this id.
fn published(id: &str) -> String {
    let line = JSON_LINES.lines().next().unwrap();
    line.replace("岳塘-1", id)
}

/// A bill of 12,000 yuan in Anhui.
fn of_person(id: &str, person: &str, date: &str) -> String {
    let line = JSON_LINES
        .lines()
        .find(|line| line.contains("皖-1"))
        .unwrap();
    line.replace("皖-1", id)
        .replace("皖甲", person)
        .replace("2019-03-05", date)
}

fn fen(value: &Value) -> i64 {
    Money::parse(value.as_str().unwrap()).unwrap().fen()
}

#[test]
fn the_samples_are_settled_in_order_and_alike() {
    let json = Batch::of("sample-jsonl", "bills.jsonl", JSON_LINES.as_bytes(), "");
    let csv = Batch::of("sample-csv", "bills.csv", CSV.as_bytes(), "");
    assert_eq!(json.splits, csv.splits);
    let order = [
        "岳塘-1",
        "岳塘-2",
        "皖-1",
        "句容-1",
        "皖-2",
        "张家界-1",
        "皖-4",
        "巫山-1",
        "清镇-1",
        "某县-1",
    ];
    assert_eq!(json.ids(), order);
    assert_eq!(
        json.splits[0],
        json!({
            "id": "岳塘-1", "policy": "yuetang/2019/assumed", "date": "2020-06-01",
            "total": "4549.20",
            "payers": {
                "basic": "3060.00", "major": "0.00", "commercial": "370.00",
                "government": "405.28", "aid": "259.00",
            },
            "patient": "454.92",
            "steps": [
                { "id": "basic-inpatient", "base": "3800.00", "amount": "3060.00" },
                { "id": "major", "base": "740.00", "amount": "0.00" },
                { "id": "commercial", "base": "740.00", "amount": "370.00" },
                { "id": "aid", "base": "370.00", "amount": "259.00" },
                { "id": "floor", "base": "860.20", "amount": "405.28" },
            ],
        })
    );
    // The year of `examples/year.rs`: the person's bills go on from one another, past those that were rejected.
    let year = json.splits.iter().filter(|split| split["person"] == "皖甲");
    let year: Vec<&Value> = year.map(|split| &split["patient"]).collect();
    assert_eq!(year, ["2640.00", "560.00", "0.00"]);

    let line = |text: &'static str, number: usize| text.lines().nth(number - 1).unwrap();
    assert_eq!(
        json.rejected(),
        [
            (6, "not-json", line(JSON_LINES, 6)),
            (7, "other-year", line(JSON_LINES, 7)),
            (11, "not-a-bill", line(JSON_LINES, 11)),
            (14, "unstated", line(JSON_LINES, 14)),
        ]
    );
    let last: Vec<&str> = CSV.lines().skip(22).collect();
    assert_eq!(
        csv.rejected(),
        [
            (12, "not-a-bill", line(CSV, 12)),
            (13, "other-year", line(CSV, 13)),
            (19, "not-a-bill", line(CSV, 19)),
            (23, "unstated", &last.join("\n")),
        ]
    );
    assert!(json.reason(2).contains("`12OO.00` is not an amount"));
    assert!(csv.reason(2).contains("`12OO.00` is not an amount"));
    assert_eq!(
        csv.reason(0),
        "found 8 columns, expected 27 as in the header"
    );
    assert_eq!(
        json.rejects[1]["later_bills"],
        "later bills of `皖甲` go on from bill `皖-2`"
    );
}

#[test]
fn each_bill_comes_to_what_it_does_alone() {
    let made = run("--make 1500 --format jsonl -");
    assert_eq!((made.code, made.stderr.as_str()), (0, ""));
    assert_eq!(made.stdout.lines().count(), 1500);
    let batch = Batch::of("alone", "bills.jsonl", made.stdout.as_bytes(), "--lines");

    let book = RuleBook::embedded();
    let mut years = HashMap::new();
    let (mut splits, mut refused) = (Vec::new(), Vec::new());
    for (number, line) in (1u64..).zip(made.stdout.lines()) {
        let record: Value = serde_json::from_str(line).unwrap();
        let bill: Bill = serde_json::from_value(record["bill"].clone()).unwrap();
        let mut patient: Patient = serde_json::from_value(record["patient"].clone()).unwrap();
        let person = record["person"].as_str().map(str::to_owned);
        patient.year_to_date = person
            .as_ref()
            .and_then(|person| years.get(person).cloned());
        let policy = match record["region"].as_str() {
            Some(region) => book.find(region, bill.date, Layer::Assumed),
            None => book.find_id(
                record["policy"].as_str().unwrap(),
                bill.date,
                Layer::Assumed,
            ),
        };
        match settle(policy.unwrap(), &bill, &patient) {
            Ok(settlement) => {
                if let Some(person) = person {
                    years.insert(person, settlement.year_to_date().clone());
                }
                splits.push((record["id"].clone(), settlement));
            }
            Err(error) => refused.push((number, error.kind(), line)),
        }
    }
    assert!(years.len() > 100 && splits.len() > 1000 && refused.len() > 50);
    assert_eq!(batch.rejected(), refused);
    assert_eq!(batch.splits.len(), splits.len());
    for (split, (id, settlement)) in batch.splits.iter().zip(&splits) {
        assert_eq!(&split["id"], id);
        assert_eq!(fen(&split["patient"]), settlement.patient().fen());
        for (payer, amount) in settlement.payers() {
            assert_eq!(fen(&split["payers"][&*payer.id]), amount.fen(), "{id}");
        }
        let matrix: Vec<&[Money]> = settlement.lines().map(|line| line.amounts()).collect();
        assert_eq!(split["lines"], json!(matrix), "{id}");
    }

    // The same as a table, and in chunks of any size.
    let table = run("--make 1500 --format csv -").stdout;
    let whole = Batch::of("made-csv", "bills.csv", table.as_bytes(), "");
    assert_eq!(whole.splits.len(), splits.len());
    for (chunk, text, name) in [
        (1, &made.stdout, "bills.jsonl"),
        (7, &table, "bills.csv"),
        (333, &made.stdout, "bills.jsonl"),
    ] {
        let test = format!("chunk-{chunk}");
        let again = Batch::of(&test, name, text.as_bytes(), &format!("--chunk {chunk}"));
        assert_eq!(again.splits, whole.splits, "{test}");
    }
}

#[test]
fn the_summary_adds_up() {
    let folder = folder("summary");
    let (splits, summary) = (folder.join("splits.jsonl"), folder.join("summary.json"));
    let ended = run(&format!(
        "examples/batch/bills.csv --out {} --summary {}",
        splits.display(),
        summary.display()
    ));
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    for line in [
        "                yuan    share        bills  付款方 payer",
        "            12959.56   74.44%            2  居民基本医保 Resident basic insurance",
        "             3415.86   19.62%            2  个人 The patient",
        "            17409.70  100.00%            2  合计 total",
        "14 bills: 10 settled, 4 rejected",
        "           2  not-a-bill, first at line 12: found 8 columns, expected 27 as in the header",
    ] {
        assert!(
            ended.stdout.lines().any(|found| found == line),
            "{line}\n{}",
            ended.stdout
        );
    }
    assert!(ended.stderr.starts_with("14 bills in "), "{}", ended.stderr);

    let summary: Value = serde_json::from_str(&fs::read_to_string(summary).unwrap()).unwrap();
    assert_eq!(summary["settled"], 10);
    assert_eq!(summary["rejected"], 4);
    let splits = values(&splits);
    let mut policies = 0;
    for policy in summary["policies"].as_array().unwrap() {
        let of_policy = || {
            splits
                .iter()
                .filter(|split| split["policy"] == policy["policy"])
        };
        policies += 1;
        assert_eq!(policy["bills"], of_policy().count());
        let total: i64 = of_policy().map(|split| fen(&split["total"])).sum();
        assert_eq!(fen(&policy["total"]), total);
        let mut paid = 0;
        for payer in policy["payers"].as_array().unwrap() {
            let id = payer["id"].as_str().unwrap();
            let amounts = of_policy().map(|split| match id {
                "patient" => fen(&split["patient"]),
                id => fen(&split["payers"][id]),
            });
            let amounts: Vec<i64> = amounts.collect();
            assert_eq!(fen(&payer["amount"]), amounts.iter().sum::<i64>(), "{id}");
            let bills = amounts.iter().filter(|amount| **amount > 0).count();
            assert_eq!(payer["bills"], bills, "{id}");
            paid += fen(&payer["amount"]);
        }
        assert_eq!(paid, total);
    }
    assert_eq!(policies, 7);
}

#[test]
fn a_line_in_any_condition_neither_stops_the_rest_nor_is_lost() {
    let mut input = b"\xef\xbb\xbf".to_vec();
    let long = format!("{{\"id\": \"{}\"}}", "长".repeat(6 << 20));
    let good = [published("B1"), published("B2"), published("B3")];
    for line in [
        good[0].as_bytes(),
        b"",
        b"   \t",
        b"\xff\xfe{",
        b"[]",
        good[1].as_bytes(),
        long.as_bytes(),
        good[1]
            .replace("\"B2\"", "\"B4\", \"regoin\": 7")
            .as_bytes(),
        good[1].replace("430304", "999999").as_bytes(),
        good[1].replace("\"3800.00\"", "3800.5").as_bytes(),
        good[1].replace("inpatient", "impatient").as_bytes(),
        good[1].replace("\"region\": \"430304\", ", "").as_bytes(),
    ] {
        input.extend_from_slice(line);
        input.extend_from_slice(b"\r\n");
    }
    // The last line has no end.
    input.extend_from_slice(good[2].as_bytes());

    let batch = Batch::of("conditions", "bills.jsonl", &input, "");
    assert_eq!(batch.ids(), ["B1", "B2", "B3"]);
    let found = batch.rejected();
    let kinds: Vec<(u64, &str)> = found.iter().map(|(line, kind, _)| (*line, *kind)).collect();
    assert_eq!(
        kinds,
        [
            (4, "not-utf-8"),
            (5, "not-a-bill"),
            (7, "too-long"),
            (8, "not-a-bill"),
            (9, "no-policy"),
            (10, "not-a-bill"),
            (11, "unknown-name"),
            (12, "no-policy"),
        ]
    );
    assert_eq!(batch.rejects[0]["hex"], "fffe7b");
    assert_eq!(found[1].2, "[]");
    for (place, words) in [
        (3, "unknown field `regoin`"),
        (4, "unknown region `999999`"),
        (5, "write the amount as a string"),
        (6, "did you mean `inpatient`?"),
        (7, "expected either `region` or `policy`"),
    ] {
        let reason = batch.reason(place);
        assert!(reason.contains(words), "{reason}");
    }
    // Of a very long line its beginning, and where the whole of it stands.
    let stands = &batch.rejects[2]["stands"];
    let offset = usize::try_from(stands["offset"].as_u64().unwrap()).unwrap();
    assert!(input[offset..].starts_with(b"{\"id\": \"\xe9\x95\xbf"));
    let length = usize::try_from(stands["length"].as_u64().unwrap()).unwrap();
    assert_eq!(input[offset..offset + length].trim_ascii(), long.as_bytes());
    assert!(found[2].2.len() < 1_010);
    assert!(
        batch.rejects[2].get("hex").is_some(),
        "cut within a character"
    );
}

#[test]
fn nothing_to_settle_is_no_failure() {
    for (name, text) in [
        ("bills.jsonl", ""),
        ("bills.jsonl", "\n\r\n"),
        ("bills.csv", ""),
        (
            "bills.csv",
            "\u{feff}bill,region,date,care,scheme,fee\r\n\r\n",
        ),
    ] {
        let batch = Batch::of("nothing", name, text.as_bytes(), "");
        assert_eq!((batch.code, batch.splits.len()), (0, 0));
        assert_eq!(batch.stdout, "0 bills: 0 settled, 0 rejected\n");
    }
}

#[test]
fn a_person_goes_on_from_the_last_settled_bill() {
    let bill = |id: &str, person: &str| of_person(id, person, "2019-03-05");
    let lines = [
        bill("A1", "甲").replace("western-medicine", "westren-medicine"),
        bill("A2", "甲"),
        bill("B1", "乙"),
        bill("A3", "甲").replace("340000", "999999"),
        bill("A4", "甲"),
        bill("A5", "甲").replace(
            "\"scheme\"",
            "\"year_to_date\": {\"policy\": \"anhui\", \"year\": 2019, \"bills\": 0, \"counters\": {}}, \"scheme\"",
        ),
        of_person("A6", "甲", "2020-01-01"),
        bill("A7", "甲"),
    ];
    let text = lines.join("\n");
    for chunk in [1, 3, 100] {
        let test = format!("person-{chunk}");
        let options = format!("--chunk {chunk}");
        let batch = Batch::of(&test, "bills.jsonl", text.as_bytes(), &options);
        assert_eq!(batch.ids(), ["A2", "B1", "A4", "A6"]);
        let patient = |place: usize| &batch.splits[place]["patient"];
        // The second bill of the year comes to less, the first of another person and of another year do not.
        assert_eq!([patient(0), patient(1), patient(3)], ["2640.00"; 3]);
        assert_eq!(patient(2), "360.00");
        let later: Vec<&Value> = batch
            .rejects
            .iter()
            .map(|reject| &reject["later_bills"])
            .collect();
        assert_eq!(
            later,
            [
                "later bills of `甲` go on as if there had been no bill yet",
                "later bills of `甲` go on from bill `A2`",
                "later bills of `甲` go on from bill `A4`",
                "later bills of `甲` go on from bill `A6`",
            ]
        );
        let kinds: Vec<&str> = batch.rejected().iter().map(|reject| reject.1).collect();
        assert_eq!(
            kinds,
            ["unknown-name", "no-policy", "inconsistent", "other-year"]
        );
    }
}

const HEADER: &str =
    "date,care,tier,place,designated,region,bill,line,scheme,categories,fee,amount,class";

#[test]
fn a_broken_row_takes_its_bill_along_and_one_of_nobody_its_neighbours() {
    let first = |id: &str| {
        format!("2020-06-01,inpatient,county,in-county,true,430304,{id},1,resident,低保,bed,100,A")
    };
    let other = |id: &str, line: u64| format!(",,,,,,{id},{line},,,bed,50.00,A");
    let batch = Batch::csv(
        "rows",
        &[
            HEADER,
            &first("good-1"),
            &other("good-1", 2),
            &first("short"),
            ",,,,,,short,2,,",
            &other("short", 3),
            &first("gap"),
            &other("gap", 3),
            "",
            &first("stray").replace("低保", "低保\"; \"五保"),
            &first("\"quoted, once\""),
            &other("\"quoted, once\"", 2),
            &first("before"),
            &first("open").replace("低保", "\"低保"),
            &first("behind"),
            "",
            &other("behind", 2),
            &first("differs"),
            &other("differs", 2).replacen(',', "2020-06-02,", 1),
            &first("word").replace("in-county", "in-conty"),
            &first("flag").replace("true", "yes"),
            &first("good-3"),
        ],
    );
    let rejected: Vec<(u64, &str)> = batch
        .rejects
        .iter()
        .map(|reject| {
            (
                reject["line"].as_u64().unwrap(),
                reject["reason"].as_str().unwrap(),
            )
        })
        .collect();
    for ((line, reason), (expected, words)) in rejected.iter().zip([
        (4, "line 5: found 10 columns, expected 13 as in the header"),
        (7, "line 8: `line` is `3`, expected `2`"),
        (10, "unknown name `低保\"`"),
        (13, "line 14, which does not say whose it is, may belong"),
        (14, "a quote is not closed on its line"),
        (15, "line 14, which does not say whose it is, may belong"),
        (18, "line 19: `date` is `2020-06-02`, and `2020-06-01` in"),
        (20, "did you mean `in-county`?"),
        (21, "`designated` is `yes`: expected `true` or `false`"),
    ]) {
        assert_eq!(*line, expected, "{reason}");
        assert!(reason.contains(words), "{reason}\n{words}");
    }
    assert_eq!(batch.ids(), ["good-1", "quoted, once", "good-3"]);
    assert_eq!(rejected.len(), 9);
    // The text is whole: a blank line between rows too.
    let (_, _, text) = batch.rejected()[5];
    assert_eq!(
        text,
        format!("{}\n\n{}", first("behind"), other("behind", 2))
    );
}

#[test]
fn a_wrong_header_is_told_at_once() {
    for (header, message) in [
        (
            "bill,region,date,care,scheme,fee,amont",
            "unknown column `amont`",
        ),
        (
            "bill,region,date,care,scheme,fee,fee",
            "the column `fee` is there twice",
        ),
        ("bill,region,date,scheme,fee", "expected a column `care`"),
        (
            "bill,date,care,scheme,fee",
            "expected a column `region` or `policy`",
        ),
        ("bill,region,\"date", "a quote is not closed"),
    ] {
        let path = folder("header").join("bills.csv");
        fs::write(&path, header).unwrap();
        let ended = run(&path.display().to_string());
        assert_eq!(ended.code, 2);
        assert!(ended.stderr.contains("line 1: "), "{}", ended.stderr);
        assert!(ended.stderr.contains(message), "{}", ended.stderr);
    }
}

#[test]
fn stdin_and_stdout_are_dashes() {
    let rejects = folder("dashes").join("rejects.jsonl");
    let line = format!("- --rejects {}", rejects.display());
    let ended = run_on(JSON_LINES.as_bytes(), &line);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.stdout.lines().count(), 10);
    assert!(
        ended
            .stdout
            .lines()
            .all(|line| line.starts_with("{\"id\":"))
    );
    assert!(ended.stderr.contains("14 bills: 10 settled, 4 rejected"));
    assert_eq!(values(&rejects).len(), 4);

    let csv = run_on(CSV.as_bytes(), &format!("{line} --overwrite --format csv"));
    assert_eq!(csv.stdout, ended.stdout);
    assert!(
        run("-")
            .stderr
            .contains("expected a file after `--rejects`")
    );
}

#[test]
fn no_file_is_overwritten_that_is_needed() {
    let folder = folder("overwrite");
    let input = folder.join("bills.jsonl");
    fs::write(&input, published("B1") + "\nnot a bill\n").unwrap();
    let input = input.display();
    let refused = |line: &str, message: &str| {
        let ended = run(line);
        assert_eq!(ended.code, 2, "{line}");
        assert!(ended.stderr.contains(message), "{}", ended.stderr);
    };
    let same = "are the same file";
    refused(&format!("{input} --out {input}"), same);
    refused(&format!("{input} --rejects {input} --overwrite"), same);
    let detour = folder.join("..").join("overwrite").join("bills.jsonl");
    refused(&format!("{input} --summary {}", detour.display()), same);
    let new = folder.join("new.jsonl");
    let new = new.display();
    refused(&format!("{input} --out {new} --rejects {new}"), same);
    refused(&format!("--make 3 {input}"), "is there already");
    assert!(!folder.join("bills.splits.jsonl").exists());

    assert_eq!(run(&format!("{input}")).code, 1);
    let rejects = folder.join("bills.rejects.jsonl");
    let before = fs::read_to_string(&rejects).unwrap();
    refused(&format!("{input}"), "is there already");
    assert_eq!(fs::read_to_string(&rejects).unwrap(), before);
    assert_eq!(run(&format!("{input} --overwrite")).code, 1);
    assert_eq!(fs::read_to_string(&rejects).unwrap(), before);
    fs::write(&rejects, "").unwrap();
    assert_eq!(run(&format!("{input}")).code, 1);
}

#[test]
fn wrong_usage_and_unreadable_files_are_told_apart_from_rejects() {
    for (line, message) in [
        ("", "expected a file of bills"),
        ("--rulse rules", "unknown option `--rulse`"),
        ("a.jsonl b.jsonl", "expected one file of bills"),
        ("a.jsonl --out", "expected a value after `--out`"),
        ("a.jsonl --out b --out c", "`--out` is given twice"),
        ("a.xlsx", "expected a file that ends in `.jsonl` or `.csv`"),
        ("a.jsonl --format xml", "unknown format `xml`"),
        ("a.jsonl --chunk 0", "expected a number above zero"),
        ("a.jsonl --make many", "expected a number after `--make`"),
        ("nowhere.jsonl", "cannot read `nowhere.jsonl`"),
        ("nowhere.jsonl --rules nowhere", "cannot read `nowhere`"),
    ] {
        let ended = run(line);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{line}");
        assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
        assert!(ended.stderr.contains(message), "{}", ended.stderr);
    }
    let help = run("--help");
    assert_eq!(help.code, 0);
    assert!(help.stdout.lines().all(|line| line.len() <= 80));
}

#[test]
fn rules_can_come_from_a_directory() {
    let text = published("B1") + "\n" + &of_person("A1", "甲", "2019-03-05");
    let options = "--rules rules/hunan/yuetang";
    let batch = Batch::of("rules", "bills.jsonl", text.as_bytes(), options);
    assert_eq!(batch.ids(), ["B1"]);
    assert!(batch.reason(0).contains("unknown region `340000`"));
}

#[test]
fn the_help_names_every_column() {
    let help = run("--help").stdout;
    let table = run("--make 1 --format csv -").stdout;
    for column in table.lines().next().unwrap().split(',') {
        let named = help.split_whitespace().any(|word| word == column);
        assert!(named, "{column}");
    }
}
