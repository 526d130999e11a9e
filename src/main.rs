//! The `floorplan` binary.

use std::process::ExitCode;

/// Room for expressions as deep as the parser takes them.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let work = || floorplan::cli::main(std::env::args_os());
    match std::thread::Builder::new().name("main".into()).stack_size(STACK).spawn(work) {
        Ok(thread) => thread.join().unwrap_or(ExitCode::from(101)),
        Err(e) => {
            eprintln!("Cannot start: {e}");
            ExitCode::from(1)
        }
    }
}
