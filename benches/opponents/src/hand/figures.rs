//! The policy's figures, each with the rules that are used with it.

/// The figures of basic insurance at a tier.
pub(super) struct OfTier {
    pub(super) deductible: i64,
    pub(super) ratio: i64,
    /// The rules used for the assisted, and for others.
    pub(super) assisted: [&'static str; 6],
    pub(super) others: [&'static str; 4],
}

macro_rules! tier {
    ($id:literal, $deductible:literal, $ratio:literal) => {
        OfTier {
            deductible: $deductible,
            ratio: $ratio,
            assisted: [
                "basic-inpatient",
                concat!("basic-inpatient.deductible.tier.", $id),
                "basic-inpatient.deductible.assisted-deductible",
                concat!("basic-inpatient.ratio.tier.", $id),
                "basic-inpatient.ratio.assisted-ratio",
                "basic-inpatient.limit.year",
            ],
            others: [
                "basic-inpatient",
                concat!("basic-inpatient.deductible.tier.", $id),
                concat!("basic-inpatient.ratio.tier.", $id),
                "basic-inpatient.limit.year",
            ],
        }
    };
}

pub(super) static TOWNSHIP_TIER: OfTier = tier!("township", 20_000, 850_000);
pub(super) static COUNTY_TIER: OfTier = tier!("county", 50_000, 750_000);
pub(super) static CITY_TIER: OfTier = tier!("city", 100_000, 600_000);

/// The aid of a category.
pub(super) struct OfCategory {
    pub(super) ratio: i64,
    pub(super) used: [&'static str; 3],
}

macro_rules! category {
    ($id:literal, $ratio:literal) => {
        OfCategory {
            ratio: $ratio,
            used: ["aid", concat!("aid.ratio.category.", $id), "aid.limit.year"],
        }
    };
}

pub(super) static EXTREMELY_POOR: OfCategory = category!("extremely-poor", 900_000);
pub(super) static ORPHAN: OfCategory = category!("orphan", 800_000);
pub(super) static MINIMUM_LIVING: OfCategory = category!("minimum-living", 750_000);
pub(super) static REGISTERED_POOR: OfCategory = category!("registered-poor", 700_000);
pub(super) static LOW_INCOME: OfCategory = category!("low-income-family", 600_000);

pub(super) const BAND_TO: [i64; 3] = [1_000_000, 5_000_000, i64::MAX];
pub(super) const BAND_RATIO: [i64; 3] = [600_000, 700_000, 800_000];

macro_rules! major {
    ($id:literal) => {
        [
            &[
                "major",
                concat!("major.deductible.category.", $id),
                "major.bands.1",
                "major.bands.2",
                "major.bands.3",
            ],
            &[
                "major",
                concat!("major.deductible.category.", $id),
                "major.bands.2",
                "major.bands.3",
            ],
            &[
                "major",
                concat!("major.deductible.category.", $id),
                "major.bands.3",
            ],
        ]
    };
}

/// By the first band reached: the rules used of serious illness insurance, for the assisted and for others.
pub(super) static MAJOR_ASSISTED: [&[&str]; 3] = major!("assisted");
pub(super) static MAJOR_OTHERS: [&[&str]; 3] = major!("other");
