//! The integration tests: one binary, because each that links the AWS SDK is large.

mod bench;
mod network;
mod sandbox;
mod support;
