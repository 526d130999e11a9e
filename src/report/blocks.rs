//! Resource blocks for objects that are taken over: written by `plan --generate-config-out` and by `drift import`. And single
//! nested blocks, for `drift accept`.

use crate::lang::fmt::format_source;
use crate::schema::{Attribute, Attrs, Mode, Nesting, Schema};
use crate::value::address::Address;
use crate::value::{Kind, Value};
use hcl_edit::expr::{
    Array, Expression, Object, ObjectKey, ObjectValue, ObjectValueTerminator, Traversal, TraversalOperator,
};
use hcl_edit::structure::{Attribute as Argument, Block, Body};
use hcl_edit::{Decorate, Decorated, Ident, Number};
use std::collections::BTreeSet;

/// Attributes of every type that a block does not repeat. The tags of volumes are those of their blocks.
const NEVER: [&str; 5] = ["id", "arn", "tags_all", "timeouts", "volume_tags"];

/// What the layout calls the object with this id; nothing where it has none.
pub type Names<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One object that is to get a block.
pub struct Taken<'a> {
    /// Where the layout is to have it.
    pub address: &'a Address,
    /// Its type.
    pub schema: &'a Schema,
    /// Its attributes in AWS, sensitive ones marked.
    pub attrs: &'a Attrs,
    /// The provider configuration, where it is not the usual one.
    pub provider: Option<&'a str>,
    /// The region, where it is not that of the provider.
    pub region: Option<&'a str>,
    /// The objects that its arguments refer to.
    pub names: Names<'a>,
}

/// The text of a file with these blocks.
pub fn file(objects: &[Taken<'_>]) -> String {
    let blocks: Vec<String> = objects.iter().map(resource).collect();
    let head = "# Written by floorplan plan --generate-config-out. Look the blocks through before you keep them.\n";
    format_source(&format!("{head}\n{}", blocks.concat()))
}

/// The text of one resource block.
pub fn resource(object: &Taken<'_>) -> String {
    format_source(&Body::builder().block(block(object)).build().to_string())
}

/// The text of one nested block of a row.
pub fn nested(row: &Attribute, value: &Value, names: Names<'_>) -> String {
    let (Some(inner), Some(key)) = (&row.block, identifier(row.name)) else { return String::new() };
    let attrs = Attrs::from_value(value);
    let (arguments, blocks) = content(inner.attributes.iter(), &attrs, "", names, &mut Vec::new());
    let block = Block::builder(key).attributes(arguments).blocks(blocks).build();
    format_source(&Body::builder().block(block).build().to_string()).trim_end().to_owned()
}

fn block(object: &Taken<'_>) -> Block {
    let resource = &object.address.resource;
    let mut sensitive = Vec::new();
    let mut body = Body::builder();
    if let Some((name, alias)) = object.provider.and_then(|p| p.split_once('.')) {
        body = body.attributes(identifier("provider").map(|key| Argument::new(key, reference(name, alias))));
    }
    if let Some(region) = object.region {
        body = body.attributes(identifier("region").map(|key| Argument::new(key, region)));
    }
    let excluded = excluded(object.schema, object.attrs);
    let rows = object
        .schema
        .attributes
        .iter()
        .filter(|row| !excluded.contains(row.name) && !NEVER.contains(&row.name) && row.name != "region");
    let (arguments, blocks) = content(rows, object.attrs, "", object.names, &mut sensitive);
    let kind = Decorated::new(Ident::new("resource"));
    let body = body.attributes(arguments).blocks(blocks).build();
    let mut block = Block::builder(kind).label(resource.type_name.as_ref()).label(resource.name.as_ref()).build();
    block.body = body;
    let note = match sensitive.as_slice() {
        [] => String::new(),
        names => format!("# Not written because sensitive: {}.\n", names.join(", ")),
    };
    block.decor_mut().set_prefix(note);
    block
}

/// The arguments and blocks of an object or of a nested block.
fn content<'r>(
    rows: impl Iterator<Item = &'r Attribute>,
    attrs: &Attrs,
    path: &str,
    names: Names<'_>,
    sensitive: &mut Vec<String>,
) -> (Vec<Argument>, Vec<Block>) {
    let (mut arguments, mut blocks) = (Vec::new(), Vec::new());
    for row in rows.filter(|row| row.mode != Mode::Computed && !row.write_only) {
        let Some(value) = attrs.get(row.name).filter(|value| !is_idle(row, value)) else { continue };
        let name = format!("{path}{}", row.name);
        if row.sensitive || (row.block.is_none() && value.has_sensitive()) {
            sensitive.push(name);
            continue;
        }
        let Some(key) = identifier(row.name) else { continue };
        let Some(nested) = &row.block else {
            arguments.push(Argument::new(key, expression(value, names)));
            continue;
        };
        let own: Vec<Value> = match nested.nesting {
            Nesting::Single => vec![value.clone()],
            Nesting::List | Nesting::Set => value.children().cloned().collect(),
        };
        for one in own.iter().filter(|one| one.as_entries().is_some()) {
            let (one, name) = (Attrs::from_value(one), format!("{name}."));
            let (a, b) = content(nested.attributes.iter(), &one, &name, names, sensitive);
            blocks.push(Block::builder(key.clone()).attributes(a).blocks(b).build());
        }
    }
    (arguments, blocks)
}

