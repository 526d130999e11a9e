//! Functions of providers: `provider::aws::…` about ARNs, and `provider::terraform::…` between values and text.

mod expression;

use super::FunctionError;
use super::args::Args;
use super::function::{DYNAMIC, Function, STRING, any, string};
use crate::lang::config::written_out;
use crate::lang::fmt::format_source;
use crate::lang::parse::parse;
use crate::value::{Name, Type, Value};
use expression::{encode, is_identifier};
use std::collections::BTreeMap;

const ARN: [&str; 5] = ["partition", "service", "region", "account_id", "resource"];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "provider::aws::arn_build",
        &[string(ARN[0]), string(ARN[1]), string(ARN[2]), string(ARN[3]), string(ARN[4])],
        STRING,
        |a| Ok(built([0, 1, 2, 3, 4].map(|i| a.text(i))).into()),
    ),
    Function::new(
        "provider::aws::arn_parse",
        &[string("arn")],
        |_| Ok(arn_type()),
        |a| {
            let parts = parts(a.text(0))?;
            Ok(Value::object(ARN.into_iter().zip(parts).map(|(name, part)| (name, Value::string(part)))))
        },
    ),
    Function::new("provider::aws::trim_iam_role_path", &[string("arn")], STRING, trim_role),
    Function::new(
        "provider::aws::user_agent",
        &[string("product_name"), string("product_version"), string("comment")],
        STRING,
        |a| {
            let mut text = a.text(0).to_owned();
            if text.is_empty() {
                return Err(FunctionError::at(0, "the name of the product must not be empty"));
            }
            if !a.text(1).is_empty() {
                text = format!("{text}/{}", a.text(1));
            }
            if !a.text(2).is_empty() {
                text = format!("{text} ({})", a.text(2));
            }
            Ok(text.into())
        },
    ),
    Function::new("provider::terraform::decode_tfvars", &[string("src")], DYNAMIC, decode_tfvars),
    Function::new("provider::terraform::encode_expr", &[any("value")], STRING, |a| {
        let text = format_source(&encode(a.value(0)));
        Ok(text.trim_end_matches('\n').into())
    }),
    Function::new("provider::terraform::encode_tfvars", &[any("value")], STRING, encode_tfvars),
];

fn arn_type() -> Type {
    Type::object(ARN.map(|name| (name, Type::String)))
}

fn built(parts: [&str; 5]) -> String {
    format!("arn:{}", parts.join(":"))
}

fn parts(arn: &str) -> Result<[&str; 5], FunctionError> {
    let Some(rest) = arn.strip_prefix("arn:") else {
        return Err(FunctionError::at(0, "an ARN begins with \"arn:\""));
    };
    let parts: Vec<&str> = rest.splitn(5, ':').collect();
    parts.try_into().map_err(|_| FunctionError::at(0, "an ARN has six parts with colons between them"))
}

/// The ARN of a role without the path before its name.
fn trim_role(a: &Args) -> Result<Value, FunctionError> {
    let [partition, service, region, account, resource] = parts(a.text(0))?;
    let wrong = |message: &str| Err(FunctionError::at(0, message));
    if service != "iam" {
        return wrong("the service of the ARN must be \"iam\"");
    }
    if !region.is_empty() {
        return wrong("the region of the ARN must be empty");
    }
    let Some(role) = resource.strip_prefix("role/") else {
        return wrong("the resource of the ARN must begin with \"role/\"");
    };
    let name = role.rsplit('/').next().unwrap_or(role);
    Ok(built([partition, service, region, account, &format!("role/{name}")]).into())
}

fn encode_tfvars(a: &Args) -> Result<Value, FunctionError> {
    let Some(entries) = a.value(0).as_entries() else {
        let message =
            "invalid value to encode: must be an object whose attribute names will become the encoded variable names";
        return Err(FunctionError::new(message));
    };
    let mut text = String::new();
    for (name, value) in entries {
        if !is_identifier(name) {
            let message = format!(
                "invalid variable name {name:?}: must be a valid identifier, per Terraform's rules for input variable declarations"
            );
            return Err(FunctionError::new(message));
        }
        text.push_str(&format!("{name} = {}\n", encode(value)));
    }
    Ok(format_source(&text).into())
}

fn decode_tfvars(a: &Args) -> Result<Value, FunctionError> {
    const PATH: &str = "<decode_tfvars argument>";
    let failed = |what: &str, d: &crate::diag::Diagnostic| {
        let line = d.span.as_ref().map_or(1, |span| span.line_column().0);
        FunctionError::new(format!("{what}: line {line}: {}: {}", d.summary, d.detail))
    };
    let file = parse(PATH, a.text(0).as_bytes()).map_err(|d| failed("invalid tfvars syntax", &d))?;
    if let Some(block) = file.body.blocks().next() {
        return Err(FunctionError::new(format!(
            "invalid tfvars content: a block {:?} is not allowed here",
            &*block.ident
        )));
    }
    let mut values: BTreeMap<Name, Value> = BTreeMap::new();
    for attribute in file.body.attributes() {
        let value = written_out(&attribute.expr).map_err(|errors| {
            let what = format!("invalid expression for variable {:?}", &*attribute.name);
            errors.iter().next().map_or_else(|| FunctionError::new(what.clone()), |d| failed(&what, d))
        })?;
        values.insert(attribute.name, value);
    }
    Ok(Value::object(values))
}

#[cfg(test)]
mod tests;
