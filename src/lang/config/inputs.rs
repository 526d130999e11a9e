//! Values of the root module's variables, from all the places that can give them.
//!
//! Pure: environment and file contents are arguments. Validation blocks are not evaluated here,
//! since they may refer to other objects.

use super::literal::literal;
use super::type_expr::in_path;
use super::{Module, Variable};
use crate::diag::{Diagnostic, Diagnostics, SourceFile, Span, did_you_mean};
use crate::lang::constraint::Constraint;
use crate::lang::expr::Expr;
use crate::lang::parse::{parse, parse_expression};
use crate::value::{Name, Number, Type, Value};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file of values, already read.
#[derive(Debug, Clone)]
pub struct ValuesFile {
    /// The path as a person would type it; `.json` at its end decides the format.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// An option of the command line.
#[derive(Debug, Clone)]
pub enum InputOption {
    /// `--var NAME=VALUE`
    Var(String),
    /// `--var-file FILE`
    File(ValuesFile),
}

/// All that can give values; later wins over earlier, and a field over the one before it.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The environment: `TF_VAR_name` is read, all else is left alone.
    pub environment: Vec<(String, String)>,
    /// The files of [`automatic_files`], in that order.
    pub files: Vec<ValuesFile>,
    /// `--var` and `--var-file`, in the order given.
    pub options: Vec<InputOption>,
}

/// The values in the inputs.
#[derive(Debug, Clone, Default)]
pub struct InputValues {
    /// A value for every variable that has one, of the right type and marked if sensitive.
    pub values: BTreeMap<Name, Value>,
    /// The required variables that have none, in the order declared.
    pub missing: Vec<Name>,
}

/// Which of the files in the layout's directory give values without being asked for, in order.
pub fn automatic_files(names: &[String]) -> Vec<String> {
    let mut auto: Vec<&String> =
        names.iter().filter(|n| n.ends_with(".auto.tfvars") || n.ends_with(".auto.tfvars.json")).collect();
    auto.sort();
    let fixed = ["terraform.tfvars", "terraform.tfvars.json"];
    let fixed = fixed.into_iter().filter_map(|f| names.iter().find(|n| *n == f));
    fixed.chain(auto).cloned().collect()
}

/// A value before it is known whether and how it is used.
enum Raw {
    /// From a file.
    Value(Value, Span),
    /// From the environment or the command line; read as the variable's type asks for.
    Text(String, Arc<SourceFile>),
}

/// The values of the module's variables. Files that hold values for undeclared variables get a
/// warning, options an error.
pub fn values(module: &Module, inputs: &Inputs) -> (InputValues, Diagnostics) {
    let mut diags = Diagnostics::new();
    let mut raw: IndexMap<Name, Raw> = IndexMap::new();
    for (key, text) in &inputs.environment {
        if let Some(name) = key.strip_prefix("TF_VAR_")
            && module.variables.contains_key(name)
        {
            raw.insert(name.into(), Raw::Text(text.clone(), source(key, text)));
        }
    }
    for file in &inputs.files {
        add_file(module, file, &mut raw, &mut diags);
    }
    for option in &inputs.options {
        match option {
            InputOption::File(file) => add_file(module, file, &mut raw, &mut diags),
            InputOption::Var(text) => add_option(module, text, &mut raw, &mut diags),
        }
    }
    let mut found = InputValues::default();
    for variable in module.variables.values() {
        let value = match raw.get(&variable.name) {
            Some(Raw::Value(value, span)) => {
                variable.accept(value).map(Some).map_err(|d| variable.discreet(d.at(span.clone())).into())
            }
            Some(Raw::Text(text, source)) => from_text(variable, text, source).map(Some),
            None => Ok(variable.default.clone().map(|v| v.mark(variable.sensitive))),
        };
        match diags.take(value) {
            Some(Some(value)) => {
                found.values.insert(variable.name.clone(), value);
            }
            Some(None) => found.missing.push(variable.name.clone()),
            None => {}
        }
    }
    (found, diags)
}

