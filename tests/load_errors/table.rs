//! The wrong files, by what is wrong with them, and good texts that several of them add to.

mod figures;
mod keys;
mod policy;

use super::wrong::Wrong;
use payer_split::Diagnostics;
use std::sync::LazyLock;

/// Every wrong file, with what loading it reports.
pub(crate) static ALL: LazyLock<Vec<(Wrong, Diagnostics)>> = LazyLock::new(|| {
    [keys::all(), figures::all(), policy::all()]
        .into_iter()
        .flatten()
        .map(|wrong| {
            let problems = wrong.problems();
            (wrong, problems)
        })
        .collect()
});

/// A step of its own at the end of the file, for what the good file does not have.
pub(crate) const THIRD_STEP: &str = r#"
[[step]]
id = "third"
name = "第三道"
payer = "aid"
source = "S1"
ratio = "10%"
"#;

/// A step with bands at the end of the file.
pub(crate) const BANDS: &str = r#"
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
pub(crate) const ADJUST: &str = r#"
[[step.adjust]]
id = "poor"
figure = "ratio"
when = { category = "orphan" }
add = "10%"
"#;

/// A guarantee at the end of the file.
pub(crate) const FLOOR: &str = r#"
[[step]]
id = "floor"
name = "兜底"
payer = "aid"
source = "S1"
covers = { parts = "all" }
guarantee = { ratio = "90%", of = "total" }
"#;

/// A shared limit, used by the third step.
pub(crate) const SHARED: &str = r#"
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

/// An exception to a law.
pub(crate) const EXCEPTION: &str = r#"
[[exception]]
id = "fixed-price"
law = 6
reason = "按定价付费"
source = "S1"
"#;

/// A disease, a list of it, and a step for it.
pub(crate) const DISEASE: &str = r#"
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
pub(crate) const TABLE: &str = r#"
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
pub(crate) const ASSUMED: &str = r#"[policy]
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
pub(crate) const NEXT: &str = r#"[policy]
extends = "county/2020"
version = "2021"
from = 2021-01-01
to = "open"
"#;
