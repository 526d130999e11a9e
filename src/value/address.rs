//! Addresses: how a person names a resource, a module or one instance of it.

use crate::value::format::is_invisible;
use crate::value::{Name, Value};
use std::fmt;
use std::sync::Arc;

/// The key of one instance among those of a `count` or `for_each`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstanceKey {
    /// Neither `count` nor `for_each`.
    None,
    /// The index under `count`.
    Index(usize),
    /// The key under `for_each`.
    Key(Name),
}

/// The way from the root module to a module instance; empty for the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ModulePath(pub Arc<Vec<(Name, InstanceKey)>>);

/// Managed resource or data source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A `schema` block.
    Managed,
    /// A `data` block.
    Data,
}

/// A `schema` or `data` block within one module instance, without the instance key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceAddress {
    /// The module instance.
    pub module: ModulePath,
    /// Managed or data.
    pub mode: Mode,
    /// The type, such as `aws_subnet`.
    pub type_name: Name,
    /// The name.
    pub name: Name,
}

/// One resource instance: the unit of state, plan and apply.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The block within its module instance.
    pub resource: ResourceAddress,
    /// Which of its instances.
    pub key: InstanceKey,
}

impl InstanceKey {
    /// The key as the language sees it; `None` where there is none.
    pub fn value(&self) -> Option<Value> {
        match self {
            InstanceKey::None => None,
            InstanceKey::Index(i) => Some(crate::value::Number::from(*i).into()),
            InstanceKey::Key(k) => Some(Value::string(k)),
        }
    }
}

impl ModulePath {
    /// The module instance `name[key]` in this one.
    pub fn child(&self, name: Name, key: InstanceKey) -> Self {
        let mut path = (*self.0).clone();
        path.push((name, key));
        ModulePath(Arc::new(path))
    }

    /// Whether it is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The module that this one is called in.
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(ModulePath(Arc::new(rest.to_vec())))
    }
}

impl ResourceAddress {
    /// The instance with this key.
    pub fn instance(&self, key: InstanceKey) -> Address {
        Address { resource: self.clone(), key }
    }
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceKey::None => Ok(()),
            InstanceKey::Index(i) => write!(f, "[{i}]"),
            InstanceKey::Key(k) => {
                f.write_str("[\"")?;
                for c in k.chars() {
                    match c {
                        '"' => f.write_str("\\\"")?,
                        '\\' => f.write_str("\\\\")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        // On a terminal it would act, or hide.
                        c if (c.is_control() || is_invisible(c)) && u32::from(c) <= 0xffff => {
                            write!(f, "\\u{:04x}", u32::from(c))?;
                        }
                        c => write!(f, "{c}")?,
                    }
                }
                f.write_str("\"]")
            }
        }
    }
}

impl fmt::Display for ModulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, key)) in self.0.iter().enumerate() {
            let dot = if i == 0 { "" } else { "." };
            write!(f, "{dot}module.{name}{key}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ResourceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        if self.mode == Mode::Data {
            f.write_str("data.")?;
        }
        write!(f, "{}.{}", self.type_name, self.name)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.resource, self.key)
    }
}

/// Part of an address that a person typed: a module, a resource or one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All in a module instance, or in all instances of a module call.
    Module(ModulePath),
    /// All instances of a resource.
    Resource(ResourceAddress),
    /// One instance.
    Instance(Address),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Module(path) => path.fmt(f),
            Target::Resource(resource) => resource.fmt(f),
            Target::Instance(instance) => instance.fmt(f),
        }
    }
}

impl Target {
    /// Whether `address` is part of it.
    pub fn covers(&self, address: &Address) -> bool {
        match self {
            Target::Module(path) => {
                let steps = &address.resource.module.0;
                steps.len() >= path.0.len()
                    && path
                        .0
                        .iter()
                        .zip(steps.iter())
                        .all(|(a, b)| a.0 == b.0 && (a.1 == b.1 || a.1 == InstanceKey::None))
            }
            Target::Resource(resource) => address.resource == *resource,
            Target::Instance(instance) => address == instance,
        }
    }
}

/// Reads an address as it is displayed: `module.a["k"].data.aws_vpc.main[0]`. The error says what
/// was expected.
pub fn parse(text: &str) -> Result<Target, String> {
    let mut rest = text.trim();
    let mut module = ModulePath::default();
    while let Some(after) = rest.strip_prefix("module.") {
        let (name, after) = identifier(after).ok_or_else(|| expected("a module name", after))?;
        let (key, after) = instance_key(after)?;
        module = module.child(name.into(), key);
        match after.strip_prefix('.') {
            Some(after) => rest = after,
            None if after.is_empty() => return Ok(Target::Module(module)),
            None => return Err(expected("\".\" or the end", after)),
        }
    }
    let (mode, after) = match rest.strip_prefix("data.") {
        Some(after) => (Mode::Data, after),
        None => (Mode::Managed, rest),
    };
    let (type_name, after) = identifier(after).ok_or_else(|| expected("a resource type", after))?;
    let after = after.strip_prefix('.').ok_or_else(|| expected("\".\" and a resource name", after))?;
    let (name, after) = identifier(after).ok_or_else(|| expected("a resource name", after))?;
    let resource = ResourceAddress { module, mode, type_name: type_name.into(), name: name.into() };
    let (key, after) = instance_key(after)?;
    if !after.is_empty() {
        return Err(expected("the end", after));
    }
    Ok(match key {
        InstanceKey::None => Target::Resource(resource),
        key => Target::Instance(resource.instance(key)),
    })
}

