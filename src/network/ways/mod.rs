//! Ways: tables of routes, and the gateways, peerings and transit gateways that routes lead to.

pub(super) mod doors;
pub(super) mod routes;
pub(super) mod services;
pub(super) mod sites;
pub(super) mod tables;
pub(super) mod transit;
