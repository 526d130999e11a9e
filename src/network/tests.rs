//! The rules of AWS, one by one, as its documentation has them.

mod build;
mod inside;

use build::*;
