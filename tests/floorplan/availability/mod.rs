//! What a plan says of service is what is seen: changes under a sampler that asks AWS itself, five times a second, for
//! all that a layout serves, and does not go through the program.

mod authenticated;
mod client;
mod ha_web;
mod interrupted;
mod promised;
mod sampler;
mod scaling;
mod small;
mod tunnels;
