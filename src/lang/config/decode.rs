//! A resource's arguments and nested blocks as one value, by the rows of its schema.
//!
//! Every row is present in the value; what is left out is null or the row's default. What is wrong
//! is reported where it is written, and unknown values take its place, so that one mistake is
//! reported once.

use super::iterator::IteratorScope;
use super::structure::{self, Content, check_block, check_value, narrow, wrong_type};
use super::walk::Dynamic;
use crate::diag::{Diagnostic, Diagnostics, SourceFile, Span, did_you_mean};
use crate::lang::eval::{Scope, eval, explain};
use crate::lang::expr::{Block, Body, Expr};
use crate::schema::rows::{Block as Nested, object_type};
use crate::schema::{Attribute, Mode, Nesting};
use crate::value::convert::convert;
use crate::value::{Kind, Number, Type, Value};

/// The value of a body by these rows. `header` is where its block begins.
pub fn decode(body: &Body, rows: &[Attribute], header: &Span, scope: &dyn Scope) -> (Value, Diagnostics) {
    let mut decoder = Decoder { diags: Diagnostics::new(), blocks: 0 };
    let value = decoder.body(body, rows, header, scope);
    (value, decoder.diags)
}

struct Decoder {
    diags: Diagnostics,
    /// How many blocks were made from collections.
    blocks: usize,
}

/// A map without its null elements: a tag without a value is not a tag.
fn without_nulls(value: Value) -> Value {
    let Kind::Map(of, elements) = value.kind() else { return value };
    if !elements.values().any(Value::is_null) {
        return value;
    }
    let given = elements.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone()));
    Value::map(of.clone(), given.collect()).mark(value.is_sensitive())
}

/// The most blocks that the collections in one block may make.
const MOST_BLOCKS: usize = 10_000;

impl Decoder {
    fn body(&mut self, body: &Body, rows: &[Attribute], header: &Span, scope: &dyn Scope) -> Value {
        let content = Content::of(body);
        structure::level(&content, rows, header, &mut self.diags);
        Value::object(rows.iter().map(|row| {
            let argument = content.argument(row.name).filter(|_| row.is_argument());
            let value = match (&row.block, argument) {
                (Some(block), Some(argument)) if block.as_attribute => {
                    self.block_argument(row, block, &argument.expr, scope)
                }
                (Some(block), _) => self.blocks(row, block, &content.blocks, scope),
                (None, Some(argument)) => self.argument(row, &argument.expr, scope),
                (None, None) => left_out(row),
            };
            (row.name, value.mark_as(row))
        }))
    }

    /// Whether so many more blocks may be made; says so once if not.
    fn room(&mut self, blocks: usize, span: &Span) -> bool {
        let before = self.blocks;
        self.blocks = before.saturating_add(blocks);
        if before <= MOST_BLOCKS && self.blocks > MOST_BLOCKS {
            let detail =
                format!("This makes {} blocks or more in one block; at most {MOST_BLOCKS} are made.", self.blocks);
            self.diags.push(Diagnostic::error("Too many blocks").code("block-count").detail(detail).at(span.clone()));
        }
        self.blocks <= MOST_BLOCKS
    }

    /// A value, or an unknown one in place of what failed.
    fn eval(&mut self, expr: &Expr, scope: &dyn Scope) -> Value {
        self.diags.take(eval(expr, scope)).unwrap_or_else(|| Value::unknown(Type::Dynamic))
    }

    fn argument(&mut self, row: &Attribute, expr: &Expr, scope: &dyn Scope) -> Value {
        self.explaining(row, expr, scope, |decoder| {
            let value = decoder.eval(expr, scope);
            decoder.fit(row, &value, &expr.span(), Some(expr))
        })
    }

    /// Gives what is found in an argument the values of its references; none where the argument is sensitive.
    fn explaining(
        &mut self,
        row: &Attribute,
        expr: &Expr,
        scope: &dyn Scope,
        read: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let before = std::mem::take(&mut self.diags);
        let value = read(self);
        let found = std::mem::replace(&mut self.diags, before);
        self.diags.extend(found.into_iter().map(|d| match d.values {
            _ if row.sensitive => Diagnostic { values: None, ..d },
            None => explain(d, expr, scope),
            Some(_) => d,
        }));
        value
    }

