//! Codes of things that do not fit together.

use super::{Bilingual, Example, Explanation, bilingual, entry};
use crate::text::Code;

pub(super) const LIMIT_UNUSED: Explanation = entry(
    Code::LimitUnused,
    [
        "没有步骤用这个共用限额。",
        "No step uses this shared limit.",
    ],
    [
        "写了不用的限额什么也限不住。",
        "A limit that nothing uses limits nothing.",
    ],
    [
        "在各步骤里写 shared_limits；只属于一个步骤的写成 [[step.limit]]。",
        "Name it in shared_limits of its steps; one of a single step is a [[step.limit]].",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[limit]]\nid = \"year\"\nname = \"年封顶线\"\namount = 30000\nper = \"year\"\non = \"payment\"\nsource = \"S1\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"year\"\nname = \"年封顶线\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
    ],
);

pub(super) const LIMIT_SHARED_BY_ONE: Explanation = entry(
    Code::LimitSharedByOne,
    [
        "共用限额只有一个步骤在用。",
        "Only one step uses this shared limit.",
    ],
    [
        "另一个步骤可能忘了写它，付得就会比文件许可的多。",
        "Another step may lack it, and then pays more than the text allows.",
    ],
    [
        "在另一个步骤里也写上，或改成这个步骤自己的 [[step.limit]]。",
        "Name it in the other step too, or make it a [[step.limit]] of this one.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\nshared_limits = [\"year\"]\n\n[[limit]]\nid = \"year\"\nname = \"年封顶线\"\namount = 30000\nper = \"year\"\non = \"payment\"\nsource = \"S1\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"year\"\nname = \"年封顶线\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
    ],
);

pub(super) const UNUSED: Explanation = entry(
    Code::Unused,
    [
        "定义了，却没有用到。",
        "It is defined, and nothing uses it.",
    ],
    [
        "多半有一条规定漏写了，或用的地方拼成了别的词。",
        "Mostly a rule is missing, or the place of use has another word.",
    ],
    [
        "在该用的地方写上，或删去。",
        "Use it where it belongs, or remove it.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[group]]\nid = \"poor\"\nname = \"贫困人口\"\ncategories = [\"registered-poor\", \"minimum-living\"]\n",
        ),
        Example::step(
            "ratio.category = { poor = \"90%\", other = \"80%\" }\n\n[[group]]\nid = \"poor\"\nname = \"贫困人口\"\ncategories = [\"registered-poor\", \"minimum-living\"]\n",
        ),
    ],
);

pub(super) const SOURCE_UNCITED: Explanation = entry(
    Code::SourceUncited,
    ["列出的出处没有地方引用。", "Nothing cites this source."],
    [
        "看文件的人以为规则依据了它，其实没有。",
        "A reader takes it for a basis of the rules, and it is none.",
    ],
    [
        "在依据它的地方写 source，或删去。",
        "Cite it where something comes from it, or remove it.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[source]]\nid = \"S2\"\ntitle = \"补充通知\"\ndate = 2020-02-01\n",
        ),
        Example::step(
            "ratio = { value = \"80%\", source = \"S2\", clause = \"第2条\" }\n\n[[source]]\nid = \"S2\"\ntitle = \"补充通知\"\ndate = 2020-02-01\n",
        ),
    ],
);

pub(super) const STEP_NEVER_APPLIES: Explanation = entry(
    Code::StepNeverApplies,
    [
        "没有账单能用到这个步骤、调整或表里的这一项。",
        "No bill can reach this step, adjust or entry.",
    ],
    [
        "条件互相矛盾，这一条永远不起作用。",
        "The conditions contradict one another, so it never has an effect.",
    ],
    [
        "改正条件；属于别的步骤的，移过去。",
        "Mend the conditions; move what belongs to another step.",
    ],
    [
        Example::step("unless = { care = [\"inpatient\", \"emergency\"] }\nratio = \"80%\"\n"),
        Example::step("unless = { place = \"elsewhere\" }\nratio = \"80%\"\n"),
    ],
);

