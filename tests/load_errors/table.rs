//! The wrong files, by what is wrong with them.

use super::wrong::{Wrong, wrong};
use payer_split::Code;

/// Every wrong file.
pub(crate) fn all() -> Vec<Wrong> {
    [
        text(),
        missing_keys(),
        unknown_keys(),
        types(),
        names(),
        ids(),
        amounts(),
        ratios(),
        adjustments(),
        dates_and_codes(),
        values(),
        conflicts(),
        bands(),
        conditions(),
        tables(),
        unused(),
        order(),
        layers(),
        too_many(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A step of its own at the end of the file, for what the good file does not have.
const THIRD_STEP: &str = r#"
[[step]]
id = "third"
name = "第三道"
payer = "aid"
source = "S1"
ratio = "10%"
"#;

/// A step with bands at the end of the file.
const BANDS: &str = r#"
[[step]]
id = "major"
name = "大病保险"
payer = "basic"
source = "S1"
[step.bands]
per = "bill"
band = [
  { over = 0, to = 30000, ratio = "60%" },
  { over = 30000, under = 80000, ratio = "70%" },
  { from = 80000, ratio = "80%" },
]
"#;

/// An adjustment of the last step's ratio.
const ADJUST: &str = r#"
[[step.adjust]]
id = "poor"
figure = "ratio"
when = { category = "orphan" }
add = "10%"
"#;

/// A guarantee at the end of the file.
const FLOOR: &str = r#"
[[step]]
id = "floor"
name = "兜底"
payer = "aid"
source = "S1"
covers = { parts = "all" }
guarantee = { ratio = "90%", of = "total" }
"#;

/// A shared limit, used by the third step.
const SHARED: &str = r#"
[[limit]]
id = "both"
name = "全年限额"
source = "S1"
amount = 50000
per = "year"
on = "payment"

[[step]]
id = "third"
name = "第三道"
payer = "aid"
source = "S1"
ratio = "10%"
shared_limits = ["both"]

[[step]]
id = "fourth"
name = "第四道"
payer = "aid"
source = "S1"
ratio = "5%"
shared_limits = "both"
"#;

/// A disease, a list of it, and a step for it.
const DISEASE: &str = r#"
[[disease]]
id = "gallstone"
name = "胆结石"
icd10 = ["K80"]

[[disease_list]]
id = "major"
name = "大病"
diseases = ["gallstone"]

[[step]]
id = "third"
name = "第三道"
payer = "aid"
source = "S1"
when = { disease = "major" }
ratio = "10%"
"#;

/// A named table and a step that uses it.
const TABLE: &str = r#"
[[table]]
id = "ratios"
name = "比例"
kind = "ratio"
source = "S1"
value.tier = { township = "90%", county = "80%", other = "unstated" }

[[step]]
id = "third"
name = "第三道"
payer = "aid"
source = "S1"
ratio = { table = "ratios" }
"#;

/// Assumptions laid over the good file.
const ASSUMED: &str = r#"[policy]
extends = "county/2020"
layer = "assumed"

[[source]]
id = "assumption"
title = "假定"
date = "undated"

[[step]]
id = "aid"
ratio = { value = "75%", source = "assumption" }
"#;

/// A later version.
const NEXT: &str = r#"[policy]
extends = "county/2020"
version = "2021"
from = 2021-01-01
to = "open"
"#;

fn text() -> Vec<Wrong> {
    vec![
        wrong("a string without its closing quotes")
            .edit("name_en = \"A county\"", "name_en = \"A county«»")
            .error(Code::Syntax),
        wrong("text without quotes")
            .edit("payer = \"basic\"", "payer = «basic»")
            .error(Code::Syntax),
        wrong("Chinese quotes")
            .edit("ratio = \"80%\"", "ratio = «“80%”»")
            .error(Code::Syntax),
        wrong("a full-width equals sign")
            .edit("deductible = 400", "deductible «»＝ 400")
            .error(Code::Syntax),
        wrong("no value")
            .edit("deductible = 400", "deductible =«»")
            .error(Code::Syntax),
        wrong("a key twice")
            .edit("deductible = 400", "deductible = 400\n«deductible» = 500")
            .error(Code::Syntax),
        wrong("Chinese keys without quotes")
            .edit("deductible = 400", "«起付线» = 400")
            .error(Code::Syntax),
        wrong("a percentage without quotes")
            .edit("ratio = \"80%\"", "ratio = «80%»")
            .error(Code::Syntax),
        wrong("a bracket that is not closed")
            .edit(
                "when = { care = \"inpatient\" }",
                "when = «{» care = \"inpatient\"",
            )
            .error(Code::Syntax),
        wrong("a bracket that another one closes")
            .add(BANDS)
            .edit(
                "{ over = 30000, under = 80000, ratio = \"70%\" }",
                "«{» over = 30000, under = 80000, ratio = \"70%\" ",
            )
            .error(Code::Syntax),
        wrong("a section whose bracket is not closed")
            .edit("[[payer]]\nid = \"aid\"", "[[payer«»\nid = \"aid\"")
            .error(Code::Syntax),
        wrong("a mistake before a bracket that is not closed")
            .edit("payer = \"basic\"", "payer = «basic»")
            .edit(
                "when = { care = \"inpatient\" }",
                "when = «{» care = \"inpatient\"",
            )
            .error(Code::Syntax)
            .error(Code::Syntax),
        wrong("two mistakes in one file")
            .edit("payer = \"basic\"", "payer = «basic»")
            .edit("payer = \"aid\"", "payer = «aid»")
            .error(Code::Syntax)
            .error(Code::Syntax),
        wrong("a file that is not UTF-8")
            .edit("测试县健康扶贫", "测试«\u{fffd}»")
            .error(Code::NotUtf8),
        wrong("an empty file").instead("").error(Code::EmptyFile),
        wrong("a file of comments")
            .instead("# 测试县\n\n")
            .error(Code::EmptyFile),
        wrong("a file larger than any rule file")
            .edit("# The first step.", &"# ".repeat(600_000))
            .error(Code::FileTooLarge),
        wrong("deep nesting")
            .edit(
                "deductible = 400",
                &format!("deductible = {}«[»", "[".repeat(32)),
            )
            .error(Code::TooDeep),
    ]
}

fn missing_keys() -> Vec<Wrong> {
    vec![
        wrong("no header")
            .instead("«»[[payer]]\nid = \"basic\"\n")
            .error(Code::MissingKey),
        wrong("a policy without a version")
            .edit("[policy]", "«[policy]»")
            .edit("version = \"2020\"\n", "")
            .error(Code::MissingKey),
        wrong("a policy without a period")
            .edit("[policy]", "«[policy]»")
            .edit("to = 2020-12-31\n", "")
            .error(Code::MissingKey),
        wrong("a source without a date")
            .edit("[[source]]", "«[[source]]»")
            .edit("date = 2019-12-20\n", "")
            .error(Code::MissingKey),
        wrong("a payer without a kind")
            .edit("[[payer]]\nid = \"aid\"", "«[[payer]]»\nid = \"aid\"")
            .edit("kind = \"aid\"\n", "")
            .error(Code::MissingKey),
        wrong("a step without an id")
            .edit("[[step]]\nid = \"aid\"\n", "«[[step]]»\n")
            .error(Code::MissingKey),
        wrong("a step without a name")
            .edit("[[step]]\nid = \"aid\"\nname = \"医疗救助\"", "«[[step]]»\nid = \"aid\"")
            .error(Code::MissingKey),
        wrong("a step without a payer")
            .edit("[[step]]\nid = \"basic\"", "«[[step]]»\nid = \"basic\"")
            .edit("payer = \"basic\"\n", "")
            .edit("[[payer]]\nid = \"basic\"", "[[payer]]\nid = «\"basic\"»")
            .error(Code::Unused)
            .error(Code::MissingKey),
        wrong("a step without a source")
            .edit("[[step]]\nid = \"aid\"", "«[[step]]»\nid = \"aid\"")
            .edit("source = \"S1\"\nclause = \"第五条\"\n", "")
            .error(Code::MissingKey),
        wrong("a step without a formula")
            .edit("[[step]]\nid = \"basic\"", "«[[step]]»\nid = \"basic\"")
            .edit("ratio = \"80%\"\n", "")
            .error(Code::MissingKey),
        wrong("a limit without an amount")
            .edit("[[step.limit]]", "«[[step.limit]]»")
            .edit("amount = 30000\n", "")
            .error(Code::MissingKey),
        wrong("a limit that says neither how long nor on what")
            .edit("[[step.limit]]", "««[[step.limit]]»»")
            .edit("per = \"year\"\non = \"payment\"\n", "")
            .error(Code::MissingKey)
            .error(Code::MissingKey),
        wrong("a table of values without a value")
            .edit("ratio = \"80%\"", "ratio = «{ certainty = \"about\" }»")
            .error(Code::MissingKey),
        wrong("bands with a deductible that do not say from where they count")
            .add(BANDS)
            .with("[step.bands]\nper = \"bill\"", "deductible = 100\n[step.bands]\nper = \"bill\"\nscale = \"absolute\"")
            .edit("[step.bands]", "«[step.bands]»")
            .edit("scale = \"absolute\"\n", "")
            .error(Code::MissingKey),
        wrong("bands that do not say how long they count")
            .add(BANDS)
            .edit("[step.bands]\nper = \"bill\"", "«[step.bands]»")
            .error(Code::MissingKey),
        wrong("a band without a lower edge")
            .add(BANDS)
            .edit("{ over = 0, to = 30000, ratio = \"60%\" }", "«{ to = 30000, ratio = \"60%\" }»")
            .error(Code::MissingKey),
        wrong("a guarantee of nothing")
            .add(FLOOR)
            .edit("{ ratio = \"90%\", of = \"total\" }", "«{ ratio = \"90%\" }»")
            .error(Code::MissingKey),
        wrong("a share of nothing")
            .edit("deductible = 400", "deductible = «{ share = \"20%\" }»")
            .error(Code::MissingKey),
        wrong("an adjustment that changes nothing")
            .with("on = \"payment\"\n", &format!("on = \"payment\"\n{ADJUST}"))
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("add = \"10%\"\n", "")
            .error(Code::MissingKey),
        wrong("an adjustment that counts on without a bound")
            .with("on = \"payment\"\n", &format!("on = \"payment\"\n{ADJUST}"))
            .with("add = \"10%\"\n", "add = \"1%\"\nper = \"insured-year\"\nadd_at_most = \"10%\"\n")
            .edit("per = \"insured-year\"\nadd_at_most = \"10%\"", "«per» = \"insured-year\"")
            .error(Code::MissingKey),
        wrong("a disease without codes")
            .add(DISEASE)
            .edit("[[disease]]", "«[[disease]]»")
            .edit("icd10 = [\"K80\"]\n", "")
            .error(Code::MissingKey),
        wrong("assumptions over nothing")
            .also("assumed.toml", ASSUMED)
            .edit("[policy]\nextends = \"county/2020\"\n", "«[policy]»\n")
            .error(Code::MissingKey),
        wrong("a clause left out without a reason")
            .add("[[left_out]]\nid = \"clause\"\ntext = \"略\"\nreason = \"不涉及金额\"\nsource = \"S1\"\n")
            .edit("[[left_out]]", "«[[left_out]]»")
            .edit("reason = \"不涉及金额\"\n", "")
            .error(Code::MissingKey),
    ]
}

fn unknown_keys() -> Vec<Wrong> {
    vec![
        wrong("a misspelt key of a step")
            .edit("deductible = 400", "«deductable» = 400")
            .error(Code::UnknownKey)
            .suggests("deductible"),
        wrong("a misspelt key of the second step")
            .edit("ratio = \"70%\"", "ratio = \"70%\"\n«shared_limit» = []")
            .error(Code::UnknownKey)
            .suggests("shared_limits"),
        wrong("a misspelt section")
            .add("[[benefit]]\nid = \"first\"\nname = \"先诊疗后付费\"\nsource = \"S1\"\n")
            .edit("[[benefit]]", "[[«benefits»]]")
            .error(Code::UnknownKey)
            .suggests("benefit"),
        wrong("a key of the header that nobody knows")
            .edit("to = 2020-12-31", "to = 2020-12-31\n«author» = \"某\"")
            .error(Code::UnknownKey),
        wrong("a misspelt key of a limit")
            .edit(
                "per = \"year\"\n",
                "per = \"year\"\n«togather_with» = [\"basic\"]\n",
            )
            .error(Code::UnknownKey)
            .suggests("together_with"),
        wrong("a misspelt key of a condition")
            .edit(
                "care = \"inpatient\" }",
                "care = \"inpatient\", «teir» = \"county\" }",
            )
            .error(Code::UnknownKey)
            .suggests("tier"),
        wrong("a misspelt key of a choice of lines")
            .edit(
                "deductible = 400",
                "covers = { «fee» = \"bed\" }\ndeductible = 400",
            )
            .error(Code::UnknownKey)
            .suggests("fees"),
        wrong("a misspelt key of a base")
            .edit(
                "deductible = 400",
                "base = { «off» = \"billed\" }\ndeductible = 400",
            )
            .error(Code::UnknownKey)
            .suggests("of"),
        wrong("a misspelt key of a band")
            .add(BANDS)
            .edit("over = 30000, under", "over = 30000, «unter»")
            .edit("from = 80000", "from = «80000»")
            .error(Code::UnknownKey)
            .suggests("under")
            .error(Code::BandOverlap),
        wrong("a misspelt key beside a value")
            .edit(
                "ratio = \"80%\"",
                "ratio = { value = \"80%\", «certanty» = \"about\" }",
            )
            .error(Code::UnknownKey)
            .suggests("certainty"),
        wrong("a misspelt key of a rounding")
            .edit(
                "deductible = 400",
                "round = { «unti» = \"yuan\" }\ndeductible = 400",
            )
            .error(Code::UnknownKey)
            .suggests("unit"),
        wrong("a key of another form of figure")
            .edit(
                "deductible = 400",
                "deductible = { value = 400, «at_most» = 300 }",
            )
            .error(Code::UnknownKey),
        wrong("several misspelt keys")
            .edit("clause = \"第三条\"", "«cluase» = \"第三条\"")
            .edit("deductible = 400", "«deductable» = 400")
            .edit("clause = \"第五条\"", "«claus» = \"第五条\"")
            .error(Code::UnknownKey)
            .suggests("clause")
            .error(Code::UnknownKey)
            .suggests("deductible")
            .error(Code::UnknownKey)
            .suggests("clause"),
    ]
}

fn types() -> Vec<Wrong> {
    vec![
        wrong("a number where text belongs")
            .edit("version = \"2020\"", "version = «2020»")
            .error(Code::WrongType),
        wrong("a step that is no table")
            .instead("[policy]\nid = \"county\"\nversion = \"1\"\nregion = \"unstated\"\nname = \"县\"\nfrom = 2020-01-01\nto = \"open\"\n«[step]»\nid = \"basic\"\n")
            .error(Code::WrongType),
        wrong("a condition that is no table")
            .edit("when = { care = \"inpatient\" }", "when = «\"inpatient\"»")
            .error(Code::WrongType),
        wrong("yes instead of true")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", referred = «\"yes\"» }")
            .error(Code::WrongType),
        wrong("true where an amount belongs")
            .edit("deductible = 400", "deductible = «true»")
            .error(Code::WrongType),
        wrong("true where a ratio belongs")
            .edit("ratio = \"80%\"", "ratio = «true»")
            .error(Code::WrongType),
        wrong("a number among names")
            .edit("category = \"registered-poor\"", "category = [\"registered-poor\", «3»]")
            .error(Code::WrongType),
        wrong("a table of amounts where a ratio belongs")
            .add(TABLE)
            .with("ratio = { table = \"ratios\" }", "ratio = \"10%\"\ndeductible = { table = \"amounts\" }\n")
            .with("id = \"ratios\"", "id = \"amounts\"")
            .with("kind = \"ratio\"", "kind = \"amount\"")
            .with("{ township = \"90%\", county = \"80%\", other = \"unstated\" }", "{ township = 90, other = \"unstated\" }")
            .edit("ratio = \"10%\"\ndeductible = { table", "ratio = { table = «\"amounts\"» }\ndeductible = { table")
            .error(Code::WrongType),
        wrong("a date in quotes")
            .edit("from = 2020-01-01", "from = «\"2020-01-01\"»")
            .error(Code::WrongType),
        wrong("a day with a time")
            .edit("from = 2020-01-01", "from = «2020-01-01T00:00:00»")
            .error(Code::WrongType),
        wrong("a place among steps that is no id")
            .edit("ratio = \"70%\"", "ratio = \"70%\"\nafter = «3»")
            .error(Code::WrongType),
    ]
}

fn names() -> Vec<Wrong> {
    vec![
        wrong("a misspelt payer")
            .edit("payer = \"basic\"", "payer = «\"basics\"»")
            .error(Code::UnknownName)
            .suggests("basic"),
        wrong("a misspelt payer among several")
            .edit(
                "payer = \"basic\"",
                "payers = { basic = \"50%\", «adi» = \"50%\" }",
            )
            .error(Code::UnknownName)
            .suggests("aid"),
        wrong("a misspelt source")
            .edit(
                "source = \"S1\"\nclause = \"第三条\"",
                "source = «\"S2\"»\nclause = \"第三条\"",
            )
            .error(Code::UnknownName),
        wrong("a misspelt category")
            .edit("\"registered-poor\"", "«\"registred-poor\"»")
            .error(Code::UnknownName)
            .suggests("registered-poor"),
        wrong("a category in Chinese, cut short")
            .edit("\"registered-poor\"", "«\"建档立卡贫困\"»")
            .error(Code::UnknownName)
            .suggests("建档立卡贫困户"),
        wrong("a misspelt tier in a table")
            .edit(
                "ratio = \"80%\"",
                "ratio.tier = { «conty» = \"80%\", other = \"70%\" }",
            )
            .error(Code::UnknownName)
            .suggests("county"),
        wrong("a misspelt fee")
            .edit(
                "deductible = 400",
                "covers = { fees = [«\"beds\"»] }\ndeductible = 400",
            )
            .error(Code::UnknownName)
            .suggests("bed"),
        wrong("a misspelt disease")
            .add(DISEASE)
            .edit("disease = \"major\"", "disease = «\"gallstones\"»")
            .edit("id = \"major\"\n", "id = «\"major\"»\n")
            .error(Code::Unused)
            .error(Code::UnknownName)
            .suggests("gallstone"),
        wrong("a misspelt disease in a list")
            .add(DISEASE)
            .with(
                "disease = \"major\"",
                "disease = [\"major\", \"gallstone\"]",
            )
            .edit(
                "diseases = [\"gallstone\"]",
                "diseases = [\"gallstone\", «\"galstone\"»]",
            )
            .error(Code::UnknownName)
            .suggests("gallstone"),
        wrong("a misspelt shared limit")
            .add(SHARED)
            .edit("shared_limits = [\"both\"]", "shared_limits = [«\"bot\"»]")
            .error(Code::UnknownName)
            .suggests("both"),
        wrong("a misspelt table")
            .add(TABLE)
            .edit("{ table = \"ratios\" }", "{ table = «\"ratio\"» }")
            .error(Code::UnknownName)
            .suggests("ratios"),
        wrong("a misspelt figure of an adjustment")
            .with("on = \"payment\"\n", &format!("on = \"payment\"\n{ADJUST}"))
            .edit("figure = \"ratio\"", "figure = «\"ration\"»")
            .error(Code::UnknownName)
            .suggests("ratio"),
        wrong("a misspelt figure, and a group that only this adjustment uses")
            .add("[[group]]\nid = \"poor\"\nname = \"贫困人口\"\ncategories = [\"orphan\"]\n")
            .with("on = \"payment\"\n", &format!("on = \"payment\"\n{ADJUST}"))
            .with("category = \"orphan\"", "category = \"poor\"")
            .edit("figure = \"ratio\"", "figure = «\"rat\"»")
            .error(Code::UnknownName),
        wrong("an adjustment of a limit that the step does not have")
            .with("on = \"payment\"\n", &format!("on = \"payment\"\n{ADJUST}"))
            .edit("figure = \"ratio\"", "figure = «\"yaer\"»")
            .error(Code::UnknownName)
            .suggests("year"),
        wrong("a misspelt step")
            .add(THIRD_STEP)
            .edit(
                "ratio = \"10%\"",
                "base = { of = \"billed\", less = [«\"basics\"»] }\nratio = \"10%\"",
            )
            .error(Code::UnknownName)
            .suggests("basic"),
        wrong("neither yes nor no")
            .edit(
                "ratio = \"80%\"",
                "ratio.referred = { yes = \"80%\", «maybe» = \"70%\", other = \"60%\" }",
            )
            .error(Code::UnknownName),
        wrong("an admission that is no number")
            .edit(
                "deductible = 400",
                "deductible.admission = { «first» = 400, other = 200 }",
            )
            .error(Code::UnknownName),
        wrong("a policy that is not loaded")
            .also("assumed.toml", ASSUMED)
            .edit("\"county/2020\"", "«\"county/2021\"»")
            .error(Code::ExtendsUnknown)
            .suggests("county/2020"),
        wrong("a second policy that is not loaded")
            .also("assumed.toml", ASSUMED)
            .edit("\"county/2020\"", "[\"county/2020\", «\"couny/2020\"»]")
            .error(Code::ExtendsUnknown)
            .suggests("county/2020"),
        wrong("a place beside a step that is not there")
            .also("assumed.toml", ASSUMED)
            .edit("id = \"aid\"", "id = \"aid\"\nbefore = «\"bsic\"»")
            .error(Code::UnknownName)
            .suggests("basic"),
        wrong("the removal of a step that is not there")
            .also("assumed.toml", ASSUMED)
            .add("[[step]]\nid = \"basic\"\nremove = true\n")
            .edit("id = \"basic\"", "id = «\"bsic\"»")
            .error(Code::UnknownName)
            .suggests("basic"),
        wrong("the removal of a limit that is not there")
            .also("assumed.toml", ASSUMED)
            .add("[[step.limit]]\nid = \"year\"\nremove = true\n")
            .edit("id = \"year\"", "id = «\"yeer\"»")
            .error(Code::UnknownName)
            .suggests("year"),
    ]
}

fn ids() -> Vec<Wrong> {
    vec![
        wrong("two steps of one id")
            .edit("[[step]]\nid = \"aid\"", "[[step]]\nid = «\"basic\"»")
            .error(Code::DuplicateId),
        wrong("two payers of one id")
            .edit("[[payer]]\nid = \"aid\"", "[[payer]]\nid = «\"basic\"»")
            .edit("payer = \"aid\"", "payer = \"basic\"")
            .error(Code::DuplicateId),
        wrong("two limits of one id in one step")
            .add("[[step.limit]]\nid = \"bill\"\namount = 500\nper = \"bill\"\non = \"payment\"\n")
            .edit("id = \"bill\"", "id = «\"year\"»")
            .error(Code::DuplicateId),
        wrong("two things of one id in a file that extends another")
            .also("assumed.toml", ASSUMED)
            .add("[[step]]\nid = \"basic\"\nratio = { value = \"85%\", source = \"assumption\" }\n")
            .edit("[[step]]\nid = \"basic\"", "[[step]]\nid = «\"aid\"»")
            .error(Code::DuplicateId),
        wrong("two files of one policy")
            .also("next.toml", NEXT)
            .edit("[policy]", "«[policy]»")
            .edit("version = \"2021\"\n", "")
            .error(Code::DuplicateId),
        wrong("a term that is already there")
            .add("[[term]]\nid = \"sanwu\"\nof = \"category\"\nname = \"城市三无\"\n")
            .add("[[group]]\nid = \"poor\"\nname = \"贫困人口\"\ncategories = [\"城市三无\"]\n")
            .with("category = \"registered-poor\"", "category = \"poor\"")
            .edit("name = \"城市三无\"", "name = «\"低保\"»")
            .edit("categories = [\"城市三无\"]", "categories = [\"sanwu\"]")
            .error(Code::DuplicateId),
        wrong("a group named like a category")
            .add("[[group]]\nid = \"poor\"\nname = \"贫困人口\"\ncategories = [\"orphan\"]\n")
            .with("category = \"registered-poor\"", "category = \"poor\"")
            .edit("[[group]]\nid = \"poor\"", "[[group]]\nid = «\"orphan\"»")
            .edit("category = \"poor\"", "category = \"orphan\"")
            .error(Code::DuplicateId),
        wrong("a list named like a disease")
            .add(DISEASE)
            .edit("id = \"major\"", "id = «\"gallstone\"»")
            .edit("disease = \"major\"", "disease = \"gallstone\"")
            .error(Code::DuplicateId),
        wrong("a Chinese id")
            .edit("[[step]]\nid = \"aid\"", "[[step]]\nid = «\"医疗救助\"»")
            .error(Code::BadId),
        wrong("an id with an underscore")
            .edit("id = \"year\"", "id = «\"per_year\"»")
            .error(Code::BadId),
        wrong("the patient as a payer")
            .add("[[payer]]\nid = \"self\"\nname = \"本人\"\nkind = \"budget\"\n")
            .with(
                "payer = \"aid\"",
                "payers = { aid = \"50%\", self = \"50%\" }",
            )
            .edit("id = \"self\"", "id = «\"patient\"»")
            .edit("self = \"50%\"", "patient = \"50%\"")
            .error(Code::BadId),
    ]
}

fn amounts() -> Vec<Wrong> {
    let deductible = |title, text: &str| {
        wrong(title).edit("deductible = 400", &format!("deductible = «{text}»"))
    };
    vec![
        deductible("an amount with three decimals", "400.005").error(Code::BadAmount),
        deductible("an amount in quotes", "\"400\"").error(Code::BadAmount),
        deductible("an amount in words", "\"四百元\"").error(Code::BadAmount),
        deductible("an amount with an exponent", "4e2").error(Code::BadAmount),
        deductible("an amount in hexadecimal", "0x190").error(Code::BadAmount),
        deductible("an amount that is no number", "nan").error(Code::BadAmount),
        deductible("an amount beyond all amounts", "10000000000.01").error(Code::BadAmount),
        deductible("no limit where there is no limit", "\"none\"").error(Code::BadAmount),
        deductible("a misspelt word for an amount", "\"unsated\"")
            .error(Code::BadAmount)
            .suggests("unstated"),
        deductible("a negative amount", "-400").error(Code::AmountBelow0),
        wrong("an amount that falls below zero")
            .with("ratio = \"80%\"", "ratio = \"80%\"\n[[step.adjust]]\nid = \"poor\"\nfigure = \"deductible\"\nwhen = { category = \"orphan\" }\nsubtract = 400\n")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("subtract = 400", "subtract = 500")
            .error(Code::AmountBelow0),
        wrong("a limit that falls below zero")
            .with("on = \"payment\"\n", "on = \"payment\"\n[[step.adjust]]\nid = \"poor\"\nfigure = \"year\"\nwhen = { category = \"orphan\" }\nsubtract = 10000\n")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("subtract = 10000", "subtract = 40000")
            .error(Code::AmountBelow0),
        wrong("a share with bounds the wrong way round")
            .with("deductible = 400", "deductible = { share = \"20%\", of = \"total\", at_least = 2000, at_most = 10000 }")
            .edit("at_most = 10000", "at_most = «1000»")
            .error(Code::BadValue),
    ]
}

fn ratios() -> Vec<Wrong> {
    let ratio =
        |title, text: &str| wrong(title).edit("ratio = \"80%\"", &format!("ratio = «{text}»"));
    vec![
        ratio("120 %", "\"120%\"").error(Code::RatioOver100),
        ratio("a negative ratio", "\"-5%\"").error(Code::RatioBelow0),
        ratio("a ratio without its percent sign", "\"80\"").error(Code::BadRatio),
        ratio("a number instead of a ratio", "0.8").error(Code::BadRatio),
        ratio("a whole number instead of a ratio", "80").error(Code::BadRatio),
        ratio("a full-width percent sign", "\"80％\"").error(Code::BadRatio),
        ratio("a ratio in words", "\"八成\"").error(Code::BadRatio),
        ratio("no limit where a ratio belongs", "\"none\"").error(Code::BadRatio),
        ratio("a misspelt word for a ratio", "\"unstatd\"")
            .error(Code::BadRatio)
            .suggests("unstated"),
        ratio("a ratio with five decimals", "\"33.33333%\"").error(Code::RatioTooFine),
    ]
}

fn adjustments() -> Vec<Wrong> {
    let adjusted =
        |title| wrong(title).with("on = \"payment\"\n", &format!("on = \"payment\"\n{ADJUST}"));
    vec![
        adjusted("a ratio that can pass 100 %")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("add = \"10%\"", "add = \"40%\"")
            .error(Code::RatioOver100),
        adjusted("a ratio that two adjustments together lift over 100 %")
            .add("[[step.adjust]]\nid = \"old\"\nfigure = \"ratio\"\nwhen = { age = { from = 80 } }\nadd = \"20%\"\n")
            .edit("[[step.adjust]]\nid = \"old\"", "«[[step.adjust]]»\nid = \"old\"")
            .edit("add = \"20%\"", "add = \"21%\"")
            .error(Code::RatioOver100),
        adjusted("a ratio that passes 100 % only for one tier")
            .with("ratio = \"70%\"", "ratio.tier = { township = \"85%\", other = \"70%\" }")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("add = \"10%\"", "add = \"20%\"")
            .error(Code::RatioOver100),
        adjusted("a ratio that can fall below zero")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("add = \"10%\"", "subtract = \"80%\"")
            .error(Code::RatioBelow0),
        adjusted("a product with too many decimals")
            .with("ratio = \"70%\"", "ratio = \"33.3333%\"")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("add = \"10%\"", "multiply = \"33.3333%\"")
            .error(Code::RatioTooFine),
        adjusted("a ratio added in yuan")
            .edit("add = \"10%\"", "add = «10»")
            .error(Code::BadRatio),
        adjusted("two changes at once")
            .edit("add = \"10%\"", "add = \"10%\"\n«multiply» = \"50%\"")
            .error(Code::Conflict),
        adjusted("a ratio that is to be rounded")
            .edit("add = \"10%\"", "multiply = \"50%\"\n«round» = { unit = \"yuan\" }")
            .error(Code::Conflict),
        adjusted("a count without a sum")
            .edit("add = \"10%\"", "set = \"50%\"\nat_most = \"60%\"\n«per» = \"insured-year\"")
            .error(Code::Conflict),
        adjusted("the bound of a count without the count")
            .edit("add = \"10%\"", "add = \"10%\"\n«add_at_most» = \"60%\"")
            .error(Code::Conflict),
        adjusted("a waiver that is none")
            .edit("add = \"10%\"", "waive = «false»")
            .error(Code::BadValue),
        adjusted("a misspelt count")
            .edit("add = \"10%\"", "add = \"1%\"\nadd_at_most = \"5%\"\nper = «\"insured-years\"»")
            .error(Code::BadValue)
            .suggests("insured-year"),
        adjusted("bounds the wrong way round")
            .edit("add = \"10%\"", "at_least = \"80%\"\nat_most = «\"60%\"»")
            .error(Code::BadValue),
        adjusted("an adjustment of a figure that the step does not have")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("figure = \"ratio\"", "figure = \"deductible\"")
            .edit("add = \"10%\"", "add = 10")
            .error(Code::StepNeverApplies),
        adjusted("an adjustment that can never apply")
            .edit("when = { category = \"registered-poor\" }", "when = { care = \"outpatient\" }")
            .edit("when = { category = \"orphan\" }", "«when» = { care = \"inpatient\" }")
            .error(Code::StepNeverApplies),
    ]
}

fn dates_and_codes() -> Vec<Wrong> {
    vec![
        wrong("a day that the calendar does not have")
            .edit("from = 2020-01-01", "from = «2020-02-30»")
            .error(Code::BadDate),
        wrong("a month that there is not")
            .edit("from = 2020-01-01", "from = «2020-13-01»")
            .error(Code::BadDate),
        wrong("a year of another age")
            .edit("date = 2019-12-20", "date = «1819-12-20»")
            .error(Code::BadDate),
        wrong("a policy that ends before it begins")
            .edit("to = 2020-12-31", "«to» = 2019-12-31")
            .error(Code::PeriodOrder),
        wrong("a region in words")
            .edit("\"430304\"", "«\"岳塘区\"»")
            .error(Code::BadRegion),
        wrong("a further region of five digits")
            .edit(
                "region = \"430304\"",
                "region = \"430304\"\nalso_regions = [\"430302\", «\"43030\"»]",
            )
            .error(Code::BadRegion),
        wrong("a diagnosis in words")
            .add(DISEASE)
            .edit("icd10 = [\"K80\"]", "icd10 = [\"K80\", «\"胆结石\"»]")
            .error(Code::BadCode),
        wrong("a range of diagnoses the wrong way round")
            .add(DISEASE)
            .edit("icd10 = [\"K80\"]", "icd10 = [«\"K85-K80\"»]")
            .error(Code::BadCode),
    ]
}

fn values() -> Vec<Wrong> {
    vec![
        wrong("a misspelt kind of payer")
            .edit("kind = \"insurance\"", "kind = «\"insurence\"»")
            .error(Code::BadValue)
            .suggests("insurance"),
        wrong("a limit for a month")
            .edit("per = \"year\"", "per = «\"month\"»")
            .error(Code::BadValue),
        wrong("a certainty that there is not")
            .edit("clause = \"第三条\"", "clause = \"第三条\"\ncertainty = «\"abuot\"»")
            .error(Code::BadValue)
            .suggests("about"),
        wrong("a layer that there is not")
            .also("assumed.toml", ASSUMED)
            .edit("layer = \"assumed\"", "layer = «\"assumption\"»\nversion = \"2020-assumed\"\nfrom = 2021-01-01\nto = \"open\"")
            .error(Code::BadValue),
        wrong("a rounding that there is not")
            .edit("deductible = 400", "round = { mode = «\"halfup\"» }\ndeductible = 400")
            .error(Code::BadValue)
            .suggests("half-up"),
        wrong("a part that there is not")
            .edit("deductible = 400", "covers = { parts = [«\"inscope\"»] }\ndeductible = 400")
            .error(Code::BadValue)
            .suggests("in-scope"),
        wrong("an age without bounds")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", age = «{}» }")
            .error(Code::BadValue),
        wrong("an age below zero")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", age = { from = «-1» } }")
            .error(Code::BadValue),
        wrong("an exception of nothing")
            .edit("when = { care = \"inpatient\" }", "«unless» = {}")
            .error(Code::BadValue),
        wrong("a condition without keys")
            .edit("when = { care = \"inpatient\" }", "«when» = {}")
            .error(Code::BadValue),
        wrong("a condition without alternatives")
            .edit("when = { care = \"inpatient\" }", "«when» = []")
            .error(Code::BadValue),
        wrong("no category at all")
            .edit("category = \"registered-poor\"", "category = «[]»")
            .error(Code::BadValue),
        wrong("no fee at all")
            .edit("deductible = 400", "covers = { «fees» = [] }\ndeductible = 400")
            .error(Code::BadValue),
        wrong("no part at all")
            .edit("deductible = 400", "covers = { parts = «[]» }\ndeductible = 400")
            .error(Code::BadValue),
        wrong("a group of nobody")
            .add("[[group]]\nid = \"poor\"\nname = \"贫困人口\"\ncategories = [\"orphan\"]\n")
            .with("category = \"registered-poor\"", "category = \"poor\"")
            .edit("categories = [\"orphan\"]", "«categories» = []")
            .error(Code::BadValue),
        wrong("a list of no diseases")
            .add(DISEASE)
            .with("disease = \"major\"", "disease = [\"major\", \"gallstone\"]")
            .edit("diseases = [\"gallstone\"]", "«diseases» = []")
            .error(Code::BadValue),
        wrong("a range that does not rise")
            .edit("ratio = \"80%\"", "ratio = { value = \"80%\", range_to = «\"75%\"» }")
            .error(Code::BadValue),
        wrong("a table without entries")
            .edit("ratio = \"80%\"", "ratio.tier = «{}»")
            .error(Code::BadValue),
        wrong("bands without a band")
            .add("[[step]]\nid = \"major\"\nname = \"大病\"\npayer = \"aid\"\nsource = \"S1\"\nbands = { per = \"bill\", band = [{ over = 0, ratio = \"10%\" }] }\n")
            .edit("band = [{ over = 0, ratio = \"10%\" }]", "«band» = []")
            .error(Code::BadValue),
        wrong("a removal that is none")
            .also("assumed.toml", ASSUMED)
            .edit("id = \"aid\"", "id = \"aid\"\nremove = «false»")
            .error(Code::BadValue),
    ]
}

