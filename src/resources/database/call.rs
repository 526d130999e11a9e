//! Filling in a call from arguments: RDS has many calls with the same long list of them.

use crate::schema::Attrs;

/// The elements of a list or set, if it has any.
pub fn filled(want: &Attrs, name: &str) -> Option<Vec<String>> {
    Some(want.strings(name)).filter(|all| !all.is_empty())
}

/// A call with each argument set as it is wanted: `setter = how to read "argument"`.
macro_rules! given {
    ($call:expr, $want:expr; $($set:ident = $read:ident $name:literal),* $(,)?) => {
        $call$(.$set($want.$read($name)))*
    };
}

/// Sets the arguments that change in `$call`, and `$sent` if there is any.
macro_rules! changed {
    ($call:ident, $change:ident, $sent:ident; $($set:ident = $read:ident $name:literal),* $(,)?) => {
        $(if $change.take($name).is_some() {
            $call = $call.$set($change.after.$read($name));
            $sent = true;
        })*
    };
}

/// The same for switches, of which null means off.
macro_rules! switched {
    ($call:ident, $change:ident, $sent:ident; $($set:ident = $name:literal),* $(,)?) => {
        $(if let Some(on) = $change.take_bool($name) {
            $call = $call.$set(on);
            $sent = true;
        })*
    };
}

pub(super) use {changed, given, switched};
