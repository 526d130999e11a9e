//! "Did you mean": the nearest of the names that would have been right.

/// The candidate nearest to `given`, when one is near enough to be a likely slip of the hand.
pub fn did_you_mean<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (given.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|c| *c != given)
        .map(|c| (strsim::damerau_levenshtein(given, c), c))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, c)| (*distance, c.len()))
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_finds_the_nearest_name() {
        let names = ["cidr_block", "vpc_id", "availability_zone", "tags"];
        assert_eq!(did_you_mean("cdir_block", names), Some("cidr_block"));
        assert_eq!(did_you_mean("vpcid", names), Some("vpc_id"));
        assert_eq!(did_you_mean("instance_type", names), None);
        assert_eq!(did_you_mean("tags", names), None);
    }
}