fn conflicts() -> Vec<Wrong> {
    vec![
        wrong("two formulas")
            .edit("ratio = \"80%\"", "ratio = \"80%\"\n«guarantee» = { ratio = \"90%\", of = \"total\" }")
            .error(Code::Conflict),
        wrong("a payer and payers")
            .edit("payer = \"basic\"", "payer = \"basic\"\n«payers» = { basic = \"50%\", aid = \"50%\" }")
            .error(Code::Conflict),
        wrong("a guarantee with a deductible")
            .add(FLOOR)
            .edit("covers = { parts = \"all\" }", "covers = { parts = \"all\" }\n«deductible» = 100")
            .error(Code::Conflict),
        wrong("a guarantee that says both who counts and who does not")
            .add(FLOOR)
            .edit("of = \"total\" }", "of = \"total\", counting = [\"basic\"], «not_counting» = [\"aid\"] }")
            .error(Code::Conflict),
        wrong("a figure by two dimensions side by side")
            .edit("ratio = \"80%\"", "ratio = { tier = { other = \"80%\" }, «category» = { other = \"70%\" } }")
            .error(Code::Conflict),
        wrong("a share where a ratio belongs")
            .edit("ratio = \"80%\"", "ratio = { «share» = \"80%\", of = \"total\" }")
            .error(Code::Conflict),
        wrong("a band with two lower edges")
            .add(BANDS)
            .edit("over = 30000,", "over = 30000, «from» = 30000,")
            .error(Code::Conflict),
        wrong("the whole amount of a year's bands")
            .add(BANDS)
            .edit("per = \"bill\"\nband", "per = \"year\"\n«apply» = \"whole\"\nband")
            .error(Code::Conflict),
        wrong("a base less a step's payments, of what is unpaid")
            .add(THIRD_STEP)
            .edit("ratio = \"10%\"", "base = { «less» = [\"basic\"] }\nratio = \"10%\"")
            .error(Code::Conflict),
        wrong("a base less the deductible of a step that has none")
            .add(THIRD_STEP)
            .edit("ratio = \"10%\"", "base = { less_deductible_of = [«\"aid\"»] }\nratio = \"10%\"")
            .error(Code::Conflict),
        wrong("a limit on deductibles among those on payment")
            .add(SHARED)
            .add("[[limit]]\nid = \"deductibles\"\nname = \"起付线封顶\"\nsource = \"S1\"\namount = 800\nper = \"year\"\non = \"deductible\"\n")
            .with("deductible = 400", "deductible = { value = 400, within = \"deductibles\" }")
            .edit("shared_limits = [\"both\"]", "shared_limits = [\"both\", «\"deductibles\"»]")
            .error(Code::Conflict),
        wrong("a deductible within a limit on payment")
            .add(SHARED)
            .edit("deductible = 400", "deductible = { value = 400, within = «\"both\"» }")
            .error(Code::Conflict),
        wrong("a deductible counted with one that is not per year")
            .add(THIRD_STEP)
            .edit("ratio = \"10%\"", "deductible = { value = 400, per = \"year\", with = «\"basic\"» }\nratio = \"10%\"")
            .error(Code::Conflict),
        wrong("a deductible per bill that counts with another")
            .with("deductible = 400", "deductible = { value = 400, per = \"year\" }")
            .add(THIRD_STEP)
            .edit("ratio = \"10%\"", "deductible = { value = 400, «with» = \"basic\" }\nratio = \"10%\"")
            .error(Code::Conflict),
        wrong("a year's limit together with other payers")
            .edit("on = \"payment\"", "on = \"payment\"\n«together_with» = [\"basic\"]")
            .error(Code::Conflict),
        wrong("a tier of the poor")
            .add("[[term]]\nid = \"village-clinic\"\nof = \"tier\"\nname = \"村卫生室\"\n")
            .with("care = \"inpatient\" }", "care = \"inpatient\", tier = \"village-clinic\" }")
            .edit("name = \"村卫生室\"", "name = \"村卫生室\"\npoverty = «true»")
            .error(Code::Conflict),
        wrong("before one step and after another")
            .add(THIRD_STEP)
            .edit("ratio = \"10%\"", "ratio = \"10%\"\nbefore = \"aid\"\n«after» = \"basic\"")
            .error(Code::Conflict),
    ]
}

