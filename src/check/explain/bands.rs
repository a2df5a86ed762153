//! Codes of bands.

use super::{Example, Explanation, entry};
use crate::text::Code;

pub(super) const BAND_GAP: Explanation = entry(
    Code::BandGap,
    [
        "两段之间有一些金额不属于任何一段。",
        "Some amounts between two bands belong to none.",
    ],
    [
        "落在中间的费用没有比例可用。",
        "There is no ratio for the money in between.",
    ],
    [
        "后一段从前一段结束的地方开始：to 后接 over，under 后接 from。",
        "Begin a band where the one before ends: over behind to, from behind under.",
    ],
    [
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 10000, ratio = \"60%\" },\n  { over = 10001, ratio = \"70%\" },\n]\n",
        ),
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 10000, ratio = \"60%\" },\n  { over = 10000, ratio = \"70%\" },\n]\n",
        ),
    ],
);

pub(super) const BAND_OVERLAP: Explanation = entry(
    Code::BandOverlap,
    [
        "一些金额同时属于两段。",
        "Some amounts belong to two bands.",
    ],
    [
        "这些费用有两个比例，不知道按哪一个。",
        "There are two ratios for that money, and no way to tell which.",
    ],
    [
        "后一段从前一段结束的地方开始；只有最后一段可以没有上限。",
        "Begin a band where the one before ends; only the last may have no upper edge.",
    ],
    [
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 10000, ratio = \"60%\" },\n  { over = 5000, ratio = \"70%\" },\n]\n",
        ),
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 5000, ratio = \"60%\" },\n  { over = 5000, ratio = \"70%\" },\n]\n",
        ),
    ],
);

pub(super) const BAND_ORDER: Explanation = entry(
    Code::BandOrder,
    ["一段的上限不高于下限。", "A band ends before it begins."],
    [
        "没有金额能落在这一段里，多半是数字抄错了。",
        "No amount can be in it; mostly a figure was copied wrongly.",
    ],
    [
        "对照文件改正上下限，由低到高排列。",
        "Mend the edges from the text, and write the bands from low to high.",
    ],
    [
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 1000, to = 100, ratio = \"60%\" },\n  { over = 100, ratio = \"70%\" },\n]\n",
        ),
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 1000, to = 10000, ratio = \"60%\" },\n  { over = 10000, ratio = \"70%\" },\n]\n",
        ),
    ],
);

pub(super) const BAND_ENDS: Explanation = entry(
    Code::BandEnds,
    [
        "最后一段有上限，以上的费用不支付。",
        "The last band has an upper edge, and nothing is paid above it.",
    ],
    [
        "多半是漏了最后一段，或上限多余：大额费用的患者反而没有报销。",
        "Mostly the last band was forgotten, or the edge is one too many: the largest bills would go without.",
    ],
    [
        "删去最后一段的 to 或 under；文件确实说以上不支付的，再写一段比例 0%。",
        "Remove to or under from the last band; where the text does pay nothing above it, say so by one more band of 0%.",
    ],
    [
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 10000, ratio = \"60%\" },\n  { over = 10000, to = 50000, ratio = \"70%\" },\n]\n",
        ),
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 10000, ratio = \"60%\" },\n  { over = 10000, to = 50000, ratio = \"70%\" },\n  { over = 50000, ratio = \"0%\" },\n]\n",
        ),
    ],
);

pub(super) const RATIO_FALLS: Explanation = entry(
    Code::RatioFalls,
    [
        "金额越高的一段，比例反而越低。",
        "The ratio falls where the bands rise.",
    ],
    [
        "分段的比例通常随费用升高；两个数可能抄颠倒了。",
        "Ratios mostly rise with the cost; two figures may have been exchanged.",
    ],
    [
        "对照文件；文件确实如此就不改。",
        "Compare with the text; if it says so, leave it.",
    ],
    [
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 10000, ratio = \"70%\" },\n  { over = 10000, ratio = \"60%\" },\n]\n",
        ),
        Example::step(
            "[step.bands]\nper = \"bill\"\nband = [\n  { over = 0, to = 10000, ratio = \"60%\" },\n  { over = 10000, ratio = \"70%\" },\n]\n",
        ),
    ],
);
