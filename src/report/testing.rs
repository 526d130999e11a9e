//! Examples of reports, in `tests/data`: tests in a browser and the documentation use them.

use std::path::Path;

/// Compares an example byte by byte; with `UPDATE_EXAMPLES` it writes it anew.
#[track_caller]
pub fn example(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "{name} is another text now; look at it, then set UPDATE_EXAMPLES=1:\n{text}");
}
