//! Texts that are no TOML, keys that are missing or unknown, and values of the wrong type.

use super::{ADJUST, ASSUMED, BANDS, DISEASE, EXCEPTION, FLOOR, TABLE};
use crate::wrong::{Wrong, wrong};
use payer_split::Code;

/// Every wrong file of this sort.
pub(crate) fn all() -> Vec<Wrong> {
    [text(), missing_keys(), unknown_keys(), types()]
        .into_iter()
        .flatten()
        .collect()
}

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
        wrong("a thousands comma")
            .edit("amount = 30000", "amount = 30«,»000")
            .error(Code::Syntax),
        wrong("an amount in 万")
            .edit("amount = 30000", "amount = «3万»")
            .error(Code::Syntax),
        wrong("a colon for an equals sign")
            .edit("deductible = 400", "deductible«:» 400")
            .error(Code::Syntax),
        wrong("one pair of brackets for two")
            .edit("[[step]]\nid = \"aid\"", "[«step»]\nid = \"aid\"")
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
        wrong("an exception to a law without a reason")
            .add(EXCEPTION)
            .edit("[[exception]]", "«[[exception]]»")
            .edit("reason = \"按定价付费\"\n", "")
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
        wrong("a number for the end of a policy")
            .edit("to = 2020-12-31", "to = «2020»")
            .error(Code::WrongType),
        wrong("a number for the date of a source")
            .edit("date = 2019-12-20", "date = «2019»")
            .error(Code::WrongType),
        wrong("a date where names belong")
            .edit("care = \"inpatient\" }", "care = \"inpatient\", tier = «2020-01-01» }")
            .error(Code::WrongType),
        wrong("a list where a text belongs")
            .edit("clause = \"第五条\"", "clause = «[]»")
            .error(Code::WrongType),
        wrong("a day with a time")
            .edit("from = 2020-01-01", "from = «2020-01-01T00:00:00»")
            .error(Code::WrongType),
        wrong("a place among steps that is no id")
            .edit("ratio = \"70%\"", "ratio = \"70%\"\nafter = «3»")
            .error(Code::WrongType),
    ]
}
