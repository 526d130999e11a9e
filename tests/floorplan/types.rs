//! What a test of resource types needs: an account in a sandbox of its own, and objects that are made,
//! observed, changed and deleted as the engine does it, without the engine.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use floorplan::aws::{Aws, Error, ProviderSettings, connect};
use floorplan::resources::permissions::{Named, Scope, declared, of_arguments, of_data, of_resource};
use floorplan::resources::{AnyResource, Observed, Progress, ProgressReporter, Token, Which, data_sources, registry};
use floorplan::schema::equal::{Origin, differs};
use floorplan::schema::rows::Recover;
use floorplan::schema::{Attribute, Attrs, Change, Mode, Nesting, Schema};
use floorplan::value::convert::convert;
use floorplan::value::{Type, Value};
use serde_json::Value as Json;
use tokio::runtime::Runtime;

use crate::iam;
use crate::support::{REGION, World};

/// How long what a change goes on with is waited for.
const LIMIT: Duration = Duration::from_secs(60);
/// How often an object is looked at before it must be ready or gone, a tenth of a second apart.
const LOOKS: usize = 100;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// An account of AWS that nobody else uses.
pub struct Account {
    /// The sandbox that it is in, for a look that does not go through the program.
    pub world: World,
    /// The way to it.
    pub aws: Aws,
}

impl Account {
    /// A fresh one.
    pub fn start() -> Self {
        let world = World::start();
        let settings = ProviderSettings {
            region: Some(REGION.into()),
            access_key: Some("sandbox".into()),
            secret_key: Some("sandbox".into()),
            endpoint_url: Some(world.server().endpoint.clone()),
            ..ProviderSettings::default()
        };
        let aws = RUNTIME.block_on(connect(&settings)).expect("the sandbox knows everybody");
        Account { world, aws }
    }

    /// Makes an object as the engine does: the call that makes it, a look, an update of what still
    /// differs, and a look that must find no difference. Also checks that it would be found again
    /// had the answer been lost.
    #[track_caller]
    pub fn make(&self, type_name: &str, config: Json) -> Object<'_> {
        let resource = &**registry().get(type_name).expect("a known type");
        let token = Token(format!("token-{:0>30}", self.world.calls().len()));
        let want = resource.schema().named(wanted(resource.schema(), &config), &token.0);
        let created =
            self.within(type_name, Verb::Create, || RUNTIME.block_on(resource.create(&self.aws, &want, &token)));
        let id = created.expect("it is made");
        let mut object = Object { account: self, resource, id, want, live: Attrs::default() };
        object.live = object.observe().expect("it is there").attrs;
        let schema = resource.schema();
        let unset = schema.unset_by_create.map(|unset| unset(&object.want)).unwrap_or_default();
        let unset = unset.into_iter().filter(|name| object.want.is_set(name)).collect();
        object.settle(Attrs::default(), unset, true).expect("what create left out is set");
        object.is_found_again(&token);
        object
    }

    /// The error of the call that would make an object, or its id.
    pub fn try_make(&self, type_name: &str, config: Json) -> Result<String, Error> {
        let resource = &**registry().get(type_name).expect("a known type");
        let token = Token("token-of-somebody-else-altogether".into());
        let want = resource.schema().named(wanted(resource.schema(), &config), &token.0);
        self.within(type_name, Verb::Create, || RUNTIME.block_on(resource.create(&self.aws, &want, &token)))
    }

    /// The same account in another region.
    pub fn in_region(self, region: &str) -> Self {
        Account { aws: self.aws.for_region(region), ..self }
    }

    /// What a data source says.
    #[track_caller]
    pub fn data(&self, type_name: &str, config: Json) -> Attrs {
        self.try_data(type_name, config).expect("it is found")
    }

    /// The same, or why it says nothing.
    pub fn try_data(&self, type_name: &str, config: Json) -> Result<Attrs, Error> {
        let source = data_sources().get(type_name).expect("a known data source");
        let config = wanted(source.schema(), &config);
        let by_argument = of_arguments(&format!("data.{type_name}"), Scope::Read, |_| true);
        self.allowed(type_name, &of_data(type_name) | &by_argument, || {
            RUNTIME.block_on(source.read(&self.aws, &config))
        })
    }

    /// An object of a type as an import finds it, by these arguments.
    #[track_caller]
    pub fn import(&self, type_name: &str, by: &[(&str, &str)]) -> Observed {
        let resource = registry().get(type_name).expect("a known type");
        let key: Attrs = by.iter().map(|(name, value)| (*name, Value::from(*value))).collect();
        let look = || RUNTIME.block_on(resource.describe(&self.aws, Which::NaturalKey(&key)));
        let mut found = self.within(type_name, Verb::Create, look).expect("a list");
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    /// The objects of a type with these ids.
    pub fn describe(&self, type_name: &str, ids: &[String]) -> Vec<Observed> {
        let resource = registry().get(type_name).expect("a known type");
        let look = || RUNTIME.block_on(resource.describe(&self.aws, Which::Ids(ids)));
        self.within(type_name, Verb::Read, look).expect("a list")
    }

    /// Does something to an object of a type. The type must name the action of each call that is made.
    #[track_caller]
    fn within<T>(&self, type_name: &str, verb: Verb, work: impl FnOnce() -> T) -> T {
        self.allowed(type_name, verb.actions(type_name), work)
    }

    #[track_caller]
    fn allowed<T>(&self, type_name: &str, allowed: BTreeSet<&str>, work: impl FnOnce() -> T) -> T {
        let before = self.world.calls().len();
        let done = work();
        let made: Vec<_> = self.world.calls().into_iter().skip(before).collect();
        let more: Vec<String> = iam::of_calls(&made).into_iter().filter(|a| !allowed.contains(a.as_str())).collect();
        assert_eq!(more, [""; 0], "{type_name} does not name these actions; it names {allowed:?}");
        done
    }
}

