//! Wrong amounts, ratios, dates and words, and what may come of figures.

use super::{ADJUST, ASSUMED, BANDS, DISEASE, EXCEPTION, TABLE};
use crate::wrong::{Wrong, wrong};
use payer_split::Code;

/// Every wrong file of this sort.
pub(crate) fn all() -> Vec<Wrong> {
    [
        amounts(),
        ratios(),
        adjustments(),
        dates_and_codes(),
        values(),
        bands(),
        tables(),
    ]
    .into_iter()
    .flatten()
    .collect()
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
        adjusted("a waiver with a bound")
            .edit("add = \"10%\"", "«waive» = true\nat_most = \"50%\"")
            .error(Code::Conflict),
        adjusted("a payment that can pass what the formula gives")
            .with("figure = \"ratio\"", "figure = \"payment\"")
            .with("add = \"10%\"", "multiply = \"95%\"")
            .edit("[[step.adjust]]", "«[[step.adjust]]»")
            .edit("multiply = \"95%\"", "add = \"10%\"")
            .error(Code::RatioOver100),
        adjusted("a wrong sum beside a count")
            .with("add = \"10%\"", "add = \"1%\"\nper = \"insured-year\"\nadd_at_most = \"10%\"")
            .edit("add = \"1%\"", "add = «1»")
            .error(Code::BadRatio),
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
        wrong("an exception to a law that no policy may break")
            .add(EXCEPTION)
            .edit("law = 6", "law = «1»")
            .error(Code::BadValue),
        wrong("an exception to a law that there is not")
            .add(EXCEPTION)
            .edit("law = 6", "law = «11»")
            .error(Code::BadValue),
        wrong("an exception to a law by its name")
            .add(EXCEPTION)
            .edit("law = 6", "law = «\"conservation\"»")
            .error(Code::WrongType),
        wrong("a source without a title")
            .edit("title = \"县政府文件\"", "title = «\"\"»")
            .error(Code::BadValue),
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

fn bands() -> Vec<Wrong> {
    vec![
        wrong("a gap between bands")
            .add(BANDS)
            .edit("over = 30000,", "over = «40000»,")
            .error(Code::BandGap),
        wrong("a gap of one fen between bands of which the whole amount has one")
            .add(BANDS)
            .with(
                "per = \"bill\"\nband",
                "per = \"bill\"\napply = \"whole\"\nband",
            )
            .edit("from = 80000,", "over = «80000»,")
            .error(Code::BandGap),
        wrong("bands that overlap")
            .add(BANDS)
            .edit("over = 30000,", "over = «20000»,")
            .error(Code::BandOverlap),
        wrong("bands of which the whole amount has one and that overlap in one fen")
            .add(BANDS)
            .with(
                "per = \"bill\"\nband",
                "per = \"bill\"\napply = \"whole\"\nband",
            )
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
        wrong("a last band that ends")
            .add(BANDS)
            .edit("from = 80000, ratio", "from = 80000, to = «150000», ratio")
            .warning(Code::BandEnds),
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
        wrong("two entries for one tier")
            .with("ratio = \"80%\"", "ratio.tier = { county = \"80%\", other = \"70%\" }")
            .edit("county = \"80%\", other", "county = \"80%\", «\"县\"» = \"75%\", other")
            .error(Code::DuplicateId),
        wrong("a named table without a limit, for a deductible")
            .add(TABLE)
            .with("kind = \"ratio\"", "kind = \"amount\"")
            .with("{ township = \"90%\", county = \"80%\", other = \"unstated\" }", "{ county = 400, other = 300 }")
            .with("ratio = { table = \"ratios\" }", "ratio = \"10%\"\ndeductible = { table = \"ratios\" }")
            .edit("{ county = 400, other = 300 }", "{ county = 400, other = \"none\" }")
            .edit("deductible = { table = \"ratios\" }", "deductible = { table = «\"ratios\"» }")
            .error(Code::Conflict),
        wrong("a table by admission without other")
            .with("deductible = 400", "deductible.admission = { 1 = 400, 2 = 200, other = 100 }")
            .edit("{ 1 = 400, 2 = 200, other = 100 }", "«{ 1 = 400, 2 = 200 }»")
            .error(Code::TableMisses),
    ]
}
