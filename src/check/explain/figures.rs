//! Codes of figures: what they are, and what may come of them.

use super::{Example, Explanation, entry};
use crate::text::Code;

pub(super) const RATIO_OVER_100: Explanation = entry(
    Code::RatioOver100,
    [
        "比例超过 100%，或调整之后会超过。",
        "A ratio is above 100 %, or can be after its adjusts.",
    ],
    [
        "支付方会付得比费用还多。",
        "The payer would pay more than the cost.",
    ],
    [
        "改正数字；文件说“最高不超过 100%”的，在调整里写 at_most = \"100%\"。",
        "Mend the figure; where the text says \"at most 100 %\", write at_most = \"100%\" in the adjust.",
    ],
    [
        Example::step(
            "ratio = \"90%\"\n\n[[step.adjust]]\nid = \"poor\"\nfigure = \"ratio\"\nwhen = { category = \"registered-poor\" }\nadd = \"15%\"\n",
        ),
        Example::step(
            "ratio = \"90%\"\n\n[[step.adjust]]\nid = \"poor\"\nfigure = \"ratio\"\nwhen = { category = \"registered-poor\" }\nadd = \"15%\"\nat_most = \"100%\"\n",
        ),
    ],
);

pub(super) const RATIO_BELOW_0: Explanation = entry(
    Code::RatioBelow0,
    [
        "比例低于 0，或调整之后会低于 0。",
        "A ratio is below 0, or can be after its adjusts.",
    ],
    [
        "支付方会倒收患者的钱。",
        "The payer would take money from the patient.",
    ],
    [
        "改正数字；减到零为止的，在调整里写 at_least = \"0%\"。",
        "Mend the figure; where it ends at zero, write at_least = \"0%\" in the adjust.",
    ],
    [
        Example::step(
            "ratio.tier = { county = \"80%\", city = \"20%\", other = \"unstated\" }\n\n[[step.adjust]]\nid = \"unreferred\"\nfigure = \"ratio\"\nwhen = { referred = false }\nsubtract = \"25%\"\n",
        ),
        Example::step(
            "ratio.tier = { county = \"80%\", city = \"20%\", other = \"unstated\" }\n\n[[step.adjust]]\nid = \"unreferred\"\nfigure = \"ratio\"\nwhen = { referred = false }\nsubtract = \"25%\"\nat_least = \"0%\"\n",
        ),
    ],
);

pub(super) const AMOUNT_BELOW_0: Explanation = entry(
    Code::AmountBelow0,
    [
        "金额低于 0，或调整之后会低于 0。",
        "An amount is below 0, or can be after its adjusts.",
    ],
    [
        "起付线和限额没有负的。",
        "No deductible or limit is negative.",
    ],
    [
        "改正数字；减到零为止的，在调整里写 at_least = 0。",
        "Mend the figure; where it ends at zero, write at_least = 0 in the adjust.",
    ],
    [
        Example::step("deductible = -400\nratio = \"80%\"\n"),
        Example::step("deductible = 400\nratio = \"80%\"\n"),
    ],
);

pub(super) const RATIO_TOO_FINE: Explanation = entry(
    Code::RatioTooFine,
    [
        "比例的小数位太多，存不准。",
        "A ratio has more decimals than can be kept.",
    ],
    [
        "比例算到百分号前四位小数，不做舍入。",
        "Ratios are kept with four decimals of a percent, and never rounded.",
    ],
    [
        "写至多四位小数；相乘得出的，把结果直接写成 set。",
        "Write at most four decimals; of a product write the outcome with set.",
    ],
    [
        Example::step("ratio = \"66.66667%\"\n"),
        Example::step("ratio = \"66.6667%\"\n"),
    ],
);