fn bands() -> Vec<Wrong> {
    vec![
        wrong("a gap between bands")
            .add(BANDS)
            .edit("over = 30000,", "over = «40000»,")
            .error(Code::BandGap),
        wrong("a gap of one fen between bands")
            .add(BANDS)
            .edit("from = 80000,", "over = «80000»,")
            .error(Code::BandGap),
        wrong("bands that overlap")
            .add(BANDS)
            .edit("over = 30000,", "over = «20000»,")
            .error(Code::BandOverlap),
        wrong("bands that overlap in one fen")
            .add(BANDS)
            .edit("over = 30000,", "from = «30000»,")
            .error(Code::BandOverlap),
        wrong("a band after one without an end")
            .add(BANDS)
            .edit("over = 30000, under = 80000", "over = 30000")
            .edit("from = 80000", "from = «80000»")
            .error(Code::BandOverlap),
        wrong("a band that ends before it begins")
            .add(BANDS)
            .with("over = 30000, under = 80000", "over = 30000, to = 80000")
            .with("from = 80000", "over = 80000")
            .edit("over = 30000, to = 80000", "over = 30000, to = «20000»")
            .edit("over = 80000", "over = 20000")
            .error(Code::BandOrder),
        wrong("a wrong ratio in the second band")
            .add(BANDS)
            .edit("ratio = \"70%\" },", "ratio = «\"170%\"» },")
            .error(Code::RatioOver100),
        wrong("a band that an adjustment lifts over 100 %")
            .add(BANDS)
            .add("[[step.adjust]]\nid = \"poor\"\nfigure = \"ratio\"\nadd = \"20%\"\n")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("add = \"20%\"", "add = \"25%\"")
            .error(Code::RatioOver100),
    ]
}

