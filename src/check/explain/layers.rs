//! Codes of versions, periods and files that extend others.

use super::{Example, Explanation, entry};
use crate::text::Code;

pub(super) const VERSION_OVERLAP: Explanation = entry(
    Code::VersionOverlap,
    [
        "两个版本在同一天施行。",
        "Two versions are in force on the same day.",
    ],
    [
        "那天的账单不知道按哪个版本结算。",
        "There is no telling by which of them a bill of that day is settled.",
    ],
    [
        "把旧版本的 to 写成新版本的前一天。",
        "Let the older version end the day before the newer begins.",
    ],
    [
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-06-30\nto = 2020-12-31\n",
        ),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = 2020-12-31\n",
        ),
    ],
);

pub(super) const PERIOD_ORDER: Explanation = entry(
    Code::PeriodOrder,
    ["期间的结束在开始之前。", "A period ends before it begins."],
    [
        "没有一天在这个期间里，规则永远不起作用。",
        "No day is in it, so the rule never applies.",
    ],
    [
        "改正日期。新版本只写了 from 的，也要写 to，否则用旧版本的。",
        "Mend the dates. A new version with only a from needs a to as well, or it has that of the older.",
    ],
    [
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\n",
        ),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = \"open\"\n",
        ),
    ],
);

pub(super) const EXTENDS_UNKNOWN: Explanation = entry(
    Code::ExtendsUnknown,
    [
        "被扩展的文件没有读到。",
        "The file that this one extends is not there.",
    ],
    [
        "没有它，这个文件不完整。",
        "Without it this file is incomplete.",
    ],
    [
        "写全名：\"代号/版本\"，假定文件再加 \"/assumed\"；并一起读那个文件。",
        "Write the full name: \"id/version\", with \"/assumed\" for an assumption file; and load that file too.",
    ],
    [
        Example::beside(
            "[policy]\nextends = \"conty/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = \"open\"\n",
        ),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = \"open\"\n",
        ),
    ],
);

pub(super) const EXTENDS_CYCLE: Explanation = entry(
    Code::ExtendsCycle,
    [
        "扩展绕回了自己。",
        "What the file extends leads back to it.",
    ],
    [
        "没有最底下的文件可以开始。",
        "There is no lowest file to begin with.",
    ],
    [
        "extends 写较早的版本，不写自己。",
        "Extend an earlier version, not the file itself.",
    ],
    [
        Example::beside(
            "[policy]\nextends = \"county/second-half\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = \"open\"\n",
        ),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = \"open\"\n",
        ),
    ],
);

pub(super) const VERSION_GAP: Explanation = entry(
    Code::VersionGap,
    [
        "两个版本之间有几天没有版本施行。",
        "Between two versions there are days on which none is in force.",
    ],
    [
        "那几天的账单会被拒绝结算。",
        "Bills of those days are refused.",
    ],
    [
        "文件之间确实有空档就不改；否则改正日期。",
        "If the texts leave a gap, leave it; otherwise mend the dates.",
    ],
    [
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-02\nto = 2020-12-31\n",
        ),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = 2020-12-31\n",
        ),
    ],
);

pub(super) const COUNTER_LOST: Explanation = entry(
    Code::CounterLost,
    [
        "年中的新版本没有接着计旧版本的年度累计。",
        "A new version within the year does not carry on a counter of the year.",
    ],
    [
        "累计靠代号接续；代号换了，限额或起付线在年中从零算起。",
        "Counters carry on by ids; with a new id the limit or deductible starts from nothing in the middle of the year.",
    ],
    [
        "沿用原来的代号；文件说重新起算就不改。",
        "Keep the id; if the text says that counting starts anew, leave it.",
    ],
    [
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = 2020-12-31\n\n[[step]]\nid = \"basic\"\n\n[[step.limit]]\nid = \"year\"\nremove = true\n\n[[step.limit]]\nid = \"year-2020\"\namount = 40000\nper = \"year\"\non = \"payment\"\n",
        ),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nversion = \"second-half\"\nfrom = 2020-07-01\nto = 2020-12-31\n\n[[step]]\nid = \"basic\"\n\n[[step.limit]]\nid = \"year\"\namount = 40000\n",
        ),
    ],
);

pub(super) const ASSUMPTION_SHADOWS: Explanation = entry(
    Code::AssumptionShadows,
    [
        "假定取代了文件写明的数。",
        "An assumption takes the place of a figure that a source states.",
    ],
    [
        "用假定层结算时，文件的数就不算了。",
        "Settled with the assumptions, the figure of the text does not count.",
    ],
    [
        "假定文件只补 \"unstated\" 的数；别的数写进新版本。",
        "Assume only what is \"unstated\"; another figure belongs in a version of its own.",
    ],
    [
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nlayer = \"assumed\"\nsource = \"S1\"\n\n[[step]]\nid = \"basic\"\nratio.tier = { county = \"75%\", city = \"65%\" }\n",
        ),
        Example::beside(
            "[policy]\nextends = \"county/2020\"\nlayer = \"assumed\"\nsource = \"S1\"\n\n[[step]]\nid = \"basic\"\nratio.tier = { city = \"65%\" }\n",
        ),
    ],
);
