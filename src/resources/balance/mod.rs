//! The balance family: load balancers, their listeners and rules, and the targets behind them.

use super::any::{AnyData, AnyResource, Registry};

/// The family's resource types.
pub fn resources(_all: &mut Registry<dyn AnyResource>) {}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}
