//! What the configurations of a bucket share. Each is an object of its own to the layout and one of
//! many sub-resources of the bucket to S3: put as a whole, absent when S3 says that there is none.

use crate::aws::{Error, Kind, Result, each};
use crate::resources::spec::{self, Which};
use crate::schema::Attrs;
use crate::value::Value;

/// The bucket that a configuration is of, and the account that must own it if the layout says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub bucket: String,
    pub owner: Option<String>,
}

/// A configuration as S3 gives it.
pub struct Configured<T> {
    pub place: Place,
    pub found: T,
}

impl Place {
    /// From the id of a configuration: `BUCKET` or `BUCKET,OWNER`.
    pub fn of_id(id: &str) -> Self {
        match id.split_once(',') {
            Some((bucket, owner)) => Place { bucket: bucket.into(), owner: Some(owner.into()) },
            None => Place { bucket: id.into(), owner: None },
        }
    }

    /// From the arguments of a configuration.
    pub fn of(want: &Attrs) -> Self {
        let owner = want.string("expected_bucket_owner").filter(|owner| !owner.is_empty());
        Place { bucket: want.string("bucket").unwrap_or_default(), owner }
    }

    /// The id of a configuration of this bucket.
    pub fn id(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{},{owner}", self.bucket),
            None => self.bucket.clone(),
        }
    }
}

/// The configurations asked for, one call per bucket, as S3 has none for those of several.
pub async fn described<T, F>(which: Which<'_>, get: impl Fn(Place) -> F) -> Result<Vec<Configured<T>>>
where
    F: Future<Output = Result<T>>,
{
    let places: Vec<Place> = match which {
        Which::Ids(ids) => ids.iter().map(|id| Place::of_id(id)).collect(),
        Which::NaturalKey(want) => vec![Place::of(want)],
        Which::Token(_) => Vec::new(),
    };
    let call = |place: Place| {
        let found = get(place.clone());
        async move { Ok(Configured { found: found.await?, place }) }
    };
    each(places, call).await
}

/// The id of a configuration as listed.
pub fn id<T>(c: &Configured<T>) -> Option<String> {
    Some(c.place.id())
}

/// The row of the bucket that a configuration is of.
pub fn bucket<T>() -> spec::A<Configured<T>> {
    spec::A::string("bucket").required().force_new().read(|c| c.place.bucket.as_str().into())
}

/// The row of the account that must own the bucket.
pub fn owner<T>() -> spec::A<Configured<T>> {
    let row = spec::A::string("expected_bucket_owner").force_new().check(account);
    row.read(|c| c.place.owner.as_deref().into())
}

fn account(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(text) if text.len() != 12 || !text.bytes().all(|b| b.is_ascii_digit()) => {
            Err(format!("{text:?} is not a valid account; expected its 12 digits"))
        }
        _ => Ok(()),
    }
}

/// What an SDK builder made, or what it missed.
pub fn built<T, E: std::fmt::Display>(made: std::result::Result<T, E>) -> Result<T> {
    made.map_err(|e| Error::new(Kind::Refused, e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_configuration_is_its_bucket_and_who_must_own_it() {
        for id in ["logs", "logs,123456789012"] {
            assert_eq!(Place::of_id(id).id(), id);
        }
        let want = Attrs::default().with("bucket", "logs").with("expected_bucket_owner", "123456789012");
        assert_eq!(Place::of(&want), Place::of_id("logs,123456789012"));
        assert!(account(&"1234".into()).is_err());
    }
}
