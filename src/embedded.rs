//! The rule files that ship with the crate.

use crate::book::RuleBook;

/// The texts of the shipped rule files, by path.
macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../", $path)))),*]
    };
}

/// Every shipped rule file; a test compares the list with the directory.
const FILES: &[(&str, &str)] = embedded![
    "rules/anhui/2016.assumed.toml",
    "rules/anhui/2016.toml",
    "rules/anhui/huangshan/2016.assumed.toml",
    "rules/anhui/huangshan/2016.toml",
    "rules/chongqing/wushan/2016.assumed.toml",
    "rules/chongqing/wushan/2016.toml",
    "rules/chongqing/wushan/2018.assumed.toml",
    "rules/chongqing/wushan/2018.toml",
    "rules/guizhou/qingzhen/first-raise.assumed.toml",
    "rules/guizhou/qingzhen/first-raise.toml",
    "rules/guizhou/qingzhen/second-raise.assumed.toml",
    "rules/guizhou/qingzhen/second-raise.toml",
    "rules/hunan/sangzhi/2018.assumed.toml",
    "rules/hunan/sangzhi/2018.toml",
    "rules/hunan/yuetang/2019.assumed.toml",
    "rules/hunan/yuetang/2019.toml",
    "rules/hunan/zhangjiajie/2019.assumed.toml",
    "rules/hunan/zhangjiajie/2019.toml",
    "rules/jiangsu/jurong/2020.assumed.toml",
    "rules/jiangsu/jurong/2020.toml",
    "rules/unnamed/county-15-percent/2018.assumed.toml",
    "rules/unnamed/county-15-percent/2018.toml",
    "rules/unnamed/county-6543/2020.assumed.toml",
    "rules/unnamed/county-6543/2020.toml",
    "rules/unnamed/prefecture-service-card/2020.assumed.toml",
    "rules/unnamed/prefecture-service-card/2020.toml",
];

impl RuleBook {
    /// The rule files that ship with the crate: the nine systems, stated and assumed.
    ///
    /// ```
    /// let book = payer_split::RuleBook::embedded();
    /// let names: Vec<String> = book.policies().map(|policy| policy.full_name()).collect();
    /// assert!(names.contains(&"yuetang/2019".to_string()));
    /// ```
    #[expect(
        clippy::expect_used,
        reason = "a test loads the shipped files; a crate whose own files are wrong cannot be built into anything"
    )]
    pub fn embedded() -> RuleBook {
        RuleBook::from_texts(FILES.iter().copied())
            .expect("the shipped rule files are without errors")
    }

    /// The shipped rule files as (path, text), to read or to load with others.
    pub fn embedded_files() -> impl Iterator<Item = (&'static str, &'static str)> {
        FILES.iter().copied()
    }
}