fn conditions() -> Vec<Wrong> {
    vec![
        wrong("a step for care that it excludes")
            .edit("when = { care = \"inpatient\" }", "when = { care = \"inpatient\" }\n«unless» = { care = [\"inpatient\", \"outpatient\"] }")
            .error(Code::StepNeverApplies),
        wrong("an age that nobody has")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", age = «{ over = 60, under = 60 }» }")
            .error(Code::StepNeverApplies),
        wrong("an age under zero")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", age = «{ under = 0 }» }")
            .error(Code::StepNeverApplies),
        wrong("an exception without alternatives")
            .edit("when = { care = \"inpatient\" }", "«unless» = []")
            .error(Code::BadValue),
        wrong("a scope rule that can never apply")
            .add("[[scope]]\nid = \"drugs\"\nname = \"基本药物\"\nsource = \"S1\"\nwhen = { tier = \"county\" }\nmove = \"own-expense\"\nto = \"in-scope\"\n")
            .edit("when = { tier = \"county\" }", "when = { tier = \"county\" }\n«unless» = { tier = \"县\" }")
            .error(Code::StepNeverApplies),
        wrong("a date after the policy")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", date = «{ from = 2021-01-01 }» }")
            .error(Code::StepNeverApplies),
        wrong("a date that ends before it begins")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", date = «{ from = 2020-07-01, to = 2020-06-30 }» }")
            .error(Code::PeriodOrder),
        wrong("a date without bounds")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", date = «{}» }")
            .error(Code::BadValue),
        wrong("an entry for care that the step excludes")
            .edit("ratio = \"80%\"", "ratio.care = { inpatient = \"80%\", «outpatient» = \"70%\" }")
            .error(Code::StepNeverApplies),
    ]
}

