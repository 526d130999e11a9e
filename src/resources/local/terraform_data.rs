//! terraform_data: keeps a value, and is replaced when another one changes. Its output is known as
//! soon as its input is.

use super::{Local, Row, Values};
use crate::schema::Attrs;
use crate::value::{Type, Value};
use rand::Rng;

pub(super) fn local() -> Local {
    let any = |name| Row::of(name, Type::Dynamic);
    let rows = [any("input"), any("triggers_replace").force_new(), any("output").computed()];
    Local::new("terraform_data", rows, |want, given| {
        if want.is_set("id") {
            return Ok(Values::new());
        }
        let mut bytes = [0; 16];
        given.random.fill_bytes(&mut bytes);
        let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
        Ok(vec![("id", id.to_string().into())])
    })
    .derive(output)
    .import("ID", |id| (!id.is_empty()).then(|| vec![("id", id.into())]))
}

fn output(attrs: &Attrs) -> Values {
    vec![("output", attrs.get("input").cloned().unwrap_or_else(Value::any_null))]
}