/// What is done to an object.
#[derive(Debug, Clone, Copy)]
enum Verb {
    Read,
    Create,
    Update,
    Delete,
}

impl Verb {
    /// The actions that the type names for it. Everything begins and ends with a look.
    fn actions(self, type_name: &str) -> BTreeSet<&'static str> {
        let own = declared(type_name).expect("a known type");
        let scope = if matches!(self, Verb::Read) { Scope::Read } else { Scope::Write };
        let more: Named = match self {
            Verb::Read => &[],
            Verb::Create => own.create,
            Verb::Update => own.update,
            Verb::Delete => own.delete,
        };
        // What the engine does for all types, such as tags of objects of EC2.
        let named: BTreeSet<&str> =
            [own.read, own.create, own.update, own.delete].into_iter().flatten().copied().collect();
        let engine = of_resource(type_name, Scope::Write).into_iter().filter(|action| !named.contains(action));
        let engine = engine.filter(|_| !matches!(self, Verb::Read | Verb::Delete));
        own.read.iter().chain(more).copied().chain(engine).chain(of_arguments(type_name, scope, |_| true)).collect()
    }
}

/// An object of an account.
pub struct Object<'a> {
    account: &'a Account,
    resource: &'static dyn AnyResource,
    /// Its id.
    pub id: String,
    want: Attrs,
    /// How it was last seen.
    pub live: Attrs,
}

