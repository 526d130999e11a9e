//! Every dependency is named in the source. Exempt are those that Cargo.toml lists below a comment which begins with
//! "Not used by name".

use super::layering::files;
use regex::Regex;
use std::path::Path;

/// Packages whose library has another name.
const LIBRARIES: [(&str, &str); 1] = [("md-5", "md5")];

struct Dependency {
    name: String,
    exempt: bool,
    /// The folders that may name it.
    folders: &'static [&'static str],
}

fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    let (mut folders, mut exempt): (&[&str], bool) = (&[], false);
    for line in manifest.lines() {
        match line.split_once('=') {
            _ if line.starts_with('[') => {
                folders = match line {
                    "[dependencies]" => &["src"],
                    "[dev-dependencies]" => &["src", "tests", "benches"],
                    _ => &[],
                };
            }
            _ if line.is_empty() => exempt = false,
            _ if line.starts_with('#') => exempt |= line.starts_with("# Not used by name"),
            Some((name, _)) if !folders.is_empty() => {
                found.push(Dependency { name: name.trim().to_owned(), exempt, folders });
            }
            _ => {}
        }
    }
    found
}

/// Whether code names the library of a package.
fn names(code: &str, package: &str) -> bool {
    let library = LIBRARIES.iter().find(|(of, _)| *of == package).map_or(package, |(_, library)| library);
    let library = library.replace('-', "_");
    let pattern =
        Regex::new(&format!(r"(?m)^[^/\n]*(\b{library}::|\b{library}!|\buse {library}\b)")).expect("a pattern");
    pattern.is_match(code)
}

#[test]
fn every_dependency_is_named_in_the_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = |folder: &str| -> String {
        files(&root.join(folder)).iter().map(|path| std::fs::read_to_string(path).expect("source")).collect()
    };
    let code: Vec<(&str, String)> = ["src", "tests", "benches"].map(|folder| (folder, code(folder))).into();
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("Cargo.toml");
    let all = dependencies(&manifest);
    assert!(all.len() > 50, "the dependencies are found");
    let wrong = all.iter().filter(|d| {
        let named = code.iter().any(|(folder, code)| d.folders.contains(folder) && names(code, &d.name));
        named == d.exempt
    });
    let wrong: Vec<&str> = wrong.map(|d| d.name.as_str()).collect();
    assert!(wrong.is_empty(), "not named in the source, or named and exempt: {wrong:?}");
}

#[test]
fn an_unnamed_dependency_is_found_unless_a_comment_explains_it() {
    let manifest =
        "[dependencies]\nmd-5 = \"1\"\n\n# Not used by name: why.\neither = \"1\"\n\nserde = \"1\"\n[lints]\nx = 1\n";
    let found: Vec<(String, bool)> = dependencies(manifest).into_iter().map(|d| (d.name, d.exempt)).collect();
    assert_eq!(found, [("md-5".into(), false), ("either".into(), true), ("serde".into(), false)]);
    assert!(names("fn f() { md5::compute(); }", "md-5") && names("use serde;", "serde"));
    assert!(!names("// serde::de\nuse serde_json::Value;", "serde"));
}
