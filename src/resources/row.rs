//! One row of a type or of a block of one: what the language accepts, and how AWS answers it.

use crate::schema::equal::is_empty;
use crate::schema::normal::Normal;
use crate::schema::rows::Block;
use crate::schema::{Attribute, Attrs, Mode, Nesting};
use crate::value::{Type, Value};
use std::sync::Arc;

/// One row and how it is read back.
pub struct A<L> {
    /// The row.
    pub row: Attribute,
    /// From the live object; `None` keeps what the state or the layout says, and so does an unknown
    /// value, which says that AWS was not asked.
    pub read: Option<fn(&L) -> Value>,
}

/// A row that is not read by itself: of a nested block, or what a data source is asked with.
pub type Row = A<()>;

impl<L> A<L> {
    /// A row of any type. For AWS an empty text, no elements and false are nothing; zero is a number.
    pub fn of(name: &'static str, ty: Type) -> Self {
        let empty_is_null = !matches!(ty, Type::Number | Type::Dynamic);
        A { row: Attribute { empty_is_null, ..Attribute::new(name, ty) }, read: None }
    }

    /// A string.
    pub fn string(name: &'static str) -> Self {
        A::of(name, Type::String)
    }

    /// A number.
    pub fn number(name: &'static str) -> Self {
        A::of(name, Type::Number)
    }

    /// A bool, null when left out.
    pub fn bool(name: &'static str) -> Self {
        A::of(name, Type::Bool)
    }

    /// A set of strings.
    pub fn string_set(name: &'static str) -> Self {
        A::of(name, Type::set(Type::String))
    }

    /// A list of strings.
    pub fn string_list(name: &'static str) -> Self {
        A::of(name, Type::list(Type::String))
    }

    /// A nested block.
    pub fn block(name: &'static str, nesting: Nesting, rows: Vec<Attribute>) -> Self {
        let object = crate::schema::rows::object_type(&rows);
        let ty = match nesting {
            Nesting::Single => object,
            Nesting::List => Type::list(object),
            Nesting::Set => Type::set(object),
        };
        let mut a = A::of(name, ty);
        a.row.block =
            Some(Block { nesting, attributes: Arc::new(rows), min: 0, max: None, as_attribute: false, each: None });
        a
    }

    /// A nested block that can be there once.
    pub fn optional_block(name: &'static str, rows: Vec<Attribute>) -> Self {
        A::block(name, Nesting::List, rows).count(0, Some(1))
    }

    /// The two rows for tags: `tags` from the layout, `tags_all` with the provider's default tags.
    /// `read` gives all tags of the object (see `resources::tags`).
    pub fn tags(read: fn(&L) -> Value) -> [Self; 2] {
        let map = || Type::map(Type::String);
        [A::of("tags", map()), A::of("tags_all", map()).computed().read(read)]
    }

    /// The layout must give it.
    pub fn required(mut self) -> Self {
        self.row.mode = Mode::Required;
        self
    }

    /// Only AWS gives it, and all that is in it.
    pub fn computed(mut self) -> Self {
        self.row = answered(self.row);
        self
    }

    /// The layout may give it, else AWS chooses.
    pub fn optional_computed(mut self) -> Self {
        self.row.mode = Mode::OptionalComputed;
        self
    }

    /// What it is when the layout leaves it out. Null means this value, so null and the empty value are the same only if it
    /// is empty.
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.row.empty_is_null = is_empty(&value);
        self.row.default = Some(value);
        self
    }

    /// AWS chooses when the layout leaves it out, but a new object starts with `value`.
    pub fn initial(mut self, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.row.mode = Mode::OptionalComputed;
        self.row.empty_is_null = is_empty(&value);
        self.row.initial = Some(value);
        self
    }

    /// AWS takes nothing and the empty value for one, though it is a number or has a default.
    pub fn empty_is_null(mut self) -> Self {
        self.row.empty_is_null = true;
        self
    }

    /// Null and the empty value differ.
    pub fn strict(mut self) -> Self {
        self.row.empty_is_null = false;
        self
    }

    /// A different value needs a new object.
    pub fn force_new(mut self) -> Self {
        self.row.force_new = true;
        self
    }

    /// Its value must not be shown.
    pub fn sensitive(mut self) -> Self {
        self.row.sensitive = true;
        self
    }

    /// It is another form of these rows, or made from them: sensitive where one of them is.
    pub fn repeats(mut self, rows: &'static [&'static str]) -> Self {
        self.row.repeats = rows;
        self
    }

    /// AWS never gives it back.
    pub fn never_returned(mut self) -> Self {
        self.row.never_returned = true;
        self
    }

    /// Given to create and update, kept nowhere and never compared: a write-only argument.
    pub fn write_only(mut self) -> Self {
        self.row.write_only = true;
        self.row.sensitive = true;
        self
    }

    /// Which spellings mean the same.
    pub fn normal(mut self, normal: Normal) -> Self {
        self.row.normal = normal;
        self
    }

    /// Left out of the layout it stays as AWS has it, though it is not an answer to the provider.
    pub fn stays(self) -> Self {
        self.normal(Normal::UNLESS_GIVEN)
    }

    /// AWS gives it anew when one of these arguments changes in place, unless the layout gives it.
    pub fn follows(mut self, names: &[&'static str]) -> Self {
        self.row.follows.extend(names);
        self
    }

    /// A check of a known value.
    pub fn check(mut self, check: fn(&Value) -> std::result::Result<(), String>) -> Self {
        self.row.check = Some(check);
        self
    }

    /// A check of each of the blocks, reported at its place.
    pub fn each(mut self, check: fn(&Attrs) -> Vec<(&'static str, String)>) -> Self {
        if let Some(block) = &mut self.row.block {
            block.each = Some(check);
        }
        self
    }

    /// Also accepted as an argument with a list of objects.
    pub fn as_attribute(mut self) -> Self {
        if let Some(block) = &mut self.row.block {
            block.as_attribute = true;
        }
        self
    }

    /// How many blocks may and must be given.
    pub fn count(mut self, min: usize, max: Option<usize>) -> Self {
        if let Some(block) = &mut self.row.block {
            block.min = min;
            block.max = max.or(block.max);
        }
        self
    }

    /// How it is read back.
    pub fn read(mut self, read: fn(&L) -> Value) -> Self {
        self.read = Some(read);
        self
    }
}

/// A row that only AWS gives, with all that is in it.
fn answered(mut row: Attribute) -> Attribute {
    row.mode = Mode::Computed;
    row.default = None;
    if let Some(block) = &mut row.block {
        block.attributes = Arc::new(block.attributes.iter().cloned().map(answered).collect());
    }
    row
}

/// Rows for a nested block, which are not read back one by one: builders like [`A`]'s.
pub fn rows(rows: impl IntoIterator<Item = A<()>>) -> Vec<Attribute> {
    unread(rows)
}

/// Rows without how they are read.
pub fn unread<L>(rows: impl IntoIterator<Item = A<L>>) -> Vec<Attribute> {
    let mut all = Vec::new();
    for a in rows {
        all.push(a.row);
    }
    all
}

/// The object that these rows read; a row that is not read is null.
pub fn read_object<L>(rows: Vec<A<L>>, from: &L) -> Value {
    let mut all = Vec::with_capacity(rows.len());
    for a in rows {
        let value = match a.read {
            Some(read) => read(from),
            None => Value::null(a.row.ty),
        };
        all.push((a.row.name, value));
    }
    Value::object(all)
}