/// Where the value of a variable is written, if an input gives one: in a file in the language, or not in such a file,
/// which says where else.
pub fn written(inputs: &Inputs, name: &str) -> Result<Option<Expr>, String> {
    let of_file = |file: &ValuesFile| -> Result<Option<Expr>, String> {
        if file.path.ends_with(".json") {
            let found = json_values(file, &mut Diagnostics::new()).iter().any(|(given, ..)| &**given == name);
            return if found { Err(file.path.clone()) } else { Ok(None) };
        }
        let parsed = parse(&file.path, &file.bytes).ok();
        Ok(parsed.and_then(|parsed| Some(parsed.body.attribute(name)?.expr)))
    };
    for option in inputs.options.iter().rev() {
        match option {
            InputOption::Var(text) if text.split_once('=').is_some_and(|(given, _)| given.trim() == name) => {
                return Err("--var on the command line".into());
            }
            InputOption::Var(_) => {}
            InputOption::File(file) => {
                if let Some(found) = of_file(file)? {
                    return Ok(Some(found));
                }
            }
        }
    }
    for file in inputs.files.iter().rev() {
        if let Some(found) = of_file(file)? {
            return Ok(Some(found));
        }
    }
    let key = format!("TF_VAR_{name}");
    match inputs.environment.iter().any(|(given, _)| *given == key) {
        true => Err(format!("the environment variable {key}")),
        false => Ok(None),
    }
}

/// Who gives a variable its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Giver {
    /// A variable of the environment.
    Environment(String),
    /// A file of values.
    File(String),
    /// `--var`
    CommandLine,
}

/// Who gives each variable its value, declared or not; those that nobody gives have their default.
pub fn givers(inputs: &Inputs) -> BTreeMap<Name, Giver> {
    let of_file = |file: &ValuesFile| {
        let mut unheard = Diagnostics::new();
        let values = match file.path.ends_with(".json") {
            true => json_values(file, &mut unheard),
            false => native_values(file, &mut unheard),
        };
        values.into_iter().map(|(name, ..)| (name, Giver::File(file.path.clone()))).collect::<Vec<_>>()
    };
    let of_option = |option: &InputOption| match option {
        InputOption::Var(text) => {
            text.split_once('=').map(|(name, _)| (name.trim().into(), Giver::CommandLine)).into_iter().collect()
        }
        InputOption::File(file) => of_file(file),
    };
    let environment = inputs.environment.iter();
    let environment =
        environment.filter_map(|(key, _)| Some((key.strip_prefix("TF_VAR_")?.into(), Giver::Environment(key.clone()))));
    environment.chain(inputs.files.iter().flat_map(of_file)).chain(inputs.options.iter().flat_map(of_option)).collect()
}

/// The value that a person typed for a variable when asked.
pub fn answer(variable: &Variable, text: &str) -> Result<Value, Diagnostics> {
    from_text(variable, text, &source(&format!("var.{}", variable.name), text))
}

/// That a required variable has no value.
pub fn missing(variable: &Variable) -> Diagnostic {
    Diagnostic::error(format!("No value for the variable {:?}", &*variable.name))
        .code("missing-value")
        .detail("The variable is required: it has no default.")
        .at(variable.span.clone())
        .hint(format!("Give one with --var {0}=…, TF_VAR_{0} or a .tfvars file.", variable.name))
}

impl Variable {
    /// `d` without the source text if that holds what must not be shown.
    fn discreet(&self, d: Diagnostic) -> Diagnostic {
        if !self.sensitive {
            return d;
        }
        let detail = format!("The value of {:?} is sensitive and not shown.", &*self.name);
        Diagnostic { span: None, code: d.code, ..Diagnostic::error(d.summary).detail(detail) }
    }

    /// `value` as this variable takes it: null replaced by the default where null is not a value,
    /// optional attributes filled in, converted, marked.
    pub fn accept(&self, value: &Value) -> Result<Value, Diagnostic> {
        let invalid = |reason: String| {
            Diagnostic::error(format!("Invalid value for the variable {:?}", &*self.name))
                .code("invalid-variable")
                .detail(reason)
        };
        if value.is_null() && !self.nullable {
            let default = self.default.clone().ok_or_else(|| {
                invalid("The variable is not nullable and has no default: its value cannot be null.".into())
            })?;
            return Ok(default.mark(self.sensitive));
        }
        match self.constraint.apply(value) {
            Ok(value) => Ok(value.mark(self.sensitive)),
            Err(e) => {
                let wanted = format!("The variable is of type {}", self.constraint.ty());
                Err(invalid(format!("{wanted}; the value does not fit: {}{}.", in_path(&e.path), e.message)))
            }
        }
    }
}

fn source(path: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() })
}

/// Text as the variable's type asks for: as it is for a primitive type, else an expression.
fn from_text(variable: &Variable, text: &str, source: &Arc<SourceFile>) -> Result<Value, Diagnostics> {
    let whole = Span::new(source, 0..source.text.len());
    let as_it_is =
        !variable.typed || matches!(variable.constraint, Constraint::String | Constraint::Number | Constraint::Bool);
    let value = if as_it_is {
        Value::string(text)
    } else {
        let expr = parse_expression(&source.path, text).map_err(|d| variable.discreet(d))?;
        let mut diags = Diagnostics::new();
        match literal(&expr, &variable.name, &Type::Dynamic, &mut diags) {
            Some(value) => value,
            None => return Err(diags.into_iter().map(|d| variable.discreet(d)).collect()),
        }
    };
    variable.accept(&value).map_err(|d| variable.discreet(d.at(whole)).into())
}

