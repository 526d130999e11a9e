//! One model of the network: who reaches whom.

pub mod space;
