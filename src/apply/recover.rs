//! The outcome of calls that a killed run left open: AWS is asked before anything is planned.
//!
//! An object that a lost create made is adopted at its address, unfinished: what its creation cannot set is still open.
//! An object that the journal marks as outgoing never is. Lost updates and deletes need nothing here: refresh sees what they
//! did. The exception is an update that gives the object another id, such as a replaced association: the object is found by
//! its natural key.

use crate::aws::{Aws, Error, Result};
use crate::objects::{Instance, Slot, State};
use crate::plan::diff::current;
use crate::resources::{Observed, Progress, Token, Which, registry};
use crate::schema::Attribute;
use crate::schema::rows::Recover;
use crate::schema::secrecy::hidden;
use crate::schema::secrets::Secrets;
use crate::state::{Intent, IntentKind, OpenIntent, deposed_key};
use crate::value::Value;
use crate::value::address::Address;
use std::collections::HashMap;

/// What is known of the open intents.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Objects of lost creates that are there, and objects to which a lost update gave another id.
    pub adopted: Vec<(Intent, Instance)>,
    /// Creates that were surely not executed, or whose object cannot be found: by address the token,
    /// to be used again so that nothing is doubled if the call comes through late.
    pub tokens: HashMap<Address, String>,
    /// The `op` of every intent that is settled by this.
    pub settled: Vec<String>,
}

/// Asks AWS what became of `open`. `connect` gives the connection of a provider and region.
pub async fn recover(
    open: &[OpenIntent],
    state: &State,
    connect: impl Fn(&str, &str) -> Option<Aws>,
) -> Result<Recovered> {
    let mut found = Recovered::default();
    for OpenIntent { intent, .. } in open {
        // What lives in the state alone was not made if it was not recorded.
        let in_aws = registry().contains_key(intent.type_name.as_str());
        if intent.kind == IntentKind::Create && in_aws {
            let aws = connect(&intent.provider, &intent.region).ok_or_else(|| {
                Error::not_found(format!(
                    "an earlier run was creating {} with provider {:?}, which the layout no longer configures",
                    intent.slot.address, intent.provider
                ))
            })?;
            match created(&aws, intent, state).await? {
                Some(instance) => found.adopted.push((intent.clone(), instance)),
                None => {
                    found.tokens.insert(intent.slot.address.clone(), intent.token.clone());
                }
            }
        }
        if intent.kind == IntentKind::Update
            && let Some(aws) = connect(&intent.provider, &intent.region)
            && let Some(instance) = renamed(&aws, intent, state).await?
        {
            found.adopted.push((intent.clone(), instance));
        }
        found.settled.push(intent.op.clone());
    }
    Ok(found)
}

/// The object of a lost update that gave it another id; none where it has its old id, or is gone.
async fn renamed(aws: &Aws, intent: &Intent, state: &State) -> Result<Option<Instance>> {
    let resource = registry().get(intent.type_name.as_str());
    let follows = |id: &Attribute| !id.follows.is_empty();
    let Some(resource) = resource.filter(|r| r.schema().attribute("id").is_some_and(follows)) else { return Ok(None) };
    let Some(held) = state.get(&intent.slot) else { return Ok(None) };
    let known = |seen: &[Observed]| seen.iter().any(|o| o.id == held.id && o.progress != Progress::Gone);
    let old = resource.describe(aws, Which::Ids(std::slice::from_ref(&held.id))).await?;
    if known(&old) {
        return Ok(None);
    }
    let found = find_created(aws, intent, Which::NaturalKey(&intent.want), state).await?;
    Ok(found.map(|o| Instance { attrs: held.attrs.clone().with("id", Value::string(&o.id)), id: o.id, ..held.clone() }))
}

/// The object that a lost create made.
async fn created(aws: &Aws, intent: &Intent, state: &State) -> Result<Option<Instance>> {
    let Some(resource) = registry().get(intent.type_name.as_str()) else { return Ok(None) };
    let token = Token(intent.token.clone());
    let which = match resource.schema().recover {
        Recover::Key => Which::NaturalKey(&intent.want),
        Recover::TokenTag | Recover::ClientToken => Which::Token(&token),
    };
    let Some(o) = find_created(aws, intent, which, state).await? else { return Ok(None) };
    let rows = &resource.schema().attributes;
    let attrs = current(rows, Some(&intent.want), Some(&o.attrs)).unwrap_or_default();
    let others = Secrets::of(state.objects().map(|(_, i)| &i.attrs));
    let attrs = hidden(rows, &intent.want, attrs, &others);
    Ok(Some(Instance {
        id: o.id.clone(),
        attrs: attrs.with("id", Value::string(&o.id)),
        provider: intent.provider.clone(),
        region: intent.region.clone(),
        account: intent.account.clone(),
        depends_on: intent.depends_on.clone(),
        create_before_destroy: intent.create_before_destroy,
        tainted: matches!(o.progress, Progress::Failed(_)),
        unfinished: true,
    }))
}

/// The object of an intent, which the state does not hold. Listings lag behind a little, so that an absent one is looked
/// for again.
async fn find_created(aws: &Aws, intent: &Intent, which: Which<'_>, state: &State) -> Result<Option<Observed>> {
    let Some(resource) = registry().get(intent.type_name.as_str()) else { return Ok(None) };
    // Objects of other types, accounts and regions may have the same name.
    let same = |slot: &Slot, i: &Instance| {
        *slot.address.resource.type_name == *intent.type_name
            && i.account == intent.account
            && i.region == intent.region
    };
    let held = |id: &str| state.objects().any(|(slot, i)| i.id == id && same(&slot, i));
    let ours = |o: &Observed| Some(&o.id) != intent.outgoing.as_ref() && o.progress != Progress::Gone && !held(&o.id);
    for pause in [0, 1000, 2000] {
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        let seen = resource.describe(aws, which).await?;
        if let Some(o) = seen.into_iter().find(ours) {
            return Ok(Some(o));
        }
    }
    Ok(None)
}

/// Puts an adopted object into the state as its create would have: what it replaces is deposed.
pub fn adopt(state: &mut State, intent: &Intent, instance: Instance) {
    let held = state.get(&intent.slot);
    if held.is_some_and(|i| Some(&i.id) == intent.outgoing.as_ref()) {
        let old = state.set(intent.slot.clone(), None);
        state.set(Slot::deposed(intent.slot.address.clone(), deposed_key(&intent.op)), old);
    }
    state.set(intent.slot.clone(), Some(instance));
}
