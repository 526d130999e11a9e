//! The words for the traffic from outside that comes and goes with a plan.

use crate::plan::change::Plan;
use crate::plan::exposure::{ExposureChange, KeptOut};
use crate::report::marks::{Marks, first};

/// So many settings in the way are named.
const OBSTACLES: usize = 2;

/// A line each, new exposure to the Internet first; empty when nothing comes and nothing goes.
pub fn exposure(plan: &Plan, marks: Marks) -> Vec<String> {
    let changes = plan.exposure.changes.iter().map(|change| line(change, marks));
    changes.chain(exposure_kept_out(plan, marks)).collect()
}

/// Only what comes in.
pub fn exposure_opened(plan: &Plan, marks: Marks) -> Vec<String> {
    plan.exposure.opened().map(|change| line(change, marks)).collect()
}

/// What filters let in now and something else keeps out.
pub fn exposure_kept_out(plan: &Plan, marks: Marks) -> Vec<String> {
    plan.exposure.kept_out.iter().map(|one| closed(one, marks)).collect()
}

/// One line.
pub(super) fn line(change: &ExposureChange, marks: Marks) -> String {
    let flow = (marks.name)(&change.flow());
    match change.remark() {
        Some(remark) => format!("{flow} ({})", (marks.words)(&remark)),
        None => flow,
    }
}

fn closed(one: &KeptOut, marks: Marks) -> String {
    let obstacles = first(one.obstacles.iter().map(|why| (marks.words)(why)), OBSTACLES).join("; ");
    format!("no exposure: {} ({obstacles})", (marks.name)(&one.flow()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::exposure::Turn;
    use crate::plan::fixtures::{plan, schema};
    use crate::report::marks::PLAIN;
    use crate::report::{markdown, text};

    fn exposed() -> Plan {
        let change = |action, from: &str, services: &str, to: &[&str], note: Option<&str>| ExposureChange {
            action,
            from: from.into(),
            internet: from == "internet",
            services: services.into(),
            to: to.iter().map(|end| (*end).to_owned()).collect(),
            addresses: vec!["aws_thing.a".into()],
            note: note.map(str::to_owned),
            may: None,
        };
        let mut plan = plan(Vec::new());
        plan.exposure.changes = vec![
            change(Turn::Opens, "internet", "tcp/443", &["front", "web[0..2]"], None),
            change(Turn::Changes, "internet", "tcp/22", &["bastion|`x`"], Some("was tcp/2222")),
            change(Turn::Closes, "office (vpn)", "tcp/3306", &["db"], None),
        ];
        plan.exposure.changes[1].may = Some("its group is not known".into());
        plan.exposure.kept_out = vec![KeptOut {
            from: "internet".into(),
            services: "tcp/3306".into(),
            to: "db".into(),
            obstacles: vec!["it has no public IPv4 address".into(), "aws_thing.t: no route".into(), "more".into()],
        }];
        plan
    }

    #[test]
    fn a_plan_says_what_comes_and_goes() {
        insta::assert_snapshot!(text::render(&exposed(), &schema, false), @r"
        Exposure:
          + internet → tcp/443 → front → web[0..2]
          ~ internet → tcp/22 → bastion|`x` (was tcp/2222; may be: its group is not known)
          - office (vpn) → tcp/3306 → db
          no exposure: internet → tcp/3306 → db (it has no public IPv4 address; aws_thing.t: no route; 1 more)

        No changes. The layout matches AWS.
        ");
        assert!(text::render(&exposed(), &schema, true).contains("\u{1b}["));
        assert_eq!(exposure(&plan(Vec::new()), PLAIN), [""; 0]);
        assert_eq!(exposure_opened(&exposed(), PLAIN).len(), 2);
    }

    #[test]
    fn a_comment_has_it_before_the_changes() {
        let comment = markdown::render(&exposed(), &schema);
        let list = "\n**Exposure**\n\n- `+ internet → tcp/443 → front → web[0..2]`\n";
        assert!(comment.contains(list), "{comment}");
        assert!(!comment.contains("bastion|`x`"), "a name cannot leave its place: {comment}");
        assert!(!markdown::render(&plan(Vec::new()), &schema).contains("Exposure"));
    }

    #[test]
    fn programs_read_the_same() {
        let view = crate::report::json::View::new(&schema);
        let document = crate::report::json::plan_json(&exposed(), view, &serde_json::Value::Null);
        let first = &document["exposure"]["changes"][0];
        insta::assert_snapshot!(first, @r#"{"action":"opens","from":"internet","internet":true,"services":"tcp/443","to":["front","web[0..2]"],"addresses":["aws_thing.a"],"note":null,"may":null}"#);
        let nothing = crate::report::json::plan_json(&plan(Vec::new()), view, &serde_json::Value::Null);
        assert_eq!(nothing.get("exposure"), None);
    }
}
