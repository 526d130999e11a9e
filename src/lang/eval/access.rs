//! Names, attributes, indexes and splats.

use super::{Bound, Eval, Evaluated, Root, lookup};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::ast::{At, Node, NodeKind, Step, StepKind};
use crate::lang::refs::{self, Subject};
use crate::value::convert::{convert, unify};
use crate::value::{Kind, Name, Type, Value};

impl Eval<'_> {
    /// The value at the end of a path that begins with `root`.
    pub(super) fn traversal(&self, root: &Node, steps: &[Step], at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let NodeKind::Name(name) = &root.kind else {
            let value = self.node(root, bound)?;
            return self.steps(value, root.at, steps, bound);
        };
        if let Some(value) = lookup(bound, name) {
            return self.steps(value.clone(), root.at, steps, bound);
        }
        match self.root {
            Root::Scope(scope) => {
                let attribute = |i: usize| match steps.get(i).map(|s| &s.kind) {
                    Some(StepKind::Attribute(name)) => Some(name),
                    _ => None,
                };
                let (subject, used) =
                    refs::subject(name, attribute(0), attribute(1)).map_err(|e| e.at(self.span(at)))?;
                let used = used.min(steps.len());
                let (head, rest) = steps.split_at(used);
                let head_at = head.last().map_or(root.at, |s| root.at.to(s.at));
                let span = self.span(head_at);
                let value = scope.subject(&subject, &span).map_err(|e| e.at(span))?;
                self.steps_of(value, head_at, rest, bound, Some(&subject))
            }
            Root::Variables { values, .. } => match values.get(name) {
                Some(value) => self.steps(value.clone(), root.at, steps, bound),
                None => {
                    let d = self.error(
                        root.at,
                        "Invalid reference",
                        format!("There is no variable named {:?} among the template's variables.", &**name),
                    );
                    Err(suggest(d, name, values.keys().map(|k| &**k)).into())
                }
            },
        }
    }

    fn steps(&self, value: Value, at: At, steps: &[Step], bound: Option<&Bound<'_>>) -> Evaluated {
        self.steps_of(value, at, steps, bound, None)
    }

    fn steps_of(
        &self,
        mut value: Value,
        mut at: At,
        steps: &[Step],
        bound: Option<&Bound<'_>>,
        subject: Option<&Subject>,
    ) -> Evaluated {
        for step in steps {
            value = match &step.kind {
                StepKind::Attribute(name) => self.attribute(&value, name, at, step.at, subject)?,
                StepKind::Index(key) => {
                    let key_value = self.node(key, bound)?;
                    self.index(&value, &key_value, at, key.at)?
                }
                StepKind::Splat(each) => self.splat(value, at, each, step.at, bound)?,
            };
            at = at.to(step.at);
        }
        Ok(value)
    }

    fn attribute(&self, value: &Value, name: &Name, at: At, step_at: At, subject: Option<&Subject>) -> Evaluated {
        let unsupported =
            |detail: String| self.error(step_at, "Unsupported attribute", detail).code("unsupported-attribute");
        let found = match value.kind() {
            Kind::Null(_) => {
                return Err(self
                    .error(
                        at.to(step_at),
                        "Attempt to get attribute from null value",
                        "This value is null, so it does not have any attributes.",
                    )
                    .into());
            }
            Kind::Object(attributes) => match attributes.get(name) {
                Some(v) => v.clone(),
                None => {
                    let d = unsupported(format!("This object does not have an attribute named {:?}.", &**name));
                    return Err(with_known(d, name, attributes.keys()).into());
                }
            },
            Kind::Map(_, entries) => match entries.get(name) {
                Some(v) => v.clone(),
                None => {
                    let d = self.error(
                        step_at,
                        "Missing map element",
                        format!("This map does not have an element with the key {:?}.", &**name),
                    );
                    return Err(with_known(d, name, entries.keys()).into());
                }
            },
            Kind::Unknown(u) => match &u.ty {
                Type::Dynamic => Value::unknown(Type::Dynamic),
                Type::Map(element) => Value::unknown((**element).clone()),
                Type::Object(attributes) => match attributes.get(name) {
                    Some(ty) => Value::unknown(ty.clone()),
                    None => {
                        let d = unsupported(format!("This object does not have an attribute named {:?}.", &**name));
                        return Err(with_known(d, name, attributes.keys()).into());
                    }
                },
                ty => return Err(self.no_attributes(ty, name, step_at, subject).into()),
            },
            _ => return Err(self.no_attributes(&value.ty(), name, step_at, subject).into()),
        };
        Ok(found.mark(value.is_sensitive()))
    }

    fn no_attributes(&self, ty: &Type, name: &Name, at: At, subject: Option<&Subject>) -> Diagnostic {
        let hint = subject.map(ToString::to_string);
        let path = hint.as_deref().unwrap_or("the value");
        match ty {
            Type::List(element) if has_attributes(element) => self
                .error(at, "Unsupported attribute", "Can't access attributes on a list of objects.").code("unsupported-attribute")
                .hint(format!("Did you mean to access attribute {:?} for a specific element of the list, or across all elements of the list ({path}[*].{name})?", &**name)),
            Type::Set(element) if has_attributes(element) => self
                .error(at, "Unsupported attribute", "Can't access attributes on a set of objects.").code("unsupported-attribute")
                .hint(format!("Did you mean to access attribute {:?} across all elements of the set ([for x in {path} : x.{name}])?", &**name)),
            Type::Tuple(elements) if elements.iter().any(has_attributes) => self
                .error(at, "Unsupported attribute", "This value is a list of objects, which itself does not have any attributes.").code("unsupported-attribute")
                .hint(format!("Select one element with an index, or all of them with {path}[*].{name}.")),
            Type::Bool | Type::Number | Type::String => self.error(
                at,
                "Unsupported attribute",
                format!("Can't access attributes on a primitive-typed value ({}).", ty.friendly()),
            ).code("unsupported-attribute"),
            _ => self.error(at, "Unsupported attribute", "This value does not have any attributes.").code("unsupported-attribute"),
        }
    }

    fn index(&self, value: &Value, key: &Value, at: At, key_at: At) -> Evaluated {
        let invalid = |detail: String| self.error(key_at, "Invalid index", detail).code("invalid-index");
        if value.is_null() {
            return Err(self
                .error(
                    at.to(key_at),
                    "Attempt to index null value",
                    "This value is null, so it does not have any indices.",
                )
                .into());
        }
        if key.is_null() {
            return Err(invalid("Can't use a null value as an indexing key.".into()).into());
        }
        let sensitive = value.is_sensitive() || key.is_sensitive();
        let ty = outermost(value);
        let wanted = match &ty {
            Type::List(_) | Type::Tuple(_) => Type::Number,
            Type::Map(_) | Type::Object(_) => Type::String,
            Type::Dynamic => return Ok(Value::unknown(Type::Dynamic).mark(sensitive)),
            Type::Set(_) => {
                return Err(invalid("Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to perform operations across all elements of the set.".into()).into());
            }
            _ => {
                return Err(self
                    .error(at.to(key_at), "Invalid index", "This value does not have any indices.")
                    .code("invalid-index")
                    .into());
            }
        };
        let key = convert(key, &wanted).map_err(|e| {
            invalid(format!(
                "The given key does not identify an element in this collection value: {}.",
                super::reason(&e)
            ))
        })?;
        if key.is_unknown() {
            let ty = match &ty {
                Type::List(t) | Type::Map(t) => (**t).clone(),
                Type::Tuple(_) | Type::Object(_) | Type::Dynamic => Type::Dynamic,
                _ => Type::Dynamic,
            };
            return Ok(Value::unknown(ty).mark(sensitive));
        }
        let found = match (value.kind(), &ty) {
            (Kind::List(_, elements) | Kind::Tuple(elements), _) => {
                self.element(elements.len(), &key, key_at)?.and_then(|i| elements.get(i).cloned())
            }
            (Kind::Map(_, entries) | Kind::Object(entries), _) => {
                let name = key.as_str().unwrap_or_default();
                match entries.get(name) {
                    Some(v) => Some(v.clone()),
                    None => {
                        let d = invalid("The given key does not identify an element in this collection value.".into());
                        let shown = if sensitive { d } else { with_known(d, name, entries.keys()) };
                        return Err(shown.into());
                    }
                }
            }
            (_, Type::List(t) | Type::Map(t)) => Some(Value::unknown((**t).clone())),
            (_, Type::Tuple(types)) => {
                self.element(types.len(), &key, key_at)?.and_then(|i| types.get(i)).map(|t| Value::unknown(t.clone()))
            }
            (_, Type::Object(types)) => {
                let name = key.as_str().unwrap_or_default();
                match types.get(name) {
                    Some(t) => Some(Value::unknown(t.clone())),
                    None => {
                        let d = invalid("The given key does not identify an element in this collection value.".into());
                        return Err(with_known(d, name, types.keys()).into());
                    }
                }
            }
            _ => None,
        };
        Ok(found.unwrap_or_else(|| Value::unknown(Type::Dynamic)).mark(sensitive))
    }

    /// The position that a number names in a sequence of `length`.
    fn element(&self, length: usize, key: &Value, key_at: At) -> Result<Option<usize>, Diagnostics> {
        let Some(number) = key.as_number() else { return Ok(None) };
        let why = match number.to_usize() {
            Some(i) if i < length => return Ok(Some(i)),
            _ if !number.is_integer() => {
                "indexing a sequence requires a whole number, but the given index has a fractional part"
            }
            None if number.signum() < 0 => "a negative number is not a valid index for a sequence",
            _ if length == 0 => "the collection has no elements",
            _ => "the given index is greater than or equal to the length of the collection",
        };
        let d = self
            .error(
                key_at,
                "Invalid index",
                format!("The given key does not identify an element in this collection value: {why}."),
            )
            .code("invalid-index");
        Err(if length > 0 { d.hint(format!("Valid indexes are 0 to {}.", length - 1)) } else { d }.into())
    }

    fn splat(&self, source: Value, at: At, each: &[Step], step_at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let ty = outermost(&source);
        let sequence = matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_));
        let sensitive = source.is_sensitive();
        if source.is_null() {
            if !sequence {
                return Ok(Value::tuple(Vec::new()).mark(sensitive));
            }
            return Err(self
                .error(
                    at.to(step_at),
                    "Splat of null value",
                    "Splat expressions (with the * symbol) cannot be applied to null sequences.",
                )
                .into());
        }
        if ty == Type::Dynamic {
            return Ok(Value::unknown(Type::Dynamic).mark(sensitive));
        }
        let one = |v: Value| self.steps(v, at, each, bound);
        if !sequence {
            if source.is_unknown() {
                let sure = matches!(source.kind(), Kind::Unknown(u) if u.not_null);
                let result = one(source.unmark())?;
                let value = if sure { Value::tuple(vec![result]) } else { Value::unknown(Type::Dynamic) };
                return Ok(value.mark(sensitive));
            }
            return Ok(Value::tuple(vec![one(source.unmark())?]).mark(sensitive));
        }
        let element_result = |element: &Type| one(Value::unknown(element.clone())).map(|v| v.ty());
        if source.is_unknown() {
            let ty = match &ty {
                Type::List(t) | Type::Set(t) => Type::list(element_result(t)?),
                Type::Tuple(ts) => Type::tuple(ts.iter().map(&element_result).collect::<Result<_, _>>()?),
                _ => Type::Dynamic,
            };
            return Ok(Value::unknown_not_null(ty).mark(sensitive));
        }
        let mut errors = Diagnostics::new();
        let elements = source.as_elements().unwrap_or_default();
        self.step(elements.len(), step_at)?;
        let mut results = Vec::with_capacity(elements.len());
        for v in elements {
            results.extend(errors.take(one(v.clone())));
            if !self.goes_on(&errors) {
                break;
            }
        }
        if errors.has_errors() {
            return Err(errors);
        }
        let result = match &ty {
            Type::List(element) | Type::Set(element) => {
                if results.is_empty() {
                    Value::list(element_result(element)?, results)
                } else {
                    as_list(results)
                }
            }
            _ => Value::tuple(results),
        };
        Ok(self.made(result, at.to(step_at))?.mark(sensitive))
    }
}

