//! The answers of AWS that many layouts share: the objects of their states, and what their data sources say.

use crate::aws::{self, Aws};
use crate::refresh::Listing;
use crate::schema::Attrs;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// What has been read, for all layouts that ask.
#[derive(Default)]
pub struct Reading {
    /// The objects of states, what was read last first.
    objects: Vec<Arc<Listing>>,
    answers: Arc<Mutex<HashMap<String, Vec<(Attrs, Answer)>>>>,
}

type Answer = Arc<OnceCell<aws::Result<Attrs>>>;

impl Reading {
    /// The same with these objects, which go before those that were read earlier.
    pub fn renewed(&self, objects: Listing) -> Self {
        let all = std::iter::once(Arc::new(objects)).chain(self.objects.iter().cloned());
        Reading { objects: all.collect(), answers: self.answers.clone() }
    }

    /// The objects of states, what was read last first.
    pub fn objects(&self) -> Vec<&Listing> {
        self.objects.iter().map(|listing| &**listing).collect()
    }

    /// What a data source says for these arguments: asked once for all that see the same through their connection.
    pub(super) async fn answer<F>(
        &self,
        (aws, type_name): (&Aws, &str),
        config: &Attrs,
        ask: impl FnOnce() -> F,
    ) -> aws::Result<Attrs>
    where
        F: Future<Output = aws::Result<Attrs>>,
    {
        let asker = format!("{} {} {} {type_name} {:?}", aws.realm(), aws.region, aws.caller.arn, aws.default_tags);
        let answer = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            let known = answers.entry(asker).or_default();
            match known.iter().find(|(asked, _)| asked == config) {
                Some((_, answer)) => answer.clone(),
                None => {
                    let answer = Answer::default();
                    known.push((config.clone(), answer.clone()));
                    answer
                }
            }
        };
        answer.get_or_init(ask).await.clone()
    }
}