fn tables() -> Vec<Wrong> {
    vec![
        wrong("a table that misses a tier")
            .with("ratio = \"80%\"", "ratio.tier = { village = \"95%\", township = \"90%\", county = \"80%\", city = \"70%\", province = \"60%\" }")
            .edit("ratio.tier = { village = \"95%\", township = \"90%\", county = \"80%\", city = \"70%\", province = \"60%\" }", "ratio.tier = «{ village = \"95%\", township = \"90%\", county = \"80%\", city = \"70%\" }»")
            .error(Code::TableMisses),
        wrong("a table that misses a tier which its step lets through")
            .with("care = \"inpatient\" }", "care = \"inpatient\", tier = [\"county\", \"city\"] }")
            .with("ratio = \"80%\"", "ratio.tier = { county = \"80%\", city = \"70%\" }")
            .edit("{ county = \"80%\", city = \"70%\" }", "«{ county = \"80%\" }»")
            .error(Code::TableMisses),
        wrong("a table by category without other")
            .with("ratio = \"80%\"", "ratio.category = { orphan = \"90%\", other = \"80%\" }")
            .edit("{ orphan = \"90%\", other = \"80%\" }", "«{ orphan = \"90%\" }»")
            .error(Code::TableMisses),
        wrong("a table inside a table that misses something")
            .with("ratio = \"80%\"", "ratio.tier = { county = { referred = { yes = \"80%\", no = \"60%\" } }, other = \"70%\" }")
            .edit("{ yes = \"80%\", no = \"60%\" }", "«{ yes = \"80%\" }»")
            .error(Code::TableMisses),
        wrong("a named table that misses a tier, where a step uses it")
            .add(TABLE)
            .edit("{ township = \"90%\", county = \"80%\", other = \"unstated\" }", "{ township = \"90%\", county = \"80%\" }")
            .edit("{ table = \"ratios\" }", "{ table = «\"ratios\"» }")
            .error(Code::TableMisses),
        wrong("a table by admission without other")
            .with("deductible = 400", "deductible.admission = { 1 = 400, 2 = 200, other = 100 }")
            .edit("{ 1 = 400, 2 = 200, other = 100 }", "«{ 1 = 400, 2 = 200 }»")
            .error(Code::TableMisses),
    ]
}

