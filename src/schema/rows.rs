//! The static specification of a resource type or data source: what the language accepts, what the
//! plan compares, what `floorplan schema` prints. One row per argument.

use super::Attrs;
use super::composite::Composite;
use super::naming::Naming;
use super::normal::Normal;
use super::role::Role;
use crate::value::{Type, Value};
use std::sync::Arc;
use std::time::Duration;

/// Who sets an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The layout must.
    Required,
    /// The layout may; without it, it is null or its default.
    Optional,
    /// The layout may; without it AWS chooses, and what AWS chose is not a difference.
    OptionalComputed,
    /// Only AWS.
    Computed,
}

/// How a nested block repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// Exactly one object or null. A block of at most one is a list, as in Terraform.
    Single,
    /// In order.
    List,
    /// Order and repetition mean nothing.
    Set,
}

/// One argument, nested block or computed attribute.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The name that the layout uses.
    pub name: &'static str,
    /// The type of its value; for a block the object, or the list or set of objects.
    pub ty: Type,
    /// Who sets it.
    pub mode: Mode,
    /// Its value when the layout leaves it out: with `Mode::Optional`, and in blocks that are attributes as well.
    pub default: Option<Value>,
    /// With `Mode::OptionalComputed`: what a new object gets when the layout leaves it out.
    pub initial: Option<Value>,
    /// Whether a different value needs a new object.
    pub force_new: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// The rows that this one repeats in another form or is made from: where one of them is sensitive, so is
    /// this.
    pub repeats: &'static [&'static str],
    /// Whether AWS never gives it back, so that only the layout's changes count.
    pub never_returned: bool,
    /// Whether it is read from what AWS answers about an object.
    pub is_read: bool,
    /// Whether it is given to create and update but kept nowhere and never compared: Terraform's
    /// write-only arguments: the version beside them says when they change.
    pub write_only: bool,
    /// Whether AWS takes nothing and the empty value (`""`, 0, false, no elements) for one.
    pub empty_is_null: bool,
    /// Which spellings of its value mean the same.
    pub normal: Normal,
    /// When one of these arguments is changed in place, AWS sets this one anew, unless the layout gives it.
    pub follows: Vec<&'static str>,
    /// A check of a known value that needs no AWS; says what is wrong and what was expected.
    pub check: Option<fn(&Value) -> Result<(), String>>,
    /// The rows of a nested block.
    pub block: Option<Block>,
}

/// The content of a nested block.
#[derive(Debug, Clone)]
pub struct Block {
    /// How it repeats.
    pub nesting: Nesting,
    /// Its rows.
    pub attributes: Arc<Vec<Attribute>>,
    /// How many must be given.
    pub min: usize,
    /// How many may be given.
    pub max: Option<usize>,
    /// Whether the language also takes it as an argument: `ingress = []`.
    pub as_attribute: bool,
    /// A check of one block beyond the checks of its rows. Parts of the block may be unknown. Gives the argument at fault
    /// and the message.
    pub each: Option<fn(&Attrs) -> Vec<(&'static str, String)>>,
}

impl Block {
    /// Whether there are blocks in it.
    pub fn has_blocks(&self) -> bool {
        self.attributes.iter().any(|row| row.block.is_some())
    }

    /// Whether it can be there only once.
    pub fn is_single(&self) -> bool {
        self.nesting == Nesting::Single || self.max == Some(1)
    }
}

/// The id of an existing object on `floorplan import ADDRESS ID` and in an `import` block.
#[derive(Debug, Clone, Copy)]
pub enum Import {
    /// The object's own id.
    Id,
    /// Something else; `form` is shown to the user, such as `SUBNETID/ROUTETABLEID`; `parse` gives
    /// the arguments that `Which::Like` finds it by, or `None` when the text has another form.
    Key {
        /// The form as shown.
        form: &'static str,
        /// Text to arguments.
        parse: fn(&str) -> Option<Vec<(&'static str, Value)>>,
    },
    /// The object's own id, which is made of its arguments.
    Composite(&'static Composite),
    /// Not importable, as it exists only in the state.
    Never,
}

impl Import {
    /// What is written for an object, where that is something else than an id of AWS.
    pub fn form(&self) -> Option<String> {
        match self {
            Import::Key { form, .. } => Some((*form).to_owned()),
            Import::Composite(key) => Some(key.form()),
            Import::Id | Import::Never => None,
        }
    }

    /// The arguments in such a text; none where it has another form.
    pub fn parse(&self, text: &str) -> Option<Attrs> {
        match self {
            Import::Key { parse, .. } => Some(parse(text)?.into_iter().collect()),
            Import::Composite(key) => key.parse(text),
            Import::Id | Import::Never => None,
        }
    }
}

/// How the object of a create whose answer was lost is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recover {
    /// The API takes a client token: the same call again gives the same object.
    ClientToken,
    /// By the token tag given at creation.
    TokenTag,
    /// By its natural key: `Which::Like` with the wanted arguments.
    Key,
}

/// How a change in place interrupts what an object does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interruption {
    /// The attribute whose change does it.
    pub attribute: &'static str,
    /// About how long, in seconds.
    pub seconds: u32,
    /// Whether another part takes over meanwhile, and service continues after a short failover.
    pub failover: bool,
}

/// How AWS itself replaces the members of a group, in numbers of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// How many there are.
    pub members: usize,
    /// How many are in service at the worst moment.
    pub least: usize,
    /// How many are made beyond their number at a time.
    pub surge: usize,
}

