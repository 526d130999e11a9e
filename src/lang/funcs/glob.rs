//! File name patterns of `fileset`, as regular expressions.
//!
//! `*` and `?` stay within one directory, `**` as a whole part crosses directories, `{a,b}` are
//! alternatives, `[a-z]` is one of a class, and a backslash takes the next character as it is.

use regex::Regex;

/// The expression that matches what the pattern matches.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    let bad = || "syntax error in pattern".to_owned();
    let mut out = String::from("^");
    let mut rest = pattern;
    let mut depth = 0usize;
    let mut at_start = true;
    while let Some(c) = rest.chars().next() {
        if at_start && let Some(after) = rest.strip_prefix("**/") {
            out.push_str("(?:[^/]+/)*");
            rest = after;
            continue;
        }
        if at_start && rest == "**" {
            out.push_str(".*");
            break;
        }
        rest = &rest[c.len_utf8()..];
        at_start = c == '/';
        match c {
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '{' => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            '\\' => {
                let escaped = rest.chars().next().ok_or_else(bad)?;
                out.push_str(&regex::escape(&escaped.to_string()));
                rest = &rest[escaped.len_utf8()..];
            }
            '[' => {
                let end = rest.get(1..).and_then(|r| r.find(']')).ok_or_else(bad)? + 1;
                let (negated, members) = match rest[..end].strip_prefix(['^', '!']) {
                    Some(members) => ("^/", members),
                    None => ("", &rest[..end]),
                };
                let escaped = members.replace('\\', "\\\\").replace('[', "\\[").replace("&&", "&\\&");
                out.push_str(&format!("[{negated}{escaped}]"));
                rest = &rest[end + 1..];
            }
            c => out.push_str(&regex::escape(&c.to_string())),
        }
    }
    if depth > 0 {
        return Err(bad());
    }
    out.push('$');
    Regex::new(&out).map_err(|_| bad())
}
