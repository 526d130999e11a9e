//! Attributes that later steps filled, read again once all is done, as the plan says. AWS is only read, in one list per
//! type. A failure is a warning, as everything was done.

use super::runner::{discreet, kept};
use super::{Engine, Report};
use crate::diag::{Diagnostic, Diagnostics};
use crate::objects::{Instance, Slot, State};
use crate::plan::Live;
use crate::plan::diff::current;
use crate::refresh::refresh;
use crate::resources::registry;
use crate::schema::secrecy::hidden;
use crate::schema::{Attrs, Schema, exposed};
use crate::state::{Record, Recorded};
use crate::value::Value;
use crate::value::address::Address;

impl Engine<'_> {
    /// Reads again what the plan says, records it and shows it to what is evaluated from now on; whether anything is
    /// another than it was.
    pub(super) async fn reread(&mut self, report: &mut Report) -> bool {
        let plan = self.plan;
        if plan.reread.objects.is_empty() || !report.is_complete() {
            return false;
        }
        let held = self.run.with_state(|state| {
            let mut held = State::new(&*state.layout, &*state.lineage);
            for (address, _) in &plan.reread.objects {
                held.set(Slot::current(address.clone()), state.resources.get(address).cloned());
            }
            held
        });
        let connect = |provider: &str, region: &str| {
            let aws = self.clients.get(provider)?;
            Some(if region.is_empty() { aws.clone() } else { aws.for_region(region) })
        };
        let live = match refresh(&held, &connect, &[]).await {
            Ok(live) => live,
            Err(failures) => {
                let warning = |(type_name, error)| {
                    let error = discreet(error, &Attrs::default());
                    Diagnostic::warning(format!("Cannot read {type_name} again"))
                        .code("not-reread")
                        .detail(format!("{error}. Everything was done, but outputs may show what was before the end."))
                        .hint("Run apply again, which records the outputs as they are.")
                };
                report.warnings.extend(failures.into_iter().map(warning).collect::<Diagnostics>());
                return false;
            }
        };
        let mut moved = false;
        for (address, names) in &plan.reread.objects {
            let (Some(before), Some(Live::There(live))) = (held.resources.get(address), live.get(address)) else {
                continue;
            };
            match self.take_over(address, before, live, names).await {
                Ok(taken) => moved |= taken,
                Err(problem) => report.warnings.push(problem),
            }
        }
        moved
    }

    /// Takes over the attributes `names` of an object; whether one of them is another than it was.
    async fn take_over(
        &mut self,
        address: &Address,
        before: &Instance,
        live: &Attrs,
        names: &[String],
    ) -> Result<bool, Diagnostic> {
        let Some(schema) = registry().get(&*address.resource.type_name).map(|r| r.schema()) else { return Ok(false) };
        let seen = current(&schema.attributes, Some(&before.attrs), Some(live)).unwrap_or_default();
        let seen = hidden(&schema.attributes, &before.attrs, seen, &self.secrets.borrow());
        let taken = names.iter().filter_map(|name| Some((name, seen.get(name)?)));
        let taken: Attrs = taken.filter(|(name, now)| before.attrs.get(name) != Some(now)).map(owned).collect();
        if taken.iter().next().is_none() {
            return Ok(false);
        }
        let slot = Slot::current(address.clone());
        let attrs = taken.iter().fold(before.attrs.clone(), |attrs, (name, now)| attrs.with(name, now.clone()));
        let attrs = kept(self.run, &slot, schema, &attrs);
        let instance = Some(Instance { attrs, ..before.clone() });
        self.run.append(Record::Recorded(Box::new(Recorded { slot, instance }))).await?;
        self.show(address, schema, &taken);
        Ok(true)
    }

    /// Lets expressions see these attributes of an object, and the others as they did.
    fn show(&mut self, address: &Address, schema: &Schema, taken: &Attrs) {
        let r = &address.resource;
        let key = (r.mode, r.type_name.clone(), r.name.clone());
        let module = self.scopes.module(&r.module);
        let Some(seen) = module.and_then(|m| m.resource(&key)).and_then(|values| values.get(&address.key)) else {
            return;
        };
        let mut all = seen.as_entries().cloned().unwrap_or_default();
        all.extend(exposed::object(Some(schema), taken).as_entries().cloned().unwrap_or_default());
        self.scopes.set_instance(&r.module, &key, &address.key, Value::object(all));
    }
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}
