//! Keeps the released program small where the linker can: functions that are alike are kept once, and unwind tables,
//! which nothing reads in a program that stops at a panic, are left out. This takes a fifth off
//! the file. Other systems and linkers build the same program, only larger.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let lld = is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_ENV", "gnu");
    if !(lld && is("PROFILE", "release")) {
        return;
    }
    let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let script = Path::new(&folder).join("link/no-unwind-tables.ld");
    println!("cargo:rerun-if-changed={}", script.display());
    for argument in ["--icf=all", "--no-eh-frame-hdr", &format!("-T{}", script.display())] {
        println!("cargo:rustc-link-arg-bins=-Wl,{argument}");
    }
}
