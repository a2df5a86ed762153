//! The wrong files, each as an edit of a good one. What must be underlined stands between `«` and `»`.

use payer_split::Code;

/// Files that are right, and the edit of the last of them that makes it wrong.
pub(crate) struct Wrong {
    pub(crate) title: &'static str,
    pub(crate) good: Vec<(&'static str, String)>,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    /// What must be found, in the order of its places; the first stands between the marks.
    pub(crate) codes: &'static [Code],
}

/// A good file, on which the others build.
pub(crate) const COUNTY: &str = r#"[policy]
id = "county"
version = "2020"
region = "430304"
name = "测试县健康扶贫"
from = 2020-01-01
to = 2020-12-31

[[source]]
id = "S1"
title = "县政府文件"
date = 2019-12-20

[[payer]]
id = "basic"
name = "居民基本医保"
kind = "insurance"

[[payer]]
id = "aid"
name = "医疗救助"
kind = "aid"

[[step]]
id = "basic"
name = "基本医保住院"
payer = "basic"
source = "S1"
when = { care = "inpatient" }
deductible = 400
ratio.tier = { township = "90%", county = "80%", other = "unstated" }

[[step]]
id = "aid"
name = "医疗救助"
payer = "aid"
source = "S1"
when = { care = "inpatient", category = "registered-poor" }
ratio = "70%"

[[step.limit]]
id = "year"
amount = 30000
per = "year"
on = "payment"
"#;

const BANDS: &str = r#"
[[step]]
id = "major"
name = "大病保险"
payer = "basic"
source = "S1"
when = { care = "inpatient" }
deductible = { value = 12000, per = "year" }
[step.bands]
per = "year"
scale = "above-deductible"
band = [
  { over = 0, to = 30000, ratio = "60%" },
  { over = 30000, ratio = "70%" },
]
"#;

const FLOOR: &str = r#"
[[step]]
id = "floor"
name = "兜底"
payer = "aid"
source = "S1"
when = { care = "inpatient", category = "registered-poor" }
covers = { parts = "all" }
guarantee = { ratio = "90%", of = "total" }
"#;

const BUMPS: &str = r#"
[[step.adjust]]
id = "old"
figure = "ratio"
when = { category = "orphan" }
add = "10%"

[[step.adjust]]
id = "orphans"
figure = "ratio"
when = { category = "orphan", age = { from = 60 } }
set = "85%"
"#;

const SECOND: &str = r#"
[[step]]
id = "second"
name = "二次救助"
payer = "aid"
source = "S1"
when = { care = "inpatient", category = "registered-poor" }
ratio = "50%"
"#;

const SPECIAL: &str = r#"
[[step]]
id = "special"
name = "贫困人口住院"
payer = "basic"
source = "S1"
when = { care = "day-surgery", category = "registered-poor" }
deductible = 200
ratio = "90%"
"#;

const NEXT: &str = r#"[policy]
extends = "county/2020"
version = "2021"
from = 2021-01-01
to = "open"
"#;

const MIDYEAR: &str = r#"[policy]
extends = "county/2020"
version = "second-half"
from = 2020-07-01
to = "open"

[[step]]
id = "aid"
[[step.limit]]
id = "year"
amount = 40000
"#;

const ASSUMED: &str = r#"[policy]
extends = "county/2020"
layer = "assumed"
source = "S1"

[[step]]
id = "basic"
ratio.tier = { city = "65%" }
"#;

/// One file: the county with something added.
fn county(
    title: &'static str,
    added: &str,
    from: &'static str,
    to: &'static str,
    codes: &'static [Code],
) -> Wrong {
    Wrong {
        title,
        good: vec![("county.toml", format!("{COUNTY}{added}"))],
        from,
        to,
        codes,
    }
}

/// Two files, of which the second is edited.
fn beside(
    title: &'static str,
    added: &str,
    from: &'static str,
    to: &'static str,
    codes: &'static [Code],
) -> Wrong {
    let first = match added == MIDYEAR {
        true => COUNTY.replace("2020-12-31", "2020-06-30"),
        false => COUNTY.to_owned(),
    };
    Wrong {
        title,
        good: vec![("county.toml", first), ("second.toml", added.to_owned())],
        from,
        to,
        codes,
    }
}

/// Every wrong file.
pub(crate) fn all() -> Vec<Wrong> {
    [
        figures(),
        formulas(),
        reach(),
        steps(),
        versions(),
        poverty(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn figures() -> Vec<Wrong> {
    vec![
        county(
            "a percentage typed as a part of one",
            "",
            "\"70%\"",
            "«\"0.7%\"»",
            &[Code::RatioTiny],
        ),
        county(
            "points typed as a factor",
            BUMPS,
            "[[step.adjust]]\nid = \"old\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nadd = \"10%\"",
            "«[[step.adjust]]»\nid = \"old\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nmultiply = \"5%\"",
            &[Code::RatioTiny, Code::PovertyPaysMore],
        ),
        county(
            "what is left to the patient as a floor",
            FLOOR,
            "\"90%\", of",
            "«\"10%\"», of",
            &[Code::PatientsShare],
        ),
        county(
            "ratios of two tiers exchanged",
            "",
            "township = \"90%\", county = \"80%\"",
            "township = \"80%\", county = «\"90%\"»",
            &[Code::OrderUnusual],
        ),
        county(
            "deductibles of two tiers exchanged",
            "",
            "deductible = 400",
            "deductible.tier = { township = 400, county = «100», other = \"unstated\" }",
            &[Code::OrderUnusual],
        ),
        county(
            "a deductible of 40 million",
            "",
            "deductible = 400",
            "deductible = «40000000»",
            &[Code::AmountAbsurd],
        ),
        county(
            "a limit of 300 million",
            "",
            "amount = 30000",
            "amount = «300000000»",
            &[Code::AmountAbsurd],
        ),
        county(
            "a limit in ten thousands",
            "",
            "amount = 30000",
            "amount = «3»",
            &[Code::AmountTiny],
        ),
        county(
            "a deductible in ten thousands",
            "",
            "deductible = 400",
            "deductible = «0.04»",
            &[Code::AmountTiny],
        ),
        county(
            "edges of bands in ten thousands",
            BANDS,
            "to = 30000, ratio = \"60%\" },\n  { over = 30000, ratio = \"70%\" }",
            "to = 3, ratio = \"60%\" },\n  { over = 3, ratio = «\"70%\"» }",
            &[Code::AmountTiny],
        ),
    ]
}

fn formulas() -> Vec<Wrong> {
    vec![
        county(
            "ratios of two bands exchanged",
            BANDS,
            "\"70%\" },\n]",
            "«\"50%\"» },\n]",
            &[Code::RatioFalls],
        ),
        county(
            "a cap on the cost below the deductible",
            "",
            "deductible = 400\nratio.tier = { township = \"90%\", county = \"80%\", other = \"unstated\" }",
            "deductible = 400\nratio.tier = { township = \"90%\", county = \"80%\", other = \"unstated\" }\nlimit = [{ id = \"most\", amount = «300», per = \"bill\", on = \"cost\" }]",
            &[Code::CapBelowDeductible],
        ),
        county(
            "a floor of the total out of the in-scope money",
            FLOOR,
            "covers = { parts = \"all\" }\nguarantee = { ratio = \"90%\"",
            "guarantee = { ratio = «\"90%\"»",
            &[Code::GuaranteeOutOfReach],
        ),
    ]
}

fn reach() -> Vec<Wrong> {
    vec![
        county(
            "an adjustment for ages that another condition excludes",
            &format!("unless = {{ age = {{ from = 60 }} }}\n{BUMPS}")
                .replace("unless = { age = { from = 60 } }\n", ""),
            "[[step.adjust]]\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\", age = { from = 60 } }",
            "«[[step.adjust]]»\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\", age = { from = 60 } }\nunless = { age = { from = 18 } }",
            &[Code::StepNeverApplies],
        ),
        county(
            "an adjustment that a later one replaces",
            BUMPS,
            "[[step.adjust]]\nid = \"old\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nadd = \"10%\"\n\n[[step.adjust]]\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\", age = { from = 60 } }",
            "«[[step.adjust]]»\nid = \"old\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nadd = \"10%\"\n\n[[step.adjust]]\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }",
            &[Code::AdjustShadowed],
        ),
        county(
            "a waiver before a minimum",
            "\n[[step.adjust]]\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nset = \"75%\"\n\n[[step.adjust]]\nid = \"least\"\nfigure = \"ratio\"\nat_least = \"50%\"\n",
            "[[step.adjust]]\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nset = \"75%\"",
            "«[[step.adjust]]»\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nwaive = true",
            &[Code::AdjustShadowed, Code::PovertyPaysMore],
        ),
    ]
}

fn steps() -> Vec<Wrong> {
    vec![
        county(
            "a step of 0 %",
            SECOND,
            "\"50%\"",
            "«\"0%\"»",
            &[Code::StepNeverPays],
        ),
        county(
            "a step behind one that pays all",
            "\n[[step]]\nid = \"rest\"\nname = \"全额\"\npayer = \"aid\"\nsource = \"S1\"\nwhen = { care = \"day-surgery\" }\nratio = \"100%\"\n\n[[step]]\nid = \"last\"\nname = \"再次\"\npayer = \"aid\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\nratio = \"10%\"\n",
            "\"day-surgery\" }\nratio = \"100%\"\n\n[[step]]\nid = \"last\"",
            "[\"inpatient\", \"day-surgery\"] }\nratio = \"100%\"\n\n«[[step]]»\nid = \"last\"",
            &[Code::StepNeverPays],
        ),
        county(
            "a floor below an earlier one",
            &format!(
                "{FLOOR}{}",
                FLOOR
                    .replace("\"floor\"", "\"higher\"")
                    .replace("90%", "95%")
            ),
            "[[step]]\nid = \"higher\"\nname = \"兜底\"\npayer = \"aid\"\nsource = \"S1\"\nwhen = { care = \"inpatient\", category = \"registered-poor\" }\ncovers = { parts = \"all\" }\nguarantee = { ratio = \"95%\"",
            "«[[step]]»\nid = \"higher\"\nname = \"兜底\"\npayer = \"aid\"\nsource = \"S1\"\nwhen = { care = \"inpatient\", category = \"registered-poor\" }\ncovers = { parts = \"all\" }\nguarantee = { ratio = \"85%\"",
            &[Code::StepNeverPays],
        ),
        county(
            "a payer of 0 %",
            "\n[[payer]]\nid = \"hospital\"\nname = \"医院\"\nkind = \"hospital\"\n\n[[step]]\nid = \"shared\"\nname = \"分担\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\npayers = { aid = \"50%\", hospital = \"50%\" }\nratio = \"50%\"\n",
            "id = \"hospital\"\nname = \"医院\"\nkind = \"hospital\"\n\n[[step]]\nid = \"shared\"\nname = \"分担\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\npayers = { aid = \"50%\", hospital = \"50%\"",
            "id = «\"hospital\"»\nname = \"医院\"\nkind = \"hospital\"\n\n[[step]]\nid = \"shared\"\nname = \"分担\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\npayers = { aid = \"100%\", hospital = \"0%\"",
            &[Code::PayerNeverPays],
        ),
        county(
            "a special rule beside the general one",
            SPECIAL,
            "[[step]]\nid = \"special\"\nname = \"贫困人口住院\"\npayer = \"basic\"\nsource = \"S1\"\nwhen = { care = \"day-surgery\"",
            "«[[step]]»\nid = \"special\"\nname = \"贫困人口住院\"\npayer = \"basic\"\nsource = \"S1\"\nwhen = { care = \"inpatient\"",
            &[Code::SameRole],
        ),
    ]
}

fn versions() -> Vec<Wrong> {
    vec![
        beside(
            "a new version a day too late",
            NEXT,
            "from = 2021-01-01",
            "«from» = 2021-01-02",
            &[Code::VersionGap],
        ),
        beside(
            "a limit with a new id within the year",
            MIDYEAR,
            "[[step.limit]]\nid = \"year\"\namount = 40000\n",
            "limit = [{ id = \"year\", remove = true }, «{ id = \"yearly\", amount = 40000, per = \"year\", on = \"payment\" }»]\n",
            &[Code::CounterLost],
        ),
        beside(
            "an assumption for a figure that is stated",
            ASSUMED,
            "city = \"65%\"",
            "city = \"65%\", county = «\"75%\"»",
            &[Code::AssumptionShadows],
        ),
    ]
}

fn poverty() -> Vec<Wrong> {
    vec![
        county(
            "a table in which the poor have less",
            SPECIAL,
            "category = \"registered-poor\" }\ndeductible = 200\nratio = \"90%\"",
            "scheme = \"resident\" }\ndeductible = 200\nratio.category = { registered-poor = «\"80%\"», other = \"90%\" }",
            &[Code::PovertyPaysMore],
        ),
        county(
            "an adjustment that takes from the poor",
            BUMPS,
            "[[step.adjust]]\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\", age = { from = 60 } }\nset = \"85%\"",
            "«[[step.adjust]]»\nid = \"orphans\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\", age = { from = 60 } }\nset = \"55%\"",
            &[Code::PovertyPaysMore],
        ),
    ]
}
