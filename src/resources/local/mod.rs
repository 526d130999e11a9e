//! The types whose objects live in the state alone: random values, keys, times and the like. Nothing
//! outside knows of them, so that nothing is asked and nothing is connected: an object is made from
//! its arguments, a seed and the time, and is gone when the state forgets it.

mod data;
mod file;
mod null_resource;
mod random;
mod terraform_data;
mod time;
mod tls;

pub use data::{Around, data_sources};

use super::spec::A;
use crate::schema::{Attrs, Import, Schema, complete};
use crate::value::Value;
use jiff::Timestamp;
use rand::SeedableRng;
use rand::rngs::StdRng;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

/// A row of such a type.
type Row = A<()>;
/// Values by the names of their rows.
type Values = Vec<(&'static str, Value)>;

/// What a new object is made from besides its arguments.
pub struct Given {
    /// The time.
    pub now: Timestamp,
    /// Fit for secrets, if its seed was.
    pub random: StdRng,
    /// The directory of the layout, absolute.
    pub dir: PathBuf,
}

impl Given {
    /// The randomness of one object among all that `seed` serves.
    pub fn new(now: Timestamp, seed: &[u8], object: &str) -> Self {
        let seed = Sha256::new().chain_update(seed).chain_update(object).finalize();
        Given { now, random: StdRng::from_seed(seed.into()), dir: PathBuf::new() }
    }

    /// The same for the layout in a directory.
    pub fn within(self, dir: impl Into<PathBuf>) -> Self {
        Given { dir: dir.into(), ..self }
    }
}

/// A type whose objects live in the state alone.
pub struct Local {
    /// The rows and rules. What `Schema::derive` gives need not be made.
    pub schema: Schema,
    /// What an object with these attributes still lacks.
    make: fn(&Attrs, &mut Given) -> Result<Values, String>,
    delays: [fn(&Attrs) -> Option<Duration>; 2],
    ends: fn(&Attrs) -> Option<Timestamp>,
    is_gone: fn(&Attrs, &Path) -> bool,
    remove: fn(&Attrs, &Path) -> Result<(), String>,
}

impl Local {
    /// A type with this name and these rows; `id` is a row of every type and need not be given.
    /// Without more: not importable, and there until it is destroyed.
    fn new(
        name: &'static str,
        rows: impl IntoIterator<Item = Row>,
        make: fn(&Attrs, &mut Given) -> Result<Values, String>,
    ) -> Self {
        let rows = rows.into_iter().chain([Row::string("id").computed()]).map(|a| a.strict().row).collect();
        let schema = Schema { import: Import::Never, ..Schema::new(name, rows) };
        Local { schema, make, delays: [|_| None; 2], ends: |_| None, is_gone: |_, _| false, remove: |_, _| Ok(()) }
    }

    /// How it is imported, and what an import of `form` says of the object.
    fn import(mut self, form: &'static str, parse: fn(&str) -> Option<Values>) -> Self {
        self.schema.import = Import::Key { form, parse };
        self
    }

    /// Attributes that follow from the others.
    fn derive(mut self, derive: fn(&Attrs) -> Values) -> Self {
        self.schema.derive = Some(derive);
        self
    }

    /// A check over the whole resource.
    fn check(mut self, check: fn(&Attrs) -> Vec<(&'static str, String)>) -> Self {
        self.schema.check = Some(check);
        self
    }

    /// How long to wait before an object is made, and before it goes.
    fn waits(mut self, delays: [fn(&Attrs) -> Option<Duration>; 2]) -> Self {
        self.delays = delays;
        self
    }

    /// When an object ends by itself.
    fn until(mut self, ends: fn(&Attrs) -> Option<Timestamp>) -> Self {
        self.ends = ends;
        self
    }

    /// An object that is a file: whether it is as it was made, and how it is removed.
    fn file(mut self, is_gone: fn(&Attrs, &Path) -> bool, remove: fn(&Attrs, &Path) -> Result<(), String>) -> Self {
        (self.is_gone, self.remove) = (is_gone, remove);
        self
    }

    /// The whole object with these arguments.
    pub fn made(&self, want: &Attrs, given: &mut Given) -> Result<Attrs, String> {
        let made = (self.make)(want, given)?;
        let all = made.into_iter().fold(want.clone(), |all, (name, value)| all.with(name, value));
        Ok(self.whole(all))
    }

    /// The object with all that follows from its attributes.
    pub fn whole(&self, attrs: Attrs) -> Attrs {
        complete(&self.schema, &self.schema.derived(attrs))
    }

    /// The object that an import at `address` names. The same each time, so that a plan stays the same.
    pub fn imported(&self, address: &str, text: &str) -> Result<Attrs, String> {
        let name = self.schema.name;
        let Import::Key { form, parse } = self.schema.import else {
            return Err(format!("{name} cannot be imported"));
        };
        let reported = parse(text).ok_or_else(|| format!("{name} is imported by {form}"))?;
        let defaults = self.schema.attributes.iter().filter_map(|row| Some((row.name, row.default.clone()?)));
        let reported: Attrs = defaults.chain(reported).collect();
        self.made(&reported, &mut Given::new(Timestamp::UNIX_EPOCH, address.as_bytes(), text))
    }

    /// How long to wait before the object is made.
    pub fn create_delay(&self, want: &Attrs) -> Option<Duration> {
        self.delays[0](want)
    }

    /// How long to wait before the object goes.
    pub fn destroy_delay(&self, last: &Attrs) -> Option<Duration> {
        self.delays[1](last)
    }

    /// Whether the object is over by now, or gone from the disk, for the layout in `dir`.
    pub fn is_over(&self, attrs: &Attrs, now: Timestamp, dir: &Path) -> bool {
        (self.ends)(attrs).is_some_and(|end| end < now) || (self.is_gone)(attrs, dir)
    }

    /// Takes away what the object has on the disk.
    pub fn remove(&self, last: &Attrs, dir: &Path) -> Result<(), String> {
        (self.remove)(last, dir)
    }
}

/// All such types by name.
pub fn types() -> &'static BTreeMap<&'static str, Local> {
    static ALL: LazyLock<BTreeMap<&'static str, Local>> = LazyLock::new(|| {
        let own = [terraform_data::local(), null_resource::local()];
        let all = own.into_iter().chain(random::types()).chain(time::types()).chain(tls::types()).chain(file::types());
        all.map(|local| (local.schema.name, local)).collect()
    });
    &ALL
}

/// A map of texts of which a change needs a new object.
fn keepers(name: &'static str) -> Row {
    Row::of(name, crate::value::Type::map(crate::value::Type::String)).force_new()
}

/// The most random characters, bytes or elements of one object.
const MOST_RANDOM: i64 = 100_000;

/// How many characters or bytes are made.
fn length(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(n) if n > MOST_RANDOM => Err(format!("{n} is too large; expected {MOST_RANDOM} or less")),
        _ => positive(value),
    }
}

/// At least 1.
fn positive(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(n) if n < 1 => Err(format!("{n} is too small; expected 1 or more")),
        Some(_) => Ok(()),
        None if value.is_null() => Ok(()),
        None => Err("expected a whole number".into()),
    }
}

/// The whole number `name`.
fn whole(attrs: &Attrs, name: &str) -> Option<i64> {
    attrs.get(name).and_then(Value::as_i64)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
