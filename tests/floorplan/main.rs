//! The integration tests: one binary, because each that links the AWS SDK is large.

mod bad_input;
mod balance;
mod bench;
mod calls;
mod cloud_config;
mod compute;
mod edge;
mod identity;
mod layering;
mod layouts;
mod leaks;
mod local;
mod lookups;
mod network;
mod network_acls;
mod resume;
mod roots;
mod sandbox;
mod secrets;
mod security_groups;
mod server;
mod storage;
mod support;
mod types;
mod vpn;
mod watch;
