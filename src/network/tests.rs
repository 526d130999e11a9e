//! The rules of AWS, one by one, as its documentation has them.

mod agree;
mod any;
mod build;
mod doubt;
mod exposure;
mod inside;
mod outside;
mod parts;
mod rules;
mod served;
mod unknowns;
mod ways;

use build::*;