impl Object<'_> {
    /// Its arguments as they shall be from now on, brought about and looked at.
    #[track_caller]
    pub fn change(&mut self, config: Json) {
        self.try_change(config).expect("it is changed");
    }

    /// The same, giving the error of the first round of calls. `again` goes on after one.
    pub fn try_change(&mut self, config: Json) -> Result<(), Error> {
        let schema = self.resource.schema();
        let old = std::mem::replace(&mut self.want, wanted(schema, &config));
        let null = Value::any_null();
        let of = |attrs: &Attrs, name: &str| attrs.get(name).unwrap_or(&null).clone();
        let unseen = |row: &&Attribute| {
            self.live.get(row.name).is_none()
                && !row.write_only
                && differs(row, &of(&self.want, row.name), &of(&old, row.name), Origin::Kept)
        };
        let unseen = schema.attributes.iter().filter(unseen).map(|row| row.name).collect();
        self.settle(old, unseen, false)
    }

    /// Looks at it and does what is left of the last change.
    #[track_caller]
    pub fn again(&mut self) {
        self.live = self.observe().expect("it is there").attrs;
        self.settle(self.want.clone(), Vec::new(), false).expect("the rest is done");
    }

    /// What a plan would change now: nothing, as a rule.
    #[track_caller]
    pub fn drift(&mut self) -> Vec<&'static str> {
        self.live = self.observe().expect("it is there").attrs;
        self.differences()
    }

    /// Deletes it, twice, as a repeated call must do no harm, and checks that it is gone.
    #[track_caller]
    pub fn delete(self) {
        for _ in 0..2 {
            self.try_delete().expect("a delete, also of what is gone, succeeds");
        }
        for _ in 0..LOOKS {
            match self.look() {
                None => return,
                Some(seen) if seen.progress == Progress::Gone => return,
                Some(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
        panic!("{} is still there", self.id);
    }

    /// Deletes it, twice, where AWS keeps something of it.
    #[track_caller]
    pub fn forget(self) {
        for _ in 0..2 {
            self.try_delete().expect("a delete, also of what is gone, succeeds");
        }
    }

    /// The answer of the call that deletes it, which is told all that the state would know of it.
    pub fn try_delete(&self) -> Result<(), Error> {
        let known = self.live.iter().fold(self.want.clone(), |all, (name, value)| all.with(name, value.clone()));
        let delete = || RUNTIME.block_on(self.resource.delete(&self.account.aws, &self.id, &known));
        self.within(Verb::Delete, delete)
    }

    /// The text of an attribute.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        self.live.string(name).unwrap_or_else(|| panic!("{name} in {:?}", self.live))
    }

    #[track_caller]
    fn within<T>(&self, verb: Verb, work: impl FnOnce() -> T) -> T {
        self.account.within(self.resource.schema().name, verb, work)
    }

    fn look(&self) -> Option<Observed> {
        let ids = [self.id.clone()];
        let look = || RUNTIME.block_on(self.resource.describe(&self.account.aws, Which::Ids(&ids)));
        let found = self.within(Verb::Read, look).expect("a list");
        assert!(found.len() < 2, "one id, one object: {found:?}");
        found.into_iter().next()
    }

    fn observe(&self) -> Option<Observed> {
        for _ in 0..LOOKS {
            match self.look()? {
                seen if seen.progress == Progress::Ready => return Some(seen),
                seen => assert!(matches!(seen.progress, Progress::Pending(_)), "{:?}", seen.progress),
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{} is not ready", self.id);
    }

    #[track_caller]
    fn settle(&mut self, stored: Attrs, unseen: Vec<&'static str>, fresh: bool) -> Result<(), Error> {
        let open = [self.differences(), unseen].concat();
        if open.is_empty() {
            return Ok(());
        }
        let before = self.live.iter().fold(stored, |all, (name, value)| all.with(name, value.clone()));
        let change = Change::new(&before, &self.want, open).fresh(fresh);
        let aws = &self.account.aws;
        let update = || RUNTIME.block_on(self.resource.update(aws, &self.id, change));
        if let Some(id) = self.within(Verb::Update, update)? {
            self.id = id;
        }
        let (progress, _told) = ProgressReporter::new();
        let waits = self.resource.wait(aws, &self.id, Some(&before), &self.want, LIMIT, &progress);
        self.within(Verb::Update, || RUNTIME.block_on(waits)).expect("what is waited for comes");
        self.live = self.observe().expect("it is there").attrs;
        let left = self.differences();
        assert!(left.is_empty(), "still different: {left:?}\nwant {:?}\nlive {:?}", self.want, self.live);
        Ok(())
    }

    fn differences(&self) -> Vec<&'static str> {
        let differs = |row: &&Attribute| {
            let (Some(want), Some(live)) = (self.want.get(row.name), self.live.get(row.name)) else { return false };
            differs(row, want, live, Origin::Aws)
                && !self.resource.schema().leaves_to_aws(row.name, &self.want, &self.live)
        };
        self.resource.schema().attributes.iter().filter(differs).map(|row| row.name).collect()
    }

    #[track_caller]
    fn is_found_again(&self, token: &Token) {
        let aws = &self.account.aws;
        let look = |which| self.within(Verb::Create, || RUNTIME.block_on(self.resource.describe(aws, which)));
        let found = match self.resource.schema().recover {
            Recover::TokenTag => look(Which::Token(token)),
            Recover::Key => look(Which::NaturalKey(&self.want)),
            Recover::ClientToken => {
                let id = RUNTIME.block_on(self.resource.create(aws, &self.want, token)).expect("the same again");
                assert_eq!(id, self.id, "the same token gives the same object");
                return;
            }
        };
        let ids: Vec<String> = found.expect("a list").into_iter().map(|seen| seen.id).collect();
        assert_eq!(ids, [self.id.as_str()], "found again after a lost answer");
    }
}

/// All arguments of a new object: as given, else the default or what a new one starts with.
fn wanted(schema: &Schema, config: &Json) -> Attrs {
    for name in config.as_object().expect("arguments").keys() {
        let row = schema.attribute(name).unwrap_or_else(|| panic!("{} has no {name}", schema.name));
        assert!(row.is_argument(), "{name} is computed");
    }
    let value = |row: &Attribute| {
        if row.name == "tags_all" {
            let tags = config.get("tags").map_or(Value::map(Type::String, Default::default()), value_of);
            return Some(convert(&tags, &row.ty).expect("tags are texts"));
        }
        argument(row, config.get(row.name))
    };
    let want: Attrs = schema.attributes.iter().filter_map(|row| Some((row.name, value(row)?))).collect();
    let wrong = schema.check.map(|check| check(&want)).unwrap_or_default();
    assert!(wrong.is_empty(), "{wrong:?}");
    want
}

/// The value of one argument; none where AWS chooses.
fn argument(row: &Attribute, given: Option<&Json>) -> Option<Value> {
    if let Some(given) = given.filter(|given| !given.is_null()) {
        let value = match &row.block {
            Some(block) => {
                let object = |each: &Json| {
                    let inner = |r: &Attribute| argument(r, each.get(r.name)).unwrap_or(Value::null(r.ty.clone()));
                    Value::object(block.attributes.iter().map(|r| (r.name, inner(r))))
                };
                match (block.nesting, given.as_array()) {
                    (Nesting::Single, _) => object(given),
                    (_, all) => {
                        let all = all.map_or(std::slice::from_ref(given), Vec::as_slice);
                        convert(&Value::tuple(all.iter().map(object).collect()), &row.ty).expect("blocks")
                    }
                }
            }
            None => convert(&value_of(given), &row.ty).unwrap_or_else(|e| panic!("{}: {e:?}", row.name)),
        };
        if let Some(Err(message)) = row.check.map(|check| check(&value)) {
            panic!("{}: {message}", row.name);
        }
        return Some(value);
    }
    match row.mode {
        Mode::Computed => None,
        Mode::OptionalComputed => row.initial.clone(),
        _ => Some(row.default.clone().unwrap_or_else(|| Value::null(row.ty.clone()))),
    }
}

fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::any_null(),
        Json::Bool(b) => (*b).into(),
        Json::Number(n) => n.as_i64().expect("a whole number").into(),
        Json::String(s) => s.into(),
        Json::Array(all) => Value::tuple(all.iter().map(value_of).collect()),
        Json::Object(all) => Value::object(all.iter().map(|(k, v)| (k.as_str(), value_of(v)))),
    }
}