/// Whether a block is the same without this value.
fn is_idle(row: &Attribute, value: &Value) -> bool {
    is_nothing(row, value) || row.default.as_ref() == Some(value)
}

/// Whether a layout cannot give this value, or need not, as it is none.
fn is_nothing(row: &Attribute, value: &Value) -> bool {
    let empty = match value.kind() {
        Kind::String(text) => text.is_empty(),
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => all.is_empty(),
        Kind::Map(_, all) => all.is_empty(),
        _ => false,
    };
    let needed = row.mode == Mode::Required;
    value.is_null() || !value.is_wholly_known() || (empty && !needed)
}

/// Of arguments that exclude one another all but the first that has a value. And what the type refuses beside the rest, as AWS
/// says one thing in several places: it is left to AWS.
fn excluded(schema: &Schema, attrs: &Attrs) -> BTreeSet<&'static str> {
    let given = |name: &&&'static str| {
        let row = schema.attribute(name).filter(|row| row.mode != Mode::Computed);
        row.zip(attrs.get(name)).is_some_and(|(row, value)| !is_idle(row, value))
    };
    let sets = schema.conflicts.iter().chain(schema.exactly_one);
    let mut out: BTreeSet<&'static str> = sets.flat_map(|set| set.iter().filter(given).skip(1).copied()).collect();
    let Some(check) = schema.check else { return out };
    let left = |row: &&Attribute, out: &BTreeSet<&'static str>| {
        row.mode != Mode::Computed && !out.contains(row.name) && !NEVER.contains(&row.name)
    };
    loop {
        let written = schema.attributes.iter().filter(|row| left(row, &out));
        let written: Attrs = written
            .filter_map(|row| Some((row.name, attrs.get(row.name).filter(|value| !is_nothing(row, value))?.clone())))
            .collect();
        let may_go = |name: &&'static str| {
            !out.contains(name) && schema.attribute(name).is_some_and(|row| row.mode == Mode::OptionalComputed)
        };
        let refused: Vec<&'static str> = check(&written).into_iter().map(|(name, _)| name).filter(may_go).collect();
        if refused.is_empty() {
            return out;
        }
        out.extend(refused);
    }
}