/// The type of a value without what is inside tuples and objects, which would have to be looked through.
fn outermost(value: &Value) -> Type {
    match value.kind() {
        Kind::Tuple(_) => Type::tuple(Vec::new()),
        Kind::Object(_) => Type::object(Vec::<(Name, Type)>::new()),
        _ => value.ty(),
    }
}

/// A list where the values share a type, as they do when taken from a list; else a tuple.
fn as_list(values: Vec<Value>) -> Value {
    let types: Vec<Type> = values.iter().map(Value::ty).collect();
    let Some(ty) = unify(&types) else { return Value::tuple(values) };
    let converted: Result<Vec<_>, _> = values.iter().map(|v| convert(v, &ty)).collect();
    match converted {
        Ok(converted) => Value::list(ty, converted),
        Err(_) => Value::tuple(values),
    }
}

fn has_attributes(ty: &Type) -> bool {
    matches!(ty, Type::Object(_) | Type::Map(_))
}

fn suggest<'k>(d: Diagnostic, given: &str, known: impl IntoIterator<Item = &'k str>) -> Diagnostic {
    match did_you_mean(given, known) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d,
    }
}

/// Names the nearest key, or the keys there are when they are few.
fn with_known<'k>(d: Diagnostic, given: &str, keys: impl Iterator<Item = &'k Name> + Clone) -> Diagnostic {
    if let Some(near) = did_you_mean(given, keys.clone().map(|k| &**k)) {
        return d.hint(format!("Did you mean {near:?}?"));
    }
    let all: Vec<String> = keys.map(|k| format!("{:?}", &**k)).collect();
    match all.len() {
        0 => d.hint("It has none at all."),
        1..=12 => d.hint(format!("It has {}.", all.join(", "))),
        n => d.hint(format!("It has {n} others, such as {}.", all[..6].join(", "))),
    }
}

/// A few words on a value beside the source.
pub(super) fn describe(value: &Value) -> String {
    match value.kind() {
        Kind::Null(_) => "this is null".into(),
        Kind::Bool(b) => format!("this is {b}"),
        Kind::Number(n) => format!("this is {n}"),
        Kind::String(s) if s.chars().count() <= 40 => format!("this is {:?}", &**s),
        Kind::Unknown(u) => format!("this is {}, known after apply", u.ty.friendly()),
        _ => format!("this is {}", value.ty().friendly()),
    }
}
