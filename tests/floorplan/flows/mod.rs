//! Who reaches whom while a plan is carried out: changes of a small shop, one for each way in which a flow can break or
//! open without a member going. After each call that changes something, AWS is asked for all that it has, and a packet is
//! followed through it. Neither asks the program.
//!
//! - `shop.tf` is the layout. `world` makes the walker's objects from AWS's answers; `flows` are the questions.
//! - `watch` is between the program and AWS and looks after each call; it lets those calls wait that a case calls slow,
//!   so that steps that nothing keeps in order happen in the worse one.
//! - `case` carries a change out and holds what was seen against what is right. The tables are in the other files.

mod balancers;
mod case;
mod databases;
mod filters;
mod flow;
mod openings;
mod outside;
mod rules;
mod watch;
mod ways;
mod world;
