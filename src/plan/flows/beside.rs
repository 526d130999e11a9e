//! Rules that would change in place. Two rules of a group can exist at once, so that where a flow hangs on both the rule
//! as it is and the rule as it will be, a new one is made beside the old one, which goes once nothing needs it.

use crate::network::ObjectKind;
use crate::plan::change::{Action, Change, Reason};
use crate::plan::rolling::conflict;
use crate::schema::{Attrs, Schema};
use crate::value::address::Address;
use crate::value::{Origin, Value};
use std::collections::BTreeSet;

/// Whether a change could be made by another rule beside the one that is there.
pub fn can<'s>(change: &Change, schema: &dyn Fn(&Address) -> Option<&'s Schema>) -> bool {
    let rule = ObjectKind::of(&change.address.resource.type_name).is_some_and(ObjectKind::is_group_rule)
        && change.deposed.is_none();
    let Some(schema) = schema(&change.address).filter(|_| rule && change.action == Action::Update) else {
        return false;
    };
    // What AWS has only once stays where it is.
    let keys = |attrs: &Option<Attrs>| -> BTreeSet<String> {
        let keys = schema.holds.map(|holds| holds.keys).zip(attrs.as_ref());
        keys.map(|(keys, attrs)| keys(attrs)).unwrap_or_default().into_iter().collect()
    };
    conflict::of(schema, change).is_none() && keys(&change.before).is_disjoint(&keys(&change.after))
}

/// Makes a change by another object, which comes first.
pub fn made_anew(change: &mut Change) {
    const CHOSEN: [&str; 3] = ["id", "arn", "security_group_rule_id"];
    change.action = Action::CreateThenDelete;
    change.reason = Some(Reason::Beside);
    let Some(after) = &mut change.after else { return };
    for name in CHOSEN {
        if let Some(value) = after.get(name) {
            let address = change.address.to_string();
            let origin = || Origin { address: address.as_str().into(), attribute: name.into() };
            let later = Value::unknown(value.ty()).from_origin(origin);
            *after = after.clone().with(name, later);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::{attrs, change};

    fn rule(port: i64, note: &str) -> Attrs {
        attrs([
            ("id", "sgr-1".into()),
            ("security_group_id", "sg-1".into()),
            ("ip_protocol", "tcp".into()),
            ("from_port", port.into()),
            ("to_port", port.into()),
            ("cidr_ipv4", "10.0.0.0/8".into()),
            ("description", note.into()),
        ])
    }

    #[test]
    fn a_rule_of_another_port_can_be_made_beside() {
        let schema = |address: &Address| crate::resources::resource(&address.resource.type_name);
        let of =
            |after| change("aws_vpc_security_group_ingress_rule.a", Action::Update, Some(rule(80, "")), Some(after));
        assert!(can(&of(rule(81, "")), &schema));
        assert!(!can(&of(rule(80, "web")), &schema));
        let mut anew = of(rule(81, ""));
        made_anew(&mut anew);
        assert_eq!(anew.action, Action::CreateThenDelete);
        let after = anew.after.unwrap();
        let id = after.get("id").unwrap();
        assert!(id.is_unknown());
        assert_eq!(
            id.origin().map(|from| from.address.to_string()),
            Some("aws_vpc_security_group_ingress_rule.a".into())
        );
        assert_eq!(after.int("from_port"), Some(81));
    }
}
