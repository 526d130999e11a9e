//! The arguments of an object as the state keeps them. Values that are given once are left out. Of a secret that AWS
//! never gives back, and that is only compared with the layout, a salted digest is kept.
//!
//! The digest takes the place of the secret, marked like it. Comparing begins with [`restore_digests`]: a
//! digest that the layout's value has is that value again, so that nothing else knows of digests.

use crate::schema::{Attribute, Attrs};
use crate::value::{Kind, Name, Value};
use sha2::{Digest, Sha256};

const FORM: &str = "digest:v1:";

/// Text that makes the digests of one place unlike those of another.
pub fn salt(lineage: &str, address: &str) -> String {
    hex(&Sha256::digest(format!("{lineage} {address}"))[..8])
}

/// The attributes as the state keeps them.
pub fn redact_for_state(rows: &[Attribute], attrs: &Attrs, salt: &str) -> Attrs {
    let keep = |(name, value): (&Name, &Value)| {
        let value = match rows.iter().find(|row| row.name == name.as_ref()) {
            Some(row) => kept_value(row, value, salt),
            None => value.clone(),
        };
        (name.clone(), value)
    };
    attrs.iter().map(keep).collect()
}

fn kept_value(row: &Attribute, value: &Value, salt: &str) -> Value {
    if row.write_only {
        return Value::null(row.ty.clone());
    }
    if row.is_only_compared() {
        return match value.as_str() {
            Some(text) if !text.is_empty() && !is_digest(text) => Value::from(digest(text, salt)).mark(true),
            _ => value.clone(),
        };
    }
    let Some(block) = &row.block else { return value.clone() };
    if !block.attributes.iter().any(holds_compared) {
        return value.clone();
    }
    value.map_objects(&mut |name, inner| match block.attributes.iter().find(|row| row.name == name) {
        Some(row) => kept_value(row, inner, salt),
        None => inner.clone(),
    })
}

/// The kept arguments, where every digest that a value of `given` has is that value again.
pub fn restore_digests(rows: &[Attribute], stored: &Attrs, given: &Attrs) -> Attrs {
    let open = |(name, value): (&Name, &Value)| {
        let held = rows.iter().any(|row| row.name == name.as_ref() && holds_compared(row));
        let value = match given.get(name) {
            Some(given) if held => opened_value(value, given),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    stored.iter().map(open).collect()
}

fn opened_value(stored: &Value, given: &Value) -> Value {
    let restore_digests = match (stored.kind(), given.kind()) {
        (Kind::String(digest), Kind::String(text)) if is_digest_of(digest, text) => given.clone(),
        (Kind::List(t, xs), Kind::List(_, ys)) => {
            let open = |(i, x): (usize, &Value)| ys.get(i).map_or_else(|| x.clone(), |y| opened_value(x, y));
            Value::list(t.clone(), xs.iter().enumerate().map(open).collect())
        }
        (Kind::Object(xs), Kind::Object(ys)) => {
            let open = |(k, x): (&Name, &Value)| (k.clone(), ys.get(k).map_or(x.clone(), |y| opened_value(x, y)));
            Value::object(xs.iter().map(open))
        }
        _ => return stored.clone(),
    };
    restore_digests.mark(stored.is_sensitive())
}

/// Whether the value, or a part of it, is a digest: no new object can be made of it.
pub fn holds_digest(value: &Value) -> bool {
    value.as_str().is_some_and(is_digest) || value.children().any(holds_digest)
}

/// Whether the row, or one of its block, is only compared.
pub fn holds_compared(row: &Attribute) -> bool {
    row.is_only_compared() || row.block.iter().any(|b| b.attributes.iter().any(holds_compared))
}

fn digest(text: &str, salt: &str) -> String {
    format!("{FORM}{salt}:{}", hex(&Sha256::digest(format!("{salt}:{text}"))))
}

/// Whether a text is the digest of a secret that nobody has any more.
pub fn is_digest(text: &str) -> bool {
    text.starts_with(FORM)
}

fn is_digest_of(kept: &str, text: &str) -> bool {
    let salt = kept.strip_prefix(FORM).and_then(|rest| rest.split(':').next());
    salt.is_some_and(|salt| digest(text, salt) == kept)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::object_type;
    use crate::schema::rows::{Block, Nesting};
    use crate::value::Type;
    use std::sync::Arc;

    fn rows() -> Vec<Attribute> {
        let secret = |name| Attribute { sensitive: true, never_returned: true, ..Attribute::new(name, Type::String) };
        let inner = vec![Attribute::new("client_id", Type::String), secret("client_secret")];
        let ty = Type::list(object_type(&inner));
        let block = Block {
            nesting: Nesting::List,
            attributes: Arc::new(inner),
            min: 0,
            max: None,
            as_attribute: false,
            each: None,
        };
        vec![
            Attribute::new("name", Type::String),
            secret("password"),
            Attribute { write_only: true, ..secret("password_wo") },
            Attribute { block: Some(block), ..Attribute::new("action", ty) },
        ]
    }

    fn layout(password: &str, client_secret: &str) -> Attrs {
        let action =
            Value::object([("client_id", "shop".into()), ("client_secret", Value::from(client_secret).mark(true))]);
        Attrs::default()
            .with("name", "orders")
            .with("password", Value::from(password).mark(true))
            .with("password_wo", "hunter0")
            .with("action", Value::list(action.ty(), vec![action.clone()]))
    }

    #[test]
    fn only_a_digest_of_a_compared_secret_is_kept() {
        let kept = redact_for_state(&rows(), &layout("hunter2", "hunter3"), &salt("6f1c", "aws_db_instance.orders"));
        let text = format!("{kept:?}");
        assert!(!text.contains("hunter"), "{text}");
        assert!(kept.get("password").is_some_and(|v| v.is_sensitive() && holds_digest(v)));
        assert!(holds_digest(kept.get("action").unwrap()));
        assert_eq!(kept.str("name"), Some("orders"));
    }

    #[test]
    fn a_digest_opens_only_with_its_own_value() {
        let given = layout("hunter2", "hunter3");
        let stored = redact_for_state(&rows(), &given, "salt");
        let same = restore_digests(&rows(), &stored, &given);
        assert_eq!(same.get("password"), given.get("password"));
        assert_eq!(same.get("action"), given.get("action"));
        let other = restore_digests(&rows(), &stored, &layout("hunter4", "hunter3"));
        assert_eq!(other.get("password"), stored.get("password"));
    }

    #[test]
    fn keeping_what_is_kept_changes_nothing_and_places_differ() {
        let once = redact_for_state(&rows(), &layout("hunter2", "hunter3"), "here");
        assert_eq!(redact_for_state(&rows(), &once, "elsewhere"), once);
        assert_ne!(redact_for_state(&rows(), &layout("hunter2", "hunter3"), "elsewhere"), once);
    }
}
