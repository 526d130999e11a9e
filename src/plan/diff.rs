//! The three-way diff of one object: what the layout says, what the state says, what AWS says.

use super::change::{Action, AttributeChange, Cause, Reason};
use super::spelling::{completed, keep_spelling};
use crate::lang::config::IgnoreChanges;
use crate::schema::equal::{Origin, differs, is_empty};
use crate::schema::redaction::{holds_digest, restore_digests};
use crate::schema::secrecy::hidden;
use crate::schema::secrets::Secrets;
use crate::schema::{Attribute, Attrs, Mode, Schema};
use crate::value::{Kind, Name, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The three sides and what the layout says about comparing them.
#[derive(Clone)]
pub struct Sides<'a> {
    /// The rows.
    pub schema: &'a Schema,
    /// The layout's values: every row present, null where it gives none.
    pub config: &'a Attrs,
    /// The state's values, if it has the object.
    pub stored: Option<&'a Attrs>,
    /// The values in AWS: only the rows that are read back. `None` when it was not asked.
    pub live: Option<&'a Attrs>,
    /// Which differences do not count.
    pub ignore: &'a IgnoreChanges,
    /// A reason to replace whatever the attributes say.
    pub forced: Option<Reason>,
    /// Whether a replacement creates first.
    pub create_before_destroy: bool,
    /// Whether an earlier run ended before all of the object was set.
    pub unfinished: bool,
    /// Rows that the layout leaves out and that stay as the state has them, whatever AWS says.
    pub lasting: &'a [&'static str],
    /// The secrets of all objects, which AWS may show in this one.
    pub secrets: &'a Secrets,
}

/// The outcome of a diff.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The action.
    pub action: Action,
    /// Why, where the attributes do not say it.
    pub reason: Option<Reason>,
    /// The object as it is.
    pub before: Option<Attrs>,
    /// The object as it shall be.
    pub after: Attrs,
    /// The rows that differ.
    pub attributes: Vec<AttributeChange>,
}

/// Compares the sides of an object of the layout.
pub fn diff(sides: &Sides<'_>) -> Difference {
    let rows = &sides.schema.attributes;
    let stored = sides.stored.map(|stored| restore_digests(rows, stored, sides.config));
    let begun = stored.as_ref().filter(|_| sides.unfinished).map(|stored| begun(sides, stored));
    let awaited = stored.as_ref().filter(|_| sides.unfinished).map(|stored| awaited(sides, stored)).unwrap_or_default();
    let (stored, live) = match &begun {
        Some((stored, live)) => (Some(stored), live.as_ref()),
        None => (stored.as_ref(), sides.live),
    };
    let sides = &Sides { stored, live, ..sides.clone() };
    let Some(before) = current(rows, sides.stored, sides.live) else {
        let after = marked(rows, &wanted(sides, sides.config, None));
        let after = hidden(rows, sides.config, after, sides.secrets);
        return Difference { action: Action::Create, reason: None, before: None, after, attributes: Vec::new() };
    };
    let config = match sides.unfinished {
        true => sides.config.clone(),
        false => ignoring(sides.config, &before, sides.ignore),
    };
    let config = leaving(sides.schema, config, &before);
    let after = wanted(sides, &config, Some(&before));
    let changed: Vec<&Attribute> = rows.iter().filter(|row| moves(row, &after, &before)).collect();
    let by_change = sides.schema.replace_when.map(|needs| needs(&before, &after)).unwrap_or_default();
    let forces = |row: &&&Attribute| row.force_new && !awaited.contains(&row.name) || by_change.contains(&row.name);
    let forcing: Vec<String> = changed.iter().filter(forces).map(|r| r.name.to_owned()).collect();
    let reason = sides.forced.clone().or((!forcing.is_empty()).then(|| Reason::CannotUpdate(forcing.clone())));
    let cause = |row: &Attribute| cause(row, sides, &after);
    let attributes = changed.iter().map(|row| AttributeChange {
        name: row.name.to_owned(),
        cause: cause(row),
        forces_replacement: forcing.iter().any(|f| f == row.name),
    });
    let attributes: Vec<AttributeChange> = attributes.collect();
    let (action, after) = match &reason {
        Some(_) => {
            let order = if sides.create_before_destroy { Action::CreateThenDelete } else { Action::DeleteThenCreate };
            (order, wanted(sides, &anew(config, sides.config), None))
        }
        None if attributes.is_empty() && !sides.unfinished => (Action::NoOp, after),
        None => {
            let mut told_later = sides.schema.recomputed.map(|of| of(&before, &after)).unwrap_or_default();
            let changes = |name: &&str| attributes.iter().any(|a| a.name == *name);
            told_later.extend(rows.iter().filter(|row| row.follows.iter().any(changes)).map(|row| row.name));
            (Action::Update, unknown(rows, after, &told_later, sides.config))
        }
    };
    let reason = reason.or((action == Action::Update && sides.unfinished).then_some(Reason::Unfinished));
    let hide = |attrs: &Attrs| hidden(rows, sides.config, marked(rows, attrs), sides.secrets);
    Difference { action, reason, before: Some(hide(&before)), after: hide(&after), attributes }
}

