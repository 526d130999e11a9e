//! A value in place of another: a constant, an element of a list, an entry of an object.

use super::{At, Here, Source, problem};
use crate::diag::Diagnostic;
use crate::lang::edit::{self, Edit, Entry, New};
use crate::lang::expr::{Body, Expr};
use crate::lang::refs::Subject;
use crate::plan::Action;
use crate::report::literal::{self, inline, quoted};
use crate::schema::{Attribute, Mode};
use crate::value::address::{self, Address, ModulePath, ResourceAddress};
use crate::value::{Kind, Name, Value};

/// A key as the language writes it.
pub(super) fn key(name: &str) -> String {
    literal::key(name)
}

/// An object of these entries.
pub(super) fn object(entries: &[New]) -> String {
    let one = |(key, value): &New| match key {
        Some(key) => format!("{key} = {value}"),
        None => value.clone(),
    };
    format!("{{ {} }}", entries.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// Whether nothing has to be evaluated for it.
fn is_constant(expr: &Expr) -> bool {
    let (references, errors) = expr.all_references();
    references.is_empty() && !errors.has_errors() && expr.function_calls().is_empty()
}

/// Whether AWS made a text: only those are looked for among the objects of the layout.
fn is_id(text: &str) -> bool {
    let made = |(kind, number): (&str, &str)| {
        let is_kind = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        is_kind && number.len() >= 8 && number.chars().all(|c| c.is_ascii_hexdigit())
    };
    text.starts_with("arn:") || text.rsplit_once('-').is_some_and(made)
}

impl Source<'_, '_> {
    /// An argument of a body with this value. `gone` are arguments that are taken out as well.
    pub(super) fn argument(
        self,
        here: &Here,
        row: &Attribute,
        body: &Body,
        live: &Value,
        gone: &[&str],
    ) -> Result<Vec<Edit>, Diagnostic> {
        let is_nothing = live.is_null() || live.as_str() == Some("");
        match body.attribute(row.name) {
            Some(argument)
                if is_nothing && row.mode != Mode::Required && self.is_written_here(here, &argument.expr) =>
            {
                self.editable(&argument.name_span)?;
                Ok(vec![edit::without_argument(body, &argument)])
            }
            Some(argument) => self.set(At { here: here.clone(), expr: argument.expr }, row, live),
            None if is_nothing => Ok(Vec::new()),
            None => Ok(vec![edit::argument(body, row.name, &self.text(here, live), gone)]),
        }
    }

    /// Whether an expression is a value itself, and not passed on from elsewhere.
    fn is_written_here(self, here: &Here, expr: &Expr) -> bool {
        is_constant(expr) || self.is_reference(expr) && !here.constant
    }

    fn is_reference(self, expr: &Expr) -> bool {
        expr.as_reference().is_ok_and(|reference| matches!(reference.subject, Subject::Resource { .. }))
    }

    /// The value in place of what is written.
    pub(super) fn set(self, at: At, row: &Attribute, live: &Value) -> Result<Vec<Edit>, Diagnostic> {
        let at = self.follow(at)?;
        self.editable(&at.expr.span())?;
        if let (Some(items), Some(elements)) = (at.expr.as_list_items(), live.as_elements()) {
            let is_ordered = !matches!(live.kind(), Kind::Set(..));
            return self.list(&at, row, (&items, elements), is_ordered);
        }
        let named = self.name(&at.here, live);
        if is_constant(&at.expr) || (self.is_reference(&at.expr) && named.is_some()) {
            let heredoc = live.as_str().and_then(|text| heredoc(at.expr.span().text(), text));
            let text = heredoc.unwrap_or_else(|| self.text(&at.here, live));
            return Ok(vec![Edit::new(at.expr.span(), text)]);
        }
        Err(computed(&at.expr, live))
    }

    /// A value as it is typed: an object of the layout by its name.
    fn text(self, here: &Here, value: &Value) -> String {
        match (value.as_elements(), self.name(here, value)) {
            (_, Some(name)) => name,
            (Some(elements), _) => {
                let all: Vec<String> = elements.iter().map(|element| self.text(here, element)).collect();
                format!("[{}]", all.join(", "))
            }
            _ => inline(value),
        }
    }

    /// What the module calls the object with this id.
    fn name(self, here: &Here, id: &Value) -> Option<String> {
        let id = id.as_str().filter(|_| !here.constant)?;
        self.names(&here.path)(id)
    }

    /// What a module calls the objects with ids.
    pub(super) fn names(self, path: &ModulePath) -> impl Fn(&str) -> Option<String> {
        let changes = &self.plan.changes;
        move |id: &str| {
            changes.iter().filter(|_| is_id(id)).find_map(|change| {
                let resource = &change.address.resource;
                let stays = !matches!(change.action, Action::Delete | Action::Forget) && change.deposed.is_none();
                let is_here = resource.module == *path && resource.mode == address::Mode::Managed;
                let before = change.before.as_ref().filter(|_| stays && is_here)?;
                let attribute = ["id", "arn"].into_iter().find(|name| before.str(name) == Some(id))?;
                let resource = ResourceAddress { module: ModulePath::default(), ..resource.clone() };
                Some(format!("{}.{attribute}", Address { resource, key: change.address.key.clone() }))
            })
        }
    }

    /// The elements of a list that is written out.
    fn list(
        self,
        at: &At,
        row: &Attribute,
        (items, elements): (&[Expr], &[Value]),
        is_ordered: bool,
    ) -> Result<Vec<Edit>, Diagnostic> {
        let value = |item: &Expr| {
            let value = self.scopes.eval(&at.here.path, item, &at.here.local).ok()?;
            value.is_wholly_known().then(|| value.unmark_deep())
        };
        let whole = at.expr.span();
        let list = || Value::tuple(elements.to_vec());
        let values: Option<Vec<Value>> = items.iter().map(value).collect();
        let Some(values) = values else { return Err(computed(&at.expr, &list())) };
        let same = |a: &Value, b: &Value| row.normal.equivalent(a, b);
        let mut rest: Vec<&Value> = elements.iter().collect();
        let mut gone = Vec::new();
        for (i, value) in values.iter().enumerate() {
            match rest.iter().position(|element| same(element, value)) {
                Some(at) => {
                    rest.remove(at);
                }
                None => gone.push(i),
            }
        }
        let mut edits = Vec::new();
        // One in place of another.
        let mut replaced = Vec::new();
        for i in &gone {
            if rest.is_empty() || !is_constant(&items[*i]) {
                continue;
            }
            let element = rest.remove(0);
            edits.push(Edit::new(items[*i].span(), self.text(&at.here, element)));
            replaced.push((*i, element));
        }
        gone.retain(|i| replaced.iter().all(|(other, _)| other != i));
        let kept = (0..values.len()).filter(|i| !gone.contains(i));
        let now = |i: usize| replaced.iter().find(|(other, _)| *other == i).map_or(&values[i], |(_, element)| *element);
        let all: Vec<&Value> = kept.map(now).chain(rest.iter().copied()).collect();
        let in_order = all.len() == elements.len() && all.iter().zip(elements).all(|(a, b)| same(a, b));
        if is_ordered && !in_order {
            return match is_constant(&at.expr) {
                true => Ok(vec![Edit::new(whole, self.text(&at.here, &list()))]),
                false => Err(computed(&at.expr, &list())),
            };
        }
        let places: Vec<Entry> = items.iter().map(|item| Entry { at: item.span().range, key: None }).collect();
        let new: Vec<New> = rest.iter().map(|element| (None, self.text(&at.here, element))).collect();
        edits.extend(edit::entries(&whole, &places, &gone, &new));
        Ok(edits)
    }

    /// Entries of an object that is written out, or of the objects that are merged: another value, or none.
    pub(super) fn entries(
        self,
        at: At,
        row: &Attribute,
        changes: &[(Name, Option<Value>)],
    ) -> Result<Vec<Edit>, Diagnostic> {
        let (given, own) = (at.expr.clone(), at.expr.span());
        let objects = self.objects(at)?;
        let refused = |(key, value): &(Name, Option<Value>)| {
            let null = Value::any_null();
            let d = computed(&given, value.as_ref().unwrap_or(&null));
            Diagnostic { detail: format!("{} ({} of it)", d.detail, literal::key(key)), ..d }
        };
        // What is new goes where only this block sees it.
        let is_own = |object: &At| {
            let span = object.expr.span();
            span.file == own.file && own.range.start <= span.range.start && span.range.end <= own.range.end
        };
        let Some(into) = objects.iter().position(is_own).or(if objects.is_empty() { None } else { Some(0) }) else {
            return Err(changes.first().map_or_else(|| computed(&given, &Value::any_null()), refused));
        };
        let mut edits = Vec::new();
        let mut lists: Vec<(Vec<usize>, Vec<New>)> = objects.iter().map(|_| Default::default()).collect();
        for change in changes {
            let (key, value) = change;
            let is =
                |(name, _): &(Expr, Expr)| name.as_keyword().or_else(|| name.as_string()).as_deref() == Some(&**key);
            let items = |object: &At| object.expr.as_object_items().unwrap_or_default();
            let found = objects.iter().enumerate().find_map(|(n, o)| Some((n, items(o).iter().position(is)?)));
            match (found, value) {
                (Some((n, i)), Some(value)) => {
                    let Some((_, expr)) = items(&objects[n]).into_iter().nth(i) else { continue };
                    edits.extend(self.set(At { expr, ..objects[n].clone() }, row, value)?);
                }
                (Some((n, i)), None) => lists[n].0.push(i),
                (None, Some(value)) => {
                    let is_quoted = items(&objects[into]).first().is_some_and(|(name, _)| name.as_keyword().is_none());
                    let key = if is_quoted { quoted(key) } else { literal::key(key) };
                    lists[into].1.push((Some(key), inline(value)));
                }
                (None, None) => return Err(refused(change)),
            }
        }
        for (object, (gone, new)) in objects.iter().zip(lists) {
            if gone.is_empty() && new.is_empty() {
                continue;
            }
            self.editable(&object.expr.span())?;
            if object.expr.is_null() {
                edits.push(Edit::new(object.expr.span(), self::object(&new)));
                continue;
            }
            let items = object.expr.as_object_items().unwrap_or_default();
            let place = |(key, value): &(Expr, Expr)| Entry {
                at: key.span().range.start..value.span().range.end,
                key: Some(key.span().range.end),
            };
            let places: Vec<Entry> = items.iter().map(place).collect();
            edits.extend(edit::entries(&object.expr.span(), &places, &gone, &new));
        }
        Ok(edits)
    }

    /// The objects that a map is made of, the one that counts most first.
    fn objects(self, at: At) -> Result<Vec<At>, Diagnostic> {
        let at = self.follow(at)?;
        if at.expr.as_object_items().is_some() || at.expr.is_null() {
            return Ok(vec![at]);
        }
        let Some(call) = at.expr.as_call().filter(|call| &*call.name == "merge") else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for expr in call.args.into_iter().rev() {
            all.extend(self.objects(At { here: at.here.clone(), expr })?);
        }
        Ok(all)
    }
}

/// That a value is not written anywhere, but made of others.
pub(super) fn computed(expr: &Expr, live: &Value) -> Diagnostic {
    let source = expr.source();
    let first = source.lines().next().unwrap_or_default();
    let more = if source.lines().nth(1).is_some() { " …" } else { "" };
    problem(format!("The layout computes the value: {first}{more}. In AWS it is {}.", inline(live)))
        .at(expr.span())
        .hint("Change the layout so that it gives this value. Nothing was written.")
}

/// A text as a heredoc like the one that is there; nothing where there is none, or where it cannot hold the text.
fn heredoc(source: &str, text: &str) -> Option<String> {
    let head = source.lines().next().filter(|line| line.starts_with("<<"))?.trim_end();
    let close = source.lines().next_back()?.trim_end();
    let first = source.lines().nth(1)?;
    let indent = if head.starts_with("<<-") { &first[..first.len() - first.trim_start().len()] } else { "" };
    let document =
        serde_json::from_str::<serde_json::Value>(text).ok().filter(|_| text.trim_start().starts_with(['{', '[']));
    let text = match document {
        Some(document) => format!("{}\n", serde_json::to_string_pretty(&document).ok()?),
        None => text.to_owned(),
    };
    let is_plain = text.ends_with('\n') && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    let is_closed = text.lines().any(|line| line.trim() == close.trim());
    if !is_plain || is_closed {
        return None;
    }
    let line = |line: &str| match line {
        "" => "\n".to_owned(),
        line => format!("{indent}{}\n", line.replace("${", "$${").replace("%{", "%%{")),
    };
    Some(format!("{head}\n{}{close}", text.lines().map(line).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_aws_made_is_an_id() {
        for (text, is) in [
            ("vpc-0abc12345", true),
            ("r-rtb-0abc123450", true),
            ("arn:aws:s3:::b", true),
            ("web", false),
            ("my-facade", false),
            ("web-2024", false),
        ] {
            assert_eq!(is_id(text), is, "{text}");
        }
    }

    #[test]
    fn a_heredoc_stays_one() {
        let source = "<<-EOT\n    old\n  EOT";
        assert_eq!(heredoc(source, "a ${b}\n\nc\n").as_deref(), Some("<<-EOT\n    a $${b}\n\n    c\n  EOT"));
        let document = heredoc("<<EOT\n{}\nEOT", "{\"a\":[1]}");
        assert_eq!(document.as_deref(), Some("<<EOT\n{\n  \"a\": [\n    1\n  ]\n}\nEOT"));
        assert_eq!((heredoc(source, "no end"), heredoc("\"quoted\"", "a\n")), (None, None));
    }
}
