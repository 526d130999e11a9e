//! Connections to AWS, one for each provider configuration.

use super::{Layout, aws_problem};
use crate::aws::{self, Aws, ProviderSettings, Switchboard};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::{ModuleNode, decode, shaped};
use crate::objects::State;
use crate::plan::{ProviderFacts, provider_of_address, providers_used};
use crate::resources::Types;
use crate::schema::{Attrs, Schemas};
use crate::state::OpenIntent;
use crate::value::address::{InstanceKey, Mode, ModulePath};
use crate::value::{Name, Value};
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The connections of a run.
#[derive(Default)]
pub struct Connections {
    /// By provider configuration.
    pub clients: HashMap<String, Aws>,
    /// The facts that the planner knows of them.
    pub facts: HashMap<String, ProviderFacts>,
    /// What replaces AWS.
    pub endpoint: Option<String>,
}

impl Connections {
    /// The connection of a provider configuration in a region.
    pub fn get(&self, provider: &str, region: &str) -> Option<Aws> {
        let aws = self.clients.get(provider)?;
        Some(if region.is_empty() { aws.clone() } else { aws.for_region(region) })
    }

    /// Completes where objects are that a state of Terraform's does not say: in the place of their provider.
    pub fn place(&self, state: &mut State) {
        let current = state.resources.iter_mut();
        let deposed = state.deposed.iter_mut().map(|((address, _), instance)| (address, instance));
        for (address, instance) in current.chain(deposed) {
            let Some(facts) = self.facts.get(&instance.provider) else { continue };
            for (place, of_provider) in [(&mut instance.region, &facts.region), (&mut instance.account, &facts.account)]
            {
                if place.is_empty() {
                    place.clone_from(of_provider);
                }
            }
            let schema = Types.resource(&address.resource.type_name);
            let has_region = schema.is_some_and(|schema| schema.attribute("region").is_some());
            if has_region && !instance.attrs.is_set("region") {
                instance.attrs = std::mem::take(&mut instance.attrs).with("region", &*instance.region);
                let made = schema.and_then(|schema| schema.id_from).and_then(|id_from| id_from(&instance.attrs));
                instance.id = made.unwrap_or_else(|| std::mem::take(&mut instance.id));
            }
        }
    }

    /// Asks `gate` before each call that changes something.
    pub fn guard(&self, gate: aws::Gate) {
        if let Some(aws) = self.clients.values().next() {
            aws.guard(gate);
        }
    }

    /// How many calls went out.
    pub fn calls(&self) -> Option<aws::CallCounts> {
        self.clients.values().next().map(Aws::calls)
    }
}

/// The provider configurations of AWS that the layout or the state uses.
pub fn providers(layout: &Layout, state: &State) -> BTreeSet<String> {
    let mut used = providers_used(&layout.loaded.root);
    used.extend(state.objects().map(|(_, i)| i.provider.clone()));
    // An object that is taken over may have no resource block yet.
    let imports = layout.loaded.root.module.imports.iter().filter(|block| block.to.type_name.starts_with("aws_"));
    let lacking = imports
        .filter(|block| provider_of_address(&layout.loaded.root, &block.to.instance(InstanceKey::None)).is_none());
    used.extend(lacking.map(|block| block.provider.as_ref().map_or_else(|| "aws".to_owned(), ToString::to_string)));
    used.retain(|name| name == "aws" || name.starts_with("aws."));
    used
}

/// Whether the layout reads states of others, which may be in AWS.
pub fn reads_states(layout: &Layout) -> bool {
    fn walk(node: &ModuleNode) -> bool {
        let named = |key: &(Mode, Name, Name)| key.0 == Mode::Data && &*key.1 == "terraform_remote_state";
        node.module.resources.keys().any(named) || node.children.values().any(|child| walk(child))
    }
    walk(&layout.loaded.root)
}

/// Connects every provider configuration that the layout or the state uses; `destroy` if all objects go. An `endpoint`
/// replaces AWS. Layouts with one switchboard share their connections.
pub async fn connect(
    layout: &Layout,
    state: &State,
    scopes: &Evaluator<'_>,
    endpoint: Option<&str>,
    destroy: bool,
    switchboard: &Switchboard,
) -> Result<Connections, Diagnostics> {
    let root = &layout.loaded.root;
    let used = providers(layout, state);
    if used.is_empty() {
        return Ok(Connections { endpoint: endpoint.map(str::to_owned), ..Connections::default() });
    }
    let mut problems = Diagnostics::new();
    let mut wanted = Vec::new();
    for name in &used {
        let Some((settings, span)) = problems.take(settings(root, scopes, name, destroy)) else { continue };
        let settings = ProviderSettings { dir: layout.dir.clone(), ..settings.in_sandbox(endpoint) };
        wanted.push((name.clone(), settings, span));
    }
    let connecting = wanted.iter().map(|(_, settings, _)| switchboard.connect(settings));
    let connected = join_all(connecting).await;
    let mut all = Connections { endpoint: endpoint.map(str::to_owned), ..Connections::default() };
    for ((name, settings, span), result) in wanted.iter().zip(connected) {
        match result {
            Ok(aws) => {
                all.facts.insert(name.clone(), facts(settings, &aws));
                all.clients.insert(name.clone(), aws);
            }
            Err(e) => {
                problems.push(aws_problem(&format!("Cannot connect provider {name:?} to AWS"), &e).at(span.clone()))
            }
        }
    }
    problems.into_result(all)
}