/// The values in the state and in AWS of an object that was only begun. What its creation leaves unset counts as
/// unset; what only a creation can set is as it was sent, though AWS may not show it yet.
fn begun(sides: &Sides<'_>, stored: &Attrs) -> (Attrs, Option<Attrs>) {
    let unset = sides.schema.unset_by_create.map(|unset| unset(sides.config)).unwrap_or_default();
    let unset = unset.into_iter().filter(|name| stored.is_set(name));
    let reported = |name: &str| sides.schema.attribute(name).is_some_and(|row| row.force_new) && stored.is_set(name);
    let shown =
        |live: &Attrs| live.iter().filter(|(name, _)| !reported(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
    (unset.fold(stored.clone(), |stored, name| stored.with(name, Value::any_null())), sides.live.map(shown))
}

/// What the creation of an object left to later calls, which never came or were lost: they can be made now. Not what
/// they may have set to another value.
fn awaited(sides: &Sides<'_>, stored: &Attrs) -> Vec<&'static str> {
    let names = sides.schema.unset_by_create.map(|unset| unset(sides.config)).unwrap_or_default();
    let sent = |name: &&str| {
        let (row, given) = (sides.schema.attribute(name), sides.config.get(name));
        let values = row.zip(stored.get(name).zip(given)).filter(|(_, (was, _))| !was.is_null());
        values.is_none_or(|(row, (was, given))| !differs(row, was, given, Origin::Kept))
    };
    names.into_iter().filter(sent).collect()
}

/// The attributes with those of `names` unknown that the layout does not give.
fn unknown(rows: &[Attribute], attrs: Attrs, names: &[&str], config: &Attrs) -> Attrs {
    let later = rows.iter().filter(|row| names.contains(&row.name) && row.is_computed());
    let open = later.filter(|row| row.mode == Mode::Computed || config.get(row.name).is_none_or(Value::is_null));
    open.fold(attrs, |attrs, row| attrs.with(row.name, Value::unknown(row.ty.clone())))
}

/// The object as it is: the state, with what AWS says laid over it. Where both mean the same, the
/// state's spelling stays, which is the layout's, with what AWS chose where the state says nothing.
pub fn current(rows: &[Attribute], stored: Option<&Attrs>, live: Option<&Attrs>) -> Option<Attrs> {
    if stored.is_none() && live.is_none() {
        return None;
    }
    let value = |row: &Attribute| {
        if row.write_only {
            return (row.name, Value::null(row.ty.clone()));
        }
        let stored = stored.and_then(|a| a.get(row.name));
        let value = match (stored, live.and_then(|a| a.get(row.name))) {
            (Some(s), Some(l)) if !differs(row, s, l, Origin::Aws) => completed(row, s, l),
            (Some(s), Some(l)) => l.clone().mark(s.has_sensitive()),
            (None, Some(l)) => l.clone(),
            (Some(s), None) => s.clone(),
            (None, None) => Value::null(row.ty.clone()),
        };
        (row.name, row.marked(&value))
    };
    let now = rows.iter().map(value).collect();
    let given = stored.cloned().unwrap_or_default();
    Some(hidden(rows, &given, now, &Secrets::default()))
}

/// The rows that the world changed since the state was written and that the layout cares about, those of
/// `lasting` among them.
pub fn drifted(schema: &Schema, config: Option<&Attrs>, lasting: &[&str], stored: &Attrs, live: &Attrs) -> Vec<String> {
    let rows = &schema.attributes;
    let cares = |row: &Attribute| match (row.mode, config) {
        (Mode::Computed, _) => row.name == "tags_all",
        (Mode::OptionalComputed, _) if lasting.contains(&row.name) => true,
        (Mode::OptionalComputed, Some(config)) => config.get(row.name).is_some_and(|v| !v.is_null()),
        (Mode::OptionalComputed, None) => false,
        (Mode::Required | Mode::Optional, _) => true,
    };
    let null = Value::any_null();
    // A state of Terraform's has zero for what was never set.
    let same_nothing = |row: &Attribute, l: &Value| l.is_null() && stored.get(row.name).is_some_and(is_empty);
    let moved = |row: &&Attribute| match live.get(row.name) {
        Some(l) if same_nothing(row, l) => false,
        Some(l) => {
            differs(row, stored.get(row.name).unwrap_or(&null), l, Origin::Aws)
                && !config.is_some_and(|config| schema.leaves_to_aws(row.name, config, live))
        }
        None => false,
    };
    rows.iter().filter(|row| cares(row)).filter(moved).map(|row| row.name.to_owned()).collect()
}

/// The object as the layout wants it, given what it is now; unknown where AWS will choose.
fn wanted(sides: &Sides<'_>, config: &Attrs, before: Option<&Attrs>) -> Attrs {
    let value = |row: &Attribute| {
        let now = before.and_then(|b| b.get(row.name));
        let chosen = match (before, sides.stored) {
            (Some(_), _) if sides.unfinished => row.initial.as_ref().or(now),
            (Some(_), Some(stored)) if sides.lasting.contains(&row.name) => stored.get(row.name).or(now),
            _ => now,
        };
        (row.name, wanted_value(row, config.get(row.name), now, chosen))
    };
    sides.schema.derived(sides.schema.attributes.iter().map(value).collect())
}

/// `chosen` is what it stays where the layout leaves the choice.
fn wanted_value(row: &Attribute, given: Option<&Value>, now: Option<&Value>, chosen: Option<&Value>) -> Value {
    if row.write_only {
        return Value::null(row.ty.clone());
    }
    let given = given.filter(|v| !v.is_null());
    match (given, row.mode) {
        (Some(given), Mode::Computed) if row.name == "tags_all" => keep_spelling(row, given, now),
        (_, Mode::Computed) => now.cloned().unwrap_or_else(|| Value::unknown(row.ty.clone())),
        (Some(given), _) => keep_spelling(row, given, now),
        (None, Mode::OptionalComputed) => {
            let chosen = chosen.or(row.initial.as_ref()).cloned();
            chosen.unwrap_or_else(|| Value::unknown(row.ty.clone()))
        }
        (None, _) => match now {
            Some(now) if !differs(row, &Value::null(row.ty.clone()), now, Origin::Kept) => now.clone(),
            _ => Value::null(row.ty.clone()),
        },
    }
}

fn moves(row: &Attribute, after: &Attrs, before: &Attrs) -> bool {
    let null = Value::any_null();
    let (a, b) = (after.get(row.name).unwrap_or(&null), before.get(row.name).unwrap_or(&null));
    differs(row, a, b, Origin::Kept)
}

fn cause(row: &Attribute, sides: &Sides<'_>, after: &Attrs) -> Cause {
    let null = Value::any_null();
    let Some(stored) = sides.stored else { return Cause::Layout };
    let was = stored.get(row.name).unwrap_or(&null);
    let world = sides.live.and_then(|l| l.get(row.name)).is_some_and(|l| differs(row, was, l, Origin::Aws));
    let given = sides.config.get(row.name).filter(|given| !given.is_null());
    let layout = differs(row, given.or_else(|| after.get(row.name)).unwrap_or(&null), was, Origin::Kept);
    match (world, layout) {
        (true, false) => Cause::World,
        (true, true) => Cause::Both,
        _ => Cause::Layout,
    }
}

/// The layout's values with those that AWS manages as they are.
fn leaving(schema: &Schema, config: Attrs, before: &Attrs) -> Attrs {
    let names = schema.managed_by_aws.map(|left| left(&config, before)).unwrap_or_default();
    names.into_iter().fold(config, |config, name| match before.get(name) {
        Some(now) => config.with(name, now.clone()),
        None => config,
    })
}

/// The arguments of a new object. A secret that is known only by its digest is the layout's again, even
/// where its changes do not count: nothing else knows it.
fn anew(config: Attrs, layout: &Attrs) -> Attrs {
    let lost: Vec<Name> = config.iter().filter(|(_, v)| holds_digest(v)).map(|(name, _)| name.clone()).collect();
    lost.iter()
        .fold(config, |config, name| config.with(name, layout.get(name).cloned().unwrap_or_else(Value::any_null)))
}

/// The layout's values with those that `ignore_changes` names replaced by what is there.
fn ignoring(config: &Attrs, before: &Attrs, ignore: &IgnoreChanges) -> Attrs {
    match ignore {
        IgnoreChanges::All => {
            config.iter().map(|(name, v)| (name.clone(), before.get(name).unwrap_or(v).clone())).collect()
        }
        IgnoreChanges::Paths(paths) => {
            let mut config = config.clone();
            for (path, _) in paths {
                let Some((first, rest)) = path.split_first() else { continue };
                let names: &[&str] = if first == "tags" { &["tags", "tags_all"] } else { &[first.as_str()] };
                for name in names {
                    let null = Value::any_null();
                    let (given, now) = (config.get(name).unwrap_or(&null), before.get(name).unwrap_or(&null));
                    let kept = graft(given, now, rest);
                    config = config.with(name, kept);
                }
            }
            config
        }
    }
}

/// `given` with the part at `path` as it is in `now`.
fn graft(given: &Value, now: &Value, path: &[String]) -> Value {
    let Some((key, rest)) = path.split_first() else { return now.clone() };
    let null = Value::any_null();
    let index = || key.parse::<usize>().ok();
    match given.kind() {
        Kind::List(t, vs) => {
            let keep = |(i, v): (usize, &Value)| match (index() == Some(i), now.as_elements().and_then(|n| n.get(i))) {
                (true, Some(n)) => graft(v, n, rest),
                _ => v.clone(),
            };
            Value::list(t.clone(), vs.iter().enumerate().map(keep).collect()).mark(given.is_sensitive())
        }
        Kind::Map(..) | Kind::Object(_) | Kind::Null(_) => {
            let mut entries: BTreeMap<Name, Value> = given.as_entries().cloned().unwrap_or_default();
            let inner = graft(entries.get(key.as_str()).unwrap_or(&null), now.get(key).unwrap_or(&null), rest);
            let is_map = matches!(given.kind(), Kind::Map(..)) || matches!(given.kind(), Kind::Null(Type::Map(_)));
            if is_map && now.get(key).is_none() {
                entries.remove(key.as_str());
            } else {
                entries.insert(key.as_str().into(), inner);
            }
            let kind = match given.kind() {
                Kind::Map(t, _) => Kind::Map(t.clone(), Arc::new(entries)),
                Kind::Null(Type::Map(t)) => Kind::Map((**t).clone(), Arc::new(entries)),
                _ => Kind::Object(Arc::new(entries)),
            };
            Value::new(kind).mark(given.is_sensitive())
        }
        _ => given.clone(),
    }
}

/// The attributes with sensitive rows marked.
pub fn marked(rows: &[Attribute], attrs: &Attrs) -> Attrs {
    let marked = |name: &Name, v: &Value| match rows.iter().find(|r| r.name == name.as_ref()) {
        Some(row) => row.marked(v),
        None => v.clone(),
    };
    attrs.iter().map(|(name, v)| (name.clone(), marked(name, v))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{SourceFile, Span};
    use crate::plan::fixtures::attrs;
    use crate::schema::redaction::redact_for_state;

    fn schema() -> Schema {
        let grows = |want: &Attrs, now: &Attrs| match (want.int("size"), want.int("limit"), now.int("size")) {
            (Some(wanted), Some(limit), Some(size)) if wanted < size && size <= limit => vec!["size"],
            _ => Vec::new(),
        };
        let rows = vec![
            Attribute::new("size", Type::Number),
            Attribute::new("limit", Type::Number),
            Attribute { mode: Mode::Computed, ..Attribute::new("bill", Type::String) },
            Attribute { write_only: true, sensitive: true, ..Attribute::new("secret_wo", Type::String) },
            Attribute::new("secret_wo_version", Type::Number),
        ];
        let bill = |before: &Attrs, after: &Attrs| match before.int("limit") == after.int("limit") {
            true => Vec::new(),
            false => vec!["bill"],
        };
        Schema { managed_by_aws: Some(grows), recomputed: Some(bill), ..Schema::new("test", rows) }
    }

    fn changed(config: &Attrs, stored: &Attrs, live: &Attrs) -> Vec<String> {
        compared(&schema(), config, stored, live).attributes.into_iter().map(|a| a.name).collect()
    }

    fn compared(schema: &Schema, config: &Attrs, stored: &Attrs, live: &Attrs) -> Difference {
        diff(&Sides {
            schema,
            config,
            stored: Some(stored),
            live: Some(live),
            ignore: &IgnoreChanges::Paths(Vec::new()),
            forced: None,
            create_before_destroy: false,
            unfinished: false,
            lasting: &[],
            secrets: &Secrets::default(),
        })
    }

    #[test]
    fn a_change_says_if_it_replaces_and_what_becomes_unknown() {
        let shrinks = |before: &Attrs, after: &Attrs| match (before.int("size"), after.int("size")) {
            (Some(before), Some(after)) if after < before => vec!["size"],
            _ => Vec::new(),
        };
        let version = Attribute { mode: Mode::Computed, ..Attribute::new("version", Type::Number) };
        let rows = vec![Attribute::new("size", Type::Number), Attribute::new("note", Type::String), version];
        let recomputed = |before: &Attrs, after: &Attrs| {
            if before.get("size") == after.get("size") { Vec::new() } else { vec!["version"] }
        };
        let schema = Schema { replace_when: Some(shrinks), recomputed: Some(recomputed), ..Schema::new("test", rows) };
        let config = |size: i64, note: &str| attrs([("size", size.into()), ("note", note.into())]);
        let stored = config(10, "a").with("version", 1);
        let to = |size: i64, note: &str| compared(&schema, &config(size, note), &stored, &stored);
        let grown = to(20, "a");
        assert_eq!(grown.action, Action::Update);
        assert!(grown.after.is_unknown("version"));
        assert_eq!(to(10, "b").after.get("version"), Some(&1.into()));
        let shrunk = to(5, "a");
        assert_eq!(shrunk.action, Action::DeleteThenCreate);
        assert!(shrunk.attributes[0].forces_replacement);
    }

    #[test]
    fn what_aws_manages_differs_only_if_the_layout_wants_more() {
        let config = |size: i64| attrs([("size", size.into()), ("limit", 100.into())]);
        let (stored, live) = (config(20), attrs([("size", 50.into())]));
        assert_eq!(changed(&config(20), &stored, &live), [""; 0]);
        assert_eq!(drifted(&schema(), Some(&config(20)), &[], &stored, &live), [""; 0]);
        assert_eq!(changed(&config(60), &stored, &live), ["size"]);
        let unlimited = attrs([("size", 20.into())]);
        assert_eq!(changed(&unlimited, &unlimited, &live), ["size"]);
        assert_eq!(drifted(&schema(), Some(&unlimited), &[], &unlimited, &live), ["size"]);
    }

    #[test]
    fn what_follows_an_argument_is_known_only_after_its_change() {
        let config = |size: i64, limit: i64| attrs([("size", size.into()), ("limit", limit.into())]);
        let stored = config(1, 1).with("bill", "one");
        let bill = |config: &Attrs| compared(&schema(), config, &stored, &stored).after.get("bill").cloned();
        assert_eq!(bill(&config(2, 1)), Some("one".into()));
        assert_eq!(bill(&config(1, 2)), Some(Value::unknown(Type::String)));
    }

    #[test]
    fn a_write_only_argument_is_not_kept_but_its_version_is() {
        let config =
            |secret: &str, version: i64| attrs([("secret_wo", secret.into()), ("secret_wo_version", version.into())]);
        let stored = redact_for_state(&schema().attributes, &config("old", 1), "salt");
        assert!(stored.get("secret_wo").is_some_and(Value::is_null));
        assert_eq!(changed(&config("new", 1), &stored, &Attrs::default()), [""; 0]);
        assert_eq!(changed(&config("new", 2), &stored, &Attrs::default()), ["secret_wo_version"]);
    }

    fn guarded() -> Schema {
        let password = Attribute { sensitive: true, never_returned: true, ..Attribute::new("password", Type::String) };
        let size = Attribute { force_new: true, ..Attribute::new("size", Type::Number) };
        Schema::new("test", vec![size, password])
    }

    #[test]
    fn a_changed_secret_differs_from_its_digest() {
        let schema = guarded();
        let config = |password: &str| attrs([("size", 1.into()), ("password", password.into())]);
        let stored = redact_for_state(&schema.attributes, &config("hunter2"), "salt");
        let to = |password: &str| compared(&schema, &config(password), &stored, &Attrs::default());
        let same = to("hunter2");
        assert_eq!((same.action, same.before.as_ref()), (Action::NoOp, Some(&same.after)));
        assert_eq!(same.after.str("password"), Some("hunter2"), "what refers to it gets the layout's value");
        assert_eq!(to("hunter3").action, Action::Update);
    }

    #[test]
    fn a_new_object_gets_a_secret_with_ignored_changes() {
        let schema = guarded();
        let config = |size: i64, password: &str| attrs([("size", size.into()), ("password", password.into())]);
        let stored = redact_for_state(&schema.attributes, &config(1, "hunter2"), "salt");
        let file = std::sync::Arc::new(SourceFile { path: "main.hcl".into(), text: "password".into() });
        let ignore = IgnoreChanges::Paths(vec![(vec!["password".into()], Span::new(&file, 0..8))]);
        let to = |size: i64, password: &str| {
            diff(&Sides {
                schema: &schema,
                config: &config(size, password),
                stored: Some(&stored),
                live: None,
                ignore: &ignore,
                forced: None,
                create_before_destroy: false,
                unfinished: false,
                lasting: &[],
                secrets: &Secrets::default(),
            })
        };
        assert_eq!(to(1, "hunter3").action, Action::NoOp);
        assert_eq!(to(2, "hunter3").after.str("password"), Some("hunter3"));
    }

    #[test]
    fn a_begun_object_gets_what_its_creation_left_out() {
        let secret = Attribute {
            sensitive: true,
            never_returned: true,
            force_new: true,
            ..Attribute::new("secret", Type::String)
        };
        let schema = Schema { unset_by_create: Some(|_| vec!["secret"]), ..Schema::new("test", vec![secret]) };
        let config = |secret: &str| attrs([("secret", secret.into())]);
        let stored = redact_for_state(&schema.attributes, &config("one"), "salt");
        let to = |secret: &str, stored: &Attrs| {
            diff(&Sides {
                schema: &schema,
                config: &config(secret),
                stored: Some(stored),
                live: Some(&Attrs::default()),
                ignore: &IgnoreChanges::default(),
                forced: None,
                create_before_destroy: false,
                unfinished: true,
                lasting: &[],
                secrets: &Secrets::default(),
            })
        };
        let finished = to("one", &stored);
        assert_eq!((finished.action, finished.reason), (Action::Update, Some(Reason::Unfinished)));
        assert_eq!(finished.attributes[0].name, "secret");
        assert_eq!(to("one", &Attrs::default()).action, Action::Update);
        assert_eq!(to("two", &stored).action, Action::DeleteThenCreate, "another may be there already");
    }
}
