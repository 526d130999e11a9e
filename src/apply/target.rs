//! The target of a step, and the calls that make, change and delete it: an object in AWS, or one of the state alone.

use super::aws_target::{AwsTarget, overlay};
use super::state_target::StateTarget;
use crate::aws::Result;
use crate::plan::Rows;
use crate::resources::Token;
use crate::schema::{Attrs, Schema};

/// Where the object lives.
#[derive(Clone)]
pub(super) enum Target<'a> {
    /// In AWS.
    Aws(Box<AwsTarget<'a>>),
    /// In the state alone.
    State(StateTarget),
}

/// What a creation gives.
pub(super) enum Created {
    /// An object with this id, to be looked at once it is ready.
    Begun(String),
    /// All of the object.
    Whole(Attrs),
}

impl Target<'_> {
    /// The type of the object.
    pub fn schema(&self) -> &'static Schema {
        match self {
            Target::Aws(target) => target.resource.schema(),
            Target::State(target) => &target.kind.schema,
        }
    }

    /// Its region and account; empty where it is in none.
    pub fn place(&self) -> (String, String) {
        match self {
            Target::Aws(target) => (target.aws.region.to_string(), target.aws.account.to_string()),
            Target::State(_) => Default::default(),
        }
    }

    /// The object that was seen as the state keeps it: in the layout's spelling where both mean the same.
    pub fn as_recorded(&self, want: &Attrs, seen: &Attrs) -> Attrs {
        match self {
            Target::Aws(_) => overlay(&self.schema().attributes, want, seen),
            Target::State(_) => seen.clone(),
        }
    }

    /// Makes the object.
    pub async fn create(&self, want: &Attrs, token: &Token, outgoing: Option<&str>) -> Result<Created> {
        match self {
            Target::Aws(target) => target.create(want, token, outgoing).await.map(Created::Begun),
            Target::State(target) => target.create(want).await.map(Created::Whole),
        }
    }

    /// Sets what is open of `rows`; gives the id, which may be a new one, and the object as it is then.
    pub async fn update(
        &self,
        id: &str,
        before: Attrs,
        want: &Attrs,
        rows: &Rows,
        fresh: bool,
    ) -> Result<(String, Attrs)> {
        match self {
            Target::Aws(target) => target.update(id, before, want, rows, fresh).await,
            Target::State(target) => Ok((id.to_owned(), target.kind.whole(want.clone()))),
        }
    }

    /// The object once it is ready.
    pub async fn ready(&self, id: &str) -> Result<Attrs> {
        match self {
            Target::Aws(target) => target.ready(id).await,
            Target::State(_) => Ok(Attrs::default()),
        }
    }

    /// Waits for what is wanted beyond that; whether the object may be another by it.
    pub async fn wait(&self, id: &str, before: Option<&Attrs>, want: &Attrs) -> Result<bool> {
        match self {
            Target::Aws(target) => target.wait(id, before, want).await,
            Target::State(_) => Ok(false),
        }
    }

    /// Deletes the object and waits until it is gone.
    pub async fn delete(&self, id: &str, last: &Attrs) -> Result<()> {
        match self {
            Target::Aws(target) => target.delete(id, last).await,
            Target::State(target) => target.delete(last).await,
        }
    }
}
