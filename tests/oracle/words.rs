//! The words of bills, patients and conditions, read from the tables of the handbook's chapter 8.

use std::collections::BTreeMap;
use toml::Table;

/// Every name of a word to its id, by dimension.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    ids: BTreeMap<String, BTreeMap<String, String>>,
}

const HANDBOOK: &str = include_str!("../../rules/README.en.md");

/// The collective words of chapter 8.3, which stand in conditions and tables only.
const COLLECTIVES: [(&str, &str, &[&str]); 2] = [
    (
        "any-inpatient",
        "各类住院",
        &[
            "inpatient",
            "injury-inpatient",
            "transferred-inpatient",
            "emergency-inpatient",
            "maternity-inpatient",
            "single-disease",
            "day-surgery",
        ],
    ),
    (
        "any-outpatient",
        "各类门诊",
        &[
            "outpatient",
            "registration-only",
            "emergency",
            "chronic-outpatient",
            "special-outpatient",
            "maternity-outpatient",
        ],
    ),
];

impl Words {
    /// The standard words: `#### `dimension` …` headings, then rows of id, Chinese names, English, national code.
    pub(crate) fn standard() -> Words {
        let mut ids: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut dimension = String::new();
        for row in HANDBOOK.lines() {
            if let Some(heading) = row.strip_prefix("#### `") {
                dimension = heading.split('`').next().unwrap().to_owned();
            } else if row.starts_with("## 9") {
                break;
            } else if let Some(row) = row.strip_prefix("| `").filter(|_| !dimension.is_empty()) {
                let cells: Vec<&str> = row.split('|').map(str::trim).collect();
                if row.starts_with("id`") || cells.len() < 5 {
                    dimension.clear();
                    continue;
                }
                let id = cells[0].trim_end_matches('`').trim();
                let names = ids.entry(dimension.clone()).or_default();
                let chinese = cells[1].trim_end_matches('）');
                for name in chinese.split(['（', '、']).chain([id, cells[3]]) {
                    names.insert(name.to_owned(), id.to_owned());
                }
            }
        }
        for names in ids.values_mut() {
            names.remove("—");
        }
        assert_eq!(ids.len(), 10, "the handbook's tables of words");
        ids.insert("enrolment".into(), BTreeMap::new());
        Words { ids }
    }

    /// Adds a policy's own terms.
    pub(crate) fn add_terms(&mut self, terms: &[Table]) {
        for term in terms {
            let text = |key: &str| term.get(key).and_then(|value| value.as_str());
            let (id, of) = (text("id").unwrap(), text("of").unwrap());
            let names = self.ids.get_mut(of).expect("a dimension");
            for name in ["id", "name", "code"].into_iter().filter_map(text) {
                names.insert(name.to_owned(), id.to_owned());
            }
        }
    }

    /// The id of a word, by any of its names.
    pub(crate) fn id(&self, dimension: &str, name: &str) -> Option<String> {
        let names = self.ids.get(dimension).expect(dimension);
        names.get(name).cloned()
    }

    /// The ids that a word in a condition or table stands for: itself, or the members of a collective word.
    pub(crate) fn ids(&self, dimension: &str, name: &str) -> Option<Vec<String>> {
        let collective = COLLECTIVES
            .iter()
            .find(|(id, chinese, _)| dimension == "care" && (*id == name || *chinese == name));
        match collective {
            Some((_, _, members)) => Some(members.iter().map(|id| (*id).to_owned()).collect()),
            None => Some(vec![self.id(dimension, name)?]),
        }
    }

    /// All ids of a dimension.
    pub(crate) fn all(&self, dimension: &str) -> Vec<String> {
        let mut ids: Vec<String> = self.ids[dimension].values().cloned().collect();
        ids.sort();
        ids.dedup();
        ids
    }
}
