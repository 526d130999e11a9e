//! The edge family: WAF and Shield, in front of what a layout shows to the Internet.

use super::any::{AnyData, AnyResource, Registry};

/// The family's resource types.
pub fn resources(_all: &mut Registry<dyn AnyResource>) {}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}
