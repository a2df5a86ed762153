//! "Did you mean": the known name nearest to a wrong one.

/// Longer names than this many characters are not typing slips of anything.
const LONGEST: usize = 64;

/// The candidate that a wrong name most likely stands for: the one with the fewest
/// characters mistyped, left out, added or swapped, if few enough; or else the shortest of
/// which the name is a part. Letter case, and hyphens against underscores or blanks, do not
/// count.
pub(crate) fn suggest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = fold(name);
    let length = wanted.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| Some((cost(&wanted, length, &fold(candidate))?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// How far a candidate is from the name: slips first, then parts by their length.
fn cost(wanted: &str, length: usize, candidate: &str) -> Option<(bool, usize)> {
    let other = candidate.chars().count();
    // An ASCII letter says little, a Chinese character much.
    let (slips, part) = if wanted.is_ascii() {
        (length.max(other) / 3, 4)
    } else {
        (length.max(other) / 2, 2)
    };
    if length.abs_diff(other) <= slips {
        let distance = strsim::damerau_levenshtein(wanted, candidate);
        if distance <= slips {
            return Some((false, distance));
        }
    }
    (length >= part && candidate.contains(wanted)).then_some((true, other))
}

/// The name without the differences that do not count.
fn fold(name: &str) -> String {
    let plain = |c: char| match c {
        '_' | ' ' => '-',
        c => c.to_ascii_lowercase(),
    };
    name.trim().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn slips_are_seen_through() {
        let keys = ["deductible", "ratio", "round", "shared_limits", "of", "on"];
        assert_eq!(suggest("deductable", keys), Some("deductible"));
        assert_eq!(suggest("ration", keys), Some("ratio"));
        assert_eq!(suggest("shared-limit", keys), Some("shared_limits"));
        assert_eq!(suggest("Ratio", keys), Some("ratio"));
        assert_eq!(suggest("raito", keys), Some("ratio"), "a swap is one slip");
        assert_eq!(suggest("colour", keys), None);
        assert_eq!(suggest("or", keys), None, "too short to tell");
        assert_eq!(suggest("", keys), None);
        assert_eq!(suggest("ratio", ["ratio"]), None, "not the name itself");
        assert_eq!(suggest(&"r".repeat(100_000), keys), None);
    }

    #[test]
    fn chinese_names_are_short() {
        let names = ["县", "市", "建档立卡贫困户", "低保", "特困", "胆结石"];
        assert_eq!(suggest("建档立卡", names), Some("建档立卡贫困户"));
        assert_eq!(suggest("胆结实", names), Some("胆结石"));
        assert_eq!(suggest("低保户", names), Some("低保"));
        assert_eq!(suggest("省", names), None);
    }

    #[test]
    fn a_part_is_worse_than_a_slip() {
        let names = ["extremely-poor", "other-poor", "pour"];
        assert_eq!(suggest("poor", names), Some("pour"));
        assert_eq!(
            suggest("poor", ["extremely-poor", "other-poor"]),
            Some("other-poor")
        );
    }
}
