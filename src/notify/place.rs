//! Where a memory is, and under which names it keeps what: one object for each layout, so that parts of a run that work at
//! the same time never write over each other, and one for the division of each run.

use crate::diag::Diagnostic;
use crate::drift::finding::digest;
use std::path::{Path, PathBuf};

/// The longest part of a key that is there for people.
const READABLE: usize = 60;

/// The place of a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder on this disk.
    Folder(PathBuf),
    /// Objects of a bucket.
    Bucket {
        /// Its name.
        bucket: String,
        /// The beginning of the keys, without a slash at its end; it may be empty.
        prefix: String,
        /// The bucket's region, where it is not that of the environment.
        region: Option<String>,
    },
}

impl Place {
    /// From the command line: a folder, or `s3://BUCKET/PREFIX`, which `?region=REGION` may follow.
    pub fn read(text: &str) -> Result<Self, Diagnostic> {
        let wrong = |why: &str| {
            Diagnostic::error("The place of the memory cannot be used")
                .code("usage")
                .detail(format!("--memory {text:?}: {why}."))
                .hint("Name a folder, or a bucket such as s3://acme-drift/network.")
        };
        let Some(rest) = text.strip_prefix("s3://") else {
            return match text {
                "" => Err(wrong("it is empty")),
                text if text.contains("://") => Err(wrong("only s3:// is served")),
                text if text.starts_with("s3:") => Err(wrong("a bucket is named by s3:// and its name")),
                folder => Ok(Place::Folder(PathBuf::from(folder))),
            };
        };
        let (path, region) = match rest.split_once('?') {
            Some((path, query)) => match query.strip_prefix("region=").filter(|region| !region.is_empty()) {
                Some(region) => (path, Some(region.to_owned())),
                None => return Err(wrong("after the question mark only region= is served")),
            },
            None => (rest, None),
        };
        let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(plain) {
            return Err(wrong("it does not name a bucket"));
        }
        Ok(Place::Bucket { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned(), region })
    }
}

/// The directory of a layout as it is known wherever it is checked out: below the top of its repository, else below the
/// current directory, else as it is.
pub fn place_of(dir: &Path) -> String {
    let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let top = whole.ancestors().find(|at| at.join(".git").exists()).map(Path::to_owned);
    let top = top.or_else(|| Path::new(".").canonicalize().ok());
    let below = top.as_deref().and_then(|top| whole.strip_prefix(top).ok()).unwrap_or(&whole);
    let name = below.to_string_lossy().replace('\\', "/");
    if name.is_empty() { ".".to_owned() } else { name }
}

/// The key of a layout, from its directory and its workspace. The first part of it is for people, the rest makes it the
/// only one.
pub fn layout_key(place: &str, workspace: &str) -> String {
    let mut readable = String::new();
    for c in place.chars().take(READABLE) {
        let c = if c.is_ascii_alphanumeric() || c == '.' || c == '_' { c } else { '-' };
        // Two dashes would end the comment that marks an issue.
        if !(c == '-' && readable.ends_with(['-', '.'])) {
            readable.push(c);
        }
    }
    let readable = readable.trim_matches(['-', '.']);
    let name = if readable.is_empty() { "layout" } else { readable };
    format!("layouts/{name}-{}.json", &digest([place, workspace])[..16])
}

/// The key of the division of a run into so many parts.
pub fn division(run: &str, parts: usize) -> String {
    format!("runs/{}-{parts}.json", &digest([run])[..16])
}

/// The run that this job is a part of: the same for all parts of one run and for no other. Nothing where the environment
/// does not say it.
pub fn run_of_environment(read: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let given = |name: &str| read(name).filter(|value| !value.is_empty());
    if let Some(run) = given("FLOORPLAN_RUN") {
        return Some(format!("own {run}"));
    }
    // A child of an array job is named by its array and its number.
    if let (Some(job), Some(_)) = (given("AWS_BATCH_JOB_ID"), given("AWS_BATCH_JOB_ARRAY_INDEX")) {
        let array = job.rsplit_once(':').map_or(job.as_str(), |(array, _)| array);
        return Some(format!("batch {array}"));
    }
    if let (Some(project), Some(run)) = (given("GITHUB_REPOSITORY"), given("GITHUB_RUN_ID")) {
        return Some(format!("github {project} {run}"));
    }
    if let (Some(project), Some(run)) = (given("CI_PROJECT_ID"), given("CI_PIPELINE_ID")) {
        return Some(format!("gitlab {project} {run}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let bucket = |bucket: &str, prefix: &str, region: Option<&str>| Place::Bucket {
            bucket: bucket.into(),
            prefix: prefix.into(),
            region: region.map(str::to_owned),
        };
        assert_eq!(Place::read("memory/drift"), Ok(Place::Folder("memory/drift".into())));
        assert_eq!(Place::read("s3://acme-drift"), Ok(bucket("acme-drift", "", None)));
        assert_eq!(Place::read("s3://acme-drift/a/b/"), Ok(bucket("acme-drift", "a/b", None)));
        assert_eq!(Place::read("s3://acme/a?region=eu-west-1"), Ok(bucket("acme", "a", Some("eu-west-1"))));
        for wrong in ["", "gs://a/b", "s3://", "s3://A/b", "s3://acme/a?x=y", "s3://acme/a?region=", "s3:/acme"] {
            assert!(Place::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_readable_and_the_only_one() {
        let key = layout_key("layouts/acme--prod", "default");
        assert!(key.starts_with("layouts/layouts-acme-prod-") && key.ends_with(".json"), "{key}");
        assert_eq!(key.len(), "layouts/layouts-acme-prod-".len() + 16 + ".json".len());
        assert_ne!(key, layout_key("layouts/acme-prod", "default"));
        assert_ne!(key, layout_key("layouts/acme--prod", "blue"));
        assert!(layout_key("../ü", "default").starts_with("layouts/layout-"));
        assert!(!layout_key("a -> b.-c", "default").contains("--"));
        assert_ne!(division("a", 3), division("a", 4));
    }

    #[test]
    fn all_parts_of_a_run_know_it_by_one_name() {
        let run = |set: &[(&str, &str)]| {
            run_of_environment(&|name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
        };
        let child = |index| {
            [("AWS_BATCH_JOB_ID", if index == "0" { "ab:0" } else { "ab:1" }), ("AWS_BATCH_JOB_ARRAY_INDEX", index)]
        };
        assert_eq!(run(&child("0")), Some("batch ab".into()));
        assert_eq!(run(&child("0")), run(&child("1")));
        assert_eq!(run(&[("GITHUB_REPOSITORY", "acme/net"), ("GITHUB_RUN_ID", "7")]), Some("github acme/net 7".into()));
        assert_eq!(run(&[("CI_PROJECT_ID", "11"), ("CI_PIPELINE_ID", "7")]), Some("gitlab 11 7".into()));
        assert_eq!(
            run(&[("FLOORPLAN_RUN", "x"), ("CI_PROJECT_ID", "11"), ("CI_PIPELINE_ID", "7")]),
            Some("own x".into())
        );
        assert_eq!(run(&[("AWS_BATCH_JOB_ID", "ab"), ("FLOORPLAN_RUN", "")]), None);
    }
}
