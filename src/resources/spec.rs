//! The parts of a resource type: a specification and four calls. Everything else is derived.

pub use super::row::{A, Row, rows, unread};
use crate::aws::{Aws, Result};
use crate::resources::progress::ProgressReporter;
use crate::schema::composite::Composite;
use crate::schema::naming::Naming;
use crate::schema::role::Role;
use crate::schema::rows::{Holds, Import, Interruption, Recover, Turnover};
use crate::schema::shape::shaped;
use crate::schema::{Attribute, Attrs, Change, Schema, naming};
use crate::value::{Value, shared_name};
use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

/// The token of one create: the client token where the API takes one, and the value of the token
/// tag where it does not. The same for every repetition of the call; at most 36 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(pub String);

/// Which objects `describe` shall give. Objects that do not exist are left out, never an error.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// Those with these ids, any number of them: `describe` splits them over as few calls as AWS
    /// takes (filters of 200 values).
    Ids(&'a [String]),
    /// The one created with this token (only for `Recover::TokenTag`).
    Token(&'a Token),
    /// Those that agree with these arguments in the type's natural key.
    NaturalKey(&'a Attrs),
}

impl Which<'_> {
    /// The ids asked for, of a type whose id is its argument `name` and that has no token.
    pub fn by(self, name: &str) -> Vec<String> {
        match self {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => want.string(name).into_iter().collect(),
        }
    }

    /// The arguments that ids of this form are made of, of each object asked for.
    pub fn keys(self, key: &Composite) -> Vec<Attrs> {
        match self {
            Which::Ids(ids) => ids.iter().filter_map(|id| key.parse(id)).collect(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => vec![want.clone()],
        }
    }

    /// The values of one of these arguments, each once.
    pub fn parts(self, key: &Composite, name: &str) -> Vec<String> {
        let values: BTreeSet<String> = self.keys(key).iter().filter_map(|attrs| attrs.string(name)).collect();
        values.into_iter().collect()
    }
}

/// How far an object is on its way to use or to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// In use.
    Ready,
    /// On its way; the word is AWS's.
    Pending(String),
    /// Deleted, though AWS still lists it.
    Gone,
    /// It will never be ready; the words are AWS's.
    Failed(String),
}

/// A resource type. `Live` is one object as AWS lists it, with all that its attributes are read from.
pub trait Resource: Send + Sync + 'static {
    /// One object as listed.
    type Live: Send + Sync + 'static;

    /// The rows and rules of the type.
    fn spec() -> Spec<Self::Live>;

    /// The objects asked for: as few calls as possible, all pages. Reads only (`aws.read`).
    fn describe(aws: &Aws, which: Which<'_>) -> impl Future<Output = Result<Vec<Self::Live>>> + Send;

    /// The one call that makes the object; gives its id. What this call cannot set is left to
    /// `update`: the engine observes the new object and updates what differs from `want`.
    /// `want` is wholly known; its `tags_all` holds all tags, and its name is there (see [`Spec::named`]).
    fn create(aws: &Aws, want: &Attrs, token: &Token) -> impl Future<Output = Result<String>> + Send;

    /// Brings the changed attributes about; may be repeated after a lost answer. Tags of EC2
    /// objects are handled by the engine before this is called. Without it, nothing else changes in place.
    fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// What keeps an object from being deleted, in words, for a reader who waits for it.
    fn holders(_aws: &Aws, _id: &str) -> impl Future<Output = Result<Vec<String>>> + Send {
        std::future::ready(Ok(Vec::new()))
    }

    /// Waits for what the layout wants beyond an object that is ready, such as members in service, after
    /// a create (`before` is none) or an update; at most for `limit`. Gives whether that may have changed
    /// the object, which is then looked at again.
    fn wait(
        _aws: &Aws,
        _id: &str,
        _before: Option<&Attrs>,
        _want: &Attrs,
        _limit: Duration,
        _tell: &ProgressReporter,
    ) -> impl Future<Output = Result<bool>> + Send {
        std::future::ready(Ok(false))
    }

    /// Deletes the object; one that is gone is a success. `last` is how it was last seen.
    fn delete(aws: &Aws, id: &str, last: &Attrs) -> impl Future<Output = Result<()>> + Send;
}

/// A data source: looks something up, or computes it.
pub trait DataSource: Send + Sync + 'static {
    /// The rows.
    fn schema() -> Schema;

    /// All attributes for a configuration that is wholly known.
    fn read(aws: &Aws, config: &Attrs) -> impl Future<Output = Result<Attrs>> + Send;
}

