//! Codes of values that are not written as they must be.

use super::{Example, Explanation, entry};
use crate::text::Code;

pub(super) const WRONG_TYPE: Explanation = entry(
    Code::WrongType,
    [
        "值的种类不对：该写数的写了文字，该写日期的加了引号，等等。",
        "A value of another sort than its key takes: text for a number, a date in quotes and so on.",
    ],
    [
        "程序不猜引号里的数字是什么意思。",
        "The program does not guess what a number in quotes means.",
    ],
    [
        "文字加引号；金额、日期、true 和 false 不加。",
        "Text stands in quotes; amounts, dates, true and false do not.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[step.adjust]]\nid = \"unreferred\"\nfigure = \"ratio\"\nwhen = { referred = \"false\" }\nsubtract = \"10%\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.adjust]]\nid = \"unreferred\"\nfigure = \"ratio\"\nwhen = { referred = false }\nsubtract = \"10%\"\n",
        ),
    ],
);

pub(super) const UNKNOWN_NAME: Explanation = entry(
    Code::UnknownName,
    ["这个词或代号没有定义。", "Nothing defines this word or id."],
    [
        "拼错的词不会和任何账单对上，这一条就不起作用。",
        "A misspelt word matches no bill, so its rule would have no effect.",
    ],
    [
        "改正拼写；标准词表里没有的词用 [[term]] 定义。",
        "Mend the spelling; define with [[term]] what the standard words lack.",
    ],
    [
        Example::step("ratio.tier = { conty = \"80%\", other = \"unstated\" }\n"),
        Example::step("ratio.tier = { county = \"80%\", other = \"unstated\" }\n"),
    ],
);

pub(super) const DUPLICATE_ID: Explanation = entry(
    Code::DuplicateId,
    ["两样东西用了同一个代号。", "Two things have the same id."],
    [
        "引用、年度累计和扩展都靠代号认东西。",
        "References, the year to date and files that extend know things by their ids.",
    ],
    [
        "给其中一个换代号；如果是重复的，去掉一个。",
        "Give one of them another id; if it is the same thing twice, remove one.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"most\"\namount = 5000\nper = \"bill\"\non = \"payment\"\n\n[[step.limit]]\nid = \"most\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"bill\"\namount = 5000\nper = \"bill\"\non = \"payment\"\n\n[[step.limit]]\nid = \"year\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
    ],
);

pub(super) const BAD_ID: Explanation = entry(
    Code::BadId,
    [
        "代号只能用英文字母、数字和“-”。",
        "An id has only English letters, digits and hyphens.",
    ],
    [
        "代号也写在用例、命令和年度累计里，须处处打得出来。",
        "Ids also stand in cases, commands and years to date, and must be easy to type everywhere.",
    ],
    [
        "中文写在 name 里，代号用英文或拼音。",
        "Chinese goes in name; the id is English or pinyin.",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"年封顶\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"year\"\nname = \"年封顶\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
    ],
);

pub(super) const BAD_AMOUNT: Explanation = entry(
    Code::BadAmount,
    [
        "金额的写法不对。",
        "An amount is not written as it must be.",
    ],
    [
        "金额以元计，至多两位小数，算到分。",
        "Amounts are in yuan with at most two decimals, exact to the fen.",
    ],
    [
        "不加引号，不写“元”“万”，不加千位逗号。",
        "Write no quotes, no unit such as 元 or 万, no thousands comma.",
    ],
    [
        Example::step("deductible = \"400元\"\nratio = \"80%\"\n"),
        Example::step("deductible = 400\nratio = \"80%\"\n"),
    ],
);

pub(super) const BAD_RATIO: Explanation = entry(
    Code::BadRatio,
    ["比例的写法不对。", "A ratio is not written as it must be."],
    [
        "0.8 可能是 80%，也可能是 0.8%；写百分号就不会错。",
        "0.8 may be 80 % or 0.8 %; with the percent sign there is no doubt.",
    ],
    ["写成加引号的百分数。", "Write a percentage in quotes."],
    [
        Example::step("ratio = 0.8\n"),
        Example::step("ratio = \"80%\"\n"),
    ],
);

