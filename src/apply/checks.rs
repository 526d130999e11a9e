//! The end of an apply: the outputs, and the `check` blocks of all modules. Their own data sources are read, and what
//! fails or cannot be evaluated is a warning.

use super::{Engine, Report};
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::Locality;
use crate::lang::config::{Check, Resource};
use crate::objects::OutputValue;
use crate::plan::{OutputChange, arguments, conditions, provider_of_block};
use crate::resources::{data_schema, is_local_data, read_data};
use crate::schema::{complete, exposed};
use crate::state::Record;
use crate::value::Value;
use crate::value::address::{Mode, ModulePath};
use std::collections::BTreeMap;

impl Engine<'_> {
    /// Records the outputs as far as they are known and runs the checks.
    pub(super) async fn conclude(&mut self, report: &mut Report) {
        let mut outputs = BTreeMap::new();
        if !self.plan.meta.destroy {
            let before = self.run.with_state(|s| s.outputs.clone());
            for change in &self.plan.outputs {
                let kept = before.get(&change.name).filter(|_| !change.changes());
                let value = kept.cloned().or_else(|| self.output(change)).or_else(|| before.get(&change.name).cloned());
                outputs.extend(value.filter(|_| change.after.is_some()).map(|value| (change.name.clone(), value)));
            }
            if self.reread(report).await {
                self.scopes.something_changed();
                let shows = |change: &&OutputChange| self.plan.reread.outputs.contains(&change.name);
                let again = self.plan.outputs.iter().filter(shows);
                outputs.extend(again.filter_map(|change| Some((change.name.clone(), self.output(change)?))));
            }
        } else if !report.is_complete() || self.plan.meta.partial {
            outputs = self.run.with_state(|s| s.outputs.clone());
        }
        if self.run.with_state(|s| s.outputs != outputs)
            && let Err(problem) = self.run.append(Record::Outputs(outputs)).await
        {
            report.warnings.push(problem);
        }
        if report.is_complete() && !self.plan.meta.destroy {
            report.warnings.extend(self.checks().await);
        }
    }

    /// The value of an output now, if it is known and the output stays.
    fn output(&self, change: &OutputChange) -> Option<OutputValue> {
        let sensitive = change.after.as_ref()?.is_sensitive();
        let value = self.scopes.output(&ModulePath::default(), &change.name).ok()?;
        let value = Some(value).filter(Value::is_wholly_known)?;
        Some(OutputValue { value: if sensitive { value.unmark_deep().mark(true) } else { value } })
    }

    /// Runs the checks.
    pub(super) async fn checks(&self) -> Diagnostics {
        let mut found = Diagnostics::new();
        for module in self.scopes.all() {
            for check in module.node.module.checks.values() {
                found.extend(self.check(&module.path, check).await);
            }
        }
        found
    }

    async fn check(&self, path: &ModulePath, check: &Check) -> Diagnostics {
        let mut found = Diagnostics::new();
        let answer = match &check.data {
            Some(data) => match self.answer(path, data).await {
                Ok(answer) => Some(answer),
                Err(problem) => {
                    let source = format!("data.{}.{}", data.type_name, data.name);
                    found.push(problem.as_warning().about(source).at(data.span.clone()));
                    return found;
                }
            },
            None => None,
        };
        let checked = conditions::check(&self.scopes, path, &check.name, answer);
        let said = !checked.diagnostics.is_empty();
        found.extend(checked.diagnostics);
        if !said && checked.results.contains(&None) {
            found.push(
                Diagnostic::warning("Check could not be evaluated")
                    .code("check-failed")
                    .detail("An assertion depends on a value that is still unknown after the apply.")
                    .at(check.span.clone())
                    .about(format!("check.{}", check.name)),
            );
        }
        found
    }

    /// What a check's data source says.
    async fn answer(&self, path: &ModulePath, data: &Resource) -> Result<Value, Diagnostic> {
        let type_name = &data.type_name;
        let unknown = || Diagnostic::error(format!("Unknown data source {type_name:?}")).code("unknown-data-source");
        let schema = data_schema(type_name).ok_or_else(unknown)?;
        let cannot = |why: String| Diagnostic::error(format!("Error reading {type_name}")).code("aws").detail(why);
        let root = self.scopes.module(&ModulePath::default()).map(|root| root.node.clone());
        let local = Locality::default();
        let given = arguments(&self.scopes, path, data, &local, schema);
        let (Some(root), Some((config, problems))) = (root, given) else {
            return Err(cannot("Its module is not there.".into()));
        };
        if let Some(problem) = problems.into_iter().find(Diagnostic::is_error) {
            return Err(problem);
        }
        if !config.iter().all(|(_, v)| v.is_wholly_known()) {
            return Err(cannot("An argument is still unknown after the apply.".into()));
        }
        let key = (Mode::Data, type_name.clone(), data.name.clone());
        let provider = provider_of_block(&root, path, &key, data);
        let aws = match self.clients.get(&provider) {
            None if is_local_data(type_name) => None,
            None => return Err(cannot(format!("There is no provider configuration {provider:?}."))),
            Some(aws) => Some(config.str("region").map_or_else(|| aws.clone(), |region| aws.for_region(region))),
        };
        let answer = read_data(type_name, aws.as_ref(), &self.surroundings(), &config).await.map_err(cannot)?;
        Ok(exposed::answer(Some(schema), &complete(schema, &answer)))
    }
}