/// The arguments of the root module's provider block `name`; all defaults without a block. Of one that only serves to
/// `destroy`, default tags may be unknown.
fn settings(
    root: &ModuleNode,
    scopes: &Evaluator<'_>,
    name: &str,
    destroy: bool,
) -> Result<(ProviderSettings, Option<Span>), Diagnostics> {
    let (plain, alias) = match name.split_once('.') {
        Some((plain, alias)) => (plain, Some(alias)),
        None => (name, None),
    };
    let block = root.module.providers.iter().find(|p| *p.name == *plain && p.alias.as_deref() == alias);
    let Some(block) = block else {
        if alias.is_some() {
            return Err(Diagnostic::error(format!("There is no provider configuration {name:?}"))
                .code("provider-configuration")
                .detail("The layout or its state uses it, but no provider block has this alias.")
                .hint("Put the block back, or remove the objects that use it first.")
                .into());
        }
        return Ok((ProviderSettings::default(), None));
    };
    let local = Locality::default();
    let Some(scope) = scopes.at(&ModulePath::default(), &local) else { return Ok((ProviderSettings::default(), None)) };
    let (rows, mut problems) = (aws::settings::rows(), Diagnostics::new());
    let body = shaped(&block.body, &rows, &mut problems);
    let (value, found) = decode(&body, &rows, &block.span, &scope);
    problems.extend(found);
    let mut attrs = Attrs::from_value(&value);
    // Nothing is tagged any more.
    if destroy && attrs.is_unknown("default_tags") {
        attrs = attrs.with("default_tags", Value::any_null());
    }
    for (argument, value) in attrs.iter() {
        if !value.is_wholly_known() {
            problems.push(
                Diagnostic::error("Provider configuration is not known while planning")
                    .code("provider-configuration")
                    .detail(format!(
                        "{argument:?} depends on something that is known only after apply or on a data source."
                    ))
                    .at(block.span.clone()),
            );
        }
    }
    let settings = ProviderSettings::from_attrs(&attrs).map_err(|e| {
        Diagnostic::error("Invalid provider configuration")
            .code("provider-configuration")
            .detail(e.to_string())
            .at(block.span.clone())
    });
    match problems.take(settings) {
        Some(settings) => problems.into_result((settings, Some(block.span.clone()))),
        None => Err(problems),
    }
}

fn facts(settings: &ProviderSettings, aws: &Aws) -> ProviderFacts {
    let tags = settings.default_tags.iter().map(|(k, v)| (Name::from(k.as_str()), Value::string(v)));
    ProviderFacts {
        region: aws.region.to_string(),
        account: aws.account.to_string(),
        default_tags: tags.collect(),
        ignore_keys: settings.ignore_tag_keys.clone(),
        ignore_prefixes: settings.ignore_tag_prefixes.clone(),
    }
}

/// Refuses credentials of another account than the one in which the state's objects are, and in which an earlier
/// run was making some: there, all of them would seem to be gone.
pub fn same_accounts(state: &State, open: &[OpenIntent], connections: &Connections) -> Result<(), Diagnostics> {
    let held = state.objects().map(|(_, i)| (i.provider.as_str(), i.account.as_str()));
    let begun = open.iter().map(|o| (o.intent.provider.as_str(), o.intent.account.as_str()));
    let mut places: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    held.for_each(|place| places.entry(place).or_default().0 += 1);
    begun.for_each(|place| places.entry(place).or_default().1 += 1);
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let other = |((provider, account), (objects, calls)): ((&str, &str), (usize, usize))| {
        let now = connections.facts.get(provider).map(|facts| facts.account.as_str()).filter(|now| !now.is_empty())?;
        if account.is_empty() || now == account {
            return None;
        }
        let what = match (objects, calls) {
            (objects, 0) => count(objects, "object"),
            (0, calls) => count(calls, "unfinished call"),
            (objects, calls) => format!("{} and {}", count(objects, "object"), count(calls, "unfinished call")),
        };
        Some(
            Diagnostic::error(format!("The credentials of provider {provider:?} belong to another AWS account"))
                .code("account")
                .detail(format!("The state holds {what} of account {account}; the credentials are of account {now}."))
                .hint(format!(
                    "Use credentials of account {account}, for instance with AWS_PROFILE. Nothing was changed."
                )),
        )
    };
    places.into_iter().filter_map(other).collect::<Diagnostics>().into_result(())
}