fn unused() -> Vec<Wrong> {
    vec![
        wrong("a limit that nothing uses")
            .add(SHARED)
            .edit("[[limit]]\nid = \"both\"", "[[limit]]\nid = «\"both\"»")
            .edit("shared_limits = [\"both\"]\n", "")
            .edit("shared_limits = \"both\"\n", "")
            .error(Code::LimitUnused),
        wrong("a shared limit that one step has alone")
            .add(SHARED)
            .edit("[[limit]]\nid = \"both\"", "[[limit]]\nid = «\"both\"»")
            .edit("shared_limits = \"both\"\n", "")
            .warning(Code::LimitSharedByOne),
        wrong("a source that nothing cites")
            .with(
                "source = \"S1\"\nclause = \"第五条\"",
                "source = \"S2\"\nclause = \"第五条\"",
            )
            .add("[[source]]\nid = \"S2\"\ntitle = \"县医保局问答\"\ndate = \"undated\"\n")
            .edit(
                "source = \"S2\"\nclause = \"第五条\"",
                "source = \"S1\"\nclause = \"第五条\"",
            )
            .edit("id = \"S2\"", "id = «\"S2\"»")
            .error(Code::SourceUncited),
        wrong("a payer that pays nothing")
            .edit("payer = \"aid\"", "payer = \"basic\"")
            .edit("[[payer]]\nid = \"aid\"", "[[payer]]\nid = «\"aid\"»")
            .error(Code::Unused),
        wrong("a group that nothing uses")
            .add("[[group]]\nid = \"poor\"\nname = \"贫困人口\"\ncategories = [\"orphan\"]\n")
            .with("category = \"registered-poor\"", "category = \"poor\"")
            .edit("[[group]]\nid = \"poor\"", "[[group]]\nid = «\"poor\"»")
            .edit("category = \"poor\"", "category = \"orphan\"")
            .error(Code::Unused),
        wrong("a term that nothing uses")
            .add("[[term]]\nid = \"sanwu\"\nof = \"category\"\nname = \"城市三无\"\n")
            .with("category = \"registered-poor\"", "category = \"城市三无\"")
            .edit("[[term]]\nid = \"sanwu\"", "[[term]]\nid = «\"sanwu\"»")
            .edit("category = \"城市三无\"", "category = \"orphan\"")
            .error(Code::Unused),
        wrong("a disease and a list that nothing uses")
            .add(DISEASE)
            .edit("id = \"gallstone\"\n", "id = «\"gallstone\"»\n")
            .edit("id = \"major\"\n", "id = «\"major\"»\n")
            .edit("when = { disease = \"major\" }\n", "")
            .error(Code::Unused)
            .error(Code::Unused),
        wrong("a table that nothing uses")
            .add(TABLE)
            .edit("[[table]]\nid = \"ratios\"", "[[table]]\nid = «\"ratios\"»")
            .edit("ratio = { table = \"ratios\" }", "ratio = \"10%\"")
            .error(Code::Unused),
    ]
}

