//! The configuration: a layout's blocks as typed structures, before anything is evaluated.
//!
//! One file per family of blocks; `load` reads a tree of modules, `decode` turns a resource's
//! arguments into a value by its schema, `inputs` gives the root variables their values.
//! Pure: files come in through [`Files`]; nothing here reads the disk, the clock or the environment.

mod check;
mod layout;
mod lifecycle;
mod module;
mod output;
mod provider;
mod refactor;
mod resource;
mod settings;
mod variable;

pub use check::{Check, Condition};
pub use layout::{Availability, Layout, Maintenance};
pub use lifecycle::{IgnoreChanges, Lifecycle, Rolling};
pub use module::{Local, Module, ModuleCall, ModuleNode, ResourceKey};
pub use output::Output;
pub use provider::{Provider, ProviderRef};
pub use refactor::{Import, Moved, Removed};
pub use resource::{Resource, Timeouts};
pub use settings::{Backend, RequiredProvider, Settings};
pub use variable::Variable;
