//! The words of random rule files, by dimension.

/// The dimensions of tables whose values are words.
pub(crate) const DIMENSIONS: [&str; 7] = [
    "category",
    "scheme",
    "care",
    "tier",
    "grade",
    "place",
    "outpatient_disease",
];

pub(crate) const HOSPITALS: [&str; 2] = ["县人民医院", "市中心医院"];

/// The fixed words of a dimension; own words, groups, diseases and lists are added to them by the file.
pub(crate) fn standard(dimension: &str) -> &'static [&'static str] {
    match dimension {
        "category" => &[
            "registered-poor",
            "minimum-living",
            "extremely-poor",
            "orphan",
            "preferential-care",
        ],
        "fee" => &["western-medicine", "surgery", "material", "bed", "other"],
        "class" => &["A", "B", "C"],
        "care" => &[
            "inpatient",
            "outpatient",
            "chronic-outpatient",
            "single-disease",
            "day-surgery",
        ],
        "tier" => &["village", "township", "county", "city", "province"],
        "grade" => &["one", "two", "three", "ungraded"],
        "place" => &["in-county", "in-city", "in-province", "elsewhere"],
        "scheme" => &["resident", "employee", "new-rural"],
        "outpatient_disease" => &["diabetes", "hypertension", "haemodialysis"],
        "mark" => &["essential-drug", "special-drug", "implant"],
        _ => &[],
    }
}
