//! Pull requests on GitHub and merge requests on GitLab: a comment, a commit status and remarks on lines; and issues about
//! drift. Through the few routes of their REST interfaces that this takes. The HTTP client is that of `aws`.

mod answers;
mod checks;
mod client;
mod comment;
mod files;
mod issue;
mod job;
mod marker;
mod status;

pub use answers::{Failure, rate_limit};
pub use checks::{Level, Remark};
pub use client::Client;
pub use comment::Posted;
pub use files::{append, event};
pub use issue::Issues;
pub use job::{Access, Job, Purpose, Read, Service, bases, fork, head};
pub use marker::{Run, context, name};
pub use status::State;