/// How tags of the type are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagging {
    /// It has none.
    None,
    /// EC2's CreateTags and DeleteTags on the object's id.
    Ec2,
    /// The type's own `update` takes `tags_all`.
    Own,
}

/// The specification of a type.
pub struct Spec<L> {
    /// The rows and rules.
    pub schema: Schema,
    /// How each row is read back, in the order of the rows.
    pub reads: Vec<Option<fn(&L) -> Value>>,
    /// The id of an object.
    pub id: fn(&L) -> Option<String>,
    /// How far an object is.
    pub progress: fn(&L) -> Progress,
    /// How its tags are changed.
    pub tagging: Tagging,
    /// The id that tags hang on, where it is not the object's own.
    pub tag_target: fn(&str) -> String,
}

impl<L> Spec<L> {
    /// A type with this name, id and rows. `id` is a row of every type and need not be given.
    /// Without more: ready at once, importable by id, recovered by token tag.
    pub fn new(name: &'static str, id: fn(&L) -> Option<String>, rows: Vec<A<L>>) -> Self {
        let tagging = if rows.iter().any(|a| a.row.name == "tags_all") { Tagging::Ec2 } else { Tagging::None };
        let mut rows = rows;
        rows.push(A::string("id").computed());
        rows.push(A::string("region").optional_computed().force_new());
        let (mut attributes, mut reads) = (Vec::new(), Vec::new());
        for a in rows {
            attributes.push(Attribute { is_read: a.read.is_some(), ..a.row });
            reads.push(a.read);
        }
        Spec {
            schema: Schema::new(name, attributes),
            reads,
            id,
            progress: |_| Progress::Ready,
            tagging,
            tag_target: str::to_owned,
        }
    }

    /// A type whose id is made of arguments: that is how its objects are imported, found again and distinguished.
    /// `describe` may give more objects than were asked for.
    pub fn composite(name: &'static str, key: &'static Composite, rows: Vec<A<L>>) -> Self {
        let mut spec = Spec::new(name, |_| None, rows).recover(Recover::Key).unique(key.unique());
        spec.schema.import = Import::Composite(key);
        spec
    }

    /// The id of an object.
    pub fn id_of(&self, live: &L) -> Option<String> {
        match self.schema.import {
            Import::Composite(_) => self.read(live).string("id"),
            _ => (self.id)(live),
        }
    }

    /// The ids asked for, where they are made of arguments.
    pub fn asked(&self, which: Which<'_>) -> Option<BTreeSet<String>> {
        match self.schema.import {
            Import::Composite(key) => Some(which.keys(key).iter().filter_map(|attrs| key.id(attrs)).collect()),
            _ => None,
        }
    }

    /// What its objects are to a service.
    pub fn role(mut self, role: Role) -> Self {
        self.schema.role = Some(role);
        self
    }

    /// It has tags, and `read` gives them. Without more they are changed as EC2 changes them.
    pub fn tags(mut self, read: fn(&L) -> Value) -> Self {
        for row in A::tags(read) {
            self.schema.attributes.push(row.row);
            self.reads.push(row.read);
        }
        self.tagging = Tagging::Ec2;
        self
    }

    /// It has tags, `read` gives them, and its own `update` changes them.
    pub fn own_tags(self, read: fn(&L) -> Value) -> Self {
        self.tags(read).tagging(Tagging::Own)
    }

    /// How far an object is on its way.
    pub fn progress(mut self, progress: fn(&L) -> Progress) -> Self {
        self.progress = progress;
        self
    }

    /// It belongs to the account and to no region, and so has no `region` argument.
    pub fn global(mut self) -> Self {
        if let Some(at) = self.schema.attributes.iter().position(|row| row.name == "region") {
            self.schema.attributes.remove(at);
            self.reads.remove(at);
        }
        self
    }