fn order() -> Vec<Wrong> {
    vec![
        wrong("a base less a later step")
            .with(
                "ratio = \"80%\"",
                "ratio = \"80%\"\nbase = { of = \"billed\" }",
            )
            .edit(
                "base = { of = \"billed\" }",
                "base = { of = \"billed\", less = [«\"aid\"»] }",
            )
            .error(Code::Forward),
        wrong("a base less the step itself")
            .edit(
                "ratio = \"70%\"",
                "ratio = \"70%\"\nbase = { of = \"billed\", less = [«\"aid\"»] }",
            )
            .error(Code::Forward),
        wrong("a deductible counted with a later step")
            .with(
                "deductible = 400",
                "deductible = { value = 400, per = \"year\" }",
            )
            .edit(
                "{ value = 400, per = \"year\" }",
                "{ value = 400, per = \"year\", with = «\"aid\"» }",
            )
            .error(Code::Forward),
        wrong("shares of too little")
            .with(
                "payer = \"basic\"",
                "payers = { basic = \"60%\", aid = \"40%\" }",
            )
            .edit(
                "payers = { basic = \"60%\", aid = \"40%\" }",
                "«payers» = { basic = \"60%\", aid = \"30%\" }",
            )
            .error(Code::SharesSum),
        wrong("shares of too much")
            .with(
                "payer = \"basic\"",
                "payers = { basic = \"60%\", aid = \"40%\" }",
            )
            .edit(
                "payers = { basic = \"60%\", aid = \"40%\" }",
                "«payers» = { basic = \"60%\", aid = \"50%\" }",
            )
            .error(Code::SharesSum),
    ]
}