fn add_option(module: &Module, text: &str, raw: &mut IndexMap<Name, Raw>, diags: &mut Diagnostics) {
    let Some((name, value)) = text.split_once('=') else {
        diags.push(
            Diagnostic::error("Invalid --var option")
                .code("usage")
                .detail(format!("{text:?} does not hold an equals sign; expected NAME=VALUE."))
                .hint("Write --var 'name=value'."),
        );
        return;
    };
    let name = name.trim();
    if !module.variables.contains_key(name) {
        diags.push(undeclared(
            module,
            name,
            Diagnostic::error("Value for an undeclared variable").code("undeclared-value"),
        ));
        return;
    }
    raw.insert(name.into(), Raw::Text(value.to_owned(), source(&format!("--var {name}"), value)));
}

fn add_file(module: &Module, file: &ValuesFile, raw: &mut IndexMap<Name, Raw>, diags: &mut Diagnostics) {
    let values = if file.path.ends_with(".json") { json_values(file, diags) } else { native_values(file, diags) };
    for (name, value, span) in values {
        if module.variables.contains_key(&name) {
            raw.insert(name, Raw::Value(value, span));
        } else {
            let d = undeclared(
                module,
                &name,
                Diagnostic::warning("Value for an undeclared variable").code("undeclared-value"),
            );
            diags.push(d.at(span));
        }
    }
}

fn undeclared(module: &Module, name: &str, d: Diagnostic) -> Diagnostic {
    let d = d.detail(format!("The layout declares no variable {name:?}."));
    match did_you_mean(name, module.variables.keys().map(|n| &**n)) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d.hint(format!("Declare it with variable {name:?} {{}}, or leave the value out.")),
    }
}

fn native_values(file: &ValuesFile, diags: &mut Diagnostics) -> Vec<(Name, Value, Span)> {
    let Some(parsed) = diags.take(parse(&file.path, &file.bytes)) else { return Vec::new() };
    for block in parsed.body.blocks() {
        let d = Diagnostic::error("Block in a file of values").code("unsupported-block").at(block.span.clone());
        diags.push(match &*block.ident {
            "variable" => d
                .detail("A file of values gives variables their values; it does not declare them.")
                .hint("Move the block to a .tf file."),
            other => d
                .detail(format!("A file of values holds only NAME = VALUE, and so no {other:?} block."))
                .hint(format!("If it is a value, write {other} = {{ … }}, with an equals sign.")),
        });
    }
    let attributes = parsed.body.attributes();
    let value = |a: crate::lang::expr::Attribute| {
        let value = literal(&a.expr, &a.name, &Type::Dynamic, diags)?;
        Some((a.name, value, a.expr.span()))
    };
    attributes.filter_map(value).collect()
}

fn json_values(file: &ValuesFile, diags: &mut Diagnostics) -> Vec<(Name, Value, Span)> {
    let invalid =
        |reason: String| Diagnostic::error(format!("Cannot read {}", file.path)).code("unreadable-file").detail(reason);
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        diags.push(invalid("The file is not UTF-8 text.".into()));
        return Vec::new();
    };
    let source = source(&file.path, text);
    let object = match serde_json::from_str(text) {
        Ok(json) => from_json(&json),
        Err(reason) => {
            diags.push(invalid(format!("It is not valid JSON: {reason}.")));
            return Vec::new();
        }
    };
    let Some(entries) = object.as_entries() else {
        diags.push(invalid("A JSON object of names and values is expected.".into()));
        return Vec::new();
    };
    let span = |name: &str| {
        let key = format!("\"{name}\"");
        let at = text.find(&key).unwrap_or(0);
        Span::new(&source, at..at + key.len())
    };
    entries.iter().map(|(name, value)| (name.clone(), value.clone(), span(name))).collect()
}

fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::any_null(),
        serde_json::Value::Bool(b) => Value::from(*b),
        serde_json::Value::Number(n) => {
            let text = n.to_string();
            Number::parse(&text).map_or_else(|| Value::string(&text), Value::from)
        }
        serde_json::Value::String(text) => Value::string(text),
        serde_json::Value::Array(items) => Value::tuple(items.iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => {
            Value::object(entries.iter().map(|(name, v)| (Name::from(name.as_str()), from_json(v))))
        }
    }
}

#[cfg(test)]
mod tests;
