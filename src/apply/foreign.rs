//! Whether something that AWS does not find can still appear. An id is only known once its object was made: one that the
//! plan had in its text or took from a data source, and that no object of the state has, is of an object that somebody
//! else made, long ago if at all.

use crate::plan::Change;
use crate::resources::registry;
use crate::schema::{Attrs, Mode, Schema};
use crate::state::Run;
use crate::value::Value;

/// Whether all ids that `message` names are such ones, and it names some.
pub(super) fn names_only_foreign(message: &str, change: &Change, run: &Run) -> bool {
    let named: Vec<&str> = words(message).filter(|word| is_issued(word)).collect();
    let planned = |id: &str| change.after.as_ref().is_some_and(|after| after.iter().any(|(_, v)| holds(v, id)));
    !named.is_empty() && named.iter().all(|id| planned(id) && !is_ours(id, run))
}

/// Whether an object of the state has this id, or something in it that AWS made.
fn is_ours(id: &str, run: &Run) -> bool {
    run.with_state(|state| {
        state.objects().any(|(slot, object)| {
            let schema = registry().get(&*slot.address.resource.type_name).map(|r| r.schema());
            object.id == id || made_by_aws(&object.attrs, schema).any(|value| holds(value, id))
        })
    })
}

/// The values that only AWS sets.
fn made_by_aws<'a>(attrs: &'a Attrs, schema: Option<&'a Schema>) -> impl Iterator<Item = &'a Value> {
    let computed =
        move |name: &str| schema.and_then(|s| s.attribute(name)).is_none_or(|row| row.mode == Mode::Computed);
    attrs.iter().filter(move |(name, _)| computed(name)).map(|(_, value)| value)
}

fn holds(value: &Value, text: &str) -> bool {
    value.as_str().is_some_and(|held| words(held).any(|word| word == text))
        || value.children().any(|child| holds(child, text))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| !word.is_empty())
}

/// Whether AWS gave this as an id, such as `subnet-0123456789abcdef0`, so that nobody knew it before.
fn is_issued(word: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match word.rsplit_once('-') {
        Some((kind, number)) => {
            let kind = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            kind && matches!(number.len(), 8 | 17) && hex(number)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_aws_differ_from_names() {
        let all = ["ami-0123456789abcdef0", "vpc-1234abcd", "tgw-attach-0123456789abcdef0", "web", "web-1", "t3-micro"];
        let ids: Vec<&str> = all.into_iter().filter(|word| is_issued(word)).collect();
        assert_eq!(ids, ["ami-0123456789abcdef0", "vpc-1234abcd", "tgw-attach-0123456789abcdef0"]);
        let said = "The image id '[ami-0123456789abcdef0]' does not exist (subnet-1234abcd).";
        let ids: Vec<&str> = words(said).filter(|word| is_issued(word)).collect();
        assert_eq!(ids, ["ami-0123456789abcdef0", "subnet-1234abcd"]);
    }
}