pub(super) const TABLE_MISSES: Explanation = entry(
    Code::TableMisses,
    [
        "表里缺少账单可能需要的一项。",
        "A table lacks an entry that a bill may need.",
    ],
    [
        "那样的账单没有数可用。",
        "For such a bill there is no figure.",
    ],
    [
        "补上这一项，或 other；文件没有说的写 \"unstated\"。条件限住了的不必写。",
        "Add the entry, or other; \"unstated\" where the text is silent. What the conditions exclude needs none.",
    ],
    [
        Example::step("ratio.tier = { township = \"90%\", county = \"80%\" }\n"),
        Example::step(
            "ratio.tier = { township = \"90%\", county = \"80%\", other = \"unstated\" }\n",
        ),
    ],
);

pub(super) const RATIO_TINY: Explanation = entry(
    Code::RatioTiny,
    [
        "比例小得不像比例：可能把小数写成了百分数，或把百分点写成了倍数。",
        "A ratio so small that a fraction was probably typed as a percentage, or points as a factor.",
    ],
    ["0.8% 只付千分之八。", "0.8 % pays eight in a thousand."],
    [
        "要的是 80% 就写 \"80%\"；“提高 5 个百分点”是 add = \"5%\"，不是 multiply。",
        "Write \"80%\" where 80 % is meant; \"5 points more\" is add = \"5%\", not multiply.",
    ],
    [
        Example::step("ratio = \"0.8%\"\n"),
        Example::step("ratio = \"80%\"\n"),
    ],
);

pub(super) const PATIENTS_SHARE: Explanation = entry(
    Code::PatientsShare,
    [
        "这个比例像是患者的，不像是支付方的。",
        "The ratio is probably the patient's, not the payer's.",
    ],
    [
        "“个人自付不超过 10%”是保证报销 90%；写反了几乎不付钱。",
        "\"The patient pays at most 10 %\" guarantees 90 %; the other way round it pays next to nothing.",
    ],
    ["写报销的比例。", "Write the ratio that is reimbursed."],
    [
        Example::step(
            "covers = { parts = \"all\" }\nguarantee = { ratio = \"10%\", of = \"total\" }\n",
        ),
        Example::step(
            "covers = { parts = \"all\" }\nguarantee = { ratio = \"90%\", of = \"total\" }\n",
        ),
    ],
);

pub(super) const ORDER_UNUSUAL: Explanation = entry(
    Code::OrderUnusual,
    [
        "各级医院的数与通常的高低相反。",
        "Figures go against the usual order of tiers, grades or places.",
    ],
    [
        "越近、越低级的医院，比例通常越高，起付线越低；两个数可能抄颠倒了，或写的是患者的比例。",
        "The nearer and lower the hospital, the higher the ratio and the lower the deductible; figures may have been exchanged, or the patient's written.",
    ],
    [
        "对照文件；文件确实如此就不改。",
        "Compare with the text; if it says so, leave it.",
    ],
    [
        Example::step(
            "ratio.tier = { township = \"80%\", county = \"90%\", other = \"unstated\" }\n",
        ),
        Example::step(
            "ratio.tier = { township = \"90%\", county = \"80%\", other = \"unstated\" }\n",
        ),
    ],
);

pub(super) const AMOUNT_ABSURD: Explanation = entry(
    Code::AmountAbsurd,
    [
        "金额大得不可能。",
        "An amount is larger than any that can be meant.",
    ],
    [
        "这样的起付线谁也付不到，这样的限额等于没有。",
        "Nobody gets above such a deductible, and such a limit is none.",
    ],
    [
        "去掉多余的零；文件写明不限的写 \"none\"。",
        "Remove the zeros that are too many; where the text says that there is no limit, write \"none\".",
    ],
    [
        Example::step("deductible = 40000000\nratio = \"80%\"\n"),
        Example::step("deductible = 400\nratio = \"80%\"\n"),
    ],
);

pub(super) const AMOUNT_TINY: Explanation = entry(
    Code::AmountTiny,
    [
        "金额小得不像以元计。",
        "An amount so small that it is probably not in yuan.",
    ],
    [
        "“3 万元”写成 3，限额就只有三块钱。",
        "With 3 for 3 万元 (30,000) the limit is three yuan.",
    ],
    ["换算成元。", "Write it in yuan."],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"year\"\namount = 3\nper = \"year\"\non = \"payment\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"year\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
    ],
);
