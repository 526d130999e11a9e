//! The limits of one evaluation. An expression that asks for too much is an error that names it; the machine never
//! runs out of memory.

use crate::value::{Kind, Size, Value};
use std::cell::Cell;
use std::fmt;
use std::sync::OnceLock;

/// Steps for each element that may be made: nodes evaluated and values looked through.
const STEPS_PER_ELEMENT: u64 = 200;
/// Bytes of text that are looked through in the time of one step.
const BYTES_PER_STEP: u64 = 2;
/// Repetitions that are gone through after the first that failed.
const MOST_FAILURES: u32 = 200;

/// The most that one evaluation makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Values, those inside of others included.
    pub elements: u64,
    /// Bytes of text.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { elements: 1_000_000, bytes: 256 << 20 }
    }
}

#[cfg(test)]
mod tests;

static LIMITS: OnceLock<Limits> = OnceLock::new();

impl Limits {
    /// Sets the limits of this process; only the first call counts, and only before an evaluation.
    pub fn choose(self) {
        LIMITS.get_or_init(|| self);
    }

    fn current() -> Self {
        *LIMITS.get_or_init(Limits::default)
    }
}

/// The rest of the limits in one evaluation.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    elements: Cell<u64>,
    bytes: Cell<u64>,
    steps: Cell<u64>,
    failures: Cell<u32>,
    spent: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget::new(Limits::current())
    }
}

impl Budget {
    /// With nothing spent yet.
    pub fn new(limits: Limits) -> Self {
        let none = || Cell::new(0);
        let (failures, spent) = (Cell::new(0), Cell::new(false));
        Budget { limits, elements: none(), bytes: none(), steps: none(), failures, spent }
    }

    /// Whether it was exceeded. From then on everything fails.
    pub fn is_spent(&self) -> bool {
        self.spent.get()
    }

    /// Whether a repetition in which something failed is to be searched for more errors.
    pub fn fail_again(&self) -> bool {
        self.failures.set(self.failures.get().saturating_add(1));
        self.failures.get() < MOST_FAILURES
    }

    /// Counts work.
    pub fn step(&self, steps: u64) -> Result<(), Excess> {
        let done = self.steps.get().saturating_add(steps);
        self.steps.set(done);
        if self.spent.get() || done > self.limits.elements.saturating_mul(STEPS_PER_ELEMENT) {
            return self.fail(Excess::Steps(self.limits.elements));
        }
        Ok(())
    }

    /// Counts looking through all of a value.
    pub fn look(&self, size: Size) -> Result<(), Excess> {
        self.step(u64::from(size.elements) + u64::from(size.bytes) / BYTES_PER_STEP)
    }

    /// Counts new values and new text.
    pub fn make(&self, elements: u64, bytes: u64) -> Result<(), Excess> {
        self.room(elements, bytes)?;
        self.elements.set(self.elements.get() + elements);
        self.bytes.set(self.bytes.get() + bytes);
        Ok(())
    }

    /// Whether so much more can be made.
    pub fn room(&self, elements: u64, bytes: u64) -> Result<(), Excess> {
        let all = self.elements.get().saturating_add(elements);
        if all > self.limits.elements {
            return self.fail(Excess::Elements(all, self.limits.elements));
        }
        let all = self.bytes.get().saturating_add(bytes);
        if all > self.limits.bytes {
            return self.fail(Excess::Bytes(all, self.limits.bytes));
        }
        Ok(())
    }

    /// Counts a new value whose outermost part alone is new, and checks that all of it is not too much.
    pub fn made(&self, value: &Value) -> Result<(), Excess> {
        match value.kind() {
            Kind::String(text) => return self.make(0, count(text.len())),
            Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => self.make(count(vs.len()), 0)?,
            Kind::Map(_, vs) | Kind::Object(vs) => self.make(count(vs.len()), 0)?,
            _ => return Ok(()),
        }
        self.fits(value.size())
    }

    /// Counts a value that is new to its innermost parts.
    pub fn made_throughout(&self, value: &Value) -> Result<(), Excess> {
        let size = value.size();
        self.make(size.elements.into(), size.bytes.into())
    }

    /// Whether a value of this size is not too much in itself.
    pub fn fits(&self, size: Size) -> Result<(), Excess> {
        if u64::from(size.elements) > self.limits.elements {
            return self.fail(Excess::Elements(size.elements.into(), self.limits.elements));
        }
        if u64::from(size.bytes) > self.limits.bytes {
            return self.fail(Excess::Bytes(size.bytes.into(), self.limits.bytes));
        }
        Ok(())
    }

    fn fail(&self, excess: Excess) -> Result<(), Excess> {
        self.spent.set(true);
        Err(excess)
    }
}

/// A length as it is counted.
pub fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// In which way an evaluation is too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// So many values, of so many.
    Elements(u64, u64),
    /// So many bytes of text, of so many.
    Bytes(u64, u64),
    /// Work, in proportion to so many values.
    Steps(u64),
}

impl Excess {
    /// How it is allowed.
    pub fn cure(&self) -> &'static str {
        match self {
            Excess::Bytes(..) => "Make less text at once, or allow more with FLOORPLAN_MAX_BYTES.",
            _ => "Make fewer values at once, or allow more with FLOORPLAN_MAX_ELEMENTS.",
        }
    }
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Elements(many, most) => {
                write!(f, "it would make {many} values or more; one evaluation makes at most {most}")
            }
            Excess::Bytes(many, most) => {
                write!(f, "it would make {many} bytes of text or more; one evaluation makes at most {most}")
            }
            Excess::Steps(most) => {
                write!(f, "it takes more than {} steps of work", most.saturating_mul(STEPS_PER_ELEMENT))
            }
        }
    }
}
