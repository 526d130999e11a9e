//! How others name a launch template: by its id or by its name.

use crate::resources::document::{Member, at};
use crate::resources::prelude::*;
use serde_json::Value as Json;

/// The name of a template that is not named by its id: AWS gives both back and takes one.
pub struct NameUnlessId;

impl Cell for NameUnlessId {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::String).optional_computed()
    }
}
impl Get<Option<&str>> for NameUnlessId {
    fn get(from: Option<&str>) -> Value {
        from.into()
    }
}
impl Put<Option<String>> for NameUnlessId {
    fn put(from: &Attrs, name: &str) -> Option<String> {
        let id = text(from, "id").or_else(|| text(from, "launch_template_id"));
        text(from, name).filter(|_| id.is_none())
    }
}
impl Member for NameUnlessId {
    fn get(object: &Json, path: &str) -> Value {
        at::<Text>(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        <Self as Put<_>>::put(want, name).map(|name: String| name.into())
    }
}