fn expression(value: &Value, names: Names<'_>) -> Expression {
    match value.kind() {
        Kind::Bool(given) => Expression::from(*given),
        Kind::String(text) => {
            let named = names(text).and_then(|name| name.parse::<Expression>().ok());
            named.unwrap_or_else(|| Expression::from(text.to_string()))
        }
        Kind::Number(number) => {
            let text = number.to_string();
            let whole = text.parse::<i64>().ok().map(Number::from);
            let number = whole.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64));
            number.map_or_else(|| Expression::from(text), Expression::from)
        }
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
            let mut array = Array::new();
            all.iter().for_each(|one| array.push(expression(one, names)));
            Expression::from(array)
        }
        Kind::Map(_, all) | Kind::Object(all) => {
            let mut object = Object::new();
            for (n, (key, one)) in all.iter().enumerate() {
                let mut key = match identifier(key) {
                    Some(name) => ObjectKey::from(name),
                    None => ObjectKey::from(Expression::from(key.to_string())),
                };
                key.decor_mut().set_prefix(if n == 0 { "\n" } else { "" });
                let mut one = ObjectValue::from(expression(one, &|_| None));
                one.set_terminator(ObjectValueTerminator::Newline);
                object.insert(key, one);
            }
            Expression::from(object)
        }
        _ => Expression::null(),
    }
}

fn reference(name: &str, attribute: &str) -> Expression {
    let (Some(name), Some(attribute)) = (identifier(name), identifier(attribute)) else { return Expression::null() };
    let step = TraversalOperator::GetAttr(attribute);
    Expression::from(Traversal::new(Expression::from(name), vec![Decorated::new(step)]))
}

fn identifier(name: &str) -> Option<Decorated<Ident>> {
    Ident::try_new(name).ok().map(Decorated::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{attrs, blocks, schema};
    use crate::schema::Mode as Who;
    use crate::value::Type;
    use crate::value::address::{Mode as Kind, parse_instance};

    #[test]
    fn a_block_holds_what_a_layout_may_set() {
        let address = parse_instance("aws_thing.a").unwrap();
        let known = attrs([
            ("id", "thing-1".into()),
            ("cidr_block", "10.0.0.0/16".into()),
            ("policy", "{\"a\": \"${b} %{c}\"}\n".into()),
            ("password", "hunter2".into()),
            ("enabled", Value::from(true)),
            ("user_data", "".into()),
            ("tags", Value::map(Type::String, [("Name".into(), "a".into()), ("a:b".into(), "\u{e4}".into())].into())),
            ("zones", Value::list(Type::String, vec!["a".into(), "b".into()])),
            ("ingress", blocks(vec![Value::object([("port", Value::from(80)), ("key", "hunter2".into())])])),
        ]);
        let thing = schema(Kind::Managed, "aws_thing").unwrap();
        let mut exclusive = thing.clone();
        exclusive.conflicts = &[&["cidr_block", "enabled"]];
        let taken = |schema, provider, region| {
            file(&[Taken { address: &address, schema, attrs: &known, provider, region, names: &|_| None }])
        };
        insta::assert_snapshot!(taken(thing, Some("aws"), None), @r##"
        # Written by floorplan plan --generate-config-out. Look the blocks through before you keep them.

        # Not written because sensitive: password, ingress.key.
        resource "aws_thing" "a" {
          cidr_block = "10.0.0.0/16"
          policy     = "{\"a\": \"$${b} %%{c}\"}\n"
          enabled    = true
          tags = {
            Name  = "a"
            "a:b" = "ä"
          }
          zones = ["a", "b"]
          ingress {
            port = 80
          }
        }
        "##);
        let text = taken(&exclusive, Some("aws.west"), Some("eu-west-3"));
        assert!(
            text.contains("  provider   = aws.west\n") && text.contains("  region     = \"eu-west-3\"\n"),
            "{text}"
        );
        assert!(text.contains("cidr_block") && !text.contains("enabled"), "{text}");
        assert!(exclusive.attributes.iter().any(|row| row.mode == Who::Computed));
        // AWS says this in two places. A layout may give one of them.
        let mut refused = thing.clone();
        refused
            .attributes
            .iter_mut()
            .filter(|row| row.name == "zones")
            .for_each(|row| row.mode = Who::OptionalComputed);
        refused.check = Some(|want| {
            let both = want.is_set("zones") && want.is_set("policy") && !want.is_set("id");
            let wrong = |name| (name, "zones and policy exclude one another".to_owned());
            if both { vec![wrong("policy"), wrong("zones")] } else { Vec::new() }
        });
        let text = taken(&refused, Some("aws"), None);
        assert!(text.contains("policy") && !text.contains("zones"), "only what AWS decides may go: {text}");
    }
}
