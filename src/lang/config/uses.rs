//! Every expression of a module with what it may use where it stands.

use super::walk::{self, Found};
use super::{Condition, Module, Resource};
use crate::lang::expr::{Body, Expr};

/// The names that an expression may use beside those of the module.
#[derive(Clone, Copy, Default)]
pub(super) struct Context<'a> {
    /// `count.index`
    pub count: bool,
    /// `each.key` and `each.value`
    pub each: bool,
    /// `self`
    pub own: bool,
    /// The data source of the `check` block around it.
    pub data: Option<&'a Resource>,
}

/// Shows every expression of the module to `see`.
pub(super) fn visit<'m>(module: &'m Module, see: &mut dyn FnMut(&Found, Context<'m>)) {
    let mut visitor = Visitor { see };
    let plain = Context::default();
    for variable in module.variables.values() {
        visitor.conditions(&variable.validations, plain);
    }
    for local in module.locals.values() {
        visitor.expr(&local.expr, plain);
    }
    for provider in &module.providers {
        visitor.body(&provider.body, plain);
    }
    for resource in module.resources.values() {
        visitor.resource(resource, plain);
    }
    for call in module.calls.values() {
        let context = Context { count: call.count.is_some(), each: call.for_each.is_some(), ..plain };
        call.count.iter().chain(&call.for_each).chain(&call.enabled).for_each(|e| visitor.expr(e, plain));
        call.arguments.values().for_each(|(_, e)| visitor.expr(e, context));
    }
    for output in module.outputs.values() {
        visitor.expr(&output.expr, plain);
        visitor.conditions(&output.preconditions, plain);
    }
    for import in &module.imports {
        let context = Context { each: import.for_each.is_some(), ..plain };
        import.for_each.iter().for_each(|e| visitor.expr(e, plain));
        let keys = import.module_keys.iter().flatten().chain(&import.key);
        keys.chain([&import.id]).for_each(|e| visitor.expr(e, context));
    }
    for check in module.checks.values() {
        let context = Context { data: check.data.as_ref(), ..plain };
        check.data.iter().for_each(|d| visitor.resource(d, context));
        visitor.conditions(&check.asserts, context);
    }
}

struct Visitor<'v, 'm> {
    see: &'v mut dyn FnMut(&Found, Context<'m>),
}

impl<'m> Visitor<'_, 'm> {
    fn resource(&mut self, resource: &Resource, outer: Context<'m>) {
        resource.count.iter().chain(&resource.for_each).for_each(|e| self.expr(e, outer));
        resource.lifecycle.switches().for_each(|e| self.expr(e, outer));
        let context = Context { count: resource.count.is_some(), each: resource.for_each.is_some(), ..outer };
        self.body(&resource.body, context);
        let lifecycle = &resource.lifecycle;
        lifecycle.replace_triggered_by.iter().for_each(|(_, e)| self.expr(e, context));
        self.conditions(&lifecycle.preconditions, context);
        self.conditions(&lifecycle.postconditions, Context { own: true, ..context });
        if let Some(rolling) = &lifecycle.rolling {
            rolling.expressions().for_each(|e| self.expr(e, outer));
        }
        let commands = Context { own: true, ..context };
        let provisioners = resource.provisioners.iter().flat_map(|p| p.expressions());
        provisioners.for_each(|found| (self.see)(&found, commands));
        resource.timeouts.expressions().iter().for_each(|found| (self.see)(found, context));
    }

    fn conditions(&mut self, conditions: &[Condition], context: Context<'m>) {
        for condition in conditions {
            self.expr(&condition.condition, context);
            self.expr(&condition.error_message, context);
        }
    }

    fn body(&mut self, body: &Body, context: Context<'m>) {
        walk::expressions(body).iter().for_each(|found| (self.see)(found, context));
    }

    fn expr(&mut self, expr: &Expr, context: Context<'m>) {
        (self.see)(&Found { expr: expr.clone(), iterators: Vec::new() }, context);
    }
}
