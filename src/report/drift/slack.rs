//! Drift as the message of an incoming webhook of Slack: a block for each layout, within the limits of blocks.

use super::blame;
use super::notice::subject;
use super::words::{difference, drift, exposure, headed, since, title};
use crate::drift::{Finding, LayoutDrift};
use crate::report::literal::printable;
use serde_json::{Value as Json, json};

/// The longest text of a block, in characters. Slack takes 3000.
const BLOCK: usize = 2900;
/// The most layouts that have a block. Slack takes 50 blocks.
const LAYOUTS: usize = 20;
/// The most findings in a block.
const FINDINGS: usize = 10;
/// The most lines about one finding.
const LINES: usize = 4;

/// The message.
pub fn slack(layouts: &[LayoutDrift]) -> Json {
    let subject = subject(layouts);
    let mut blocks = vec![json!({ "type": "header", "text": { "type": "plain_text", "text": subject } })];
    // Those with findings before those that have none any more.
    let (found, clean): (Vec<_>, Vec<_>) = layouts.iter().partition(|layout| !layout.findings.is_empty());
    blocks.extend(found.iter().chain(&clean).take(LAYOUTS).map(|layout| section(&of_layout(layout))));
    if let Some(more @ 1..) = layouts.len().checked_sub(LAYOUTS) {
        let those = if more == 1 { "layout has" } else { "layouts have" };
        blocks.push(section(&format!("{more} more {those} changed. `floorplan drift` shows all.")));
    }
    json!({ "text": escaped(&subject), "blocks": blocks })
}

fn section(text: &str) -> Json {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

fn of_layout(layout: &LayoutDrift) -> String {
    if layout.findings.is_empty() {
        return format!("*{}*: no drift any more", escaped(&title(layout)));
    }
    let mut out = format!("*{}*", escaped(&headed(layout)));
    let mut shown = 0;
    for finding in layout.findings.iter().take(FINDINGS) {
        let lines = of_finding(finding, layout);
        if out.chars().count() + lines.chars().count() > BLOCK - 40 {
            break;
        }
        out.push_str(&lines);
        shown += 1;
    }
    if let Some(more @ 1..) = layout.findings.len().checked_sub(shown) {
        out.push_str(&format!("\nand {more} more"));
    }
    // One that is too long even alone.
    out.chars().take(BLOCK).collect()
}

fn of_finding(finding: &Finding, layout: &LayoutDrift) -> String {
    let name = escaped(&finding.title().replace('`', "'"));
    let mut out = format!("\n• `{name}` {} ({})", escaped(&drift(finding)), finding.severity.word());
    let differences = finding.differences.iter().map(difference);
    let mut lines: Vec<String> =
        exposure(finding, layout).into_iter().chain(differences).chain(finding.note.clone()).collect();
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.extend(blame::lines(layout, finding));
    lines.extend(since(finding, layout));
    lines.iter().for_each(|line| out.push_str(&format!("\n        {}", escaped(line))));
    out
}

/// A text as Slack takes it: not one that refers to a channel or a person.
fn escaped(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
