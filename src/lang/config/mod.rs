//! The configuration: a layout's blocks as typed structures, before anything is evaluated.
//!
//! One file per family of blocks; `load` reads a tree of modules, `decode` turns a resource's
//! arguments into a value by its schema, `inputs` gives the root variables their values.
//! Pure: files come in through [`Files`]; nothing here reads the disk, the clock or the environment.

mod call;
mod check;
mod conditions;
mod decode;
mod dropped;
mod early;
mod ephemeral;
#[cfg(test)]
mod fixtures;
mod guards;
pub mod inputs;
mod iterator;
mod layout;
mod lifecycle;
mod links;
mod literal;
pub mod load;
mod merge;
mod module;
mod names;
mod output;
mod provider;
mod provisioner;
mod reader;
mod refactor;
mod resource;
mod rules;
mod settings;
mod shapes;
mod structure;
mod timeouts;
mod type_expr;
mod uses;
mod validate;
mod variable;
pub mod version;
mod walk;

pub use call::{ModuleCall, join};
pub use check::{Check, Condition};
pub use conditions::{Checked, ConditionKind, check_conditions};
pub use decode::decode;
pub use dropped::without_dropped;
pub use early::Early;
pub use ephemeral::{EPHEMERAL, is_ephemeral};
pub use guards::{Guard, GuardAction, GuardEnd, GuardLevel, GuardRule};
pub use layout::{Availability, Layout, Maintenance};
pub use lifecycle::{IgnoreChanges, Lifecycle, Rolling};
pub(crate) use literal::{written_out, written_out_block};
pub use load::{
    Failed, Files, Installed, Loaded, Missing, Place, digest, is_configuration, is_layout, is_root, load, load_against,
    state_blocks,
};
pub(crate) use merge::merged;
pub use module::{Local, Module, ModuleNode, ResourceKey};
pub use names::undeclared;
pub use output::Output;
pub use provider::{Provider, ProviderRef};
pub use provisioner::{Action, Command, Connection, Content, Login, Provisioner, Remote, When, Work};
pub use reader::sentence;
pub use refactor::{Import, Moved, Removed, is_one_object};
pub use resource::Resource;
pub use rules::{check_rules, check_rules_static};
pub use settings::{Backend, RequiredProvider, Settings};
pub use shapes::shaped;
pub use structure::check_static;
pub use timeouts::Timeouts;
pub(crate) use type_expr::constraint;
pub use validate::{Types, validate};
pub use variable::Variable;
pub use walk::references;