    /// `value` as the row wants it.
    fn fit(&mut self, row: &Attribute, value: &Value, span: &Span, expr: Option<&Expr>) -> Value {
        if value.is_null() {
            if row.mode == Mode::Required {
                self.diags.push(
                    Diagnostic::error("Missing required argument")
                        .code("missing-argument")
                        .detail(format!("The argument {:?} is required, but its value is null.", row.name))
                        .at(span.clone()),
                );
                return Value::unknown(row.ty.clone());
            }
            return left_out(row).mark(value.is_sensitive());
        }
        match convert(value, &row.ty) {
            Ok(value) => {
                let value = without_nulls(value);
                self.diags.extend(check_value(row, &value, span));
                value
            }
            Err(e) => {
                let span = expr.map_or_else(|| span.clone(), |expr| narrow(expr, &e.path));
                let reason = if e.path.is_empty() { e.message } else { format!("at {}: {}", e.path, e.message) };
                self.diags.push(wrong_type(row.name, &reason, &span));
                Value::unknown(row.ty.clone())
            }
        }
    }

    /// Blocks given as an argument: `ingress = [{ … }]`.
    fn block_argument(&mut self, row: &Attribute, block: &Nested, expr: &Expr, scope: &dyn Scope) -> Value {
        self.explaining(row, expr, scope, |decoder| decoder.block_argument_of(row, block, expr, scope))
    }

    fn block_argument_of(&mut self, row: &Attribute, block: &Nested, expr: &Expr, scope: &dyn Scope) -> Value {
        let value = self.eval(expr, scope);
        for (i, element) in value.as_elements().unwrap_or_default().iter().enumerate() {
            let object = self.quietly(element, &block.attributes);
            self.diags.extend(check_block(row, &object, |name| narrow(expr, &format!("[{i}].{name}"))));
        }
        self.objects(row, block, &value, &expr.span())
    }

    /// An object given as a value, where the check did not say which part is wrong.
    fn quietly(&self, value: &Value, rows: &[Attribute]) -> Value {
        let mut other = Decoder { diags: Diagnostics::new(), blocks: self.blocks };
        let span = Span::new(&std::sync::Arc::new(SourceFile { path: String::new(), text: String::new() }), 0..0);
        other.object(value, rows, &span)
    }

    fn objects(&mut self, row: &Attribute, block: &Nested, value: &Value, span: &Span) -> Value {
        let sensitive = value.is_sensitive();
        let made = match (value.kind(), block.nesting) {
            (Kind::Null(_), _) => return left_out(row),
            (Kind::Unknown(_), _) => return Value::unknown(row.ty.clone()).mark(sensitive),
            (_, Nesting::Single) => self.object(value, &block.attributes, span),
            (Kind::List(..) | Kind::Set(..) | Kind::Tuple(_), _) => {
                let elements = value.as_elements().unwrap_or_default();
                if !self.room(elements.len(), span) {
                    return Value::unknown(row.ty.clone()).mark(sensitive);
                }
                let objects: Vec<_> = elements.iter().map(|v| self.object(v, &block.attributes, span)).collect();
                self.diags.extend(structure::too_many(row, block.max, objects.len(), span));
                collect(block, objects)
            }
            _ => {
                self.diags.push(wrong_type(row.name, "a list of objects is required", span));
                return Value::unknown(row.ty.clone());
            }
        };
        let made = made.mark(sensitive);
        self.diags.extend(check_value(row, &made, span));
        made
    }

    /// An object given as a value, with every row present.
    fn object(&mut self, value: &Value, rows: &[Attribute], span: &Span) -> Value {
        if value.is_unknown() {
            return Value::unknown(object_type(rows)).mark(value.is_sensitive());
        }
        let Some(entries) = value.as_entries() else {
            let d = Diagnostic::error("Wrong type")
                .code("wrong-type")
                .detail(format!("An object is required, not a {}.", value.ty().friendly()));
            self.diags.push(d.at(span.clone()));
            return Value::unknown(object_type(rows));
        };
        for name in entries.keys() {
            if rows.iter().any(|r| r.name == &**name && r.is_argument()) {
                continue;
            }
            let d = Diagnostic::error("Unsupported attribute")
                .code("unsupported-attribute")
                .detail(format!("An attribute named {:?} is not taken here.", &**name))
                .at(span.clone());
            let near = did_you_mean(name, rows.iter().filter(|r| r.is_argument()).map(|r| r.name));
            self.diags.push(match near {
                Some(near) => d.hint(format!("Did you mean {near:?}?")),
                None => d,
            });
        }
        let rows = rows.iter().map(|row| {
            let given = entries.get(row.name).filter(|_| row.is_argument());
            let value = match (given, &row.block) {
                (Some(value), Some(block)) => self.objects(row, block, value, span),
                (Some(value), None) => self.fit(row, value, span, None),
                (None, None) if row.mode == Mode::Required => self.fit(row, &Value::any_null(), span, None),
                (None, _) => left_out(row),
            };
            (row.name, value.mark_as(row))
        });
        Value::object(rows.collect::<Vec<_>>()).mark(value.is_sensitive())
    }

