//! The Resource Access Manager family: what is shared with other accounts, and with whom.

pub(super) mod allowed;
mod association;
mod share;

use super::any::{AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<association::AwsRamPrincipalAssociation>(all);
    add::<association::AwsRamResourceAssociation>(all);
    add::<share::AwsRamResourceShare>(all);
}
