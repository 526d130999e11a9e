//! Function calls, among them `try` and `can`, whose arguments may fail.

use super::{Bound, Eval, Evaluated, Root};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::ast::{At, Node, NodeKind};
use crate::lang::config::constraint;
use crate::lang::expr::{Expr, FORGETS};
use crate::lang::funcs;
use crate::value::{Kind, Name, Type, Value};
use std::sync::Arc;

impl Eval<'_> {
    pub(super) fn call(
        &self,
        name: &Name,
        name_at: At,
        args: &[Arc<Node>],
        expand: bool,
        at: At,
        bound: Option<&Bound<'_>>,
    ) -> Evaluated {
        match plain(name) {
            "try" if !expand => return self.try_each(args, at, bound),
            "can" if !expand => return self.can(args, at, bound),
            "convert" if !expand => return self.convert(args, at, bound),
            plain if !funcs::names().any(|n| n == plain) => return Err(self.unknown_function(name, name_at).into()),
            _ => {}
        }
        if plain(name) == "templatestring"
            && let Some(first) = args.first()
            && matches!(first.kind, NodeKind::Template(_) | NodeKind::Passthrough(_))
        {
            let detail = "Invalid value for \"template\" parameter: a template that is written out is not taken, only a reference to one.";
            let d = self.error(first.at, "Invalid function argument", detail).code("function-call");
            return Err(d.hint("Use the template itself as the value.").into());
        }
        let mut values = self.all(args.iter().map(|a| &**a), bound)?;
        let mut sensitive = false;
        if expand && let (Some(last), Some(node)) = (values.pop(), args.last()) {
            sensitive = last.is_sensitive();
            match last.kind() {
                Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => {
                    self.step(vs.len(), node.at)?;
                    values.extend(vs.iter().cloned());
                }
                Kind::Unknown(u) if matches!(u.ty, Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                    return Ok(Value::unknown(Type::Dynamic).mark(sensitive));
                }
                kind => {
                    let problem =
                        if matches!(kind, Kind::Null(_)) { "be null" } else { "be anything but a tuple, list or set" };
                    return Err(self
                        .error(
                            node.at,
                            "Invalid expanding argument value",
                            format!("The expanding argument (indicated by ...) must not {problem}."),
                        )
                        .into());
                }
            }
        }
        if plain(name) == FORGETS && args.iter().any(|arg| self.is_ephemeral(arg)) {
            let ty = values.first().map_or(Type::Dynamic, |value| value.ty());
            return Ok(Value::null(ty).mark(sensitive));
        }
        let result = funcs::call(name, &values, self.functions(), self.budget);
        result.map(|v| v.mark(sensitive)).map_err(|e| self.failed(name, name_at, args, at, &e).into())
    }

    /// Whether a node refers to a value that is never stored.
    fn is_ephemeral(&self, node: &Arc<Node>) -> bool {
        let Root::Scope(scope) = self.root else { return false };
        Expr::new(self.file, node.clone()).kept_references().iter().any(|reference| scope.is_ephemeral(reference))
    }

    fn failed(&self, name: &Name, name_at: At, args: &[Arc<Node>], at: At, e: &funcs::FunctionError) -> Diagnostic {
        if let Some(excess) = e.excess {
            let detail = format!("Call to function {:?} failed: {excess}.", &**name);
            return self.error(at, "The expression makes too much", detail).code("too-much").hint(excess.cure());
        }
        let message = sentence(&e.message);
        match e.argument {
            Some(index) => {
                let faulty = args.get(index).or(args.last()).map_or(at, |n| n.at);
                let detail = match funcs::parameter_name(name, index) {
                    Some(parameter) => format!("Invalid value for {parameter:?} parameter: {message}"),
                    None => format!("Invalid value for argument {} of {name}: {message}", index + 1),
                };
                self.error(faulty, "Invalid function argument", detail).code("function-call")
            }
            None if is_count_error(&e.message) => {
                let summary = if e.message.contains("missing") {
                    "Not enough function arguments"
                } else {
                    "Too many function arguments"
                };
                self.error(at, summary, format!("Function {:?}: {message}", &**name))
            }
            None => self
                .error(name_at, "Error in function call", format!("Call to function {:?} failed: {message}", &**name))
                .code("function-call"),
        }
    }

    fn unknown_function(&self, name: &Name, name_at: At) -> Diagnostic {
        let d = self
            .error(name_at, "Call to unknown function", format!("There is no function named {:?}.", &**name))
            .code("unknown-function");
        match did_you_mean(name, funcs::names()) {
            Some(near) => d.hint(format!("Did you mean {near:?}?")),
            None if name.starts_with("provider::") => {
                d.hint("Of the providers, aws and terraform have functions here.")
            }
            None => d,
        }
    }

    /// The first argument that does not fail; unknown while its outcome may still change.
    fn try_each(&self, args: &[Arc<Node>], at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        if args.is_empty() {
            return Err(self
                .error(
                    at,
                    "Error in function call",
                    "Call to function \"try\" failed: at least one argument is required.",
                )
                .code("function-call")
                .into());
        }
        let mut reasons = String::new();
        let quiet = Eval { quiet: true, ..*self };
        for arg in args {
            match quiet.node(arg, bound) {
                Err(errors) if self.budget.is_spent() => return Err(errors),
                Ok(value) if value.is_wholly_known() => return Ok(value),
                Ok(value) => return Ok(Value::unknown(Type::Dynamic).mark(value.has_sensitive())),
                Err(errors) => reasons.push_str(&reason_lines(&errors)),
            }
        }
        Err(self
            .error(at, "Error in function call", format!("Call to function \"try\" failed: no expression succeeded:\n{}\nAt least one expression must produce a successful result.", reasons.trim_end())).code("function-call")
            .into())
    }

    /// The first argument as the type that the second writes.
    fn convert(&self, args: &[Arc<Node>], at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let [value, ty] = args else {
            let summary = if args.len() < 2 { "Not enough function arguments" } else { "Too many function arguments" };
            return Err(self.error(at, summary, "Function \"convert\" takes a value and a type.").into());
        };
        let mut errors = Diagnostics::new();
        let Some(constraint) = constraint(&Expr::new(self.file, ty.clone()), &mut errors) else { return Err(errors) };
        let value = self.node(value, bound)?;
        self.look(&value, at)?;
        let converted = constraint.apply(&value).map_err(|e| {
            let reason = sentence(&e.to_string());
            let detail = format!("Invalid value for \"value\" parameter: {reason}");
            Diagnostics::from(self.error(args.first().map_or(at, |n| n.at), "Invalid function argument", detail))
        })?;
        self.made(converted, at)
    }

    /// Whether the argument does not fail.
    fn can(&self, args: &[Arc<Node>], at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let [arg] = args else {
            let summary = if args.is_empty() { "Not enough function arguments" } else { "Too many function arguments" };
            return Err(self.error(at, summary, "Function \"can\" takes exactly one argument.").into());
        };
        Ok(match (Eval { quiet: true, ..*self }).node(arg, bound) {
            Ok(value) if value.is_wholly_known() => true.into(),
            Ok(_) => Value::unknown_not_null(Type::Bool),
            Err(errors) if self.budget.is_spent() => return Err(errors),
            Err(_) => false.into(),
        })
    }
}

fn plain(name: &str) -> &str {
    name.strip_prefix("core::").unwrap_or(name)
}

fn is_count_error(message: &str) -> bool {
    message.starts_with("it expects ")
}

fn sentence(message: &str) -> String {
    if message.ends_with(['.', '!', '?']) { message.to_owned() } else { format!("{message}.") }
}

fn reason_lines(errors: &Diagnostics) -> String {
    errors.iter().map(|d| format!("- {}: {}\n", d.summary, d.detail)).collect()
}
