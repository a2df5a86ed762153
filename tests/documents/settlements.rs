//! The settlements that are printed: shipped cases, one as long as they get, and one of a rule file full of markup.

use payer_split::{
    Bill, Care, Case, Facility, Line, Money, Patient, Policy, RuleBook, Scheme, Settlement, settle,
};
use std::fmt::Write as _;

/// The first settlement of a shipped case.
fn shipped(file: &str, name: &str) -> Settlement {
    let path = format!("{}/rules/{file}.cases.toml", env!("CARGO_MANIFEST_DIR"));
    let cases = Case::read_dir(path).unwrap();
    let case = cases
        .iter()
        .find(|case| case.name.starts_with(name))
        .unwrap();
    let report = case.run(&RuleBook::embedded());
    report.results.into_iter().next().unwrap().unwrap()
}

pub(crate) fn yuetang() -> Settlement {
    shipped("hunan/yuetang/2019.assumed", "73 岁，胆结石")
}

pub(crate) fn jurong() -> Settlement {
    shipped("jiangsu/jurong/2020.assumed", "建档立卡户，省级医院")
}

pub(crate) fn wushan() -> Settlement {
    shipped("chongqing/wushan/2016.assumed", "县医院首批出院病人")
}

pub(crate) fn qingzhen() -> Settlement {
    shipped("guizhou/qingzhen/first-raise.assumed", "三道都登记")
}

/// A bill of so many lines of each class, in turn.
fn bill(lines: usize) -> Bill {
    let date = "2020-06-01".parse().unwrap();
    let mut bill = Bill::new(date, Care::INPATIENT, Facility::default());
    let amount = Money::parse("1234.56").unwrap();
    let share = ["10%".parse().unwrap()];
    for number in 0..lines {
        let line = match number % 3 {
            0 => Line::class_a("treatment", amount),
            1 => Line::class_b("western-medicine", amount, &share),
            _ => Line::class_c("material", amount),
        };
        bill = bill.with_line(line.unwrap());
    }
    bill
}

fn settled(policy: &Policy, lines: usize) -> Settlement {
    settle(policy, &bill(lines), &Patient::new(Scheme::RESIDENT)).unwrap()
}

/// A line of nothing at all.
pub(crate) fn nothing() -> Settlement {
    let payers = [("基本医保", "Basic insurance", "insurance")];
    let text = rules("county", "County", &payers, "文件");
    let book = RuleBook::from_texts([("county.toml", &*text)]).unwrap();
    let bill = bill(0).with_line(Line::class_a("treatment", Money::ZERO).unwrap());
    let policy = book.policies().next().unwrap();
    settle(policy, &bill, &Patient::new(Scheme::RESIDENT)).unwrap()
}

/// A rule file in which each payer pays a part of what is left, by a clause of its own.
fn rules(name: &str, name_en: &str, payers: &[(&str, &str, &str)], title: &str) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let mut text = format!(
        "[policy]\nid = \"county\"\nversion = \"2020\"\nregion = \"unstated\"\nname = {}\nname_en = {}\n\
         from = 2020-01-01\nto = \"open\"\nsource = \"S\"\n\n\
         [[source]]\nid = \"S\"\ntitle = {}\ndate = 2020-01-01\n\n\
         [[benefit]]\nid = \"first\"\nname = {}\nname_en = {}\nsource = \"S\"\n",
        quoted(name),
        quoted(name_en),
        quoted(title),
        quoted(&format!("{name}：先诊疗后付费")),
        quoted(&format!("{name_en}: treat first, pay later")),
    );
    for (number, (name, name_en, kind)) in payers.iter().enumerate() {
        let (name, name_en, clause) = (
            quoted(name),
            quoted(name_en),
            quoted(&format!("第{number}条 {name}")),
        );
        write!(
            text,
            "\n[[payer]]\nid = \"p{number}\"\nname = {name}\nname_en = {name_en}\nkind = \"{kind}\"\n\
             \n[[step]]\nid = \"s{number}\"\nname = {name}\nname_en = {name_en}\npayer = \"p{number}\"\n\
             source = \"S\"\nclause = {clause}\ncovers = {{ parts = \"all\" }}\nratio = \"15%\"\n",
        )
        .unwrap();
    }
    text
}

/// Twelve payers with names of several lines, and as many assumed figures, for a bill of sixty lines.
pub(crate) fn long() -> Settlement {
    const KINDS: [&str; 4] = ["insurance", "commercial", "aid", "budget"];
    let names: Vec<(String, String)> = (1..=12)
        .map(|number| {
            let zh = "某某市城乡居民及建档立卡贫困人口大额医疗费用补充保障和临时困难救助专项基金";
            let en = "Special fund of a city for supplementary security and temporary aid of its residents and registered poor";
            (format!("{zh}（第{number}期）"), format!("{en}, No. {number}"))
        })
        .collect();
    let payers: Vec<(&str, &str, &str)> = names
        .iter()
        .zip(KINDS.iter().cycle())
        .map(|((zh, en), kind)| (zh.as_str(), en.as_str(), *kind))
        .collect();
    let title = "关于进一步做好某某市城乡居民及建档立卡贫困人口基本医疗有保障工作若干政策措施的通知（试行）";
    let stated = rules(
        "某某自治州某某自治县农村贫困人口基本医疗有保障“先诊疗后付费”一站式结算实施办法",
        "An autonomous county of an autonomous prefecture, one-stop settlement for the rural poor",
        &payers,
        title,
    );
    let mut assumed = String::from(
        "[policy]\nextends = \"county/2020\"\nlayer = \"assumed\"\n\n\
         [[source]]\nid = \"nearby\"\ntitle = \"邻近各州县同类办法中可供比照的数字\"\ndate = \"undated\"\n",
    );
    for number in 0..12 {
        write!(
            assumed,
            "\n[[step]]\nid = \"s{number}\"\nratio = {{ value = \"18%\", source = \"nearby\", clause = \"第{number}款\" }}\n",
        )
        .unwrap();
    }
    let files = [("stated.toml", &*stated), ("assumed.toml", &*assumed)];
    let book = RuleBook::from_texts(files).unwrap();
    settled(book.named("county/2020/assumed").unwrap(), 60)
}

/// A rule file whose every name tries to get out of its place.
pub(crate) fn hostile() -> Settlement {
    let long = "很长的名字".repeat(100);
    let payers = [
        (
            "<script>alert(1)</script>",
            "<img src=x onerror=\"alert(1)\">",
            "insurance",
        ),
        ("\"'&amp;</th></table>", "'\"--></style><b>", "commercial"),
        ("\u{202e}金基\u{2066}", "\u{202e}dnuf\u{200f}", "aid"),
        (
            long.as_str(),
            "unbroken-name-of-a-payer-that-never-ends-"
                .repeat(12)
                .leak(),
            "budget",
        ),
        ("“①”基金☎", "“①” fund ☎", "charity"),
        ("قرض", "صندوق الصحة", "budget"),
    ];
    let text = rules(
        "</title><script>",
        "\u{2067}</main> & Co.",
        &payers,
        "]]></style>《“文件”》",
    );
    let book = RuleBook::from_texts([("county.toml", &*text)]).unwrap();
    settled(book.policies().next().unwrap(), 6)
}