    fn blocks(&mut self, row: &Attribute, block: &Nested, all: &[Block], scope: &dyn Scope) -> Value {
        let mut made = Made::default();
        let mut dynamic = false;
        for b in all {
            if &*b.ident == row.name {
                let object = self.body(&b.body, &block.attributes, &b.span, scope);
                self.diags.extend(check_block(row, &object, |name| place(&b.body, name, &b.span)));
                made.objects.push(object);
                made.last = Some(b.span.clone());
            } else if let Some(d) = Dynamic::of(b).filter(|d| &*d.name == row.name) {
                dynamic = true;
                made.last = Some(b.span.clone());
                self.dynamic(&d, row, block, &b.span, scope, &mut made);
            }
        }
        let Some(last) = made.last else { return left_out(row) };
        if made.unknown {
            return Value::unknown(row.ty.clone()).mark(made.sensitive);
        }
        if dynamic {
            self.diags.extend(structure::too_few(row, made.objects.len(), &last));
            self.diags.extend(structure::too_many(row, block.max, made.objects.len(), &last));
        }
        let value = match block.nesting {
            Nesting::Single => made.objects.into_iter().next().unwrap_or_else(|| Value::null(row.ty.clone())),
            _ if made.objects.is_empty() => left_out(row),
            _ => collect(block, made.objects),
        };
        let value = value.mark(made.sensitive);
        self.diags.extend(check_value(row, &value, &last));
        value
    }

    fn dynamic(
        &mut self,
        dynamic: &Dynamic,
        row: &Attribute,
        block: &Nested,
        span: &Span,
        scope: &dyn Scope,
        made: &mut Made,
    ) {
        let (Some(for_each), Some(content)) = (&dynamic.for_each, &dynamic.content) else {
            made.unknown = true;
            return;
        };
        let elements = self.eval(for_each, scope);
        let sensitive = elements.is_sensitive();
        made.sensitive |= sensitive;
        let length = elements.as_elements().map(<[_]>::len).or(elements.as_entries().map(|e| e.len()));
        if !self.room(length.unwrap_or(0), &for_each.span()) {
            made.unknown = true;
            return;
        }
        let mut each = |key: Value, value: Value| {
            let scope = IteratorScope {
                outer: scope,
                name: &dynamic.iterator,
                key: key.mark(sensitive),
                value: value.mark(sensitive),
            };
            let object = self.body(content, &block.attributes, span, &scope);
            self.diags.extend(check_block(row, &object, |name| place(content, name, span)));
            object
        };
        match elements.kind() {
            Kind::Unknown(_) => {
                // Evaluated for what is wrong with it whatever the elements will be.
                each(Value::unknown(Type::Dynamic), Value::unknown(Type::Dynamic));
                made.unknown = true;
            }
            Kind::Map(_, entries) | Kind::Object(entries) => {
                made.objects.extend(entries.iter().map(|(k, v)| each(Value::string(k), v.clone())));
            }
            Kind::Set(_, values) => made.objects.extend(values.iter().map(|v| each(v.clone(), v.clone()))),
            Kind::List(_, values) | Kind::Tuple(values) => {
                let indexed = values.iter().enumerate();
                made.objects.extend(indexed.map(|(i, v)| each(Number::from(i).into(), v.clone())));
            }
            other => {
                made.unknown = true;
                let found = match other {
                    Kind::Null(_) => "it is null".to_owned(),
                    _ => format!("it is a {}", elements.ty().friendly()),
                };
                self.diags.push(
                    Diagnostic::error("Invalid \"for_each\" of a dynamic block")
                        .code("invalid-for-each")
                        .detail(format!("A list, set, map or object is required, but {found}."))
                        .at(for_each.span())
                        .hint("For no blocks at all, give an empty list."),
                );
            }
        }
    }
}

/// The blocks of one row.
#[derive(Default)]
struct Made {
    objects: Vec<Value>,
    unknown: bool,
    sensitive: bool,
    last: Option<Span>,
}

/// Where an argument of a block is, else the block.
fn place(body: &Body, name: &str, header: &Span) -> Span {
    body.attribute(name).map_or_else(|| header.clone(), |given| given.expr.span())
}

fn collect(block: &Nested, objects: Vec<Value>) -> Value {
    let element = object_type(&block.attributes);
    match block.nesting {
        Nesting::Set => Value::set(element, objects),
        _ => Value::list(element, objects),
    }
}

/// The value of a row when the layout does not give it.
fn left_out(row: &Attribute) -> Value {
    row.default.clone().unwrap_or_else(|| Value::null(row.ty.clone()))
}

trait MarkAs {
    /// Marked sensitive if the row is, unless there is nothing to hide.
    fn mark_as(self, row: &Attribute) -> Self;
}

impl MarkAs for Value {
    fn mark_as(self, row: &Attribute) -> Self {
        let hide = row.sensitive && !self.is_null();
        self.mark(hide)
    }
}

#[cfg(test)]
mod tests;
