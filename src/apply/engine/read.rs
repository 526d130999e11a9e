//! The step that reads a data source whose arguments only this run knows.

use super::{Engine, Made, missing_type};
use crate::apply::runner::Failure;
use crate::diag::Diagnostic;
use crate::plan::Change;
use crate::resources::{data_schema, is_local_data, read_data};
use crate::schema::secrecy::hidden;
use futures::future::LocalBoxFuture;

impl<'a> Engine<'a> {
    pub(super) fn read(&self, change: &'a Change) -> Result<LocalBoxFuture<'a, Result<Made, Failure>>, Failure> {
        let type_name = change.address.resource.type_name.clone();
        let want = self.wanted(change)?;
        let schema = data_schema(&type_name).ok_or_else(|| missing_type(change))?;
        let aws = if is_local_data(&type_name) { None } else { Some(self.aws(change)?) };
        let (around, secrets) = (self.surroundings(), self.secrets.clone());
        Ok(Box::pin(async move {
            match read_data(&type_name, aws.as_ref(), &around, &want).await {
                Ok(answer) => Ok(Made::Answer(hidden(&schema.attributes, &want, answer, &secrets.borrow()))),
                Err(why) => {
                    let d = Diagnostic::error(format!("Error reading {type_name}")).code("aws").detail(why);
                    Err(Box::new(d.about(&change.address)))
                }
            }
        }))
    }
}