fn layers() -> Vec<Wrong> {
    vec![
        wrong("an error in a file that extends another")
            .also("assumed.toml", ASSUMED)
            .edit("value = \"75%\"", "value = «\"75\"»")
            .error(Code::BadRatio),
        wrong("an error of the file that is extended")
            .edit("deductible = 400", "deductible = «4.005»")
            .also("assumed.toml", ASSUMED)
            .error(Code::BadAmount),
        wrong("a step that is added without its keys")
            .also("assumed.toml", ASSUMED)
            .add(THIRD_STEP)
            .edit("[[step]]\nid = \"third\"\nname = \"第三道\"\npayer = \"aid\"", "««[[step]]»»\nid = \"third\"")
            .error(Code::MissingKey)
            .error(Code::MissingKey),
        wrong("an adjustment over 100 % in a file that extends another")
            .also("assumed.toml", ASSUMED)
            .add("[[step.adjust]]\nid = \"poor\"\nfigure = \"ratio\"\nadd = \"20%\"\nsource = \"assumption\"\n")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("add = \"20%\"", "add = \"30%\"")
            .error(Code::RatioOver100),
        wrong("an entry taken out of a table")
            .with("ratio = \"80%\"", "ratio.tier = { county = \"80%\", other = \"70%\" }")
            .also("assumed.toml", ASSUMED)
            .add("[[step]]\nid = \"basic\"\nratio.tier = { county = \"85%\", other = \"75%\" }\nsource = \"assumption\"\n")
            .edit("other = \"75%\"", "other = «\"75\"»")
            .error(Code::BadRatio),
        wrong("two versions in force on one day")
            .also("next.toml", NEXT)
            .edit("from = 2021-01-01", "«from» = 2020-12-31")
            .error(Code::VersionOverlap),
        wrong("a version that forgets its period")
            .also("next.toml", NEXT)
            .edit("[policy]", "«[policy]»")
            .edit("from = 2021-01-01\nto = \"open\"\n", "")
            .error(Code::VersionOverlap),
        wrong("a version that forgets its end")
            .also("next.toml", NEXT)
            .edit("from = 2021-01-01\nto = \"open\"\n", "«from» = 2021-01-01\n")
            .error(Code::PeriodOrder),
        wrong("a policy that extends itself")
            .edit("version = \"2020\"", "version = \"2020\"\nextends = «\"county/2020\"»")
            .error(Code::ExtendsCycle),
        wrong("two policies that extend each other")
            .edit("version = \"2020\"", "version = \"2020\"\nextends = «\"county/2021\"»")
            .also("next.toml", NEXT)
            .edit("\"county/2020\"", "«\"county/2020\"»")
            .error(Code::ExtendsCycle)
            .error(Code::ExtendsCycle),
        wrong("assumptions that cite the wrong source")
            .also("assumed.toml", ASSUMED)
            .edit("source = \"assumption\"", "source = «\"asumption\"»")
            .error(Code::UnknownName)
            .suggests("assumption"),
    ]
}

fn too_many() -> Vec<Wrong> {
    let steps = |count: usize, step: &dyn Fn(usize) -> String| -> String {
        (0..count)
            .map(|number| {
                format!(
                    "[[step]]\nid = \"s{number}\"\nname = \"某\"\npayer = \"aid\"\nsource = \"S1\"\nratio = \"1%\"\n{}\n",
                    step(number)
                )
            })
            .collect()
    };
    let ages = steps(257, &|number| format!("when = {{ age = {} }}", number));
    let fees = [
        "bed", "surgery", "nursing", "material", "infusion", "file", "premium",
    ];
    let covers = steps(65, &|number| {
        let chosen: Vec<&str> = (0..7)
            .filter(|bit| (number + 1) >> bit & 1 == 1)
            .map(|bit| fees[bit])
            .collect();
        format!("covers = {{ fees = {chosen:?} }}")
    });
    let diseases: String = (0..10_001)
        .map(|number| {
            format!("[[disease]]\nid = \"d{number}\"\nname = \"某\"\nicd10 = \"A00.{number}\"\n")
        })
        .chain(["[[disease_list]]\nid = \"all\"\nname = \"全部\"\ndiseases = [".to_owned()])
        .chain((0..10_001).map(|number| format!("\"d{number}\",")))
        .chain([
            "]\n".to_owned(),
            steps(1, &|_| "when = { disease = \"all\" }".to_owned()),
        ])
        .collect();
    vec![
        wrong("too many tests in conditions")
            .edit("[policy]", "«»[policy]")
            .edit("on = \"payment\"\n", &format!("on = \"payment\"\n{ages}"))
            .error(Code::TooMany),
        wrong("too many choices of lines")
            .edit("[policy]", "«»[policy]")
            .edit("on = \"payment\"\n", &format!("on = \"payment\"\n{covers}"))
            .error(Code::TooMany),
        wrong("too many steps")
            .edit("[policy]", "«»[policy]")
            .edit(
                "on = \"payment\"\n",
                &format!("on = \"payment\"\n{}", steps(999, &|_| String::new())),
            )
            .error(Code::TooMany),
        wrong("too many diseases")
            .edit("[policy]", "«»[policy]")
            .edit(
                "on = \"payment\"\n",
                &format!("on = \"payment\"\n{diseases}"),
            )
            .error(Code::TooMany),
    ]
}
