//! Whether a saved plan still fits: the layout, the state and the objects that it touches are as they were.

use super::basis::{Digests, Moved, Seen, typed};
use super::change::{Action, Change, Plan, Reason};
use super::diff::drifted;
use super::input::{Live, ProviderFacts};
use super::instance::{arguments, readable, with_provider};
use super::resolve;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::Evaluator;
use crate::objects::{Instance, Slot, State};
use crate::schema::{Attrs, Schemas};
use crate::value::address::{Address, Mode};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A plan that does not fit any more: which of what it was made from moved, and how.
pub fn stale(moved: &str, detail: String) -> Diagnostic {
    Diagnostic::error(format!("The plan is stale: {moved}"))
        .code("plan-stale")
        .detail(detail)
        .hint("Make a new plan and have it reviewed.")
}

/// What a plan is held against, before anything is connected.
#[derive(Debug, Clone)]
pub struct Present<'a> {
    /// The files of the layout and of its modules.
    pub files: &'a Digests,
    /// What the plan saw of other files, as it is now.
    pub seen: BTreeMap<String, Seen>,
    /// The variables that have another value, each in a sentence.
    pub variables: Vec<String>,
    /// The state.
    pub state: &'a State,
    /// Who wrote the state, in words.
    pub written: Option<String>,
    /// The commit that is checked out.
    pub commit: Option<String>,
}

/// Whether the layout's files, the variables and the state are those that the plan was made from. All that moved is
/// named.
pub fn fits(plan: &Plan, now: &Present<'_>) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let meta = &plan.meta;
    let name = |path: &str| typed(&meta.dir, path);
    let mut moved = Moved::default();
    moved.digests(&meta.basis.files, now.files, &name);
    moved.seen(&meta.basis.seen, &now.seen, &name);
    if !moved.is_empty() {
        let commits = meta.basis.commit.as_ref().zip(now.commit.as_ref()).map(|(commit, now)| commit.against(now));
        let detail = [Some(moved.sentences()), commits].into_iter().flatten().collect::<Vec<_>>().join("\n");
        problems.push(stale("the layout changed", detail));
    }
    problems.extend(now.variables.iter().map(|sentence| stale("a variable has another value", sentence.clone())));
    let state = now.state;
    if !meta.lineage.is_empty() && meta.lineage != state.lineage {
        problems.push(stale(
            "it belongs to another state",
            format!("Its lineage is {}, that of the state {}.", meta.lineage, state.lineage),
        ));
    } else if meta.serial != state.serial {
        let by = now.written.as_ref().map(|by| format!(" {by}")).unwrap_or_default();
        let detail = format!("It was made from serial {}, the state is at {}.{by}", meta.serial, state.serial);
        problems.push(stale("the state changed", detail));
    }
    problems
}

/// Whether the provider configurations lead to the places in AWS that they led to when the plan was made.
pub fn same_places(plan: &Plan, providers: &HashMap<String, ProviderFacts>) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for (name, was) in &plan.meta.basis.places {
        let Some(is) = providers.get(name) else { continue };
        let parts = [("account", &was.account, &is.account), ("region", &was.region, &is.region)];
        for (what, was, is) in parts.into_iter().filter(|(_, was, is)| !was.is_empty() && !is.is_empty() && was != is) {
            let detail =
                format!("Provider {name:?} led to {what} {was} when the plan was made, and leads to {is} now.");
            problems.push(stale(&format!("the {what} is another one"), detail));
        }
    }
    problems
}

/// The changes of current objects in AWS for which the plan has steps.
pub fn touched(plan: &Plan) -> impl Iterator<Item = &Change> {
    let stepped: BTreeSet<usize> = plan.steps.iter().map(|step| step.change).collect();
    let counts = move |(i, change): &(usize, &Change)| {
        let managed = change.deposed.is_none() && change.address.resource.mode == Mode::Managed;
        managed && (change.action != Action::NoOp || change.importing.is_some() || stepped.contains(i))
    };
    plan.changes.iter().enumerate().filter(counts).map(|(_, change)| change)
}

/// The objects that the plan touches, as a state: those that `state` has, and those that it takes over.
pub fn objects_touched(plan: &Plan, state: &State) -> State {
    let mut objects = State::new(&*state.layout, &*state.lineage);
    for change in touched(plan) {
        let stored = held(change, state).cloned();
        let taken = || {
            let id = change.importing.as_ref().and(change.id.clone())?;
            Some(Instance {
                id,
                attrs: change.before.clone().unwrap_or_default(),
                provider: change.provider.clone(),
                region: change.region.clone(),
                account: String::new(),
                depends_on: Vec::new(),
                create_before_destroy: false,
                tainted: false,
                unfinished: false,
            })
        };
        objects.set(Slot::current(change.address.clone()), stored.or_else(taken));
    }
    objects
}

/// The state's object of a change.
fn held<'s>(change: &Change, state: &'s State) -> Option<&'s Instance> {
    let moved = || state.resources.get(change.moved_from.as_ref()?);
    state.resources.get(&change.address).or_else(moved)
}

/// Whether the state holds the objects that the plan took it to hold. Only what an earlier run left open can be
/// another, as the serial is the same.
pub fn same_objects(plan: &Plan, state: &State) -> Diagnostics {
    let differs = |change: &&Change| {
        let held = held(change, state).map(|instance| &instance.id);
        let vanished = change.reason == Some(Reason::Vanished);
        change.importing.is_none() && !vanished && held != change.id.as_ref()
    };
    let problem = |change: &Change| {
        let now = match held(change, state) {
            Some(instance) => format!("it is {}", instance.id),
            None => "there is none".into(),
        };
        let was = change.id.as_deref().unwrap_or("none");
        stale("an earlier run's object turned up", format!("When the plan was made, it knew {was}; now {now}."))
            .about(&change.address)
    };
    touched(plan).filter(differs).map(problem).collect()
}

