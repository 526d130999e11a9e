//! `import` and resource blocks for objects that no layout has, with names as a person gives them: written by `drift import`.

use super::blocks::{self, Names, Taken};
use crate::schema::{Attrs, Schema};
use crate::value::Name;
use crate::value::address::{Address, InstanceKey, Mode, ModulePath, ResourceAddress};
use std::collections::BTreeSet;

/// An object that is to get blocks.
pub struct Stray<'a> {
    /// Its type.
    pub type_name: &'a str,
    /// The id by which it is imported.
    pub id: &'a str,
    /// Its rows.
    pub schema: &'a Schema,
    /// Its attributes in AWS, sensitive ones marked.
    pub attrs: &'a Attrs,
    /// The provider configuration, where it is not the usual one.
    pub provider: Option<&'a str>,
    /// The region, where it is not that of the provider.
    pub region: Option<&'a str>,
}

/// The addresses that objects get beside those that are taken.
pub fn addresses<'a>(
    objects: impl Iterator<Item = (&'a str, Option<&'a str>, &'a Attrs)>,
    mut taken: BTreeSet<(String, String)>,
) -> Vec<Address> {
    let mut named = |(type_name, name, attrs): (&str, Option<&str>, &Attrs)| {
        let all = candidates(type_name, name, attrs);
        let numbered = (2..).map(|n| format!("{}_{n}", all.first().map_or("object", String::as_str)));
        let free = all.iter().cloned().chain(numbered).find(|name| taken.insert((type_name.to_owned(), name.clone())));
        address(type_name, &free.unwrap_or_default())
    };
    objects.map(&mut named).collect()
}

/// The text of the file. `names` are those of the layout's own objects.
pub fn file(objects: &[(Address, Stray<'_>)], names: Names<'_>) -> String {
    let text = |(address, stray): &(Address, Stray<'_>)| {
        let beside = |id: &str| {
            let other = objects.iter().find(|(other, stray)| stray.id == id && other != address);
            names(id).or_else(|| other.map(|(other, _)| format!("{other}.id")))
        };
        let provider = stray.provider.map(|provider| format!("  provider = {provider}\n")).unwrap_or_default();
        let id = super::literal::quoted(stray.id);
        let resource = blocks::resource(&Taken {
            address,
            schema: stray.schema,
            attrs: stray.attrs,
            provider: stray.provider,
            region: stray.region,
            names: &beside,
        });
        crate::lang::fmt::format_source(&format!(
            "import {{\n  to = {address}\n  id = {id}\n{provider}}}\n\n{resource}"
        ))
    };
    objects.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn address(type_name: &str, name: &str) -> Address {
    let (mode, type_name, name) = (Mode::Managed, Name::from(type_name), Name::from(name));
    ResourceAddress { module: ModulePath::default(), mode, type_name, name }.instance(InstanceKey::None)
}

/// The names that an object may get, the best first: its own, else its type and where it is.
fn candidates(type_name: &str, name: Option<&str>, attrs: &Attrs) -> Vec<String> {
    let short = type_name.split_once('_').map_or(type_name, |(_, rest)| rest);
    let tag = || attrs.get("tags")?.get("Name")?.as_str();
    let own = name.or_else(tag).and_then(|name| identifier(short, name));
    let places = ["availability_zone", "cidr_block"].into_iter().filter_map(|name| attrs.str(name));
    let placed = places.filter_map(|place| identifier(short, &format!("{short}_{place}")));
    let mut all: Vec<String> = own.into_iter().chain(placed).collect();
    all.push(short.to_owned());
    all
}

/// A text as a name of the language; nothing where none of it can be used.
fn identifier(short: &str, text: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let words: String = text.chars().map(plain).collect();
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    let name = words.join("_");
    match name.chars().next()? {
        c if c.is_ascii_digit() => Some(format!("{short}_{name}")),
        _ => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{attrs, schema};

    #[test]
    fn names_are_those_that_a_person_gives() {
        let zone = attrs([("availability_zone", "eu-west-1a".into()), ("cidr_block", "10.0.9.0/24".into())]);
        let taken = BTreeSet::from([("aws_subnet".to_owned(), "web_a".to_owned())]);
        let given = [Some("web-a"), Some("Web A (new)"), Some("9 lives"), None, None, None, Some("\u{e4}")];
        let found = addresses(given.into_iter().map(|name| ("aws_subnet", name, &zone)), taken);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "aws_subnet.subnet_eu_west_1a",
                "aws_subnet.web_a_new",
                "aws_subnet.subnet_9_lives",
                "aws_subnet.subnet_10_0_9_0_24",
                "aws_subnet.subnet",
                "aws_subnet.subnet_eu_west_1a_2",
                "aws_subnet.subnet_eu_west_1a_3",
            ]
        );
    }

    #[test]
    fn an_object_refers_to_others_by_their_names() {
        let thing = schema(Mode::Managed, "aws_thing").expect("a type");
        let known = |policy: &str| attrs([("id", "thing-1".into()), ("policy", policy.into())]);
        let (first, second) = (known("vpc-1"), known("thing-1"));
        let stray =
            |id, attrs| Stray { type_name: "aws_thing", id, schema: thing, attrs, provider: None, region: None };
        let all = [
            (address("aws_thing", "a"), stray("thing-1", &first)),
            (address("aws_thing", "b"), stray("thing-2", &second)),
        ];
        insta::assert_snapshot!(file(&all, &|id| (id == "vpc-1").then(|| "aws_vpc.main.id".to_owned())), @r#"
        import {
          to = aws_thing.a
          id = "thing-1"
        }

        resource "aws_thing" "a" {
          policy = aws_vpc.main.id
        }

        import {
          to = aws_thing.b
          id = "thing-2"
        }

        resource "aws_thing" "b" {
          policy = aws_thing.a.id
        }
        "#);
    }
}
