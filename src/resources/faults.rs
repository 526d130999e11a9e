//! Checks over several arguments, as tables: when something is wrong, with which argument, and why.

/// `when => argument, why;` for each fault. The texts are made only where the fault is there.
macro_rules! faults {
    ($($when:expr => $name:expr, $why:expr;)*) => {{
        let mut wrong = $crate::schema::checks::Faults::new();
        $(if $when {
            wrong.push(($name, $why.into()));
        })*
        wrong
    }};
}
pub(super) use faults;
