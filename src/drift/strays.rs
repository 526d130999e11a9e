//! Rules and routes that were added by hand to an object of the layout whose rules or routes are objects of their own: no
//! attribute of a block differs then. Found by the words in which types say what they hold ([`crate::schema::rows::Holds`]).

use super::Finding;
use super::finding::{Class, Difference, Effect, Severity};
use super::look::{Beside, Looked, finding};
use crate::plan::repeats::held;
use crate::plan::{Action, Change};
use crate::schema::{Attrs, Mode, Role, Schema};
use crate::value::Value;

/// The findings about parts that no layout has.
pub(super) fn strays(looked: Looked<'_>, beside: Beside<'_>) -> Vec<Finding> {
    let side = |change: &'_ Change| change.before.clone().or_else(|| change.stored.clone());
    let sides: Vec<(&str, Attrs)> =
        looked.plan.changes.iter().filter_map(|c| Some((&*c.address.resource.type_name, side(c)?))).collect();
    let own = held(sides.iter().map(|(name, attrs)| (*name, attrs)), looked.schemas);
    let is_known = |key: &str| own.contains(key) || beside.held.contains(key);
    let stays = |change: &&Change| !matches!(change.action, Action::Delete | Action::Forget | Action::Create);
    let mut found = Vec::new();
    for change in looked.plan.changes.iter().filter(stays).filter(|change| change.deposed.is_none()) {
        let Some((schema, before)) =
            looked.schemas.resource(&change.address.resource.type_name).zip(change.before.as_ref())
        else {
            continue;
        };
        let differences = parts(looked, schema, change, before, &is_known);
        let whole = finding(looked, change, (Class::Unmanaged, Severity::Opens, ""), Effect::Nothing);
        found.extend(whole.with(differences));
    }
    found
}

/// The parts of one object that nobody has.
fn parts(
    looked: Looked<'_>,
    schema: &Schema,
    change: &Change,
    before: &Attrs,
    is_known: &dyn Fn(&str) -> bool,
) -> Vec<Difference> {
    let why = match schema.role {
        Some(Role::Filter(_)) => "may let more in",
        Some(Role::RouteTable(_)) => "is a way that no layout has",
        _ => return Vec::new(),
    };
    let (Some(holds), Some(id)) = (schema.holds.filter(|holds| holds.inline), before.get("id")) else {
        return Vec::new();
    };
    let given = (looked.block)(change).map(|block| block.gives).unwrap_or_default();
    let changes = |name: &str| change.attributes.iter().any(|a| a.name == name);
    let left = schema.attributes.iter().filter(|row| row.block.is_some() && row.mode == Mode::OptionalComputed);
    let mut found = Vec::new();
    for row in left.filter(|row| !changes(row.name) && !given.iter().any(|name| name == row.name)) {
        let Some(value) = before.get(row.name) else { continue };
        let alone: Attrs = [("id", id.clone()), (row.name, value.clone())].into_iter().collect();
        for key in (holds.keys)(&alone).into_iter().filter(|key| !is_known(key)) {
            let end = format!(" of {}", id.as_str().unwrap_or_default());
            found.push(Difference {
                attribute: row.name.to_owned(),
                path: row.name.to_owned(),
                state: None,
                live: Some(Value::string(key.strip_suffix(&end).unwrap_or(&key))),
                wanted: None,
                effect: Effect::Nothing,
                severity: Severity::Opens,
                why: why.to_owned(),
            });
        }
    }
    found
}
