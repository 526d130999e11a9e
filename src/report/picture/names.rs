//! Short names for objects, from their addresses, and how wide a text is.

use crate::value::address::{Address, InstanceKey, parse_instance};

/// Names of resources that say nothing that the module's name does not.
const PLAIN: [&str; 4] = ["this", "main", "default", "it"];

/// An object's name in parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Name {
    /// The modules, joined by points.
    pub(super) module: String,
    /// The resource, without a name that says nothing.
    pub(super) own: String,
    /// The key, if there is one.
    pub(super) key: String,
}

impl Name {
    /// The name of an address. What is none, such as an id, is a name as it is.
    pub(super) fn of(address: &str) -> Self {
        let bare = address.split_once(" (old").map_or(address, |(bare, _)| bare);
        match parse_instance(bare) {
            Ok(found) => Name::from(&found),
            Err(_) => Name { own: bare.to_owned(), ..Name::default() },
        }
    }

    /// All but the key.
    pub(super) fn label(&self) -> String {
        self.within("")
    }

    /// With the key.
    pub(super) fn whole(&self) -> String {
        match self.telling_key(None) {
            Some(key) => format!("{} {key}", self.label()),
            None => self.label(),
        }
    }

    /// The name without the key, as it is called in a module.
    pub(super) fn within(&self, module: &str) -> String {
        let below = self.module.strip_prefix(module).filter(|_| !module.is_empty());
        let rest = match below {
            Some("") => "",
            Some(rest) => rest.strip_prefix('.').unwrap_or(&self.module),
            None => &self.module,
        };
        match (rest, &*self.own) {
            ("", own) => own.to_owned(),
            (rest, own) if PLAIN.contains(&own) || rest == own || rest.ends_with(&format!(".{own}")) => rest.to_owned(),
            (rest, own) => format!("{rest}.{own}"),
        }
    }

    /// Whether its name says nothing in a module.
    pub(super) fn is_plain(&self, module: &str) -> bool {
        self.module == module && PLAIN.contains(&&*self.own)
    }

    /// The key where it says more than the zone or a number do.
    pub(super) fn telling_key(&self, zone: Option<&str>) -> Option<&str> {
        let says = !self.key.is_empty()
            && self.key.parse::<usize>().is_err()
            && zone.is_none_or(|zone| !self.key.contains(zone) && !zone.ends_with(&self.key));
        says.then_some(&*self.key)
    }
}

impl From<&Address> for Name {
    fn from(address: &Address) -> Self {
        let step = |(name, key): &(crate::value::Name, InstanceKey)| match key_of(key) {
            key if key.is_empty() => name.to_string(),
            key => format!("{name}[{key}]"),
        };
        let modules: Vec<String> = address.resource.module.0.iter().map(step).collect();
        Name { module: modules.join("."), own: address.resource.name.to_string(), key: key_of(&address.key) }
    }
}

fn key_of(key: &InstanceKey) -> String {
    match key {
        InstanceKey::None => String::new(),
        InstanceKey::Index(number) => number.to_string(),
        InstanceKey::Key(key) => key.to_string(),
    }
}

/// The stem of names that differ only in their zone: `private` of `private_a`, `private-2` and `private_eu_west_1a`.
pub(super) fn stem(name: &str, zone: Option<&str>) -> String {
    let zone = zone.unwrap_or_default();
    let spelt = [zone.to_owned(), zone.replace('-', "_")];
    let letter = zone.chars().last().map(String::from).unwrap_or_default();
    let ends = spelt.into_iter().chain([letter]).filter(|end| !end.is_empty());
    for end in ends {
        if let Some(rest) = name.strip_suffix(&*end)
            && rest.ends_with(['_', '-'])
        {
            return rest.trim_end_matches(['_', '-']).to_owned();
        }
    }
    let digits = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = if digits.len() < name.len() { digits.trim_end_matches(['_', '-']) } else { name };
    if digits.is_empty() { name.to_owned() } else { digits.to_owned() }
}

/// The width of a text in pixels, in the widest of the fonts that browsers choose.
pub(super) fn width(text: &str, size: i32, bold: bool) -> i32 {
    let hundredths: i32 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '\'' | '|' => 30,
            ' ' | '.' | ',' | ':' | ';' | '/' | '·' | 'I' | '!' => 36,
            'f' | 't' | 'r' | '(' | ')' | '-' | '[' | ']' => 42,
            'm' | 'w' | 'M' | 'W' | '→' | '%' => 99,
            'A'..='Z' | '×' | '_' => 78,
            c if c.is_ascii() => 64,
            c if u32::from(c) > 0x2e80 => 105,
            _ => 70,
        })
        .sum();
    let bold = if bold { 112 } else { 100 };
    (hundredths * size * bold + 9_999) / 10_000
}

/// The text, cut where it would be wider than it may be.
pub(super) fn cut(text: &str, most: i32, size: i32, bold: bool) -> String {
    if width(text, size, bold) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, size, bold) + width("…", size, bold) > most {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_keep_their_modules() {
        let label = |address: &str| Name::of(address).label();
        assert_eq!(label("aws_vpc.main"), "main");
        assert_eq!(label("module.web.aws_instance.member[\"eu-west-1a-1\"]"), "web.member");
        assert_eq!(label("module.database.aws_db_instance.this"), "database");
        assert_eq!(label("module.a[\"x\"].module.b.aws_lb.b"), "a[x].b");
        assert_eq!(label("aws_instance.old (old, 1a2b)"), "old");
        assert_eq!(label("vpc-0123"), "vpc-0123");
        assert_eq!(Name::of("module.network.aws_subnet.private[0]").within("network"), "private");
        assert_eq!(Name::of("module.networks.aws_subnet.private").within("network"), "networks.private");
    }

    #[test]
    fn stems_are_without_zones_and_numbers() {
        let table = [
            ("private_a", Some("eu-west-1a"), "private"),
            ("private-2", None, "private"),
            ("private_eu_west_1a", Some("eu-west-1a"), "private"),
            ("data", Some("eu-west-1a"), "data"),
            ("7", None, "7"),
        ];
        for (name, zone, expected) in table {
            assert_eq!(stem(name, zone), expected, "{name}");
        }
    }

    #[test]
    fn long_texts_are_cut_to_their_width() {
        let long = "a-very-long-name-of-a-server-that-nobody-would-type";
        let short = cut(long, 100, 12, false);
        assert!(short.ends_with('…') && width(&short, 12, false) <= 100, "{short}");
        assert_eq!(cut("web", 100, 12, true), "web");
    }
}
