//! The drift job's outside: the memory that it keeps between runs, and those who hear of what changed. The forms are in
//! `report::drift`, and what is news is in `drift::memory`; here are the places, the recipients and the calls.

mod bucket;
mod permissions;
mod place;
mod send;
mod sns;
mod store;
mod target;
mod web;

pub use permissions::statements;
pub use place::{Place, division, layout_key, place_of, run_of_environment};
pub use send::{Sender, Update};
pub use store::{Kept, Store};
pub use target::{Address, Target, Topic};
