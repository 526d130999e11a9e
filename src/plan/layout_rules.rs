//! Rules over several instances of a layout, such as subnets that overlap: the instances are
//! gathered here, the rules are in `resource::layout_checks`.

use super::planner::Planner;

/// Finds what is wrong between instances.
pub(super) fn check(_p: &mut Planner<'_, '_>) {}
