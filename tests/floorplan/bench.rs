//! Resource types against the sandbox without a layout: makes one object, brings it to what is wanted
//! the way the engine does, and takes it away again.

use super::support::{REGION, World};
use floorplan::aws::{Aws, ProviderSettings, connect};
use floorplan::resources::{AnyResource, Observed, Progress, Token, Which, data_sources, registry};
use floorplan::schema::{Attrs, Change, Mode};
use floorplan::value::{Type, Value};
use std::time::Duration;

const TRIES: u32 = 300;

/// The sandbox as the types see it.
pub struct Bench {
    /// The way to the sandbox.
    pub aws: Aws,
    /// The sandbox itself; it ends when this is dropped.
    _world: World,
}

/// One object that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its type.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// As it was last seen.
    pub attrs: Attrs,
}

impl Made {
    /// A text attribute that is there.
    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        self.attrs.str(name).unwrap_or_else(|| panic!("{} has no {name}: {:?}", self.kind, self.attrs))
    }
}

/// Arguments by name.
pub fn args<const N: usize>(entries: [(&'static str, Value); N]) -> Attrs {
    entries.into_iter().collect()
}

/// A map of tags.
pub fn tags<const N: usize>(entries: [(&str, &str); N]) -> Value {
    Value::map(Type::String, entries.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
}

fn of(kind: &str) -> &'static dyn AnyResource {
    registry().get(kind).unwrap_or_else(|| panic!("no type {kind}")).as_ref()
}

/// The arguments with what the type fills in.
fn wanted(kind: &str, given: &Attrs) -> Attrs {
    let mut want = given.clone();
    for row in &of(kind).schema().attributes {
        let filled = row.default.as_ref().or(row.initial.as_ref()).filter(|_| want.get(row.name).is_none());
        if let Some(value) = filled.cloned() {
            want = want.with(row.name, value);
        }
    }
    let tags = want.get("tags").cloned().unwrap_or_else(|| tags([]));
    want.with("tags_all", tags)
}

/// The arguments in which an object is not as wanted.
fn differences(kind: &str, want: &Attrs, seen: &Attrs) -> Vec<&'static str> {
    let rows = of(kind).schema().attributes.iter();
    let differs = rows.filter(|row| {
        let null = Value::null(row.ty.clone());
        let (wanted, seen) = (want.get(row.name), seen.get(row.name));
        let asked = row.name == "tags_all" && seen.is_some() || row.is_argument() && row.name != "id";
        let open = row.is_computed() && wanted.is_none();
        let Some(seen) = seen else { return false };
        asked && !open && !row.normal.same(wanted.unwrap_or(&null), seen)
    });
    differs.map(|row| row.name).collect()
}

impl Bench {
    /// A fresh sandbox.
    pub async fn start() -> Self {
        let world = World::start();
        let settings = ProviderSettings {
            region: Some(REGION.into()),
            access_key: Some("test".into()),
            secret_key: Some("test".into()),
            endpoint_url: Some(world.server().endpoint.clone()),
            ..ProviderSettings::default()
        };
        let aws = connect(&settings).await.expect("the sandbox answers");
        Bench { aws, _world: world }
    }

    /// The object when it is ready; `None` when it is gone.
    pub async fn settled(&self, kind: &'static str, id: &str) -> Option<Observed> {
        for _ in 0..TRIES {
            let ids = [id.to_owned()];
            let found = of(kind).describe(&self.aws, Which::Ids(&ids)).await.expect("it can be described");
            let only = found.into_iter().next()?;
            match &only.progress {
                Progress::Ready => return Some(only),
                Progress::Gone => return None,
                Progress::Failed(reason) => panic!("{kind} {id} failed: {reason}"),
                Progress::Pending(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("{kind} {id} does not get ready")
    }

    /// Makes an object and brings it to what is wanted; it then is, and looks, as wanted.
    pub async fn make(&self, kind: &'static str, given: Attrs) -> Made {
        let token = Token(format!("{kind}-{}", self.aws.calls().writes));
        let token = Token(token.0.chars().rev().take(36).collect());
        let want = wanted(kind, &given);
        let id = of(kind).create(&self.aws, &want, &token).await.unwrap_or_else(|e| panic!("create {kind}: {e}"));
        let made = self.settled(kind, &id).await.unwrap_or_else(|| panic!("{kind} {id} is not there"));
        self.bring(Made { kind, id, attrs: made.attrs }, given).await
    }

    /// Changes an object to what is wanted; it then is, and looks, as wanted.
    pub async fn bring(&self, made: Made, given: Attrs) -> Made {
        let (kind, mut id) = (made.kind, made.id);
        let want = wanted(kind, &given);
        let different = differences(kind, &want, &made.attrs);
        let mut after = made.attrs.clone();
        for (name, value) in want.iter() {
            after = after.with(name, value.clone());
        }
        for row in &of(kind).schema().attributes {
            if row.mode == Mode::Optional && want.get(row.name).is_none() {
                after = after.with(row.name, Value::null(row.ty.clone()));
            }
        }
        for _ in 0..2 {
            if different.is_empty() {
                break;
            }
            let forced = of(kind).schema().attributes.iter().find(|r| r.force_new && different.contains(&r.name));
            assert!(forced.is_none(), "{kind} would need a new object for {different:?}: {:?}", made.attrs);
            let change = Change::new(&made.attrs, &after, different.clone());
            match of(kind).update(&self.aws, &id, change).await {
                // The second time is what happens after a lost answer.
                Ok(Some(new)) => {
                    id = new;
                    break;
                }
                Ok(None) => {}
                Err(e) => panic!("update {kind} ({different:?}): {e}"),
            }
        }
        let seen = self.settled(kind, &id).await.unwrap_or_else(|| panic!("{kind} {id} is not there"));
        assert_eq!(differences(kind, &want, &seen.attrs), Vec::<&str>::new(), "{kind}: {:#?}", seen.attrs);
        Made { kind, id, attrs: seen.attrs }
    }

    /// The one object that agrees with these arguments.
    pub async fn like(&self, kind: &'static str, arguments: Attrs) -> Vec<String> {
        let found = of(kind).describe(&self.aws, Which::NaturalKey(&arguments)).await.expect("it can be described");
        found.into_iter().filter(|o| o.progress != Progress::Gone).map(|o| o.id).collect()
    }

    /// Deletes an object, waits for its end, and deletes it again, which is a success too.
    pub async fn remove(&self, made: &Made) {
        let kind = made.kind;
        of(kind).delete(&self.aws, &made.id, &made.attrs).await.unwrap_or_else(|e| panic!("delete {kind}: {e}"));
        for _ in 0..TRIES {
            if self.listed(made).await.is_none() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(self.listed(made).await.is_none(), "{kind} is still there");
        let again = of(kind).delete(&self.aws, &made.id, &made.attrs).await;
        again.unwrap_or_else(|e| panic!("delete {kind} again: {e}"));
    }

    async fn listed(&self, made: &Made) -> Option<Observed> {
        let ids = [made.id.clone()];
        let found = of(made.kind).describe(&self.aws, Which::Ids(&ids)).await.expect("it can be described");
        found.into_iter().find(|o| o.progress != Progress::Gone)
    }

    /// Reads a data source.
    pub async fn data(&self, kind: &str, config: Attrs) -> Result<Attrs, String> {
        data_sources()[kind].read(&self.aws, &config).await.map_err(|e| e.to_string())
    }
}
