//! Codes of steps and adjustments that are probably not meant.

use super::{Example, Explanation, entry};
use crate::text::Code;

pub(super) const CAP_BELOW_DEDUCTIBLE: Explanation = entry(
    Code::CapBelowDeductible,
    [
        "限额低于起付线。",
        "A limit is below the deductible of its step.",
    ],
    [
        "限的是费用的，起付线把它扣完，这个步骤不付钱；限的是支付额的，多半少写了零。",
        "If it is on the cost, the deductible takes all of it and the step pays nothing; if on the payment, mostly zeros are missing.",
    ],
    [
        "检查两个数的单位和零的个数。",
        "Check the units and the zeros of both figures.",
    ],
    [
        Example::step(
            "deductible = 400\nratio = \"80%\"\n\n[[step.limit]]\nid = \"bill\"\namount = 300\nper = \"bill\"\non = \"cost\"\n",
        ),
        Example::step(
            "deductible = 400\nratio = \"80%\"\n\n[[step.limit]]\nid = \"bill\"\namount = 3000\nper = \"bill\"\non = \"cost\"\n",
        ),
    ],
);

pub(super) const ADJUST_SHADOWED: Explanation = entry(
    Code::AdjustShadowed,
    [
        "调整的结果总被后面的调整取代。",
        "A later adjust always replaces the outcome of this one.",
    ],
    [
        "调整按文件次序进行，这一个等于没有写。",
        "Adjusts are worked in file order, so this one has no effect.",
    ],
    [
        "换次序（免除放在最后），或给后一个加条件。",
        "Change the order (a waiver last), or give the later one a condition.",
    ],
    [
        Example::step(
            "ratio = \"70%\"\n\n[[step.adjust]]\nid = \"orphan\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nadd = \"20%\"\n\n[[step.adjust]]\nid = \"county\"\nfigure = \"ratio\"\nset = \"80%\"\n",
        ),
        Example::step(
            "ratio = \"70%\"\n\n[[step.adjust]]\nid = \"county\"\nfigure = \"ratio\"\nwhen = { tier = \"county\" }\nset = \"80%\"\n\n[[step.adjust]]\nid = \"orphan\"\nfigure = \"ratio\"\nwhen = { category = \"orphan\" }\nadd = \"20%\"\n",
        ),
    ],
);

pub(super) const STEP_NEVER_PAYS: Explanation = entry(
    Code::StepNeverPays,
    [
        "这个步骤在任何账单上都不付钱。",
        "The step pays nothing on any bill.",
    ],
    [
        "比例是零，或前面的步骤已经付完了。",
        "Its ratio is zero, or an earlier step leaves nothing to pay.",
    ],
    [
        "改正数字或次序；不再付钱的步骤删去。",
        "Mend the figures or the order; remove a step that pays no more.",
    ],
    [
        Example::step("ratio = \"0%\"\n"),
        Example::step("ratio = \"80%\"\n"),
    ],
);

pub(super) const PAYER_NEVER_PAYS: Explanation = entry(
    Code::PayerNeverPays,
    [
        "这个支付方在任何步骤里都付不到钱。",
        "The payer can pay nothing in any step.",
    ],
    [
        "份额是零，或它的步骤都不付钱。",
        "Its share is zero, or none of its steps ever pays.",
    ],
    [
        "改正份额，或删去这个支付方。",
        "Mend the share, or remove the payer.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[payer]]\nid = \"hospital\"\nname = \"医院\"\nkind = \"hospital\"\n\n[[step]]\nid = \"rest\"\nname = \"余额分担\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\npayers = { basic = \"100%\", hospital = \"0%\" }\nratio = \"90%\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[payer]]\nid = \"hospital\"\nname = \"医院\"\nkind = \"hospital\"\n\n[[step]]\nid = \"rest\"\nname = \"余额分担\"\nsource = \"S1\"\nwhen = { care = \"inpatient\" }\npayers = { basic = \"50%\", hospital = \"50%\" }\nratio = \"90%\"\n",
        ),
    ],
);

pub(super) const SAME_ROLE: Explanation = entry(
    Code::SameRole,
    [
        "同一支付方的两个步骤为同一个患者付同一笔钱。",
        "Two steps of one payer pay the same patient for the same money.",
    ],
    [
        "特别规定和一般规定都付了，付得比文件多。",
        "The special and the general rule both pay, which is more than the text says.",
    ],
    [
        "在一般的步骤里写 unless，排除特别的；文件确实说再付一次就不改。",
        "Exclude the special ones from the general step by unless; if the text says that both pay, leave it.",
    ],
    [
        Example::step(
            "deductible = 400\nratio = \"80%\"\n\n[[step]]\nid = \"poor\"\nname = \"贫困人口住院\"\npayer = \"basic\"\nsource = \"S1\"\nwhen = { care = \"inpatient\", category = \"registered-poor\" }\ndeductible = 200\nratio = \"90%\"\n",
        ),
        Example::step(
            "unless = { category = \"registered-poor\" }\ndeductible = 400\nratio = \"80%\"\n\n[[step]]\nid = \"poor\"\nname = \"贫困人口住院\"\npayer = \"basic\"\nsource = \"S1\"\nwhen = { care = \"inpatient\", category = \"registered-poor\" }\ndeductible = 200\nratio = \"90%\"\n",
        ),
    ],
);

pub(super) const GUARANTEE_OUT_OF_REACH: Explanation = entry(
    Code::GuaranteeOutOfReach,
    [
        "兜底保证的钱比步骤看的钱多。",
        "A guarantee is of more money than its step covers.",
    ],
    [
        "步骤只能从它看的费用里付，有目录外费用时达不到保证的比例。",
        "The step pays only out of what it covers; with cost out of scope the ratio is not reached.",
    ],
    [
        "对总费用兜底的写 covers = { parts = \"all\" }；只对政策范围内的写 of = \"in-scope\"。",
        "A floor of the total needs covers = { parts = \"all\" }; one of the in-scope part is of = \"in-scope\".",
    ],
    [
        Example::step("guarantee = { ratio = \"90%\", of = \"total\" }\n"),
        Example::step(
            "covers = { parts = \"all\" }\nguarantee = { ratio = \"90%\", of = \"total\" }\n",
        ),
    ],
);

pub(super) const POVERTY_PAYS_MORE: Explanation = entry(
    Code::PovertyPaysMore,
    [
        "有这个贫困身份的人自己付得反而更多。",
        "Who holds this poverty category pays more than who does not.",
    ],
    [
        "扶贫政策不会这样规定；多半是两个数颠倒了，或贫困人口被排除在一般规定之外。",
        "No poverty policy says so; mostly two figures are exchanged, or the poor are left out of a general rule.",
    ],
    [
        "对照文件改正；贫困人口也按一般规定的，不要排除。",
        "Mend it from the text; do not exclude the poor from a rule that holds for everybody.",
    ],
    [
        Example::step("ratio.category = { registered-poor = \"80%\", other = \"90%\" }\n"),
        Example::step("ratio.category = { registered-poor = \"90%\", other = \"80%\" }\n"),
    ],
);
