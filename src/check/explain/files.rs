//! Codes of files as such, and of their keys.

use super::{Example, Explanation, entry};
use crate::text::Code;

pub(super) const SYNTAX: Explanation = entry(
    Code::Syntax,
    ["这一处不是 TOML。", "The text at this place is not TOML."],
    [
        "程序读不懂它，也就读不了整个文件。常见的是少了引号或括号，或用了全角的引号、等号、逗号。",
        "The program cannot read it, and so not the file. Mostly a quote or bracket is missing, or a full-width one stands there.",
    ],
    [
        "补上缺的，把全角符号换成半角；一个键写了两次就去掉一个。",
        "Add what is missing, write full-width signs as half-width ones; of a key that is given twice remove one.",
    ],
    [
        Example::step("ratio = “80%”\n"),
        Example::step("ratio = \"80%\"\n"),
    ],
);

pub(super) const NOT_UTF8: Explanation = entry(
    Code::NotUtf8,
    ["文件不是 UTF-8 文字。", "The file is not UTF-8 text."],
    [
        "中文会变成乱码，名称和词都认不出来。多半是用 GBK 保存的。",
        "Chinese comes out garbled, and no name or word is known. Mostly the file was saved as GBK.",
    ],
    [
        "在编辑器里用 UTF-8 另存。",
        "Save it as UTF-8 in your editor.",
    ],
    [
        Example::step("ratio = \"80%\" # �ݲ�\n"),
        Example::step("ratio = \"80%\" # 草案\n"),
    ],
);

pub(super) const EMPTY_FILE: Explanation = entry(
    Code::EmptyFile,
    [
        "文件里只有空白和注释。",
        "The file holds nothing but blanks and comments.",
    ],
    [
        "大概是没有保存，或复制漏了。",
        "Probably it was not saved, or not copied.",
    ],
    [
        "写上内容，或删去这个文件。",
        "Write something into it, or remove the file.",
    ],
    [
        Example::alone("# 示例县 2020 年\n"),
        Example::step("ratio = \"80%\"\n"),
    ],
);

pub(super) const FILE_TOO_LARGE: Explanation = entry(
    Code::FileTooLarge,
    ["文件超过 1 MiB。", "The file is larger than 1 MiB."],
    [
        "规则文件大多只有几万字节，这多半是别的文件。",
        "Rule files mostly have some ten thousand bytes; this is probably another file.",
    ],
    [
        "检查文件名；长的价格表按地方或年份分到几个文件里。",
        "Check the name of the file; divide long price lists into files by place or year.",
    ],
    [
        Example::repeated(
            "# 价格表第 # 行，本县各医院的价格，从别处整页复制，并不是规则\n",
            20_000,
        ),
        Example::step("ratio = \"80%\"\n"),
    ],
);

pub(super) const TOO_DEEP: Explanation = entry(
    Code::TooDeep,
    [
        "表和列表套得太深。",
        "Tables and lists are nested too deep.",
    ],
    [
        "没有规则需要这么多层，多半是括号写多了。",
        "No rule needs so many levels; mostly there are too many brackets.",
    ],
    ["数一数括号。", "Count the brackets."],
    [
        Example::step(
            "ratio = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"80%\"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
        ),
        Example::step("ratio = \"80%\"\n"),
    ],
);

pub(super) const MISSING_KEY: Explanation = entry(
    Code::MissingKey,
    ["少了一个必须写的键。", "A key that must be given is not."],
    [
        "没有它，这一条说得不完整；程序不替你猜。",
        "Without it the rule is incomplete, and the program does not guess.",
    ],
    [
        "按文件补上；文件没有说的金额和比例写 \"unstated\"。",
        "Add it from the text; an amount or ratio that the text does not give is \"unstated\".",
    ],
    [
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"year\"\namount = 30000\nper = \"year\"\n",
        ),
        Example::step(
            "ratio = \"80%\"\n\n[[step.limit]]\nid = \"year\"\namount = 30000\nper = \"year\"\non = \"payment\"\n",
        ),
    ],
);

pub(super) const UNKNOWN_KEY: Explanation = entry(
    Code::UnknownKey,
    ["这里没有这个键。", "There is no such key here."],
    [
        "拼错的键如果略过不读，这一条规定就不起作用。",
        "If a misspelt key were passed over, its rule would have no effect.",
    ],
    [
        "改正拼写；如果写在了 [[step.limit]] 之类的下面而属于步骤，移到它前面。",
        "Mend the spelling; a key of the step that stands below [[step.limit]] or the like goes before it.",
    ],
    [
        Example::step("deductable = 400\nratio = \"80%\"\n"),
        Example::step("deductible = 400\nratio = \"80%\"\n"),
    ],
);

pub(super) const TOO_MANY: Explanation = entry(
    Code::TooMany,
    [
        "某一类东西超过了一个文件能有的数目。",
        "There are more things of a sort than a file may have.",
    ],
    [
        "每一类各有上限，见手册第 25 章，例如步骤；一个县用不到这么多。",
        "Chapter 25 of the handbook has the limit of each sort, such as the steps; it is more than any county needs.",
    ],
    [
        "把只有数字不同的步骤并成一个，数字写成表。",
        "Make one step of those that differ in figures only, with the figures in a table.",
    ],
    [
        Example::repeated(
            "[[step]]\nid = \"disease-#\"\nname = \"单病种\"\npayer = \"basic\"\nsource = \"S1\"\nratio = \"1%\"\n\n",
            1_000,
        ),
        Example::step(
            "ratio.disease = { gallstone = \"85%\", other = \"80%\" }\n\n[[disease]]\nid = \"gallstone\"\nname = \"胆结石\"\nicd10 = [\"K80\"]\n",
        ),
    ],
);
