//! aws_route53_record: what a name in a zone leads to. A change of its type or of how it is chosen is one call
//! too, so that the name is never without an answer; AWS gives no id.

use super::calls::ordered;
use super::key::{Key, TYPES};
use super::names::{bare, same, same_zone};
use super::routing::{self, POLICIES, Policies};
use super::zone;
use crate::aws::api::services::ROUTE53;
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Many, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::until;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The resource type `aws_route53_record`.
pub struct AwsRoute53Record;

/// A record with the zone in which it is.
pub struct Live {
    /// The id of the zone.
    pub zone: String,
    /// The record.
    pub set: Json,
}

held!(Live: set as Json);

impl Live {
    /// The name, as Route 53 writes it.
    pub fn name(&self) -> &str {
        zone::name(&self.set)
    }

    /// The type.
    pub fn kind(&self) -> &str {
        kind(&self.set)
    }
}

fn kind(set: &Json) -> &str {
    set["Type"].as_str().unwrap_or_default()
}

document! {
    Alias {
        evaluate_target_health = "EvaluateTargetHealth": Flag [.required()];
        name = "DNSName": Text, create [.required().normal(Normal::With(same)).read(|a| target(a.held()))];
        zone_id = "HostedZoneId": Text [.required()];
    }
}

document! {
    Rows {
        alias = "AliasTarget": Many<Alias> [.count(0, Some(1)).normal(Normal::With(same_alias))];
        allow_overwrite = "": Flag, none [.initial(false)];
        fqdn = "": Text, none [.computed().read(|r| bare(zone::name(r.held())).into())];
        health_check_id = "HealthCheckId": Text;
        multivalue_answer_routing_policy = "MultiValueAnswer": Flag, read;
        name = "": Text, none [.required().force_new().normal(Normal::With(same))];
        records = "": Texts, none [.read(|r| values(r.held()))];
        set_identifier = "SetIdentifier": Text;
        ttl = "TTL": Int [.empty_is_null().check(ttl)];
        r#type = "Type": Text, read [.required().check(|v| checks::one_of(v, &TYPES))];
    }
}

fn target(alias: &Json) -> Value {
    member_text(alias, "DNSName").map(|name| bare(&name)).into()
}

/// Everything that is sent with each change.
const SENT: [&str; 8] = [
    "alias",
    "allow_overwrite",
    "health_check_id",
    "multivalue_answer_routing_policy",
    "records",
    "set_identifier",
    "ttl",
    "type",
];

/// Two lists of aliases; a name is the same with and without a dot, or the prefix for both address families.
fn same_alias(a: &Value, b: &Value) -> bool {
    let all = |value: &Value| -> Vec<_> {
        let blocks = value.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value);
        blocks.map(|b| (b.str("name").map(bare), b.string("zone_id"), b.bool("evaluate_target_health"))).collect()
    };
    all(a) == all(b)
}

/// Texts are quoted in DNS and not in layouts.
fn quoted(kind: &str) -> bool {
    matches!(kind, "TXT" | "SPF")
}

fn values(set: &Json) -> Value {
    let quoted = quoted(kind(set));
    let plain = |record: &Json| {
        let text = record["Value"].as_str().unwrap_or_default();
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).filter(|_| quoted);
        inner.unwrap_or(text).to_owned()
    };
    Value::string_set(items(set, "ResourceRecords.ResourceRecord").iter().map(plain))
}

fn ttl(value: &Value) -> Result<(), String> {
    checks::number(value, |seconds| (0..=2_147_483_647).contains(&seconds), "is not a valid time to live")
}

fn check(want: &Attrs) -> Faults {
    let unknown = |name: &str| want.is_unknown(name);
    let (alias, records) = (!want.blocks("alias").is_empty(), !want.elements("records").is_empty());
    let chosen: Vec<_> = POLICIES.into_iter().filter(|name| unknown(name) || !want.blocks(name).is_empty()).collect();
    let many = want.bool("multivalue_answer_routing_policy") == Some(true);
    faults! {
        alias && records => "alias", "a record has either records or an alias";
        alias && !records && want.is_set("ttl") => "ttl", "an alias has the time to live of its target";
        !alias && !records && !unknown("alias") && !unknown("records") => "records", "a record needs records or an alias";
        !alias && records && !want.is_given("ttl") => "ttl", "records need a ttl";
        chosen.len() > 1 => chosen[1],
            format!("a record has one routing policy; this one has {}", chosen.join(" and "));
        (!chosen.is_empty() || many) && !want.is_given("set_identifier") => "set_identifier",
            "a record with a routing policy needs a set_identifier";
    }
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let key = Key::parse(text)?;
    let identifier = key.identifier.map(|text| ("set_identifier", text.into()));
    let rest = [("zone_id", key.zone.into()), ("name", key.name.into()), ("type", key.kind.into())];
    Some(rest.into_iter().chain(identifier).collect())
}