/// Whether the objects that the plan touches are in AWS as they were when it was made.
pub fn same_in_aws(
    plan: &Plan,
    live: &HashMap<Address, Live>,
    scopes: &Evaluator<'_>,
    schemas: &dyn Schemas,
    providers: &HashMap<String, ProviderFacts>,
) -> Diagnostics {
    let none = ProviderFacts::default();
    let mut problems = Diagnostics::new();
    for change in touched(plan) {
        let id = change.id.as_deref().unwrap_or("the object");
        let moved = |detail: String| stale("an object that it touches changed", detail).about(&change.address);
        match live.get(&change.address) {
            None => {}
            Some(Live::Gone) if change.reason == Some(Reason::Vanished) => {}
            Some(Live::Gone) => problems.push(moved(format!("{id} is gone."))),
            Some(Live::There(_)) if change.reason == Some(Reason::Vanished) => {
                problems.push(moved("It was gone when the plan was made, and is there now.".into()));
            }
            Some(Live::There(now)) => {
                let facts = providers.get(&change.provider).unwrap_or(&none);
                let names = attributes_moved(change, now, scopes, schemas, facts);
                if !names.is_empty() {
                    problems.push(moved(format!(
                        "Since the plan was made, these attributes of {id} changed: {}.",
                        names.join(", ")
                    )));
                }
            }
        }
    }
    problems
}

/// The attributes in which the object is another than when it was planned, among those that the layout decides
/// or the plan changes. AWS may show an object that was only begun otherwise at any time.
fn attributes_moved(
    change: &Change,
    now: &Attrs,
    scopes: &Evaluator<'_>,
    schemas: &dyn Schemas,
    facts: &ProviderFacts,
) -> Vec<String> {
    let schema = schemas.resource(&change.address.resource.type_name);
    let (Some(schema), Some(before)) = (schema, &change.before) else { return Vec::new() };
    if change.reason == Some(Reason::Unfinished) {
        return Vec::new();
    }
    let given = resolve::place(scopes, change).filter(|_| change.after.is_some()).and_then(|(block, local)| {
        let (config, _) = arguments(scopes, &change.address.resource.module, &block, &local, schema)?;
        Some(with_provider(config, schema, facts))
    });
    let now = match &given {
        Some(config) => readable(now, schema, config, facts, Some(before)),
        None => now.clone(),
    };
    let changes = |name: &&str| change.attributes.iter().any(|a| a.name == *name);
    let planned: Vec<&str> = schema.attributes.iter().map(|row| row.name).filter(changes).collect();
    drifted(schema, given.as_ref(), &planned, before, &now)
}

/// Whether the targets that were in service when the plan was made still are.
pub fn same_service(plan: &Plan, sick_now: &HashMap<String, Vec<String>>) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for (group, now) in sick_now {
        let before = plan.sick.get(group);
        let new: Vec<&str> =
            now.iter().filter(|id| before.is_none_or(|ids| !ids.contains(id))).map(String::as_str).collect();
        if !new.is_empty() {
            let detail = format!("Since the plan was made, {} went out of service in {group}.", new.join(", "));
            problems.push(stale("a target that it counts on is not healthy", detail));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Site;
    use crate::plan::fixtures::plan;

    fn said(problems: &Diagnostics) -> String {
        problems.iter().map(|d| format!("{}: {}\n", d.summary, d.detail)).collect()
    }

    #[test]
    fn another_account_or_region_is_named() {
        let mut plan = plan(Vec::new());
        let site = |account: &str| Site { account: account.into(), region: "eu-west-1".into() };
        plan.meta.basis.places = [("aws".to_owned(), site("1")), ("aws.gone".to_owned(), site("1"))].into();
        let with = |account: &str, region: &str| {
            let facts = ProviderFacts { account: account.into(), region: region.into(), ..ProviderFacts::default() };
            said(&same_places(&plan, &HashMap::from([("aws".to_owned(), facts)])))
        };
        assert_eq!(with("1", "eu-west-1"), "");
        assert_eq!(with("", "eu-west-1"), "", "an account that was not asked may be any");
        insta::assert_snapshot!(with("2", "eu-west-2"), @r#"
        The plan is stale: the account is another one: Provider "aws" led to account 1 when the plan was made, and leads to 2 now.
        The plan is stale: the region is another one: Provider "aws" led to region eu-west-1 when the plan was made, and leads to eu-west-2 now.
        "#);
    }

    #[test]
    fn what_moved_is_named_in_one_go() {
        let mut plan = plan(Vec::new());
        plan.meta.dir = "layouts/net".into();
        plan.meta.basis.files = [("main.tf".to_owned(), "1".to_owned())].into();
        let files = [("../../modules/m/main.tf".to_owned(), "1".to_owned())].into();
        let mut state = State::new("quickstart", "l1");
        state.serial = 9;
        let now = Present {
            files: &files,
            seen: BTreeMap::new(),
            variables: vec!["TF_VAR_a gives \"a\" another value than the plan has.".into()],
            state: &state,
            written: Some("`apply` wrote that at noon.".into()),
            commit: None,
        };
        insta::assert_snapshot!(said(&fits(&plan, &now)), @r#"
        The plan is stale: the layout changed: New: modules/m/main.tf. Gone: layouts/net/main.tf.
        The plan is stale: a variable has another value: TF_VAR_a gives "a" another value than the plan has.
        The plan is stale: the state changed: It was made from serial 7, the state is at 9. `apply` wrote that at noon.
        "#);
    }
}
