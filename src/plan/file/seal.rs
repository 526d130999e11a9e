//! The seal of a plan: a short name for all that applying it does, so that what was reviewed and what is applied can be
//! compared. Equal plans have equal seals, wherever and whenever they were made.
//!
//! Sensitive values are left out: a digest over one lets people who know the rest guess it.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The key of what a plan file keeps sealed, or marks.
const SPECIAL: &str = "$sealed";
/// How many bytes of the digest are shown: so many that nobody finds two plans of one seal.
const BYTES: usize = 16;
/// How many digits stand together.
const GROUP: usize = 4;

/// The seal of a plan by its document.
pub fn of(document: &Json) -> String {
    let mut digest = Sha256::new();
    digest.update("floorplan plan 1");
    hash(&essence(document), &mut digest);
    grouped(&digest.finalize().iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// A seal as it is shown, from one that a person typed.
pub fn typed(text: &str) -> Result<String, String> {
    let digits: String = text.trim().trim_start_matches("plan ").chars().filter(|c| *c != '-').collect();
    match digits.len() == BYTES * 2 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => Ok(grouped(&digits.to_ascii_lowercase())),
        false => Err(format!("a seal has {} hexadecimal digits, such as {}", BYTES * 2, grouped(&"7f3a".repeat(8)))),
    }
}

fn grouped(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    digits.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What of a document counts: nothing of when, from where and at which commit the plan was made, and none of the objects
/// that stay as they are.
fn essence(document: &Json) -> Json {
    let mut all = document.clone();
    let Some(parts) = all.as_object_mut() else { return all };
    for name in ["drift", "warnings"] {
        parts.shift_remove(name);
    }
    if let Some(promise) = parts.get_mut("promise").and_then(Json::as_object_mut) {
        // When the next window opens.
        promise.shift_remove("window");
    }
    if let Some(meta) = parts.get_mut("meta").and_then(Json::as_object_mut) {
        if meta.get("serial") == Some(&Json::from(0)) {
            // A state that does not exist yet has no lineage to speak of.
            meta.shift_remove("lineage");
        }
        for name in ["created", "dir"] {
            meta.shift_remove(name);
        }
        if let Some(basis) = meta.get_mut("basis").and_then(Json::as_object_mut) {
            for name in ["commit", "values"] {
                basis.shift_remove(name);
            }
        }
    }
    let steps = parts.get("steps").and_then(Json::as_array);
    let stepped: BTreeSet<u64> = steps.into_iter().flatten().filter_map(|step| step["change"].as_u64()).collect();
    if let Some(changes) = parts.get_mut("changes").and_then(Json::as_array_mut) {
        for (at, change) in changes.iter_mut().enumerate() {
            let stays = change["action"] == "no_op" && change["importing"].is_null() && change["moved_from"].is_null();
            if stays && !stepped.contains(&(at as u64)) {
                *change = change["address"].clone();
            }
        }
    }
    all
}

/// Takes a document in, the keys of objects in order, without what is sealed.
fn hash(json: &Json, digest: &mut Sha256) {
    match json {
        Json::Null => put(digest, "null", ""),
        Json::Bool(b) => put(digest, "bool", &b.to_string()),
        Json::Number(n) => put(digest, "number", &n.to_string()),
        Json::String(text) => put(digest, "text", text),
        Json::Array(items) => {
            put(digest, "list", &items.len().to_string());
            items.iter().for_each(|item| hash(item, digest));
        }
        Json::Object(entries) if entries.len() == 1 && entries.get(SPECIAL).is_some_and(Json::is_string) => {
            put(digest, "secret", "");
        }
        Json::Object(entries) => {
            put(digest, "object", &entries.len().to_string());
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (key, value) in entries {
                put(digest, "key", key);
                hash(value, digest);
            }
        }
    }
}

/// Takes a text in, so that no two rows of texts read the same.
fn put(digest: &mut Sha256, kind: &str, text: &str) {
    for part in [kind, text] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Json {
        json!({
            "meta": { "serial": 3, "lineage": "l", "created": "now", "dir": "a", "variables": { "k": { "$sealed": "v2.x" } },
                "basis": { "files": { "main.tf": "1" }, "commit": { "head": "c" }, "values": {} } },
            "changes": [
                { "action": "no_op", "address": "a.a", "importing": null, "moved_from": null, "before": { "state": 1 } },
                { "action": "update", "address": "a.b", "importing": null, "moved_from": null, "after": { "x": 1 } },
            ],
            "steps": [{ "change": 1 }],
            "warnings": ["w"],
            "drift": [],
        })
    }

    #[test]
    fn when_where_and_secrets_do_not_count() {
        let seal = of(&document());
        assert_eq!(seal.len(), 39, "{seal}");
        let with = |pointer: &str, value: Json| {
            let mut all = document();
            *all.pointer_mut(pointer).unwrap() = value;
            of(&all)
        };
        for (pointer, value) in [
            ("/meta/created", json!("later")),
            ("/meta/dir", json!("../a")),
            ("/meta/basis/commit", json!(null)),
            ("/meta/basis/values", json!({ "typed": ["k"] })),
            ("/meta/variables/k", json!({ "$sealed": "v2.y" })),
            ("/changes/0/before", json!({ "state": 2 })),
            ("/warnings", json!([])),
        ] {
            assert_eq!(with(pointer, value), seal, "{pointer}");
        }
        for (pointer, value) in [
            ("/meta/serial", json!(4)),
            ("/meta/lineage", json!("m")),
            ("/meta/basis/files/main.tf", json!("2")),
            ("/meta/variables/k", json!("v2.x")),
            ("/changes/0/address", json!("a.c")),
            ("/changes/1/after/x", json!("1")),
            ("/steps", json!([])),
        ] {
            assert_ne!(with(pointer, value), seal, "{pointer}");
        }
    }

    #[test]
    fn a_state_that_is_not_there_has_no_lineage() {
        let with = |lineage: &str| {
            let mut all = document();
            (all["meta"]["serial"], all["meta"]["lineage"]) = (json!(0), json!(lineage));
            of(&all)
        };
        assert_eq!(with(""), with("l"));
    }

    #[test]
    fn a_seal_can_be_typed_in_several_ways() {
        let shown = "7f3a-19c2-88ab-04de-91f0-22c4-0a1b-ffee";
        for text in [shown, "plan 7f3a-19c2-88ab-04de-91f0-22c4-0a1b-ffee", "7F3A19C288AB04DE91F022C40A1BFFEE"] {
            assert_eq!(typed(text).as_deref(), Ok(shown), "{text}");
        }
        assert!(typed("7f3a-19c2").is_err());
        assert!(typed("zf3a-19c2-88ab-04de-91f0-22c4-0a1b-ffee").is_err());
    }
}