/// Terraform's ids have the name as the layout spells it.
fn id_from(attrs: &Attrs) -> Option<String> {
    let key = Key::parse(attrs.str("id")?)?;
    let name = attrs.str("fqdn").filter(|name| !name.is_empty()).map_or_else(|| key.name.clone(), bare);
    Some(Key { name, ..key }.id())
}

/// What AWS takes for a wanted record.
fn set(want: &Attrs, key: &Key) -> Json {
    let record = |value: String| json!({"Value": if quoted(&key.kind) { format!("\"{value}\"") } else { value }});
    let records: Vec<Json> = want.strings("records").into_iter().map(record).collect();
    let own = json!({
        "Name": key.name,
        "Type": key.kind,
        "MultiValueAnswer": want.bool("multivalue_answer_routing_policy").filter(|on| *on),
        "ResourceRecords": some(records).map(|all| json!({"ResourceRecord": all})),
    });
    let mut set = joined(joined(own, Rows::create(want)), routing::write(want));
    if member(&set, "AliasTarget").is_some() {
        // An alias has the time to live of its target.
        set["TTL"] = Json::Null;
    }
    ordered(set)
}

/// Makes changes in a zone, all or none of them, and waits until its servers answer by them.
pub async fn change(aws: &Aws, zone: &str, changes: impl IntoIterator<Item = (&str, Json)>) -> Result<()> {
    let one = |(action, set)| json!({"Action": action, "ResourceRecordSet": set});
    let batch = json!({"ChangeBatch": {"Changes": {"Change": changes.into_iter().map(one).collect::<Vec<_>>()}}});
    let call = "ChangeResourceRecordSets POST /2013-04-01/hostedzone/{Id}/rrset";
    let input = json!({"Id": zone, "ChangeResourceRecordSetsRequest": batch});
    let answer = aws.write.api.call(&ROUTE53, call, input).await?;
    let known = |info: Option<&Json>| info.is_none_or(|info| info["Status"] == "INSYNC");
    let info = member(&answer, "ChangeResourceRecordSetsResponse.ChangeInfo");
    if known(info) {
        return Ok(());
    }
    let id = info.and_then(|info| member_text(info, "Id")).unwrap_or_default();
    let id = json!({"Id": id.strip_prefix("/change/").unwrap_or(&id)});
    until("the name servers to know the record", || async {
        let answer = aws.read.api.call(&ROUTE53, "GetChange GET /2013-04-01/change/{Id}", id.clone()).await?;
        Ok(known(member(&answer, "GetChangeResponse.ChangeInfo")))
    })
    .await
}

/// Those of the records that are there: one by one where a zone has few of them, else by listing the zone.
async fn present(aws: &Aws, keys: Vec<Key>) -> Result<Vec<Live>> {
    let mut zones: BTreeMap<String, Vec<Key>> = BTreeMap::new();
    for key in keys {
        zones.entry(key.zone.clone()).or_default().push(key);
    }
    let call = |(zone, keys): (String, Vec<Key>)| async move {
        let sets = match &keys[..] {
            [key] => {
                let Key { name, kind, identifier, .. } = key;
                let from = json!({"Id": zone, "name": name, "type": kind, "identifier": identifier, "maxitems": 1});
                zone::records_of(&aws.read.api.call(&ROUTE53, zone::RECORDS, from).await?)
            }
            _ => zone::records(aws, &zone).await?,
        };
        let live = sets.into_iter().map(|set| Live { zone: zone.clone(), set });
        Ok::<_, Error>(live.filter(|live| keys.contains(&Key::of(live))).collect::<Vec<_>>())
    };
    Ok(each(zones, call).await?.into_iter().flatten().collect())
}

