//! A part of many layouts: for engines that run the same command on several machines, each with its number.

use crate::diag::Diagnostic;
use std::str::FromStr;

/// One of several equal parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 0 on.
    index: usize,
    /// Of how many.
    count: usize,
}

impl FromStr for Shard {
    type Err = String;

    /// From `K/N`, counted from 1.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is not a valid part; K/N is expected, such as 2/5, with K from 1 to N");
        let (k, n) = text.split_once('/').ok_or_else(wrong)?;
        let (k, n): (usize, usize) = (k.trim().parse().map_err(|_| wrong())?, n.trim().parse().map_err(|_| wrong())?);
        if k == 0 || k > n { Err(wrong()) } else { Ok(Shard { index: k - 1, count: n }) }
    }
}

/// The variables in which engines give a job its number, from 0 on, and how many there are: an array of AWS Batch,
/// and a Kubernetes Indexed Job, whose manifest has to give the number of completions.
const ENGINES: [(&str, &str); 2] =
    [("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"), ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS")];

impl Shard {
    /// The part that an engine gives this job in its environment.
    pub fn of_environment(read: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, Diagnostic> {
        for (index, count) in ENGINES {
            let (Some(given), Some(size)) = (read(index), read(count)) else { continue };
            let wrong = || {
                Diagnostic::error(format!("The environment variables {index} and {count} cannot be read"))
                    .code("environment")
                    .detail(format!(
                        "{given:?} and {size:?} are not valid as the number of a job, from 0 on, of several."
                    ))
            };
            let k: usize = given.parse().map_err(|_| wrong())?;
            let n: usize = size.parse().map_err(|_| wrong())?;
            return if k < n { Ok(Some(Shard { index: k, count: n })) } else { Err(wrong()) };
        }
        Ok(None)
    }

    /// Which part it is, from 1 on, and of how many.
    pub fn place(self) -> (usize, usize) {
        (self.index + 1, self.count)
    }

    /// Which of so many things are of this part. Each is of one part; the parts differ by one at most.
    pub fn takes(self, count: usize) -> impl Iterator<Item = usize> {
        (self.index..count).step_by(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_of_one_part() {
        for (count, parts) in [(0, 1), (1, 3), (10, 3), (300, 7)] {
            let all = (1..=parts).flat_map(|k| format!("{k}/{parts}").parse::<Shard>().expect("valid").takes(count));
            let mut all: Vec<usize> = all.collect();
            all.sort_unstable();
            assert_eq!(all, (0..count).collect::<Vec<_>>(), "{count} in {parts}");
        }
        for wrong in ["", "3", "0/3", "4/3", "a/b", "1/0", "-1/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn engines_give_the_part_in_the_environment() {
        let read = |set: &'static [(&str, &str)]| {
            Shard::of_environment(move |name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
        };
        let batch = read(&[("AWS_BATCH_JOB_ARRAY_INDEX", "2"), ("AWS_BATCH_JOB_ARRAY_SIZE", "5")]);
        assert_eq!(batch.expect("valid"), Some("3/5".parse().expect("valid")));
        assert_eq!(read(&[("JOB_COMPLETION_INDEX", "0")]).expect("valid"), None);
        assert!(read(&[("JOB_COMPLETION_INDEX", "5"), ("JOB_COMPLETIONS", "5")]).is_err());
    }
}
