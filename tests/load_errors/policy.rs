//! Wrong names, and what does not go together in a policy or between its files.

use super::{ADJUST, ASSUMED, BANDS, DISEASE, FLOOR, NEXT, SHARED, TABLE, THIRD_STEP};
use crate::wrong::{Wrong, wrong};
use payer_split::Code;

/// Every wrong file of this sort.
pub(crate) fn all() -> Vec<Wrong> {
    [
        names(),
        ids(),
        conflicts(),
        conditions(),
        unused(),
        order(),
        layers(),
        too_many(),
    ]
    .into_iter()
    .flatten()
    .collect()
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
        wrong("a misspelt tier, to which a table keeps")
            .with(
                "care = \"inpatient\" }",
                "care = \"inpatient\", tier = \"county\" }",
            )
            .with("ratio = \"80%\"", "ratio.tier = { county = \"80%\" }")
            .edit("tier = \"county\" }", "tier = «\"conty\"» }")
            .error(Code::UnknownName)
            .suggests("county"),
        wrong("a misspelt outpatient disease")
            .edit(
                "care = \"inpatient\" }",
                "care = \"inpatient\", outpatient_disease = «\"diabetis\"» }",
            )
            .error(Code::UnknownName)
            .suggests("diabetes"),
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
        wrong("a limit of a file that has none")
            .edit(
                "ratio = \"70%\"",
                "ratio = \"70%\"\nshared_limits = [«\"both\"»]",
            )
            .error(Code::UnknownName),
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
        wrong("a limit on deductibles for one bill")
            .with("deductible = 400", "deductible = { value = 400, within = \"ceiling\" }")
            .add("[[limit]]\nid = \"ceiling\"\nname = \"起付线封顶\"\nsource = \"S1\"\namount = 800\nper = \"year\"\non = \"deductible\"\n")
            .edit("per = \"year\"\non = \"deductible\"", "«per» = \"bill\"\non = \"deductible\"")
            .error(Code::Conflict),
        wrong("a limit on how many bills of one bill")
            .with("amount = 30000", "amount = 1")
            .with("on = \"payment\"", "on = \"bills\"")
            .edit("per = \"year\"", "«per» = \"bill\"")
            .error(Code::Conflict),
        wrong("a guarantee with a fixed base")
            .add(FLOOR)
            .edit("guarantee = {", "base = { fixed = 100 }\n«guarantee» = {")
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
        wrong("a version with a slash")
            .edit("version = \"2020\"", "version = «\"2020/1\"»")
            .error(Code::BadId),
        wrong("a stated file over assumptions")
            .also("assumed.toml", ASSUMED)
            .also("next.toml", NEXT)
            .edit("\"county/2020\"", "«\"county/2020/assumed\"»")
            .error(Code::Conflict),
        wrong("assumptions over what is no name")
            .also("assumed.toml", ASSUMED)
            .edit("\"county/2020\"", "«3»")
            .error(Code::WrongType),
        wrong("an empty list of what is extended")
            .edit("version = \"2020\"", "version = \"2020\"\n«extends» = []")
            .error(Code::BadValue),
        wrong("a file that is extended twice")
            .also("assumed.toml", ASSUMED)
            .edit("\"county/2020\"", "[\"county/2020\", «\"county/2020\"»]")
            .error(Code::DuplicateId),
        wrong("a removal with something beside it")
            .also("assumed.toml", ASSUMED)
            .add("[[step.limit]]\nid = \"year\"\nremove = true\n")
            .edit("remove = true", "remove = true\n«amount» = 5")
            .error(Code::Conflict),
        wrong("two steps each before the other")
            .edit("payer = \"basic\"", "payer = \"basic\"\nafter = «\"aid\"»")
            .edit("payer = \"aid\"", "payer = \"aid\"\nbefore = «\"basic\"»")
            .error(Code::Conflict)
            .error(Code::Conflict),
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
    ]
}