/// Reads the address of one instance.
pub fn parse_instance(text: &str) -> Result<Address, String> {
    match parse(text)? {
        Target::Instance(address) => Ok(address),
        Target::Resource(resource) => Ok(resource.instance(InstanceKey::None)),
        Target::Module(_) => Err("a resource address such as aws_vpc.main is required, not a module".into()),
    }
}

fn expected(what: &str, found: &str) -> String {
    if found.is_empty() { format!("{what} expected at the end") } else { format!("{what} expected before {found:?}") }
}

fn identifier(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(text.len());
    (end > 0 && !text.starts_with(|c: char| c.is_numeric() || c == '-')).then(|| text.split_at(end))
}

/// The digits of a character that is written by its number.
const DIGITS: usize = 4;

/// The character whose number a text begins with.
fn by_number(text: &str) -> Option<char> {
    let digits = text.get(..DIGITS).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

fn instance_key(text: &str) -> Result<(InstanceKey, &str), String> {
    let Some(inside) = text.strip_prefix('[') else { return Ok((InstanceKey::None, text)) };
    if let Some(quoted) = inside.strip_prefix('"') {
        let mut key = String::new();
        let mut chars = quoted.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    let after = &quoted[at + 1..];
                    let after = after.strip_prefix(']').ok_or_else(|| expected("\"]\"", after))?;
                    return Ok((InstanceKey::Key(key.into()), after));
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => key.push('\n'),
                    Some((_, 'r')) => key.push('\r'),
                    Some((_, 't')) => key.push('\t'),
                    Some((at, 'u')) if by_number(&quoted[at + 1..]).is_some() => {
                        key.extend(by_number(&quoted[at + 1..]));
                        let _ = chars.nth(DIGITS - 1);
                    }
                    Some((_, c)) => key.push(c),
                    None => break,
                },
                c => key.push(c),
            }
        }
        return Err(format!("a closing quote is missing in {text:?}"));
    }
    let (digits, after) = inside.split_once(']').ok_or_else(|| expected("\"]\"", inside))?;
    let index = digits.parse().map_err(|_| format!("an index or a quoted key is expected, not {digits:?}"))?;
    Ok((InstanceKey::Index(index), after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_reads_back_as_it_is_shown() {
        for text in [
            "aws_vpc.main",
            "aws_subnet.a[0]",
            "module.net[\"eu \\\"x\\\"\"].data.aws_vpc.main[\"k.[0]\"]",
            "module.a.module.b[1].aws_eip.e",
        ] {
            assert_eq!(parse_instance(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_key_cannot_paint_a_terminal() {
        for (key, shown) in [
            ("\u{1b}[31mred", r#"t.n["\u001b[31mred"]"#),
            ("\u{202e}evil", r#"t.n["\u202eevil"]"#),
            (r"\u001b", r#"t.n["\\u001b"]"#),
            ("é 😀", r#"t.n["é 😀"]"#),
        ] {
            let address = parse_instance("t.n").unwrap().resource.instance(InstanceKey::Key(key.into()));
            assert_eq!(address.to_string(), shown);
            assert_eq!(parse_instance(shown).unwrap(), address);
        }
        // Without four digits it is read as it always was.
        assert_eq!(parse_instance(r#"t.n["\u12x"]"#).unwrap().to_string(), r#"t.n["u12x"]"#);
    }

    #[test]
    fn a_malformed_address_says_what_was_expected() {
        insta::assert_snapshot!(parse("aws_vpc").unwrap_err(), @r#""." and a resource name expected at the end"#);
        insta::assert_snapshot!(parse("aws_vpc.a[x]").unwrap_err(), @r#"an index or a quoted key is expected, not "x""#);
        insta::assert_snapshot!(parse("aws_vpc.a[0").unwrap_err(), @r#""]" expected before "0""#);
    }

    proptest! {
        #[test]
        fn any_key_survives_the_round_trip(key in ".*") {
            let resource = ResourceAddress { module: ModulePath::default(), mode: Mode::Managed, type_name: "t".into(), name: "n".into() };
            let address = resource.instance(InstanceKey::Key(key.as_str().into()));
            prop_assert_eq!(parse_instance(&address.to_string()).unwrap(), address);
        }

        #[test]
        fn arbitrary_text_never_crashes_the_parser(text in ".*") {
            let _ = parse(&text);
        }
    }
}
