//! The division of layouts among the parts of one run, by how long each took last. It is made once and kept: the part that
//! comes first writes it down, and every other part of the same run reads it. So all parts work by one division, whatever
//! is learned of durations meanwhile, and a part that starts again does the same layouts again.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The number of the form.
const FORMAT: u64 = 1;

/// Which part each layout is of, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    parts: usize,
    of: BTreeMap<String, usize>,
}

impl Division {
    /// By durations in milliseconds: the longest first, each to the part that has least to do. One that is not known
    /// counts as the median of the others.
    pub fn by_duration(layouts: &[(String, Option<u64>)], parts: usize) -> Self {
        let usual = median(layouts.iter().filter_map(|(_, took)| *took).collect());
        let mut due: Vec<(u64, &str)> = layouts.iter().map(|(name, took)| (took.unwrap_or(usual), &**name)).collect();
        due.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let mut loads = vec![0_u64; parts.max(1)];
        let mut of = BTreeMap::new();
        for (took, name) in due {
            let part = loads.iter().enumerate().min_by_key(|(at, load)| (**load, *at)).map_or(0, |(at, _)| at);
            // A layout that took no time is work as well.
            loads[part] = loads[part].saturating_add(took.max(1));
            of.insert(name.to_owned(), part);
        }
        Division { parts: parts.max(1), of }
    }

    /// The part of a layout. One that the division does not have, as the checkout of its part is a newer one, is of a part
    /// all the same, and of one alone.
    pub fn part(&self, layout: &str) -> usize {
        self.of.get(layout).copied().unwrap_or_else(|| {
            let digest = Sha256::digest(layout.as_bytes());
            let number = digest.iter().take(8).fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
            usize::try_from(number % self.parts as u64).unwrap_or(0)
        })
    }

    /// The text that is kept. Parts are counted from 1 in it.
    pub fn text(&self) -> Vec<u8> {
        let layouts: serde_json::Map<String, Value> =
            self.of.iter().map(|(name, part)| (name.clone(), (part + 1).into())).collect();
        format!("{:#}\n", json!({ "format": FORMAT, "parts": self.parts, "layouts": layouts })).into_bytes()
    }

    /// From the text that was kept, for so many parts. The error is a sentence.
    pub fn read(text: &[u8], parts: usize) -> Result<Self, String> {
        let all: Value = serde_json::from_slice(text).map_err(|e| format!("It cannot be read: {e}."))?;
        if all["format"].as_u64() != Some(FORMAT) || all["parts"].as_u64() != Some(parts as u64) {
            return Err(format!("It is not a division into {parts} parts of format {FORMAT}."));
        }
        let wrong = || "It names a layout without a valid part.".to_owned();
        let layouts = all["layouts"].as_object().ok_or_else(wrong)?;
        let part = |value: &Value| {
            let part = usize::try_from(value.as_u64()?).ok()?;
            part.checked_sub(1).filter(|part| *part < parts)
        };
        let of = layouts.iter().map(|(name, value)| Some((name.clone(), part(value)?)));
        Ok(Division { parts, of: of.collect::<Option<_>>().ok_or_else(wrong)? })
    }
}

fn median(mut all: Vec<u64>) -> u64 {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layouts(count: u64, took: impl Fn(u64) -> Option<u64>) -> Vec<(String, Option<u64>)> {
        (0..count).map(|at| (format!("layouts/{at:03}"), took(at))).collect()
    }

    fn loads(division: &Division, all: &[(String, Option<u64>)]) -> Vec<u64> {
        let mut loads = vec![0; division.parts];
        all.iter().for_each(|(name, took)| loads[division.part(name)] += took.unwrap_or(0));
        loads
    }

    #[test]
    fn the_longest_go_to_the_part_with_least_to_do() {
        let all = layouts(7, |at| [90, 10, 10, 10, 30, 20, 10].get(usize::try_from(at).unwrap()).copied());
        let division = Division::by_duration(&all, 2);
        assert_eq!(loads(&division, &all), [90, 90]);
        let parts: Vec<usize> = all.iter().map(|(name, _)| division.part(name)).collect();
        assert_eq!(parts, [0, 1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn no_part_has_much_more_to_do_than_another() {
        for parts in [1, 2, 3, 7, 20] {
            let all = layouts(300, |at| Some((at * 7919) % 1000 + 1));
            let loads = loads(&Division::by_duration(&all, parts), &all);
            let (most, least) = (loads.iter().max().unwrap(), loads.iter().min().unwrap());
            assert!(most - least <= 1000, "{parts}: {loads:?}");
        }
    }

    #[test]
    fn without_durations_the_parts_have_as_many() {
        for took in [None, Some(0)] {
            let all = layouts(10, |_| took);
            let division = Division::by_duration(&all, 3);
            let count = |part| all.iter().filter(|(name, _)| division.part(name) == part).count();
            assert_eq!([count(0), count(1), count(2)], [4, 3, 3], "{took:?}");
        }
    }

    #[test]
    fn a_layout_that_is_not_known_counts_as_the_median() {
        let all = layouts(4, |at| [Some(100), Some(10), Some(10), None].get(usize::try_from(at).unwrap()).copied()?);
        let division = Division::by_duration(&all, 2);
        assert_eq!(division.part("layouts/000"), 0);
        assert_eq!(["001", "002", "003"].map(|at| division.part(&format!("layouts/{at}"))), [1, 1, 1]);
    }

    /// Whatever each part sees: of the layouts that it has, none is of two parts and each is of one.
    #[test]
    fn a_layout_of_a_newer_checkout_is_of_one_part() {
        let division = Division::by_duration(&layouts(10, Some), 4);
        let again = Division::read(&division.text(), 4).expect("as it was written");
        assert_eq!(again, division);
        for (name, _) in layouts(50, Some) {
            assert!(division.part(&name) < 4);
            assert_eq!(division.part(&name), again.part(&name));
        }
    }

    #[test]
    fn a_division_that_is_not_one_is_an_error() {
        let division = Division::by_duration(&layouts(2, Some), 2);
        assert!(Division::read(&division.text(), 3).is_err());
        for wrong in ["", "{}", r#"{"format":1,"parts":2}"#, r#"{"format":1,"parts":2,"layouts":{"a":3}}"#] {
            assert!(Division::read(wrong.as_bytes(), 2).is_err(), "{wrong}");
        }
    }
}
