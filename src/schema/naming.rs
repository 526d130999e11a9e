//! Names that the layout leaves to us, wholly or but for their beginning (`name_prefix`). Chosen from
//! the token of the create before anything is sent, so that the same create again makes the same
//! name and a lost one is found by it.

use super::Attrs;
use sha2::{Digest, Sha256};

/// How long the part is that makes a name unique, as Terraform makes it.
pub const SUFFIX: usize = 26;
/// The usual beginning of a name when the layout gives none.
pub const DEFAULT: &str = "floorplan-";

/// The arguments that name an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naming {
    /// The whole name, such as `name`.
    pub name: &'static str,
    /// Its beginning, such as `name_prefix`; empty where the layout cannot give it.
    pub prefix: &'static str,
    /// The beginning when the layout gives none.
    pub default: &'static str,
    /// The switch with which a name ends with `.fifo`, where there is one.
    pub fifo: Option<&'static str>,
}

/// The end of the names of topics and queues that keep the order.
const FIFO: &str = ".fifo";

impl Naming {
    /// The arguments of a new object with its name, the given one if there is one.
    pub fn complete(self, want: Attrs, token: &str) -> Attrs {
        let given = |argument: &str| want.str(argument).filter(|text| !text.is_empty());
        match (given(self.name), given(self.prefix)) {
            (Some(_), _) => want,
            (None, prefix) => {
                let end = self.fifo.filter(|switch| want.bool(switch) == Some(true)).map_or("", |_| FIFO);
                let name = unique_name(prefix.unwrap_or(self.default), token);
                want.with(self.name, format!("{name}{end}"))
            }
        }
    }

    /// The attributes of an object as listed, with the prefix that its name has.
    pub fn read(self, live: Attrs) -> Attrs {
        let prefix = live.str(self.name).map(|name| prefix_of(name.strip_suffix(FIFO).unwrap_or(name)).to_owned());
        match prefix {
            Some(prefix) if !self.prefix.is_empty() => live.with(self.prefix, prefix),
            _ => live,
        }
    }
}

/// `prefix` with a part that is unique to the token, in Terraform's form.
pub fn unique_name(prefix: &str, token: &str) -> String {
    let digits: String = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}{}", &digits[..SUFFIX])
}

/// The prefix of a generated name; empty when the name was not generated.
pub fn prefix_of(name: &str) -> &str {
    let at = name.len().saturating_sub(SUFFIX);
    match name.split_at_checked(at) {
        Some((prefix, digits)) if digits.len() == SUFFIX && digits.bytes().all(|b| b.is_ascii_hexdigit()) => prefix,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMING: Naming = Naming { name: "name", prefix: "name_prefix", default: DEFAULT, fifo: Some("fifo") };

    #[test]
    fn a_name_of_a_fifo_queue_ends_so() {
        let want = Attrs::default().with("name_prefix", "jobs-").with("fifo", true);
        let named = NAMING.complete(want, "a");
        let name = named.string("name").unwrap();
        assert!(name.starts_with("jobs-") && name.ends_with(".fifo"), "{name}");
        assert_eq!(NAMING.read(named).str("name_prefix"), Some("jobs-"));
    }

    #[test]
    fn a_generated_name_is_unique_and_shows_its_prefix() {
        let name = unique_name("web-", "a");
        assert_eq!(name.len(), "web-".len() + SUFFIX);
        assert_eq!(name, unique_name("web-", "a"));
        assert_ne!(name, unique_name("web-", "b"));
        assert_eq!(prefix_of(&name), "web-");
        assert_eq!(prefix_of("web"), "");
        assert_eq!(prefix_of("web-20240102030405060700000001"), "web-");
    }

    #[test]
    fn a_given_name_stays_and_a_missing_one_is_made() {
        let named = |want: Attrs| NAMING.complete(want, "a").string("name").unwrap();
        assert_eq!(named(Attrs::default().with("name", "web")), "web");
        assert_eq!(prefix_of(&named(Attrs::default().with("name", "").with("name_prefix", "web-"))), "web-");
        assert_eq!(prefix_of(&named(Attrs::default())), DEFAULT);
    }

    #[test]
    fn what_is_listed_tells_the_prefix_of_its_name() {
        let read = |name: &str| NAMING.read(Attrs::default().with("name", name)).string("name_prefix");
        assert_eq!(read("web-20240102030405060700000001").as_deref(), Some("web-"));
        assert_eq!(read("web").as_deref(), Some(""));
        assert_eq!(NAMING.read(Attrs::default()).get("name_prefix"), None);
    }
}