pub(super) const FORWARD: Explanation = entry(
    Code::Forward,
    [
        "步骤引用了排在它后面的步骤。",
        "A step refers to one that stands behind it.",
    ],
    [
        "步骤按文件次序支付，那时后面的还没有付。",
        "Steps pay in file order, and the later one has paid nothing yet.",
    ],
    [
        "把被引用的步骤移到前面，或改正引用。",
        "Move the step that is referred to before this one, or mend the reference.",
    ],
    [
        Example::step(
            "base = { of = \"billed\", less = [\"serious\"] }\nratio = \"80%\"\n\n[[payer]]\nid = \"fund\"\nname = \"大病保险\"\nkind = \"insurance\"\n\n[[step]]\nid = \"serious\"\nname = \"大病保险\"\npayer = \"fund\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\nratio = \"60%\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[payer]]\nid = \"fund\"\nname = \"大病保险\"\nkind = \"insurance\"\n\n[[step]]\nid = \"serious\"\nname = \"大病保险\"\npayer = \"fund\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\nbase = { of = \"billed\", less = [\"basic\"] }\nratio = \"60%\"\n",
        ),
    ],
);

pub(super) const SHARES_SUM: Explanation = entry(
    Code::SharesSum,
    [
        "几个支付方的份额合计不是 100%。",
        "The shares of the payers do not sum to 100 %.",
    ],
    [
        "多出或缺少的部分没有人付。",
        "The part that is too much or too little belongs to nobody.",
    ],
    [
        "改正份额；支付方合付的总比例写在 ratio 里。",
        "Mend the shares; how much they pay together is the ratio.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[payer]]\nid = \"hospital\"\nname = \"医院\"\nkind = \"hospital\"\n\n[[step]]\nid = \"rest\"\nname = \"余额分担\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\npayers = { basic = \"50%\", hospital = \"40%\" }\nratio = \"90%\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[payer]]\nid = \"hospital\"\nname = \"医院\"\nkind = \"hospital\"\n\n[[step]]\nid = \"rest\"\nname = \"余额分担\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\npayers = { basic = \"50%\", hospital = \"50%\" }\nratio = \"90%\"\n",
        ),
    ],
);

/// Of cases that fail, which have no [`Code`]: nothing need be wrong in a file.
pub(super) const CASE_FAILS: Explanation = Explanation {
    code: crate::check::report::CASE_FAILS,
    meaning: bilingual([
        "用例算出的结果和期望不同。",
        "A case comes out otherwise than expected.",
    ]),
    why: bilingual([
        "规则或期望有一个不合文件；文件自己的算例不通过，规则一定有错。",
        "Either the rules or the expectation are not what the text says; if the text's own example fails, the rules are wrong.",
    ]),
    remedy: Bilingual {
        zh: "看并排列出的数和算式，从第一个不同的步骤找起，对照文件改规则或期望。",
        en: "Look at the figures side by side, begin with the first step that differs, and mend the rules or the expectation from the text.",
    },
    wrong: Example::case(
        "[[case]]\nname = \"县医院住院 5000\"\npolicy = \"county\"\n\n[case.patient]\nscheme = \"resident\"\n\n[[case.bill]]\ndate = 2020-03-01\ncare = \"inpatient\"\nfacility = { tier = \"county\" }\nlines = [{ fee = \"surgery\", class = \"A\", amount = 5000 }]\n\n[case.bill.expect]\npayers = { basic = 4000 }\n",
    ),
    right: Example::case(
        "[[case]]\nname = \"县医院住院 5000\"\npolicy = \"county\"\n\n[case.patient]\nscheme = \"resident\"\n\n[[case.bill]]\ndate = 2020-03-01\ncare = \"inpatient\"\nfacility = { tier = \"county\" }\nlines = [{ fee = \"surgery\", class = \"A\", amount = 5000 }]\n\n[case.bill.expect]\npayers = { basic = 3680 }\n",
    ),
};
