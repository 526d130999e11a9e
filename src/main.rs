//! The `floorplan` binary.

fn main() {}
