//! Pull requests on GitHub and merge requests on GitLab: a comment, a commit status and remarks on lines, through the
//! few routes of their REST interfaces that this takes. The HTTP client is that of `aws`.

mod answers;
mod checks;
mod client;
mod comment;
mod files;
mod job;
mod marker;
mod status;

pub use answers::Failure;
pub use checks::{Level, Remark};
pub use client::Client;
pub use comment::Posted;
pub use files::{append, event};
pub use job::{Job, Service, bases, fork, head};
pub use marker::{Run, context, name};
pub use status::State;