/// The parts of an object that AWS has only once, whatever the type of the object.
#[derive(Debug, Clone, Copy)]
pub struct Holds {
    /// In words that are alike for all types that can have it. What is unknown is left out.
    pub keys: fn(&Attrs) -> Vec<String>,
    /// Whether it has them as blocks, in which AWS also shows what objects of other types have.
    pub inline: bool,
    /// Whether AWS takes them a second time, so that an object that gives what a block gave is simply made.
    pub twice: bool,
}

/// A resource type or data source without its code.
#[derive(Debug, Clone)]
pub struct Schema {
    /// What its objects are to a service; none of a type that has not said it.
    pub role: Option<Role>,
    /// The type's name, such as `aws_subnet`.
    pub name: &'static str,
    /// Its rows, in the order in which they are documented.
    pub attributes: Vec<Attribute>,
    /// How it is imported.
    pub import: Import,
    /// The id of an object from its arguments, of a type to whose objects Terraform gives ids of another form.
    pub id_from: Option<fn(&Attrs) -> Option<String>>,
    /// How a lost create is found again.
    pub recover: Recover,
    /// The arguments that name an object, where the layout may leave its name to us.
    pub naming: Option<Naming>,
    /// Types whose objects are created before every object of this type and deleted after it,
    /// though no reference says so.
    pub implicit_after: &'static [&'static str],
    /// Whether a deleted object stays for a while, so that its end has to be waited for.
    pub wait_for_deletion: bool,
    /// How long one operation may take when its `timeouts` block says nothing, where that is longer
    /// than for most types.
    pub default_timeout: Option<Duration>,
    /// Arguments that AWS moved away from what is wanted (the first) to what is there (the second)
    /// because the layout left them to it: no difference.
    pub managed_by_aws: Option<fn(&Attrs, &Attrs) -> Vec<&'static str>>,
    /// Arguments that the creation of such an object leaves unset and that cannot be seen, so that
    /// comparing does not find them: set by an update right after.
    pub unset_by_create: Option<fn(&Attrs) -> Vec<&'static str>>,
    /// Arguments that the layout, given here, leaves out and that stay as the last apply left them: what
    /// others made of them since is taken back, unless an object of `parts` has a share in them.
    pub lasting: Option<fn(&Attrs) -> Vec<&'static str>>,
    /// Types whose objects are parts of one of this type, with the argument that names it.
    pub parts: &'static [(&'static str, &'static str)],
    /// A check that only an object that is about to be made has to pass: an existing one was
    /// made from more than the layout says. Like `check`, which comes before it.
    pub check_new: Option<fn(&Attrs) -> Vec<(&'static str, String)>>,
    /// Why an object as it is cannot be deleted, and what to do about it; known before any call.
    pub undeletable: Option<fn(&Attrs) -> Option<String>>,
    /// Sets of arguments: at most one of each set may be given.
    pub conflicts: &'static [&'static [&'static str]],
    /// Sets of arguments: exactly one of each set must be given.
    pub exactly_one: &'static [&'static [&'static str]],
    /// Attributes whose change, from the first value to the second, needs a new object, though not
    /// every change of them does. Parts of the second may be unknown.
    pub replace_when: Option<fn(&Attrs, &Attrs) -> Vec<&'static str>>,
    /// Computed attributes to which this change in place, from the first to the second, gives a value
    /// that only AWS knows, beyond those that simply follow an argument ([`Attribute::follows`]). Parts of
    /// the second may be unknown.
    pub recomputed: Option<fn(&Attrs, &Attrs) -> Vec<&'static str>>,
    /// Sets of attributes that two objects cannot share, so that a replacement that keeps all of one set
    /// cannot be created before the old object is gone. Without it nobody has said so of the type, and
    /// nothing is created first unless the layout asks for it.
    pub unique: Option<&'static [&'static [&'static str]]>,
    /// The parts of an object that an object of another type can have as well.
    pub holds: Option<Holds>,
    /// Whether objects of this type can exchange among themselves, in one call, what AWS takes only once.
    pub exchanges: bool,
    /// Whether this change in place, from the first to the second, interrupts what the object does.
    pub interrupts: Option<fn(&Attrs, &Attrs) -> Option<Interruption>>,
    /// The interruption that this change in place, from the first to the second, brings about only after the run, in
    /// words.
    pub interrupts_later: Option<fn(&Attrs, &Attrs) -> Option<String>>,
    /// How AWS replaces the members of the object, a group, after this change in place, from the first to
    /// the second.
    pub turnover: Option<fn(&Attrs, &Attrs) -> Option<Turnover>>,
    /// A check over the whole resource that needs no AWS. Parts may be unknown. Gives the argument
    /// at fault and the message.
    pub check: Option<fn(&Attrs) -> Vec<(&'static str, String)>>,
    /// Arguments that earlier versions of Terraform's provider took, each with what became of it. They are taken with a
    /// warning, and change nothing.
    pub dropped: &'static [(&'static str, &'static str)],
    /// Attributes that follow from the others of the wanted object. Parts of it may be unknown.
    pub derive: Option<fn(&Attrs) -> Vec<(&'static str, Value)>>,
}

impl Schema {
    /// A type with these rows and no rules, importable by id, recovered by token tag.
    pub fn new(name: &'static str, attributes: Vec<Attribute>) -> Self {
        Schema {
            name,
            attributes,
            role: None,
            import: Import::Id,
            id_from: None,
            recover: Recover::TokenTag,
            naming: None,
            implicit_after: &[],
            wait_for_deletion: false,
            default_timeout: None,
            managed_by_aws: None,
            unset_by_create: None,
            lasting: None,
            parts: &[],
            check_new: None,
            undeletable: None,
            conflicts: &[],
            exactly_one: &[],
            replace_when: None,
            recomputed: None,
            unique: None,
            holds: None,
            exchanges: false,
            interrupts: None,
            interrupts_later: None,
            turnover: None,
            check: None,
            dropped: &[],
            derive: None,
        }
    }

    /// The row `name`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// Whether AWS itself moved the argument away from what is wanted, as the layout allows.
    pub fn leaves_to_aws(&self, name: &str, want: &Attrs, now: &Attrs) -> bool {
        self.managed_by_aws.is_some_and(|left| left(want, now).contains(&name))
    }

    /// The arguments of a new object, with its name.
    pub fn named(&self, want: Attrs, token: &str) -> Attrs {
        match self.naming {
            Some(naming) => naming.complete(want, token),
            None => want,
        }
    }

    /// The wanted object with the attributes that follow from the others.
    pub fn derived(&self, want: Attrs) -> Attrs {
        let follows = self.derive.map(|derive| derive(&want)).unwrap_or_default();
        follows.into_iter().fold(want, |want, (name, value)| want.with(name, value))
    }

    /// The type of an object of this type.
    pub fn object_type(&self) -> Type {
        object_type(&self.attributes)
    }
}

/// The object type that rows make.
pub fn object_type(rows: &[Attribute]) -> Type {
    Type::object(rows.iter().map(|a| (a.name, a.ty.clone())))
}

impl Attribute {
    /// An optional argument of a type.
    pub fn new(name: &'static str, ty: Type) -> Self {
        Attribute {
            name,
            ty,
            mode: Mode::Optional,
            default: None,
            initial: None,
            force_new: false,
            sensitive: false,
            repeats: &[],
            never_returned: false,
            is_read: false,
            empty_is_null: false,
            write_only: false,
            normal: Normal::Exact,
            follows: Vec::new(),
            check: None,
            block: None,
        }
    }

    /// The row as a data source gives it: nothing in it is an argument.
    pub fn answered(self) -> Self {
        let block = self.block.map(|block| Block {
            attributes: Arc::new(block.attributes.iter().cloned().map(Attribute::answered).collect()),
            min: 0,
            max: None,
            as_attribute: false,
            each: None,
            ..block
        });
        Attribute { mode: Mode::Computed, sensitive: self.sensitive, block, ..Attribute::new(self.name, self.ty) }
    }

    /// A value of this row with the mark on what must not be shown, inside blocks too.
    pub fn marked(&self, value: &Value) -> Value {
        let marked = match &self.block {
            Some(block) if block.attributes.iter().any(Attribute::holds_secret) => {
                value.map_objects(&mut |name, inner| match block.attributes.iter().find(|row| row.name == name) {
                    Some(row) => row.marked(inner),
                    None => inner.clone(),
                })
            }
            _ => value.clone(),
        };
        marked.mark(self.sensitive)
    }

    fn holds_secret(&self) -> bool {
        self.sensitive || self.block.iter().any(|b| b.attributes.iter().any(Attribute::holds_secret))
    }

    /// Whether it is a secret that AWS never gives back: all that is ever done with the one of an
    /// existing object is to compare it with the layout's.
    pub fn is_only_compared(&self) -> bool {
        self.sensitive && self.never_returned
    }

    /// Whether the layout may set it.
    pub fn is_argument(&self) -> bool {
        self.mode != Mode::Computed
    }

    /// Whether AWS may choose it.
    pub fn is_computed(&self) -> bool {
        matches!(self.mode, Mode::Computed | Mode::OptionalComputed)
    }
}

/// The rows of all types, without their code.
pub trait Schemas {
    /// A resource type.
    fn resource(&self, type_name: &str) -> Option<&Schema>;
    /// A data source.
    fn data(&self, type_name: &str) -> Option<&Schema>;
    /// The names of all resource types or all data sources, for suggestions.
    fn names(&self, data: bool) -> Vec<&str>;
}
