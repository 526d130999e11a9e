//! The seal of a plan and the commit that it was made at, for those who compare what was reviewed with what is applied.

use crate::plan::basis::short;
use crate::plan::change::Plan;
use crate::report::marks::Marks;

/// The lines; none where nobody gave the plan a seal.
pub fn seal(plan: &Plan, marks: Marks) -> Vec<String> {
    let meta = &plan.meta;
    if meta.seal.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("Seal: {}", (marks.name)(&meta.seal))];
    if let Some(commit) = &meta.basis.commit {
        let base = commit.base.as_ref().map(|base| format!(", base {}", (marks.name)(short(base))));
        lines.push(format!("Commit: {}{}", (marks.name)(short(&commit.head)), base.unwrap_or_default()));
        if !commit.edited.is_empty() {
            lines.push(format!("Not as in that commit: {}", marks.names(&commit.edited)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Commit;
    use crate::plan::fixtures::plan;
    use crate::report::markdown::marks::MARKS;
    use crate::report::marks::PLAIN;

    #[test]
    fn a_plan_that_is_reviewed_names_its_seal_and_commit() {
        let mut plan = plan(Vec::new());
        plan.meta.basis.commit =
            Some(Commit { head: "a".repeat(40), base: Some("b".repeat(40)), edited: vec!["net/main.tf".into()] });
        assert!(seal(&plan, PLAIN).is_empty());
        plan.meta.seal = "7f3a-19c2".into();
        insta::assert_snapshot!(seal(&plan, PLAIN).join("\n"), @r"
        Seal: 7f3a-19c2
        Commit: aaaaaaaaaaaa, base bbbbbbbbbbbb
        Not as in that commit: net/main.tf
        ");
        insta::assert_snapshot!(seal(&plan, MARKS).join("\n"), @r"
        Seal: `7f3a-19c2`
        Commit: `aaaaaaaaaaaa`, base `bbbbbbbbbbbb`
        Not as in that commit: `net/main.tf`
        ");
    }
}