impl Resource for AwsRoute53Record {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let zone = A::string("zone_id").required().force_new().normal(Normal::With(same_zone));
        let rows = Rows::rows().into_iter().chain([zone.read(|l: &Live| l.zone.as_str().into())]);
        Spec::new("aws_route53_record", |l| Some(Key::of(l).id()), rows.chain(Policies::rows()).collect())
            .role(Role::Name(Unjudged::All("names")))
            .global()
            .unique(&[&["zone_id", "name", "type", "set_identifier"]])
            .recover(Recover::Key)
            .import("ZONEID_NAME_TYPE or ZONEID_NAME_TYPE_SETIDENTIFIER", import)
            .id_from(id_from)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        match which {
            Which::Ids(ids) => present(aws, ids.iter().filter_map(|id| Key::parse(id)).collect()).await,
            Which::NaturalKey(want) => match Key::wanted(aws, want).await {
                Ok(key) => present(aws, vec![key]).await,
                Err(e) if e.is_not_found() => Ok(Vec::new()),
                Err(e) => Err(e),
            },
            Which::Token(_) => Ok(Vec::new()),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let key = Key::wanted(aws, want).await?;
        let over = want.bool("allow_overwrite") == Some(true);
        let action = if over { "UPSERT" } else { "CREATE" };
        change(aws, &key.zone, [(action, set(want, &key))]).await?;
        Ok(key.id())
    }

    async fn update(aws: &Aws, id: &str, wanted: &mut Change<'_>) -> Result<()> {
        let changed = wanted.take_any(&SENT) | wanted.take_any(&POLICIES);
        let (Some(old), true) = (Key::parse(id), changed) else { return Ok(()) };
        let name = old.name.clone();
        let identifier = wanted.after.string("set_identifier").filter(|text| !text.is_empty());
        let kind = wanted.after.string("type").unwrap_or_default();
        let new = Key { zone: old.zone.clone(), name, kind, identifier };
        let put = set(wanted.after, &new);
        let chosen = |attrs: &Attrs| POLICIES.map(|name| !attrs.blocks(name).is_empty());
        if new == old && chosen(wanted.before) == chosen(wanted.after) {
            return change(aws, &new.zone, [("UPSERT", put)]).await;
        }
        let gone = present(aws, vec![old]).await?.into_iter().map(|live| ("DELETE", live.set));
        change(aws, &new.zone, gone.chain([("CREATE", put)])).await?;
        wanted.new_id = Some(new.id());
        Ok(())
    }

    /// AWS asks for the whole of what is deleted.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some(key) = Key::parse(id) else { return Ok(()) };
        for live in present(aws, vec![key]).await? {
            match change(aws, &live.zone, [("DELETE", live.set)]).await {
                Err(e) if is_gone(&e) => {}
                done => done?,
            }
        }
        Ok(())
    }
}

/// Whether AWS says that the record to delete is gone. Two records of a layout can be one in AWS, such as the proof
/// of a name and of its wildcard: whoever deletes last finds nothing.
fn is_gone(error: &Error) -> bool {
    error.code == "InvalidChangeBatch" && error.message.contains("but it was not found")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_another_deleted_is_gone() {
        let refused = |message: &str| Error::new(Kind::Refused, message);
        let said = |message: &str| Error { code: "InvalidChangeBatch".into(), ..refused(message) };
        let set = "[Tried to delete resource record set [name='_d9.example.com.', type='CNAME'] but ";
        assert!(is_gone(&said(&format!("{set}it was not found]"))));
        assert!(!is_gone(&said(&format!("{set}the values provided do not match the current values]"))));
        assert!(!is_gone(&refused("but it was not found")));
    }

    #[test]
    fn what_a_record_needs_is_said_before_any_call() {
        let said = |want: Attrs| check(&want).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        let records = || Attrs::default().with("records", Value::string_set(["10.0.0.1"]));
        assert_eq!(said(Attrs::default()), ["a record needs records or an alias"]);
        assert_eq!(said(records()), ["records need a ttl"]);
        assert_eq!(said(records().with("ttl", 60)), [""; 0]);
        assert_eq!(
            said(records().with("ttl", 60).with("multivalue_answer_routing_policy", true)),
            ["a record with a routing policy needs a set_identifier"]
        );
    }
}
