//! A `rolling` block as values: counts and percentages, waits, what happens on failure.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::Rolling as Block;
use crate::lang::expr::Expr;
use crate::plan::place::traced;
use crate::plan::service_impact::OnFailure;
use crate::value::address::ModulePath;
use crate::value::{Kind, Value, duration};

/// How a block rolls.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spec {
    /// How many members may be out of service; left out when the block does not say.
    pub max_unavailable: Option<Amount>,
    /// Where the block says that, or where the block is.
    pub place: Option<Span>,
    /// How many may exist beyond their number; left out when the block does not say.
    pub max_surge: Option<Amount>,
    /// The target group, or its ARN, that must report a new member healthy, when the block says it.
    pub health: Option<Value>,
    /// How long a new member must stay healthy, in seconds.
    pub bake: u64,
    /// How long an old member is drained at the most, in seconds; left out, as long as AWS takes.
    pub drain: Option<u64>,
    /// How long a wave may take to become healthy, in seconds; left out, [`TIMEOUT`].
    pub timeout: Option<u64>,
    /// The reaction to new members whose wave fails.
    pub on_failure: OnFailure,
}

/// How long a wave may take to become healthy, when the layout does not say.
pub const TIMEOUT: u64 = 10 * 60;
/// The longest drain that AWS takes (ELB API: deregistration_delay).
pub const DRAIN: u64 = 60 * 60;

/// A count or a part of the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many.
    Count(usize),
    /// So many in a hundred.
    Percent(usize),
}

impl Amount {
    /// Of `n` members, rounded up, as a surge is.
    pub fn up(self, n: usize) -> usize {
        match self {
            Amount::Count(count) => count,
            Amount::Percent(percent) => (n * percent).div_ceil(100),
        }
    }

    /// Of `n` members, rounded down, as those that may be missing are.
    pub fn down(self, n: usize) -> usize {
        match self {
            Amount::Count(count) => count,
            Amount::Percent(percent) => n * percent / 100,
        }
    }
}

/// Reads a block in a module instance.
pub fn read(block: &Block, scopes: &Evaluator<'_>, path: &ModulePath) -> Result<Spec, Diagnostics> {
    let mut reader = Reader { scopes, path, problems: Diagnostics::new() };
    let spec = Spec {
        max_unavailable: reader.amount("max_unavailable", block.max_unavailable.as_ref()),
        place: Some(block.max_unavailable.as_ref().map_or_else(|| block.span.clone(), |e| traced(scopes, path, e))),
        max_surge: reader.amount("max_surge", block.max_surge.as_ref()),
        health: reader.value(block.health.as_ref()).map(|(value, _)| value),
        bake: reader.seconds("bake", block.bake.as_ref()).unwrap_or(0),
        drain: reader.seconds("drain", block.drain.as_ref()),
        timeout: reader.seconds("timeout", block.timeout.as_ref()),
        on_failure: reader.on_failure(block.on_failure.as_ref()),
    };
    let none = |amount: Option<Amount>| matches!(amount, Some(Amount::Count(0) | Amount::Percent(0)));
    if none(spec.max_unavailable) && none(spec.max_surge) {
        reader.problems.push(
            Diagnostic::error("Nothing could ever be replaced")
                .code("invalid-rolling")
                .detail("max_unavailable and max_surge are both 0: no member may be missing and none may be added.")
                .at(block.span.clone())
                .hint("Set max_surge = 1 to create a new member before the old one goes.")
                .hint("Or max_unavailable = 1 to let one be missing at a time."),
        );
    }
    reader.problems.into_result(spec)
}

struct Reader<'a, 's> {
    scopes: &'a Evaluator<'s>,
    path: &'a ModulePath,
    problems: Diagnostics,
}

impl Reader<'_, '_> {
    /// The value of an argument, if it is given and known.
    fn value<'e>(&mut self, expr: Option<&'e Expr>) -> Option<(Value, &'e Expr)> {
        let expr = expr?;
        let value = self.problems.take(self.scopes.eval(self.path, expr, &Locality::default()))?;
        (!value.is_null()).then_some((value, expr))
    }

    fn wrong(&mut self, name: &str, expr: &Expr, expected: &str) {
        let d = Diagnostic::error(format!("Invalid \"{name}\""))
            .code("invalid-rolling")
            .detail(expected.to_owned())
            .at(expr.span());
        self.problems.push(d);
    }

    fn amount(&mut self, name: &str, expr: Option<&Expr>) -> Option<Amount> {
        let (value, expr) = self.value(expr)?;
        let read = match value.kind() {
            Kind::Unknown(_) => return None,
            Kind::Number(n) => n.to_usize().map(Amount::Count),
            Kind::String(text) => match text.strip_suffix('%') {
                Some(percent) => percent.parse().ok().filter(|p| *p <= 100).map(Amount::Percent),
                None => text.parse().ok().map(Amount::Count),
            },
            _ => None,
        };
        if read.is_none() {
            self.wrong(name, expr, "Expected a count such as 1, or a percentage from \"0%\" to \"100%\".");
        }
        read
    }

    fn seconds(&mut self, name: &str, expr: Option<&Expr>) -> Option<u64> {
        let (value, expr) = self.value(expr)?;
        if value.is_unknown() {
            return None;
        }
        let read = value.as_str().and_then(duration::parse).map(|d| d.as_secs());
        if read.is_none() {
            self.wrong(name, expr, "Expected a duration such as \"60s\" or \"5m\".");
        }
        read
    }

    fn on_failure(&mut self, expr: Option<&Expr>) -> OnFailure {
        let Some((value, expr)) = self.value(expr) else { return OnFailure::default() };
        match value.as_str() {
            Some("stop") => OnFailure::Stop,
            Some("rollback") => OnFailure::Rollback,
            _ => {
                self.wrong("on_failure", expr, "Expected \"stop\" or \"rollback\".");
                OnFailure::default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_as_kubernetes_rounds_them() {
        let table = [(25, 3, 1, 0), (50, 3, 2, 1), (100, 3, 3, 3), (34, 3, 2, 1), (1, 10, 1, 0), (0, 10, 0, 0)];
        for (percent, n, up, down) in table {
            let amount = Amount::Percent(percent);
            assert_eq!((amount.up(n), amount.down(n)), (up, down), "{percent}% of {n}");
        }
        assert_eq!((Amount::Count(2).up(1), Amount::Count(2).down(1)), (2, 2));
    }
}