    /// How it is imported.
    pub fn import(mut self, form: &'static str, parse: fn(&str) -> Option<Vec<(&'static str, Value)>>) -> Self {
        self.schema.import = Import::Key { form, parse };
        self
    }

    /// Terraform gives its objects ids of another form: the id from the arguments.
    pub fn id_from(mut self, id: fn(&Attrs) -> Option<String>) -> Self {
        self.schema.id_from = Some(id);
        self
    }

    /// How a lost create is found again.
    pub fn recover(mut self, recover: Recover) -> Self {
        self.schema.recover = recover;
        self
    }

    /// The layout may leave the name to us, wholly or but for its beginning: `create` always finds
    /// `name` in what is wanted, and `prefix` is read back from it.
    pub fn named(self, name: &'static str, prefix: &'static str) -> Self {
        self.named_from(name, prefix, naming::DEFAULT)
    }

    /// The same for a type whose names must begin with something.
    pub fn named_from(mut self, name: &'static str, prefix: &'static str, default: &'static str) -> Self {
        self.schema.naming = Some(Naming { name, prefix, default, fifo: None });
        self
    }

    /// A name that is left to us ends with `.fifo` where this switch is on.
    pub fn fifo(mut self, switch: &'static str) -> Self {
        self.schema.naming = self.schema.naming.map(|naming| Naming { fifo: Some(switch), ..naming });
        self
    }

    /// Its objects are known by `name`, which two of them cannot share, and which the layout may leave to us, wholly
    /// or but for `name_prefix`.
    pub fn by_name(self) -> Self {
        self.by_name_from(naming::DEFAULT)
    }

    /// The same for a type whose names must begin with something.
    pub fn by_name_from(self, default: &'static str) -> Self {
        let named = self.named_from("name", "name_prefix", default);
        named.unique(&[&["name"]]).conflicts(&[&["name", "name_prefix"]])
    }

    /// Types that come before and go after, though no reference says so.
    pub fn implicit_after(mut self, types: &'static [&'static str]) -> Self {
        self.schema.implicit_after = types;
        self
    }

    /// A deleted object stays for a while, and what it needs can go only after it.
    pub fn wait_for_deletion(mut self) -> Self {
        self.schema.wait_for_deletion = true;
        self
    }

    /// How long one operation may take when its `timeouts` block says nothing.
    pub fn default_timeout(mut self, minutes: u64) -> Self {
        self.schema.default_timeout = Some(Duration::from_secs(minutes * 60));
        self
    }

    /// Arguments that AWS moved from what is wanted to what is there because the layout asks it to look
    /// after them.
    pub fn managed_by_aws(mut self, left: fn(&Attrs, &Attrs) -> Vec<&'static str>) -> Self {
        self.schema.managed_by_aws = Some(left);
        self
    }

    /// Arguments that the layout leaves out and that stay as the last apply left them, and the types whose
    /// objects may have a share in them, with the argument that names this one.
    pub fn lasting(
        mut self,
        lasting: fn(&Attrs) -> Vec<&'static str>,
        parts: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.schema.lasting = Some(lasting);
        self.schema.parts = parts;
        self
    }

    /// Arguments that creation leaves unset and that cannot be seen.
    pub fn unset_by_create(mut self, unset: fn(&Attrs) -> Vec<&'static str>) -> Self {
        self.schema.unset_by_create = Some(unset);
        self
    }

    /// A check that only an object that is about to be made has to pass.
    pub fn check_new(mut self, check: fn(&Attrs) -> Vec<(&'static str, String)>) -> Self {
        self.schema.check_new = Some(check);
        self
    }

    /// Why an object as it is cannot be deleted, and what to do about it.
    pub fn undeletable(mut self, why: fn(&Attrs) -> Option<String>) -> Self {
        self.schema.undeletable = Some(why);
        self
    }

    /// Sets of arguments of which at most one may be given.
    pub fn conflicts(mut self, sets: &'static [&'static [&'static str]]) -> Self {
        self.schema.conflicts = sets;
        self
    }

    /// Arguments of earlier versions of Terraform's provider, each with what became of it.
    pub fn dropped(mut self, arguments: &'static [(&'static str, &'static str)]) -> Self {
        self.schema.dropped = arguments;
        self
    }

    /// Sets of arguments of which exactly one must be given.
    pub fn exactly_one(mut self, sets: &'static [&'static [&'static str]]) -> Self {
        self.schema.exactly_one = sets;
        self
    }

    /// Attributes of which this change needs a new object, though not every change of them does.
    pub fn replace_when(mut self, needs: fn(&Attrs, &Attrs) -> Vec<&'static str>) -> Self {
        self.schema.replace_when = Some(needs);
        self
    }

    /// An object gets another id when one of these arguments changes in place.
    pub fn id_follows(mut self, names: &[&'static str]) -> Self {
        self.schema.attributes.iter_mut().filter(|row| row.name == "id").for_each(|row| row.follows.extend(names));
        self
    }

    /// Computed attributes to which this change in place gives a value that only AWS will give, beyond those
    /// that simply follow an argument.
    pub fn recomputed(mut self, of: fn(&Attrs, &Attrs) -> Vec<&'static str>) -> Self {
        self.schema.recomputed = Some(of);
        self
    }

    /// Sets of attributes that two objects cannot share.
    pub fn unique(mut self, sets: &'static [&'static [&'static str]]) -> Self {
        self.schema.unique = Some(sets);
        self
    }

    /// What an object has in AWS that one of another type can have as well.
    pub fn holds(mut self, keys: fn(&Attrs) -> Vec<String>) -> Self {
        self.schema.holds = Some(Holds { keys, inline: false, twice: false });
        self
    }

    /// As `holds`, of what AWS takes a second time.
    pub fn holds_again(mut self, keys: fn(&Attrs) -> Vec<String>) -> Self {
        self.schema.holds = Some(Holds { keys, inline: false, twice: true });
        self
    }

    /// What its blocks have in AWS that an object of another type can have as well.
    pub fn holds_inline(mut self, keys: fn(&Attrs) -> Vec<String>) -> Self {
        self.schema.holds = Some(Holds { keys, inline: true, twice: false });
        self
    }

    /// Objects of this type can exchange among themselves, in one call, what AWS takes only once.
    pub fn exchanges(mut self) -> Self {
        self.schema.exchanges = true;
        self
    }

    /// How AWS replaces the members of the object, a group, after a change in place.
    pub fn turnover(mut self, how: fn(&Attrs, &Attrs) -> Option<Turnover>) -> Self {
        self.schema.turnover = Some(how);
        self
    }

    /// What interruption a change in place brings about after the run.
    pub fn interrupts_later(mut self, how: fn(&Attrs, &Attrs) -> Option<String>) -> Self {
        self.schema.interrupts_later = Some(how);
        self
    }

    /// Whether a change in place interrupts what the object does.
    pub fn interrupts(mut self, how: fn(&Attrs, &Attrs) -> Option<Interruption>) -> Self {
        self.schema.interrupts = Some(how);
        self
    }

    /// Attributes that follow from the others, known before AWS gives them.
    pub fn derive(mut self, derive: fn(&Attrs) -> Vec<(&'static str, Value)>) -> Self {
        self.schema.derive = Some(derive);
        self
    }

    /// A check over the whole resource.
    pub fn check(mut self, check: fn(&Attrs) -> Vec<(&'static str, String)>) -> Self {
        self.schema.check = Some(check);
        self
    }

    /// How its tags are changed.
    pub fn tagging(mut self, tagging: Tagging) -> Self {
        self.tagging = tagging;
        self
    }

    /// The attributes of a live object, without those that are not read back.
    pub fn read(&self, live: &L) -> Attrs {
        let mut reported = Vec::new();
        for (row, read) in self.schema.attributes.iter().zip(&self.reads) {
            reported.extend(read.map(|read| (shared_name(row.name), shaped(row, read(live)))));
        }
        reported.retain(|(_, value)| !value.is_unknown());
        let mut attrs = Attrs::from_iter(reported);
        let id = match self.schema.import {
            Import::Composite(key) => key.id(&attrs),
            _ => (self.id)(live),
        };
        if let Some(id) = id {
            attrs = attrs.with("id", id);
        }
        match self.schema.naming {
            Some(naming) => naming.read(attrs),
            None => attrs,
        }
    }
}
