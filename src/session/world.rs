//! The world that functions see: files, the time, random bytes.

use super::seen::Watched;
use super::workspace;
use crate::evaluation::Evaluator;
use crate::lang::budget::Budget;
use crate::lang::config::ModuleNode;
use crate::lang::eval::render_template;
use crate::lang::funcs;
use crate::plan::Seen;
use crate::value::{Name, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// The world that functions see.
pub struct World {
    files: Watched,
    cwd: String,
    now: jiff::Timestamp,
    workspace: String,
}

impl World {
    /// The world of a layout in `dir`.
    pub fn new(dir: &Path) -> Rc<Self> {
        let cwd = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        let cwd = cwd.to_string_lossy().into_owned();
        let files = Watched::new(dir, &cwd);
        Rc::new(World { files, cwd, now: jiff::Timestamp::now(), workspace: workspace::selected(dir) })
    }

    /// The layout's directory, absolute.
    pub fn cwd(&self) -> String {
        self.cwd.clone()
    }

    /// What functions have seen of files so far, by the paths that they gave.
    pub fn seen(&self) -> BTreeMap<String, Seen> {
        self.files.seen()
    }

    /// The values of the layout, before anything is planned.
    pub fn evaluator<'a>(
        &self,
        root: &Arc<ModuleNode>,
        variables: BTreeMap<Name, Value>,
        functions: &'a funcs::Context<'a>,
    ) -> Evaluator<'a> {
        Evaluator::new(root, variables, functions, self.cwd()).in_workspace(self.workspace.clone())
    }

    /// When the command began.
    pub fn now(&self) -> jiff::Timestamp {
        self.now
    }

    /// The functions in this world. While `planning`, those that give something else each time
    /// stay unknown; `planned` is when the plan was made, if that was earlier.
    pub fn functions(self: &Rc<Self>, planning: bool, planned: Option<jiff::Timestamp>) -> Functions {
        let planned = planned.unwrap_or(self.now);
        let world = self.clone();
        let render = move |text: &str, variables: &BTreeMap<Name, Value>, path: &str, budget: &Budget| {
            let inner = context(&world, planning, planned, &no_templates);
            render_template(path, text, variables, &inner, budget).map_err(|all| {
                let text: Vec<String> = all.iter().map(|d| format!("{d}")).collect();
                funcs::FunctionError::new(text.join("\n"))
            })
        };
        Functions { world: self.clone(), planning, planned, render: Box::new(render) }
    }
}

/// The functions in a world.
pub struct Functions {
    world: Rc<World>,
    planning: bool,
    planned: jiff::Timestamp,
    render: Box<funcs::Render<'static>>,
}

impl Functions {
    /// As functions take it.
    pub fn context(&self) -> funcs::Context<'_> {
        context(&self.world, self.planning, self.planned, &*self.render)
    }
}

fn context<'a>(
    world: &'a World,
    planning: bool,
    planned: jiff::Timestamp,
    render: &'a funcs::Render<'a>,
) -> funcs::Context<'a> {
    funcs::Context {
        files: &world.files,
        base_dir: &world.cwd,
        timestamp: world.now,
        plan_timestamp: planned,
        planning,
        random: &|bytes| rand::Rng::fill_bytes(&mut rand::rng(), bytes),
        render,
    }
}

fn no_templates(_: &str, _: &BTreeMap<Name, Value>, _: &str, _: &Budget) -> Result<Value, funcs::FunctionError> {
    Err(funcs::FunctionError::new("a template cannot render another template"))
}
