//! Drift as a notice to people who did not ask: the words of a mail, and those of an issue. A layout without findings is
//! in it as one that has drifted and does not any more.

use super::markdown::{LIMIT, within};
use super::text::text;
use super::words::{count, headed, severities, title};
use crate::drift::{Finding, LayoutDrift};
use crate::report::literal::printable;
use crate::report::markdown::marks::code;

/// The longest subject that SNS takes, in ASCII characters: fewer than 100.
const SUBJECT: usize = 99;
/// The longest title of an issue, in characters. GitHub takes 256, GitLab 255.
const TITLE: usize = 200;
/// Room in the body of an issue for what is not the findings.
const REST: usize = 1024;

/// An issue about one layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its title.
    pub title: String,
    /// Its text, as markdown.
    pub body: String,
    /// Whether there is something to do.
    pub open: bool,
}

/// All in one line of fewer than 100 ASCII characters.
pub fn subject(layouts: &[LayoutDrift]) -> String {
    let found: Vec<&LayoutDrift> = layouts.iter().filter(|layout| !layout.findings.is_empty()).collect();
    let all: Vec<&Finding> = found.iter().flat_map(|layout| &layout.findings).collect();
    let line = match (found.as_slice(), layouts) {
        ([], [one]) => format!("no drift any more in {}", title(one)),
        ([], all) => format!("no drift any more in {}", count(all.len(), "layout")),
        ([one], _) => headed(one),
        (found, _) => {
            let sum = severities(all.iter().copied());
            format!("{} in {} ({sum})", count(all.len(), "finding"), count(found.len(), "layout"))
        }
    };
    let plain = |c: char| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' };
    let line: String = format!("Floorplan: {line}").chars().map(plain).collect();
    match line.len() > SUBJECT {
        true => format!("{}...", &line[..SUBJECT - 3]),
        false => line,
    }
}

/// All in full, with at most so many bytes. Lines at the end are left out where it is longer, and the last line says how
/// many.
pub fn message(layouts: &[LayoutDrift], limit: usize) -> String {
    let mut whole = text(layouts, false).trim_start_matches('\n').to_owned();
    let clean: Vec<&LayoutDrift> = layouts.iter().filter(|layout| layout.findings.is_empty()).collect();
    if !clean.is_empty() && !whole.is_empty() {
        whole.push('\n');
    }
    for layout in clean {
        whole.push_str(&format!("{}: no drift any more.\n", printable(&title(layout))));
    }
    if whole.len() <= limit {
        return whole;
    }
    let all = whole.lines().count();
    let last = |left: usize| format!("{} left out. `floorplan drift` shows all.\n", count(left, "line"));
    let room = limit.saturating_sub(last(all).len());
    let mut kept = String::new();
    for line in whole.lines() {
        if kept.len() + line.len() + 1 > room {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    let left = all - kept.lines().count();
    kept.push_str(&last(left));
    kept
}

/// The issue of a layout.
pub fn issue(layout: &LayoutDrift) -> Issue {
    let of = title(layout);
    let open = !layout.findings.is_empty();
    let mut body = match open {
        true => within(std::slice::from_ref(layout), LIMIT - REST),
        false => format!("### Floorplan: drift\n\nNothing of {} differs any more.\n", code(&of)),
    };
    body.push_str(
        "\n<sub>`floorplan drift` writes this issue anew when the findings change, and closes it once nothing differs.</sub>\n",
    );
    let title = printable(&format!("Drift: {of}")).chars().take(TITLE).collect();
    Issue { title, body, open }
}
