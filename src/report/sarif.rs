//! SARIF 2.1.0, which code scanning services read. A report says which rules it has and what it found; the document is
//! written here alone.

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The gravity of a result.
#[derive(Clone, Copy)]
pub enum Level {
    /// It has to be mended.
    Error,
    /// Somebody should look at it.
    Warning,
    /// It is good to know.
    Note,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// A kind of results.
pub struct Rule {
    /// Its id, which never changes.
    pub id: &'static str,
    /// Its name, one word.
    pub name: &'static str,
    /// A few words.
    pub short: &'static str,
    /// A sentence.
    pub full: &'static str,
    /// How grave such a result is, if it does not say otherwise.
    pub level: Level,
}

/// A result.
pub struct Found {
    /// The index of its rule.
    pub rule: usize,
    /// How grave it is.
    pub level: Level,
    /// Everything in a few sentences.
    pub message: String,
    /// The address of the object that it is about.
    pub object: Option<String>,
    /// A file, from the top of the repository, and a line.
    pub at: Option<(String, usize)>,
    /// What stays the same while the finding does: the name of the method, and its text.
    pub print: (&'static str, String),
    /// Why it is accepted, if it is.
    pub accepted: Option<String>,
    /// What else programs may want to know.
    pub properties: Json,
}

/// A remark on the run itself.
pub struct Remark {
    /// How grave it is.
    pub level: Level,
    /// Its words.
    pub text: String,
}

/// The document of one run; `successful` unless it could not look at everything.
pub fn document(rules: &[Rule], found: &[Found], remarks: &[Remark], successful: bool) -> Json {
    let remark = |r: &Remark| json!({ "level": r.level.word(), "message": { "text": r.text } });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "floorplan",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": successful,
                "toolExecutionNotifications": remarks.iter().map(remark).collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(|found| result(found, rules)).collect::<Vec<_>>(),
        }],
    })
}

fn rule(rule: &Rule) -> Json {
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": { "text": rule.short },
        "fullDescription": { "text": rule.full },
        "defaultConfiguration": { "level": rule.level.word() },
    })
}

fn result(found: &Found, rules: &[Rule]) -> Json {
    let mut location = json!({});
    if let Some(object) = &found.object {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": object, "kind": "resource" }]);
    }
    if let Some((file, line)) = &found.at {
        location["physicalLocation"] = json!({
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": line },
        });
    }
    let (method, print) = &found.print;
    let mut all = json!({
        "ruleId": rules.get(found.rule).map(|rule| rule.id),
        "ruleIndex": found.rule,
        "level": found.level.word(),
        "message": { "text": found.message },
        "locations": [location],
        "partialFingerprints": { *method: print },
        "properties": found.properties,
    });
    if let Some(why) = &found.accepted {
        all["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
    }
    all
}

/// A text of 32 letters that is the same for the same parts.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A path as a URI: relative as it is, absolute with its scheme; other characters than those of a path are encoded.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Holds a document against what SARIF 2.1.0 and code scanning services require of it; the results.
#[cfg(test)]
pub fn read(document: &Json) -> Vec<&Json> {
    let text = |value: &Json| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned).unwrap();
    let only = |value: &Json, known: &[&str]| {
        let members = value.as_object().unwrap();
        assert!(members.keys().all(|key| known.contains(&key.as_str())), "{value}");
    };
    let levels = ["none", "note", "warning", "error"];
    only(document, &["$schema", "version", "runs"]);
    assert_eq!((&document["version"], document["runs"].as_array().unwrap().len()), (&"2.1.0".into(), 1));
    assert!(text(&document["$schema"]).ends_with("sarif-2.1.0.json"));
    let run = &document["runs"][0];
    only(run, &["tool", "invocations", "columnKind", "results"]);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["name"], "floorplan");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: std::collections::BTreeSet<String> = rules.iter().map(|rule| text(&rule["id"])).collect();
    assert_eq!(ids.len(), rules.len(), "each rule has an id of its own");
    for rule in rules {
        only(rule, &["id", "name", "shortDescription", "fullDescription", "defaultConfiguration"]);
        assert!(text(&rule["name"]).chars().all(char::is_alphanumeric));
        assert!(
            text(&rule["fullDescription"]["text"]).ends_with('.')
                && !text(&rule["shortDescription"]["text"]).is_empty()
        );
        assert!(levels.contains(&text(&rule["defaultConfiguration"]["level"]).as_str()));
    }
    let invocations = run["invocations"].as_array().unwrap();
    assert!(invocations.iter().all(|invocation| invocation["executionSuccessful"].is_boolean()));
    for note in invocations.iter().flat_map(|invocation| invocation["toolExecutionNotifications"].as_array().unwrap()) {
        only(note, &["level", "message"]);
        assert!(levels.contains(&text(&note["level"]).as_str()) && !text(&note["message"]["text"]).is_empty());
    }
    let results = run["results"].as_array().unwrap();
    let mut prints = std::collections::BTreeSet::new();
    let known =
        ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties", "suppressions"];
    for result in results {
        only(result, &known);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(levels.contains(&text(&result["level"]).as_str()) && !text(&result["message"]["text"]).is_empty());
        assert!(result["properties"].is_object());
        let location = &result["locations"][0];
        only(location, &["logicalLocations", "physicalLocation"]);
        let uri = text(&location["physicalLocation"]["artifactLocation"]["uri"]);
        assert!(!uri.contains(' ') && !uri.starts_with("./"), "{uri}");
        assert!(location["physicalLocation"]["region"]["startLine"].as_u64().unwrap() >= 1);
        for print in result["partialFingerprints"].as_object().unwrap().values() {
            assert!(prints.insert(text(print)), "two results with one fingerprint: {result}");
        }
    }
    assert_eq!(prints.len(), results.len());
    results.iter().collect()
}