pub(super) const BAD_DATE: Explanation = entry(
    Code::BadDate,
    [
        "日历上没有这一天，或年份不在 1900 至 2199 之间。",
        "The calendar has no such day, or the year is not of 1900 to 2199.",
    ],
    [
        "差一天，哪些账单适用就可能不同。",
        "A day more or less may decide which bills a rule applies to.",
    ],
    ["对照文件改正。", "Mend it from the text."],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[step.adjust]]\nid = \"spring\"\nfigure = \"ratio\"\nwhen = { date = { to = 2020-02-30 } }\nadd = \"5%\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.adjust]]\nid = \"spring\"\nfigure = \"ratio\"\nwhen = { date = { to = 2020-02-29 } }\nadd = \"5%\"\n",
        ),
    ],
);

pub(super) const BAD_REGION: Explanation = entry(
    Code::BadRegion,
    [
        "区划代码不是六位数字。",
        "The region code is not six digits.",
    ],
    [
        "按代码找政策的程序找不到它。",
        "Who looks for the policy by its code does not find it.",
    ],
    [
        "写 GB/T 2260 的六位代码；没有写明地名的写 \"unstated\"。",
        "Write the six digits of GB/T 2260; \"unstated\" for a place that is not named.",
    ],
    [
        Example::beside("[policy]\nextends = \"county/2020\"\nid = \"town\"\nregion = \"湘潭\"\n"),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nid = \"town\"\nregion = \"430302\"\n",
        ),
    ],
);

pub(super) const BAD_CODE: Explanation = entry(
    Code::BadCode,
    [
        "诊断编码不是 ICD-10 的写法。",
        "A diagnosis code is not written as in ICD-10.",
    ],
    [
        "账单用编码写诊断，认不出的编码对不上任何账单。",
        "Bills give diagnoses by code, and no bill would match.",
    ],
    [
        "写编码 \"K80.1\"、开头 \"K80\" 或范围 \"C00-C97\"。",
        "Write a code \"K80.1\", a prefix \"K80\", or a range \"C00-C97\".",
    ],
    [
        Example::step(
            "ratio.disease = { gallstone = \"85%\", other = \"80%\" }\n\n[[disease]]\nid = \"gallstone\"\nname = \"胆结石\"\nicd10 = [\"K8O\"]\n",
        ),
        Example::step(
            "ratio.disease = { gallstone = \"85%\", other = \"80%\" }\n\n[[disease]]\nid = \"gallstone\"\nname = \"胆结石\"\nicd10 = [\"K80\"]\n",
        ),
    ],
);

pub(super) const BAD_VALUE: Explanation = entry(
    Code::BadValue,
    ["这个键不能取这个值。", "The key does not take this value."],
    [
        "这种键只有几个固定的词，每个词有确定的算法。",
        "Such a key takes a few fixed words, each with its own arithmetic.",
    ],
    [
        "从信息里列出的值中选一个。",
        "Choose one of the values that the message lists.",
    ],
    [
        Example::step("ratio = \"80%\"\nround = { unit = \"yuan\", mode = \"四舍五入\" }\n"),
        Example::step("ratio = \"80%\"\nround = { unit = \"yuan\", mode = \"half-up\" }\n"),
    ],
);

pub(super) const CONFLICT: Explanation = entry(
    Code::Conflict,
    [
        "不能同时写的键写在了一起。",
        "Keys that exclude one another stand together.",
    ],
    [
        "它们说的是两种算法，程序不知道该用哪一种。",
        "They mean two different calculations, and the program cannot know which.",
    ],
    [
        "留下文件所说的那一个；两种都有就写成两个步骤。",
        "Keep the one that the text means; if it means both, write two steps.",
    ],
    [
        Example::step("ratio = \"80%\"\nguarantee = { ratio = \"90%\", of = \"covered\" }\n"),
        Example::step("ratio = \"80%\"\n"),
    ],
);
