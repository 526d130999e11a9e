//! Remarks on lines of a commit: a check run of GitHub. GitLab has no such call.

use super::answers::Failure;
use super::client::Client;
use super::job::Service;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// So many remarks are taken at a time.
const BATCH: usize = 50;
/// So many are made at most: nobody reads more.
const MOST: usize = 500;
/// The longest remark, in characters. GitHub takes 64 KB.
const LONGEST: usize = 4000;

/// How grave a remark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Notice,
    /// Something goes.
    Warning,
    /// Something is wrong.
    Failure,
}

/// A remark on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The file, from the top of the repository.
    pub file: String,
    /// The line, from 1 on.
    pub line: usize,
    /// How grave it is.
    pub level: Level,
    /// The words.
    pub message: String,
}

/// One annotation for each line, the gravest first.
fn annotations(remarks: &[Remark]) -> Vec<Value> {
    let mut lines: BTreeMap<(&str, usize), (Level, Vec<&str>)> = BTreeMap::new();
    for remark in remarks {
        let (level, messages) = lines.entry((remark.file.as_str(), remark.line)).or_insert((remark.level, Vec::new()));
        *level = remark.level.max(*level);
        if !messages.contains(&remark.message.as_str()) {
            messages.push(&remark.message);
        }
    }
    let mut all: Vec<_> = lines.into_iter().collect();
    all.sort_by_key(|(_, (level, _))| std::cmp::Reverse(*level));
    let annotation = |((file, line), (level, messages)): ((&str, usize), (Level, Vec<&str>))| {
        let (level, title) = match level {
            Level::Notice => ("notice", "Changes"),
            Level::Warning => ("warning", "Destroys or replaces"),
            Level::Failure => ("failure", "Cannot be planned"),
        };
        let message: String = messages.join("\n").chars().take(LONGEST).collect();
        json!({
            "path": file,
            "start_line": line,
            "end_line": line,
            "annotation_level": level,
            "title": title,
            "message": message,
        })
    };
    all.into_iter().map(annotation).collect()
}

impl Client {
    /// Puts remarks on the lines of the commit. The check itself is neutral: the status says how the run ended.
    pub async fn annotate(&self, remarks: &[Remark], summary: &str) -> Result<(), Failure> {
        let all = annotations(remarks);
        if self.job.access.service == Service::Gitlab || all.is_empty() {
            return Ok(());
        }
        let left_out = all.len().saturating_sub(MOST);
        let more =
            if left_out > 0 { format!("\n\nRemarks on {left_out} more lines are left out.") } else { String::new() };
        let summary = format!("{summary}{more}");
        let output = |batch: &[Value]| json!({ "title": "Floorplan", "summary": summary, "annotations": batch });
        let mut batches = all[..all.len() - left_out].chunks(BATCH);
        let mut body = json!({
            "name": format!("{}/lines", self.context),
            "head_sha": self.job.commit,
            "status": "completed",
            "conclusion": "neutral",
            "output": output(batches.next().unwrap_or_default()),
        });
        if let Some(page) = &self.job.page {
            body["details_url"] = Value::from(page.as_str());
        }
        let made = self.ask("POST", "check-runs", Some(&body)).await?;
        let made: Value = serde_json::from_slice(&made.body).unwrap_or_default();
        for batch in batches {
            let body = json!({ "output": output(batch) });
            self.ask("PATCH", &format!("check-runs/{}", made["id"]), Some(&body)).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_annotation() {
        let remark =
            |line, level, message: &str| Remark { file: "net/main.hcl".into(), line, level, message: message.into() };
        let all = annotations(&[
            remark(3, Level::Notice, "aws_subnet.a[0] changes"),
            remark(9, Level::Warning, "aws_vpc.a is replaced"),
            remark(3, Level::Notice, "aws_subnet.a[1] changes"),
            remark(3, Level::Notice, "aws_subnet.a[1] changes"),
        ]);
        assert_eq!(all.len(), 2);
        assert_eq!((&all[0]["start_line"], &all[0]["annotation_level"]), (&json!(9), &json!("warning")));
        assert_eq!(all[1]["message"], "aws_subnet.a[0] changes\naws_subnet.a[1] changes");
        assert_eq!(annotations(&[]), Vec::<Value>::new());
    }
}
