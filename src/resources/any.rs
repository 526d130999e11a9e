//! The object-safe face of a resource type, implemented once for all of them: what the engine,
//! refresh, import and the tests see.

use super::spec::{DataSource, Progress, Resource, Spec, Tagging, Token, Which};
use crate::aws::{Aws, Error, Result};
use crate::resources::progress::ProgressReporter;
use crate::schema::{Attrs, Change, Schema};
use futures::future::{BoxFuture, FutureExt};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::time::Duration;

/// One object as AWS lists it now.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Its id.
    pub id: String,
    /// The attributes that are read back.
    pub attrs: Attrs,
    /// How far it is on its way.
    pub progress: Progress,
}

/// A resource type, whatever its live object is.
pub trait AnyResource: Send + Sync {
    /// The rows and rules.
    fn schema(&self) -> &Schema;
    /// The objects asked for, see [`Resource::describe`].
    fn describe<'a>(&'a self, aws: &'a Aws, which: Which<'a>) -> BoxFuture<'a, Result<Vec<Observed>>>;
    /// See [`Resource::create`].
    fn create<'a>(&'a self, aws: &'a Aws, want: &'a Attrs, token: &'a Token) -> BoxFuture<'a, Result<String>>;
    /// Tags first, then [`Resource::update`]; an attribute that nobody took is an error. Gives the
    /// new id where AWS gave the object another one, as it does to replaced associations; when that
    /// answer is lost, the object is found by `Which::Like`.
    fn update<'a>(&'a self, aws: &'a Aws, id: &'a str, change: Change<'a>) -> BoxFuture<'a, Result<Option<String>>>;
    /// See [`Resource::wait`].
    fn wait<'a>(
        &'a self,
        aws: &'a Aws,
        id: &'a str,
        before: Option<&'a Attrs>,
        want: &'a Attrs,
        limit: Duration,
        progress: &'a ProgressReporter,
    ) -> BoxFuture<'a, Result<bool>>;
    /// See [`Resource::delete`].
    fn delete<'a>(&'a self, aws: &'a Aws, id: &'a str, last: &'a Attrs) -> BoxFuture<'a, Result<()>>;
    /// See [`Resource::holders`].
    fn holders<'a>(&'a self, aws: &'a Aws, id: &'a str) -> BoxFuture<'a, Result<Vec<String>>>;
    /// How its tags are changed.
    fn tagging(&self) -> Tagging;
}

/// A data source, whatever it is.
pub trait AnyData: Send + Sync {
    /// The rows.
    fn schema(&self) -> &Schema;
    /// See [`DataSource::read`].
    fn read<'a>(&'a self, aws: &'a Aws, config: &'a Attrs) -> BoxFuture<'a, Result<Attrs>>;
}

struct Erased<R: Resource>(Spec<R::Live>);

impl<R: Resource> AnyResource for Erased<R> {
    fn schema(&self) -> &Schema {
        &self.0.schema
    }

    fn describe<'a>(&'a self, aws: &'a Aws, which: Which<'a>) -> BoxFuture<'a, Result<Vec<Observed>>> {
        async move {
            let live = R::describe(aws, which).await?;
            let asked = self.0.asked(which);
            let mut observed = Vec::new();
            for l in &live {
                let attrs = self.0.read(l);
                let id = attrs.string("id").filter(|id| asked.as_ref().is_none_or(|asked| asked.contains(id)));
                observed.extend(id.map(|id| Observed { id, attrs, progress: (self.0.progress)(l) }));
            }
            Ok(observed)
        }
        .boxed()
    }

    fn create<'a>(&'a self, aws: &'a Aws, want: &'a Attrs, token: &'a Token) -> BoxFuture<'a, Result<String>> {
        R::create(aws, want, token).boxed()
    }

    fn update<'a>(
        &'a self,
        aws: &'a Aws,
        id: &'a str,
        mut change: Change<'a>,
    ) -> BoxFuture<'a, Result<Option<String>>> {
        async move {
            change.take("tags");
            if self.0.tagging == Tagging::Ec2 && change.take("tags_all").is_some() {
                let target = (self.0.tag_target)(id);
                super::tags::retag(aws, &target, change.before, change.after).await?;
            }
            R::update(aws, id, &mut change).await?;
            let open: Vec<&str> = change.unhandled().collect();
            if open.is_empty() { Ok(change.new_id) } else { Err(Error::unhandled(self.0.schema.name, &open)) }
        }
        .boxed()
    }

    fn wait<'a>(
        &'a self,
        aws: &'a Aws,
        id: &'a str,
        before: Option<&'a Attrs>,
        want: &'a Attrs,
        limit: Duration,
        progress: &'a ProgressReporter,
    ) -> BoxFuture<'a, Result<bool>> {
        R::wait(aws, id, before, want, limit, progress).boxed()
    }

    fn delete<'a>(&'a self, aws: &'a Aws, id: &'a str, last: &'a Attrs) -> BoxFuture<'a, Result<()>> {
        async move {
            match R::delete(aws, id, last).await {
                Err(e) if e.is_not_found() => Ok(()),
                done => done,
            }
        }
        .boxed()
    }

    fn holders<'a>(&'a self, aws: &'a Aws, id: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        R::holders(aws, id).boxed()
    }

    fn tagging(&self) -> Tagging {
        self.0.tagging
    }
}

struct ErasedData<D: DataSource>(Schema, PhantomData<fn() -> D>);

impl<D: DataSource> AnyData for ErasedData<D> {
    fn schema(&self) -> &Schema {
        &self.0
    }

    fn read<'a>(&'a self, aws: &'a Aws, config: &'a Attrs) -> BoxFuture<'a, Result<Attrs>> {
        D::read(aws, config).boxed()
    }
}

/// All resource types, or data sources, by name.
pub type Registry<T> = BTreeMap<&'static str, Box<T>>;

/// Adds a resource type to a registry.
pub(super) fn add<R: Resource>(registry: &mut Registry<dyn AnyResource>) {
    let erased = Erased::<R>(R::spec());
    registry.insert(erased.0.schema.name, Box::new(erased));
}

/// Adds a resource type under another name that it has.
pub(super) fn add_as<R: Resource>(registry: &mut Registry<dyn AnyResource>, name: &'static str) {
    let mut spec = R::spec();
    spec.schema.name = name;
    registry.insert(name, Box::new(Erased::<R>(spec)));
}

/// Adds a data source to a registry.
pub(super) fn add_data<D: DataSource>(registry: &mut Registry<dyn AnyData>) {
    add_data_as::<D>(registry, D::schema().name);
}

/// Adds a data source under another name that it has.
pub(super) fn add_data_as<D: DataSource>(registry: &mut Registry<dyn AnyData>, name: &'static str) {
    let schema = Schema { name, ..D::schema() };
    registry.insert(name, Box::new(ErasedData::<D>(schema, PhantomData)));
}
