//! Names as Route 53 writes them: with a dot at the end, and what is not a letter, digit, hyphen or underscore as `\ooo`.

use crate::value::Value;

/// A name without the dot at its end, in lower case and without escapes: `\052.a.` is `*.a`.
pub fn bare(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name.strip_suffix('.').unwrap_or(name);
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 4).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code.filter(u8::is_ascii) {
            Some(code) => {
                plain.push(char::from(code));
                rest = &rest[at + 4..];
            }
            None => {
                plain.push('\\');
                rest = &rest[at + 1..];
            }
        }
    }
    plain.push_str(rest);
    plain.to_ascii_lowercase()
}

/// Whether two names are the same to DNS.
pub fn same(a: &Value, b: &Value) -> bool {
    matches!((a.as_str(), b.as_str()), (Some(a), Some(b)) if bare(a) == bare(b))
}

/// A name in a zone, whether or not it ends with that of the zone.
pub fn within(name: &str, zone: &str) -> String {
    let (name, zone) = (bare(name), bare(zone));
    match name.as_str() {
        "" => zone,
        inside if inside == zone || inside.ends_with(&format!(".{zone}")) => name,
        _ => format!("{name}.{zone}"),
    }
}

/// The id of a zone, which AWS gives with a path before it.
pub fn zone_id(text: &str) -> &str {
    text.strip_prefix("/hostedzone/").unwrap_or(text)
}

/// Whether two ids are those of one zone.
pub fn same_zone(a: &Value, b: &Value) -> bool {
    matches!((a.as_str(), b.as_str()), (Some(a), Some(b)) if zone_id(a) == zone_id(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_in_one_way() {
        assert_eq!(bare("\\052.Shop.Example."), "*.shop.example");
        assert_eq!(bare("a\\b.example"), "a\\b.example");
        assert_eq!(bare("a\\"), "a\\");
        assert!(same(&"A.example.".into(), &"a.example".into()));
        assert!(!same(&"a.example".into(), &"b.example".into()));
    }

    #[test]
    fn a_name_is_completed_by_its_zone() {
        for (name, whole) in [
            ("www", "www.shop.example"),
            ("www.shop.example", "www.shop.example"),
            ("www.shop.example.", "www.shop.example"),
            ("shop.example", "shop.example"),
            ("", "shop.example"),
            ("myshop.example", "myshop.example.shop.example"),
        ] {
            assert_eq!(within(name, "shop.example."), whole);
        }
    }
}
