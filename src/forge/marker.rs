//! The mark by which a preview finds its comment again. Nobody sees it: markdown does not show HTML comments.

use std::fmt;

const BEGIN: &str = "<!-- floorplan ";
const END: &str = " -->";

/// The number of a run, and how often it was begun. A later run is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// The number.
    pub number: u64,
    /// The attempt, from 1 on.
    pub attempt: u64,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.number, self.attempt)
    }
}

/// The preview that a comment shows, with the run and the commit that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// The name of the preview.
    pub context: String,
    /// The commit that was planned.
    pub commit: String,
    /// The run that planned it.
    pub run: Run,
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{BEGIN}{} commit={} run={}{END}", self.context, self.commit, self.run)
    }
}

impl Marker {
    /// The mark at the beginning of a comment. One that is quoted further below does not count.
    pub fn of(body: &str) -> Option<Self> {
        let line = body.lines().next()?.trim_end();
        let mut words = line.strip_prefix(BEGIN)?.strip_suffix(END)?.split(' ');
        let context = words.next()?.to_owned();
        let commit = words.next()?.strip_prefix("commit=")?.to_owned();
        let (number, attempt) = words.next()?.strip_prefix("run=")?.split_once('.')?;
        let run = Run { number: number.parse().ok()?, attempt: attempt.parse().ok()? };
        Some(Marker { context, commit, run })
    }
}

/// The mark of an issue about the drift of a layout, which `key` names. It holds letters, digits, dots, slashes and single
/// dashes.
pub(super) fn of_drift(key: &str) -> String {
    format!("{BEGIN}drift {key}{END}")
}

/// Whether a text begins with such a mark.
pub(super) fn is_of_drift(body: &str, key: &str) -> bool {
    body.lines().next().is_some_and(|line| line.trim_end() == of_drift(key))
}

/// The name under which a preview is known to the service. A part of the layouts has one of its own, so that no part
/// covers what another says.
pub fn context(name: Option<&str>, part: Option<(usize, usize)>) -> String {
    let part = part.map(|(k, n)| format!("{k}-of-{n}"));
    let steps = [Some("floorplan/preview"), name, part.as_deref()];
    steps.into_iter().flatten().collect::<Vec<_>>().join("/")
}

/// Reads the name of a preview, which becomes a part of an HTML comment.
pub fn name(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    match plain && !text.is_empty() && text.len() <= 50 && !text.contains("--") {
        true => Ok(text.to_owned()),
        false => Err("a name of up to 50 letters, digits, dots, underscores and single dashes is expected".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_as_it_was_written() {
        let marker = Marker {
            context: context(Some("prod"), Some((2, 5))),
            commit: "abc".into(),
            run: Run { number: 7, attempt: 2 },
        };
        assert_eq!(marker.to_string(), "<!-- floorplan floorplan/preview/prod/2-of-5 commit=abc run=7.2 -->");
        assert_eq!(Marker::of(&format!("{marker}\r\n### Floorplan")), Some(marker.clone()));
        assert_eq!(Marker::of(&format!("> {marker}")), None);
        assert_eq!(Marker::of(&format!("see\n{marker}")), None);
        assert_eq!(Marker::of("<!-- floorplan x commit=abc run=7 -->"), None);
        assert_eq!(Marker::of(""), None);
    }

    #[test]
    fn the_mark_of_an_issue_is_not_that_of_a_comment() {
        let mark = of_drift("layouts/net-0123");
        assert_eq!(mark, "<!-- floorplan drift layouts/net-0123 -->");
        assert!(is_of_drift(&format!("{mark}\r\ntext"), "layouts/net-0123"));
        assert!(!is_of_drift(&format!("> {mark}"), "layouts/net-0123"));
        assert!(!is_of_drift(&mark, "layouts/net-0124"));
        assert_eq!(Marker::of(&mark), None);
    }

    #[test]
    fn a_later_run_is_greater() {
        let run = |number, attempt| Run { number, attempt };
        assert!(run(8, 1) > run(7, 3) && run(7, 3) > run(7, 2));
    }

    #[test]
    fn a_name_cannot_end_the_comment() {
        for wrong in ["", "a b", "a-->", "a--b", "a/b"] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
        assert_eq!(name("eu-west_1.prod").as_deref(), Ok("eu-west_1.prod"));
    }
}
